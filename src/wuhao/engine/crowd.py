"""Those of whom a number of many is taken, without the subject: what stays as it is of them.

A sum, an extreme, a place among ordered values: each is asked with the subject's own value added,
and answers for that value what an evaluation would compute.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from wuhao.engine.columns import Column
from wuhao.engine.exact import div
from wuhao.engine.model import Kind

STAND_INS = ("group_mean_value", "group_median_value")


@dataclass(frozen=True)
class Crowd:
    """The numbers of those with a value; `used` are also the values that stand in elsewhere."""

    nums: int
    dens: int
    total: int
    values: Column  # in order
    used: Column  # in order
    past_nums: int = 0  # last year's numbers of all together, where they are compared with
    past_dens: int = 0

    def lowest(self, own: int) -> int:
        """Return the least value with the own one among them."""
        return min(int(self.values[0]), own) if len(self.values) else own

    def highest(self, own: int) -> int:
        """Return the greatest value with the own one among them."""
        return max(int(self.values[-1]), own) if len(self.values) else own

    def at_share(self, kind: Kind, own: int | None) -> Fraction | None:
        """Return the value that a benchmark by order takes; None where nobody has one."""
        n = len(self.values) + (own is not None)
        if not n:
            return None
        low, high, part = places_of(kind, n)
        below = placed(self.values, own, low)
        return below + (placed(self.values, own, high) - below) * part

    def ahead(self, value: int, falling: bool) -> int:
        """Return how many are better than a value; `falling`: less is better."""
        if falling:
            return bisect_left(self.used, value)
        return len(self.used) - bisect_right(self.used, value)


def places_of(kind: Kind, n: int) -> tuple[int, int, Fraction]:
    """Return the places, from 0 on, among n ordered values between which a benchmark is taken.

    The third is how far it is from the first to the second.
    """
    if kind.name == "maximum":
        return n - 1, n - 1, Fraction(0)
    steps = (n - 1) * Fraction(kind.params["share"])
    low, high = int(steps), -(-steps.numerator // steps.denominator)
    how = kind.params["interpolation"]
    return low, high, {"lower": Fraction(0), "higher": Fraction(1), "linear": steps - low}[how]


def placed(values: Sequence[Any] | Column, own: int | None, at: int) -> int:
    """Return the value at a place, from 0 on, of ordered values with one more among them."""
    if own is None:
        return int(values[at])
    found = own if at >= len(values) else min(own, int(values[at]))
    return max(found, int(values[at - 1])) if at else found


def mean(values: Column, total: int, own: int | None) -> int | None:
    """Return the mean of values with one more among them; None where there is none."""
    n = len(values) + (own is not None)
    return div(total + (own or 0), n) if n else None


def median(values: Column, own: int | None) -> int | None:
    """Return the median of ordered values with one more: the mean of the middle two if even."""
    n = len(values) + (own is not None)
    if not n:
        return None
    low, high = (placed(values, own, at) for at in ((n - 1) // 2, n // 2))
    return low if n % 2 else div(low + high, 2)


def ordered(values: Column) -> Column:
    """Return values from the least to the greatest."""
    return np.sort(values)
