"""grade: standings to grades, then the adjustments: lifts, caps, vetoes, in this order.

Reads what `rank` and `adjust` added. Adds `cut_<n>` (the standing at the border of grade n),
`original_no` and `grade_no` (1 is the best grade, 0 none) and, for class F, `near_border`.
A veto also reaches those in scope who have no total.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.grading import threshold
from wuhao.engine.model import Adjustment, Grades, Scheme

Cut = Callable[[Scheme, Grades, ir.Table], ir.Table]
Quotas = tuple[list[ir.Expr], int]


def grade(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add cut lines, original grade and grade."""
    if scheme.grades is None:
        none = ("original_no", ir.Int(0)), ("grade_no", ir.Int(0)), ("near_border", ir.Int(0))
        return ir.Extend(table, none)
    for build in BUILDERS:
        table = build(scheme, scheme.grades, table)
    near = ("near_border", _near(scheme, scheme.grades))
    found = ir.Extend(table, (("original_no", _original(scheme)), near))
    return _adjusted(scheme, scheme.grades, found)


def _cut(at: int) -> str:
    return f"cut_{at}"


def _in(parts: Sequence[int]) -> ir.Expr:
    """Return the condition that the subject is in one of these groups."""
    here = tuple(ir.Cmp("==", ir.Col("part"), ir.Int(at)) for at in parts)
    return ir.Both((ir.known("part"), ir.Either(here)))


def _by_group(
    scheme: Scheme, chosen: Callable[[Grades], bool], build: Callable[[Grades], ir.Expr],
    other: ir.Expr,
) -> ir.Expr:  # fmt: skip
    """Return what is built of the grades of the subject's group; `other` if they are not chosen."""
    made: dict[ir.Expr, list[int]] = {}
    for at, grades in enumerate(scheme.gradings(), start=1):
        found = build(grades) if chosen(grades) else other
        made.setdefault(found, []).append(at)
    if len(made) == 1:
        return next(iter(made))
    return ir.Case(tuple((_in(parts), found) for found, parts in made.items()), ir.Null())


def _has_places(grades: Grades) -> bool:
    return grades.kind.name in PLACES


def _has_floor(grades: Grades, at: int) -> bool:
    return grades.order[at - 1] in grades.kind.params.get("at_least", {})


def _placed(scheme: Scheme, grades: Grades, table: ir.Table) -> ir.Table:
    """Cut lines by the places of each grade; the table is stored for reading twice."""
    if not any(_has_places(found) for found in scheme.gradings()):
        return table
    kept = ir.Keep(table, "ranked")
    borders = range(1, len(grades.order))
    lasts = tuple((f"last_{at}", _last_place(scheme, at)) for at in borders)
    placed = ir.Extend(kept, lasts)
    lines = []
    for at in borders:
        inside = ir.Both(
            (
                ir.Cmp("==", ir.Col("in_base"), ir.Int(1)),
                ir.known("ranked", f"last_{at}"),
                ir.Cmp("<=", ir.Col("base_no"), ir.Col(f"last_{at}")),
            )
        )
        standing = ir.Case(((inside, ir.Col("standing")),), ir.Null())
        lines.append((_cut(at), ir.Aggregate("min", standing)))
    cuts = ir.Keep(ir.Grouped(placed, "ranked", tuple(lines)), "cuts", small=True)
    return ir.Matched(placed, cuts, "ranked", tuple(name for name, _ in lines))


def _last_place(scheme: Scheme, at: int) -> ir.Expr:
    """The last place of grade `at`; null where the group has no places."""
    last = _by_group(scheme, _has_places, lambda grades: _last(grades, at), ir.Null())
    return ir.Case(((ir.known("base_size"), last),), ir.Null())


def _last(grades: Grades, at: int) -> ir.Expr:
    """The last place: counted from the top above `rest`, from the end from it on."""
    base = ir.Col("base_size")
    quotas, rest = PLACES[grades.kind.name](grades, base)
    if at <= rest:
        return ir.Limit("at_most", ir.add(*quotas[:at]), base)
    above = ir.Limit("at_most", ir.add(*quotas[:rest]), base)
    return ir.Limit("at_least", ir.Arith("-", base, ir.add(*quotas[at:])), above)


def _by_share(grades: Grades, base: ir.Expr) -> Quotas:
    share, rounding = grades.kind.params["share"], grades.kind.params["rounding"]
    quotas = [_quota(base, Fraction(share[g]), rounding[g]) for g in grades.order]
    return quotas, [rounding[g] for g in grades.order].index("rest")


def _by_count(grades: Grades, base: ir.Expr) -> Quotas:
    counts = [grades.kind.params["count"][g] for g in grades.order]
    return [ir.Int(0 if n == "rest" else n) for n in counts], counts.index("rest")


PLACES: dict[str, Callable[[Grades, ir.Expr], Quotas]] = {
    "shares": _by_share,
    "counts": _by_count,
}
"""Places of every grade among those who take one up, and which grade takes what is left."""


def _quota(base: ir.Expr, share: Fraction, rounding: str) -> ir.Expr:
    part = share / 100
    n = ir.times(base, part.numerator)
    if rounding == "ceil":
        n = ir.add(n, ir.Int(part.denominator - 1))
    return ir.Floor(n, ir.Int(part.denominator))


def _stated(scheme: Scheme, grades: Grades, table: ir.Table) -> ir.Table:
    """Cut lines that the scheme states: instead of places, or as a floor under them."""
    borders = [
        at
        for at in range(1, len(grades.order))
        if any(_has_floor(found, at) for found in scheme.gradings())
    ]
    return ir.Extend(table, tuple((_cut(at), _line(scheme, at)) for at in borders))


def _line(scheme: Scheme, at: int) -> ir.Expr:
    """The line of grade `at`: stated, or given by places and not below what is stated."""
    some = any(_has_places(found) for found in scheme.gradings())
    given = ir.Col(_cut(at)) if some else ir.Null()

    def build(grades: Grades) -> ir.Expr:
        floor = ir.Int(threshold(scheme, grades, at))
        if not _has_places(grades):
            return floor
        return ir.Case(((ir.known(_cut(at)), ir.Limit("at_least", given, floor)),), ir.Null())

    return _by_group(scheme, lambda grades: _has_floor(grades, at), build, given)


BUILDERS: tuple[Cut, ...] = (_placed, _stated)


def _original(scheme: Scheme) -> ir.Expr:
    gradings = scheme.gradings()
    branches: list[tuple[ir.Expr, ir.Expr]] = [(ir.IsNull(ir.Col("standing")), ir.Int(0))]
    worst = len(gradings[0].order)
    for at in range(1, worst):
        branches.append((_reached(gradings, at), ir.Int(at)))
    return ir.Case(tuple(branches), ir.Int(worst))


def _reached(gradings: Sequence[Grades], at: int) -> ir.Expr:
    """Return the condition of grade `at`: a place where ties are broken, else a standing."""
    # Someone outside the base would take the place after the last one counted before.
    place = ir.Arith("-", ir.add(ir.Col("base_no"), ir.Int(1)), ir.Col("in_base"))
    by_place: ir.Expr = ir.Cmp("<=", place, ir.Col(f"last_{at}"))
    line = ir.Cmp(">=", ir.Col("standing"), ir.Col(_cut(at)))
    by_line = ir.Both((ir.known(_cut(at)), line))
    if any(grades.is_strict() and _has_floor(grades, at) for grades in gradings):
        by_place = ir.Both((by_place, by_line))
    strict = [n for n, grades in enumerate(gradings, start=1) if grades.is_strict()]
    if not strict:
        return by_line
    if len(strict) == len(gradings):
        return by_place
    others = [n for n in range(1, len(gradings) + 1) if n not in strict]
    return ir.Either((ir.Both((_in(strict), by_place)), ir.Both((_in(others), by_line))))


def hit(scheme: Scheme, rule: Adjustment) -> ir.Expr:
    """Return the condition that a rule's bit is set in `rules`."""
    at = scheme.adjustments.index(rule)
    shifted = ir.Floor(ir.Col("rules"), ir.Int(2**at))
    halved = ir.Floor(ir.Col("rules"), ir.Int(2 ** (at + 1)))
    return ir.Cmp("==", ir.Arith("-", shifted, ir.times(halved, 2)), ir.Int(1))


def _adjusted(scheme: Scheme, grades: Grades, table: ir.Table) -> ir.Table:
    unplaced = ir.Cmp("==", ir.Col("original_no"), ir.Int(0))
    below = "original_no"
    for kind, how in (("lift", "at_most"), ("cap", "at_least"), ("veto", "at_least")):
        moved = _limits(scheme, grades, kind, how, ir.Col(below))
        if kind != "veto":
            moved = ir.Case(((unplaced, ir.Int(0)),), moved)
        below = f"after_{kind}"
        table = ir.Extend(table, ((below, moved),))
    return ir.Extend(table, (("grade_no", ir.Col(below)),))


def _limits(scheme: Scheme, grades: Grades, kind: str, how: str, value: ir.Expr) -> ir.Expr:
    """Limit the grade number by the strongest rule of a kind that applies."""
    best_first = kind == "lift"
    rules = [rule for rule in scheme.adjustments if rule.kind == kind and not rule.up]
    rules.sort(key=lambda rule: grades.order.index(rule.to), reverse=not best_first)
    branches = tuple(
        (hit(scheme, rule), ir.Limit(how, value, ir.Int(grades.order.index(rule.to) + 1)))
        for rule in rules
    )
    limited = ir.Case(branches, value) if branches else value
    return ir.Limit("at_most", limited, _up(scheme, value)) if _ups(scheme, kind) else limited


def _ups(scheme: Scheme, kind: str) -> list[Adjustment]:
    """Return the lifts by a number of grades, the greatest first."""
    rules = [rule for rule in scheme.adjustments if rule.kind == kind and rule.up]
    return sorted(rules, key=lambda rule: -rule.up)


def _up(scheme: Scheme, value: ir.Expr) -> ir.Expr:
    """The grade number less the greatest step that applies, never better than the best."""
    branches = tuple(
        (hit(scheme, r), ir.Limit("at_least", ir.Arith("-", value, ir.Int(r.up)), ir.Int(1)))
        for r in _ups(scheme, "lift")
    )
    return ir.Case(branches, value)


def _near(scheme: Scheme, grades: Grades) -> ir.Expr:
    """1 where a total of class F lies within two quanta of a border."""
    if not scheme.is_float():
        return ir.Int(0)
    coarse = (
        10 ** (scheme.digits["score"] - scheme.rank_digits) if scheme.rank_digits is not None else 1
    )
    tests = []
    for at in range(1, len(grades.order)):
        border = ir.Arith("-", ir.times(ir.Col(_cut(at)), coarse), ir.Int(coarse // 2))
        gap = ir.Arith("-", ir.Col("total"), border)
        close = (ir.Cmp("<=", gap, ir.Int(2)), ir.Cmp(">=", gap, ir.Int(-2)))
        tests.append(ir.Both((ir.known("total", _cut(at)), *close)))
    return ir.Case(((ir.Either(tuple(tests)), ir.Int(1)),), ir.Int(0))
