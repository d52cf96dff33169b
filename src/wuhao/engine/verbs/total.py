"""total: items to one number per subject, through the branches of the group.

Reads what `score` added. Adds `<branch>__score`, `ungraded_no` (0, else item x 10 + lack),
`total` and `standing` (what is ranked: the total, rounded first where the scheme says `rank_on`).
The table is stored, without the columns of the items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from wuhao.engine import ir
from wuhao.engine.model import LACKS, Part, Scheme, TieKey
from wuhao.engine.verbs.decimals import geometric_mean, harmonic_mean, power_mean
from wuhao.engine.verbs.points import column, summed
from wuhao.engine.verbs.reweigh import all_out, reweighed_mean, reweighed_sum, reweighs, stands
from wuhao.engine.verbs.score import averaged

Builder = Callable[[Scheme, Part, str, ir.Table], ir.Table]


def total(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add branch scores, the reason for having no total, total and standing."""
    table = ir.Extend(table, (("ungraded_no", _ungraded(scheme)),))
    for branch in scheme.branches():
        table = BUILDERS[branch.kind](scheme, branch, f"{branch.code}__score", table)
    scored = ir.Cmp("==", ir.Col("ungraded_no"), ir.Int(0))
    branches: list[tuple[ir.Expr, ir.Expr]] = []
    for root, numbers in _roots(scheme).items():
        name = f"total_{numbers[0]}"
        table = BUILDERS[root.kind](scheme, root, name, table)
        here = [ir.Cmp("==", ir.Col("part"), ir.Int(at)) for at in numbers]
        one = here[0] if len(here) == 1 else ir.Either(tuple(here))
        branches.append((ir.Both((one, scored)), ir.Col(name)))
    summed = _summed(scheme, table, ir.Case(tuple(branches), ir.Null()))
    placed = ir.Extend(summed, (("standing", _standing(scheme)),))
    return ir.Keep(ir.Pick(placed, _carried(scheme)), "totalled")


def _roots(scheme: Scheme) -> dict[Part, list[int]]:
    """Return the numbers of the groups by what they add up: groups by a value have it in common."""
    found: dict[Part, list[int]] = {}
    for at, group in enumerate(scheme.groups, start=1):
        found.setdefault(group.root, []).append(at)
    return found


def _summed(scheme: Scheme, table: ir.Table, base: ir.Expr) -> ir.Table:
    """Add the total; where a scheme has points, also what it was before them."""
    if not scheme.points:
        return ir.Extend(table, (("total", base),))
    return summed(scheme, ir.Extend(table, (("base_total", base),)))


def _carried(scheme: Scheme) -> tuple[str, ...]:
    """Columns that later verbs need, and those of the trace that `fill` and `total` made."""
    names = ["subject_no", "part", "rules", "in_base", "ungraded_no", "total", "standing"]
    names += [tie_column(key) for key in scheme.ties]
    for item in averaged(scheme):
        names += [f"{item.code}__score", f"{item.code}__note"]
    names += [f"{branch.code}__score" for branch in scheme.branches()]
    if scheme.points:
        hanging = [line for line in scheme.points if line.hangs_on_total()]
        names += ["base_total", *(column(limit) for limit in scheme.point_limits)]
        names += [column(line) for line in hanging]
    return tuple(names)


def tie_column(key: TieKey) -> str:
    """Return the column that holds a tie key."""
    return f"{key.name}__value" if key.kind == "indicator" else f"tie__{key.name}"


def _ungraded(scheme: Scheme) -> ir.Expr:
    branches: list[tuple[ir.Expr, ir.Expr]] = []
    for number, item in enumerate(scheme.indicators.values(), start=1):
        for at, lack in enumerate(LACKS, start=1):
            if item.absent[lack] == "not_graded":
                here = ir.Cmp("==", ir.Col(f"{item.code}__lack"), ir.Int(at))
                branches.append((here, ir.Int(number * 10 + at)))
    for at, group in enumerate(scheme.groups, start=1):
        branches += all_out(scheme, at, group.root)
    return ir.Case(tuple(branches), ir.Int(0))


def _standing(scheme: Scheme) -> ir.Expr:
    if scheme.rank_digits is None:
        return ir.Col("total")
    coarse = 10 ** (scheme.digits["score"] - scheme.rank_digits)
    rounded = ir.Div(ir.Col("total"), ir.Int(coarse))
    return ir.Case(((ir.known("total"), rounded),), ir.Null())


def _known(part: Part) -> ir.Expr:
    return ir.known(*(f"{inner.code}__score" for inner in part.parts))


def _weighted_sum(scheme: Scheme, part: Part, name: str, table: ir.Table) -> ir.Table:
    """Sum of points: items carry their weight already, branches are multiplied by theirs."""
    points: list[ir.Expr] = []
    for inner in part.parts:
        part_score: ir.Expr = ir.Col(f"{inner.code}__score")
        if inner.parts:
            part_score = ir.times(part_score, inner.weight.numerator)
            if inner.weight.denominator != 1:
                part_score = ir.Div(part_score, ir.Int(inner.weight.denominator))
        points.append(part_score)
    if reweighs(scheme, part):
        return ir.Extend(table, ((name, reweighed_sum(scheme, part, points)),))
    return ir.Extend(table, ((name, ir.Case(((_known(part), ir.add(*points)),), ir.Null())),))


def _arithmetic(scheme: Scheme, part: Part, name: str, table: ir.Table) -> ir.Table:
    """Weighted mean of the parts' scores."""
    if reweighs(scheme, part):
        return ir.Extend(table, ((name, reweighed_mean(scheme, part)),))
    below = lcm(*(inner.weight.denominator for inner in part.parts))
    weights = [int(inner.weight * below) for inner in part.parts]
    products = [
        ir.times(ir.Col(f"{inner.code}__score"), weight)
        for inner, weight in zip(part.parts, weights, strict=True)
    ]
    mean = ir.Div(ir.add(*products), ir.Int(sum(weights)))
    return ir.Extend(table, ((name, ir.Case(((_known(part), mean),), ir.Null())),))


def _mean_outside(
    mean: Callable[[Part, Sequence[int | None], Sequence[Fraction], int], int | None],
) -> Builder:
    """A mean that is computed row by row outside SQL (class F), over the parts that count."""

    def build(scheme: Scheme, part: Part, name: str, table: ir.Table) -> ir.Table:
        inputs = tuple(f"{inner.code}__score" for inner in part.parts)
        weights, digits = [inner.weight for inner in part.parts], scheme.digits["score"]
        leaves_out = reweighs(scheme, part)

        def compute(row: Mapping[str, Any]) -> list[int | None]:
            cells = [(row[i], w) for i, w in zip(inputs, weights, strict=True)]
            if leaves_out:
                cells = [cell for cell in cells if cell[0] is not None] or cells
            return [mean(part, [v for v, _ in cells], [w for _, w in cells], digits)]

        made = ir.Host(table, "subject_no", inputs, (name,), compute, f"host_{name}")
        if not leaves_out:
            return made
        whole = ir.Case(((stands(scheme, part), ir.Col(name)),), ir.Null())
        return ir.Extend(made, ((name, whole),))

    return build


_geometric = _mean_outside(lambda part, v, w, digits: geometric_mean(v, w, digits))
_harmonic = _mean_outside(lambda part, v, w, digits: harmonic_mean(v, w, digits))
_power = _mean_outside(lambda part, v, w, digits: power_mean(v, w, digits, part.exponent))

BUILDERS: dict[str, Builder] = {
    "weighted_sum": _weighted_sum,
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "harmonic": _harmonic,
    "power": _power,
}
