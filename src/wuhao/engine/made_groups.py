"""Groups made by an attribute: a scheme with the groups that a table of facts gives it.

Who is in scope is counted by value; a value with too few goes to a shorter head of it, and at the
end to the group of the rest. A made group has the code `pattern:value`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine import ir
from wuhao.engine.backends import Backend, Runner
from wuhao.engine.expression import Condition, Joined
from wuhao.engine.model import By, Group, Indicator, Scheme
from wuhao.engine.verbs.measure import place

Made = Mapping[str, Sequence[str]]
"""The values of which groups are made, in the order in which they take subjects."""
SHOWN = 5


def with_made_groups(
    scheme: Scheme, backend: Backend, source: pa.Table
) -> tuple[Scheme, list[str]]:
    """Return the scheme with the groups that the subjects in scope make, and notes on it."""
    patterns = [group for group in scheme.groups if group.by is not None]
    if not patterns:
        return scheme, []
    names = tuple(dict.fromkeys(group.by.attribute for group in patterns if group.by))
    placed = place(scheme, ir.Source("facts"))
    rows = Runner(backend, {"facts": source}).run(ir.Pick(placed, ("subject_no", "part", *names)))
    made, notes = {}, []
    for number, group in enumerate(scheme.groups, start=1):
        if group.by is not None:
            here = rows.filter(pc.fill_null(pc.equal(rows.column("part"), number), False))
            counts = pc.value_counts(here.column(group.by.attribute)).to_pylist()
            sizes = {item["values"]: item["counts"] for item in counts if item["values"]}
            made[group.code] = values_of(group.by, sizes)
            notes += _note(group, group.by, sizes, made[group.code])
    return expanded(scheme, made), notes


def _note(group: Group, by: By, sizes: Mapping[str, int], made: Sequence[str]) -> list[str]:
    """Name the values of which no group is made, a few of them."""
    small = {_head(value, by.lengths[0]) or value for value in sizes} - set(made)
    if not small:
        return []
    more = f"等 {len(small)} 类" if len(small) > SHOWN else ""
    shown = "、".join(sorted(small)[:SHOWN])
    return [f"{group.label}：{shown}{more} 不足 {by.min_size} 户，并入更宽的组。"]


def values_of(by: By, sizes: Mapping[str, int]) -> list[str]:
    """Return the values, and heads of values, that enough subjects have."""
    left = dict(sizes)
    found: list[str] = []
    for length in by.lengths:
        heads: Counter[str] = Counter()
        for value, n in left.items():
            heads[_head(value, length)] += n
        taken = {head for head, n in heads.items() if head and n >= by.min_size}
        found += sorted(taken)
        left = {value: n for value, n in left.items() if _head(value, length) not in taken}
    return found


def _head(value: str, length: int | None) -> str:
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
    return replace(scheme, groups=tuple(groups), indicators=items)


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
