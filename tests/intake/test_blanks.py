"""The workbook of a template: what an office sees, and that it reads back as it was written."""

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.books import credit_code, template
from tests.paths import CITY
from wuhao.config.commands.template import template as command
from wuhao.engine.facts import State
from wuhao.intake.blanks import workbook_of
from wuhao.intake.cells import Cell
from wuhao.intake.checks import check
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import COMMON_WORDS, Column, Template, load_templates

CITY_TEMPLATES = load_templates(CITY / "templates")


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


@pytest.mark.parametrize("code", CITY_TEMPLATES)
def test_every_template_of_the_city_has_a_workbook_that_it_reads_without_fault(code: str) -> None:
    wanted = CITY_TEMPLATES[code]
    reading = check(wanted, read_workbook(workbook_of(wanted), "a.xlsx", wanted.known_headings()))
    assert [f.code for f in reading.findings if f.severity != "note"] == ["no_rows"]
    assert reading.rows == []
    found = [matched.column.code for table in reading.tables for matched in table.columns]
    assert found == [column.code for column in wanted.columns]


def test_an_office_sees_titles_units_lists_and_may_write_in_rows_alone() -> None:
    book = opened(workbook_of(CITY_TEMPLATES["T3"]))
    sheet = book["园区工业用地"]
    heads = [cell.value for cell in sheet[3]]
    assert sheet["A1"].value == "园区工业用地"
    assert "用地面积（㎡）" in heads
    assert sheet.protection.sheet
    assert (sheet["A3"].protection.locked, sheet["A4"].protection.locked) == (True, False)
    assert sheet.freeze_panes == "A4"
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert lists
    labels = {cell.value for row in book["代码表"].iter_rows(min_row=2) for cell in row}
    listed = [c for c in CITY_TEMPLATES["T3"].columns if c.choices]
    assert [c.code for c in listed] == ["park", "right_kind"]
    assert labels >= {one.label for c in listed for one in c.choices.values()}
    meant = {row[0].value: row[1].value for row in book["填写说明"].iter_rows(min_row=2)}
    assert "单位㎡" in meant["用地面积（㎡）"]
    assert "必填" in meant["用地面积（㎡）"]


def test_the_workbook_says_of_which_template_it_is() -> None:
    wanted = CITY_TEMPLATES["T1"]
    assert opened(workbook_of(wanted)).properties.keywords == f"T1 {wanted.digest}"


def cells_of(column: Column) -> st.SearchStrategy[Cell]:
    if column.kind == "uscc":
        return st.integers(0, 9999).map(lambda n: Cell(credit_code(n), State.VALUE, ""))
    if column.kind == "date":
        days = st.dates(date(1950, 1, 1), date(2099, 12, 31))
        return days.map(lambda day: Cell(day, State.VALUE, ""))
    if column.is_number:
        values = st.integers(1, 10**9) if column.kind == "integer" else st.integers(1, 10**11)
        states = (
            [State.ZERO] if column.required else [State.ZERO, State.MISSING, State.NOT_APPLICABLE]
        )
        absent = st.sampled_from(states).map(lambda state: Cell(None, state, ""))
        return st.one_of(values.map(lambda n: Cell(n, State.VALUE, "")), absent)
    words = st.text(st.characters(codec="gb18030", categories=["Lo"]), min_size=2, max_size=20)
    names = words.filter(lambda text: text not in {*COMMON_WORDS, *column.words})
    return names.map(lambda text: Cell(text, State.VALUE, ""))


def rows_of(wanted: Template) -> st.SearchStrategy[list[dict[str, Cell]]]:
    row = st.fixed_dictionaries({c.code: cells_of(c) for c in wanted.columns})
    return st.lists(row, max_size=12, unique_by=lambda one: one["uscc"].value)


@pytest.mark.property
@given(rows=rows_of(template()))
def test_what_was_written_is_read_back_unchanged(rows: list[dict[str, Cell]]) -> None:
    wanted = template()
    made = read_workbook(workbook_of(wanted, rows), "a.xlsx", wanted.known_headings())
    found = [
        {code: (cell.value, cell.state) for code, cell in row.values.items()}
        for row in check(wanted, made).rows
    ]
    assert found == [{code: (cell.value, cell.state) for code, cell in row.items()} for row in rows]


def test_more_digits_than_a_spreadsheet_keeps_are_written_as_text() -> None:
    wanted = template()
    long = {"uscc": Cell(credit_code(1), State.VALUE, ""), "name": Cell("甲", State.VALUE, ""),
            "land_m2": Cell(12345678901234567, State.VALUE, "")}  # fmt: skip
    made = workbook_of(wanted, [long])
    [row] = check(wanted, read_workbook(made, "a.xlsx", wanted.known_headings())).rows
    assert row.values["land_m2"].value == 12345678901234567
    assert opened(made)["小城税收"]["F4"].value == "123456789012345.67"


def test_the_command_writes_it_and_says_what_there_is(tmp_path: Any) -> None:
    out = tmp_path / "t1.xlsx"
    done = CliRunner().invoke(command, ["T1", "--out", str(out)])
    assert (done.exit_code, "企业年度税收" in done.output) == (0, True)
    assert opened(out.read_bytes())["企业年度税收"]["A1"].value == "企业年度税收"
    faults = {
        ("T99", str(out)): "没有模板“T99”；本市有 T0、T1",
        ("T1", "a.csv"): "“a.csv”应以 .xlsx 结尾。",
        ("T1", str(tmp_path / "no" / "a.xlsx")): "写不了文件“a.xlsx”：没有“",
    }
    for (code, path), told in faults.items():
        done = CliRunner().invoke(command, [code, "--out", path])
        assert (done.exit_code, told in done.output) == (2, True)
