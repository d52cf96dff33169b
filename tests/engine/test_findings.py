"""Faults in words: in order, with the nearest name, and why a file could not be read."""

import pytest

from wuhao.engine.findings import Finding, SchemeError, nearest, slip_of, slips, why


def test_faults_are_printed_a_line_each_in_the_order_of_file_line_and_key() -> None:
    found = [
        Finding("b.yaml", 1, "x", "五。"),
        Finding("a.yaml", 10, "", "四。"),
        Finding("a.yaml", 2, "b", "三。"),
        Finding("a.yaml", 2, "a", "二。"),
        Finding("a.yaml", 0, "z", "一。"),
    ]
    assert str(SchemeError(found)) == (
        "a.yaml：z：一。\na.yaml:2：a：二。\na.yaml:2：b：三。\na.yaml:10：四。\nb.yaml:1：x：五。"
    )


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("tax_yun", "，是否想写“tax_yuan”？"),
        ("lands", "，是否想写“land”？"),
        ("xyz", "。"),
        ("lapq", "，是否想写“land”？"),  # half of it is alike, which is just enough
        ("lxyz", "。"),
    ],
)
def test_the_nearest_accepted_word_is_suggested_from_half_on(word: str, told: str) -> None:
    assert nearest(word, ["tax_yuan", "land"]) == told


def test_a_slip_is_sure_only_where_two_thirds_are_alike() -> None:
    assert slip_of("weigth", ["weight", "label"]) == "weight"
    assert slip_of("wght", ["weight"]) == "weight"
    assert slip_of("wabc", ["weight", "label"]) is None


def test_each_written_word_is_one_slip_of_the_nearest_free_word() -> None:
    assert slips(["kidn", "kindd"], ["kind"]) == {"kindd": "kind"}
    assert slips(["labl", "kidn"], ["kind", "label"]) == {"labl": "label", "kidn": "kind"}
    assert slips(["xyz"], ["kind"]) == {}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FileNotFoundError(2, "no"), "没有这个文件"),
        (PermissionError(13, "no"), "没有读它的权限"),
        (IsADirectoryError(21, "no"), "这是目录，不是文件"),
        (ValueError("bad zip"), "bad zip"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_words(error: Exception, told: str) -> None:
    assert why(error) == told
