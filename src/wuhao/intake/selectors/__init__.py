"""Reads of intake, one file a noun."""

from wuhao.intake.selectors.batches import (
    accepted_templates,
    all_templates,
    batch,
    batches,
    count_accepted,
    described,
    difference,
    edits,
    findings,
    may_read,
    offices_reporting,
    original,
    receipt,
    scan,
    templates,
)
from wuhao.intake.selectors.sheets import (
    CellInSheet,
    ColumnRead,
    SheetRead,
    cell_context,
    sheet_read,
)

__all__ = [
    "CellInSheet",
    "ColumnRead",
    "SheetRead",
    "accepted_templates",
    "all_templates",
    "batch",
    "batches",
    "cell_context",
    "count_accepted",
    "described",
    "difference",
    "edits",
    "findings",
    "may_read",
    "offices_reporting",
    "original",
    "receipt",
    "scan",
    "sheet_read",
    "templates",
]
