"""What `compare` says, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuhao.engine.exact import show

WHEN = ("before", "after")
KINDS = {
    "split": "两次都有总分",
    "not_split": "按前一方案和后一次的数据没有总分，变化不作拆分",
    "group_changed": "换了评价组，变化不作拆分",
    "appeared": "后一次新出现",
    "vanished": "后一次没有了",
    "included": "由不参评变为参评",
    "excluded": "由参评变为不参评",
    "out_of_scope": "两次都不参评",
    "total_gained": "由没有总分变为有总分",
    "total_lost": "由有总分变为没有总分",
    "no_total": "两次都没有总分",
}
ONE_SIDED = ("appeared", "vanished")
PARTS = {"own": "自身", "benchmark": "基准", "peers": "同组", "rule": "规则"}
STEPS = {"grade_own": "自身变化", "grade_peers": "同组和基准的变化", "grade_rule": "规则变化"}
HEADINGS = {
    "subject": "主体代码", "kind": "情况", "group_before": "前组别", "group_after": "后组别",
    "grade_before": "前等级", "grade_after": "后等级", "rank_before": "前名次",
    "rank_after": "后名次", "total_before": "前总分", "total_after": "后总分",
    "total_change": "总分变化", **{name: f"其中{word}" for name, word in PARTS.items()},
    "rank_change": "名次变化", "grade_change": "等级变化", "grade_own": "等级：自身",
    "grade_peers": "等级：同组和基准", "grade_rule": "等级：规则",
}  # fmt: skip


def sentence(row: Mapping[str, Any], digits: int) -> str:
    """Say how one subject moved, and why."""
    parts = [] if row["kind"] == "split" else [KINDS[row["kind"]]]
    parts.insert(len(parts) * (row["kind"] in ONE_SIDED), _grade(row))
    if row["total_change"] is not None:
        parts.append(_total(row, digits))
    if row["rank_change"] is not None:
        parts.append(f"名次 {row['rank_before']} → {row['rank_after']}")
    if row["grade_change"] and row["grade_own"] is not None:
        parts.append(_causes(row))
    return f"{row['subject']}：{'；'.join(parts)}。"


def _grade(row: Mapping[str, Any]) -> str:
    before, after = (row[f"grade_{when}"] or "未定级" for when in WHEN)
    if row["kind"] in ONE_SIDED:
        return f"等级 {after}" if row["kind"] == "appeared" else f"原为 {before}"
    return f"{before} 档不变" if before == after != "未定级" else f"{before} → {after}"


def _total(row: Mapping[str, Any], digits: int) -> str:
    before, after = (show(row[f"total_{when}"], digits) for when in WHEN)
    found = f"总分 {before} → {after}（{signed(row['total_change'], digits)}"
    if row["own"] is None:
        return f"{found}）"
    parts = (f"{word} {signed(row[name], digits)}" for name, word in PARTS.items())
    return f"{found}：{'，'.join(parts)}）"


def _causes(row: Mapping[str, Any]) -> str:
    moved = "升" if row["grade_change"] > 0 else "降"
    causes = [
        f"{word}使它{'升' if row[name] > 0 else '降'} {abs(row[name])} 档"
        for name, word in STEPS.items()
        if row[name]
    ]
    return f"{moved}档的原因：{'，'.join(causes)}"


def signed(quanta: int, digits: int) -> str:
    """Return quanta with their sign."""
    return f"+{show(quanta, digits)}" if quanta > 0 else show(quanta, digits)
