"""rank: the place of every subject with a total in its group; ties are broken to the end.

Reads `subject_no`, `part`, `standing`, `in_base` and the tie keys. Adds `ranked` (the part of those
with a standing), `rank`, `base_no` (places taken up to here by those who count for quotas),
`group_size` and `base_size`.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.model import Scheme
from wuhao.engine.verbs.total import tie_column


def rank(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add rank, running places and group sizes."""
    ties = tuple(tie_column(key) for key in scheme.ties)
    keys = [ir.Col("standing"), *(ir.Col(name) for name in ties)]
    # An unknown value stands behind every known one; the order has no nulls.
    ordered = [
        (f"key_{at}", ir.Case(((ir.IsNull(column), ir.Int(-INT64_MAX)),), column))
        for at, column in enumerate(keys)
    ]
    part = ir.Case(((ir.known("standing"), ir.Col("part")),), ir.Null())
    carried = ("subject_no", "part", "standing", "total", "in_base", "rules")
    narrow = ir.Pick(table, (*carried, *ties))
    wide = ir.Extend(narrow, (("ranked", part), *ordered))
    # The keys stand for the ties: what is sorted is as narrow as can be.
    keyed = ir.Pick(wide, (*carried, "ranked", *(name for name, _ in ordered)))
    order = (*(ir.Order(name, descending=True) for name, _ in ordered), ir.Order("subject_no"))
    placed = _placed(scheme, keyed, order)
    sizes = ir.Grouped(
        keyed,
        "ranked",
        (
            ("group_size", ir.Aggregate("count", ir.Col("ranked"))),
            ("base_size", ir.Aggregate("sum", ir.Col("in_base"))),
        ),
    )
    numbered = ir.Pick(placed, (*carried, "ranked", "rank", "base_no"))
    return ir.Matched(
        numbered, ir.Keep(sizes, "sizes", small=True), "ranked", ("group_size", "base_size")
    )


def _placed(scheme: Scheme, table: ir.Table, order: tuple[ir.Order, ...]) -> ir.Table:
    """Add `rank` and `base_no`; where everybody takes up a place, the two count the same."""
    running = [("place", ir.Running("count"))]
    if not all(rule.uses_quota for rule in scheme.adjustments):
        running.append(("base_no", ir.Running("sum", "in_base")))
    numbered = ir.Numbered(table, "ranked", order, tuple(running))
    made: list[tuple[str, ir.Expr]] = [
        ("rank", ir.Case(((ir.known("ranked"), ir.Col("place")),), ir.Null()))
    ]
    if len(running) == 1:
        made.append(("base_no", ir.Col("place")))
    return ir.Extend(numbered, tuple(made))
