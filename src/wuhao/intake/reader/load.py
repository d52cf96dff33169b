"""From bytes to grids of cells: xlsx, xls and ods by calamine, csv in UTF-8, GB 18030 or UTF-16."""

from __future__ import annotations

import csv
import re
import zipfile
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from wuhao.intake.reader.limits import ZIP_MAGIC, Limits, SheetScan, check_size, scan_zip
from wuhao.intake.reader.model import ErrorValue, Merged, Sheet, UnreadableFile, column_index

OLE_MAGIC = b"\xd0\xcf\x11\xe0"
# Spreadsheets save "Unicode text" so; without the mark nothing tells UTF-16 from GB 18030.
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
NOT_A_TABLE = "“{name}”不是能读的表格；请另存为 .xlsx、.xls 或 .csv 后再上传。"


def load(data: bytes, name: str, limits: Limits) -> list[Sheet]:
    """The sheets of a file with their cells; no tables yet. Raises UnreadableFile."""
    check_size(data, limits)
    if data.startswith(ZIP_MAGIC):
        return _workbook(data, name, limits, _scans_by_sheet(data, limits))
    if data.startswith(OLE_MAGIC):
        return _workbook(data, name, limits, {})
    if name.lower().endswith(TEXT_SUFFIXES):
        return [Sheet(name.rsplit(".", 1)[0], _text_cells(data, name, limits))]
    raise UnreadableFile(NOT_A_TABLE.format(name=name))


def _workbook(data: bytes, name: str, limits: Limits, scans: dict[str, SheetScan]) -> list[Sheet]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            worksheets = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
            return [
                _sheet(book.get_sheet_by_name(m.name), m, limits, scans.get(m.name))
                for m in worksheets
            ]
    except PasswordError as error:
        raise UnreadableFile(f"“{name}”加了打开密码，请去掉密码后再上传。") from error
    except (CalamineError, OSError) as error:
        raise UnreadableFile(NOT_A_TABLE.format(name=name)) from error


def _sheet(sheet: Any, metadata: Any, limits: Limits, scan: SheetScan | None) -> Sheet:
    if sheet.total_height * sheet.total_width > limits.cells:
        raise UnreadableFile(
            f"工作表“{sheet.name}”有 {sheet.total_height} 行 {sheet.total_width} 列，超过上限 "
            f"{limits.cells} 格；请分成几个文件上传。"
        )
    cells = sheet.to_python(skip_empty_area=False)
    _place_errors(cells, scan)
    ranges = [Merged(top, left, bottom, right) for (top, left), (bottom, right) in _merged(sheet)]
    visible = metadata.visible == SheetVisibleEnum.Visible
    scan = scan or SheetScan()
    return Sheet(
        sheet.name,
        cells,
        ranges,
        visible,
        hidden_rows=tuple(scan.hidden_rows),
        hidden_columns=tuple(scan.hidden_columns),
        formulas=scan.formulas,
        first_formula=scan.first_formula,
    )


def _merged(sheet: Any) -> list[Any]:
    return sorted(sheet.merged_cell_ranges or [])


def _place_errors(cells: list[list[Any]], scan: SheetScan | None) -> None:
    """Put error values where calamine leaves blanks, so that no #REF! passes for a blank."""
    for reference, text in (scan.errors if scan else {}).items():
        found = re.fullmatch(r"([A-Z]+)(\d+)", reference)
        if found is None:
            continue
        row, column = int(found[2]) - 1, column_index(found[1])
        if row < len(cells) and column < len(cells[row]):
            cells[row][column] = ErrorValue(text or "公式没有算出的值")


def _scans_by_sheet(data: bytes, limits: Limits) -> dict[str, SheetScan]:
    """The scan of each worksheet under its name; files that are not OOXML have none."""
    scans = scan_zip(data, limits)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= parts:
            return {}
        book = _attributes(archive.read("xl/workbook.xml"), "sheet")
        links = _attributes(archive.read("xl/_rels/workbook.xml.rels"), "Relationship")
    targets = {link.get("Id", ""): _part(link.get("Target", "")) for link in links}
    named = {sheet.get("name", ""): targets.get(sheet.get("id", ""), "") for sheet in book}
    return {name: scans[part] for name, part in named.items() if part in scans}


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attributes(xml: bytes, tag: str) -> list[dict[str, str]]:
    """The attributes of every element so named, names without their namespaces."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise UnreadableFile("文件里有不该有的内容，没有读取；请在表格软件里另存一份再上传。")
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as error:
        raise UnreadableFile("文件已损坏，打不开，请在表格软件里另存一份再上传。") from error
    return [
        {key.rsplit("}", 1)[-1]: value for key, value in element.attrib.items()}
        for element in root.iter()
        if element.tag.rsplit("}", 1)[-1] == tag
    ]


def _text_cells(data: bytes, name: str, limits: Limits) -> list[list[Any]]:
    text = _decode(data, name)
    sample = text[:4000]
    delimiter = max(",\t;|", key=lambda mark: (sample.count(mark), mark == ","))
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile(f"“{name}”不是合格的 CSV：{error}。请另存为 .xlsx 上传。") from error
    width = max((len(row) for row in rows), default=0)
    if len(rows) * width > limits.cells:
        raise UnreadableFile(f"“{name}”超过上限 {limits.cells} 格，请分成几个文件上传。")
    return [row + [""] * (width - len(row)) for row in rows]


def _decode(data: bytes, name: str) -> str:
    encodings = ("utf-16",) if data.startswith(UTF_16_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"“{name}”的文字编码不是 UTF-8、GB 18030 或 UTF-16，请另存为 .xlsx 上传。")
