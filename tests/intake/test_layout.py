"""Tables as offices lay them out: levels, gaps, several on a sheet, forms, what lies beside."""

import pytest

from tests.intake.books import book, only_table
from wuhao.intake.reader.layout import find_tables, kind_of
from wuhao.intake.reader.model import Merged, Sheet, TableFound
from wuhao.intake.reader.words import heading_measure, heading_unit, labelled, prose, yearly


def tables(rows: list[list[object]], *merged: tuple[int, int, int, int]) -> list[TableFound]:
    width = max(len(row) for row in rows)
    cells = [[*row, *[None] * (width - len(row))] for row in rows]
    return find_tables(Sheet("表", cells, [Merged(*m) for m in merged]))


def paths(table: TableFound) -> list[str]:
    return ["/".join(column.path) for column in table.columns]


def test_three_levels_of_headings_are_joined_along_merged_cells() -> None:
    rows = [
        ["企业", "税收", None, None, None],
        [None, "国税", None, "地税", None],
        [None, "增值税", "所得税", "房产税", "合计"],
        ["甲", 1, 2, 3, 6],
    ]
    [table] = tables(rows, (0, 0, 2, 0), (0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4))
    assert table.header_rows == (1, 3)
    assert paths(table) == [
        "企业", "税收/国税/增值税", "税收/国税/所得税", "税收/地税/房产税", "税收/地税/合计",
    ]  # fmt: skip
    assert table.data_rows == [4]


def test_group_headings_without_merged_cells_reach_over_the_gaps_beside_them() -> None:
    rows = [
        ["企业", "负责人", None, "税收", None],
        [None, "姓名", "职务", "增值税", "所得税"],
        ["甲", "某", "经理", 1, 2],
        ["乙", "某", "经理", 3, 4],
    ]
    [table] = tables(rows)
    assert table.header_rows == (1, 2)
    assert paths(table) == ["企业", "负责人/姓名", "负责人/职务", "税收/增值税", "税收/所得税"]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(["甲", "某", "经理", "无", "无"], id="a row of words alone is a row"),
        pytest.param([None, "姓名", "职务", 1, 2], id="so is one with numbers"),
    ],
)
def test_words_below_a_heading_are_no_second_level_without_reason(second: list[object]) -> None:
    rows = [["企业", "负责人", None, "税收", None], second, ["乙", "某", "经理", 3, 4]]
    [table] = tables(rows)
    assert table.header_rows == (1, 1)


def test_two_tables_one_below_the_other_are_told_apart_with_their_titles_and_units() -> None:
    rows = [
        ["一、税收", None, "单位：万元"],
        ["企业", "增值税", "所得税"],
        ["甲", 10, 20],
        ["合计", 10, 20],
        [],
        ["二、用地", None, "单位：亩"],
        ["地块", "面积", "其中闲置"],
        ["子", 3, 0],
        ["丑", 4, 1],
        ["注：面积按证载。"],
    ]
    first, second = tables(rows)
    assert (first.header_rows, first.data_rows, first.totals_rows) == ((2, 2), [3], [4])
    assert (second.header_rows, second.data_rows) == ((7, 7), [8, 9])
    assert (first.units, second.units) == (["万元"], ["亩"])
    assert [row for row, _ in first.notes] == [1]
    assert [row for row, _ in second.notes] == [6, 10]


def test_an_empty_row_or_a_page_s_repeated_heading_begins_no_new_table() -> None:
    heading = ["企业", "税", "地"]
    rows = [heading, ["甲", 10, 20], [], ["乙", 3, 4], [], heading, ["丙", 5, 6]]
    [table] = tables(rows)
    assert table.data_rows == [2, 4, 7]


def test_a_section_of_words_between_rows_of_numbers_is_no_heading() -> None:
    rows = [["企业", "税", "地"], ["甲", 1, 2], [], ["其中", "小型", "企业"], ["乙", "三", "四"]]
    assert len(tables(rows)) == 1


def test_a_form_holds_no_table() -> None:
    rows = [
        ["检验单", None, None, None],
        ["施工单位", "某公司", "合同段", "T9"],
        ["工程名称", "路基", None, None],
        ["检查项目", None, "结果", None],
        ["签字", None, None, None],
    ]
    merged = ((0, 0, 0, 3), (2, 1, 2, 3), (3, 0, 3, 1), (3, 2, 3, 3), (4, 1, 4, 3))
    assert tables(rows, *merged) == []
    assert len(tables(rows)) == 1  # without the merged cells nothing tells it from a table


def test_a_sheet_of_explanations_holds_no_table() -> None:
    long = "该表格文件提供了中国城市的排放数据，" * 3
    assert tables([["简介", long], ["内容", "排放数据"], ["单位", "百万吨"]]) == []
    assert len(tables([["措施", "内容"], ["体系", "三十一家"], ["资质", "持证上岗"]])) == 1


def test_what_lies_beside_a_table_is_told_and_is_no_row() -> None:
    rows = [
        ["企业", "税", None, None],
        ["甲", 1, None, "图例"],
        ["乙", 2, None, None],
        [None, None, None, "另一注"],
    ]
    [table] = tables(rows)
    assert table.data_rows == [2, 3]
    assert table.beside == [(2, 3, "图例"), (4, 3, "另一注")]


def test_lines_of_words_after_a_gap_at_the_end_are_notes() -> None:
    rows = [["企业", "税", "地"], ["甲", 10, 20], [], [None, "更多数据请联系"], [None, "某网站"]]
    [table] = tables(rows)
    assert table.data_rows == [2]
    assert table.notes == [(4, "更多数据请联系"), (5, "某网站")]
    [table] = tables([["企业", "税", "地"], ["甲", 10, 20], [None, "补充"]])
    assert table.data_rows == [2, 3]  # without a gap it may be a row that lacks its figures


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2.5, None, "3,000"], "number"),
        (["2022.6.28", "2022-06-28", ""], "date"),
        (["甲", "乙", 1], "mixed"),
        (["甲", "乙", "丙", "丁", 1], "text"),
        ([None, "", " "], "empty"),
        ([44740, 44741], "number"),
        (["12%", "0.5"], "number"),
    ],
)
def test_a_column_is_what_most_of_its_first_cells_are(values: list[object], kind: str) -> None:
    assert kind_of(values) == kind


@pytest.mark.parametrize(
    ("heading", "unit", "measure"),
    [
        ("碳排放量_吨", "吨", "吨"),
        ("面積\n(公頃)", "公頃", "公頃"),
        ("gdp（亿元人民币）", "亿元人民币", "亿元人民币"),
        ("年末总人口(万人)", "万人", "万人"),
        ("清运量（万吨）", "万吨", "万吨"),
        ("处理厂数(座)", "", "座"),
        ("行业（2017年版）", "", ""),
        ("税收（含退税）", "", ""),
    ],
)
def test_a_heading_names_a_unit_that_is_converted_or_a_measure_that_is_shown(
    heading: str, unit: str, measure: str
) -> None:
    assert (heading_unit(heading), heading_measure(heading)) == (unit, measure)


def test_years_labels_and_prose_are_told_by_their_look() -> None:
    assert [yearly(v) for v in (2021, 2021.0, "1995", "1948", 2101, "12", 2021.5, "二〇二一")] == [
        True, True, True, False, False, False, False, False,
    ]  # fmt: skip
    assert [labelled(v) for v in ("标段：", "编号:12", "税收（单位：元）", "企业", 5)] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert [prose(v) for v in ("甲" * 41, "甲" * 40, "https://a.cn", 5)] == [
        True, False, True, False,
    ]  # fmt: skip


def test_units_below_a_heading_of_two_levels_are_read() -> None:
    content = book(
        [
            ["企业", "税收", None],
            [None, "增值税", "所得税"],
            [None, "元", "万元"],
            ["甲", 10, 20],
        ],
        merge=("A1:A2", "B1:C1"),
    )
    _, table = only_table(content)
    assert [column.unit for column in table.columns] == ["", "元", "万元"]
    assert table.data_rows == [4]
