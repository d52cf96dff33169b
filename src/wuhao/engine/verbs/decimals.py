"""Class F arithmetic: logarithms and roots in 40-digit decimals, quantised once.

decimal's ln and exp are correctly rounded, so the same numbers come out on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

CONTEXT = Context(prec=40, rounding=ROUND_HALF_UP)


def _quantise(value: Decimal, digits: int) -> int:
    scaled = CONTEXT.multiply(value, Decimal(10) ** digits)
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
    known = [value for value in values if value is not None]
    if len(known) < len(values) or any(value < 0 for value in known):
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
