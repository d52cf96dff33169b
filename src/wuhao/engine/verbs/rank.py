"""rank: the place of every subject with a total in its group; ties are broken to the end.

Reads `subject_no`, `part`, `standing`, `in_base` and the tie keys. Adds `ranked` (the part of those
with a standing), `rank`, `base_no` (places taken up to here by those who count for quotas),
`group_size` and `base_size`.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.model import Scheme, TieKey


def tie_column(key: TieKey) -> str:
    """Return the column that holds a tie key."""
    return f"{key.name}__value" if key.kind == "indicator" else f"tie__{key.name}"


def rank(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add rank, running places and group sizes."""
    keys = [
        ("standing", ir.Col("standing")),
        *((k.name, ir.Col(tie_column(k))) for k in scheme.ties),
    ]
    # An unknown value stands behind every known one; the order has no nulls.
    ordered = [
        (f"key_{at}", ir.Case(((ir.IsNull(column), ir.Int(-INT64_MAX)),), column))
        for at, (_, column) in enumerate(keys)
    ]
    part = ir.Case(((ir.known("standing"), ir.Col("part")),), ir.Null())
    keyed = ir.Extend(table, (("ranked", part), *ordered))
    order = (*(ir.Order(name, descending=True) for name, _ in ordered), ir.Order("subject_no"))
    running = (("place", ir.Running("count")), ("base_no", ir.Running("sum", "in_base")))
    numbered = ir.Numbered(keyed, "ranked", order, running)
    placed = ir.Extend(
        numbered, (("rank", ir.Case(((ir.known("ranked"), ir.Col("place")),), ir.Null())),)
    )
    sizes = ir.Grouped(
        keyed,
        "ranked",
        (
            ("group_size", ir.Aggregate("count", ir.Col("ranked"))),
            ("base_size", ir.Aggregate("sum", ir.Col("in_base"))),
        ),
    )
    return ir.Matched(
        placed, ir.Keep(sizes, "sizes", small=True), "ranked", ("group_size", "base_size")
    )
