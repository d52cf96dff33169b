"""Workbooks for tests: written with XlsxWriter or openpyxl, never with the reader under test."""

from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from wuhao.intake.checks import Context, Reading, check
from wuhao.intake.reader.model import Sheet, TableFound
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import Template, load_template

CITY = Path(__file__).parent / "city"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(number: int) -> str:
    """A synthetic credit code with right check characters, computed here anew."""
    body = f"MA4L{number:04d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in body]
    inner = {10: "X", 11: "0"}.get(
        11 - sum(v * w for v, w in zip(values, weights, strict=True)) % 11,
        str(11 - sum(v * w for v, w in zip(values, weights, strict=True)) % 11),
    )
    code = "91430200" + body + inner
    total = sum(ALPHABET.index(c) * (3**i % 31) for i, c in enumerate(code))
    return code + ALPHABET[(31 - total % 31) % 31]


def template(code: str = "X1") -> Template:
    return load_template(CITY / "templates" / f"{code}.yaml")


def book(rows: list[list[Any]], merge: tuple[str, ...] = (), title: str = "表") -> bytes:
    """A workbook of one sheet with these rows from A1 on."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


HEADING = ["统一社会信用代码", "企业名称", "实缴税金（元）", "增值税", "用工人数", "用地面积"]


def taxes(*rows: list[Any], heading: list[str] = HEADING) -> bytes:
    """A tax workbook: a title, the heading in row 2, data from row 3 on."""
    return book([["小城税收"], heading, *rows])


def firm(number: int, tax: Any = 100, vat: Any = 1, staff: Any = 3, land: Any = 10) -> list[Any]:
    return [credit_code(number), f"{number}号厂", tax, vat, staff, land]


def read(content: bytes, code: str = "X1", context: Context | None = None) -> Reading:
    wanted = template(code)
    return check(wanted, read_workbook(content, "表.xlsx", wanted.known_headings()), context)


def found(reading: Reading, severity: str = "error") -> list[tuple[str, str]]:
    """Cell and code of the findings of a severity."""
    return [(f.cell, f.code) for f in reading.findings if f.severity == severity]


def only_table(content: bytes, name: str = "表.xlsx") -> tuple[Sheet, TableFound]:
    [sheet] = read_workbook(content, name).sheets
    [table] = sheet.tables
    return sheet, table
