"""What `lifts` says, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wuhao.engine import wording
from wuhao.engine.exact import show
from wuhao.engine.model import Fact, Indicator, Scheme

if TYPE_CHECKING:
    from wuhao.engine.lifts import Change, Joint, Lift, Way

REASONS = {
    "rule": "有一票否决或最高档次的规则在先",
    "no_quota": "本组户数太少，上一档没有名额",
    "not_measured": "该项没有值，须先补报或补齐数据",
    "no_benchmark": wording.NOTES["no_benchmark"],
    "capped": "得到满分（封顶）也达不到",
    "top": "成为基准本身也达不到，再提高只会抬高基准",
    "leaves": "未达到就会不参评、换到别的评价组或评价单元",
    "no_way": "改变该项的数据不会使它变好",
    "beyond": "即使提高到全体最大值的一千倍也达不到",
    "to_zero": "即使降到零也达不到",
    "own_unknown": "本主体自己没有该项的数据，须先补报",
    "no_shortfall": "各项都已满分或没有值，没有差距可补",
    "not_enough": "即使各项差距全部补齐也达不到",
    "undecided": "离界限太近，在限定的步数内无法判定",
}


def settled(scheme: Scheme, row: Mapping[str, Any], reason: str) -> str:
    """Say why there is no next grade to reach."""
    if reason == "excluded" and row.get("unit") not in (None, row["subject"]):
        why = wording.excluded_text(scheme, row["excluded"])
        return f"{why}，等级随评价单元“{row['unit']}”，请查“{row['unit']}”。"
    if reason == "excluded":
        return f"不参评：{wording.excluded_text(scheme, row['excluded'])}。"
    if reason == "ungraded":
        return f"没有定档：{wording.ungraded_text(scheme, row['ungraded'])}，须先补齐数据。"
    return f"已是最高档 {row['grade']}。"


def summary(
    target: str, items: Sequence[Lift], joint: Joint, barrier: str | None, size: int = 1
) -> str:
    """Say what can be done; of a unit of several, whose facts are meant."""
    found = _summary(target, items, joint, barrier)
    if size == 1 or barrier:
        return found
    return f"{found}评价单元共 {size} 户，所说的是牵头主体自己的数据，其他成员的不变。"


def _summary(target: str, items: Sequence[Lift], joint: Joint, barrier: str | None) -> str:
    if barrier:
        return f"各项都不能使它升到 {target} 档：{REASONS[barrier]}。"
    able = [item.label for item in items if item.reached()]
    if able:
        return f"单独提升即可到 {target} 档的指标：{'、'.join(able)}。"
    if joint.share is not None:
        return f"单靠任何一项都到不了 {target} 档，须各项一起提升。"
    return f"单靠任何一项到不了 {target} 档，各项一起补齐也到不了。"


def lift(
    scheme: Scheme,
    item: Indicator,
    note: str | None,
    target: str,
    ways: Sequence[Way],
    reason: str | None,
) -> str:
    """Say what one item can do."""
    if reason is None:
        found = "；或".join(way.sentence for way in ways if way.change)
        return f"{item.label}：{found}，可到 {target} 档。"
    why = REASONS[reason]
    if reason == "no_benchmark" and "target" in item.reads:
        why = wording.note_text(item, reason)
    if reason == "not_measured":
        why = f"{wording.note_text(item, note)}，须先补齐数据"
    return f"{item.label}：单靠此项到不了 {target} 档（{why}）。"


def way(
    scheme: Scheme,
    item: Indicator,
    fact: Fact,
    direction: str,
    change: Change | None,
    value: int | None,
    reason: str | None,
) -> str:
    """Say what one fact alone can do."""
    verb = "提高" if direction == "up" else "减少"
    if change is None:
        return f"{verb}{fact.label}达不到（{REASONS[reason or 'beyond']}）"
    shown = show(value, scheme.digits["value"])
    return f"{_change(change)}（该项达到 {shown} {item.unit}）"


def _change(change: Change) -> str:
    verb = "提高" if change.after > change.before else "减少"
    by = show(abs(change.after - change.before), change.digits)
    before, after = (show(quanta, change.digits) for quanta in (change.before, change.after))
    return f"{change.label}由 {before} {verb} {by} {change.unit} 到 {after} {change.unit}"


def joint(target: str, share: int | None, changes: Sequence[Change], reason: str | None) -> str:
    """Say what all items together can do."""
    if share is None:
        return f"各项一起提升到不了 {target} 档（{REASONS[reason or 'not_enough']}）。"
    parts = "，".join(_change(change) for change in changes)
    return f"各项同时补上离满分差距的 {show(share, 4)}%，可到 {target} 档：{parts}。"
