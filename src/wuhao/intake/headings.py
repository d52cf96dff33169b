"""Which column of a table is which column of the template; what is missing or found twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wuhao.core.units import Unit, unit_named
from wuhao.engine.findings import nearest
from wuhao.intake.findings import ERROR, NOTE, WARNING, Finding
from wuhao.intake.reader.model import ColumnFound, Sheet, TableFound
from wuhao.intake.reader.words import bare_heading, strange_unit, unitless_heading
from wuhao.intake.templates import Column, Template


@dataclass(frozen=True)
class Matched:
    """A template's column found in a table, with the unit in which its numbers stand."""

    column: Column
    found: ColumnFound
    unit: Unit | None


@dataclass(frozen=True)
class Matching:
    """A sheet's table matched with a template."""

    sheet: Sheet
    table: TableFound
    columns: list[Matched]
    findings: list[Finding]

    def has(self, codes: Iterable[str]) -> bool:
        """Whether all these columns were found."""
        return set(codes) <= {matched.column.code for matched in self.columns}


def match(template: Template, sheet: Sheet, table: TableFound) -> Matching:
    """Match the headings of a table with the columns of a template; every fault is a finding."""
    findings: list[Finding] = []
    matched: list[Matched] = []
    row = table.header_rows[1]
    taken: set[int] = set()
    absent: list[Column] = []
    for column in template.columns:
        candidates = _candidates(column, table.columns)
        taken |= {found.index for found in candidates}
        if len(candidates) == 1:
            unit, faults = _unit(column, candidates[0], table, sheet.name)
            findings += faults
            matched.append(Matched(column, candidates[0], unit))
        elif candidates:
            findings.append(_ambiguous(column, candidates, sheet.name, row))
        elif column.required:
            findings.append(_missing(column, table.columns, sheet.name, row))
        else:
            absent.append(column)
    findings += [_absent(absent, sheet.name, row)] if absent else []
    findings += _unread(table, taken, sheet.name)
    return Matching(sheet, table, matched, findings)


def _candidates(column: Column, found: Sequence[ColumnFound]) -> list[ColumnFound]:
    """The columns that a heading names, judged by the strictest way that finds any.

    What a person said a column is goes before every heading.
    """
    if said := [c for c in found if c.given == column.code]:
        return said
    found = [c for c in found if not c.given]
    wanted = {unitless_heading(heading) for heading in column.headings}
    bare = {bare_heading(heading) for heading in column.headings} - {""}
    names = [(c, "".join(c.path), c.label) for c in found]
    ways = (
        [c for c, path, _ in names if unitless_heading(path) in wanted],
        [c for c, path, _ in names if bare_heading(path) in bare],
        [c for c, _, label in names if unitless_heading(label) in wanted],
        [c for c, _, label in names if bare_heading(label) in bare],
    )
    return next((hits for hits in ways if hits), [])


def _unit(
    column: Column, found: ColumnFound, table: TableFound, sheet: str
) -> tuple[Unit | None, list[Finding]]:
    """The unit of a column: its heading's, else the sheet's unit line, else the template's."""
    if column.unit is None:
        return None, []
    strange = "" if found.unit else strange_unit(found.label)
    if strange:
        return column.unit, [_strange(column, found, strange, (sheet, table.header_rows[1]))]
    own = unit_named(found.unit) if found.unit else None
    lines = [unit for text in table.units if (unit := unit_named(text))]
    line = next((unit for unit in lines if unit.base == column.unit.base), None)
    unit = own or line or column.unit
    if unit == column.unit:
        return unit, []
    cell = f"{found.letter}{table.header_rows[1]}"
    if unit.base != column.unit.base:
        sentence = (
            f"{cell} 表头“{found.label}”的单位是“{unit.label}”，“{column.label}”应以"
            f"“{column.unit.label}”计，两者不能换算。请核对是否放错了列。"
        )
        return column.unit, [_finding(sheet, cell, ERROR, "unit_kind", sentence, column)]
    sentence = (
        f"{cell} 表头“{found.label}”的单位是“{unit.label}”，模板约定为“{column.unit.label}”；"
        f"已按“{unit.label}”换算，请核对数值确以“{unit.label}”计。"
    )
    return unit, [_finding(sheet, cell, WARNING, "unit_other", sentence, column)]


def _strange(column: Column, found: ColumnFound, unit: str, at: tuple[str, int]) -> Finding:
    """A unit that cannot be converted; to take the numbers as they are would be a guess."""
    sheet, row = at
    wanted = column.unit.label if column.unit else ""
    cell = f"{found.letter}{row}"
    sentence = (
        f"{cell} 表头“{found.label}”的单位“{unit}”不能换算成“{wanted}”；"
        f"请换算后把表头改成“{column.label}（{wanted}）”再上传。"
    )
    return _finding(sheet, cell, ERROR, "unit_unknown", sentence, column)


def _ambiguous(column: Column, candidates: Sequence[ColumnFound], sheet: str, row: int) -> Finding:
    cells = "、".join(f"{c.letter}{row}“{'/'.join(c.path)}”" for c in candidates)
    sentence = f"有 {len(candidates)} 列都像“{column.label}”：{cells}。请只留一列，或改清表头。"
    return _finding(sheet, f"{candidates[1].letter}{row}", ERROR, "column_twice", sentence, column)


def _absent(columns: Sequence[Column], sheet: str, row: int) -> Finding:
    """What may be left out and is, in one line for a table."""
    labels = "、".join(column.label for column in columns)
    sentence = f"第 {row} 行表头里没有“{labels}”，按未报记；有数请补上。"
    return Finding(sheet, "", NOTE, "column_absent", sentence, 0, labels)


def _missing(column: Column, found: Sequence[ColumnFound], sheet: str, row: int) -> Finding:
    accepted = "、".join(column.headings[:6])
    hint = nearest(column.label, [c.label for c in found]) if found else "。"
    sentence = (
        f"第 {row} 行表头里没有必需的“{column.label}”一列（也接受：{accepted}）"
        f"{hint.rstrip('。')}。请补上这一列后重新上传。"
    )
    return _finding(sheet, "", ERROR, "column_missing", sentence, column)


def _unread(table: TableFound, taken: set[int], sheet: str) -> list[Finding]:
    row = table.header_rows[1]
    return [
        Finding(
            sheet,
            f"{c.letter}{row}",
            NOTE,
            "column_unread",
            f"{c.letter}{row} 的“{'/'.join(c.path)}”一列模板没有用到，没有读，不必改动。",
            row,
        )
        for c in table.columns
        if c.index not in taken and not c.given and not _counter(c)
    ]


def _counter(column: ColumnFound) -> bool:
    return bare_heading(column.label) in ("序号", "编号", "no", "no.", "行次")


def _finding(
    sheet: str, cell: str, severity: str, code: str, sentence: str, column: Column
) -> Finding:
    return Finding(sheet, cell, severity, code, sentence, 0, column.label)
