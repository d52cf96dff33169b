"""Propose a template from any workbook: columns, kinds, units, keys, what the house holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from wuhao.core.codes import normalised, uscc_check
from wuhao.core.units import unit_named
from wuhao.intake.reader.model import ColumnFound, Sheet, TableFound, Workbook
from wuhao.intake.reader.words import bare_heading, blank, shown, unitless_heading
from wuhao.intake.templates import Column, Template
from wuhao.intake.values import Unreadable, parse_number

SAMPLE = 300
MOST_OPTIONS, EACH_AT_LEAST, ROWS_AT_LEAST = 12, 3, 20
"""A column of few words, each used so often in so many rows, is a list to choose from. In a short
table a word that nobody happened to use last year would be missing from the list."""
KINDS = ("uscc", "text", "choice", "amount", "integer", "date")
QUANTUM = {"yuan": "0.01", "m2": "0.01", "kgce": "0.01", "kg": "0.1"}
PLAIN_QUANTUM = "0.0001"


@dataclass(frozen=True)
class Proposed:
    """A column as proposed: which of the sheet, how it is called, what it holds, what is known.

    held: the fact of the house that holds these values already; empty where none does.
    """

    index: int
    label: str
    kind: str
    unit: str = ""
    options: tuple[str, ...] = ()
    required: bool = False
    key: bool = False
    held: str = ""
    quantum: str = ""

    @property
    def code(self) -> str:
        """The column's code in the proposed template."""
        return {"uscc": "uscc"}.get(self.kind, f"c{self.index + 1}")


@dataclass(frozen=True)
class Proposal:
    """What a workbook suggests: the sheet, its table, the columns."""

    sheet: Sheet
    table: TableFound
    columns: list[Proposed] = field(default_factory=list)


def propose(workbook: Workbook, known: Iterable[Template]) -> Proposal | None:
    """Propose from the first table with the most columns; None where no table is found.

    `known` are the house's templates; a heading of theirs tells what the house holds already.
    """
    found = [(sheet, table) for sheet in workbook.sheets if sheet.visible for table in sheet.tables]
    if not found:
        return None
    sheet, table = max(found, key=lambda pair: len(pair[1].columns))
    headings = _headings(known)
    columns = [_column(sheet, table, c, headings) for c in table.columns if not _counts(c)]
    return Proposal(sheet, table, _keyed(_once(columns), sheet, table))


def template_text(columns: Sequence[Proposed], code: str, title: str, owner: str) -> str:
    """The template of a collection as YAML."""
    said: dict[str, Any] = {
        "template": code,
        "title": title,
        "owner": owner,
        "effect": "collected",
        "period": "year",
        "key": [column.code for column in columns if column.key],
        "words": {
            "zero": ["零"],
            "missing": ["", "未报", "待报", "暂缺"],
            "not_applicable": ["—", "－", "-", "/", "不适用"],
        },
        "columns": [_said(column) for column in columns],
    }
    return yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1000)


def _said(column: Proposed) -> dict[str, Any]:
    said: dict[str, Any] = {"code": column.code, "label": column.label, "kind": column.kind}
    if column.kind in ("amount", "integer"):
        unit = unit_named(column.unit)
        said["unit"] = column.unit if unit else "one"
        said["quantum"] = column.quantum or quantum_of(column)
    if column.kind == "choice":
        said["options"] = list(column.options)
    if column.kind == "uscc":
        said["registered"] = False
    said["required"] = column.required or column.key
    return said


def quantum_of(column: Proposed) -> str:
    """The step in which a proposed column's numbers are kept."""
    unit = unit_named(column.unit)
    return (
        "1" if column.kind == "integer" else QUANTUM.get(unit.base if unit else "", PLAIN_QUANTUM)
    )


def _headings(known: Iterable[Template]) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for template in known:
        for column in template.columns:
            for heading in column.headings:
                found.setdefault(unitless_heading(heading), column)
    return found


def _counts(column: ColumnFound) -> bool:
    return bare_heading(column.label) in ("序号", "编号", "no", "no.", "行次", "")


def _column(
    sheet: Sheet, table: TableFound, column: ColumnFound, headings: Mapping[str, Column]
) -> Proposed:
    values = _values(sheet, table, column.index)
    label = _label(column)
    known = headings.get(unitless_heading("".join(column.path))) or headings.get(
        unitless_heading(column.label)
    )
    kind, options = _kind(values, column, known)
    unit = _unit(column, table, known) if kind in ("amount", "integer") else ""
    held = known.fact if known is not None and known.fact and kind in ("amount", "integer") else ""
    if kind == "integer" and unit and unit_named(unit) and unit_named(unit) != unit_named("人"):
        kind = "amount"
    named = kind in ("uscc", "text") and bool(values) and not any(map(blank, values))
    return Proposed(column.index, label, kind, unit, options, required=named, held=held)


def _label(column: ColumnFound) -> str:
    """A heading with the groups above it: 其中/增值税 → 其中·增值税."""
    return "·".join(dict.fromkeys(column.path)) or column.label


def _values(sheet: Sheet, table: TableFound, index: int) -> list[Any]:
    lines = [sheet.cells[number - 1] for number in table.data_rows[:SAMPLE]]
    return [line[index] if index < len(line) else None for line in lines]


def _kind(
    values: list[Any], column: ColumnFound, known: Column | None
) -> tuple[str, tuple[str, ...]]:
    filled = [value for value in values if not blank(value)]
    if not filled:
        return _kind_of_blank(column, known), ()
    texts = [shown(value) for value in filled]
    if sum(uscc_check(normalised(text)) is None for text in texts) * 10 >= len(texts) * 8:
        return "uscc", ()
    if column.kind == "date":
        return "date", ()
    if column.kind == "number":
        return ("integer" if all(map(_whole, filled)) else "amount"), ()
    words = Counter(texts)
    listed = len(texts) >= ROWS_AT_LEAST and min(words.values()) >= EACH_AT_LEAST
    if listed and len(words) <= MOST_OPTIONS and max(map(len, words)) <= 12:
        return "choice", tuple(sorted(words))
    return "text", ()


def _kind_of_blank(column: ColumnFound, known: Column | None) -> str:
    """A blank table says by its headings what is to be filled in."""
    if known is not None and known.kind in ("uscc", "amount", "integer", "date"):
        return known.kind
    if column.unit and unit_named(column.unit):
        return "amount"
    if any(word in column.label for word in ("日期", "时间")):
        return "date"
    counted = ("人数", "数量", "户数", "个数", "金额", "面积", "合计")
    return "amount" if column.label.endswith(counted) else "text"


def _whole(value: Any) -> bool:
    try:
        return parse_number(value).value % 1 == 0
    except Unreadable:
        return False


def _unit(column: ColumnFound, table: TableFound, known: Column | None) -> str:
    own = unit_named(column.unit) if column.unit else None
    lines = [unit for text in table.units if (unit := unit_named(text))]
    if own is not None:
        return own.label
    if known is not None and known.unit is not None:
        same = next((unit for unit in lines if unit.base == known.unit.base), known.unit)
        return same.label
    return lines[0].label if len(lines) == 1 and lines[0].base == "yuan" else ""


def _once(columns: list[Proposed]) -> list[Proposed]:
    """One credit code column, and every label once: later ones bear their column's letter."""
    seen: set[str] = set()
    made, coded = [], False
    for column in columns:
        kind = "text" if column.kind == "uscc" and coded else column.kind
        coded = coded or kind == "uscc"
        label = column.label
        if unitless_heading(label) in seen:
            label = f"{label}（第{column.index + 1}列）"
        seen.add(unitless_heading(label))
        made.append(replace(column, kind=kind, label=label))
    return made


def _keyed(columns: list[Proposed], sheet: Sheet, table: TableFound) -> list[Proposed]:
    """Choose what a row is known by: the credit code, else the first words that never repeat."""
    key = next((c for c in columns if c.kind == "uscc"), None)
    key = key or next((c for c in columns if c.kind == "text" and _unique(c, sheet, table)), None)
    key = key or next((c for c in columns if c.kind == "text"), None)
    return [replace(column, key=column is key) for column in columns]


def _unique(column: Proposed, sheet: Sheet, table: TableFound) -> bool:
    values = [shown(value) for value in _values(sheet, table, column.index)]
    return all(values) and len(set(values)) == len(values)
