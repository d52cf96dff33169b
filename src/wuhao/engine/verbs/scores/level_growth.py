"""level_growth: one share for the level, the rest for the growth on the subject's last year.

The level is value / benchmark up to a cap; growth is (value - previous) / previous as a share of
`full_growth`, from nothing to one. Both are quantised and kept in the trace; their weighted sum is
divided once. Where last year's number is not positive there is no rate, and growth earns nothing.
"""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.benchmarks.target import read
from wuhao.engine.verbs.scores.common import has_value, lack_note, measured, note, value_of


def level_growth(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """level x share + growth x the rest."""
    code, one = item.code, 10 ** scheme.digits["ratio"]
    share = quantise(Fraction(item.score.params["level"]), scheme.digits["ratio"])
    cap = quantise(Fraction(item.score.params["cap"]), scheme.digits["ratio"])
    previous = read(scheme, item.reads["before"], "value", measured(code))
    found = ir.Extend(table, ((f"{code}__previous", previous),))
    raw = ir.Case(((_stands(item), _level(scheme, item, cap)),), ir.Null())
    found = ir.Extend(found, ((f"{code}__raw", raw), (f"{code}__growth", _growth(scheme, item))))
    limited = ir.Limit("at_most", ir.Col(f"{code}__raw"), ir.Int(cap))
    level = ir.Case(((ir.known(f"{code}__raw"), limited),), ir.Null())
    found = ir.Extend(found, ((f"{code}__level", level),))
    parts = ir.add(
        ir.times(ir.Col(f"{code}__level"), share), ir.times(ir.Col(f"{code}__growth"), one - share)
    )
    ratio = ir.Case(((ir.known(f"{code}__level"), ir.Div(parts, ir.Int(one))),), ir.Null())
    notes = (
        lack_note(code),
        (ir.IsNull(ir.Col(f"{code}__raw")), note("no_benchmark")),
        (ir.Negate(_grown_from(item)), note("no_growth")),
        (ir.Cmp("<", value_of(item), ir.Int(0)), note("negative")),
        (ir.Cmp(">", ir.Col(f"{code}__raw"), ir.Int(cap)), note("capped")),
    )
    made = ((f"{code}__ratio", ratio), (f"{code}__note", ir.Case(notes, note(""))))
    return ir.Extend(found, made)


def _stands(item: Indicator) -> ir.Expr:
    return ir.Both((has_value(item), ir.known(f"{item.code}__benchmark")))


def _grown_from(item: Indicator) -> ir.Expr:
    """Last year's number is positive."""
    name = f"{item.code}__previous"
    return ir.Both((ir.known(name), ir.Cmp(">", ir.Col(name), ir.Int(0))))


def _level(scheme: Scheme, item: Indicator, cap: int) -> ir.Expr:
    """value / benchmark; the value is clamped where the result is certainly above the cap."""
    digits = scheme.digits
    shift = Fraction(10 ** (digits["benchmark"] + digits["ratio"]), 10 ** digits["value"])
    under = ir.times(ir.Col(f"{item.code}__benchmark"), shift.denominator)
    most = ir.add(ir.Div(ir.times(under, cap + 1), ir.Int(shift.numerator)), ir.Int(1))
    value = ir.Limit("at_most", ir.Limit("at_least", value_of(item), ir.Int(0)), most)
    return ir.Div(ir.times(value, shift.numerator), under)


def _growth(scheme: Scheme, item: Indicator) -> ir.Expr:
    """(value - previous) / (previous x full_growth), from zero to one."""
    one = 10 ** scheme.digits["ratio"]
    full = Fraction(item.score.params["full_growth"])
    previous = ir.Col(f"{item.code}__previous")
    gain_of_full = ir.times(previous, full.numerator)
    most = ir.add(previous, ir.add(ir.Div(gain_of_full, ir.Int(full.denominator)), ir.Int(1)))
    value = ir.Limit("at_most", ir.Limit("at_least", value_of(item), previous), most)
    gain = ir.times(ir.Arith("-", value, previous), one * full.denominator)
    rate = ir.Limit("at_most", ir.Div(gain, gain_of_full), ir.Int(one))
    grown = ir.Both((_stands(item), _grown_from(item)))
    return ir.Case(((grown, rate), (_stands(item), ir.Int(0))), ir.Null())
