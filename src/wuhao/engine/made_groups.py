"""Groups made by an attribute: a scheme with the groups that a table of facts gives it.

Who is in scope is counted by value; a value with too few goes to a shorter head of it, and at the
end to the group of the rest. A made group has the code `pattern:value`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from wuhao.engine.expression import Condition, Joined
from wuhao.engine.model import By, Group, Indicator, Scheme

Made = Mapping[str, Sequence[str]]
"""The values of which groups are made, in the order in which they take subjects."""


def values_of(by: By, sizes: Mapping[str, int]) -> list[str]:
    """Return the values, and heads of values, that enough subjects have."""
    left = dict(sizes)
    found: list[str] = []
    for length in by.lengths:
        heads: Counter[str] = Counter()
        for value, n in left.items():
            heads[head_of(value, length)] += n
        taken = {head for head, n in heads.items() if head and n >= by.min_size}
        found += sorted(taken)
        left = {value: n for value, n in left.items() if head_of(value, length) not in taken}
    return found


def head_of(value: str, length: int | None) -> str:
    """Return the first characters; nothing where there are not so many."""
    return value if length is None else value[:length] if len(value) >= length else ""


def made_in(scheme: Scheme, codes: Sequence[str]) -> Made:
    """Return the values of which groups were made, from the codes of groups in results."""
    made = {}
    for group in scheme.groups:
        if group.by is not None:
            heads = [
                c.partition(":")[2] for c in codes if c.partition(":")[:2] == (group.code, ":")
            ]
            made[group.code] = sorted(heads, key=lambda head: (-_rank(group.by, head), head))
    return made


def _rank(by: By | None, head: str) -> int:
    """Return what longer heads have more of; whole values are all alike."""
    return len(head) if by is not None and by.lengths != (None,) else 0


def expanded(scheme: Scheme, made: Made) -> Scheme:
    """Return the scheme with groups in place of those that say how groups are made."""
    if all(group.by is None for group in scheme.groups):
        return scheme
    groups: list[Group] = []
    takes: dict[str, list[Condition | None]] = {}
    for group in scheme.groups:
        for when in takes.get(group.code, ()):
            group = replace(group, when=_either(group.when, when))
        if group.by is None:
            groups.append(group)
            continue
        groups += [group.made(value) for value in made[group.code]]
        if group.by.fallback:
            takes.setdefault(group.by.fallback, []).append(group.when)
        else:
            groups.append(replace(group, by=None, made_by=group.code))
    items = {code: _fixed(item, groups) for code, item in scheme.indicators.items()}
    return replace(scheme, groups=tuple(groups), indicators=items, written=scheme)


def _either(left: Condition | None, right: Condition | None) -> Condition | None:
    return None if left is None or right is None else Joined("or", (left, right))


def _fixed(item: Indicator, groups: Sequence[Group]) -> Indicator:
    """A fixed benchmark by group: a made group has its own, or that of its pattern."""
    value = item.benchmark.params.get("value")
    if not isinstance(value, dict):
        return item
    users = [g for g in groups if g.uses(item.code)]
    found = {g.code: value.get(g.code, value.get(g.made_by)) for g in users}
    params = {**item.benchmark.params, "value": found}
    return replace(item, benchmark=replace(item.benchmark, params=params))
