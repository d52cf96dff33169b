"""Bonus, deduction, factors and limits of the oracle: one walk from the base to the total."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.engine.oracle_methods import half_up


def columns(oracle: Any) -> list[str]:
    """The columns that the lines have in the results."""
    found = [f"{rule['id']}__points" for rule in oracle.content.get("points", [])]
    found += [
        f"{r['id']}__factor" for r in oracle.content.get("points", []) if r["kind"] == "factor"
    ]
    return [*found, *(f"{r['id']}__points" for r in oracle.content.get("point_limits", []))]


def lines(oracle: Any, row: Mapping[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """What every line gives, and the total at the end of them."""
    total, out = result.get("base_total"), {}
    if result["ungraded"] is not None:
        total = None
    rules = oracle.content.get("points", [])
    for at, rule in enumerate(rules):
        code = rule["id"]
        if rule["kind"] == "factor":
            factor = _factor(oracle, rule, row, result["names"])
            out[f"{code}__factor"] = half_up(factor * 10 ** oracle.digits["ratio"])
            change = None if total is None else half_up(total * factor) - total
        else:
            change = _points(oracle, rule, result["names"])
        if "floor" in rule:
            low = Fraction(str(rule["floor"])) * oracle.scale()
            least = None if total is None else min(Fraction(total), low)
            change = None if total is None else int(max(total + change, least) - total)
        out[f"{code}__points"] = change
        total = None if total is None else total + change
        for limit in oracle.content.get("point_limits", []):
            if max(i for i, r in enumerate(rules) if r["id"] in limit["lines"]) == at:
                given = [out[f"{name}__points"] for name in limit["lines"]]
                cut = None if None in given else _cut(oracle, limit, sum(given))
                out[f"{limit['id']}__points"] = cut
                total = None if total is None else total + cut
    return {**out, "total": total}


def _cut(oracle: Any, limit: Mapping[str, Any], given: int) -> int:
    most = int(Fraction(str(limit["at_most"])) * oracle.scale())
    return max(-most, min(most, given)) - given


def _factor(
    oracle: Any, rule: Mapping[str, Any], row: Mapping[str, Any], names: dict[str, Any]
) -> Fraction:
    if "when" in rule and not oracle.value(rule["when"], names):
        return Fraction(1)
    if "times" in rule:
        return Fraction(str(rule["times"]))
    otherwise = rule.get("otherwise", "1")
    return Fraction(str(rule["table"].get(row.get(rule["by"]), otherwise)))


def _points(oracle: Any, rule: Mapping[str, Any], names: dict[str, Any]) -> int:
    if "when" in rule and not oracle.value(rule["when"], names):
        return 0
    count = oracle.value(rule["events"], names).of if "events" in rule else Fraction(1)
    if count is None:
        return 0
    points = half_up(Fraction(str(rule["each"])) * count * oracle.scale())
    most = Fraction(str(rule.get("at_most", 10**30))) * oracle.scale()
    found = int(min(max(points, 0), most))
    return found if rule["kind"] == "bonus" else -found
