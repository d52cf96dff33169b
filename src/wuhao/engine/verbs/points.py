"""points: bonus and deduction points of every subject in scope, a column for each line.

Reads `part` and the facts. Adds `<line>__points` in quanta of digits.score, below zero for a
deduction; zero where the condition does not hold or the events are unknown; null out of scope.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.model import Points, Scheme
from wuhao.engine.verbs.conditions import condition, known, quantity


def points(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the points of every line."""
    if not scheme.points:
        return table
    return ir.Extend(table, tuple((column(line), _line(scheme, line)) for line in scheme.points))


def column(line: Points) -> str:
    """Return the column that holds the points of a line."""
    return f"{line.code}__points"


def _line(scheme: Scheme, line: Points) -> ir.Expr:
    tests: list[ir.Expr] = [] if line.when is None else [condition(scheme, line.when)]
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
