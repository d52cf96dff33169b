"""The heading of a table: which rows it takes, and what each column is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from wuhao.core.units import unit_named
from wuhao.intake.reader.model import ColumnFound, Merged
from wuhao.intake.reader.words import (
    bare_heading,
    blank,
    heading_key,
    heading_unit,
    labelled,
    line_units,
    note_text,
    numberlike,
    prose,
    shown,
    wordy,
    yearly,
)

LOOK_FOR_HEADING = 40
SAMPLE = 300
LEVELS = 4
"""So many rows a heading may have."""
# Statistical tables number their columns in the row below the heading: 甲 乙 1 2 3.
_ORDINALS = frozenset("甲乙丙丁戊己庚辛")

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Heading:
    """A heading: its first and last row and the first row below it, 0-based, and its columns."""

    top: int
    bottom: int
    start: int
    columns: list[ColumnFound]


def find_heading(
    rows: Rows, merged: Sequence[Merged], known: frozenset[str], first: int = 0
) -> Heading | None:
    """The first heading from a row on; `known` are words of headings that the caller expects."""
    top = _top(rows, merged, known, first)
    if top is None:
        return None
    bottom = _bottom(rows, merged, top)
    columns = _columns(rows, merged, top, bottom)
    start, unit_row = _below(rows, columns, bottom)
    return Heading(top, bottom, start, _with_units(columns, unit_row))


def _top(rows: Rows, merged: Sequence[Merged], known: frozenset[str], first: int) -> int | None:
    by_words = _row_of_known(rows, known, first)
    if by_words is not None:
        return _top_of_group(merged, by_words)
    look = range(first, min(len(rows), first + LOOK_FOR_HEADING))
    width = _usual_width(rows[first : first + SAMPLE])
    return next((at for at in look if could_head(rows[at], width, _spans(merged, at))), None)


def _row_of_known(rows: Rows, known: frozenset[str], first: int) -> int | None:
    """The row that holds the most of the expected headings; at least two of them."""
    best, best_count = None, 1
    for index in range(first, min(len(rows), first + LOOK_FOR_HEADING)):
        texts = [value for value in rows[index] if isinstance(value, str) and value]
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
    tops = {m.top for m in merged if m.top < index <= m.bottom and m.bottom - m.top < LEVELS}
    return min(tops, default=index)


def _usual_width(rows: Rows) -> int:
    """How many cells of a row are usually filled: the upper quartile over the first rows."""
    counts = sorted(sum(not blank(value) for value in row) for row in rows)
    counts = [count for count in counts if count]
    return counts[(3 * len(counts)) // 4] if counts else 0


def _spans(merged: Sequence[Merged], index: int) -> int:
    """How many further cells of a row are covered by ranges merged across columns."""
    return sum(m.right - m.left for m in merged if m.top <= index <= m.bottom)


def could_head(row: Sequence[Any], width: int, spans: int = 0) -> bool:
    """Whether a row of a table so many cells wide looks like its heading."""
    filled = [value for value in row if not blank(value)]
    if len(filled) < 2 or 2 * (len(filled) + spans) <= width:
        return False
    if note_text(filled[0]) or any(line_units(value) for value in filled if isinstance(value, str)):
        return False
    if any(labelled(value) or prose(value) for value in filled):
        return False
    return all(wordy(value) or yearly(value) for value in filled) and wordy(filled[0])


def _bottom(rows: Rows, merged: Sequence[Merged], top: int) -> int:
    """The lowest heading row: rows below belong to it while cells are merged across or down."""
    bottom = top
    while bottom + 1 < len(rows) and bottom + 1 < top + LEVELS:
        if not (_joined(rows, merged, top, bottom) or _grouped(rows, bottom)):
            break
        bottom += 1
    return bottom


def _joined(rows: Rows, merged: Sequence[Merged], top: int, bottom: int) -> bool:
    """Whether merged cells bind the next row to the heading, and it holds words alone."""
    below = bottom + 1
    down = any(top <= m.top <= bottom < m.bottom for m in merged)
    across = any(m.top <= bottom == m.bottom and m.right > m.left and m.top >= top for m in merged)
    words = [value for value in rows[below] if not blank(value)]
    return (down or across) and bool(words) and all(wordy(v) or yearly(v) for v in words)


def _grouped(rows: Rows, bottom: int) -> bool:
    """Whether the next row fills the gaps that group headings leave where nothing is merged.

    As in a CSV file: 项目负责人 stands over the first of two columns, 姓名 and 学号 below it. The
    row after must hold a number, or the words could as well be data.
    """
    if bottom + 2 >= len(rows):
        return False
    upper, lower, after = rows[bottom], rows[bottom + 1], rows[bottom + 2]
    words = [at for at, value in enumerate(lower) if not blank(value)]
    gaps = [at for at in words if blank(cell(upper, at))]
    if len(words) < 2 or not gaps or not all(wordy(lower[at]) for at in words):
        return False
    alone = [at for at, value in enumerate(upper) if not blank(value) and at not in words]
    return bool(alone) and any(numberlike(cell(after, at)) for at in words)


def _columns(rows: Rows, merged: Sequence[Merged], top: int, bottom: int) -> list[ColumnFound]:
    width = max(len(rows[index]) for index in range(top, bottom + 1))
    columns = []
    for index in range(width):
        path = _path(rows, merged, index, (top, bottom))
        if path:
            unit = next((u for text in reversed(path) if (u := heading_unit(text))), "")
            columns.append(ColumnFound(index, path[-1], unit, path))
    return columns


def _path(
    rows: Rows, merged: Sequence[Merged], column: int, span: tuple[int, int]
) -> tuple[str, ...]:
    """The headings of a column from the upper level down; a cell merged downwards counts once."""
    path: list[str] = []
    seen: set[tuple[int, int]] = set()
    for row in range(span[0], span[1] + 1):
        at = _origin(merged, row, column)
        if at in seen or at[0] < span[0]:
            continue
        seen.add(at)
        value = cell(rows[at[0]], at[1])
        if blank(value) and row < span[1]:
            value = _group_over(rows, (row, column), span[1])
        if not blank(value):
            path.append(shown(value))
    return tuple(path)


def _group_over(rows: Rows, at: tuple[int, int], bottom: int) -> Any:
    """The group heading to the left that spreads over a gap without being merged."""
    row, column = at
    if blank(cell(rows[row + 1], column)) or bottom == row:
        return None
    left = column - 1
    while left >= 0 and blank(cell(rows[row], left)):
        if blank(cell(rows[row + 1], left)):
            return None
        left -= 1
    covers = left >= 0 and not blank(cell(rows[row + 1], left))
    return cell(rows[row], left) if covers else None


def _origin(merged: Sequence[Merged], row: int, column: int) -> tuple[int, int]:
    for m in merged:
        if m.top <= row <= m.bottom and m.left <= column <= m.right:
            return m.top, m.left
    return row, column


def _below(rows: Rows, columns: Sequence[ColumnFound], bottom: int) -> tuple[int, Sequence[Any]]:
    """The first data row, and the row of units below the heading where there is one."""
    start, unit_row = bottom + 1, ()
    while start < len(rows):
        words = [shown(v) for c in columns if not blank(v := cell(rows[start], c.index))]
        if words and all(unit_named(word.strip("（）()")) for word in words):
            unit_row = tuple(rows[start])
        elif not _numbers_columns(words):
            break
        start += 1
    return start, unit_row


def _numbers_columns(words: Sequence[str]) -> bool:
    """Whether a row only numbers the columns: 甲 乙 1 2 3, or 1 2 3 4."""
    numbers = [word for word in words if word not in _ORDINALS]
    counted = [str(number) for number in range(1, len(numbers) + 1)]
    return len(words) >= 3 and len(numbers) >= 2 and numbers == counted


def _with_units(columns: list[ColumnFound], unit_row: Sequence[Any]) -> list[ColumnFound]:
    """Give columns the units of a row of units."""
    return [
        replace(c, unit=shown(cell(unit_row, c.index)).strip("（）()") or c.unit) for c in columns
    ]


def cell(row: Sequence[Any], index: int) -> Any:
    """A cell of a row, None beyond its end."""
    return row[index] if index < len(row) else None
