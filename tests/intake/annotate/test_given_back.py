"""A file comes back with its findings at its cells, and with everything else as it was."""

import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font, PatternFill

from wuhao.intake.annotate.given_back import given_back
from wuhao.intake.annotate.package import MAIN
from wuhao.intake.findings import ERROR, NOTE, WARNING, Finding
from wuhao.intake.reader.workbook import read_workbook

FOUND = [
    Finding("税收", "C2", ERROR, "number", "C2：“x”不是数，请改成数字。", 2),
    Finding("税收", "C2", NOTE, "rounded", "已四舍五入。", 2),
    Finding("税收", "B3", WARNING, "name_differs", "B3：与名录里的名称不同。", 3),
    Finding("税收", "F9", ERROR, "required", "F9：没有填。", 9),
    Finding("", "", ERROR, "no_table", "找不到用地表。"),
]


def office_book() -> bytes:
    """A workbook with what offices put into them: widths, formats, formulas, charts, comments."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("税收")
        sheet.set_column("B:B", 33)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, ["代码", "名称", "税金"], book.add_format({"bold": True}))
        sheet.write_row(1, 0, ["a1", "甲", "x"])
        sheet.write_row(2, 0, ["a2", "乙"])
        sheet.write_formula(2, 2, "=20+22", book.add_format({"num_format": "#,##0.00"}), 42)
        sheet.write_comment("C2", "原有的批注")
        sheet.data_validation("C2:C9", {"validate": "decimal", "criteria": ">=", "value": 0})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=税收!$C$2:$C$3"})
        sheet.insert_chart("H2", chart)
        book.add_worksheet("说明").write(0, 0, "不动")
    return stream.getvalue()


def back(data: bytes, name: str = "a.xlsx", findings: list[Finding] = FOUND) -> Any:
    made = given_back(data, read_workbook(data, name), findings)
    return made, openpyxl.load_workbook(BytesIO(made))


def colour(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb)[2:]


def test_cells_are_coloured_by_the_worst_and_say_all_that_was_found() -> None:
    _, book = back(office_book())
    sheet = book["税收"]
    assert (colour(sheet["C2"]), colour(sheet["B3"]), colour(sheet["F9"])) == (
        "FFC7CE", "FFEB9C", "FFC7CE",
    )  # fmt: skip
    assert sheet["C2"].comment.text == (
        "原有的批注\n错误：C2：“x”不是数，请改成数字。\n说明：已四舍五入。"
    )
    assert sheet["B3"].comment.text == "提醒：B3：与名录里的名称不同。"
    assert sheet["A1"].comment.text == "错误：找不到用地表。"
    assert book["说明"]["A1"].comment is None


def test_everything_else_stays_byte_by_byte() -> None:
    data = office_book()
    made, book = back(data)
    touched = {
        "[Content_Types].xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
        "xl/worksheets/_rels/sheet1.xml.rels",
    }  # fmt: skip
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(BytesIO(made)) as new:
        assert old.namelist() == new.namelist()
        assert [n for n in old.namelist() if old.read(n) != new.read(n) and n not in touched] == []
    sheet = book["税收"]
    assert (sheet["C3"].value, sheet["C3"].number_format) == ("=20+22", "#,##0.00")
    assert sheet.column_dimensions["B"].width > 33
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert len(sheet.data_validations.dataValidation) == 1
    values = openpyxl.load_workbook(BytesIO(made), data_only=True)["税收"]
    assert values["C3"].value == 42


def test_a_sheet_without_comments_gets_them() -> None:
    book = openpyxl.Workbook()
    book.active.title = "税收"
    for row in (["代码", "名称", "税金"], ["a1", "甲", "x"], ["a2", "乙", 5]):
        book.active.append(row)
    book.active["B3"].font = Font(italic=True)
    book.active["B3"].fill = PatternFill("solid", fgColor="FF00FF00")
    stream = BytesIO()
    book.save(stream)
    _, found = back(stream.getvalue())
    assert found["税收"]["B3"].comment.text.startswith("提醒")
    assert (colour(found["税收"]["B3"]), found["税收"]["B3"].font.italic) == ("FFEB9C", True)
    again = given_back(stream.getvalue(), read_workbook(stream.getvalue(), "a.xlsx"), FOUND)
    twice, _ = back(again)
    assert [s.name for s in read_workbook(twice, "a.xlsx").sheets] == ["税收"]


def test_what_was_handed_in_is_read_the_same_after_it_came_back() -> None:
    data = office_book()
    made, _ = back(data)
    before, after = (read_workbook(one, "a.xlsx").sheets for one in (data, made))
    assert [s.tables for s in before] == [s.tables for s in after]
    assert before[0].cells == [row[:3] for row in after[0].cells[:3]]


@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_a_text_table_comes_back_as_a_workbook(name: str) -> None:
    data = "代码,名称,税金\na1,甲,x\na2,=乙,5\n".encode("gb18030")
    findings = [Finding("a", "C2", ERROR, "number", "不是数。", 2)]
    _, book = back(data, name, findings)
    assert [[c.value for c in row] for row in book["a"]["A1:C3"]] == [
        ["代码", "名称", "税金"], ["a1", "甲", "x"], ["a2", "=乙", "5"],
    ]  # fmt: skip
    assert book["a"]["C2"].comment.text == "错误：不是数。"
    assert book["a"]["B3"].data_type == "s"


def test_no_findings_leave_a_workbook_without_marks() -> None:
    _, book = back(office_book(), "a.xlsx", [])
    assert book["税收"]["C2"].comment.text == "原有的批注"
    assert book["税收"]["B3"].comment is None


def test_a_workbook_by_strict_rules_is_given_back_by_its_values() -> None:
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(office_book())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(MAIN.encode(), strict))
    data = stream.getvalue()
    workbook = read_workbook(office_book(), "a.xlsx")
    found = openpyxl.load_workbook(BytesIO(given_back(data, workbook, FOUND)))
    assert found["税收"]["B2"].value == "甲"
    assert found["税收"]["C2"].comment.text.startswith("错误")
