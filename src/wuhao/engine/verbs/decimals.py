"""Class F arithmetic: logarithms and roots in 40-digit decimals, quantised once.

decimal's ln and exp are correctly rounded, so the same numbers come out on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from wuhao.engine.exact import quantise

CONTEXT = Context(prec=40, rounding=ROUND_HALF_UP)
SHOWN = Context(prec=34, rounding=ROUND_HALF_UP)
"""The digits that are sure: a half that 40 digits miss by the last of them is a half."""


def _quantise(value: Decimal, digits: int) -> int:
    scaled = SHOWN.plus(CONTEXT.multiply(value, Decimal(10) ** digits))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=CONTEXT))


def log_position(value: int | None, low: int, high: int, digits: int) -> int | None:
    """Return (ln value - ln low) / (ln high - ln low) in 10**-digits, within 0…1.

    `low` and `high` are positive integers in the same quantum as `value`; null stays null.
    """
    if value is None:
        return None
    inside = min(max(value, low), high)
    top = CONTEXT.subtract(Decimal(inside).ln(CONTEXT), Decimal(low).ln(CONTEXT))
    span = CONTEXT.subtract(Decimal(high).ln(CONTEXT), Decimal(low).ln(CONTEXT))
    return _quantise(CONTEXT.divide(top, span), digits)


def geometric_mean(
    values: Sequence[int | None], weights: Sequence[Fraction], digits: int
) -> int | None:
    """Return the weighted geometric mean of quanta of 10**-digits; zero where one is zero."""
    known = _known(values)
    if known is None:
        return None
    if 0 in known:
        return 0
    total = Decimal(0)
    for value, weight in zip(known, weights, strict=True):
        share = CONTEXT.divide(Decimal(weight.numerator), Decimal(weight.denominator))
        log = Decimal(value).scaleb(-digits).ln(CONTEXT)
        total = CONTEXT.add(total, CONTEXT.multiply(share, log))
    weight_sum = sum(weights, Fraction(0))
    scale = CONTEXT.divide(Decimal(weight_sum.numerator), Decimal(weight_sum.denominator))
    return _quantise(CONTEXT.exp(CONTEXT.divide(total, scale)), digits)


def harmonic_mean(
    values: Sequence[int | None], weights: Sequence[Fraction], digits: int
) -> int | None:
    """Return the weighted harmonic mean of quanta of 10**-digits; zero where one is zero.

    It is a fraction, so nothing is rounded before the end.
    """
    known = _known(values)
    if known is None or 0 in known:
        return None if known is None else 0
    pairs = zip(known, weights, strict=True)
    below = sum((weight / value for value, weight in pairs), Fraction(0))
    return quantise(sum(weights, Fraction(0)) / below, 0)


def power_mean(
    values: Sequence[int | None], weights: Sequence[Fraction], digits: int, exponent: Fraction
) -> int | None:
    """Return the weighted mean of powers, and of that the root; `exponent` is not zero.

    With a negative exponent it is zero where one value is.
    """
    known = _known(values)
    if known is None or (0 in known and exponent < 0):
        return None if known is None else 0
    power, total = _decimal(exponent), Decimal(0)
    for value, weight in zip(known, weights, strict=True):
        if value:
            raised = _raised(Decimal(value).scaleb(-digits), power)
            total = CONTEXT.add(total, CONTEXT.multiply(_decimal(weight), raised))
    if not total:
        return 0
    mean = CONTEXT.divide(total, _decimal(sum(weights, Fraction(0))))
    return _quantise(_raised(mean, CONTEXT.divide(Decimal(1), power)), digits)


def _known(values: Sequence[int | None]) -> list[int] | None:
    """Return the values when every one is known and none is negative."""
    known = [value for value in values if value is not None]
    return None if len(known) < len(values) or any(value < 0 for value in known) else known


def _decimal(value: Fraction) -> Decimal:
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _raised(value: Decimal, power: Decimal) -> Decimal:
    return CONTEXT.exp(CONTEXT.multiply(power, value.ln(CONTEXT)))
