"""What was understood of a workbook, as plain data: what `wuhao workbook show` prints."""

from __future__ import annotations

from typing import Any

from wuhao.intake.reader.heading import cell
from wuhao.intake.reader.model import Sheet, TableFound, Workbook, letter
from wuhao.intake.reader.words import blank, heading_measure, shown, subtotal_label, totals_label


def workbook_told(workbook: Workbook) -> dict[str, Any]:
    """A workbook with its sheets and tables; rows count from 1, columns are letters."""
    return {"file": workbook.name, "sheets": [_sheet(sheet) for sheet in workbook.sheets]}


def _sheet(sheet: Sheet) -> dict[str, Any]:
    filled = [at for at, row in enumerate(sheet.cells, start=1) if any(not blank(v) for v in row)]
    told = {
        "name": sheet.name,
        "visible": sheet.visible,
        "rows": filled[-1] if filled else 0,
        "columns": max((len(row) for row in sheet.cells), default=0),
        "hidden_rows": list(sheet.hidden_rows),
        "hidden_columns": [letter(index) for index in sheet.hidden_columns],
        "formulas": sheet.formulas,
        "tables": [_table(sheet, table) for table in sheet.tables],
    }
    if not sheet.tables:
        told["notes"] = [
            {"row": at, "text": " ".join(shown(v) for v in sheet.cells[at - 1] if not blank(v))}
            for at in filled
        ]
    return told


def _table(sheet: Sheet, table: TableFound) -> dict[str, Any]:
    columns = [column.letter for column in table.columns]
    first, last = columns[0], columns[-1]
    below = [*table.data_rows, *table.totals_rows]
    return {
        "header_rows": list(table.header_rows),
        "data_range": f"{first}{min(below)}:{last}{max(below)}" if below else "",
        "data_rows": len(table.data_rows),
        "first_row": table.first_row,
        "last_row": table.last_row,
        "columns": [
            {
                "column": column.letter,
                "heading": list(column.path),
                "unit": column.unit or heading_measure(column.label),
                "type": column.kind,
                "total": totals_label(column.label),
            }
            for column in table.columns
        ],
        "row_units": _row_units(sheet, table),
        "units": table.units,
        "totals_rows": [
            {"row": number, "subtotal": any(subtotal_label(v) for v in sheet.cells[number - 1])}
            for number in table.totals_rows
        ],
        "notes": [{"row": row, "text": text} for row, text in table.notes],
        "beside": [
            {"cell": f"{letter(column)}{row}", "text": text} for row, column, text in table.beside
        ],
    }


def _row_units(sheet: Sheet, table: TableFound) -> list[dict[str, Any]]:
    """The units that labels of rows name in brackets, as statistical yearbooks have them."""
    first = table.columns[0].index
    labels = ((number, cell(sheet.cells[number - 1], first)) for number in table.data_rows)
    return [
        {"row": number, "unit": unit}
        for number, label in labels
        if isinstance(label, str) and (unit := heading_measure(label))
    ]
