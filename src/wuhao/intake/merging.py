"""One workbook of all that offices handed in: the layout that was sent out, with sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pyarrow as pa
import xlsxwriter

from wuhao.engine.facts import State
from wuhao.intake.blanks import SHEET_NAME, heading_of, written
from wuhao.intake.cells import Cell
from wuhao.intake.proposing import Proposed
from wuhao.intake.reader.model import Sheet, TableFound
from wuhao.intake.reader.words import blank, shown
from wuhao.intake.templates import Column, Template

SOURCES = ("报送单位", "批次", "原表")
WIDTH = 16


@dataclass(frozen=True)
class Part:
    """What one office handed in: its short name, the batch and its checked rows."""

    office: str
    batch: str
    rows: pa.Table


@dataclass(frozen=True)
class Layout:
    """The sheet that was sent out, its table, and which of its columns are asked for."""

    sheet: Sheet
    table: TableFound
    columns: Sequence[Proposed]


def merged(
    template: Template, layout: Layout, parts: Sequence[Part], owing: Sequence[str]
) -> bytes:
    """The merged workbook; offices that still owe are named on a sheet of their own."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        _Merged(book, template, layout).write(parts)
        told = book.add_worksheet("来源")
        told.set_column(0, 2, 26)
        told.write_row(0, 0, ["报送单位", "批次", "行数"])
        for at, part in enumerate(parts, start=1):
            told.write_row(at, 0, [part.office, part.batch, part.rows.num_rows])
        for at, office in enumerate(owing, start=len(parts) + 1):
            told.write_row(at, 0, [office, "未交", ""])
    return stream.getvalue()


class _Merged:
    def __init__(self, book: Any, template: Template, layout: Layout) -> None:
        self.template, self.layout = template, layout
        self.sheet = book.add_worksheet(layout.sheet.name[:SHEET_NAME])
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "border": 1, "align": "center"}
        )
        self.title = book.add_format({"bold": True, "align": "center"})
        self.plain = book.add_format({"border": 1})
        self.day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
        self.width = max(column.index for column in layout.table.columns) + 1
        self.sheet.set_column(0, self.width + len(SOURCES) - 1, WIDTH)

    def write(self, parts: Sequence[Part]) -> None:
        """Head, the rows of every office with their sources, and the notes below."""
        top, bottom = self.layout.table.header_rows
        self._copied(range(bottom), top)
        for at, word in enumerate(SOURCES):
            self.sheet.write_string(bottom - 1, self.width + at, word, self.head)
        row = bottom
        for part in parts:
            for entry in part.rows.to_pylist():
                self._row(row, entry, part)
                row += 1
        self._notes(row + 1)
        self.sheet.freeze_panes(bottom, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0, bottom - 1)

    def _copied(self, rows: range, top: int) -> None:
        """Titles and headings as they stood, merged cells among them."""
        merged = {(m.top, m.left): m for m in self.layout.sheet.merged if m.bottom in rows}
        for at in rows:
            shape = self.title if at + 1 < top else self.head
            for column, value in enumerate(self.layout.sheet.cells[at]):
                area = merged.get((at, column))
                if area is not None and (area.bottom, area.right) != (at, column):
                    ends = (area.top, area.left, area.bottom, area.right)
                    self.sheet.merge_range(*ends, shown(value), shape)
                elif not blank(value):
                    self.sheet.write_string(at, column, shown(value), shape)

    def _row(self, row: int, entry: Mapping[str, Any], part: Part) -> None:
        for proposed in self.layout.columns:
            column = self.template.column(proposed.code)
            self._cell(row, proposed.index, written(column, cell_of(column, entry)))
        source = (part.office, part.batch, f"{entry['sheet']}!{entry['row']}")
        for at, word in enumerate(source):
            self.sheet.write_string(row, self.width + at, word, self.plain)

    def _cell(self, row: int, index: int, value: Any) -> None:
        if value is None:
            self.sheet.write_blank(row, index, None, self.plain)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, index, value, self.day)
        elif isinstance(value, str):
            self.sheet.write_string(row, index, value, self.plain)
        else:
            self.sheet.write_number(row, index, value, self.plain)

    def _notes(self, row: int) -> None:
        last = max([0, *self.layout.table.data_rows, *self.layout.table.totals_rows])
        for number, text in self.layout.table.notes:
            if number > last:
                self.sheet.write_string(row, 0, text)
                row += 1


def cell_of(column: Column, entry: Mapping[str, Any]) -> Cell:
    """A column's cell from a kept row."""
    name = column.fact or column.code
    return Cell(entry[name], State(entry[f"{name}__state"]), entry[f"{name}__column"] or "")


def typed_workbook(template: Template, rows: Sequence[Mapping[str, str]]) -> bytes:
    """A workbook of what was typed into the page: every cell as the text that it was."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(template.title[:SHEET_NAME])
        sheet.set_column(0, len(template.columns), WIDTH)
        for at, column in enumerate(template.columns):
            sheet.write_string(0, at, heading_of(column))
        for number, row in enumerate(rows, start=1):
            for at, column in enumerate(template.columns):
                if text := row.get(column.code, "").strip():
                    sheet.write_string(number, at, text)
    return stream.getvalue()
