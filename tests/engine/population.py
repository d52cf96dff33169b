"""A scheme with every kind of rule, and made-up populations with every kind of trouble."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from wuhao.engine.model import Scheme

CONTENT: dict[str, Any] = {
    "scheme": "population",
    "label": "试验方案",
    "doc": {"title": "试验"},
    "effective": {"from": "2022-01-01", "to": None},
    "subject": {"column": "code"},
    "digits": {"value": 4, "benchmark": 5, "ratio": 6, "score": 5},
    "facts": {
        "tax_yuan": {"unit": "yuan", "quantum": "0.01"},
        "refund_yuan": {
            "unit": "yuan",
            "quantum": "0.01",
            "missing": "zero",
            "not_applicable": "zero",
        },
        "land_m2": {"unit": "m2", "quantum": "0.01"},
        "cod_kg": {"unit": "kg", "quantum": "0.001"},
        "so2_kg": {"unit": "kg", "quantum": "0.001"},
        "vetoed": {"unit": "1", "quantum": "1", "optional": True},
        "capped": {"unit": "1", "quantum": "1", "optional": True},
        "lifted": {"unit": "1", "quantum": "1", "optional": True},
    },
    "attributes": {"scale": {}, "sector": {}},
    "quantities": {
        "tax_counted": "tax_yuan - refund_yuan",
        "emission": "cod_kg / 2 + so2_kg * 0.95",
    },
    "scope": {
        "exclude": [
            {"id": "utility", "when": 'starts(sector, "D4", "N7")', "status": "default"},
            {"id": "small", "when": 'scale == "below" and land_m2 < "5 亩"', "status": "default"},
        ]
    },
    "benchmark": {"kind": "total_over_total", "status": "default"},
    "item": {
        "score": {"kind": "ratio", "cap": "1.5", "floor": "0"},
        "absent": "zero",
        "status": "default",
    },
    "indicators": {
        "tax_per_mu": {
            "numerator": "tax_counted",
            "denominator": "land_m2",
            "unit": "万元/亩",
            "absent": "not_graded",
            "status": "default",
        },
        "tax_per_ton": {
            "numerator": "tax_counted",
            "denominator": "emission",
            "unit": "万元/吨",
            "benchmark": {"kind": "mean_of_values", "times": "2"},
            "score": {"kind": "ratio", "cap": "2", "floor": "0.1"},
            "absent": {"missing": "group_average", "zero_denominator": "group_average"},
            "status": "default",
        },
        "tax": {
            "numerator": "tax_counted",
            "unit": "万元",
            "benchmark": {"kind": "fixed", "value": "30"},
            "status": "default",
        },
    },
    "groups": {
        "above": {
            "when": 'scale == "above"',
            "weights": {"tax_per_mu": "62.5", "tax_per_ton": "37.5"},
            "status": "default",
        },
        "below": {
            "when": 'scale == "below"',
            "weights": {"tax_per_mu": 70, "tax": 30},
            "status": "default",
        },
    },
    "adjustments": [
        {"id": "veto", "kind": "veto", "when": "vetoed == 1", "to": "D", "status": "default"},
        {"id": "cap", "kind": "cap", "when": "capped == 1", "to": "C", "status": "default"},
        {"id": "lift", "kind": "lift", "when": "lifted == 1", "to": "B", "status": "default"},
    ],
    "tie_break": ["total", "tax_per_mu", "tax_counted", "subject"],
    "grades": {
        "kind": "shares",
        "order": ["A", "B", "C", "D"],
        "share": {"A": 20, "B": 55, "C": 20, "D": 5},
        "rounding": {"A": "floor", "B": "floor", "C": "rest", "D": "ceil"},
        "status": "default",
    },
}
NUMBERS = ("tax_yuan", "refund_yuan", "land_m2", "cod_kg", "so2_kg")


def population(seed: int, n: int, most: int) -> list[dict[str, Any]]:
    """n subjects; `most` is the largest number: a small one makes ties."""
    made = random.Random(seed)
    below = made.choice([0.0, 0.3, 1.0])
    rows = []
    for at in range(n):
        row: dict[str, Any] = {
            "subject": f"{made.randrange(10**6):06d}甲{at}",
            "scale": "below" if made.random() < below else made.choice(["above"] * 9 + [None]),
            "sector": made.choice(["C33", "C26", "D44", None]),
        }
        for code in NUMBERS:
            row[code] = made.choice(
                [*[made.randint(-most // 20, most)] * 12, None, "zero", "n/a", 0]
            )
        for code in ("vetoed", "capped", "lifted"):
            row[code] = made.choice([0, 0, 0, 0, 0, 1, None])
        rows.append(row)
    return rows


def scales(scheme: Scheme) -> dict[str, Fraction]:
    """The step of every numerator and denominator column, in base units."""
    found = {}
    for item in scheme.indicators.values():
        found[f"{item.code}__num"] = item.numerator.scale
        found[f"{item.code}__den"] = item.denominator.scale if item.denominator else Fraction(1)
    return found
