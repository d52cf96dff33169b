"""Numbers, dates, headings and titles are written as GB/T 9704-2012 writes them."""

from datetime import date
from decimal import Decimal

import pytest

from wuhao.documents.layout.content import Paragraph
from wuhao.documents.layout.words import (
    chinese_date,
    chinese_number,
    document_number,
    heading_mark,
    numbered,
    sign_off_indents,
    title_lines,
)

REPLY = ("对市十六届", "人大一次会议", "第1022号", "建议的", "答　复")


def test_a_number_has_hexagonal_brackets_and_no_padding():
    assert document_number("株工信字", 2022, 21) == "株工信字〔2022〕21号"
    assert [hex(ord(c)) for c in document_number("甲", 2022, 1) if c in "〔〕"] == [
        "0x3014",
        "0x3015",
    ]


@pytest.mark.parametrize(("year", "serial"), [(22, 21), (999, 1), (10000, 1), (2022, 0)])
def test_a_number_needs_a_whole_year_and_a_serial_from_one(year, serial):
    with pytest.raises(ValueError, match="发文字号"):
        document_number("甲", year, serial)


def test_a_date_is_written_in_full_without_padding():
    assert chinese_date(date(2022, 6, 8)) == "2022年6月8日"


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")],
)
def test_headings_count_in_chinese(number, written):
    assert chinese_number(number) == written


@pytest.mark.parametrize("number", [0, 100])
def test_headings_count_from_one_to_ninety_nine(number):
    with pytest.raises(ValueError, match="层次序号"):
        chinese_number(number)


def test_the_four_levels_have_their_marks():
    assert [heading_mark(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2.", "（2）"]
    with pytest.raises(ValueError, match="四级"):
        heading_mark(5, 1)


def test_each_level_counts_anew_under_the_one_above():
    levels = [1, 2, 2, 3, 2, 1, 2]
    leads = [p.lead for p in numbered([Paragraph((), "", level) for level in levels])]
    assert leads == ["一、", "（一）", "（二）", "1.", "（三）", "二、", "（一）"]


def test_a_title_never_divides_a_word():
    lines = title_lines(REPLY)
    assert lines == ["对市十六届人大一次会议", "第1022号建议的答　复"]
    assert lines[-1].endswith("答　复")


def test_a_title_that_fits_stays_on_one_line():
    assert title_lines(("关于", "园区", "情况的", "报告")) == ["关于园区情况的报告"]


@pytest.mark.parametrize(("length", "count"), [(19, 1), (20, 1), (21, 2)])
def test_a_line_of_the_title_holds_twenty_characters(length, count):
    assert len(title_lines(("字",) * length)) == count


def test_three_lines_make_a_trapezoid_or_a_diamond():
    lengths = [len(line) for line in title_lines(("两字",) * 25)]
    assert len(lengths) == 3
    assert len(set(lengths)) > 1
    assert lengths[1] >= min(lengths[0], lengths[2])


def test_a_word_longer_than_a_line_is_refused():
    with pytest.raises(ValueError, match="排不下"):
        title_lines(("字" * 21,))


def test_the_date_stands_four_characters_in_and_the_name_over_its_middle():
    unit, day = sign_off_indents("某某市工业和信息化局", "2022年6月28日")  # 10 and 6.5 wide
    assert day == 4
    assert unit + 5 == day + Decimal("3.25")


def test_a_long_name_pushes_the_date_to_the_left():
    unit, day = sign_off_indents("字" * 20, "2022年6月28日")
    assert unit == 0
    assert day == Decimal("6.75")
