"""Values that stand in for absent ones: the mean or the median of the group's values.

Adds `<item>__used`: the value, or what stands in for it. Benchmarks are of values of one's own
only. The median of an even number is the mean of the middle two; both are quantised like values.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.places import Among, counted, placed
from wuhao.engine.verbs.scores.common import STAND_INS, measured

KINDS = {"group_mean_value": "mean", "group_median_value": "median"}


def stand_ins(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the values that are scored, for items whose absent values something stands in for."""
    items = [i for i in scheme.indicators.values() if i.lacks(*STAND_INS)]
    if not items:
        return table
    medians = [
        Among(f"{i.code}__middle", ir.Col(f"{i.code}__value"), measured(i.code))
        for i in items
        if i.lacks("group_median_value")
    ]
    table = placed(counted(table, medians, "middles"), medians)
    kinds = [(i, rule) for i in items for rule in STAND_INS if i.lacks(rule)]
    sums = [column for item, rule in kinds for column in _sums(item, rule)]
    means = tuple((f"{i.code}__{KINDS[rule]}", _mean(i, rule)) for i, rule in kinds)
    kept = ir.Keep(ir.Grouped(table, "part", tuple(sums)), "stand_in_sums", small=True)
    names = tuple(name for name, _ in means)
    rows = ir.Pick(ir.Extend(kept, means), ("part", *names))
    table = ir.Matched(table, ir.Keep(rows, "stand_ins", small=True), "part", names)
    return ir.Extend(table, tuple((f"{i.code}__used", _used(i)) for i in items))


def _sums(item: Indicator, rule: str) -> list[tuple[str, ir.Aggregate]]:
    """Sum and number of the values whose mean is taken: all of them, or those in the middle."""
    here, name = measured(item.code), f"{item.code}__{KINDS[rule]}"
    if rule == "group_median_value":
        twice = ir.times(ir.Col(f"{item.code}__middle__place"), 2)
        of = ir.Col(f"{item.code}__middle__of")
        here = ir.Both((here, ir.Cmp(">=", twice, of), ir.Cmp("<=", twice, ir.add(of, ir.Int(2)))))
    value = ir.Case(((here, ir.Col(f"{item.code}__value")),), ir.Null())
    return [
        (f"{name}_sum", ir.Aggregate("sum", value)),
        (f"{name}_n", ir.Aggregate("count", value)),
    ]


def _mean(item: Indicator, rule: str) -> ir.Expr:
    name = f"{item.code}__{KINDS[rule]}"
    some = ir.Cmp(">", ir.Col(f"{name}_n"), ir.Int(0))
    return ir.Case(((some, ir.Div(ir.Col(f"{name}_sum"), ir.Col(f"{name}_n"))),), ir.Null())


def takes(item: Indicator, *rules: str) -> ir.Expr:
    """The item is absent, and it is treated by one of these rules."""
    lack = ir.Col(f"{item.code}__lack")
    return ir.Either(tuple(ir.Cmp("==", lack, ir.Int(at)) for at in item.lacks(*rules)))


def _used(item: Indicator) -> ir.Expr:
    branches = [(measured(item.code), ir.Col(f"{item.code}__value"))]
    for rule in STAND_INS:
        if item.lacks(rule):
            branches.append((takes(item, rule), ir.Col(f"{item.code}__{KINDS[rule]}")))
    return ir.Case(tuple(branches), ir.Null())


def nobody(item: Indicator) -> ir.Expr:
    """Something should stand in, but nobody in the group has a value."""
    return ir.Both((takes(item, *STAND_INS), ir.IsNull(ir.Col(f"{item.code}__used"))))
