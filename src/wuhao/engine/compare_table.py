"""A comparison as a file for people: .xlsx or .csv, numbers in their unit, a sentence each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from wuhao.engine import compare_words as words
from wuhao.engine.compare import PARTS, SCHEMA, Comparison
from wuhao.engine.exact import show
from wuhao.engine.findings import EngineError
from wuhao.engine.workbook import ROW_LIMIT

SCORES = {"total_before", "total_after", "total_change", *PARTS}
HEADINGS = [*(words.HEADINGS[name] for name in SCHEMA.names), "说明"]


def write_comparison(path: Path, found: Comparison) -> None:
    """Write the table by the ending of the path. Raises EngineError for other endings."""
    writers = {".xlsx": _workbook, ".csv": _csv}
    if path.suffix not in writers:
        raise EngineError(f"“{path}”应以 .xlsx 或 .csv 结尾。")
    if path.suffix == ".xlsx" and found.table.num_rows > ROW_LIMIT:
        raise EngineError(f"共 {found.table.num_rows} 行，超过一张工作表的 {ROW_LIMIT} 行。")
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[path.suffix](path, found)


def counted(found: Comparison) -> Iterator[str]:
    """Return how many there are of each kind, as sentences, and the notes."""
    counts = found.counts()
    yield "，".join(
        f"{word} {counts[kind]} 户" for kind, word in words.KINDS.items() if kind in counts
    )
    yield f"升档 {counts['grade_up']} 户，降档 {counts['grade_down']} 户"
    yield from (f"注意：{note}" for note in found.notes)


def _rows(found: Comparison) -> Iterator[list[Any]]:
    """Return the cells of every row: texts, whole numbers, and scores as exact decimals."""
    for row in found.table.to_pylist():
        sentence = words.sentence(row, found.digits)
        yield [*(_cell(name, row[name], found.digits) for name in SCHEMA.names), sentence]


def _cell(name: str, value: Any, digits: int) -> Any:
    if value is None:
        return ""
    if name == "kind":
        return words.KINDS[value]
    return show(value, digits) if name in SCORES else value


def _csv(path: Path, found: Comparison) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(_rows(found))


def _workbook(path: Path, found: Comparison) -> None:
    """A spreadsheet holds binary numbers: the exact ones are in the .csv and in --json."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    try:
        sheet = book.add_worksheet("两次结果比较")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        scores = book.add_format({"num_format": "0." + "0" * found.digits if found.digits else "0"})
        sheet.freeze_panes(1, 1)
        for at, heading in enumerate(HEADINGS):
            sheet.write_string(0, at, heading, bold)
        for number, row in enumerate(_rows(found), start=1):
            for at, (name, cell) in enumerate(zip([*SCHEMA.names, ""], row, strict=True)):
                if name in SCORES and cell:
                    sheet.write_number(number, at, float(cell), scores)
                elif isinstance(cell, int):
                    sheet.write_number(number, at, cell)
                else:
                    sheet.write_string(number, at, cell)
    finally:
        book.close()
