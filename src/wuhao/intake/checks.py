"""A workbook against its template: checked rows, and every finding at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from wuhao.engine.facts import State
from wuhao.intake.cells import NO_DAY, ROUNDED, Cell, Converter, Outcome, converter
from wuhao.intake.comparisons import LastYear, slips
from wuhao.intake.findings import ERROR, NOTE, WARNING, Finding, Findings
from wuhao.intake.headings import Matched, Matching, match
from wuhao.intake.kept import Kept, RowCells
from wuhao.intake.peers import Peers, peer_findings
from wuhao.intake.reader.model import Workbook
from wuhao.intake.reader.words import blank, heading_key, shown
from wuhao.intake.templates import Check, Column, Template
from wuhao.intake.totals import totals_findings

DIRECTORY = "enterprises"


class Row(NamedTuple):
    """A data row: number and sheet as in the file, and a cell per template column found."""

    row_no: int
    sheet: str
    values: RowCells


@dataclass(frozen=True)
class Context:
    """What is known beside the file; None where it is not known and not to be checked.

    known: credit codes of the directory, best with the current name of each. last: quanta of the
    year before by fact and credit code. others: the same of this period, as other departments
    reported. peers: sector and size class by credit code.
    """

    known: Mapping[str, str] | frozenset[str] | None = None
    last: LastYear = field(default_factory=dict)
    others: LastYear = field(default_factory=dict)
    peers: Peers = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What a file holds under a template."""

    template: Template
    rows: list[Row]
    findings: list[Finding]
    tables: list[Matching]
    kept: list[Kept]

    @property
    def errors(self) -> int:
        """How many findings forbid handing the batch in."""
        return sum(finding.severity == ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings want a second look."""
        return sum(finding.severity == WARNING for finding in self.findings)

    def sums(self) -> dict[str, int]:
        """The sum of every number column over all rows, in quanta."""
        numbers = [column.code for column in self.template.columns if column.is_number]
        return {
            code: sum(cell.value or 0 for row in self.rows if (cell := row.values.get(code)))
            for code in numbers
        }


def check(template: Template, workbook: Workbook, context: Context | None = None) -> Reading:
    """Read every table that fits the template and check it; nothing stops at the first fault."""
    context = context or Context()
    found = Findings()
    matchings = _fitting(template, workbook, found)
    rows: list[Row] = []
    kept: list[Kept] = []
    seen = _Seen(template)
    for matching in matchings:
        found.extend(matching.findings)
        kept.append(Kept(matching.columns))
        rows += _rows(matching, kept[-1], found, seen)
    if matchings and not rows:
        found.add(_no_rows(template, matchings[0]))
    for matching in matchings:
        found.extend(totals_findings(matching, rows))
    _check_rows(template, rows, context, found)
    _check_known(template, rows, context, found)
    found.extend(slips(template, rows, context.last))
    key = next((column.code for column in template.columns if column.kind == "uscc"), "")
    found.extend(peer_findings(template.peers, key, rows, context.peers))
    return Reading(template, rows, found.all(), matchings, kept)


def _fitting(template: Template, workbook: Workbook, found: Findings) -> list[Matching]:
    """The tables that hold the template's key; where none does, the likeliest, for its findings."""
    matchings = [
        match(template, sheet, table)
        for sheet in workbook.sheets
        if sheet.visible
        for table in sheet.tables
    ]
    fitting = [matching for matching in matchings if matching.has(template.key)]
    if not fitting and matchings:
        likeliest = max(matchings, key=lambda m: len(m.columns))
        fitting = [likeliest] if likeliest.columns else []
    if not fitting:
        headings = "、".join(c.label for c in template.columns if c.required)
        sentence = f"没有认出“{template.title}”的表：找不到表头（应有 {headings}）。请核对模板。"
        found.add(Finding("", "", ERROR, "no_table", sentence))
    found.extend(_unread_sheets(workbook, {id(matching.sheet) for matching in fitting}))
    return fitting


def _unread_sheets(workbook: Workbook, read: set[int]) -> Iterator[Finding]:
    """Notes of sheets with content that were not read; code lists and instructions go unsaid."""
    for sheet in workbook.sheets:
        if id(sheet) in read or any(word in sheet.name for word in ("代码", "说明")):
            continue
        if any(not blank(value) for line in sheet.cells for value in line):
            hidden = "" if sheet.visible else "（隐藏）"
            sentence = f"工作表“{sheet.name}”{hidden}里没有这张模板的表，没有读；有数请并入主表。"
            yield Finding(sheet.name, "", NOTE, "sheet_unread", sentence)


def _no_rows(template: Template, matching: Matching) -> Finding:
    sheet, row = matching.sheet.name, matching.table.header_rows[1]
    sentence = (
        f"第 {row} 行表头下面没有一行数据。请核对“{template.title}”是否填在别处；"
        "确实没有可报的，提交时写明。"
    )
    return Finding(sheet, "", WARNING, "no_rows", sentence)


Noted = dict[tuple[str, str], tuple[str, int]]
"""By kind of note and column: the first cell and how many."""
NOTED = {
    ROUNDED: "“{label}”有 {count} 格小数位多于所记的最小量（首处 {first}），已四舍五入；"
    "要保留原值请核对单位。",
    NO_DAY: "“{label}”有 {count} 格写的是 1900 年前后的空日期（首处 {first}），按未报记；"
    "有日期请补填。",
}


class _Seen:
    """Keys of rows already read; says where a repeated one stood first."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self.key = template.key
        self._first: dict[tuple[str, ...], tuple[str, int]] = {}

    def finding(self, key: tuple[str, ...], sheet: str, row: int, at: Matched) -> Finding | None:
        """A finding when the key was read before; a key with a blank part is not compared."""
        if not all(key):
            return None
        first_sheet, first_row = self._first.setdefault(key, (sheet, row))
        if (first_sheet, first_row) == (sheet, row):
            return None
        cell = f"{at.found.letter}{row}"
        where = "" if first_sheet == sheet else f"工作表“{first_sheet}”"
        labels = "、".join(self._template.column(code).label for code in self._template.key)
        sentence = (
            f"{cell}：{labels}“{'，'.join(key)}”与{where}第 {first_row} 行重复，"
            "请删去一行，或核对代码。"
        )
        return Finding(sheet, cell, ERROR, "duplicate", sentence, row, at.column.label)


def _rows(matching: Matching, kept: Kept, found: Findings, seen: _Seen) -> Iterator[Row]:
    readers = [
        (matched, converter(matched), matched.found.index, matched.found.letter)
        for matched in matching.columns
    ]
    sheet, cells = matching.sheet.name, matching.sheet.cells
    keys = [m for code in seen.key for m in matching.columns if m.column.code == code]
    noted: Noted = {}
    empty: list[int] = []
    for number in matching.table.data_rows:
        line = cells[number - 1]
        if all(blank(line[index]) for _, _, index, _ in readers if index < len(line)):
            empty.append(number)
            continue
        read = _row_outcomes(readers, line, (sheet, number), (found, noted))
        yield Row(number, sheet, kept.add(read))
        key = tuple(heading_key(shown(line[m.found.index])).upper() for m in keys)
        repeated = seen.finding(key, sheet, number, keys[0]) if keys else None
        if repeated:
            found.add(repeated)
    found.extend(_row_notes(sheet, noted, empty))


def _row_outcomes(
    readers: list[tuple[Matched, Converter, int, str]],
    line: list[Any],
    place: tuple[str, int],
    into: tuple[Findings, Noted],
) -> list[Outcome]:
    found, noted = into
    sheet, number = place
    outcomes: list[Outcome] = []
    for matched, read, index, column_letter in readers:
        outcome: Outcome = read(line[index] if index < len(line) else None)
        outcomes.append(outcome)
        if outcome.trouble is not None:
            code, sentence = outcome.trouble
            cell = f"{column_letter}{number}"
            found.add(
                Finding(
                    sheet, cell, ERROR, code, f"{cell}：{sentence}", number, matched.column.label
                )
            )
        if outcome.noted:
            kind = (outcome.noted, matched.column.label)
            first, count = noted.get(kind, (f"{column_letter}{number}", 0))
            noted[kind] = (first, count + 1)
    return outcomes


def _row_notes(sheet: str, noted: Noted, empty: list[int]) -> Iterator[Finding]:
    for (code, label), (first, count) in noted.items():
        sentence = NOTED[code].format(label=label, count=count, first=first)
        yield Finding(sheet, first, NOTE, code, sentence, 0, label)
    if empty:
        sentence = f"有 {len(empty)} 行没有内容（首处第 {empty[0]} 行），没有读；有数请补填。"
        yield Finding(sheet, f"A{empty[0]}", NOTE, "empty_rows", sentence, empty[0])


def _check_rows(template: Template, rows: list[Row], context: Context, found: Findings) -> None:
    """The template's own conditions, row by row; those with unknown values are not asked."""
    if not template.checks:
        return
    key = next((column.code for column in template.columns if column.kind == "uscc"), "")
    asked = {key, *(code for condition in template.checks for code in condition.columns)}
    for row in rows:
        plain = {code: _comparable(row.values[code]) for code in asked if code in row.values}
        for fact in template.others:
            plain[fact] = context.others.get(fact, {}).get(plain.get(key) or "")
        for condition in template.checks:
            if condition.holds(plain) is False:
                found.add(_condition_finding(template, condition, row))


def _comparable(cell: Cell) -> Any:
    """A value as conditions compare it: zero as 0, days as ordinals, unknown as None."""
    if cell.state is State.ZERO:
        return 0
    return cell.value.toordinal() if isinstance(cell.value, date) else cell.value


def _condition_finding(template: Template, condition: Check, row: Row) -> Finding:
    letters = [row.values[code].column for code in condition.columns if code in row.values]
    cell = f"{letters[0]}{row.row_no}"
    places = "、".join(f"{column}{row.row_no}" for column in letters)
    sentence = f"{places}：{condition.sentence}"
    label = template.column(condition.columns[0]).label
    return Finding(row.sheet, cell, condition.severity, condition.code, sentence, row.row_no, label)


def _check_known(template: Template, rows: list[Row], context: Context, found: Findings) -> None:
    """Enterprises that the directory does not hold, and names that differ from it."""
    known = context.known
    if known is None or template.effect == DIRECTORY:
        return
    codes = [c for c in template.columns if c.kind == "uscc" and c.registered]
    named = [(c, template.codes_of(c)) for c in template.columns if c.match == "name"]
    for row in rows:
        for code in codes:
            cell = row.values.get(code.code)
            if cell is None or cell.value is None:
                continue
            if cell.value not in known:
                found.add(_stranger(row, cell, code))
            elif isinstance(known, Mapping):
                for column in (name for name, of in named if of is code):
                    found.extend(_other_name(row, column, known[cell.value]))


def _stranger(row: Row, cell: Cell, column: Column) -> Finding:
    place = f"{cell.column}{row.row_no}"
    sentence = f"{place}：“{cell.value}”不在企业名录里。请核对代码；确是新企业，请先报送企业名录。"
    return Finding(
        row.sheet, place, ERROR, "unknown_enterprise", sentence, row.row_no, column.label
    )


def _other_name(row: Row, column: Column, name: str) -> Iterator[Finding]:
    cell = row.values.get(column.code)
    if cell is None or cell.value is None or heading_key(cell.value) == heading_key(name):
        return
    place = f"{cell.column}{row.row_no}"
    sentence = f"{place}：“{cell.value}”与名录里的名称“{name}”不同，请核对代码或名称。"
    yield Finding(row.sheet, place, WARNING, "name_differs", sentence, row.row_no, column.label)
