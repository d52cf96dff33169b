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

from wuhao.engine.exact import INT64_MAX
from wuhao.engine.model import Part, Scheme
from wuhao.engine.verbs.decimals import geometric_mean, power_mean

Column = npt.NDArray[Any]
Outs = Sequence[Column | None]
Aggregate = Callable[[Scheme, Part, list[Column], Outs], Column]
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


def scaled(values: Column, factor: int, by: int, halves_down: bool = False) -> Column:
    """Return `div(value x factor, by)` of values that are not negative.

    A factor is multiplied in steps, as in division by hand, so that 64 bits are enough for nearly
    every scheme. With `halves_down` a half is rounded down.
    """
    steps = _steps(factor, by)
    if steps is None or values.dtype == object:
        exact = values.astype(object) * factor
        return np.asarray((2 * exact + by - halves_down) // (2 * by))
    whole, left = values // by, values % by
    for step in steps:
        left = left * step
        whole, left = whole * step + left // by, left % by
    return np.asarray(whole + (2 * left >= by + halves_down))


def _steps(factor: int, by: int) -> list[int] | None:
    """Return factors whose product is `factor`, each small enough to be multiplied by `by`."""
    if by * max(factor, 2) <= SAFE:
        return [factor]
    zeros = len(str(factor)) - len(str(factor).rstrip("0"))
    head = factor // 10**zeros
    room = len(str(SAFE // by)) - 1
    if room < 1 or head * by > SAFE:
        return None
    tens = [10 ** min(room, zeros - at) for at in range(0, zeros, room)]
    return tens if head == 1 else [head, *tens]


def rounded(values: Column, by: int) -> Column:
    """Return `div(value, by)`, of values below zero too."""
    return np.asarray(np.sign(values) * scaled(np.abs(values), 1, by))


def points(scheme: Scheme, full: Fraction, ratio: Column) -> Column:
    """Return ratios as scores: `full` is what a ratio of one is worth."""
    factor = full * Fraction(10 ** scheme.digits["score"], 10 ** scheme.digits["ratio"])
    return scaled(times(ratio, factor.numerator), 1, factor.denominator)


def totals(
    scheme: Scheme, part: Part, scores: Mapping[str, Column], out: Mapping[str, Column]
) -> Column:
    """Return the score of a branch from the scores of its items.

    `out` says of items, where it names them, who leaves them out; it is zero for who leaves out
    all of them.
    """
    inner = [
        totals(scheme, below, scores, out) if below.parts else scores[below.code]
        for below in part.parts
    ]
    return AGGREGATES[part.kind](scheme, part, inner, [_left(below, out) for below in part.parts])


def _left(part: Part, out: Mapping[str, Column]) -> Column | None:
    """Return who leaves out a whole part; None where nobody does."""
    masks = [out.get(leaf.code) for leaf in part.leaves()]
    found: Column | None = None
    for mask in masks:
        if mask is None:
            return None
        found = mask if found is None else found & mask
    return found if found is not None and found.any() else None


def _whole_weights(part: Part) -> list[int]:
    below = lcm(*(inner.weight.denominator for inner in part.parts))
    return [int(inner.weight * below) for inner in part.parts]


def _kept(made: list[Column], outs: Outs) -> Column:
    """Return the sum of what is not left out."""
    kept = [
        found if out is None else np.where(out, 0, found)
        for found, out in zip(made, outs, strict=True)
    ]
    return np.asarray(sum(kept[1:], kept[0]))


def _shared(found: Column, factor: int, weights: list[int], outs: Outs) -> Column:
    """Return the sum x factor / the weights that count, for each set of weights at once."""
    count = np.full(len(found), sum(weights), dtype=np.int64)
    for weight, out in zip(weights, outs, strict=True):
        if out is not None:
            count = count - weight * out
    result = np.zeros(len(found), dtype=object)
    for by in set(count.tolist()) - {0}:
        here = count == by
        result[here] = scaled(times(found[here], factor), 1, by)
    return result if found.dtype == object else result.astype(found.dtype)


def _weighted_sum(scheme: Scheme, part: Part, inner: list[Column], outs: Outs) -> Column:
    made = [
        scaled(times(found, below.weight.numerator), 1, below.weight.denominator)
        if below.parts
        else found
        for found, below in zip(inner, part.parts, strict=True)
    ]
    found = _kept(made, outs)
    weights = _whole_weights(part)
    return _shared(found, sum(weights), weights, outs) if _any(outs) else found


def _arithmetic(scheme: Scheme, part: Part, inner: list[Column], outs: Outs) -> Column:
    weights = _whole_weights(part)
    made = [times(found, weight) for found, weight in zip(inner, weights, strict=True)]
    found = _kept(made, outs)
    return _shared(found, 1, weights, outs) if _any(outs) else scaled(found, 1, sum(weights))


def _any(outs: Outs) -> bool:
    return any(out is not None for out in outs)


def _mean_by_row(
    mean: Callable[[Part, Sequence[int], Sequence[Fraction], int], int | None],
) -> Aggregate:
    """A mean of class F, row by row over the parts that count, with the decimals of `total`."""

    def build(scheme: Scheme, part: Part, inner: list[Column], outs: Outs) -> Column:
        weights, digits = [p.weight for p in part.parts], scheme.digits["score"]
        rows = zip(*(found.tolist() for found in inner), strict=True)
        if not _any(outs):
            return column([mean(part, row, weights, digits) or 0 for row in rows])
        flags = [[False] * len(inner[0]) if out is None else out.tolist() for out in outs]
        made = []
        for row, out in zip(rows, zip(*flags, strict=True), strict=True):
            left = [(v, w) for v, w, gone in zip(row, weights, out, strict=True) if not gone]
            values, kept = [v for v, _ in left], [w for _, w in left]
            made.append((mean(part, values, kept, digits) or 0) if left else 0)
        return column(made)

    return build


def _harmonic(scheme: Scheme, part: Part, inner: list[Column], outs: Outs) -> Column:
    """Weights over the sum of weights over scores, a fraction rounded once; zero beside a zero."""
    gone = [np.zeros(len(inner[0]), dtype=bool) if out is None else out for out in outs]
    scores = [
        np.where(out, 1, found.astype(object)) for found, out in zip(inner, gone, strict=True)
    ]
    zero = np.zeros(len(inner[0]), dtype=bool)
    product, below, count = (np.full(len(zero), start, dtype=object) for start in (1, 0, 0))
    for found, out, weight in zip(scores, gone, _whole_weights(part), strict=True):
        zero |= found == 0
        safe = np.where(found == 0, 1, found)
        below = below * safe + np.where(out, 0, weight) * product
        product, count = product * safe, count + np.where(out, 0, weight)
    every = count == 0
    above, under = count * product, np.where(every, 1, below)
    return np.asarray(np.where(zero | every, 0, (2 * above + under) // (2 * under)))


AGGREGATES: dict[str, Aggregate] = {
    "weighted_sum": _weighted_sum,
    "arithmetic": _arithmetic,
    "geometric": _mean_by_row(lambda part, v, w, digits: geometric_mean(v, w, digits)),
    "harmonic": _harmonic,
    "power": _mean_by_row(lambda part, v, w, digits: power_mean(v, w, digits, part.exponent)),
}
