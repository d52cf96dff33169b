"""Items that a group judges in a way of its own: its benchmark, score or treatment of absence.

Inside an evaluation every way is an item by itself, under a name that no scheme can write, and a
level that holds one is a level by itself; afterwards their columns are put together again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine import ir
from wuhao.engine.model import Group, Indicator, Part, Scheme

Names = dict[str, str]


@dataclass
class _Ways:
    """The ways found so far, and the names of changed levels and items by what they stand for."""

    found: list[tuple[str, Indicator]] = field(default_factory=list)
    base: Names = field(default_factory=dict)

    def name(self, own: Indicator) -> str:
        """Return the name of a way; groups that judge alike share it."""
        for name, known in self.found:
            if known == own:
                return name
        name = f"{own.code}__own{len(self.found) + 1}"
        self.found.append((name, own))
        self.base[name] = own.code
        return name


def with_own_items(scheme: Scheme) -> tuple[Scheme, Names]:
    """Return the scheme with every way as an item, and what each new name stands for."""
    if not any(group.items for group in scheme.groups):
        return scheme, {}
    ways, roots = _Ways(), list[tuple[Part, Part]]()
    groups = [_renamed(group, ways, roots) for group in scheme.groups]
    items: dict[str, Indicator] = {}
    for code, item in scheme.indicators.items():
        items[code] = item
        for name, own in ways.found:
            if own.code == code:
                users = [g for g in groups if g.uses(name)]
                items[name] = _fixed(replace(own, code=name), users)
    return replace(scheme, groups=tuple(groups), indicators=items), ways.base


def _renamed(group: Group, ways: _Ways, roots: list[tuple[Part, Part]]) -> Group:
    names = {code: ways.name(own) for code, own in group.items.items() if group.uses(code)}
    if not names:
        return group
    made = _part(group.root, names, f"__in{len(roots) + 1}")
    for root, known in roots:
        if root == _part(group.root, names, ""):
            made = known
    roots.append((_part(group.root, names, ""), made))
    for old, new in zip(group.root.branches()[:-1], made.branches()[:-1], strict=True):
        if old.code != new.code:
            ways.base[new.code] = old.code
    return replace(group, root=replace(made, code=group.root.code))


def _part(part: Part, names: Names, end: str) -> Part:
    """Rename the items, and the levels that hold one of them."""
    if not part.parts:
        return replace(part, code=names.get(part.code, part.code))
    changed = any(leaf.code in names for leaf in part.leaves())
    parts = tuple(_part(inner, names, end) for inner in part.parts)
    return replace(part, code=f"{part.code}{end}" if changed else part.code, parts=parts)


def _fixed(item: Indicator, users: list[Group]) -> Indicator:
    """A fixed benchmark by group, for the groups that use the way."""
    value = item.benchmark.params.get("value")
    if not isinstance(value, dict):
        return item
    found = {g.code: value.get(g.code, value.get(g.made_by)) for g in users}
    params = {**item.benchmark.params, "value": found}
    return replace(item, benchmark=replace(item.benchmark, params=params))


def with_one_value(scheme: Scheme, base: Mapping[str, str], table: ir.Table) -> ir.Table:
    """Give the items that break ties the values of all their ways."""
    made = []
    for code in dict.fromkeys(key.name for key in scheme.ties if key.kind == "indicator"):
        ways = [f"{name}__value" for name, of in base.items() if of == code]
        if ways:
            branches = tuple((ir.known(way), ir.Col(way)) for way in ways)
            made.append((f"{code}__value", ir.Case(branches, ir.Col(f"{code}__value"))))
    return ir.Extend(table, tuple(made)) if made else table


def put_together(
    scheme: Scheme, base: Mapping[str, str], items: pa.Table, totals: pa.Table
) -> tuple[pa.Table, pa.Table]:
    """Return the tables with the columns of all ways under the names of the scheme."""
    if not base:
        return items, totals
    found: dict[str, list[pa.ChunkedArray]] = {}
    for name in dict.fromkeys([*totals.column_names, *items.column_names]):
        of, _, suffix = name.rpartition("__")
        column = (totals if name in totals.column_names else items).column(name)
        found.setdefault(f"{base.get(of, of)}__{suffix}" if of else name, []).append(column)
    joined = {name: _joined(name, columns) for name, columns in found.items() if len(columns) > 1}
    joined |= {
        name: columns[0]
        for name, columns in found.items()
        if len(columns) == 1 and name not in (*items.column_names, *totals.column_names)
    }
    left = totals.drop_columns([name for name in joined if name in totals.column_names])
    numbers = _public_numbers(scheme, base)
    ungraded = numbers.take(left.column("ungraded_no").cast(pa.int64()))
    at = left.column_names.index("ungraded_no")
    left = left.set_column(at, "ungraded_no", pa.chunked_array([ungraded.combine_chunks()]))
    kept = items.drop_columns([name for name in joined if name in items.column_names])
    for name, column in joined.items():
        kept = kept.append_column(name, column)
    return kept, left


def _joined(name: str, columns: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    """Only one way is a subject's: the others have nothing, as a note the number 0."""
    wide = [column.cast(pa.int64()) for column in columns]
    if name.endswith("__note"):
        return pc.max_element_wise(*wide)
    return pc.coalesce(*wide)


def _public_numbers(scheme: Scheme, base: Mapping[str, str]) -> pa.Array:
    """Return for every reason of having no total the reason by the scheme's own items."""
    inner, _ = with_own_items(scheme)
    public = list(scheme.indicators)
    made = list(range(10))
    for code in inner.indicators:
        number = public.index(base.get(code, code)) + 1
        made += [number * 10 + lack for lack in range(10)]
    return pa.chunked_array([pa.array(made, pa.int64())])
