"""The reader against workbooks of known shape, openpyxl, and real files."""

import zipfile
from io import BytesIO
from itertools import pairwise

import openpyxl
import pytest
import xlsxwriter

from tests.intake.books import book, only_table
from tests.paths import SHARED_DATA
from wuhao.intake.reader.limits import Limits
from wuhao.intake.reader.model import ErrorValue, UnreadableFile, column_index, letter
from wuhao.intake.reader.words import bare_heading, heading_unit, line_units, totals_label
from wuhao.intake.reader.workbook import read_workbook

MESSY = SHARED_DATA / "messy-excel"
needs_real_files = pytest.mark.skipif(
    not MESSY.exists(), reason="the real data does not lie beside the project"
)


def labels(table) -> list[str]:
    return ["/".join(column.path) for column in table.columns]


def test_a_plain_table_begins_at_its_first_row():
    _, table = only_table(book([["代码", "名称", "税金"], ["a1", "甲", 1], ["a2", "乙", 2]]))
    assert (table.header_rows, labels(table), table.data_rows) == (
        (1, 1), ["代码", "名称", "税金"], [2, 3],
    )  # fmt: skip


def test_title_unit_line_totals_and_notes_are_told_from_data():
    content = book(
        [
            ["2021年企业税收情况表"],
            ["填报单位：市税务局", None, "单位：千元"],
            ["代码", "名称", "税金（元）", "面积/㎡"],
            ["a1", "甲", 1, 5],
            ["a2", "乙", 2, 6],
            [None, "合 计", 3, 11],
            ["注：本表不含出口退税。"],
            ["填表人：某某", None, "审核人：某某"],
        ],
        merge=("A1:D1",),
    )
    _, table = only_table(content)
    assert table.header_rows == (3, 3)
    assert table.data_rows == [4, 5]
    assert table.totals_rows == [6]
    assert [row for row, _ in table.notes] == [1, 2, 7, 8]
    assert table.units == ["千元"]
    assert [column.unit for column in table.columns] == ["", "", "元", "㎡"]


def test_two_levels_of_headings_are_joined_along_merged_cells():
    content = book(
        [
            ["税收情况表", None, None, None],
            ["代码", "名称", "其中", None],
            [None, None, "增值税", "所得税"],
            ["a1", "甲", 1, 2],
        ],
        merge=("A1:D1", "A2:A3", "B2:B3", "C2:D2"),
    )
    _, table = only_table(content)
    assert table.header_rows == (2, 3)
    assert labels(table) == ["代码", "名称", "其中/增值税", "其中/所得税"]
    assert table.first_row == 4


def test_a_row_of_units_and_a_row_of_column_numbers_are_no_data():
    content = book(
        [
            ["代码", "名称", "税金", "面积"],
            [None, None, "元", "㎡"],
            ["甲", "乙", 1, 2],
            ["a", "b", 3, 4],
        ]
    )
    _, table = only_table(content)
    assert table.data_rows == [4]
    assert [column.unit for column in table.columns] == ["", "", "元", "㎡"]


def test_a_heading_repeated_on_a_later_page_is_no_data():
    heading = ["代码", "名称", "税金"]
    _, table = only_table(book([heading, ["a1", "甲", 1], heading, ["a2", "乙", 2]]))
    assert table.data_rows == [2, 4]


def test_empty_rows_between_and_after_are_left_out():
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (["代码", "名称", "税金"], ["a1", "甲", 1], [], ["a2", "乙", 2]):
        sheet.append(row)
    # A border drawn down to row 60,000 makes rows that hold nothing.
    for number in range(5, 60_000, 7):
        sheet.cell(number, 1).font = openpyxl.styles.Font(bold=True)
    stream = BytesIO()
    made.save(stream)
    _, table = only_table(stream.getvalue())
    assert table.data_rows == [2, 4]


def test_a_wps_file_that_claims_to_be_one_cell_is_read_whole():
    content = book([["代码", "名称", "税金"]] + [[f"a{n}", "甲", n] for n in range(50)])
    _, table = only_table(rewritten(content, sheet=lambda xml: dimension(xml, "A1:A1")))
    assert len(table.data_rows) == 50


def test_a_hidden_sheet_is_marked():
    made = openpyxl.Workbook()
    made.active.append(["代码", "名称"])
    made.create_sheet("藏").sheet_state = "hidden"
    stream = BytesIO()
    made.save(stream)
    assert [s.visible for s in read_workbook(stream.getvalue(), "a.xlsx").sheets] == [True, False]


def test_an_error_and_a_formula_without_value_are_not_taken_for_blanks():
    stream = BytesIO()
    made = openpyxl.Workbook()
    made.active.append(["代码", "名称", "税金"])
    made.active.append(["a1", "甲", "#REF!"])
    made.active.append(["a2", "乙", "=1+1"])
    made.save(stream)
    sheet, _ = only_table(stream.getvalue())
    assert sheet.cells[1][2] == ErrorValue("#REF!")
    assert isinstance(sheet.cells[2][2], ErrorValue)


def test_a_formula_with_its_value_is_read_as_the_value():
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["代码", "名称", "税金"])
        sheet.write_row(1, 0, ["a1", "甲"])
        sheet.write_formula(1, 2, "=20+22", None, 42)
    found, _ = only_table(stream.getvalue())
    assert found.cells[1][2] == 42


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_tables_are_read_in_every_encoding(encoding, mark):
    text = "\r\n".join(mark.join(row) for row in (["代码", "名称", "税金"], ["a1", "甲㎡", "1"]))
    sheet, table = only_table(text.encode(encoding), "表.csv")
    assert labels(table) == ["代码", "名称", "税金"]
    assert sheet.cells[1] == ["a1", "甲㎡", "1"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        pytest.param(b"", "a.xlsx", "空的", id="empty"),
        pytest.param(b"<html></html>", "a.xls", "另存为", id="a web page named xls"),
        pytest.param(b"PK\x03\x04 nonsense", "a.xlsx", "损坏", id="broken archive"),
        pytest.param(b"\x81\x20\xff", "a.csv", "编码", id="unknown encoding"),
        pytest.param(b"\xff\xfe\x81", "a.csv", "编码", id="half of a UTF-16 character"),
        pytest.param(b"\xd0\xcf\x11\xe0 nonsense", "a.xls", "另存为", id="broken xls"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(content, name, words):
    with pytest.raises(UnreadableFile, match=words):
        read_workbook(content, name)


def test_a_file_is_refused_only_above_the_size_limit():
    content = book([["代码", "名称"], ["a", "b"]])
    at = Limits(file_bytes=len(content))
    below = Limits(file_bytes=len(content) - 1)
    assert read_workbook(content, "a.xlsx", limits=at).sheets
    with pytest.raises(UnreadableFile, match="超过上限"):
        read_workbook(content, "a.xlsx", limits=below)


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = rewritten(book([["代码", "名称"]]), extra=("xl/media/a.bin", b"\0" * 30_000_000))
    with pytest.raises(UnreadableFile, match="解开后超过"):
        read_workbook(content, "a.xlsx", limits=Limits(unpacked_bytes=20_000_000))


def test_a_bomb_that_lies_about_its_size_is_refused_all_the_same():
    content = rewritten(book([["代码", "名称"]]), extra=("xl/media/a.bin", b"\0" * 30_000_000))
    size = (30_000_000).to_bytes(4, "little")
    lying = content.replace(size, (100).to_bytes(4, "little"))
    with zipfile.ZipFile(BytesIO(lying)) as archive:
        assert sum(info.file_size for info in archive.infolist()) < 20_000_000
    with pytest.raises(UnreadableFile, match="解开后超过"):
        read_workbook(lying, "a.xlsx", limits=Limits(unpacked_bytes=20_000_000))


def test_a_far_off_cell_is_refused_before_a_huge_grid_is_made():
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "代码")
        sheet.write(1_048_575, 16_383, "远")
    with pytest.raises(UnreadableFile, match="第 1048576 行、第 16384 列"):
        read_workbook(stream.getvalue(), "a.xlsx")


def bordered(rows: int, *, far: bool) -> bytes:
    """Two filled rows, then empty cells with a border; the last hidden, below it a filled cell."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        sheet, border = made.add_worksheet(), made.add_format({"border": 1})
        for row, line in enumerate([["代码", "名称"], ["a", "b"]]):
            sheet.write_row(row, 0, line)
        for row in range(2, rows):
            sheet.write_blank(row, 0, None, border)
        sheet.set_row(rows - 1, None, None, {"hidden": True})
        if far:
            sheet.write(rows, 49, "远")
    return stream.getvalue()


def test_empty_cells_with_a_border_are_no_rows_and_hide_nothing():
    [sheet] = read_workbook(bordered(30_000, far=False), "a.xlsx").sheets
    assert len(sheet.cells) == 2
    assert sheet.hidden_rows == (30_000,)
    far = bordered(30_000, far=True)
    assert read_workbook(far, "a.xlsx", limits=Limits(cells=30_001 * 50)).sheets
    with pytest.raises(UnreadableFile, match="第 30001 行、第 50 列"):
        read_workbook(far, "a.xlsx", limits=Limits(cells=30_001 * 50 - 1))


def test_an_entity_in_a_part_is_refused():
    content = rewritten(
        book([["代码", "名称"]]), book_xml=lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml
    )
    with pytest.raises(UnreadableFile, match="不该有"):
        read_workbook(content, "a.xlsx")


@pytest.mark.parametrize(
    ("heading", "bare", "unit"),
    [
        ("税金（元）", "税金", "元"),
        ("税金\n（单位：万元）", "税金", "万元"),
        ("面积/㎡", "面积", "㎡"),
        ("行业\n［固定污染源排污许可分类管理名录（2017年版）］", "行业", ""),
        ("\uff23\uff2f\uff24(吨)", "cod", "吨"),
        ("用地面积（含租赁，亩）", "用地面积", "亩"),
        ("*企业名称", "企业名称", ""),
        ("进口/出口", "进口/出口", ""),
    ],
)
def test_a_heading_is_compared_without_notes_and_tells_its_unit(heading, bare, unit):
    assert (bare_heading(heading), heading_unit(heading)) == (bare, unit)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("单位：千元", ["千元"]),
        ("计量单位: 万元、人", ["万元", "人"]),
        ("填报单位：市税务局", []),
        ("填报单位：市税务局　　单位：元", ["元"]),
        ("单位负责人：某某", []),
    ],
)
def test_a_unit_line_is_told_from_an_office(text, units):
    assert line_units(text) == units


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("合计", True),
        ("总 计", True),
        ("小计（3户）", True),
        ("合计数检验厂", False),
        ("甲", False),
    ],
)
def test_a_totals_row_is_told_by_its_label(text, total):
    assert totals_label(text) is total


@pytest.mark.parametrize("name", ["制表科技有限公司", "注塑模具厂", "来源食品厂", "合计数检验厂"])
def test_a_firm_with_a_name_like_a_footer_is_a_row(name):
    _, table = only_table(book([["名称", "代码", "税金"], [name, "a1", 1], ["乙", "a2", 2]]))
    assert table.data_rows == [2, 3]


def test_column_letters_run_on_after_z():
    assert [letter(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_index(letter(n)) == n for n in range(2000))


@needs_real_files
@pytest.mark.real
def test_cells_are_those_that_openpyxl_reads():
    path = MESSY / "项目清单_两级表头.xlsx"
    [sheet] = read_workbook(path).sheets
    rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    other = [["" if value is None else value for value in row] for row in rows]
    assert sheet.cells[: len(other)] == other


@needs_real_files
@pytest.mark.real
def test_a_real_list_with_a_title_and_two_levels_is_found():
    [sheet] = read_workbook(MESSY / "项目清单_两级表头.xlsx").sheets
    [table] = sheet.tables
    assert table.header_rows == (2, 3)
    assert labels(table)[2:6] == ["项目名称", "项目负责人/姓名", "项目负责人/学号", "参与学生人数"]
    assert (table.first_row, table.last_row) == (4, 937)
    assert all(b - a == 1 for a, b in pairwise(table.data_rows))


@needs_real_files
@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "heading", "first", "last", "notes"),
    [
        ("nbs_人口年度数据.xls", 3, 4, 8, [1, 2, 9, 10]),
        ("nbs_分省年度数据_GDP.xls", 4, 5, 35, [1, 2, 3, 36, 37, 38]),
        ("nbs_能源消费分行业_年度数据.xls", 3, 4, 55, [1, 2, 56]),
        ("土地供应_2007年02月-工业用地.xls", 1, 2, 39, []),
    ],
)
def test_real_old_workbooks_are_found_with_their_notes(name, heading, first, last, notes):
    [sheet] = read_workbook(MESSY / name).sheets
    [table] = sheet.tables
    assert table.header_rows == (heading, heading)
    assert (table.first_row, table.last_row) == (first, last)
    assert [row for row, _ in table.notes] == notes


def dimension(xml: bytes, claimed: str) -> bytes:
    begin = xml.index(b'<dimension ref="') + len(b'<dimension ref="')
    return xml[:begin] + claimed.encode() + xml[xml.index(b'"', begin) :]


def rewritten(content: bytes, sheet=None, book_xml=None, extra=None) -> bytes:
    """The workbook with one of its parts changed or a part added."""
    stream = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            part = old.read(info)
            if sheet and info.filename == "xl/worksheets/sheet1.xml":
                part = sheet(part)
            if book_xml and info.filename == "xl/workbook.xml":
                part = book_xml(part)
            new.writestr(info.filename, part)
        if extra:
            new.writestr(*extra)
    return stream.getvalue()
