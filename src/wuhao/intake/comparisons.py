"""Figures against the year before: a jump by 10, 1000 or 10000 is mostly a slip of the unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from wuhao.intake.findings import ERROR, WARNING, Finding
from wuhao.intake.templates import Column, Template

if TYPE_CHECKING:
    from wuhao.intake.checks import Row

# Quanta of the year before, by fact and credit code.
LastYear = Mapping[str, Mapping[str, int]]

# Figures of two years differ by themselves by a fifth and more; around 10 a real jump is common, so
# that its band is narrower than those of the others.
# (factor, lowest ratio, highest ratio) as whole numbers of a tenth.
BANDS = ((10, 70, 140), (1000, 5_000, 15_000), (10_000, 50_000, 150_000))
# A column of which so many compared rows slip alike is one fault of the column, and stops it.
COLUMN_AT_LEAST = 5


def slip_factor(now: int, before: int) -> int:
    """10, 1000 or 10000 when a figure is about so many times the other, upwards or down; else 0."""
    large, small = max(abs(now), abs(before)), min(abs(now), abs(before))
    if small == 0 or (now < 0) != (before < 0):
        return 0
    for factor, low, high in BANDS:
        if low * small <= 10 * large <= high * small:
            return factor
    return 0


def slips(template: Template, rows: Sequence[Row], last: LastYear) -> Iterator[Finding]:
    """Warnings for rows that jump, or one error for a column in which at least half jump alike."""
    key = next((column.code for column in template.columns if column.kind == "uscc"), "")
    for column in template.columns:
        if column.fact in last and column.kind == "amount" and key:
            yield from _column(column, rows, last[column.fact], key)


def _column(
    column: Column, rows: Sequence[Row], before: Mapping[str, int], key: str
) -> Iterator[Finding]:
    compared = 0
    jumped: dict[tuple[int, bool], list[Row]] = defaultdict(list)
    for row in rows:
        subject, cell = row.values.get(key), row.values.get(column.code)
        earlier = before.get(subject.value) if subject is not None else None
        if earlier is None or cell is None or cell.value is None:
            continue
        compared += 1
        factor = slip_factor(cell.value, earlier)
        if factor:
            jumped[factor, abs(cell.value) > abs(earlier)].append(row)
    for (factor, up), found in sorted(jumped.items()):
        if len(found) >= COLUMN_AT_LEAST and 2 * len(found) >= compared:
            yield _whole_column(column, found, compared, (factor, up))
        else:
            yield from (_one_row(column, row, factor, up) for row in found)


def _times(factor: int, up: bool) -> str:
    return f"约为上年的 {factor} 倍" if up else f"约为上年的 {factor} 分之一"


def _whole_column(
    column: Column, rows: Sequence[Row], compared: int, jump: tuple[int, bool]
) -> Finding:
    letter = rows[0].values[column.code].column
    unit = column.unit.label if column.unit else ""
    sentence = (
        f"{letter} 列“{column.label}”可比的 {compared} 户中有 {len(rows)} 户{_times(*jump)}，"
        f"很可能整列写错了单位（应以“{unit}”计）。请核对单位后重新上传。"
    )
    cell = f"{letter}{rows[0].row_no}"
    return Finding(rows[0].sheet, cell, ERROR, "unit_slip_column", sentence, 0, column.label)


def _one_row(column: Column, row: Row, factor: int, up: bool) -> Finding:
    cell = f"{row.values[column.code].column}{row.row_no}"
    times = _times(factor, up)
    sentence = f"{cell}：“{column.label}”{times}，请核对单位或小数点；确实如此请写明。"
    return Finding(row.sheet, cell, WARNING, "unit_slip", sentence, row.row_no, column.label)
