"""A first scheme from a few answers: the indicators that cities use most, ready to be edited.

The indicators and their units are those of per-mu evaluations published since 浙政发〔2018〕5号.
Whatever the answers do not settle is written as `status: default`, to be replaced by an article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml


@dataclass(frozen=True)
class Choice:
    """An indicator to choose from."""

    code: str
    label: str
    numerator: str
    denominator: str
    unit: str


FACTS: dict[str, tuple[str, str, str]] = {
    "tax_paid_yuan": ("实缴税金", "yuan", "0.01"),
    "value_added_yuan": ("工业增加值", "yuan", "0.01"),
    "revenue_yuan": ("营业收入", "yuan", "0.01"),
    "rd_yuan": ("研发经费", "yuan", "0.01"),
    "staff_person": ("平均用工人数", "person", "1"),
    "energy_kgce": ("综合能源消费量", "kgce", "0.01"),
    "power_kwh": ("用电量", "kwh", "1"),
    "emission_kg": ("主要污染物排放量", "kg", "0.001"),
    "land_m2": ("用地面积", "m2", "0.01"),
}
CHOICES = (
    Choice("tax_per_mu", "亩均税收", "tax_paid_yuan", "land_m2", "万元/亩"),
    Choice("va_per_mu", "亩均增加值", "value_added_yuan", "land_m2", "万元/亩"),
    Choice("revenue_per_mu", "亩均营业收入", "revenue_yuan", "land_m2", "万元/亩"),
    Choice("va_per_tce", "单位能耗增加值", "value_added_yuan", "energy_kgce", "万元/吨标准煤"),
    Choice("va_per_emission", "单位排放增加值", "value_added_yuan", "emission_kg", "万元/吨"),
    Choice("rd_ratio", "研发经费占比", "rd_yuan", "revenue_yuan", "%"),
    Choice("productivity", "全员劳动生产率", "value_added_yuan", "staff_person", "万元/人"),
    Choice("tax_per_kwh", "单位电耗税收", "tax_paid_yuan", "power_kwh", "元/千瓦时"),
)
BY_CODE = {choice.code: choice for choice in CHOICES}


@dataclass(frozen=True)
class Answers:
    """What a city says of its method; weights by indicator, shares by grade, best grade first."""

    code: str
    label: str
    title: str
    number: str
    year: int
    weights: Mapping[str, Decimal]
    shares: Mapping[str, Decimal]
    cap: Decimal


def scheme_text(answers: Answers) -> str:
    """Return the YAML of a scheme that the engine reads, with a note on what to settle next."""
    return "".join(
        [
            f"# {answers.label}\n",
            "# 由问答生成的初稿。凡 status: default 的，请逐条换成文件的条款（article）。\n",
            "# 检查：wuhao scheme check 本文件；算例写在同名 .cases.yaml，用 wuhao scheme test。\n",
            yaml.safe_dump(_content(answers), allow_unicode=True, sort_keys=False, width=100),
        ]
    )


def _content(answers: Answers) -> dict[str, Any]:
    chosen = [BY_CODE[code] for code in answers.weights]
    used = {name for choice in chosen for name in (choice.numerator, choice.denominator)}
    return {
        "scheme": answers.code,
        "label": answers.label,
        "doc": {
            "no": answers.number or None,
            "title": answers.title,
            "status": "in_force" if answers.number else "draft",
            "period": (answers.year - 1) * 100,
        },
        "effective": {"from": f"{answers.year}-01-01", "to": None},
        "subject": {"column": "uscc", "label": "统一社会信用代码"},
        "digits": {"value": 6, "benchmark": 6, "ratio": 8, "score": 6},
        "facts": {
            code: {"label": label, "unit": unit, "quantum": quantum}
            for code, (label, unit, quantum) in FACTS.items()
            if code in used
        },
        "benchmark": {"kind": "total_over_total", "status": "default"},
        "item": {
            "score": {"kind": "ratio", "cap": f"{answers.cap:f}", "floor": "0"},
            "absent": "zero",
            "status": "default",
        },
        "indicators": {choice.code: _indicator(choice) for choice in chosen},
        "groups": {
            "all": {
                "label": "全部企业",
                "weights": {code: f"{weight:f}" for code, weight in answers.weights.items()},
                "status": "default",
            }
        },
        "tie_break": ["total", chosen[0].code, "subject"],
        "grades": _grades(answers),
    }


def _indicator(choice: Choice) -> dict[str, Any]:
    found = {
        "label": choice.label,
        "numerator": choice.numerator,
        "denominator": choice.denominator,
        "unit": choice.unit,
        "status": "default",
    }
    # Without land there is nothing to judge per mu; nobody becomes the best for having none.
    return {**found, "absent": "not_graded"} if choice.denominator == "land_m2" else found


def _grades(answers: Answers) -> dict[str, Any]:
    """Best grades rounded down, the last one up; the one before it takes what is left."""
    order = list(answers.shares)
    rounding = {grade: "floor" for grade in order}
    rounding[order[-1]] = "ceil"
    rounding[order[-2]] = "rest"
    return {
        "kind": "shares",
        "order": order,
        "share": {grade: f"{share:f}" for grade, share in answers.shares.items()},
        "rounding": rounding,
        "tie": "include_up",
        "status": "default",
    }
