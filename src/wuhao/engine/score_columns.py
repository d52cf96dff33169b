"""The scores of many values under a benchmark, extremes or ranks: the verb `score` by columns.

Scores by a table, between goalposts and against targets of one's own are not here: whoever else
changes, they stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from wuhao.engine.columns import Column, points, scaled, times
from wuhao.engine.exact import INT64_MAX, div, quantise
from wuhao.engine.model import Indicator, Scheme


def moves(item: Indicator) -> bool:
    """Return whether the scores of an item move with the values of others."""
    placed = item.score.name in COMPARED | PLACED or bool(extreme(item))
    return placed and "target" not in item.reads


def compared(
    scheme: Scheme, item: Indicator, full: Fraction, values: Column, bench: int, grown: Column
) -> Column:
    """Return the scores of values against a benchmark; `grown` is what their growth is worth."""
    if item.score.name == "level_growth":
        return points(scheme, full, _level_growth(scheme, item, values, bench, grown))
    by_score: dict[str, Callable[[Scheme, Indicator, Column, int], Column]] = {
        "ratio": _ratio,
        "completion": _ratio,
        "reverse": _reverse,
    }
    return points(scheme, full, by_score[item.score.name](scheme, item, values, bench))


def between(
    scheme: Scheme, item: Indicator, full: Fraction, values: Column, low: int, high: int
) -> Column:
    """Return the scores of values between the least and the greatest; beyond them is as at them."""
    one = 10 ** scheme.digits["ratio"]
    if low >= high:
        return points(scheme, full, np.full(len(values), one, dtype=np.int64))
    base = quantise(Fraction(item.score.params["base"]), scheme.digits["ratio"])
    inside = np.minimum(np.maximum(values, low), high)
    gap = inside - low if item.score.params["better"] == "more" else high - inside
    return points(scheme, full, base + scaled(gap, one - base, high - low))


def near(
    scheme: Scheme, item: Indicator, full: Fraction, values: Column, ideal: int | Column
) -> Column:
    """Return the scores of values by their distance to an extreme; beyond it is as at it."""
    reach = quantise(Fraction(item.score.params["reach"]), scheme.digits["value"])
    gap = ideal - values.astype(object)
    away = np.maximum(gap if extreme(item) == "highest" else -gap, 0)
    left = np.maximum(reach - away, 0)
    return points(scheme, full, scaled(left, 10 ** scheme.digits["ratio"], reach))


def by_rank(scheme: Scheme, item: Indicator, full: Fraction, ahead: Column) -> Column:
    """Return the scores of those with so many before them."""
    digits, params = scheme.digits["ratio"], item.score.params
    step, floor = (quantise(Fraction(params[name]), digits) for name in ("step", "floor"))
    return points(scheme, full, np.maximum(10**digits - ahead * step, floor))


def _limits(scheme: Scheme, item: Indicator) -> tuple[int, int]:
    floor, cap = (
        quantise(Fraction(item.score.params.get(name, 0)), scheme.digits["ratio"])
        for name in ("floor", "cap")
    )
    return floor, cap


def _shift(scheme: Scheme) -> Fraction:
    digits = scheme.digits
    return Fraction(10 ** (digits["benchmark"] + digits["ratio"]), 10 ** digits["value"])


def _ratio(scheme: Scheme, item: Indicator, values: Column, bench: int) -> Column:
    (floor, cap), shift = _limits(scheme, item), _shift(scheme)
    under = bench * shift.denominator
    most = min(div(under * (cap + 1), shift.numerator) + 1, INT64_MAX)
    clamped = np.minimum(np.maximum(values, 0), most)
    ratio = scaled(clamped, shift.numerator, under)
    return np.asarray(np.maximum(np.minimum(ratio, cap), floor))


def _level_growth(
    scheme: Scheme, item: Indicator, values: Column, bench: int, grown: Column
) -> Column:
    """The level and the growth by their shares, in one division."""
    one = 10 ** scheme.digits["ratio"]
    share = quantise(Fraction(item.score.params["level"]), scheme.digits["ratio"])
    level = _ratio(scheme, item, values, bench)
    return scaled(times(level, share) + times(grown, one - share), 1, one)


def _reverse(scheme: Scheme, item: Indicator, values: Column, bench: int) -> Column:
    """2 - value / benchmark, rounded half up, so that what is taken off is rounded half down."""
    (floor, cap), shift = _limits(scheme, item), _shift(scheme)
    two, under = 2 * 10 ** scheme.digits["ratio"], bench * shift.denominator
    most = min(div(under * (two + 1), shift.numerator) + 1, INT64_MAX)
    clamped = np.minimum(np.maximum(values, 0), most)
    ratio = two - scaled(clamped, shift.numerator, under, halves_down=True)
    return np.asarray(np.maximum(np.minimum(ratio, cap), floor))


COMPARED = {"ratio", "completion", "reverse", "level_growth"}
PLACED = {"min_max", "rank_steps"}


def falls(item: Indicator) -> bool:
    """Return whether less is better, for scores that run one way."""
    less = item.score.name == "reverse" or item.score.params.get("better") == "less"
    return less or extreme(item) == "lowest"


def extreme(item: Indicator) -> str:
    """Return which value of many a score is a distance to: "highest", "lowest" or none ("")."""
    ideal = item.score.params.get("ideal", "")
    return ideal if isinstance(ideal, str) else ""
