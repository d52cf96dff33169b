"""reweigh: an absent item is left out, and the weights of the rest are raised to what they were.

A level whose items are all left out is left out itself; a group of which nothing is left gives no
total. Every level is divided once, after its parts have been added.
"""

from __future__ import annotations

from math import lcm

from wuhao.engine import ir
from wuhao.engine.model import Part, Scheme
from wuhao.engine.verbs.scores.stand_ins import takes


def reweighs(scheme: Scheme, part: Part) -> bool:
    """Return whether something of a level may be left out."""
    return any(scheme.indicators[leaf.code].lacks("reweigh") for leaf in part.leaves())


def out(scheme: Scheme, part: Part) -> ir.Expr:
    """An item, or every item of a level, is left out."""
    items = [scheme.indicators[leaf.code] for leaf in part.leaves()]
    return ir.Both(tuple(takes(item, "reweigh") for item in items))


def stands(scheme: Scheme, part: Part) -> ir.Expr:
    """Every part of a level has a score or is left out, and not all of them are."""
    each = (
        ir.Either((ir.known(f"{inner.code}__score"), out(scheme, inner))) for inner in part.parts
    )
    return ir.Both((*each, ir.Negate(out(scheme, part))))


def _weights(scheme: Scheme, part: Part) -> tuple[list[int], ir.Expr]:
    """Whole weights, and the sum of those that count."""
    below = lcm(*(inner.weight.denominator for inner in part.parts))
    weights = [int(inner.weight * below) for inner in part.parts]
    counting = [
        ir.Case(((out(scheme, inner), ir.Int(0)),), ir.Int(weight))
        for inner, weight in zip(part.parts, weights, strict=True)
    ]
    return weights, ir.add(*counting)


def _quotient(scheme: Scheme, part: Part, points: list[ir.Expr], factor: int) -> ir.Expr:
    kept = [
        ir.Case(((out(scheme, inner), ir.Int(0)),), column)
        for inner, column in zip(part.parts, points, strict=True)
    ]
    divided = ir.Div(ir.times(ir.add(*kept), factor), _weights(scheme, part)[1])
    return ir.Case(((stands(scheme, part), divided),), ir.Null())


def reweighed_sum(scheme: Scheme, part: Part, points: list[ir.Expr]) -> ir.Expr:
    """Points of the parts that count x all weights / weights that count."""
    return _quotient(scheme, part, points, sum(_weights(scheme, part)[0]))


def reweighed_mean(scheme: Scheme, part: Part) -> ir.Expr:
    """Weighted mean of the scores of the parts that count."""
    weights, _ = _weights(scheme, part)
    products = [
        ir.times(ir.Col(f"{inner.code}__score"), weight)
        for inner, weight in zip(part.parts, weights, strict=True)
    ]
    return _quotient(scheme, part, products, 1)


def all_out(scheme: Scheme, number: int, root: Part) -> list[tuple[ir.Expr, ir.Expr]]:
    """Why a subject has no total when nothing of its group is left: what its first item lacks."""
    if not all(scheme.indicators[leaf.code].lacks("reweigh") for leaf in root.leaves()):
        return []
    here = ir.Both((ir.Cmp("==", ir.Col("part"), ir.Int(number)), out(scheme, root)))
    codes = [leaf.code for leaf in root.leaves()]
    first = next(code for code in scheme.indicators if code in codes)
    item = list(scheme.indicators).index(first) + 1
    reason = ir.add(ir.Int(item * 10), ir.Col(f"{first}__lack"))
    return [(ir.Both((ir.known("part"), here)), reason)]
