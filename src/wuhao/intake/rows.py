"""Checked rows as a table: what an accepted batch hands to its effect."""

from typing import Any

import pyarrow as pa

from wuhao.intake.checks import Reading
from wuhao.intake.templates import Column, Template

TYPES = {"amount": pa.int64(), "integer": pa.int64(), "date": pa.date32()}


def rows_table(template: Template, reading: Reading) -> pa.Table:
    """A row per checked row: `sheet`, `row`, and per column its value, state and column letter.

    A fact column bears the fact's code; amounts are quanta of the base unit. The columns are
    `<name>`, `<name>__state` (int8) and `<name>__column` (letter, null where not in the file).
    """
    columns: dict[str, Any] = {
        "sheet": pa.array([row.sheet for row in reading.rows], pa.string()),
        "row": pa.array([row.row_no for row in reading.rows], pa.int32()),
    }
    for column in template.columns:
        columns |= _cells(column, reading)
    return pa.table(columns)


def _cells(column: Column, reading: Reading) -> dict[str, Any]:
    name, code = column.fact or column.code, column.code
    kind = pa.int64() if column.fact else TYPES.get(column.kind, pa.string())
    return {
        name: _joined([kept.arrow(code, kind) for kept in reading.kept], kind),
        f"{name}__state": _joined([kept.arrow_states(code) for kept in reading.kept], pa.int8()),
        f"{name}__column": _joined(
            [kept.arrow_letters(code) for kept in reading.kept], pa.string()
        ),
    }


def _joined(parts: list[pa.Array], kind: pa.DataType) -> pa.Array:
    return parts[0] if len(parts) == 1 else pa.concat_arrays([pa.array([], kind), *parts])


def sums_of(template: Template, rows: pa.Table) -> dict[str, int]:
    """The exact sum in quanta of every amount column, for the receipt."""
    sums = {}
    for column in template.columns:
        if column.kind in ("amount", "integer"):
            name = column.fact or column.code
            sums[name] = sum(value for value in rows.column(name).to_pylist() if value is not None)
    return sums
