"""Scores by steps: a table of intervals (`interval`), a place among the others (`rank_steps`)."""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.places import Among, ranked
from wuhao.engine.verbs.populations import key_of
from wuhao.engine.verbs.scores.common import has_value, note, scored, value_of


def interval(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """The share of the first line whose bound the value reaches; else `below`."""
    params, digits, value = item.score.params, scheme.digits, value_of(item)
    lines = tuple(
        (
            ir.Cmp(">=", value, ir.Int(quantise(Fraction(bound), digits["value"]))),
            ir.Int(quantise(Fraction(worth), digits["ratio"])),
        )
        for bound, worth in params["table"].items()
    )
    rest = ir.Int(quantise(Fraction(params["below"]), digits["ratio"]))
    return scored(item, table, ir.Case(lines, rest))


def ranks(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add `<item>__rank` of items scored by it; what stands in for a value takes a place too."""
    wanted = [
        Among(
            item.code,
            value_of(item),
            has_value(item),
            key_of(item.score),
            item.score.params["better"] == "more",
        )
        for item in scheme.indicators.values()
        if item.score.name == "rank_steps"
    ]
    return ranked(table, wanted)


def rank_steps(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """One for the first, a step less for every place behind, down to the floor."""
    digits, params = scheme.digits["ratio"], item.score.params
    step, floor = (quantise(Fraction(params[name]), digits) for name in ("step", "floor"))
    behind = ir.Arith("-", ir.Col(f"{item.code}__rank"), ir.Int(1))
    raw = ir.Arith("-", ir.Int(10**digits), ir.times(behind, step))
    ratio = ir.Limit("at_least", raw, ir.Int(floor))
    return scored(item, table, ratio, (ir.Cmp("<", raw, ir.Int(floor)), note("floored")))
