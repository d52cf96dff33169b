"""Where the tables of a sheet are: headings among titles and notes, data, totals, what lies beside.

A sheet may hold several tables, one below the other. A form, whose labels and values are merged
cells, holds none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from wuhao.intake.reader.heading import (
    LOOK_FOR_HEADING,
    Heading,
    Rows,
    cell,
    could_head,
    find_heading,
)
from wuhao.intake.reader.model import ColumnFound, Merged, Sheet, TableFound
from wuhao.intake.reader.words import (
    blank,
    clean,
    line_units,
    note_text,
    numberlike,
    prose,
    shown,
    totals_label,
    wordy,
)

BESIDE = 20
"""So many cells beside a table are told of."""


def find_tables(sheet: Sheet, known: frozenset[str] = frozenset()) -> list[TableFound]:
    """The tables of a sheet; `known` are headings (as `bare_heading`) that the caller expects."""
    rows = sheet.cells[: _last_filled(sheet.cells)]
    heading = None if _is_form(rows, sheet.merged) else find_heading(rows, sheet.merged, known)
    if heading is None or (not known and _is_prose(rows, heading)):
        return []
    tables, above = [], 0
    while heading is not None:
        below = _next_heading(rows, sheet.merged, heading)
        end = len(rows) if below is None else _title_above(rows, below.top, heading.start)
        tables.append(_table(rows[:end], heading, above))
        heading, above = below, end
    return tables


def _last_filled(cells: Rows) -> int:
    """How many rows there are when the empty ones at the end (phantom rows) are left out."""
    count = len(cells)
    while count and all(blank(value) for value in cells[count - 1]):
        count -= 1
    return count


def _is_form(rows: Rows, merged: Sequence[Merged]) -> bool:
    """Whether half the rows have cells merged across, now here, now there: a form, no table."""
    filled = {at for at, row in enumerate(rows[:LOOK_FOR_HEADING]) if _filled(row, 1)}
    across: dict[int, tuple[tuple[int, int], ...]] = {}
    for m in merged:
        for at in range(m.top, m.bottom + 1) if m.right > m.left else ():
            across[at] = (*across.get(at, ()), (m.left, m.right))
    many = len(filled) > 3 and 2 * len(across.keys() & filled) >= len(filled)
    return many and len(set(across.values())) >= 3


def _is_prose(rows: Rows, heading: Heading) -> bool:
    """Whether two columns are an explanation: a word, and beside it what is to be said of it."""
    above = [_filled(row, 3) for row in rows[: heading.top]]
    return len(heading.columns) == 2 and any(len(r) == 2 and prose(r[1]) for r in above)


def _next_heading(rows: Rows, merged: Sequence[Merged], last: Heading) -> Heading | None:
    """The heading of a further table: words above numbers, after a gap or a title of its own."""
    names = {c.label for c in last.columns}
    for at in range(last.start + 1, len(rows)):
        if not _parts(rows[at - 1]) or len(_filled(rows[at], 2)) < 2:
            continue
        words = {shown(value) for value in rows[at] if not blank(value)}
        if words <= names or not could_head(rows[at], 2):
            continue
        found = find_heading(rows, merged, frozenset(), at)
        if found is not None and found.top == at and _words_over_numbers(rows, last, found):
            return found
    return None


def _parts(row: Sequence[Any]) -> bool:
    """Whether a row may stand between two tables: empty, a title, a line of units."""
    filled = _filled(row, 3)
    return len(filled) < 2 or any(isinstance(v, str) and line_units(v) for v in filled)


def _words_over_numbers(rows: Rows, last: Heading, found: Heading) -> bool:
    """Whether numbers stand below words where the table above has numbers as well."""
    below = rows[found.start : found.start + 3]
    numbers = {
        c.index for c in found.columns if any(numberlike(cell(row, c.index)) for row in below)
    }
    above = rows[max(last.start, found.top - 10) : found.top]
    before = {c.index for c in last.columns if any(numberlike(cell(r, c.index)) for r in above)}
    return bool(numbers) and (bool(numbers & before) or not before)


def _title_above(rows: Rows, top: int, first: int) -> int:
    """The first row of the titles and unit lines right above a heading."""
    at = top
    while at > first and len(_filled(rows[at - 1], 3)) in (1, 2) and not _is_row(rows[at - 1]):
        at -= 1
    return at


def _is_row(row: Sequence[Any]) -> bool:
    """Whether a row of one or two cells is a row of the table above and no title."""
    filled = _filled(row, 3)
    return any(numberlike(value) for value in filled) or totals_label(filled[0])


def _table(rows: Rows, heading: Heading, above: int) -> TableFound:
    indexes = [column.index for column in heading.columns]
    table = TableFound((heading.top + 1, heading.bottom + 1), heading.columns, [])
    for index in range(above, heading.top):
        texts = [shown(value) for value in rows[index] if not blank(value)]
        table.units.extend(unit for text in texts for unit in line_units(text))
        if texts:
            table.notes.append((index + 1, " ".join(texts)))
    repeated = [cell(rows[heading.top], index) for index in indexes]
    for index in range(heading.start, len(rows)):
        _place_row(table, index + 1, rows[index], (indexes, repeated))
    _tail_to_notes(table, rows)
    table.beside.extend(_beside(rows, heading, indexes))
    return replace(table, columns=_typed(rows, table))


def _place_row(
    table: TableFound, number: int, row: Sequence[Any], of: tuple[list[int], list[Any]]
) -> None:
    """Put one row below the heading where it belongs: totals, notes, data or nowhere."""
    indexes, repeated = of
    filled = _filled(row, 2)
    if not filled or (filled[0] in repeated and [cell(row, i) for i in indexes] == repeated):
        return
    first, second = filled[0], filled[-1]
    if totals_label(first) or (totals_label(second) and not isinstance(first, str)):
        table.totals_rows.append(number)
    elif note_text(first) or (len(filled) == 1 and _long_line(first, len(indexes))):
        table.notes.append((number, _line(row)))
    elif any(not blank(cell(row, index)) for index in indexes):
        table.data_rows.append(number)


def _tail_to_notes(table: TableFound, rows: Rows) -> None:
    """Lines of one cell at the end, parted from the data by an empty row, are notes."""
    at = len(table.data_rows)
    while at and _lone_words(rows[table.data_rows[at - 1] - 1], table.columns):
        at -= 1
    if 0 < at < len(table.data_rows) and table.data_rows[at] - table.data_rows[at - 1] > 1:
        table.notes.extend((number, _line(rows[number - 1])) for number in table.data_rows[at:])
        table.notes.sort()
        del table.data_rows[at:]


def _lone_words(row: Sequence[Any], columns: Sequence[ColumnFound]) -> bool:
    filled = _filled(row, 2)
    return len(columns) >= 3 and len(filled) == 1 and wordy(filled[0])


def _line(row: Sequence[Any]) -> str:
    return " ".join(shown(value) for value in row if not blank(value))


def _filled(row: Sequence[Any], most: int) -> list[Any]:
    """The first cells of a row that hold something."""
    filled: list[Any] = []
    for value in row:
        if value != "" and not blank(value):
            filled.append(value)
            if len(filled) == most:
                break
    return filled


def _long_line(value: Any, width: int) -> bool:
    """A single cell of prose in a table of several columns is a note, not a row."""
    return (
        width >= 3
        and isinstance(value, str)
        and (len(clean(value)) > 30 or clean(value)[-1] in "。：:")
    )


def _beside(rows: Rows, heading: Heading, indexes: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """The first cells outside of every column: a legend, a remark."""
    taken, count = set(indexes), 0
    least = max(indexes, default=0)
    for at in range(heading.top, len(rows)):
        if len(rows[at]) <= least + 1 and len(taken) > least:
            continue
        for column, value in enumerate(rows[at]):
            if column not in taken and not blank(value) and count < BESIDE:
                count += 1
                yield at + 1, column, shown(value)


def _typed(rows: Rows, table: TableFound) -> list[ColumnFound]:
    """Say of every column what it holds, by its first rows."""
    sample = [rows[number - 1] for number in table.data_rows[:200]]
    return [replace(c, kind=kind_of([cell(row, c.index) for row in sample])) for c in table.columns]


def kind_of(values: Sequence[Any]) -> str:
    """What cells hold: number, date, text, mixed, or nothing."""
    from wuhao.intake.values import Unreadable, parse_date

    def is_date(value: Any) -> bool:
        try:
            parse_date(value)
        except Unreadable:
            return False
        return not isinstance(value, int | float)

    filled = [value for value in values if not blank(value)]
    if not filled:
        return "empty"
    numbers = sum(numberlike(value) for value in filled)
    dates = sum(is_date(value) for value in filled)
    if dates * 10 >= len(filled) * 9:
        return "date"
    if numbers * 10 >= len(filled) * 9:
        return "number"
    return "mixed" if numbers * 4 > len(filled) else "text"
