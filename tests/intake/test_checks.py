"""What is found in a file, cell by cell, below, at and above each threshold."""

from datetime import date

import pytest

from tests.intake.books import HEADING, book, credit_code, firm, found, read, taxes
from wuhao.engine.facts import State
from wuhao.intake.cells import Cell
from wuhao.intake.checks import Context, check
from wuhao.intake.comparisons import slip_factor
from wuhao.intake.findings import LISTED_SINGLY
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import TemplateError, load_text


def test_clean_rows_give_values_in_quanta_and_no_error():
    reading = read(taxes(firm(1, "1,234.5", 2, 3, 10)))
    [row] = reading.rows
    assert (row.row_no, row.sheet) == (3, "表")
    assert row.values["tax_paid_yuan"] == (123_450, State.VALUE, "C")
    assert row.values["land_m2"] == (1000, State.VALUE, "F")
    assert found(reading) == []


@pytest.mark.parametrize(
    ("cell", "value", "state"),
    [
        pytest.param(0, None, State.ZERO, id="a typed zero is a confirmed zero"),
        pytest.param("无", None, State.ZERO, id="a word for zero"),
        pytest.param("—", None, State.NOT_APPLICABLE, id="a dash is not applicable"),
        pytest.param("/", None, State.NOT_APPLICABLE, id="a slash is not applicable"),
        pytest.param("未报", None, State.MISSING, id="not reported"),
        pytest.param("NA", None, State.MISSING, id="NA is missing"),
        pytest.param(None, None, State.MISSING, id="a blank is missing"),
        pytest.param(5, 500, State.VALUE, id="a value"),
    ],
)
def test_zero_missing_and_not_applicable_are_three_things(cell, value, state):
    [row] = read(taxes(firm(1, vat=cell))).rows
    assert row.values["vat_yuan"][:2] == (value, state)


@pytest.mark.parametrize(
    ("column", "cell", "at", "code"),
    [
        pytest.param("tax", "约120万", "C3", "number", id="words for a number"),
        pytest.param("tax", None, "C3", "required", id="a required blank"),
        pytest.param("tax", -0.01, "C3", "range", id="just below the minimum"),
        pytest.param("tax", 1_000_000_000.01, "C3", "range", id="just above the maximum"),
        pytest.param("tax", "5亩", "C3", "number", id="a unit of another kind"),
        pytest.param("land", 10**18, "F3", "range", id="more than can be counted"),
        pytest.param("staff", 3.5, "E3", "integer", id="a part of a person"),
        pytest.param("tax", "#DIV/0!", "C3", "excel_error", id="an error of Excel"),
        pytest.param("vat", 101, "C3", "vat_within_tax", id="a part above the whole"),
    ],
)
def test_a_fault_is_named_at_its_cell(column, cell, at, code):
    reading = read(taxes(firm(1, **{column: cell})))
    assert found(reading) == [(at, code)]
    [finding] = [f for f in reading.findings if f.severity == "error"]
    assert at in finding.sentence
    assert "请" in finding.sentence


@pytest.mark.parametrize(
    ("column", "cell"), [("tax", 1), ("tax", 1_000_000_000), ("vat", 100), ("tax", "0.5万元")]
)
def test_a_figure_at_the_border_is_no_fault(column, cell):
    assert found(read(taxes(firm(1, **{column: cell})))) == []


def test_all_faults_of_a_file_come_at_once():
    reading = read(taxes(firm(1, "x", "y"), firm(2), firm(2, -1), firm(3, staff="z")))
    assert found(reading) == [
        ("C3", "number"), ("D3", "number"), ("A5", "duplicate"), ("C5", "range"), ("E6", "number"),
    ]  # fmt: skip


def test_a_repeated_enterprise_names_the_earlier_row():
    [finding] = [
        f for f in read(taxes(firm(7), firm(8), firm(7))).findings if f.code == "duplicate"
    ]
    assert (finding.cell, "第 3 行" in finding.sentence) == ("A5", True)


def test_a_code_is_the_same_in_lower_case_full_width_and_with_spaces():
    code = credit_code(7)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code)
    rows = [firm(7), [code.lower(), *firm(7)[1:]], [f" {wide} ", *firm(7)[1:]]]
    reading = read(taxes(*rows))
    assert {row.values["uscc"].value for row in reading.rows} == {code}
    assert found(reading) == [("A4", "duplicate"), ("A5", "duplicate")]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("370304600096508", "uscc_registration_number"),
        ("91371923MA3COKJY73", "uscc_letter"),
        ("91371626MA3DJEAL1T", "uscc_check"),
        ("9137162", "uscc_length"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong_with_it(code, kind):
    assert found(read(taxes([code, *firm(1)[1:]]))) == [("A3", kind)]


def test_a_missing_required_column_is_named_with_what_is_accepted():
    heading = ["统一社会信用代码", "企业名称", "税款", "增值税", "用工人数", "用地面积"]
    reading = read(taxes(firm(1), heading=heading))
    [finding] = [f for f in reading.findings if f.severity == "error"]
    assert finding.code == "column_missing"
    assert "实缴税金" in finding.sentence
    assert "税金合计" in finding.sentence


def test_two_columns_for_one_are_both_named():
    heading = [*HEADING[:5], "税金合计"]
    [finding] = [f for f in read(taxes(firm(1), heading=heading)).findings if f.severity == "error"]
    assert finding.code == "column_twice"
    assert "C2" in finding.sentence
    assert "F2" in finding.sentence


def test_a_heading_under_two_groups_is_not_guessed():
    content = book(
        [
            ["统一社会信用代码", "企业名称", "本年", None, "上年", None],
            [None, None, "实缴税金", "增值税", "实缴税金", "增值税"],
            [credit_code(1), "甲", 5, 1, 9, 9],
        ],
        merge=("A1:A2", "B1:B2", "C1:D1", "E1:F1"),
    )
    assert found(read(content)) == [("E2", "column_twice"), ("F2", "column_twice")]


def test_the_two_levels_together_name_a_column_before_the_lower_alone():
    content = book(
        [
            ["统一社会信用代码", "企业名称", "实缴", None, "应缴", None],
            [None, None, "税金", "滞纳金", "税金", "滞纳金"],
            [credit_code(1), "甲", 5, 1, 9, 9],
        ],
        merge=("A1:A2", "B1:B2", "C1:D1", "E1:F1"),
    )
    reading = read(content)
    assert found(reading) == []
    assert reading.rows[0].values["tax_paid_yuan"] == (500, State.VALUE, "C")


@pytest.mark.parametrize(
    ("heading", "quanta", "warned"),
    [
        ("实缴税金（元）", 10_000, []),
        ("实缴税金（千元）", 10_000_000, [("C2", "unit_other")]),
        ("实缴税金（万元）", 100_000_000, [("C2", "unit_other")]),
        ("实缴税金", 10_000, []),
    ],
)
def test_the_unit_of_the_heading_is_converted_exactly(heading, quanta, warned):
    reading = read(taxes(firm(1), heading=[*HEADING[:2], heading, *HEADING[3:]]))
    assert reading.rows[0].values["tax_paid_yuan"].value == quanta
    assert found(reading, "warning") == warned


def test_the_unit_line_above_counts_only_for_columns_of_its_kind():
    content = book([["小城税收", "单位：千元"], HEADING, firm(1, 100, 1, 3, 10)])
    [row] = read(content).rows
    # The heading of C says 元 and wins; D takes the line's 千元; staff and land are of other kinds.
    codes = ("tax_paid_yuan", "vat_yuan", "staff_person", "land_m2")
    assert [row.values[code].value for code in codes] == [10_000, 100_000, 3, 1000]


def test_a_unit_of_another_kind_in_the_heading_stops_the_file():
    heading = [*HEADING[:2], "实缴税金（亩）", *HEADING[3:]]
    assert ("C2", "unit_kind") in found(read(taxes(firm(1), heading=heading)))


@pytest.mark.parametrize("unit", ["万美元", "立方米", "港币"])
def test_a_unit_that_cannot_be_converted_is_an_error_and_no_guess(unit):
    heading = [*HEADING[:2], f"实缴税金（{unit}）", *HEADING[3:]]
    reading = read(taxes(firm(1), heading=heading))
    assert found(reading) == [("C2", "unit_unknown")]
    assert f"单位“{unit}”不能换算成“元”" in reading.findings[0].sentence


@pytest.mark.parametrize("note", ["含退税", "2021年", "年", "户"])
def test_a_bracket_that_names_no_unit_is_a_note(note):
    heading = [*HEADING[:2], f"实缴税金（{note}）", *HEADING[3:]]
    assert found(read(taxes(firm(1), heading=heading))) == []


def test_lost_decimals_are_said_once_for_a_column():
    reading = read(taxes(firm(1, 1.005), firm(2, 2.004), firm(3, 3)))
    assert [row.values["tax_paid_yuan"].value for row in reading.rows] == [101, 200, 300]
    [finding] = [f for f in reading.findings if f.code == "rounded"]
    assert (finding.cell, "2 格" in finding.sentence) == ("C3", True)


@pytest.mark.parametrize(
    ("total", "warned"),
    [(299.99, [("C6", "total")]), (300, []), ("300", []), (300.01, [("C6", "total")]), (None, [])],
)
def test_a_total_that_does_not_add_up_is_named(total, warned):
    rows = [firm(1), firm(2), firm(3), ["合计", None, total, None, None, None]]
    assert found(read(taxes(*rows)), "warning") == warned


def test_a_subtotal_counts_from_the_one_before():
    rows = [firm(1), ["小计", "", 100], firm(2), firm(3), ["小计", "", 200], ["合计", "", 300]]
    assert found(read(taxes(*rows)), "warning") == []
    rows[4] = ["小计", "", 300]
    assert found(read(taxes(*rows)), "warning") == [("C7", "total")]


def test_an_enterprise_outside_the_directory_is_an_error_and_another_name_a_warning():
    context = Context(known={credit_code(1): "1号厂", credit_code(2): "改名厂"})
    reading = read(taxes(firm(1), firm(2), firm(3)), context=context)
    assert found(reading) == [("A5", "unknown_enterprise")]
    assert found(reading, "warning") == [("B4", "name_differs")]


def test_a_name_is_the_same_with_brackets_of_either_width():
    context = Context(known={credit_code(1): "甲（小城）厂"})
    row = [credit_code(1), "甲(小城)厂", *firm(1)[2:]]
    assert found(read(taxes(row), context=context), "warning") == []


def test_a_directory_is_not_compared_with_itself():
    content = book([["信用代码", "单位名称", "规模"], [credit_code(9), "新厂", "规上"]])
    assert found(read(content, "D1", Context(known={}))) == []


def test_choices_and_days_are_read_as_codes_and_dates():
    heading = ["信用代码", "单位名称", "规模", "成立日期", "投产日期"]
    rows = [
        [credit_code(1), "甲", "规模以上", "2010.3.1", "2011年5月6日"],
        [credit_code(2), "乙", "大型", 44740, "2011-05-06"],
    ]
    reading = read(book([heading, *rows]), "D1")
    assert reading.rows[0].values["scale"].value == "above"
    assert reading.rows[0].values["started_on"].value == date(2011, 5, 6)
    assert found(reading) == [("C3", "choice")]
    assert found(reading, "warning") == [("D3", "start_after_founding")]


@pytest.mark.parametrize(
    ("now", "before", "factor"),
    [
        pytest.param(699, 100, 0, id="just below the band of 10"),
        pytest.param(700, 100, 10, id="the lower end of 10"),
        pytest.param(1400, 100, 10, id="the upper end of 10"),
        pytest.param(1401, 100, 0, id="just above the band of 10"),
        pytest.param(49_999, 100, 0, id="just below the band of 1000"),
        pytest.param(50_000, 100, 1000, id="the lower end of 1000"),
        pytest.param(150_000, 100, 1000, id="the upper end of 1000"),
        pytest.param(499_999, 100, 0, id="just below the band of 10000"),
        pytest.param(500_000, 100, 10_000, id="the lower end of 10000"),
        pytest.param(1_500_001, 100, 0, id="just above the band of 10000"),
        pytest.param(1, 1000, 1000, id="downwards"),
        pytest.param(-1000, 100, 0, id="another sign"),
        pytest.param(0, 100, 0, id="a zero"),
    ],
)
def test_a_slip_of_the_unit_is_told_by_the_size_of_the_jump(now, before, factor):
    assert slip_factor(now, before) == factor


def test_a_single_jump_is_a_warning_and_a_column_of_jumps_an_error():
    last = {"tax_paid_yuan": {credit_code(n): 10_000 for n in range(1, 11)}}
    rows = [firm(n, 100_000 if n <= 4 else 100) for n in range(1, 11)]
    reading = read(taxes(*rows), context=Context(last=last))
    assert found(reading, "warning") == [(f"C{n + 2}", "unit_slip") for n in range(1, 5)]
    rows = [firm(n, 100_000 if n <= 5 else 100) for n in range(1, 11)]
    reading = read(taxes(*rows), context=Context(last=last))
    assert found(reading) == [("C3", "unit_slip_column")]


def test_numbered_but_empty_rows_and_unknown_columns_are_only_noted():
    heading = ["序号", *HEADING, "备注"]
    reading = read(taxes([1, *firm(1), "好"], [2], [3], heading=heading))
    assert len(reading.rows) == 1
    assert sorted(found(reading, "note")) == [("A4", "empty_rows"), ("H2", "column_unread")]


def test_a_file_without_the_table_says_so():
    reading = read(book([["你好"], ["这里没有表"]]))
    assert [f.code for f in reading.findings if f.severity == "error"] == ["no_table"]


def test_a_flood_of_one_kind_ends_in_a_line_that_counts_the_rest():
    content = taxes(*([credit_code(n), "厂", "x"] for n in range(LISTED_SINGLY + 3)))
    errors = [f for f in read(content).findings if f.severity == "error"]
    assert len(errors) == LISTED_SINGLY + 1
    assert "还有 3 处" in errors[-1].sentence


DATED = """
template: D1
title: 成立日期
owner: tax
effect: observations
period: year
key: [uscc]
words: {zero: [无], missing: [未报], not_applicable: ["—"]}
columns:
  - {code: uscc, label: 统一社会信用代码, kind: uscc, required: true}
  - {code: founded_on, label: 成立日期, kind: date, calendar: %s, required: %s}
  - {code: opened_on, label: 投产日期, kind: date}
  - {code: tax_paid_yuan, label: 实缴税金, kind: amount, unit: 元, quantum: "0.01"}
"""


def dated(tmp_path, *rows, calendar="roc", required="false"):
    wanted = load_text(DATED % (calendar, required), "D1", tmp_path)
    head = ["统一社会信用代码", "成立日期", "投产日期", "实缴税金"]
    workbook = read_workbook(book([head, *rows]), "表.xlsx", known=wanted.known_headings())
    return check(wanted, workbook)


def test_days_that_stand_for_none_are_missing_and_said_once_for_a_column(tmp_path):
    rows = [[credit_code(n), "1901年01月02日", day, 1] for n, day in enumerate([1, "2022.6.28"])]
    reading = dated(tmp_path, *rows)
    assert [row.values["founded_on"] for row in reading.rows] == [
        Cell(None, State.MISSING, "B")
    ] * 2
    notes = [(f.cell, f.severity) for f in reading.findings if f.code == "no_day"]
    assert notes == [("B2", "note"), ("C2", "note")]
    assert "2 格" in next(f.sentence for f in reading.findings if f.cell == "B2")
    assert reading.rows[1].values["opened_on"].value == date(2022, 6, 28)


def test_a_day_that_stands_for_none_is_no_answer_where_one_is_required(tmp_path):
    reading = dated(tmp_path, [credit_code(1), "1901-01-02", None, 1], required="true")
    assert found(reading, "error") == [("B2", "required")]


def test_years_of_the_republic_are_read_by_the_columns_own_setting(tmp_path):
    reading = dated(tmp_path, [credit_code(1), "111.6.28", "111.6.28", 1])
    assert reading.rows[0].values["founded_on"].value == date(2022, 6, 28)
    assert found(reading, "error") == [("C2", "date")]  # this column has no such setting


def test_an_unknown_calendar_is_a_fault_of_the_template(tmp_path):
    with pytest.raises(TemplateError, match="roc"):
        dated(tmp_path, [credit_code(1), None, None, 1], calendar="julian")


@pytest.mark.parametrize(
    ("cell", "value", "state"),
    [
        ("—", None, State.NOT_APPLICABLE), ("————", None, State.NOT_APPLICABLE),
        ("--", None, State.NOT_APPLICABLE), ("－－", None, State.NOT_APPLICABLE),
        ("无", None, State.ZERO), ("0.00", None, State.ZERO), ("NA", None, State.MISSING),
        ("N/A", None, State.MISSING), ("Nah", None, State.MISSING), ("nan", None, State.MISSING),
        ("", None, State.MISSING), ("未报", None, State.MISSING),
        ("\uff11\uff0c\uff12\uff13\uff14\uff0e\uff15", 123450, State.VALUE),
        ("1 234.5", 123450, State.VALUE), ("12.5\uff05", 13, State.VALUE),
        ("3000万元", 3_000_000_000, State.VALUE), ("-5", -500, State.VALUE),
    ],
)  # fmt: skip
def test_every_way_to_write_a_number_or_none(tmp_path, cell, value, state):
    """Zero, missing and not applicable are three things; a line of dashes is one."""
    reading = dated(tmp_path, [credit_code(1), None, None, cell])
    assert reading.rows[0].values["tax_paid_yuan"] == Cell(value, state, "D")
    assert found(reading, "error") == []


@pytest.mark.parametrize("cell", ["-" * 30, "—5", "- -", "(1,234)", "约120万"])
def test_what_is_neither_a_number_nor_a_word_is_an_error(tmp_path, cell):
    reading = dated(tmp_path, [credit_code(1), None, None, cell])
    assert found(reading, "error") == [("D2", "number")]


def test_a_table_without_rows_is_asked_about_once(tmp_path):
    reading = dated(tmp_path)
    assert [(f.code, f.severity) for f in reading.findings] == [("no_rows", "warning")]
    assert "第 1 行表头下面没有一行数据" in reading.findings[0].sentence


def test_columns_that_may_be_left_out_are_named_in_one_line():
    reading = read(taxes(firm(1)[:3], heading=HEADING[:3]))
    [absent] = [f for f in reading.findings if f.code == "column_absent"]
    assert "没有“增值税、用工人数、用地面积”，按未报记" in absent.sentence


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (914302000000000000, "uscc_number"),
        (10**15, "uscc_number"),
        (10**15 - 1, "uscc_registration_number"),
        ("914302000000000000", "uscc_check"),
    ],
)
def test_a_code_kept_as_a_number_has_lost_its_last_digits(tmp_path, code, said):
    """A spreadsheet keeps 15 digits; a registration number of before 2015 has no more."""
    reading = dated(tmp_path, [code, None, None, 1])
    assert found(reading, "error") == [("A2", said)]
    assert ("设为文本" in reading.findings[0].sentence) == (said == "uscc_number")
