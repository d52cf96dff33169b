"""The groups of a scheme, read: who is in one, what its items weigh, how it is made and graded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from wuhao.engine.draft import BASIS, Draft, check_identifier, read_basis
from wuhao.engine.findings import nearest, slip_of
from wuhao.engine.grades import group_grades
from wuhao.engine.marks import Mark, optional
from wuhao.engine.model import By, Grades, Group, Indicator, Part
from wuhao.engine.vocabulary import AGGREGATES

_BODY = ("label", "aggregate", "exponent", "weights", "grades", "items")
Own = Callable[[str, Mark, Indicator, Draft], Indicator | None]
"""Reads an item as one group judges it."""
_BY = ("attribute", "first", "wider", "min_size", "fallback", "own")


@dataclass(frozen=True)
class Reading:
    """What groups refer to: items, the common grades, and how an item of one group is read."""

    draft: Draft
    grades: Grades | None
    own: Own
    graded: bool
    """Whether grades are written, though perhaps not as they can be read."""


def read_groups(mark: Mark | None, reading: Reading) -> tuple[Group, ...]:
    """Read the groups, in the order in which they take subjects."""
    groups: list[Group] = []
    pairs = list(mark.items()) if mark is not None else []
    for at, (code, inner) in enumerate(pairs, start=1):
        check_identifier(code, inner)
        found = inner.fields([*_BODY, "when", "by", *BASIS], ["weights"])
        when = reading.draft.condition(found["when"]) if "when" in found else None
        if "weights" not in found:
            read_basis(inner, found)  # what else it lacks is told beside its weights
            continue
        group = _group(code, inner, found, reading)
        if "by" in found:
            later = [other for other, _ in pairs[at:]]
            group = replace(group, by=_by(group, found["by"], reading, later))
        groups.append(replace(group, when=when))
    if mark is not None and not groups:
        mark.wrong("至少要有一个组。")
    if mark is not None:
        _check_levels(mark, [one for group in groups for one in group.written()])
    return tuple(groups)


def _check_levels(mark: Mark, groups: list[Group]) -> None:
    """A level has one column in the results, so it is made of the same parts in every group."""
    found: dict[str, tuple[Part, Group]] = {}
    for group in groups:
        for level in group.root.branches()[:-1]:
            first, other = found.setdefault(level.code, (level, group))
            same = replace(level, weight=first.weight, label=first.label) == first
            if not same:
                mark.wrong(
                    f"“{level.code}”在“{other.label}”与“{group.label}”两组里的构成不同，"
                    "请给其中一个换一个代码。"
                )


def _group(code: str, mark: Mark, found: dict[str, Mark], reading: Reading) -> Group:
    """Read what a group with weights says of its items and grades."""
    basis = read_basis(mark, found)
    kind = optional(found, "aggregate", lambda m: m.choice(AGGREGATES), "weighted_sum")
    root = _branch(code, Fraction(1), kind, found["weights"], reading.draft)
    root = replace(root, exponent=_exponent(mark, found, kind))
    leaves = [leaf.code for leaf in root.leaves()]
    for twice in sorted({leaf for leaf in leaves if leaves.count(leaf) > 1}):
        found["weights"].wrong(f"指标“{twice}”在同一组里写了两次。")
    own = (
        group_grades(found["grades"], reading.grades, reading.graded) if "grades" in found else None
    )
    label = optional(found, "label", Mark.text, code)
    items = _items(found, leaves, reading)
    return Group(code, label, None, root, basis, own, items=items)


def _items(found: dict[str, Mark], codes: list[str], reading: Reading) -> dict[str, Indicator]:
    """Read the items that a group judges in a way of its own; it must use them."""
    made = {}
    for code, inner in found["items"].items() if "items" in found else ():
        item = reading.draft.indicators.get(code)
        if item is None and code in reading.draft.faulty:
            continue
        if item is None or code not in codes:
            inner.wrong(f"本组的 weights 里没有“{code}”{nearest(code, codes)}")
            continue
        own = reading.own(code, inner, item, reading.draft)
        if own is not None:
            made[code] = own
    return made


def _by(group: Group, mark: Mark, reading: Reading, later: list[str]) -> By | None:
    """Read by which attribute groups are made, how large they must be, where the rest go."""
    found = mark.fields(_BY, ["attribute"])
    if "attribute" not in found:
        return None
    attribute = found["attribute"].choice(reading.draft.attributes or ["-"])
    lengths = _lengths(mark, found)
    least = optional(found, "min_size", lambda m: m.whole(1, 10**9), 1)
    fallback = optional(found, "fallback", lambda m: m.choice(later or ["-"]), "")
    own: dict[str, Group] = {}
    for value, inner in found["own"].items() if "own" in found else ():
        body = inner.fields([*_BODY, *BASIS])
        if lengths != (None,) and len(value) not in lengths:
            inner.wrong(f"“{value}”有 {len(value)} 位，而 first 和 wider 没有这个位数。")
        own[value] = _own(f"{group.code}:{value}", inner, body, group, reading)
    return By(attribute, lengths, least, fallback, own)


def _own(code: str, mark: Mark, found: dict[str, Mark], group: Group, reading: Reading) -> Group:
    """Read what a made group has of its own; what it does not write is that of its pattern."""
    label = f"{group.label}：{code.partition(':')[2]}"
    if "weights" in found:
        made = _group(code, mark, found, reading)
        shared = {name: item for name, item in group.items.items() if made.uses(name)}
        return replace(
            made,
            label=optional(found, "label", Mark.text, label),
            grades=made.grades or group.grades,
            items={**shared, **made.items},
        )
    for name in ("aggregate", "exponent"):
        if name in found:
            found[name].wrong(f"写了 {name} 就要写 weights。")
    own = (
        group_grades(found["grades"], reading.grades, reading.graded)
        if "grades" in found
        else group.grades
    )
    label = optional(found, "label", Mark.text, label)
    codes = [leaf.code for leaf in group.root.leaves()]
    items = {**group.items, **_items(found, codes, reading)}
    basis = read_basis(mark, found)
    return replace(group, code=code, label=label, basis=basis, grades=own, items=items)


def _lengths(mark: Mark, found: dict[str, Mark]) -> tuple[int | None, ...]:
    """Read how many leading characters count, and how many where a group is too small."""
    if "first" not in found:
        if "wider" in found:
            found["wider"].wrong("写了 wider 就要写 first（取编码的前几位）。")
        return (None,)
    lengths = [found["first"].whole(1, 99)]
    for inner in found["wider"].list() if "wider" in found else ():
        length = inner.whole(1, 99)
        if length >= lengths[-1]:
            inner.wrong(f"wider 应逐个变短，{length} 位不短于前一个的 {lengths[-1]} 位。")
        lengths.append(length)
    return tuple(lengths)


def _branch(code: str, weight: Fraction, kind: str, mark: Mark, draft: Draft) -> Part:
    taken = mark.names()
    parts = [part for name, inner in mark.items() if (part := _part(name, inner, draft, taken))]
    total = sum((part.weight for part in parts), Fraction(0))
    if not parts:
        mark.wrong("至少要有一个指标。")
    elif kind == "weighted_sum" and total != 100:
        mark.wrong(f"权重合计应为 100，现为 {_plain(total)}。")
    return Part(code, weight, kind, code, tuple(parts))


def _plain(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def _part(name: str, mark: Mark, draft: Draft, taken: set[str]) -> Part | None:
    if not mark.is_mapping():
        if name in draft.indicators:
            return Part(name, _weight(mark), label=draft.indicators[name].label)
        if name not in draft.faulty:
            mark.wrong(f"没有名为“{name}”的指标{nearest(name, draft.indicators)}")
            # What was meant is used by the group, and the weights sum up to those of the file.
            name = slip_of(name, [code for code in draft.indicators if code not in taken]) or name
        return Part(name, _weight(mark))
    found = mark.fields(
        ["weight", "label", "aggregate", "exponent", "weights"], ["weight", "aggregate", "weights"]
    )
    if not {"weight", "aggregate", "weights"} <= set(found):
        return None
    check_identifier(name, mark)
    if name in draft.indicators:
        mark.wrong(f"“{name}”已是指标，这一级请换一个代码。")
    kind = found["aggregate"].choice(AGGREGATES[1:])
    branch = _branch(name, _weight(found["weight"]), kind, found["weights"], draft)
    label = optional(found, "label", Mark.text, name)
    return replace(branch, label=label, exponent=_exponent(mark, found, kind))


def _exponent(mark: Mark, found: dict[str, Mark], kind: str) -> Fraction:
    """Read the exponent that the mean `power` needs, and no other may have."""
    if (kind == "power") != ("exponent" in found):
        mark.wrong("exponent 与 aggregate: power 要一起写。")
        return Fraction(1)
    value = optional(found, "exponent", Mark.decimal, Decimal(1))
    if value == 0:
        found["exponent"].wrong("exponent 不能为零；几何平均请写 geometric。")
        return Fraction(1)
    return Fraction(value)


def _weight(mark: Mark) -> Fraction:
    value = mark.decimal()
    if value <= 0:
        mark.wrong(f"权重应大于零，现为 {mark.text()}。")
        return Fraction(1)
    return Fraction(value)
