"""min_max: the place between the worst and the best value, from a base share up to one."""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.populations import KEYS, key_of, named
from wuhao.engine.verbs.scores.common import measured, scored, value_of
from wuhao.engine.words_more import IDEALS


def extremes(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add `<item>__lowest` and `<item>__highest`, of those with a value of their own."""
    for key in KEYS.values():
        columns: list[tuple[str, ir.Aggregate]] = []
        for item in scheme.indicators.values():
            if _has_extremes(item) and key_of(item.score) == key:
                value = ir.Case(((measured(item.code), ir.Col(f"{item.code}__value")),), ir.Null())
                columns.append((f"{item.code}__lowest", ir.Aggregate("min", value)))
                columns.append((f"{item.code}__highest", ir.Aggregate("max", value)))
        if columns:
            grouped = ir.Grouped(table, key, tuple(columns))
            kept = ir.Keep(grouped, named("extremes", key), small=True)
            table = ir.Matched(table, kept, key, tuple(name for name, _ in columns))
    return table


def _has_extremes(item: Indicator) -> bool:
    return item.score.name == "min_max" or item.score.params.get("ideal") in IDEALS


def min_max(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """base + (1 - base) x (value - worst) / (best - worst); where all are equal, all get one."""
    one = 10 ** scheme.digits["ratio"]
    base = quantise(Fraction(item.score.params["base"]), scheme.digits["ratio"])
    value, low, high = (
        value_of(item), ir.Col(f"{item.code}__lowest"), ir.Col(f"{item.code}__highest")
    )  # fmt: skip
    more = item.score.params["better"] == "more"
    gap = ir.Arith("-", value, low) if more else ir.Arith("-", high, value)
    span = ir.Arith("-", high, low)
    points = ir.add(ir.times(span, base), ir.times(gap, one - base))
    above = ir.Limit("at_least", points, ir.Int(0))  # it always is: this tells the bounds
    ratio = ir.Limit("at_most", ir.Div(above, span), ir.Int(one))
    differ = ir.Both((ir.known(high.name), ir.Cmp(">", high, low)))
    return scored(item, table, ir.Case(((differ, ratio),), ir.Int(one)))
