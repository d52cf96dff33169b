"""One sheet as an office lays it out, and how it is written: titles, units, quirks, totals, feet.

Values are what the office means: Decimal in the sheet's unit, date, text, or a `Blank`. How they
look is drawn at the end: numbers now and then kept as text, with thousands separators, in
full-width digits or with a blank behind; zero as 0 or 无; nothing as empty, 未报, — or 不适用.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from wuhao.demo.shapes import Blank

Value = Decimal | date | str | Blank | None
_FULL_WIDTH = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")  # noqa: RUF001
_DATE_WORDS = ("{0:%Y-%m-%d}", "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日")


@dataclass(frozen=True)
class Head:
    """A column as the office heads it; `above` is a heading merged over its neighbours."""

    text: str
    width: int = 14
    places: int = 2
    summed: bool = False
    above: str = ""


@dataclass
class Sheet:
    """A table with what stands above and below it; totals add up but for `off`, by column."""

    name: str
    titles: list[str]
    heads: Sequence[Head]
    rows: list[list[Value]]
    feet: list[str] = field(default_factory=list)
    off: dict[int, Decimal] = field(default_factory=dict)

    @property
    def two_storeyed(self) -> bool:
        """Whether some headings stand under a common one."""
        return any(head.above for head in self.heads)

    @property
    def first_row(self) -> int:
        """The Excel row of the first row of data."""
        return len(self.titles) + 2 + self.two_storeyed

    def cell(self, row: int, column: int) -> str:
        """The address of a value, as Excel names it."""
        return str(xl_rowcol_to_cell(self.first_row - 1 + row, column))


@dataclass(frozen=True)
class Book:
    """A workbook: its file, the office that sends it, its sheets; the first holds the data."""

    path: Path
    author: str
    comment: str
    sheets: Sequence[Sheet]
    sent_on: date


def write_book(book: Book, seed: str) -> Path:
    """Write a workbook; the same book and seed give the same bytes."""
    book.path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and moved at the end: a play killed meanwhile leaves no half of a workbook.
    part = book.path.with_suffix(".part")
    workbook = xlsxwriter.Workbook(str(part))
    created = datetime.combine(book.sent_on, time(9, 30), tzinfo=UTC)
    workbook.set_properties({"author": book.author, "comments": book.comment, "created": created})
    looks = _looks(workbook)
    for place, sheet in enumerate(book.sheets):
        _write_sheet(workbook, sheet, looks, Random(f"{seed}/{place}"))
    workbook.close()
    part.replace(book.path)
    return book.path


def _looks(workbook: Any) -> dict[str, Any]:
    edge = {"border": 1, "font_name": "宋体", "font_size": 10}
    head = {**edge, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
    return {
        "title": workbook.add_format(
            {"bold": True, "font_size": 16, "align": "center", "font_name": "宋体"}
        ),
        "line": workbook.add_format({"font_name": "宋体", "font_size": 10}),
        "head": workbook.add_format(head),
        "cell": workbook.add_format(edge),
        "date": workbook.add_format({**edge, "num_format": "yyyy-mm-dd"}),
        **{
            f"number{places}": workbook.add_format(
                {**edge, "num_format": "#,##0" + ("." + "0" * places if places else "")}
            )
            for places in (0, 2, 4)
        },
    }


def _write_sheet(workbook: Any, sheet: Sheet, looks: dict[str, Any], rng: Random) -> None:
    page = workbook.add_worksheet(sheet.name)
    last = len(sheet.heads) - 1
    for row, title in enumerate(sheet.titles):
        page.merge_range(row, 0, row, last, title, looks["title" if row == 0 else "line"])
    _write_heads(page, sheet, looks["head"])
    top = sheet.first_row - 1
    page.freeze_panes(top, 0)
    for row, values in enumerate(sheet.rows, top):
        for column, (head, value) in enumerate(zip(sheet.heads, values, strict=True)):
            _write_value(page, (row, column), _shown(rng, value, head.places), looks, head.places)
    foot = top + len(sheet.rows)
    if any(head.summed for head in sheet.heads):
        _write_totals(page, sheet, foot, looks)
        foot += 1
    for row, text in enumerate(sheet.feet, foot):
        page.merge_range(row, 0, row, last, text, looks["line"])


def _write_heads(page: Any, sheet: Sheet, look: Any) -> None:
    top = len(sheet.titles)
    for column, head in enumerate(sheet.heads):
        page.set_column(column, column, head.width)
        if not sheet.two_storeyed:
            page.write_string(top, column, head.text, look)
        elif not head.above:
            page.merge_range(top, column, top + 1, column, head.text, look)
        else:
            page.write_string(top + 1, column, head.text, look)
    for above in {head.above for head in sheet.heads if head.above}:
        under = [place for place, head in enumerate(sheet.heads) if head.above == above]
        page.merge_range(top, under[0], top, under[-1], above, look)


def _write_value(
    page: Any, at: tuple[int, int], value: Value, looks: dict[str, Any], places: int
) -> None:
    if isinstance(value, Decimal):
        page.write_number(*at, float(value), looks[f"number{places}"])
    elif isinstance(value, date):
        page.write_datetime(*at, value, looks["date"])
    elif isinstance(value, str) and value:
        page.write_string(*at, value, looks["cell"])
    else:
        page.write_blank(*at, None, looks["cell"])


def _write_totals(page: Any, sheet: Sheet, row: int, looks: dict[str, Any]) -> None:
    for column, head in enumerate(sheet.heads):
        values = [cells[column] for cells in sheet.rows] if head.summed else []
        total = sum((v for v in values if isinstance(v, Decimal)), Decimal(0))
        total += sheet.off.get(column, Decimal(0))
        shown: Value = total if head.summed else ("合计" if column == 0 else None)
        _write_value(page, (row, column), shown, looks, head.places)


def _shown(rng: Random, value: Value, places: int) -> Value:
    """How a value looks in the cell."""
    chance = rng.random()
    if value is Blank.MISSING:
        return "未报" if chance < 0.3 else None
    if value is Blank.NOT_APPLICABLE:
        return "不适用" if chance < 0.1 else "—"
    if isinstance(value, Decimal):
        return _number_shown(chance, value, places)
    if isinstance(value, date):
        return value if chance < 0.7 else _DATE_WORDS[int(chance * 100) % 3].format(value)
    return value


def _number_shown(chance: float, value: Decimal, places: int) -> Value:
    if value == 0:
        return "无" if chance < 0.4 else value
    text = f"{value:,.{places}f}"
    if chance < 0.03:
        return text
    if chance < 0.04:
        return text.translate(_FULL_WIDTH)
    return f"{value:.{places}f} " if chance < 0.05 else value
