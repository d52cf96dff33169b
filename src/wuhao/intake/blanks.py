"""The workbook of a template: headings, units, lists to choose from, what each column means.

What an office fills in is unlocked, everything else is protected (without a password, so that it
can be lifted). The workbook reads back by its own template as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import xlsxwriter

from wuhao.engine.facts import State
from wuhao.intake.cells import Cell
from wuhao.intake.reader.model import letter
from wuhao.intake.templates import Column, Template

EXCEL_DIGITS = 15
"""A spreadsheet keeps so many digits of a number; longer ones are written as text."""
ROWS = 2000
"""So many rows can be filled in before more are unlocked."""
WIDTHS = {"uscc": 24, "text": 30, "choice": 16, "code": 26, "amount": 18, "integer": 12, "date": 14}
PERIODS = {"year": "年度", "quarter": "季度", "month": "月度"}
KINDS = {
    "uscc": "18 位统一社会信用代码",
    "text": "文字",
    "choice": "从下拉表里选",
    "code": "代码",
    "amount": "数",
    "integer": "整数",
    "date": "日期，如 2022-06-28",
}
SHEET_NAME = 31
Rows = Sequence[Mapping[str, Cell]]


def workbook_of(template: Template, rows: Rows = ()) -> bytes:
    """The template's workbook, with rows (column code → cell) where some are known already."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(
            {"title": template.title, "keywords": f"{template.code} {template.digest}"}
        )
        lists = _code_lists(template)
        sheet = book.add_worksheet(template.title[:SHEET_NAME])
        _Sheet(book, sheet, template, lists).write(rows)
        _explained(book, template)
        _listed(book, lists)
    return stream.getvalue()


def _code_lists(template: Template) -> dict[str, list[str]]:
    """The labels of every column that is chosen from a list."""
    return {
        column.code: list(dict.fromkeys(choice.label for choice in column.choices.values()))
        for column in template.columns
        if column.kind == "choice"
    }


class _Sheet:
    """The sheet that an office fills in."""

    def __init__(
        self, book: Any, sheet: Any, template: Template, lists: Mapping[str, list[str]]
    ) -> None:
        self.sheet, self.template, self.lists = sheet, template, lists
        plain = {"border": 1, "border_color": "#BFBFBF"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.small = book.add_format({"font_color": "#595959"})
        head = {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "bg_color": "#E7EEF5",
            **plain,
        }
        self.head = book.add_format(head)
        self.needed = book.add_format({**head, "bg_color": "#D0DFEE"})
        self.open = {
            kind: book.add_format({"locked": False, "num_format": shown, **plain})
            for kind, shown in (("text", "@"), ("number", "General"), ("date", "yyyy-mm-dd"))
        }

    def write(self, rows: Rows) -> None:
        template, sheet = self.template, self.sheet
        told = f"{PERIODS[template.period]}报送；深色表头必填，填法见“填写说明”。"
        sheet.write_string(0, 0, template.title, self.title)
        sheet.write_string(1, 0, told, self.small)
        count = max(ROWS, len(rows) + ROWS // 2)
        for at, column in enumerate(template.columns):
            shape = self.needed if column.required else self.head
            sheet.write_string(2, at, heading_of(column), shape)
            sheet.set_column(at, at, WIDTHS[column.kind])
            self._rules(at, column, count)
        for number in range(count):
            row = rows[number] if number < len(rows) else {}
            for at, column in enumerate(template.columns):
                self._cell(number + 3, at, column, row.get(column.code))
        sheet.autofilter(2, 0, 2 + count, len(template.columns) - 1)
        self._laid_out()

    def _laid_out(self) -> None:
        """Protect all but the rows, keep the heading in sight, print on A4 across."""
        allowed = ["format_columns", "format_rows", "insert_rows", "delete_rows", "sort"]
        self.sheet.protect("", dict.fromkeys([*allowed, "autofilter"], True))
        self.sheet.freeze_panes(3, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0, 2)

    def _rules(self, at: int, column: Column, count: int) -> None:
        """What may be entered, with a sentence for what may not."""
        rule = _rule(column, self.lists)
        if rule is not None:
            told = f"“{column.label}”：{_meaning(column)}。"[:255]
            said = {"error_type": "warning", "error_title": "请核对", "error_message": told}
            self.sheet.data_validation(3, at, 2 + count, at, {**rule, **said})

    def _cell(self, row: int, at: int, column: Column, cell: Cell | None) -> None:
        kind = "number" if column.kind in ("amount", "integer") else "text"
        shape = self.open["date" if column.kind == "date" else kind]
        value = None if cell is None else written(column, cell)
        if value is None:
            self.sheet.write_blank(row, at, None, shape)
        elif isinstance(value, str):
            self.sheet.write_string(row, at, value, shape)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, at, value, shape)
        else:
            self.sheet.write_number(row, at, value, shape)


def heading_of(column: Column) -> str:
    """A column's heading with its unit: 实缴税金（元）."""
    return f"{column.label}（{column.unit.label}）" if column.unit else column.label


def _rule(column: Column, lists: Mapping[str, list[str]]) -> dict[str, Any] | None:
    if column.kind == "choice":
        last = len(lists[column.code])
        name = letter(list(lists).index(column.code))
        return {"validate": "list", "source": f"='代码表'!${name}$2:${name}${last + 1}"}
    if column.kind == "uscc":
        return {"validate": "length", "criteria": "==", "value": 18}
    return None  # numbers and days may also be words such as 未报; reading checks them


def written(column: Column, cell: Cell) -> Any:
    """A cell as it is filled in: a number in the column's unit, a label, a word for a state."""
    if cell.state is State.ZERO:
        zero = next((c.label for c in column.choices.values() if c.value == 0), None)
        return zero if column.choices else 0
    if cell.state is not State.VALUE:
        return _word(column, cell.state)
    if column.choices:
        return next(
            choice.label
            for choice in column.choices.values()
            if cell.value == (choice.value if column.fact else choice.code)
        )
    if column.kind in ("amount", "integer"):
        return _number(column, cell.value)
    return cell.value


def _word(column: Column, state: State) -> str | None:
    """The word that an office writes for a state; nothing for what is not reported."""
    if state is State.MISSING:
        return None
    words = [word for word, meant in column.words.items() if meant is state and word]
    return words[0] if words else None


def _number(column: Column, quanta: int) -> Any:
    value = Fraction(quanta) / column.factor(column.unit)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    text = f"{exact.normalize():f}"
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    return float(exact) if len(digits) <= EXCEL_DIGITS else text


def _meaning(column: Column) -> str:
    """What a column takes, in a line."""
    parts = [KINDS[column.kind]]
    if column.unit:
        parts.append(f"单位{column.unit.label}")
    if column.minimum is not None:
        parts.append(f"不小于 {column.minimum}")
    if column.maximum is not None:
        parts.append(f"不大于 {column.maximum}")
    parts.append("必填" if column.required else "没有数可空")
    return "，".join(parts)


def _explained(book: Any, template: Template) -> None:
    sheet = book.add_worksheet("填写说明")
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 2, 50)
    sheet.write_row(0, 0, ["列", "填什么", "可以写的词"], bold)
    for at, column in enumerate(template.columns, start=1):
        words = {
            State.ZERO: "确认为零", State.NOT_APPLICABLE: "不适用", State.MISSING: "未报",
        }  # fmt: skip
        said = "；".join(
            f"{label}：{'、'.join(found)}"
            for state, label in words.items()
            if (found := [w for w, meant in column.words.items() if meant is state and w][:6])
        )
        sheet.write_row(at, 0, [heading_of(column), _meaning(column), said], wrap)
    at = len(template.columns) + 2
    for check in template.checks:
        sheet.write_string(at, 0, "核对", wrap)
        sheet.write_string(at, 1, check.sentence, wrap)
        at += 1
    sheet.protect()


def _listed(book: Any, lists: Mapping[str, list[str]]) -> None:
    if not lists:
        return
    sheet = book.add_worksheet("代码表")
    for at, (code, labels) in enumerate(lists.items()):
        sheet.write_column(0, at, [code, *labels])
        sheet.set_column(at, at, 20)
    sheet.protect()
