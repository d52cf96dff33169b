"""The words that stand beside a cell: why it has no number, or what was done to it."""

from __future__ import annotations

ABSENT = {
    "missing": "未报",
    "not_applicable": "不适用",
    "zero_denominator": "分母为零",
    "negative_denominator": "分母为负",
    "missing_denominator": "分母未报",
    "no_values": "整列没有值，无从填补",
    "empty_group": "组内没有值，无从填补",
    "no_group": "没有组别，无从填补",
    "not_positive": "不大于零，不能取对数",
    "constant": "各主体的值全都相同",
    "one_value": "只有一个主体有值",
    "no_reference": "参照主体没有值",
    "no_span": "目标值不优于最差值，没有距离可言",
    "too_few": "可用的项不足",
    "negative": "有负数，不能求此种平均",
}
DONE = {
    "imputed": "填补值",
    "imputed_from_all": "组内没有值，用全部主体填补",
    "winsorised": "极端值已收缩",
    "logged": "已取对数",
    "outliers_remain": "收缩到上限仍偏斜，保留原值",
    "unchanged_constant": "各主体的值全都相同，未处理",
    "too_few_points": "不足四个值，未判断偏斜",
    "clipped": "超出界限，按界限计",
    "partial": "缺项，其余各项按权重分摊",
}
REASONS = ABSENT | DONE
