"""The ratio behind a score, worked out again for one row of the results, as it is explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wuhao.engine.exact import div, quantise
from wuhao.engine.model import Indicator, Kind, Scheme
from wuhao.engine.verbs.decimals import log_position


def most_of(score: Kind) -> Decimal:
    """Return the ratio of full marks."""
    if score.name == "interval":
        shares = [score.params["below"], *score.params["table"].values()]
        return Decimal(max(shares))
    cap = Decimal(score.params.get("cap", 1))
    if score.name == "level_growth":
        level: Decimal = score.params["level"]
        return level * cap + 1 - level
    return cap


def ratio_in(scheme: Scheme, item: Indicator, row: Mapping[str, Any]) -> int | None:
    """Return the ratio behind the score in a row of the results, in quanta of digits.ratio.

    None where the item has no value of its own, whatever stood in for it.
    """
    value = row.get(f"{item.code}__value")
    if value is None:
        return None
    if item.score.name in BY_ROW:
        return BY_ROW[item.score.name](scheme, item, value, row)
    return ratio_of(scheme, item, value, row.get(f"{item.code}__benchmark"))


def ratio_of(scheme: Scheme, item: Indicator, value: int, benchmark: int | None) -> int | None:
    """Return the ratio behind a score, after floor and cap, in quanta of digits.ratio."""
    digits, params = scheme.digits, item.score.params
    if item.score.name == "goalposts":
        low, high = (quantise(Fraction(params[p]), digits["value"]) for p in ("low", "high"))
        if params["transform"] == "ln":
            return log_position(value, low, high, digits["ratio"])
        return div((min(max(value, low), high) - low) * 10 ** digits["ratio"], high - low)
    if benchmark is None:
        return None
    above = max(value, 0) * 10 ** (digits["benchmark"] + digits["ratio"])
    raw = div(above, benchmark * 10 ** digits["value"])
    return _limited(scheme, item, raw)


def _limited(scheme: Scheme, item: Indicator, raw: int) -> int:
    cap, floor = (
        quantise(Fraction(item.score.params.get(p, 0)), scheme.digits["ratio"])
        for p in ("cap", "floor")
    )
    return max(min(raw, cap), floor)


def _min_max(scheme: Scheme, item: Indicator, value: int, row: Mapping[str, Any]) -> int:
    low, high = (int(row[f"{item.code}__{name}"]) for name in ("lowest", "highest"))
    params = item.score.params
    one: int = 10 ** scheme.digits["ratio"]
    if low == high:
        return one
    gap = value - low if params["better"] == "more" else high - value
    base = quantise(Fraction(params["base"]), scheme.digits["ratio"])
    return div(base * (high - low) + (one - base) * gap, high - low)


def _reverse(scheme: Scheme, item: Indicator, value: int, row: Mapping[str, Any]) -> int | None:
    bench, digits = row[f"{item.code}__benchmark"], scheme.digits
    if bench is None:
        return None
    under = bench * 10 ** digits["value"]
    over = 2 * under - max(value, 0) * 10 ** digits["benchmark"]
    return _limited(scheme, item, div(over * 10 ** digits["ratio"], under))


def _interval(scheme: Scheme, item: Indicator, value: int, row: Mapping[str, Any]) -> int:
    params, digits = item.score.params, scheme.digits
    reached = (
        Fraction(worth)
        for bound, worth in params["table"].items()
        if value >= quantise(Fraction(bound), digits["value"])
    )
    return quantise(next(reached, Fraction(params["below"])), digits["ratio"])


def _rank_steps(scheme: Scheme, item: Indicator, value: int, row: Mapping[str, Any]) -> int:
    digits, params = scheme.digits["ratio"], item.score.params
    step, floor = (quantise(Fraction(params[name]), digits) for name in ("step", "floor"))
    return int(max(10**digits - (row[f"{item.code}__rank"] - 1) * step, floor))


def _distance(scheme: Scheme, item: Indicator, value: int, row: Mapping[str, Any]) -> int:
    reach = quantise(Fraction(item.score.params["reach"]), scheme.digits["value"])
    left = max(reach - abs(value - int(row[f"{item.code}__ideal"])), 0)
    return div(left * 10 ** scheme.digits["ratio"], reach)


def _level_growth(
    scheme: Scheme, item: Indicator, value: int, row: Mapping[str, Any]
) -> int | None:
    level, growth = (row[f"{item.code}__{name}"] for name in ("level", "growth"))
    return None if level is None else weighed(scheme, item, level, growth)


def weighed(scheme: Scheme, item: Indicator, level: int, growth: int) -> int:
    """Return the ratio of a level and a growth, one division of their weighted sum."""
    one: int = 10 ** scheme.digits["ratio"]
    share = quantise(Fraction(item.score.params["level"]), scheme.digits["ratio"])
    return div(level * share + growth * (one - share), one)


def growth_of(scheme: Scheme, item: Indicator, value: int, previous: int | None) -> int:
    """Return the growth on last year as a share of what is full; none where that is not positive.

    It rises with the value and falls with what it is measured from.
    """
    if previous is None or previous <= 0:
        return 0
    one: int = 10 ** scheme.digits["ratio"]
    full = Fraction(item.score.params["full_growth"])
    gain = max(value - previous, 0) * one * full.denominator
    return min(div(gain, previous * full.numerator), one)


def _trimmed_mean(scheme: Scheme, item: Indicator, value: int, row: Mapping[str, Any]) -> int:
    full = quantise(Fraction(item.score.params["full"]), scheme.digits["value"])
    return div(min(max(value, 0), full) * 10 ** scheme.digits["ratio"], full)


BY_ROW: dict[str, Callable[[Scheme, Indicator, int, Mapping[str, Any]], int | None]] = {
    "min_max": _min_max,
    "reverse": _reverse,
    "interval": _interval,
    "rank_steps": _rank_steps,
    "distance": _distance,
    "level_growth": _level_growth,
    "trimmed_mean": _trimmed_mean,
}
