"""Totals rows of a file: whether they add up over the rows that were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wuhao.intake.cells import quanta_of
from wuhao.intake.findings import WARNING, Finding
from wuhao.intake.headings import Matched, Matching
from wuhao.intake.reader.words import blank, subtotal_label
from wuhao.intake.values import Unreadable, half_width

if TYPE_CHECKING:
    from wuhao.intake.checks import Row


def totals_findings(matching: Matching, rows: Sequence[Row]) -> Iterator[Finding]:
    """A finding for each total that differs from the sum of its rows; 小计 starts anew."""
    mine = [row for row in rows if row.sheet == matching.sheet.name]
    for matched in matching.columns:
        if matched.column.kind in ("amount", "integer"):
            yield from _column(matching, matched, mine)


def _column(matching: Matching, matched: Matched, rows: Sequence[Row]) -> Iterator[Finding]:
    column, factor = matched.column, matched.column.factor(matched.unit)
    begin = 0
    for number in matching.table.totals_rows:
        line = matching.sheet.cells[number - 1]
        sub = any(subtotal_label(value) for value in line[:3])
        summed = [row for row in rows if begin < row.row_no < number or not sub]
        begin = number if sub else begin
        value = line[matched.found.index]
        if blank(value) or (isinstance(value, str) and half_width(value).lower() in column.words):
            continue
        try:
            stated, _ = quanta_of(value, column, factor)
        except Unreadable as error:
            yield _unreadable(matching, matched, number, str(error))
            continue
        if stated != sum(_quanta(row, matched) for row in summed):
            yield _finding(matching, matched, number, summed)


def _quanta(row: Row, matched: Matched) -> int:
    cell = row.values.get(matched.column.code)
    return (cell.value or 0) if cell is not None else 0


def _unreadable(matching: Matching, matched: Matched, number: int, why: str) -> Finding:
    cell, label = f"{matched.found.letter}{number}", matched.column.label
    sentence = f"{cell}：合计行的“{label}”{why}。"
    return Finding(matching.sheet.name, cell, WARNING, "total", sentence, number, label)


def _finding(matching: Matching, matched: Matched, number: int, rows: Sequence[Row]) -> Finding:
    cell = f"{matched.found.letter}{number}"
    total = sum(_quanta(row, matched) for row in rows)
    factor = matched.column.factor(matched.unit)
    unit = matched.unit.label if matched.unit else ""
    sentence = (
        f"{cell}：合计行的“{matched.column.label}”与各行之和不符，{len(rows)} 行相加为 "
        f"{_shown(total * factor.denominator, factor.numerator)}{unit}。请核对是否漏行或改过数。"
    )
    return Finding(
        matching.sheet.name, cell, WARNING, "total", sentence, number, matched.column.label
    )


def _shown(numerator: int, denominator: int) -> str:
    """A quotient with up to four decimals and no trailing zeros, for a sentence."""
    whole = (abs(numerator) * 10_000 * 2 + denominator) // (2 * denominator)
    text = f"{whole // 10_000}.{whole % 10_000:04d}".rstrip("0").rstrip(".")
    return f"-{text}" if numerator < 0 else text
