"""score: what each item's value is worth, and what stands in where there is no value.

Reads what `measure` and `benchmark` added. Adds `<item>__score` (quanta of digits.score; points
where the group sums weighted items, else 0…1) and `<item>__note` (an index into NOTES). The table
is stored: the facts are left behind, and the trace is taken from here.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import LACKS, Indicator, Part, Scheme
from wuhao.engine.verbs.decimals import log_position
from wuhao.engine.verbs.points import needed
from wuhao.engine.verbs.scores.common import (
    NOTES,
    STAND_INS,
    has_value,
    lack_note,
    measured,
    note,
    value_of,
)
from wuhao.engine.verbs.scores.distance import distance
from wuhao.engine.verbs.scores.level_growth import level_growth
from wuhao.engine.verbs.scores.min_max import extremes, min_max
from wuhao.engine.verbs.scores.reverse import reverse
from wuhao.engine.verbs.scores.stand_ins import nobody, stand_ins
from wuhao.engine.verbs.scores.steps import interval, rank_steps, ranks
from wuhao.engine.verbs.scores.trimmed_mean import trimmed_mean

EXTRA = {
    "min_max": ("lowest", "highest"),
    "rank_steps": ("rank",),
    "distance": ("ideal",),
    "level_growth": ("previous", "level", "growth"),
}
"""Columns of the trace that only some scores have."""


def score(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add score and note of every item; what needs the group's average is left to `fill`."""
    items = scheme.indicators.values()
    table = ranks(scheme, extremes(scheme, stand_ins(scheme, table)))
    for item in items:
        table = BUILDERS[item.score.name](scheme, item, table)
        if item.lacks(*STAND_INS):
            lost = ir.Case(((nobody(item), note("no_average")),), ir.Col(f"{item.code}__note"))
            table = ir.Extend(table, ((f"{item.code}__note", lost),))
    weighted = ir.Extend(table, tuple((f"{i.code}__score", _weighted(scheme, i)) for i in items))
    filled = ir.Extend(weighted, tuple((f"{i.code}__score", _zeros(i)) for i in items))
    return ir.Keep(ir.Pick(filled, _carried(scheme)), "scored")


def _carried(scheme: Scheme) -> tuple[str, ...]:
    """Columns that later verbs need; facts are left behind."""
    names = ["subject_no", "group_no", "excluded_no", "part", "rules", "in_base"]
    names += [f"tie__{key.name}" for key in scheme.ties if key.kind == "quantity"]
    for item in scheme.indicators.values():
        columns = ["lack", "value", "score", "note", *EXTRA.get(item.score.name, ())]
        if item.benchmark.name != "none":
            columns.append("benchmark")
        names += [f"{item.code}__{column}" for column in columns]
    names += needed(scheme)
    return tuple(names)


def _ratio(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """value / benchmark, clamped before it is multiplied, between floor and cap."""
    code, digits = item.code, scheme.digits
    shift = Fraction(10 ** (digits["benchmark"] + digits["ratio"]), 10 ** digits["value"])
    cap = quantise(Fraction(item.score.params["cap"]), digits["ratio"])
    floor = quantise(Fraction(item.score.params["floor"]), digits["ratio"])
    value, bench = value_of(item), ir.Col(f"{code}__benchmark")
    under = ir.times(bench, shift.denominator)
    # Beyond this value the ratio is certainly above the cap, however large the value.
    most = ir.add(ir.Div(ir.times(under, cap + 1), ir.Int(shift.numerator)), ir.Int(1))
    clamped = ir.Limit("at_most", ir.Limit("at_least", value, ir.Int(0)), most)
    raw = ir.Div(ir.times(clamped, shift.numerator), under)
    stands = ir.Both((has_value(item), ir.known(f"{code}__benchmark")))
    found = ir.Extend(table, ((f"{code}__raw", ir.Case(((stands, raw),), ir.Null())),))
    column = ir.Col(f"{code}__raw")
    limited = ir.Limit("at_least", ir.Limit("at_most", column, ir.Int(cap)), ir.Int(floor))
    notes = (
        lack_note(code),
        (ir.IsNull(column), note("no_benchmark")),
        (ir.Cmp("<", value, ir.Int(0)), note("negative")),
        (ir.Cmp(">", column, ir.Int(cap)), note("capped")),
        (ir.Cmp("<", column, ir.Int(floor)), note("floored")),
    )
    return ir.Extend(
        found,
        (
            (f"{code}__ratio", ir.Case(((stands, limited),), ir.Null())),
            (f"{code}__note", ir.Case(notes, note(""))),
        ),
    )


def _goalposts(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """Place between a low and a high goalpost, 0…1; with `ln` computed outside SQL (class F)."""
    code, digits, params = item.code, scheme.digits, item.score.params
    low, high = (quantise(Fraction(params[p]), digits["value"]) for p in ("low", "high"))
    value, one = value_of(item), 10 ** digits["ratio"]
    inside = ir.Limit("at_least", ir.Limit("at_most", value, ir.Int(high)), ir.Int(low))
    notes = (
        lack_note(code),
        (ir.Cmp(">", value, ir.Int(high)), note("capped")),
        (ir.Cmp("<", value, ir.Int(low)), note("floored")),
    )
    noted = ir.Extend(table, ((f"{code}__note", ir.Case(notes, note(""))),))
    if params["transform"] == "ln":
        return ir.Host(
            noted, "subject_no", (value.name,), (f"{code}__ratio",),
            lambda row: [log_position(row[value.name], low, high, digits["ratio"])],
            f"host_{code}",
        )  # fmt: skip
    above = ir.times(ir.Arith("-", inside, ir.Int(low)), one)
    ratio = ir.Case(((has_value(item), ir.Div(above, ir.Int(high - low))),), ir.Null())
    return ir.Extend(noted, ((f"{code}__ratio", ratio),))


BUILDERS: dict[str, Callable[[Scheme, Indicator, ir.Table], ir.Table]] = {
    "ratio": _ratio,
    "goalposts": _goalposts,
    "min_max": min_max,
    "reverse": reverse,
    "interval": interval,
    "rank_steps": rank_steps,
    "completion": _ratio,
    "distance": distance,
    "level_growth": level_growth,
    "trimmed_mean": trimmed_mean,
}


def leaf_weight(root: Part, code: str) -> Fraction:
    """Return the points of an item of a group at ratio 1: its weight in a weighted sum, or one."""
    places = ((level.kind, part) for level in root.branches() for part in level.parts)
    kind, part = next(place for place in places if place[1].code == code)
    return part.weight if kind == "weighted_sum" else Fraction(1)


def leaf_weights(scheme: Scheme, code: str) -> list[tuple[int, Fraction]]:
    """Return (group number, points at ratio 1) of every group that uses the item."""
    return [
        (at, leaf_weight(group.root, code))
        for at, group in enumerate(scheme.groups, start=1)
        if group.uses(code)
    ]


def _weighted(scheme: Scheme, item: Indicator) -> ir.Expr:
    """ratio x weight, once for each weight that groups give the item."""
    digits = scheme.digits
    shift = Fraction(10 ** digits["score"], 10 ** digits["ratio"])
    ratio = ir.Col(f"{item.code}__ratio")
    branches, groups = [], leaf_weights(scheme, item.code)
    for weight in dict.fromkeys(weight for _, weight in groups):
        factor = weight * shift
        points: ir.Expr = ir.times(ratio, factor.numerator)
        if factor.denominator != 1:
            points = ir.Div(points, ir.Int(factor.denominator))
        parts = tuple(
            ir.Cmp("==", ir.Col("part"), ir.Int(at)) for at, own in groups if own == weight
        )
        here = ir.Both((ir.known("part", f"{item.code}__ratio"), ir.Either(parts)))
        branches.append((here, points))
    return ir.Case(tuple(branches), ir.Null())


def averaged(scheme: Scheme) -> list[Indicator]:
    """Return the items for which the group's average score may stand in."""
    return [i for i in scheme.indicators.values() if "group_average" in i.absent.values()]


def fill(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Give absent items the average score of their group, where the scheme says so."""
    items = averaged(scheme)
    if not items:
        return table
    sums = [(f"{i.code}__scores", ir.Aggregate("sum", _earned(i))) for i in items]
    counts = [(f"{i.code}__n", ir.Aggregate("count", _earned(i))) for i in items]
    means = tuple((f"{i.code}__average", _mean(i.code)) for i in items)
    added = ir.Keep(ir.Grouped(table, "part", (*sums, *counts)), "scores", small=True)
    names = tuple(name for name, _ in means)
    rows = ir.Pick(ir.Extend(added, means), ("part", *names))
    joined = ir.Matched(table, ir.Keep(rows, "averages", small=True), "part", names)
    noted = ir.Extend(joined, tuple(_noted(item) for item in items))
    return ir.Extend(noted, tuple((f"{i.code}__score", _filled(i)) for i in items))


def _earned(item: Indicator) -> ir.Expr:
    """The score of those who have a value and a benchmark; nothing that stood in for one."""
    none = NOTES.index("no_benchmark")
    noted = ir.Col(f"{item.code}__note")
    earned = ir.Both((measured(item.code), ir.Cmp("!=", noted, ir.Int(none))))
    return ir.Case(((earned, ir.Col(f"{item.code}__score")),), ir.Null())


def _mean(code: str) -> ir.Expr:
    some = ir.Cmp(">", ir.Col(f"{code}__n"), ir.Int(0))
    return ir.Case(((some, ir.Div(ir.Col(f"{code}__scores"), ir.Col(f"{code}__n"))),), ir.Null())


def _takes_average(item: Indicator) -> ir.Expr:
    return ir.Either(
        tuple(
            ir.Cmp("==", ir.Col(f"{item.code}__lack"), ir.Int(at))
            for at, lack in enumerate(LACKS, start=1)
            if item.absent[lack] == "group_average"
        )
    )


def _noted(item: Indicator) -> tuple[str, ir.Expr]:
    lost = ir.Both((_takes_average(item), ir.IsNull(ir.Col(f"{item.code}__average"))))
    name = f"{item.code}__note"
    return name, ir.Case(((lost, note("no_average")),), ir.Col(name))


def _filled(item: Indicator) -> ir.Expr:
    average = ir.Col(f"{item.code}__average")
    stands_in = ir.Case(((ir.known(f"{item.code}__average"), average),), ir.Int(0))
    return ir.Case(((_takes_average(item), stands_in),), ir.Col(f"{item.code}__score"))


def _zeros(item: Indicator) -> ir.Expr:
    """Zero for lacks that count as zero; without a benchmark every member gets the same zero."""
    score, lack = ir.Col(f"{item.code}__score"), ir.Col(f"{item.code}__lack")
    zeros = [0, *item.lacks("zero", *STAND_INS)]
    zero = ir.Either(tuple(ir.Cmp("==", lack, ir.Int(at)) for at in zeros))
    return ir.Case(((ir.known(f"{item.code}__score"), score), (zero, ir.Int(0))), ir.Null())
