"""Exact numbers: a quantity is an integer count of a decimal quantum."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

INT64_MAX = 2**63 - 1
WIDE_MAX = 10**38 - 1
EXPONENT_MAX = 1000
"""Beyond this many places a number is no figure of anybody's: writing it out would never end."""


def div(n: int, d: int) -> int:
    """Divide and round half up, away from zero: `(2n + d) // 2d` on magnitudes. `d` is positive."""
    if d <= 0:
        raise ValueError(f"div needs a positive divisor, got {d}")
    rounded = (2 * abs(n) + d) // (2 * d)
    return rounded if n >= 0 else -rounded


def quantise(value: Fraction, digits: int) -> int:
    """Return the value as an integer count of 10**-digits, half up away from zero."""
    scaled = value * 10**digits
    return div(scaled.numerator, scaled.denominator)


def parse_decimal(text: str) -> Decimal | None:
    """Return a finite decimal, or None when the text is not a plain number."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    if "_" in text or not value.is_finite():
        return None
    return value if abs(int(value.as_tuple().exponent)) <= EXPONENT_MAX else None


def quantum_digits(quantum: Decimal) -> int:
    """Return n for the quantum 10**-n (0.01 -> 2). Raises ValueError for anything else."""
    sign, digits, exponent = quantum.normalize().as_tuple()
    if sign or digits != (1,) or not isinstance(exponent, int) or exponent > 0:
        raise ValueError(f"{quantum} is not a power of ten of at most 1")
    return -exponent


def show(quanta: int | None, digits: int, places: int | None = None) -> str:
    """Return an integer count of 10**-digits as text, rounded half up to `places` if given."""
    if quanta is None:
        return ""
    if places is not None and places < digits:
        quanta, digits = div(quanta, 10 ** (digits - places)), places
    return f"{Decimal(quanta).scaleb(-digits):f}"
