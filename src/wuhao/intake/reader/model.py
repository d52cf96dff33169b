"""What the reader finds: plain data, rows and columns counted from 1 as Excel shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# A cell as read: None, str, int, float, Decimal, bool, date, datetime, time or ErrorValue.
CellValue = Any


class UnreadableFile(Exception):
    """The file cannot be read at all; the message is the sentence for the reader."""


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell in which Excel shows an error such as #DIV/0!, or a formula without a value."""

    text: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range, 0-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class ColumnFound:
    """A column: 0-based index, heading as written, its path through the levels, unit and kind.

    The kind is what its first cells hold: number, date, text, mixed or empty. `given` is the
    template's column that a person said it is, `-` for none.
    """

    index: int
    label: str
    unit: str = ""
    path: tuple[str, ...] = ()
    kind: str = ""
    given: str = ""

    @property
    def letter(self) -> str:
        """The column's letter as Excel shows it."""
        return letter(self.index)


@dataclass(frozen=True)
class TableFound:
    """A table in a sheet; all row numbers are 1-based.

    beside: cells outside of its columns, each with row (1-based) and column (0-based).
    """

    header_rows: tuple[int, int]
    columns: list[ColumnFound]
    data_rows: list[int]
    totals_rows: list[int] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    beside: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def first_row(self) -> int:
        """The first data row, 0 when there is none."""
        return self.data_rows[0] if self.data_rows else 0

    @property
    def last_row(self) -> int:
        """The last data row, 0 when there is none."""
        return self.data_rows[-1] if self.data_rows else 0


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells from A1 on, row by row, and the tables found in it.

    Hidden rows count from 1, hidden columns from 0; both and formulas are known of .xlsx alone.
    """

    name: str
    cells: list[list[CellValue]]
    merged: list[Merged] = field(default_factory=list)
    visible: bool = True
    tables: list[TableFound] = field(default_factory=list)
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    formulas: int = 0
    first_formula: str = ""


@dataclass(frozen=True)
class Workbook:
    """A file as read."""

    name: str
    sheets: list[Sheet]


def letter(index: int) -> str:
    """The letter of a 0-based column: 0 is A, 26 is AA."""
    text = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(letters: str) -> int:
    """The 0-based index of a column letter. Raises ValueError for anything else."""
    number = 0
    for character in letters.upper():
        if not "A" <= character <= "Z":
            raise ValueError(f"{letters} is not a column letter")
        number = number * 26 + ord(character) - 64
    return number - 1


def edited(workbook: Workbook, edits: Mapping[tuple[str, str], str]) -> Workbook:
    """The workbook with cells (sheet, cell as `D17`) as they were corrected; others untouched."""
    by_sheet: dict[str, list[tuple[int, int, str]]] = {}
    for (name, cell), text in edits.items():
        letters = cell.rstrip("0123456789")
        place = (int(cell[len(letters) :]) - 1, column_index(letters), text)
        by_sheet.setdefault(name, []).append(place)
    sheets = [
        replace(sheet, cells=_edited(sheet.cells, by_sheet[sheet.name]))
        if sheet.name in by_sheet
        else sheet
        for sheet in workbook.sheets
    ]
    return replace(workbook, sheets=sheets)


def _edited(
    cells: list[list[CellValue]], edits: list[tuple[int, int, str]]
) -> list[list[CellValue]]:
    made = list(cells)
    for row, column, text in edits:
        if row < len(made):
            line = [*made[row], *[None] * (column + 1 - len(made[row]))]
            line[column] = text or None
            made[row] = line
    return made
