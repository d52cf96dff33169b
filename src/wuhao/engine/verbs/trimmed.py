"""The mean of several marks without the highest and the lowest, as a numerator and a denominator.

A mark that is not known does not count; equal marks are dropped once, as a judge would. The least
number of marks is the scheme's, never below three.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.facts import State
from wuhao.engine.model import LACKS, Indicator, Scheme
from wuhao.engine.verbs.conditions import fact, known, unknown


def marked(scheme: Scheme, item: Indicator, here: ir.Expr) -> list[tuple[str, ir.Expr]]:
    """Sum and number of the marks that are left; nothing where there are too few."""
    stands = ir.Both((here, enough(scheme, item)))
    total = ir.add(*(_or_zero(scheme, code) for code in item.marks))
    kept = ir.Arith("-", ir.Arith("-", total, _end(scheme, item, ">=")), _end(scheme, item, "<="))
    left = ir.Arith("-", _number(scheme, item), ir.Int(2))
    return [
        (f"{item.code}__{name}", ir.Case(((stands, value),), ir.Null()))
        for name, value in (("num", kept), ("den", left))
    ]


def too_few(scheme: Scheme, item: Indicator) -> list[tuple[ir.Expr, ir.Expr]]:
    """Why there is no value: marks are missing, or do not apply."""
    few = ir.Negate(enough(scheme, item))
    missing = unknown(scheme, list(item.marks), State.MISSING)
    return [
        (ir.Both((few, missing)), ir.Int(1 + LACKS.index("missing"))),
        (few, ir.Int(1 + LACKS.index("not_applicable"))),
    ]


def enough(scheme: Scheme, item: Indicator) -> ir.Expr:
    """As many marks are known as the scheme asks for."""
    return ir.Cmp(">=", _number(scheme, item), ir.Int(item.score.params["fewest"]))


def _number(scheme: Scheme, item: Indicator) -> ir.Expr:
    each = (ir.Case(((known(scheme, [code]), ir.Int(1)),), ir.Int(0)) for code in item.marks)
    return ir.add(*each)


def _or_zero(scheme: Scheme, code: str) -> ir.Expr:
    return ir.Case(((known(scheme, [code]), fact(scheme, code)),), ir.Int(0))


def _end(scheme: Scheme, item: Indicator, op: str) -> ir.Expr:
    """The highest (`>=`) or the lowest (`<=`) of the marks that are known."""
    branches = []
    for code in item.marks:
        beats = [
            ir.Either((ir.Negate(known(scheme, [other])),
                       ir.Cmp(op, fact(scheme, code), fact(scheme, other))))
            for other in item.marks
            if other != code
        ]  # fmt: skip
        branches.append((ir.Both((known(scheme, [code]), *beats)), fact(scheme, code)))
    return ir.Case(tuple(branches), ir.Int(0))
