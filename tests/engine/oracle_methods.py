"""The methods of the oracle, one function a word, in fractions and plain sorting."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from typing import Any

EXTRAS = ("lowest", "highest", "rank", "ideal", "previous", "level", "growth")
"""Columns that only some scores have."""


def half_up(value: Fraction) -> int:
    """Round to a whole number, halves away from zero."""
    return floor(abs(value) + Fraction(1, 2)) * (1 if value >= 0 else -1)


def by_order(rule: dict[str, Any], values: list[Fraction]) -> Fraction:
    if rule["kind"] == "maximum":
        return max(values)
    at = (len(values) - 1) * Fraction(rule.get("share", "0.5"))
    below, above = sorted(values)[floor(at)], sorted(values)[ceil(at)]
    how = rule.get("interpolation", "linear")
    between = below + (above - below) * (at - floor(at))
    return {"lower": below, "higher": above, "linear": between}[how]


def stand_in(oracle: Any, code: str, members: list[dict[str, Any]]) -> None:
    """What is scored where a member has no value: the mean or median of those who have one."""
    values = sorted(r[f"{code}__value"] for r in members if r[f"{code}__value"] is not None)
    absent = oracle.item_rule(code, "absent", members[0]["part"] if members else None)
    n = len(values)
    for row in members:
        how = absent.get(row[f"{code}__note"])
        if not values or row[f"{code}__value"] is not None:
            continue
        if how == "group_mean_value":
            row[f"{code}__used"] = half_up(Fraction(sum(values), n))
        elif how == "group_median_value":
            middle = values[(n - 1) // 2] + values[n // 2]
            row[f"{code}__used"] = half_up(Fraction(middle, 2))


def extras(
    oracle: Any, code: str, rule: dict[str, Any], row: dict[str, Any], of: list[dict[str, Any]]
) -> None:
    """Columns that only some scores have."""
    if rule["kind"] == "distance":
        values = [r[f"{code}__value"] for r in of if r[f"{code}__value"] is not None]
        wanted = {"highest": max, "lowest": min}.get(rule["ideal"])
        stated = Fraction(rule["ideal"]) * 10 ** oracle.digits["value"] if not wanted else 0
        row[f"{code}__ideal"] = wanted(values, default=None) if wanted else int(stated)
    if rule["kind"] == "level_growth" and row[f"{code}__value"] is not None:
        before = oracle.own(code, rule["previous"], rule.get("over"), row)
        if before is not None:
            row[f"{code}__previous"] = half_up(before * 10 ** oracle.digits["value"])
    if rule["kind"] == "min_max":
        values = [r[f"{code}__value"] for r in of if r[f"{code}__value"] is not None]
        row[f"{code}__lowest"] = min(values, default=None)
        row[f"{code}__highest"] = max(values, default=None)
    mine = row[f"{code}__used"]
    if rule["kind"] == "rank_steps" and mine is not None:
        sign = -1 if rule.get("better") == "less" else 1
        used = [r[f"{code}__used"] for r in of if r[f"{code}__used"] is not None]
        row[f"{code}__rank"] = 1 + sum(1 for x in used if x * sign > mine * sign)


def _limits(oracle: Any, rule: dict[str, Any], cap: str) -> tuple[int, int, int]:
    scale = 10 ** oracle.digits["ratio"]
    low = half_up(Fraction(rule.get("floor", "0")) * scale)
    return low, half_up(Fraction(rule.get("cap", cap)) * scale), scale


def _compared(oracle: Any, code: str, row: dict[str, Any]) -> Fraction:
    value = Fraction(row[f"{code}__used"], 10 ** oracle.digits["value"])
    bench = Fraction(row[f"{code}__benchmark"], 10 ** oracle.digits["benchmark"])
    return max(value, Fraction(0)) / bench


def _limited(ratio: int, low: int, cap: int, value: int) -> tuple[int, str | None]:
    over, under = ratio > cap, ratio < low
    note = "negative" if value < 0 else "capped" if over else "floored" if under else None
    return max(min(ratio, cap), low), note


def ratio(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    low, cap, scale = _limits(oracle, rule, "1")
    found = half_up(_compared(oracle, code, row) * scale)
    return _limited(found, low, cap, row[f"{code}__used"])


def reverse(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    low, cap, scale = _limits(oracle, rule, "2")
    found = half_up((2 - _compared(oracle, code, row)) * scale)
    return _limited(found, low, cap, row[f"{code}__used"])


def completion(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    return ratio(oracle, code, {"cap": "1", **rule}, row)


def distance(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    away = Fraction(abs(row[f"{code}__used"] - row[f"{code}__ideal"]), 10 ** oracle.digits["value"])
    share = 1 - away / Fraction(rule["reach"])
    worth = half_up(max(share, Fraction(0)) * 10 ** oracle.digits["ratio"])
    return worth, "floored" if share < 0 else None


def level_growth(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    level, note = ratio(oracle, code, {"cap": rule.get("cap", "1")}, row)
    before, scale = row[f"{code}__previous"], 10 ** oracle.digits["ratio"]
    grown = 0
    if before is None or before <= 0:
        note = "no_growth"
    else:
        rate = Fraction(row[f"{code}__used"] - before, before) / Fraction(rule["full_growth"])
        grown = half_up(min(max(rate, Fraction(0)), Fraction(1)) * scale)
    row |= {f"{code}__level": level, f"{code}__growth": grown}
    share = Fraction(rule["level"])
    return half_up(share * level + (1 - share) * grown), note


def trimmed_mean(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    share = Fraction(row[f"{code}__used"], 10 ** oracle.digits["value"]) / Fraction(rule["full"])
    worth = half_up(min(max(share, Fraction(0)), Fraction(1)) * 10 ** oracle.digits["ratio"])
    return worth, "capped" if share > 1 else "negative" if share < 0 else None


def min_max(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    low, high = row[f"{code}__lowest"], row[f"{code}__highest"]
    base, place = Fraction(rule.get("base", "0")), Fraction(1)
    if low < high:
        place = Fraction(row[f"{code}__used"] - low, high - low)
        place = 1 - place if rule.get("better") == "less" else place
    found = Fraction(1) if low == high else base + (1 - base) * place
    return half_up(found * 10 ** oracle.digits["ratio"]), None


def interval(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    value = Fraction(row[f"{code}__used"], 10 ** oracle.digits["value"])
    worth = Fraction(rule.get("below", "0"))
    for line in reversed(rule["table"]):
        worth = Fraction(line["share"]) if value >= Fraction(line["at_least"]) else worth
    return half_up(worth * 10 ** oracle.digits["ratio"]), None


def rank_steps(oracle: Any, code: str, rule: Any, row: dict[str, Any]) -> tuple[int, str | None]:
    low = Fraction(rule.get("floor", "0"))
    found = 1 - (row[f"{code}__rank"] - 1) * Fraction(rule["step"])
    note = "floored" if found < low else None
    return half_up(max(found, low) * 10 ** oracle.digits["ratio"]), note


SCORES = {
    "ratio": ratio,
    "reverse": reverse,
    "min_max": min_max,
    "interval": interval,
    "rank_steps": rank_steps,
    "completion": completion,
    "distance": distance,
    "level_growth": level_growth,
    "trimmed_mean": trimmed_mean,
}
COMPARED = ("ratio", "reverse", "completion", "level_growth")


def mean(
    kind: str, scores: list[Fraction], weights: list[Fraction], scale: int, exponent: str | None
) -> int:
    """A weighted mean of scores in quanta, by 60 digits where it is not a fraction."""
    whole = sum(weights, Fraction(0))
    pairs = list(zip(scores, weights, strict=True))
    if kind == "arithmetic":
        return half_up(sum((s * w for s, w in pairs), Fraction(0)) / whole)
    if kind == "harmonic":
        below = sum((w / s for s, w in pairs if s), Fraction(0))
        return 0 if 0 in scores else half_up(whole / below)
    with localcontext() as context:
        context.prec = 60
        if kind == "geometric":
            if 0 in scores:
                return 0
            logs = [_decimal(s / scale).ln() * _decimal(w / whole) for s, w in pairs]
            found = sum(logs, Decimal(0)).exp()
        else:
            power = Decimal(str(exponent))
            if 0 in scores and power < 0:
                return 0
            found = sum(
                (_decimal(s / scale) ** power * _decimal(w / whole) for s, w in pairs if s),
                Decimal(0),
            )
            found = found ** (1 / power) if found else found
        return half_up(Fraction(found) * scale)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
