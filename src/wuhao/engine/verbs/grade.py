"""grade: standings to grades, then the adjustments: lifts, caps, vetoes, in this order.

Reads what `rank` and `adjust` added. Adds `cut_<n>` (the standing at the border of grade n),
`original_no` and `grade_no` (1 is the best grade, 0 none) and, for class F, `near_border`.
A veto also reaches those in scope who have no total.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Adjustment, Grades, Scheme

Cut = Callable[[Scheme, Grades, ir.Table], ir.Table]


def grade(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add cut lines, original grade and grade."""
    if scheme.grades is None:
        none = ("original_no", ir.Int(0)), ("grade_no", ir.Int(0)), ("near_border", ir.Int(0))
        return ir.Extend(table, none)
    cut = BUILDERS[scheme.grades.kind.name](scheme, scheme.grades, table)
    near = ("near_border", _near(scheme, scheme.grades))
    found = ir.Extend(cut, (("original_no", _original(scheme.grades)), near))
    return _adjusted(scheme, scheme.grades, found)


def _cut(at: int) -> str:
    return f"cut_{at}"


def _shares(scheme: Scheme, grades: Grades, table: ir.Table) -> ir.Table:
    """Cut lines by shares of those who take up a place; the table is stored for reading twice."""
    kept = ir.Keep(table, "ranked")
    placed = ir.Extend(kept, _last_places(grades))
    lines = []
    for at in range(1, len(grades.order)):
        inside = ir.Both(
            (
                ir.Cmp("==", ir.Col("in_base"), ir.Int(1)),
                ir.known("ranked"),
                ir.Cmp("<=", ir.Col("base_no"), ir.Col(f"last_{at}")),
            )
        )
        standing = ir.Case(((inside, ir.Col("standing")),), ir.Null())
        lines.append((_cut(at), ir.Aggregate("min", standing)))
    cuts = ir.Keep(ir.Grouped(placed, "ranked", tuple(lines)), "cuts", small=True)
    return ir.Matched(placed, cuts, "ranked", tuple(name for name, _ in lines))


def _last_places(grades: Grades) -> tuple[tuple[str, ir.Expr], ...]:
    """The last place of each grade: counted from the top above `rest`, from the end from it on."""
    share, rounding = grades.kind.params["share"], grades.kind.params["rounding"]
    base = ir.Col("base_size")
    quotas = [_quota(base, Fraction(share[g]), rounding[g]) for g in grades.order]
    rest = next(at for at, g in enumerate(grades.order) if rounding[g] == "rest")
    above = ir.Limit("at_most", ir.add(*quotas[:rest]), base)
    made: list[tuple[str, ir.Expr]] = []
    for at in range(len(grades.order) - 1):
        if at < rest:
            last: ir.Expr = ir.Limit("at_most", ir.add(*quotas[: at + 1]), base)
        else:
            last = ir.Limit("at_least", ir.Arith("-", base, ir.add(*quotas[at + 1 :])), above)
        stands = ((ir.known("base_size"), last),)
        made.append((f"last_{at + 1}", ir.Case(stands, ir.Null())))
    return tuple(made)


def _quota(base: ir.Expr, share: Fraction, rounding: str) -> ir.Expr:
    part = share / 100
    n = ir.times(base, part.numerator)
    if rounding == "ceil":
        n = ir.add(n, ir.Int(part.denominator - 1))
    return ir.Floor(n, ir.Int(part.denominator))


def _thresholds(scheme: Scheme, grades: Grades, table: ir.Table) -> ir.Table:
    """Cut lines that the scheme states."""
    at_least = grades.kind.params["at_least"]
    digits = scheme.digits["score"] if scheme.rank_digits is None else scheme.rank_digits
    lines = tuple(
        (_cut(at), ir.Int(quantise(Fraction(at_least[g]), digits)))
        for at, g in enumerate(grades.order[:-1], start=1)
    )
    return ir.Extend(table, lines)


BUILDERS: dict[str, Cut] = {"shares": _shares, "thresholds": _thresholds}


def _original(grades: Grades) -> ir.Expr:
    strict = grades.kind.params.get("tie") == "strict"
    branches: list[tuple[ir.Expr, ir.Expr]] = [(ir.IsNull(ir.Col("standing")), ir.Int(0))]
    # Someone outside the base would take the place after the last one counted before.
    place = ir.Arith("-", ir.add(ir.Col("base_no"), ir.Int(1)), ir.Col("in_base"))
    for at in range(1, len(grades.order)):
        if strict:
            reached: ir.Expr = ir.Cmp("<=", place, ir.Col(f"last_{at}"))
        else:
            line = ir.Cmp(">=", ir.Col("standing"), ir.Col(_cut(at)))
            reached = ir.Both((ir.known(_cut(at)), line))
        branches.append((reached, ir.Int(at)))
    return ir.Case(tuple(branches), ir.Int(len(grades.order)))


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
    rules = [rule for rule in scheme.adjustments if rule.kind == kind]
    rules.sort(key=lambda rule: grades.order.index(rule.to), reverse=not best_first)
    if not rules:
        return value
    branches = tuple(
        (hit(scheme, rule), ir.Limit(how, value, ir.Int(grades.order.index(rule.to) + 1)))
        for rule in rules
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
