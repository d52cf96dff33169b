"""points: bonus, deduction and factors of every subject in scope. summed: from base to total.

`points` reads `part` and the facts. It adds `<line>__points` in quanta of digits.score, below zero
for a deduction; zero where the condition does not hold or the events are unknown; null out of
scope; and `<line>__factor` in quanta of digits.ratio, one where the condition does not hold.
`summed` goes through the lines in the order written: a factor multiplies what stands before it and
is rounded once; a line with a floor takes no total below it. Every line keeps its change of the
total in `<line>__points`, a common limit as a line of its own, so that all lines add up.
"""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.model import Factor, PointLimit, Points, Scheme
from wuhao.engine.verbs.conditions import condition, known, quantity


def points(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the points of every line, and the factors."""
    made = tuple(
        (_factor_column(line), _factor(scheme, line, line.factor))
        if line.factor
        else (column(line), _line(scheme, line))
        for line in scheme.points
    )
    return ir.Extend(table, made) if made else table


def column(line: Points | PointLimit) -> str:
    """Return the column that holds the points of a line."""
    return f"{line.code}__points"


def _factor_column(line: Points) -> str:
    return f"{line.code}__factor"


def needed(scheme: Scheme) -> list[str]:
    """Return the columns that `points` adds."""
    return [_factor_column(line) if line.factor else column(line) for line in scheme.points]


def shown(scheme: Scheme) -> list[tuple[str, str]]:
    """Return the columns of the lines in results, each with the name of its digits."""
    found = []
    for line in scheme.point_lines():
        if isinstance(line, Points) and line.factor:
            found.append((_factor_column(line), "ratio"))
        found.append((column(line), "score"))
    return found


def _when(scheme: Scheme, line: Points) -> list[ir.Expr]:
    return [] if line.when is None else [condition(scheme, line.when)]


def _line(scheme: Scheme, line: Points) -> ir.Expr:
    tests = _when(scheme, line)
    if line.events is not None:
        tests.append(known(scheme, line.events.facts()))
    outside = ir.IsNull(ir.Col("part"))
    hit = ir.Both(tuple(tests))
    return ir.Case(((outside, ir.Null()), (hit, _earned(scheme, line))), ir.Int(0))


def _earned(scheme: Scheme, line: Points) -> ir.Expr:
    """Points for the events, never below zero, at most the limit; then the sign of the line."""
    each = line.each * 10 ** scheme.digits["score"]
    found: ir.Expr = ir.Int(int(each))
    if line.events is not None:
        factor = each * line.events.scale
        product = ir.times(quantity(scheme, line.events), factor.numerator)
        found = ir.Limit("at_least", ir.Div(product, ir.Int(factor.denominator)), ir.Int(0))
    if line.at_most is not None:
        most = int(line.at_most * 10 ** scheme.digits["score"])
        found = ir.Limit("at_most", found, ir.Int(most))
    return found if line.kind == "bonus" else ir.Arith("-", ir.Int(0), found)


def _factor(scheme: Scheme, line: Points, factor: Factor) -> ir.Expr:
    """The factor of every subject in scope; one where the condition does not hold."""
    one = 10 ** scheme.digits["ratio"]
    branches: list[tuple[ir.Expr, ir.Expr]] = [(ir.IsNull(ir.Col("part")), ir.Null())]
    if line.when is not None:
        branches.append((ir.Negate(condition(scheme, line.when)), ir.Int(one)))
    for value, times in factor.table:
        attribute = ir.Col(factor.attribute)
        here = ir.Both((ir.known(factor.attribute), ir.Cmp("==", attribute, ir.Text(value))))
        branches.append((here, ir.Int(int(times * one))))
    return ir.Case(tuple(branches), ir.Int(int(factor.times * one)))


def summed(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the total, `base_total` changed by every line in turn."""
    lines = scheme.point_lines()
    so_far = "base_total"
    for at, line in enumerate(lines, start=1):
        if isinstance(line, PointLimit):
            table = ir.Extend(table, ((column(line), _cut(scheme, line)),))
        elif line.hangs_on_total():
            table = ir.Extend(table, ((column(line), _change(scheme, line, so_far)),))
        after = "total" if at == len(lines) else f"sum_{at}"
        added = ir.add(ir.Col(so_far), ir.Col(column(line)))
        total = ir.Case(((ir.known(so_far, column(line)), added),), ir.Null())
        table, so_far = ir.Extend(table, ((after, total),)), after
    return table


def _cut(scheme: Scheme, limit: PointLimit) -> ir.Expr:
    """What the lines of a limit give beyond it, taken back."""
    names = [f"{code}__points" for code in limit.lines]
    given, most = ir.add(*(ir.Col(name) for name in names)), _quanta(scheme, limit.at_most)
    bonus = next(line for line in scheme.points if line.code == limit.lines[0]).kind == "bonus"
    size = given if bonus else ir.Arith("-", ir.Int(0), given)
    beyond = ir.Limit("at_least", ir.Arith("-", size, ir.Int(most)), ir.Int(0))
    cut = ir.Arith("-", ir.Int(0), beyond) if bonus else beyond
    return ir.Case(((ir.known(*names), cut),), ir.Null())


def _change(scheme: Scheme, line: Points, so_far: str) -> ir.Expr:
    """By how much a line changes the total that stands before it."""
    total = ir.Col(so_far)
    if line.factor is not None:
        needs, one = _factor_column(line), ir.Int(10 ** scheme.digits["ratio"])
        after: ir.Expr = ir.Div(ir.Arith("*", total, ir.Col(needs)), one)
    else:
        needs = column(line)
        after = ir.add(total, ir.Col(needs))
    if line.floor is not None:
        lowest = ir.Limit("at_most", total, ir.Int(_quanta(scheme, line.floor)))
        after = ir.Limit("at_least", after, lowest)
    return ir.Case(((ir.known(so_far, needs), ir.Arith("-", after, total)),), ir.Null())


def _quanta(scheme: Scheme, value: Fraction) -> int:
    return int(value * 10 ** scheme.digits["score"])
