"""Scores of a whole group again under other benchmarks: exact integers, a column at a time.

Columns are 64-bit where that is certain to be enough, else Python's integers. It is the arithmetic
of the verbs `score` and `total`, for what has to be asked many times about one evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from wuhao.engine.exact import INT64_MAX, div, quantise
from wuhao.engine.model import Indicator, Part, Scheme
from wuhao.engine.verbs.decimals import geometric_mean

Column = npt.NDArray[Any]
SAFE = 2**62


def column(values: Sequence[int]) -> Column:
    """Return integers as a column, in 64 bits where they fit."""
    fits = all(-INT64_MAX <= value <= INT64_MAX for value in values)
    return np.array(values, dtype=np.int64 if fits else object)


def wide(values: Sequence[int]) -> Column:
    """Return integers of any size as a column."""
    return np.array(values, dtype=object)


def added(values: Column) -> int:
    """Return the sum, however large."""
    most = int(values.max()) if len(values) else 0
    return int(values.sum()) if most * len(values) <= SAFE else sum(values.tolist())


def times(values: Column, factor: int) -> Column:
    """Return the product with a whole number, never beyond what the column can hold."""
    most = max((abs(int(values.min())), abs(int(values.max())))) if len(values) else 0
    return (values if most * abs(factor) <= SAFE else values.astype(object)) * factor


def scaled(values: Column, factor: int, by: int) -> Column:
    """Return `div(value x factor, by)` of values that are not negative.

    A factor that is a power of ten is multiplied in steps, as in division by hand, so that 64 bits
    are enough for nearly every scheme.
    """
    steps = _steps(factor, by)
    if steps is None or values.dtype == object:
        exact = values.astype(object) * factor
        return np.asarray((2 * exact + by) // (2 * by))
    whole, left = values // by, values % by
    for step in steps:
        left = left * step
        whole, left = whole * step + left // by, left % by
    return np.asarray(whole + (2 * left >= by))


def _steps(factor: int, by: int) -> list[int] | None:
    """Return factors whose product is `factor`, each small enough to be multiplied by `by`."""
    if by * max(factor, 2) <= SAFE:
        return [factor]
    zeros = len(str(factor)) - 1
    room = len(str(SAFE // by)) - 1
    if factor != 10**zeros or room < 1:
        return None
    return [10 ** min(room, zeros - at) for at in range(0, zeros, room)]


def ratio_scores(
    scheme: Scheme, item: Indicator, full: Fraction, values: Column, benchmark: int
) -> Column:
    """Return the scores of values against a benchmark, between floor and cap."""
    digits = scheme.digits
    shift = Fraction(10 ** (digits["benchmark"] + digits["ratio"]), 10 ** digits["value"])
    cap = quantise(Fraction(item.score.params["cap"]), digits["ratio"])
    floor = quantise(Fraction(item.score.params["floor"]), digits["ratio"])
    under = benchmark * shift.denominator
    most = min(div(under * (cap + 1), shift.numerator) + 1, INT64_MAX)
    clamped = np.minimum(np.maximum(values, 0), most)
    ratio = np.maximum(np.minimum(scaled(clamped, shift.numerator, under), cap), floor)
    return points(scheme, full, ratio)


def points(scheme: Scheme, full: Fraction, ratio: Column) -> Column:
    """Return ratios as scores: `full` is what a ratio of one is worth."""
    factor = full * Fraction(10 ** scheme.digits["score"], 10 ** scheme.digits["ratio"])
    return scaled(times(ratio, factor.numerator), 1, factor.denominator)


def totals(scheme: Scheme, part: Part, scores: Mapping[str, Column]) -> Column:
    """Return the score of a branch from the scores of its items."""
    inner = [
        totals(scheme, below, scores) if below.parts else scores[below.code] for below in part.parts
    ]
    return AGGREGATES[part.kind](scheme, part, inner)


def _weighted_sum(scheme: Scheme, part: Part, inner: list[Column]) -> Column:
    made = [
        scaled(times(found, below.weight.numerator), 1, below.weight.denominator)
        if below.parts
        else found
        for found, below in zip(inner, part.parts, strict=True)
    ]
    return np.asarray(sum(made[1:], made[0]))


def _arithmetic(scheme: Scheme, part: Part, inner: list[Column]) -> Column:
    below = lcm(*(p.weight.denominator for p in part.parts))
    weights = [int(p.weight * below) for p in part.parts]
    made = [times(found, weight) for found, weight in zip(inner, weights, strict=True)]
    return scaled(np.asarray(sum(made[1:], made[0])), 1, sum(weights))


def _geometric(scheme: Scheme, part: Part, inner: list[Column]) -> Column:
    weights, digits = [p.weight for p in part.parts], scheme.digits["score"]
    rows = zip(*(found.tolist() for found in inner), strict=True)
    return column([geometric_mean(row, weights, digits) or 0 for row in rows])


AGGREGATES: dict[str, Callable[[Scheme, Part, list[Column]], Column]] = {
    "weighted_sum": _weighted_sum,
    "arithmetic": _arithmetic,
    "geometric": _geometric,
}
