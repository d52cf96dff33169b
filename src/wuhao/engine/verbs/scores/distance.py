"""distance: one at the ideal, less on either side in proportion, zero from `reach` on.

The ideal is a number, or the highest or lowest value of the population; it is kept in the trace.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.scores.common import note, scored, value_of


def distance(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """1 - |value - ideal| / reach, never below zero."""
    digits, params = scheme.digits, item.score.params
    reach = quantise(Fraction(params["reach"]), digits["value"])
    table = ir.Extend(table, ((f"{item.code}__ideal", _ideal(scheme, item)),))
    value, ideal = value_of(item), ir.Col(f"{item.code}__ideal")
    low, high = ir.Arith("-", ideal, ir.Int(reach)), ir.add(ideal, ir.Int(reach))
    inside = ir.Limit("at_least", ir.Limit("at_most", value, high), low)
    below, above = ir.Arith("-", inside, low), ir.Arith("-", high, inside)
    left = ir.Case(((ir.Cmp("<", value, ideal), below),), above)
    ratio = ir.Div(ir.times(left, 10 ** digits["ratio"]), ir.Int(reach))
    far = ir.Either((ir.Cmp("<", value, low), ir.Cmp(">", value, high)))
    known = ir.known(ideal.name)
    return scored(item, table, ir.Case(((known, ratio),), ir.Null()), (far, note("floored")))


def _ideal(scheme: Scheme, item: Indicator) -> ir.Expr:
    ideal = item.score.params["ideal"]
    if isinstance(ideal, Decimal):
        stated = ir.Int(quantise(Fraction(ideal), scheme.digits["value"]))
        used = ir.Cmp(">=", ir.Col(f"{item.code}__lack"), ir.Int(0))
        return ir.Case(((used, stated),), ir.Null())
    return ir.Col(f"{item.code}__{ideal}")
