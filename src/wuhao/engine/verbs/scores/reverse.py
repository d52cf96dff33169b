"""reverse: 2 - value / benchmark, for what should be small."""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.scores.common import has_value, lack_note, note, value_of


def reverse(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """2 - value / benchmark in one division, then between floor and cap; below zero is zero."""
    code, digits = item.code, scheme.digits
    shift = Fraction(10 ** (digits["benchmark"] + digits["ratio"]), 10 ** digits["value"])
    one = 10 ** digits["ratio"]
    cap, floor = (
        quantise(Fraction(item.score.params[name]), digits["ratio"]) for name in ("cap", "floor")
    )
    value, bench = value_of(item), ir.Col(f"{code}__benchmark")
    under = ir.times(bench, shift.denominator)
    # Beyond three benchmarks the ratio is certainly below every floor, however large the value.
    most = ir.add(ir.Div(ir.times(under, 3 * one), ir.Int(shift.numerator)), ir.Int(1))
    clamped = ir.Limit("at_most", ir.Limit("at_least", value, ir.Int(0)), most)
    over = ir.Arith("-", ir.times(under, 2 * one), ir.times(clamped, shift.numerator))
    stands = ir.Both((has_value(item), ir.known(bench.name)))
    raw = ir.Col(f"{code}__raw")
    found = ir.Extend(table, ((raw.name, ir.Case(((stands, ir.Div(over, under)),), ir.Null())),))
    limited = ir.Limit("at_least", ir.Limit("at_most", raw, ir.Int(cap)), ir.Int(floor))
    notes = (
        lack_note(code),
        (ir.IsNull(raw), note("no_benchmark")),
        (ir.Cmp("<", value, ir.Int(0)), note("negative")),
        (ir.Cmp(">", raw, ir.Int(cap)), note("capped")),
        (ir.Cmp("<", raw, ir.Int(floor)), note("floored")),
    )
    return ir.Extend(
        found,
        (
            (f"{code}__ratio", ir.Case(((stands, limited),), ir.Null())),
            (f"{code}__note", ir.Case(notes, note(""))),
        ),
    )
