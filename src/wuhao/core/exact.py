"""Exact numbers: integers in a stated quantum, rounded half up away from zero."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

INT64_MAX = 2**63 - 1


def div(numerator: int, denominator: int) -> int:
    """Divide two integers, half up away from zero. Raises ZeroDivisionError."""
    if denominator == 0:
        raise ZeroDivisionError("the denominator is zero")
    negative = (numerator < 0) != (denominator < 0)
    n, d = abs(numerator), abs(denominator)
    quotient = (2 * n + d) // (2 * d)
    return -quotient if negative else quotient


def to_quanta(value: Decimal | int | Fraction, quantum: Decimal) -> int:
    """Count the quanta in a value, half up away from zero.

    Raises OverflowError where the count does not fit a bigint.
    """
    exact = Fraction(value) / Fraction(quantum)
    count = div(exact.numerator, exact.denominator)
    if abs(count) > INT64_MAX:
        raise OverflowError(f"{value} has more quanta of {quantum} than a bigint holds")
    return count


def from_quanta(count: int, quantum: Decimal) -> Decimal:
    """The Decimal that so many quanta make; exact."""
    return Decimal(count) * quantum


def rounded(value: Decimal | Fraction, places: int) -> Decimal:
    """Round half up away from zero to so many decimal places, for display."""
    if isinstance(value, Fraction):
        scaled = div(value.numerator * 10**places, value.denominator)
        return Decimal(scaled).scaleb(-places)
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
