"""Read a sheet as a person said it is to be read; know the same layout again.

A rule: `header` [top, bottom], `first` and `last` data row (last 0: to the end), `totals` rows,
all from 1 as Excel counts; `columns`: index, code of the template ("" as found, "-" unused), unit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wuhao.intake.reader.model import ColumnFound, Sheet, TableFound, Workbook
from wuhao.intake.reader.words import (
    blank,
    clean,
    heading_unit,
    line_units,
    shown,
    totals_label,
)

UNUSED = "-"
MOST_HEADER_ROWS = 30
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Rule:
    """How a sheet's table is to be read."""

    header: tuple[int, int]
    first: int
    last: int = 0
    totals: tuple[int, ...] = ()
    columns: tuple[tuple[int, str, str], ...] = ()

    def plain(self) -> dict[str, Any]:
        """The rule as it is stored."""
        return {
            "header": list(self.header),
            "first": self.first,
            "last": self.last,
            "totals": list(self.totals),
            "columns": [list(column) for column in self.columns],
        }


def rule_of(plain: Mapping[str, Any]) -> Rule:
    """A stored rule."""
    top, bottom = plain["header"]
    columns = tuple((int(at), str(code), str(unit)) for at, code, unit in plain["columns"])
    return Rule((top, bottom), plain["first"], plain["last"], tuple(plain["totals"]), columns)


def for_another_file(rule: Rule) -> Rule:
    """The rule without the rows at which one file ended or summed up."""
    return replace(rule, last=0, totals=())


def fingerprint(sheet: Sheet, rows: int) -> str:
    """What a layout is known by: the words of its first rows; numbers, as of a year, left out."""
    texts = [
        [_DIGITS.sub("#", clean(shown(value))) for value in line if not blank(value)]
        for line in sheet.cells[:rows]
    ]
    return hashlib.sha256(repr(texts).encode("utf-8")).hexdigest()


def ruled(workbook: Workbook, rules: Mapping[tuple[int, str], Rule]) -> Workbook:
    """The workbook with every sheet of a known layout (rows, fingerprint) read by its rule."""
    return replace(workbook, sheets=[_ruled(sheet, rules) for sheet in workbook.sheets])


def _ruled(sheet: Sheet, rules: Mapping[tuple[int, str], Rule]) -> Sheet:
    for rows in sorted({rows for rows, _ in rules}):
        if len(sheet.cells) >= rows and (rule := rules.get((rows, fingerprint(sheet, rows)))):
            return replace(sheet, tables=[table_by(sheet, rule)])
    return sheet


def table_by(sheet: Sheet, rule: Rule) -> TableFound:
    """The table that a rule describes in a sheet."""
    top, bottom = rule.header
    given = {at: (code, unit) for at, code, unit in rule.columns}
    width = max((len(line) for line in sheet.cells), default=0)
    columns = [
        _column(sheet, index, (top, bottom), given.get(index, ("", "")))
        for index in range(width)
        if any(not blank(_at(sheet, row, index)) for row in range(top, bottom + 1))
        or index in given
    ]
    data, totals = _rows(sheet, rule)
    above = [value for line in sheet.cells[: top - 1] for value in line if not blank(value)]
    units = [unit for value in above for unit in line_units(shown(value))]
    return TableFound((top, bottom), columns, data, totals, units=units)


def _rows(sheet: Sheet, rule: Rule) -> tuple[list[int], list[int]]:
    last = min(rule.last or len(sheet.cells), len(sheet.cells))
    data, totals = [], list(rule.totals)
    for number in range(rule.first, last + 1):
        filled = [value for value in sheet.cells[number - 1] if not blank(value)]
        if not filled or number in totals:
            continue
        if not rule.last and totals_label(filled[0]):
            totals.append(number)
        else:
            data.append(number)
    return data, sorted(totals)


def _column(
    sheet: Sheet, index: int, header: tuple[int, int], given: tuple[str, str]
) -> ColumnFound:
    code, unit = given
    path: list[str] = []
    for row in range(header[0], header[1] + 1):
        text = clean(shown(_at(sheet, row, index)))
        if text and text not in path:
            path.append(text)
    label = path[-1] if path else ""
    return ColumnFound(index, label, unit or heading_unit(label), tuple(path), given=code)


def _at(sheet: Sheet, row: int, index: int) -> Any:
    line: Sequence[Any] = sheet.cells[row - 1] if row <= len(sheet.cells) else []
    return line[index] if index < len(line) else None
