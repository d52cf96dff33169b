"""Moments of a list of decimals; the caller stands in 40-digit context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import combinations


def mean(values: Sequence[Decimal]) -> Decimal:
    """Return the arithmetic mean of at least one value."""
    return sum(values, Decimal(0)) / len(values)


def median(values: Sequence[Decimal]) -> Decimal:
    """Return the middle value, or the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else mean(ordered[half - 1 : half + 1])


def spread(values: Sequence[Decimal]) -> bool:
    """Return whether the values are not all the same."""
    return len(set(values)) > 1


def powers(values: Sequence[Decimal], power: int) -> Decimal:
    """Return the sum of the deviations from the mean, each to a power."""
    centre = mean(values)
    return sum(((value - centre) ** power for value in values), Decimal(0))


def deviation(values: Sequence[Decimal]) -> Decimal:
    """Return the standard deviation of a sample (divided by n - 1) of at least two values."""
    return (powers(values, 2) / (len(values) - 1)).sqrt()


def skewness(values: Sequence[Decimal]) -> Decimal:
    """Return the adjusted skewness G1 of at least three values that are not all the same."""
    n = len(values)
    plain = powers(values, 3) / n / (powers(values, 2) / n).sqrt() ** 3
    return plain * Decimal(n * (n - 1)).sqrt() / (n - 2)


def kurtosis(values: Sequence[Decimal]) -> Decimal:
    """Return the adjusted excess kurtosis G2 of at least four values that are not all the same."""
    n = len(values)
    plain = n * powers(values, 4) / powers(values, 2) ** 2
    return ((n + 1) * (plain - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def correlations(columns: Mapping[str, Sequence[Decimal]]) -> dict[tuple[str, str], Decimal]:
    """Return Pearson's correlation of each two columns, in both orders; none may be constant."""
    away = {code: _from_mean(values) for code, values in columns.items()}
    square = {code: _product(own, own) for code, own in away.items()}
    found = {}
    for one, other in combinations(columns, 2):
        root = (square[one] * square[other]).sqrt()
        found[one, other] = found[other, one] = _product(away[one], away[other]) / root
    return found


def _from_mean(values: Sequence[Decimal]) -> list[Decimal]:
    centre = mean(values)
    return [value - centre for value in values]


def _product(left: Sequence[Decimal], right: Sequence[Decimal]) -> Decimal:
    return sum((x * y for x, y in zip(left, right, strict=True)), Decimal(0))
