"""Give a file back with its findings, whatever kind of table it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from wuhao.intake.annotate.marks import COLOURS, Mark, marks_of
from wuhao.intake.annotate.package import Package
from wuhao.intake.annotate.xlsx import mark_cells
from wuhao.intake.findings import Finding
from wuhao.intake.reader.limits import ZIP_MAGIC
from wuhao.intake.reader.model import ErrorValue, Sheet, Workbook, letter
from wuhao.intake.reader.words import blank

WIDTH = 18


def given_back(data: bytes, workbook: Workbook, findings: Sequence[Finding]) -> bytes:
    """The file as an .xlsx with its cells marked and commented.

    An .xlsx keeps all that it has. Of any other table, and of an .xlsx written by other rules than
    those of ECMA-376's transitional kind, a new workbook is made of its values and merged cells.
    """
    names = [sheet.name for sheet in workbook.sheets]
    marks = marks_of(findings, names)
    if data.startswith(ZIP_MAGIC) and (package := Package(data)).is_plain:
        return mark_cells(package, marks)
    return _copied(workbook, marks)


def _copied(workbook: Workbook, marks: Mapping[str, Mapping[str, Mark]]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        formats = {
            (severity, day): book.add_format(
                ({"bg_color": f"#{COLOURS[severity]}"} if severity else {})
                | ({"num_format": "yyyy-mm-dd"} if day else {})
            )
            for severity in ("", *COLOURS)
            for day in (False, True)
        }
        for sheet in workbook.sheets:
            made = book.add_worksheet(sheet.name[:31])
            made.set_column(0, max((len(row) for row in sheet.cells), default=1), WIDTH)
            _copy(made, sheet, marks.get(sheet.name, {}), formats)
    return stream.getvalue()


def _copy(made: Any, sheet: Sheet, marks: Mapping[str, Mark], formats: Mapping[Any, Any]) -> None:
    for row, line in enumerate(sheet.cells):
        for column, value in enumerate(line):
            mark = marks.get(f"{letter(column)}{row + 1}")
            shape = formats[mark.severity if mark else "", isinstance(value, date)]
            _write(made, (row, column), value, shape)
    for merged in sheet.merged:
        value = sheet.cells[merged.top][merged.left] if merged.top < len(sheet.cells) else None
        mark = marks.get(f"{letter(merged.left)}{merged.top + 1}")
        shape = formats[mark.severity if mark else "", isinstance(value, date)]
        ends = (merged.top, merged.left, merged.bottom, merged.right)
        made.merge_range(*ends, "", shape)
        _write(made, ends[:2], value, shape)
    for cell, mark in marks.items():
        made.write_comment(cell, mark.text, {"x_scale": 2})


def _write(made: Any, place: tuple[int, int], value: Any, shape: Any) -> None:
    if isinstance(value, ErrorValue):
        made.write_string(*place, value.text, shape)
    elif isinstance(value, date):
        made.write_datetime(*place, value, shape)
    elif blank(value):
        made.write_blank(*place, None, shape)
    elif isinstance(value, str):
        made.write_string(*place, value, shape)
    else:
        made.write(*place, value, shape)
