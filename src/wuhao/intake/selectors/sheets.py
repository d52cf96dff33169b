"""Reads of a batch's sheets: a source cell among its neighbours, and how a sheet was understood."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc
from django.utils.translation import gettext as _

from wuhao.core.errors import OutOfScope
from wuhao.core.scope import grant_of
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.catalogue import template
from wuhao.intake.headings import Matched, match
from wuhao.intake.models import Batch, CellEdit
from wuhao.intake.reader.model import (
    ColumnFound,
    ErrorValue,
    Sheet,
    TableFound,
    column_index,
    edited,
    letter,
)
from wuhao.intake.reader.ruled import fingerprint
from wuhao.intake.reader.words import shown
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.selectors.batches import batch, described
from wuhao.intake.services.correcting import source_of
from wuhao.intake.services.examining import rules_of, workbook_of
from wuhao.intake.transitions import PROVIDERS

_CELL = re.compile(r"[A-Z]{1,3}([1-9]\d{0,6})")


@dataclass(frozen=True)
class CellInSheet:
    """A source cell with its surroundings: letters, and rows of (number, texts).

    edit: what it was corrected to in the page, by whom and when; None where it stands as sent.
    """

    batch: Mapping[str, Any]
    sheet: str
    cell: str
    letters: list[str]
    rows: list[tuple[int, list[str]]]
    edit: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ColumnRead:
    """A column as it was understood: heading, the template's column (code, or ""), and unit."""

    index: int
    letter: str
    heading: str
    code: str
    unit: str


@dataclass(frozen=True)
class SheetRead:
    """How a sheet of a batch was understood; `rows` are (number, role, texts), some left out.

    role: title, head, data, total, note or empty. known: whether a person had said it before.
    """

    batch: Mapping[str, Any]
    sheet: str
    sheets: list[str]
    header: tuple[int, int]
    first: int
    last: int
    totals: list[int]
    columns: list[ColumnRead]
    letters: list[str]
    rows: list[tuple[int, str, list[str]]]
    count: int
    known: bool


HEAD_ROWS, TAIL_ROWS = 40, 8


def texts_at(viewer: Viewer, no: str, places: Collection[tuple[str, str]]) -> dict[Any, str]:
    """What stands in cells (sheet, cell) of a batch as corrected; unknown ones are left out."""
    source = source_of(batch(viewer, no))
    workbook = edited(read_workbook(source.content, source.name), source.edits)
    grids = {sheet.name: sheet.cells for sheet in workbook.sheets}
    found = {}
    for sheet, cell in places:
        place = _CELL.fullmatch(cell)
        grid = grids.get(sheet)
        if place is None or grid is None or int(place[1]) > len(grid):
            continue
        line, at = grid[int(place[1]) - 1], column_index(cell.rstrip("0123456789"))
        found[sheet, cell] = _padded(line, 0)[at] if at < len(line) else ""
    return found


def sheet_read(viewer: Viewer, no: str, name: str = "") -> SheetRead:
    """How a sheet of a batch is read: the one named, else the first with a table of the template.

    Raises OutOfScope out of reach or for a sheet that is not there.
    """
    found = batch(viewer, no)
    wanted, source = template(found.template), source_of(found)
    workbook = workbook_of(wanted, source)
    sheet = _sheet_named(workbook.sheets, name)
    if sheet is None:
        raise OutOfScope(_("没有您能看到的工作表“%(name)s”。") % {"name": name})
    rules = rules_of(wanted, source)
    known = any(fingerprint(sheet, rows) == mark for rows, mark in rules)
    table = sheet.tables[0] if sheet.tables else TableFound((0, 0), [], [])
    matched = {m.found.index: m for m in match(wanted, sheet, table).columns}
    width = max((len(line) for line in sheet.cells), default=0)
    count = len(sheet.cells)
    numbers = sorted(
        {*range(1, min(count, HEAD_ROWS) + 1), *range(max(1, count - TAIL_ROWS), count + 1)}
    )
    return SheetRead(
        batch=described(found),
        sheet=sheet.name,
        sheets=[one.name for one in workbook.sheets if one.cells],
        header=table.header_rows,
        first=table.first_row,
        last=table.last_row,
        totals=table.totals_rows,
        columns=[_column_read(column, matched.get(column.index)) for column in table.columns],
        letters=[letter(index) for index in range(width)],
        rows=[(n, _role(table, n), _padded(sheet.cells[n - 1], width)) for n in numbers],
        count=count,
        known=known,
    )


def _sheet_named(sheets: list[Sheet], name: str) -> Sheet | None:
    if name:
        return next((sheet for sheet in sheets if sheet.name == name), None)
    shown_first = sorted(sheets, key=lambda sheet: (not sheet.tables, not sheet.visible))
    return shown_first[0] if shown_first else None


def _column_read(column: ColumnFound, matched: Matched | None) -> ColumnRead:
    unit = matched.unit.label if matched and matched.unit else column.unit
    code = matched.column.code if matched else ""
    return ColumnRead(column.index, column.letter, "/".join(column.path), code, unit)


def _role(table: TableFound, number: int) -> str:
    top, bottom = table.header_rows
    if number < top:
        return "title"
    if number <= bottom:
        return "head"
    if number in table.totals_rows:
        return "total"
    if number in table.data_rows:
        return "data"
    return "note" if any(row == number for row, _text in table.notes) else "empty"


def cell_context(viewer: Viewer, no: str, sheet: str, cell: str, around: int = 6) -> CellInSheet:
    """A source cell in its sheet as the office sent it: headings and the rows around the cell.

    An enterprise sees the headings and its own row alone. Raises OutOfScope for everybody whose
    post does not reach the office's figures, and for a cell that is not in the sheet.
    """
    outside = OutOfScope(
        _("没有您能看到的单元格 %(sheet)s!%(cell)s。") % {"sheet": sheet, "cell": cell}
    )
    found = Batch.objects.select_related("office", "file").filter(no=no).first()
    place = _CELL.fullmatch(cell)
    if found is None or place is None:
        raise outside
    row_no = int(place[1])
    whole = _reaches_whole(viewer, found)
    if not whole and not _owns_row(viewer, found, sheet, row_no):
        raise outside
    grid = _grid(found, sheet)
    if grid is None or row_no > len(grid):
        raise outside
    near = range(row_no - around, row_no + around + 1) if whole else [row_no]
    numbers = sorted({*range(1, _first_data_row(found, sheet)), *near} & {*range(1, len(grid) + 1)})
    width = max(len(row) for row in grid)
    return CellInSheet(
        described(found),
        sheet,
        cell,
        [letter(index) for index in range(width)],
        [(number, _padded(grid[number - 1], width)) for number in numbers],
        CellEdit.objects.filter(batch=found, sheet=sheet, cell=cell)
        .values("before", "after", "at", "by__user__name")
        .first(),
    )


def _reaches_whole(viewer: Viewer, batch: Batch) -> bool:
    """Whether a post sees all rows of a batch: its own office, or every class on every row."""
    grant = grant_of(viewer.role)
    if viewer.role in PROVIDERS:
        return bool(viewer.office) and viewer.office == batch.office.code
    return grant.rows == "all" and "secret" in grant.classes


def _owns_row(viewer: Viewer, batch: Batch, sheet: str, row_no: int) -> bool:
    """Whether a row of an accepted batch speaks of the viewer's own enterprise."""
    if grant_of(viewer.role).rows != "own" or not viewer.own_key:
        return False
    if batch.status != Batch.Status.ACCEPTED:
        return False
    codes = [c.code for c in template(batch.template).columns if c.kind == "uscc"]
    rows = store.rows_of(batch.no, ["sheet", "row", *codes])
    mine = rows.filter(pc.and_(pc.equal(rows["sheet"], sheet), pc.equal(rows["row"], row_no)))
    return any(viewer.own_key in mine[code].to_pylist() for code in codes)


def _first_data_row(batch: Batch, sheet: str) -> int:
    rows = store.rows_of(batch.no, ["sheet", "row"])
    first = pc.min(rows.filter(pc.equal(rows["sheet"], sheet))["row"]).as_py()
    return 1 if first is None else int(first)


def _grid(batch: Batch, sheet: str) -> list[list[Any]] | None:
    content = store.path_of(batch.file.digest).read_bytes()
    workbook = read_workbook(content, batch.file.name)
    return next((found.cells for found in workbook.sheets if found.name == sheet), None)


def _padded(row: list[Any], width: int) -> list[str]:
    texts = [value.text if isinstance(value, ErrorValue) else shown(value) for value in row]
    return texts + [""] * (width - len(texts))
