"""Two batches of one template compared by key: new, changed, unchanged, and missing rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wuhao.intake.templates import Column, Template

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
JOINT = "\x1f"


@dataclass(frozen=True)
class Change:
    """A cell that differs: quanta, date or text before and now, with their states."""

    column: Column
    before: Any
    now: Any
    before_state: int
    now_state: int


@dataclass(frozen=True)
class RowDifference:
    """A row that is new, changed or missing: its key, place in its file, and what differs."""

    kind: str
    key: tuple[str, ...]
    sheet: str
    row: int
    changes: tuple[Change, ...] = ()


class Columns(Protocol):
    """Rows by columns: a table, or a file of which one column is read at a time."""

    num_rows: int
    column_names: list[str]

    def column(self, name: str) -> pa.ChunkedArray: ...


class ColumnsOnDisk:
    """The columns of a Parquet file, each read when it is asked for and not kept."""

    def __init__(self, path: Path) -> None:
        self._file = pq.ParquetFile(path)
        self.num_rows: int = self._file.metadata.num_rows
        self.column_names: list[str] = self._file.schema_arrow.names

    def column(self, name: str) -> pa.ChunkedArray:
        return self._file.read(columns=[name]).column(0)


class Difference:
    """What a batch's rows say against those of an earlier one; column by column, not row by row.

    Of rows that share a key only the first of the earlier batch is compared with.
    """

    def __init__(self, template: Template, now: pa.Table, before: Columns) -> None:
        self.template, self.now, self.before = template, now, before
        keys_now, keys_before = _keys(template, now), _keys(template, before)
        self._at = pc.index_in(keys_now, value_set=keys_before)
        self._gone = pc.invert(pc.is_in(keys_before, value_set=keys_now))
        self._is_new = pc.is_null(self._at)
        self._differs = {
            column.code: self._column_differs(column) for column in _compared(template)
        }

    def _column_differs(self, column: Column) -> Any:
        """Where a column differs; None where the earlier batch had no such column."""
        name, now = _name(column), self.now
        if not self.before.num_rows or name not in self.before.column_names:
            return None
        value, earlier = now.column(name), self._paired(name).cast(now.schema.field(name).type)
        states = (now.column(f"{name}__state"), self._paired(f"{name}__state"))
        unequal = pc.fill_null(pc.not_equal(value, earlier), False)
        return pc.or_(unequal, pc.not_equal(*states)).combine_chunks()

    def _paired(self, name: str) -> pa.ChunkedArray:
        """A column of the earlier batch in the order of the rows that it is compared with."""
        return self.before.column(name).take(self._at.fill_null(0))

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged; `missing`: of the earlier batch, gone now."""
        changed = int(pc.sum(self._changed()).as_py() or 0)
        new = int(pc.sum(self._is_new).as_py() or 0)
        return {
            NEW: new,
            CHANGED: changed,
            UNCHANGED: self.now.num_rows - new - changed,
            "missing": int(pc.sum(self._gone).as_py() or 0),
        }

    def changed_cells(self) -> dict[str, int]:
        """How many cells differ, by column code; columns without any are left out."""
        old = pc.invert(self._is_new)
        counts = {
            code: int(pc.sum(pc.and_(mask, old)).as_py() or 0)
            for code, mask in self._differs.items()
            if mask is not None
        }
        return {code: count for code, count in counts.items() if count}

    def lines(self, kind: str, limit: int) -> list[RowDifference]:
        """The first rows of a kind, in the order of their file."""
        return list(self._lines(kind, limit))

    def _lines(self, kind: str, limit: int) -> Iterator[RowDifference]:
        if kind == "missing":
            for at in pc.indices_nonzero(self._gone).slice(0, limit).to_pylist():
                row = _row(self.before, at)
                yield RowDifference(kind, _key(self.template, row), row["sheet"], row["row"])
            return
        mask = self._is_new if kind == NEW else self._changed()
        for at in pc.indices_nonzero(mask).slice(0, limit).to_pylist():
            yield self._line(kind, at)

    def _line(self, kind: str, at: int) -> RowDifference:
        row = _row(self.now, at)
        changes: tuple[Change, ...] = ()
        if kind == CHANGED:
            earlier = _row(self.before, self._at[at].as_py())
            changes = tuple(
                _change(self.template.column(code), earlier, row)
                for code, mask in self._differs.items()
                if mask is not None and mask[at].as_py()
            )
        return RowDifference(kind, _key(self.template, row), row["sheet"], row["row"], changes)

    def _changed(self) -> Any:
        changed = pa.array([False] * self.now.num_rows, pa.bool_())
        for mask in self._differs.values():
            changed = changed if mask is None else pc.or_(changed, mask)
        return pc.and_(changed, pc.invert(self._is_new))


def _compared(template: Template) -> list[Column]:
    return [column for column in template.columns if column.code not in template.key]


def _row(rows: Columns, at: int) -> dict[str, Any]:
    return {name: rows.column(name)[at].as_py() for name in rows.column_names}


def _keys(template: Template, rows: Columns) -> Any:
    parts = [
        pc.fill_null(rows.column(_name(template.column(code))).cast(pa.string()), "")
        for code in template.key
    ]
    return pc.binary_join_element_wise(*parts, JOINT).combine_chunks()


def _key(template: Template, row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[_name(template.column(code))] or "") for code in template.key)


def _name(column: Column) -> str:
    return column.fact or column.code


def _change(column: Column, before: dict[str, Any], now: dict[str, Any]) -> Change:
    name = _name(column)
    states = (before[f"{name}__state"], now[f"{name}__state"])
    return Change(column, before[name], now[name], *states)
