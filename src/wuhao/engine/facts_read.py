"""Read facts from CSV, XLSX or Parquet; every fault of the file is reported at once.

An empty cell or 未报 is missing, 不适用 is not applicable, 0 is a confirmed zero. A number with
more decimals than the quantum is refused unless the scheme says `excess: half_up`.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from wuhao.engine.exact import INT64_MAX, parse_decimal, quantise
from wuhao.engine.facts import Facts, Layout, State, conform, read_snapshot
from wuhao.engine.findings import FactsError, Finding, listed, nearest, why
from wuhao.engine.model import Attribute, Fact
from wuhao.engine.workbook_cells import Unread, put_unread

MISSING_WORDS = ("", "未报")
NOT_APPLICABLE_WORDS = ("不适用",)


def read_facts(path: Path | str, scheme: Layout) -> Facts:
    """Read the facts that a scheme names. Raises FactsError with every finding."""
    path = Path(path)
    if path.suffix.lower() == ".parquet":
        snapshot = _snapshot(path)
        if snapshot is not None:
            return conform(snapshot, scheme, path.name)
    rows = _rows(path)
    reading = _Reading(path.name, scheme)
    return reading.read(rows)


def _snapshot(path: Path) -> Facts | None:
    try:
        return read_snapshot(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise _unreadable(path, why(error)) from error


def _unreadable(path: Path, why: str) -> FactsError:
    return FactsError([Finding(path.name, 0, "", f"读不了这个文件：{why}")])


def _rows(path: Path) -> list[list[Any]]:
    """Return the table as rows of cells, the heading first."""
    readers = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise _unreadable(path, f"不接受“{path.suffix}”；接受 {listed(readers)}。")
    try:
        rows = reader(path)
    except FactsError:
        raise
    except Exception as error:
        raise _unreadable(path, why(error)) from error
    if not rows:
        raise _unreadable(path, "文件里没有表头。")
    return rows


def _csv(path: Path) -> list[list[Any]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if crooked := list(_crooked(path.name, rows)):
        raise FactsError(crooked)
    return rows


def _crooked(name: str, rows: list[list[str]]) -> Iterator[Finding]:
    """Rows that are longer or shorter than the heading: a comma inside a number shifts the rest."""
    width = len(rows[0]) if rows else 0
    for line, row in enumerate(rows, start=1):
        filled = len(row) - next((n for n, c in enumerate(reversed(row)) if c.strip()), len(row))
        if filled and (filled > width or len(row) < width):
            sentence = (
                f"这一行有 {len(row)} 格，表头有 {width} 格；数里有逗号的请加引号或去掉逗号。"
            )
            yield Finding(name, line, "", sentence)


def _xlsx(path: Path) -> list[list[Any]]:
    path.stat()  # the reader's own error for an absent file is not Python's
    book = CalamineWorkbook.from_path(str(path))
    rows: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    put_unread(path, rows)
    return rows


def _parquet(path: Path) -> list[list[Any]]:
    table = pq.read_table(path)
    columns = [table.column(name).to_pylist() for name in table.column_names]
    return [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]


@dataclass
class _Column:
    """One column being read."""

    at: int
    values: list[Any] = field(default_factory=list)
    states: list[int] = field(default_factory=list)


class _Reading:
    """Turns rows of cells into facts, collecting findings."""

    def __init__(self, name: str, scheme: Layout) -> None:
        self.name, self.scheme = name, scheme
        self.findings: list[Finding] = []

    def wrong(self, line: int, key: str, sentence: str) -> None:
        self.findings.append(Finding(self.name, line, key, sentence))

    def read(self, rows: list[list[Any]]) -> Facts:
        heading = [str(cell or "").strip() for cell in rows[0]]
        subject_at = self._place(heading, self.scheme.subject, self.scheme.subject_label, False)
        facts = self._places(heading, self.scheme.facts)
        attributes = self._places(heading, self.scheme.attributes)
        used = {subject_at, *(c.at for c in facts.values()), *(c.at for c in attributes.values())}
        self._strangers(heading, used)
        body = [(n, row) for n, row in enumerate(rows[1:], start=2) if any(_filled(c) for c in row)]
        subjects = self._subjects(body, subject_at) if subject_at is not None else []
        for line, row in body:
            self._row(line, row, facts, attributes)
        if self.findings:
            raise FactsError(self.findings)
        return conform(self._facts(subjects, facts, attributes), self.scheme, self.name)

    def _place(self, heading: list[str], column: str, label: str, optional: bool) -> int | None:
        places = [i for i, word in enumerate(heading) if word and word in (column, label)]
        if len(places) > 1:
            self.wrong(1, column, f"列“{column}”出现了 {len(places)} 次。")
        if not places and not optional:
            self.wrong(1, column, f"缺少列“{column}”{nearest(column, [w for w in heading if w])}")
        return places[0] if places else None

    def _places(self, heading: list[str], wanted: dict[str, Any]) -> dict[str, _Column]:
        found = {}
        for code, item in wanted.items():
            at = self._place(heading, item.column, item.label, item.optional)
            if at is not None:
                found[code] = _Column(at)
        return found

    def _strangers(self, heading: list[str], used: set[int | None]) -> None:
        if self.scheme.other_columns == "ignore":
            return
        known = [fact.column for fact in self.scheme.facts.values()]
        known += [attribute.column for attribute in self.scheme.attributes.values()]
        read = {heading[at] for at in used if at is not None}  # a second one is told by _place
        for at, word in enumerate(heading):
            if at not in used and word and word not in read:
                self.wrong(1, word, f"方案里没有列“{word}”{nearest(word, known)}")

    def _subjects(self, body: Sequence[tuple[int, list[Any]]], at: int) -> list[str]:
        first: dict[str, int] = {}
        for line, row in body:
            cell = _cell(row, at)
            subject = _key(cell)
            if isinstance(cell, Unread):
                self.wrong(line, self.scheme.subject, cell.sentence)
            elif not subject:
                self.wrong(line, self.scheme.subject, "没有主体代码。")
            elif subject in first:
                sentence = f"主体“{subject}”重复，第 {first[subject]} 行已有。"
                self.wrong(line, self.scheme.subject, sentence)
            else:
                first[subject] = line
        return list(first)

    def _row(
        self, line: int, row: list[Any], facts: dict[str, _Column], attributes: dict[str, _Column]
    ) -> None:
        for code, column in facts.items():
            value, state = self._number(line, self.scheme.facts[code], _cell(row, column.at))
            column.values.append(value)
            column.states.append(int(state))
        for code, column in attributes.items():
            cell = _cell(row, column.at)
            column.values.append(self._text(line, self.scheme.attributes[code], cell))

    def _number(self, line: int, fact: Fact, cell: Any) -> tuple[int | None, State]:
        if cell is None or (isinstance(cell, str) and cell.strip() in MISSING_WORDS):
            return None, State.MISSING
        if isinstance(cell, str) and cell.strip() in NOT_APPLICABLE_WORDS:
            return None, State.NOT_APPLICABLE
        if isinstance(cell, Unread):
            self.wrong(line, fact.column, cell.sentence)
            return None, State.MISSING
        value = _decimal(cell)
        if value is None:
            self.wrong(line, fact.column, f"“{cell}”不是有限的数；空缺请留空，不适用请写“不适用”。")
            return None, State.MISSING
        quanta = quantise(Fraction(value), fact.digits)
        if fact.excess == "refuse" and Fraction(value) * 10**fact.digits != quanta:
            self.wrong(line, fact.column, f"“{cell}”的小数超过 {fact.digits} 位，请先按口径取舍。")
        if abs(quanta) > INT64_MAX:
            self.wrong(line, fact.column, f"“{cell}”太大，超出 64 位整数。")
            return None, State.MISSING
        return (quanta, State.VALUE) if quanta else (None, State.ZERO)

    def _text(self, line: int, attribute: Attribute, cell: Any) -> str | None:
        if isinstance(cell, Unread):
            self.wrong(line, attribute.column, cell.sentence)
            return None
        text = _key(cell)
        if not text:
            return None
        if attribute.kind == "date" and not _is_day(text):
            self.wrong(line, attribute.column, f"“{text}”不是日期，应写成 2022-01-01。")
        if attribute.values and text not in attribute.values:
            accepted = listed(attribute.values)
            sentence = f"“{text}”不在可选项内；接受 {accepted}{nearest(text, attribute.values)}"
            self.wrong(line, attribute.column, sentence)
        return text

    def _facts(
        self, subjects: list[str], facts: dict[str, _Column], attributes: dict[str, _Column]
    ) -> Facts:
        columns: dict[str, pa.Array] = {"subject": pa.array(subjects, pa.string())}
        for code, column in attributes.items():
            columns[code] = pa.array(column.values, pa.string())
        for code, column in facts.items():
            columns[code] = pa.array(column.values, pa.int64())
            columns[f"{code}__state"] = pa.array(column.states, pa.int8())
        return Facts(pa.table(columns), self.scheme.quanta())


def _cell(row: Iterable[Any], at: int) -> Any:
    row = list(row) if not isinstance(row, list) else row
    return row[at] if at < len(row) else None


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _key(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _decimal(cell: Any) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return Decimal(repr(cell)) if math.isfinite(cell) else None
    if isinstance(cell, int | Decimal):
        return parse_decimal(str(cell))
    return parse_decimal(cell) if isinstance(cell, str) else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
