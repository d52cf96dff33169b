"""Benchmarks by order: the greatest value, or the value at a share of the ordered ones.

Among n ordered values the share p is at place 1 + (n - 1) p; between two places `lower` takes the
value below and `higher` the one above, so that a benchmark is always a value that somebody has.
"""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.places import Among, counted, placed
from wuhao.engine.verbs.populations import key_of

Made = tuple[list[tuple[str, ir.Aggregate]], ir.Expr]


def _valued(item: Indicator) -> ir.Expr:
    return ir.Cmp("==", ir.Col(f"{item.code}__lack"), ir.Int(0))


def places(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the places among the values of items with a quantile for a benchmark."""
    wanted = [
        Among(i.code, ir.Col(f"{i.code}__value"), _valued(i), key_of(i.benchmark))
        for i in scheme.indicators.values()
        if i.benchmark.name == "quantile"
    ]
    return placed(counted(table, wanted, "counts"), wanted)


def maximum(scheme: Scheme, item: Indicator) -> Made:
    """The greatest value of those who have one."""
    return _taken(scheme, item, _valued(item))


def quantile(scheme: Scheme, item: Indicator) -> Made:
    """The value at a share of the ordered values."""
    params, code = item.benchmark.params, item.code
    share = Fraction(params["share"])
    steps = ir.times(ir.Arith("-", ir.Col(f"{code}__of"), ir.Int(1)), share.numerator)
    if params["interpolation"] == "higher":
        steps = ir.add(steps, ir.Int(share.denominator - 1))
    place = ir.add(ir.Floor(steps, ir.Int(share.denominator)), ir.Int(1))
    here = ir.Both((_valued(item), ir.Cmp("==", ir.Col(f"{code}__place"), place)))
    return _taken(scheme, item, here)


def _taken(scheme: Scheme, item: Indicator, here: ir.Expr) -> Made:
    """The greatest value among those chosen, in quanta of digits.benchmark."""
    name = f"{item.code}__chosen"
    chosen = ir.Case(((here, ir.Col(f"{item.code}__value")),), ir.Null())
    shift = Fraction(10 ** scheme.digits["benchmark"], 10 ** scheme.digits["value"])
    scale = shift * Fraction(item.benchmark.params["times"])
    made = ir.Div(ir.times(ir.Col(name), scale.numerator), ir.Int(scale.denominator))
    found = ir.Case(((ir.known(name), made),), ir.Null())
    return [(name, ir.Aggregate("max", chosen))], found
