"""The place of a value among those who have one: what quantiles, medians and rank steps read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wuhao.engine import ir
from wuhao.engine.verbs.populations import KEYS, named


@dataclass(frozen=True)
class Among:
    """A value, who has it, and among whom; `name` begins the columns that are made."""

    name: str
    value: ir.Expr
    stands: ir.Expr
    key: str = "part"
    falling: bool = False  # the greatest comes first


def placed(table: ir.Table, wanted: Sequence[Among]) -> ir.Table:
    """Add `<name>__place`: 1 is the first; equal values are in the order of the subjects."""
    for one in wanted:
        part, by = f"{one.name}__part", f"{one.name}__by"
        keyed = ir.Extend(
            table,
            (
                (part, ir.Case(((one.stands, ir.Col(one.key)),), ir.Null())),
                (by, ir.Case(((one.stands, one.value),), ir.Int(0))),
            ),
        )
        order = (ir.Order(by, descending=one.falling), ir.Order("subject_no"))
        count = ((f"{one.name}__place", ir.Running("count")),)
        table = ir.Numbered(keyed, part, order, count)
    return table


def ranked(table: ir.Table, wanted: Sequence[Among]) -> ir.Table:
    """Add `<name>__rank`: one more than how many are better, so equal values share it."""
    table = placed(table, wanted)
    for one in wanted:
        tied = ((f"{one.name}__tied", ir.Running("count")),)
        part, by = f"{one.name}__part", f"{one.name}__by"
        table = ir.Numbered(table, part, (ir.Order("subject_no"),), tied, within=(by,))
        before = ir.Arith("-", ir.Col(f"{one.name}__place"), ir.Col(f"{one.name}__tied"))
        rank = ir.Case(((one.stands, ir.add(before, ir.Int(1))),), ir.Null())
        table = ir.Extend(table, ((f"{one.name}__rank", rank),))
    return table


def counted(table: ir.Table, wanted: Sequence[Among], stored: str) -> ir.Table:
    """Add `<name>__of`: how many have a value."""
    for key in KEYS.values():
        counts = [
            (
                f"{one.name}__of",
                ir.Aggregate("count", ir.Case(((one.stands, one.value),), ir.Null())),
            )
            for one in wanted
            if one.key == key
        ]
        if counts:
            grouped = ir.Keep(ir.Grouped(table, key, tuple(counts)), named(stored, key), small=True)
            table = ir.Matched(table, grouped, key, tuple(name for name, _ in counts))
    return table
