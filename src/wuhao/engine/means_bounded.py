"""Who is before somebody under a mean of class F, without taking the mean of everybody again.

Such a mean is homogeneous and grows with every score: when scores become r times what they were,
the mean becomes between the least and the greatest r times what it was; a geometric mean, between
the harmonic and the arithmetic mean of the r. These bounds are whole numbers, exact; only those
whom they do not decide are computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np

from wuhao.engine.columns import Column
from wuhao.engine.model import Part

UNBOUNDED = 10**40


@dataclass(frozen=True)
class Quotients:
    """Fractions of whole numbers; what is divided by is positive."""

    above: Column
    below: Column


def bounded(part: Part) -> bool:
    """Return whether the mean of a branch can be bounded so: one of class F, over items alone."""
    leaves = all(not inner.parts for inner in part.parts)
    return leaves and part.kind in ("geometric", "power")


def bounds(
    part: Part, was: Sequence[Column], now: Sequence[Column], mean: Column
) -> tuple[Column, Column]:
    """Return bounds of the means of scores, from other scores and their means."""
    below = lcm(*(inner.weight.denominator for inner in part.parts))
    changed = [
        (int(inner.weight * below), old.astype(object), new.astype(object))
        for inner, old, new in zip(part.parts, was, now, strict=True)
        if not np.array_equal(old, new)
    ]
    if not changed:
        return mean, mean
    weights = sum(int(inner.weight * below) for inner in part.parts)
    still = weights - sum(weight for weight, _, _ in changed)
    same = [old == new for _, old, new in changed]
    pairs = [
        (weight, np.where(equal, 1, old), np.where(equal, 1, new))
        for (weight, old, new), equal in zip(changed, same, strict=True)
    ]
    find = _geometric if part.kind == "geometric" else _between
    low, high = find(pairs, weights, still)
    wide = mean.astype(object)
    least = np.maximum(wide - 1, 0) * low.above // low.below - 1
    most = -(-(wide + 1) * high.above // high.below) + 1
    lost = np.zeros(len(mean), dtype=bool)
    for _, old, new in pairs:
        lost |= (old == 0) | (new == 0)
    return np.where(lost, 0, least), np.where(lost, UNBOUNDED, most)


Pairs = list[tuple[int, Column, Column]]


def _geometric(pairs: Pairs, weights: int, still: int) -> tuple[Quotients, Quotients]:
    """The harmonic and the arithmetic mean of new / old, those that stay counting as one."""
    olds, news = _safe([old for _, old, _ in pairs]), _safe([new for _, _, new in pairs])
    all_old, all_new = _product(olds), _product(news)
    up, down = still * all_old, still * all_new
    for at, (weight, _, _) in enumerate(pairs):
        up = up + weight * news[at] * (all_old // olds[at])
        down = down + weight * olds[at] * (all_new // news[at])
    return Quotients(weights * all_new, down), Quotients(up, weights * all_old)


def _between(pairs: Pairs, weights: int, still: int) -> tuple[Quotients, Quotients]:
    """The least and the greatest of new / old, and of one where something stays."""
    olds, news = _safe([old for _, old, _ in pairs]), _safe([new for _, _, new in pairs])
    ones = np.ones(len(olds[0]), dtype=object)
    found = list(zip(news, olds, strict=True)) + [(ones, ones)] * (still > 0)
    low = high = found[0]
    for above, below in found[1:]:
        less, more = above * low[1] < low[0] * below, above * high[1] > high[0] * below
        low = np.where(less, above, low[0]), np.where(less, below, low[1])
        high = np.where(more, above, high[0]), np.where(more, below, high[1])
    return Quotients(*low), Quotients(*high)


def _safe(columns: Sequence[Column]) -> list[Column]:
    return [np.where(found == 0, 1, found) for found in columns]


def _product(columns: Sequence[Column]) -> Column:
    found = columns[0]
    for other in columns[1:]:
        found = found * other
    return found
