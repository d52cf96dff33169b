"""Where the table of a sheet is: heading rows among titles and notes, columns, data, totals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wuhao.core.units import unit_named
from wuhao.intake.reader.model import ColumnFound, Merged, Sheet, TableFound
from wuhao.intake.reader.words import (
    bare_heading,
    blank,
    clean,
    heading_key,
    heading_unit,
    line_units,
    note_text,
    shown,
    totals_label,
    wordy,
)

LOOK_FOR_HEADING = 40
SAMPLE = 300
# Statistical tables number their columns in the row below the heading: 甲 乙 1 2 3.
_ORDINALS = frozenset("甲乙丙丁戊己庚辛")


def find_tables(sheet: Sheet, known: frozenset[str] = frozenset()) -> list[TableFound]:
    """The tables of a sheet; `known` are headings (as `bare_heading`) that the caller expects."""
    filled = _last_filled(sheet.cells)
    rows = sheet.cells[:filled]
    top = _heading_row(rows, sheet.merged, known)
    if top is None:
        return []
    bottom = _heading_bottom(rows, sheet.merged, top)
    columns = _columns(rows, sheet.merged, top, bottom)
    start, unit_row = _below_heading(rows, columns, bottom)
    columns = _with_unit_row(columns, unit_row)
    return [_table(rows, columns, (top, bottom), start)]


def _last_filled(cells: Sequence[Sequence[Any]]) -> int:
    """How many rows there are when the empty ones at the end (phantom rows) are left out."""
    count = len(cells)
    while count and all(blank(value) for value in cells[count - 1]):
        count -= 1
    return count


def _heading_row(
    rows: Sequence[Sequence[Any]], merged: Sequence[Merged], known: frozenset[str]
) -> int | None:
    by_words = _row_of_known(rows, known)
    if by_words is not None:
        return _top_of_group(merged, by_words)
    width = _usual_width(rows)
    for index, row in enumerate(rows[:LOOK_FOR_HEADING]):
        if _could_be_heading(row, width, _spans(merged, index)):
            return index
    return None


def _row_of_known(rows: Sequence[Sequence[Any]], known: frozenset[str]) -> int | None:
    """The row that holds the most of the expected headings; at least two of them."""
    best, best_count = None, 1
    for index, row in enumerate(rows[:LOOK_FOR_HEADING]):
        texts = [value for value in row if isinstance(value, str) and value]
        count = len({key for text in texts for key in _keys(text)} & known)
        if count > best_count:
            best, best_count = index, count
    return best


def _keys(text: str) -> tuple[str, str]:
    return heading_key(text), bare_heading(text)


def _top_of_group(merged: Sequence[Merged], index: int) -> int:
    """The upper heading row when the row lies under group headings merged across columns.

    A row under a title that is merged across the whole sheet is not such a row: groups share
    their row with cells merged downwards into this one.
    """
    tops = {m.top for m in merged if m.top < index <= m.bottom and m.bottom - m.top <= 2}
    return min(tops, default=index)


def _usual_width(rows: Sequence[Sequence[Any]]) -> int:
    """How many cells of a row are usually filled: the upper quartile over the first rows."""
    counts = sorted(sum(not blank(value) for value in row) for row in rows[:SAMPLE])
    counts = [count for count in counts if count]
    return counts[(3 * len(counts)) // 4] if counts else 0


def _spans(merged: Sequence[Merged], index: int) -> int:
    """How many further cells of a row are covered by ranges merged across columns."""
    return sum(m.right - m.left for m in merged if m.top <= index <= m.bottom)


def _could_be_heading(row: Sequence[Any], width: int, spans: int) -> bool:
    filled = [value for value in row if not blank(value)]
    if len(filled) < 2 or 2 * (len(filled) + spans) <= width:
        return False
    if note_text(filled[0]) or any(line_units(value) for value in filled if isinstance(value, str)):
        return False
    return all(wordy(value) or _is_year(value) for value in filled) and wordy(filled[0])


def _is_year(value: Any) -> bool:
    """Years are headings of panel tables: 2021, 2021.0, 2021年."""
    return isinstance(value, int | float) and 1949 <= value <= 2100 and value == int(value)


def _heading_bottom(rows: Sequence[Sequence[Any]], merged: Sequence[Merged], top: int) -> int:
    """The lower heading row: the same row, or the next when cells are merged across or down."""
    below = top + 1
    if below >= len(rows):
        return top
    down = any(m.top <= top and m.bottom == below for m in merged)
    across = any(m.top == top == m.bottom and m.right > m.left for m in merged)
    words = [value for value in rows[below] if not blank(value)]
    if (down or across) and words and all(wordy(value) for value in words):
        return below
    return top


def _columns(
    rows: Sequence[Sequence[Any]], merged: Sequence[Merged], top: int, bottom: int
) -> list[ColumnFound]:
    width = max(len(rows[index]) for index in range(top, bottom + 1))
    columns = []
    for index in range(width):
        path = _path(rows, merged, index, (top, bottom))
        if path:
            unit = next((u for text in reversed(path) if (u := heading_unit(text))), "")
            columns.append(ColumnFound(index, path[-1], unit, path))
    return columns


def _path(
    rows: Sequence[Sequence[Any]], merged: Sequence[Merged], column: int, span: tuple[int, int]
) -> tuple[str, ...]:
    """The headings of a column from the upper level down; a cell merged downwards counts once."""
    path: list[str] = []
    seen: set[tuple[int, int]] = set()
    for row in range(span[0], span[1] + 1):
        at = _origin(merged, row, column)
        if at in seen or at[0] < span[0]:
            continue
        seen.add(at)
        line = rows[at[0]]
        value = line[at[1]] if at[1] < len(line) else None
        if not blank(value):
            path.append(shown(value))
    return tuple(path)


def _origin(merged: Sequence[Merged], row: int, column: int) -> tuple[int, int]:
    for m in merged:
        if m.top <= row <= m.bottom and m.left <= column <= m.right:
            return m.top, m.left
    return row, column


def _below_heading(
    rows: Sequence[Sequence[Any]], columns: Sequence[ColumnFound], bottom: int
) -> tuple[int, Sequence[Any]]:
    """The first data row, and the row of units below the heading where there is one."""
    start, unit_row = bottom + 1, ()
    while start < len(rows):
        words = [shown(v) for c in columns if not blank(v := _at(rows[start], c.index))]
        if words and all(unit_named(word.strip("（）()")) for word in words):
            unit_row = tuple(rows[start])
        elif not _numbers_columns(words):
            break
        start += 1
    return start, unit_row


def _at(row: Sequence[Any], index: int) -> Any:
    return row[index] if index < len(row) else None


def _numbers_columns(words: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: 甲 乙 1 2 3, or 1 2 3 4."""
    numbers = [word for word in words if word not in _ORDINALS]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    return len(words) >= 3 and len(numbers) >= 2 and numbers == counted


def _with_unit_row(columns: list[ColumnFound], unit_row: Sequence[Any]) -> list[ColumnFound]:
    if not unit_row:
        return columns
    return [
        ColumnFound(
            c.index, c.label, shown(_at(unit_row, c.index)).strip("（）()") or c.unit, c.path
        )
        for c in columns
    ]


def _table(
    rows: Sequence[Sequence[Any]],
    columns: list[ColumnFound],
    heading: tuple[int, int],
    start: int,
) -> TableFound:
    table = TableFound((heading[0] + 1, heading[1] + 1), columns, [])
    for index in range(heading[0]):
        texts = [shown(value) for value in rows[index] if not blank(value)]
        table.units.extend(unit for text in texts for unit in line_units(text))
        if texts:
            table.notes.append((index + 1, " ".join(texts)))
    indexes = [column.index for column in columns]
    repeated = [_at(rows[heading[0]], index) for index in indexes]
    for index in range(start, len(rows)):
        _place_row(table, index + 1, rows[index], (indexes, repeated))
    return table


def _place_row(
    table: TableFound, number: int, row: Sequence[Any], of: tuple[list[int], list[Any]]
) -> None:
    """Put one row below the heading where it belongs: totals, notes, data or nowhere."""
    indexes, repeated = of
    filled = _first_two(row)
    if not filled or (filled[0] in repeated and [_at(row, i) for i in indexes] == repeated):
        return
    first, second = filled[0], filled[-1]
    if totals_label(first) or (totals_label(second) and not isinstance(first, str)):
        table.totals_rows.append(number)
    elif note_text(first) or (len(filled) == 1 and _long_line(first, len(indexes))):
        table.notes.append((number, " ".join(shown(v) for v in row if not blank(v))))
    else:
        table.data_rows.append(number)


def _first_two(row: Sequence[Any]) -> list[Any]:
    """The first two cells of a row that hold something."""
    filled: list[Any] = []
    for value in row:
        if value != "" and not blank(value):
            filled.append(value)
            if len(filled) == 2:
                break
    return filled


def _long_line(value: Any, width: int) -> bool:
    """A single cell of prose in a table of several columns is a note, not a row."""
    return (
        width >= 3
        and isinstance(value, str)
        and (len(clean(value)) > 30 or clean(value)[-1] in "。：:")
    )
