"""The period that was chosen, and the years that a file itself names."""

import pytest

from wuhao.intake.headings import Matching
from wuhao.intake.periods import other_years, seen_before
from wuhao.intake.reader.model import Sheet, TableFound


def above(*titles: str) -> Matching:
    sheet = Sheet("表一", [[title, None, 3] for title in titles] + [["代码", "税金", None]])
    row = len(titles) + 1
    return Matching(sheet, TableFound((row, row), [], []), [], [])


@pytest.mark.parametrize(
    ("name", "title", "asked"),
    [
        ("税收_2021年.xlsx", "2021年度企业税收", []),
        ("税收_2020年.xlsx", "2021年度企业税收", [("", "“税收_2020年.xlsx”说的是 2020 年")]),
        ("税收.xlsx", "2020年度企业税收", [("A1", "“2020年度企业税收”说的是 2020 年")]),
        ("税收.xlsx", "2020年、2021年企业税收", []),
        ("税收.xlsx", "制表日期：2022年3月1日", []),
        ("税收20220301.xlsx", "企业税收", []),
    ],
)
def test_a_year_that_the_file_names_is_asked_about(name: str, title: str, asked: list) -> None:
    found = list(other_years(2021, name, [above(title)]))
    assert [finding.cell for finding in found] == [cell for cell, _ in asked]
    for finding, (_, words) in zip(found, asked, strict=True):
        assert words in finding.sentence
        assert finding.severity == "warning"


def test_a_file_received_for_another_period_is_asked_about() -> None:
    [finding] = seen_before(["T1-202100-02"])
    assert "T1-202100-02" in finding.sentence
