"""Benchmarks by order: the greatest value, or the value at a share of the ordered ones.

Among n ordered values the share p is at place 1 + (n - 1) p; between two places `lower` takes the
value below and `higher` the one above, so that a benchmark is a value that somebody has; `linear`
goes from the one to the other in proportion. A median is the linear quantile of one half.
"""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.benchmarks.common import Made, counts
from wuhao.engine.verbs.places import Among, counted, placed
from wuhao.engine.verbs.populations import key_of


def places(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the places among the values of items with a quantile for a benchmark."""
    wanted = [
        Among(i.code, ir.Col(f"{i.code}__value"), counts(i), key_of(i.benchmark))
        for i in scheme.indicators.values()
        if i.benchmark.name in ("quantile", "median")
    ]
    return placed(counted(table, wanted, "counts"), wanted)


def maximum(scheme: Scheme, item: Indicator) -> Made:
    """The greatest value of those who have one."""
    return _taken(scheme, item, counts(item))


def quantile(scheme: Scheme, item: Indicator) -> Made:
    """The value at a share of the ordered values."""
    params, code = item.benchmark.params, item.code
    if params["interpolation"] == "linear":
        return _linear(scheme, item)
    share = Fraction(params["share"])
    steps = ir.times(ir.Arith("-", ir.Col(f"{code}__of"), ir.Int(1)), share.numerator)
    if params["interpolation"] == "higher":
        steps = ir.add(steps, ir.Int(share.denominator - 1))
    place = ir.add(ir.Floor(steps, ir.Int(share.denominator)), ir.Int(1))
    here = ir.Both((counts(item), ir.Cmp("==", ir.Col(f"{code}__place"), place)))
    return _taken(scheme, item, here)


def _linear(scheme: Scheme, item: Indicator) -> Made:
    """The values below and above the place, in proportion, in one division."""
    share, code = Fraction(item.benchmark.params["share"]), item.code
    below, above, n = (f"{code}__{name}" for name in ("below", "above", "n"))
    lower, left = _steps(ir.Col(f"{code}__of"), share)
    place, value = ir.Col(f"{code}__place"), ir.Col(f"{code}__value")
    # With nothing left over the place above is the place below itself.
    more = ir.Case(((ir.Cmp(">", left, ir.Int(0)), ir.Int(1)),), ir.Int(0))
    chosen = []
    for name, at in ((below, lower), (above, ir.add(lower, more))):
        here = ir.Both((counts(item), ir.Cmp("==", place, ir.add(at, ir.Int(1)))))
        chosen.append((name, ir.Aggregate("max", ir.Case(((here, value),), ir.Null()))))
    size = ir.Case(((counts(item), ir.Col(f"{code}__of")),), ir.Null())
    _, rest = _steps(ir.Col(n), share)
    parts = (
        ir.Arith("*", ir.Col(below), ir.Arith("-", ir.Int(share.denominator), rest)),
        ir.Arith("*", ir.Col(above), rest),
    )
    shift = Fraction(10 ** scheme.digits["benchmark"], 10 ** scheme.digits["value"])
    scale = shift * Fraction(item.benchmark.params["times"]) / share.denominator
    made = ir.Div(ir.times(ir.add(*parts), scale.numerator), ir.Int(scale.denominator))
    found = ir.Case(((ir.known(below, above, n), made),), ir.Null())
    return [*chosen, (n, ir.Aggregate("max", size))], found


def _steps(n: ir.Expr, share: Fraction) -> tuple[ir.Expr, ir.Expr]:
    """Return (n - 1) x share as whole steps and what is left, in parts of the denominator."""
    steps = ir.times(ir.Arith("-", n, ir.Int(1)), share.numerator)
    whole = ir.Floor(steps, ir.Int(share.denominator))
    return whole, ir.Arith("-", steps, ir.times(whole, share.denominator))


def _taken(scheme: Scheme, item: Indicator, here: ir.Expr) -> Made:
    """The greatest value among those chosen, in quanta of digits.benchmark."""
    name = f"{item.code}__chosen"
    chosen = ir.Case(((here, ir.Col(f"{item.code}__value")),), ir.Null())
    shift = Fraction(10 ** scheme.digits["benchmark"], 10 ** scheme.digits["value"])
    scale = shift * Fraction(item.benchmark.params["times"])
    made = ir.Div(ir.times(ir.Col(name), scale.numerator), ir.Int(scale.denominator))
    found = ir.Case(((ir.known(name), made),), ir.Null())
    return [(name, ir.Aggregate("max", chosen))], found
