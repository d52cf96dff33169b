"""Codes of the engine in words for people."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from wuhao.engine.model import (
    Adjustment,
    Basis,
    Factor,
    Indicator,
    PointLimit,
    Points,
    Rule,
    Scheme,
    UnitRule,
)

NOTES = {
    "missing": "数据未报",
    "not_applicable": "数据不适用",
    "zero_denominator": "分母为零",
    "negative_denominator": "分母为负",
    "no_benchmark": "没有大于零的基准值可比，该项人人得零分",
    "capped": "超过封顶，按封顶计",
    "floored": "低于保底，按保底计",
    "negative": "值为负，按零计",
    "no_average": "没有值，本组也无人有得分或值可以代替，得零分",
    "no_growth": "上年值不大于零，无从计算增幅，增幅不得分",
}
TREATMENTS = {"zero": "记零分", "group_average": "取本组该项平均得分", "not_graded": "不定等级"}
TREATMENTS |= {
    "reweigh": "不计该项，其余各项按权重比例放大",
    "group_mean_value": "取本组该项平均值计分",
    "group_median_value": "取本组该项中位值计分",
    "refuse": "不予评价",
}
STATUSES = {
    "in_force": "施行中",
    "default": "默认值",
    "draft": "草案",
    "published": "已公布",
    "excerpt": "只有摘录",
    "reported": "只有报道",
    "text_not_found": "未取得原文",
}
STATES = {1: "零", 2: "未报", 3: "不适用"}
EXEMPTIONS = {"exempt": "免评", "deferred": "暂缓", "ungraded": "不定等级"}
POINTS = {"bonus": "加", "deduction": "扣"}
KINDS = {"veto": "一票否决", "cap": "最高评为", "lift": "不低于"}


def note_text(item: Indicator, note: str | None) -> str:
    """Return a note in words, with what the scheme does about it."""
    if not note:
        return ""
    if note == "no_benchmark" and "target" in item.reads:
        return "目标值不大于零，该项得零分"
    treatment = item.absent.get(note)
    return f"{NOTES[note]}，{TREATMENTS[treatment]}" if treatment else NOTES[note]


def bare_note(note: str | None) -> str:
    """Return a note in words, without what the scheme does about it."""
    return NOTES[note] if note else ""


def ungraded_text(scheme: Scheme, reason: str | None) -> str:
    """Return `zero_denominator:tax_per_mu` in words."""
    if not reason:
        return ""
    lack, _, code = reason.partition(":")
    then = "不定等级" if scheme.grades else "不计总分"
    return f"{scheme.indicators[code].label}：{NOTES[lack]}，{then}"


def excluded_text(scheme: Scheme, reason: str | None) -> str:
    """Return the reason for being left out in words."""
    if not reason:
        return ""
    labels = {rule.code: rule.label + exemption_text(rule) for rule in scheme.exclusions}
    labels |= {rule.code: f"{rule.label}（并入评价）" for rule in units_of(scheme)}
    return labels.get(reason, "不属于任何评价组")


def units_of(scheme: Scheme) -> tuple[UnitRule, ...]:
    """Return the rules of evaluation units."""
    return scheme.units.rules if scheme.units else ()


def unit_text(rule: UnitRule) -> str:
    """Return what a rule of evaluation units does."""
    how = "分别评价并合并评价" if rule.separately else "合并评价"
    who = f"并入 {rule.owner} 所指的主体" if rule.owner else f"{'、'.join(rule.by)} 相同的"
    unless = f"，但 {rule.text} 的除外" if rule.text else ""
    return f"{rule.label}：{who}{how}{unless}"


def exemption_text(rule: Rule) -> str:
    """Return the class of an exemption, what it counts as and for how long: （免评，计为 B）."""
    if not rule.exemption:
        return ""
    parts = [EXEMPTIONS[rule.exemption]]
    parts += [f"计为 {rule.counts_as}"] if rule.counts_as else []
    parts += [f"不超过 {rule.years} 年"] if rule.years else []
    return f"（{'，'.join(parts)}）"


def basis_text(basis: Basis) -> str:
    """Return article or status of a rule in words."""
    return basis.article or STATUSES.get(basis.status or "", "")


def benchmark_basis_text(item: Indicator) -> str:
    """Return where a benchmark comes from, where that is not where its item comes from."""
    text = basis_text(item.benchmark_basis) if item.benchmark_basis else ""
    return "" if text == basis_text(item.basis) else text


def formula_text(item: Indicator) -> str:
    """Return numerator over denominator as the scheme writes them."""
    above = item.numerator.text
    return above if item.denominator is None else f"({above}) / ({item.denominator.text})"


def points_text(line: Points | PointLimit, factor: Decimal | None = None) -> str:
    """Return a line of points as the scheme has it: 高新技术企业：每次加 2 分，至多 10 分.

    `factor` is what a total was multiplied by.
    """
    if isinstance(line, PointLimit):
        return f"{line.label}：合计至多 {_short(line.at_most)} 分"
    floor = "" if line.floor is None else f"，总分不低于 {_short(line.floor)}"
    if line.factor is not None:
        return f"{line.label}：{_factor_text(line.factor, factor)}{floor}"
    how = "每次" if line.events else ""
    most = "" if line.at_most is None else f"，至多 {_short(line.at_most)} 分"
    return f"{line.label}：{how}{POINTS[line.kind]} {_short(line.each)} 分{most}{floor}"


def _factor_text(factor: Factor, found: Decimal | None) -> str:
    if found is not None:
        return f"总分乘以 {found.normalize():f}"
    if not factor.attribute:
        return f"总分乘以 {_short(factor.times)}"
    table = "，".join(f"{value} {_short(times)}" for value, times in factor.table)
    return f"总分按 {factor.attribute} 乘以系数（{table}，其余 {_short(factor.times)}）"


def _short(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def adjustment_text(rule: Adjustment) -> str:
    """Return what an adjustment does."""
    what = f"提升 {rule.up} 档" if rule.up else f"{KINDS[rule.kind]} {rule.to}"
    return f"{rule.label}：{what}"
