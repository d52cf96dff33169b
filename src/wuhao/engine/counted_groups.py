"""Groups made by an attribute, counted: who is in scope of a table of facts, by value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine import ir
from wuhao.engine.backends import Backend, Runner
from wuhao.engine.made_groups import expanded, head_of, values_of
from wuhao.engine.model import By, Group, Scheme
from wuhao.engine.verbs.measure import place

SHOWN = 5


def with_made_groups(
    scheme: Scheme, backend: Backend, source: pa.Table, sql: list[str]
) -> tuple[Scheme, list[str]]:
    """Return the scheme with the groups that the subjects in scope make, and notes on it."""
    patterns = [group for group in scheme.groups if group.by is not None]
    if not patterns:
        return scheme, []
    names = tuple(dict.fromkeys(group.by.attribute for group in patterns if group.by))
    placed = place(scheme, ir.Source("facts"))
    rows = Runner(backend, {"facts": source}, sql).run(
        ir.Pick(placed, ("subject_no", "part", *names))
    )
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
    small = {head_of(value, by.lengths[0]) or value for value in sizes} - set(made)
    if not small:
        return []
    more = f"等 {len(small)} 类" if len(small) > SHOWN else ""
    shown = "、".join(sorted(small)[:SHOWN])
    return [f"{group.label}：{shown}{more} 不足 {by.min_size} 户，并入更宽的组。"]
