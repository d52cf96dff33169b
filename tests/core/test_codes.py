"""Credit codes are checked at both levels and faults are said in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuhao.core import codes

# The standard's own example and codes of listed companies, published by themselves.
RIGHT = ("91350100M000100Y43", "91512081MA62K0260E", "91110000802100433B", "91440300708461136T")


@pytest.mark.parametrize("code", RIGHT)
def test_published_codes_pass_both_checks(code: str) -> None:
    assert codes.uscc_check(code) is None


@pytest.mark.parametrize(
    ("body", "check"), [("80210043", "3"), ("70846113", "6"), ("MA62K026", "0"), ("M000100Y", "4")]
)
def test_organisation_codes_carry_the_check_of_gb_11714(body: str, check: str) -> None:
    assert codes.organisation_check_character(body) == check


@pytest.mark.parametrize(("body", "check"), [("D2143569", "X"), ("MA62K026", "0")])
def test_remainders_ten_and_eleven_become_x_and_zero(body: str, check: str) -> None:
    assert codes.organisation_check_character(body) == check


def test_the_outer_check_of_a_made_up_code_is_computed() -> None:
    assert codes.uscc_check_character("91430200MA4L00000") == "L"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("", "empty", "没有填"),
        ("  ", "empty", "没有填"),
        ("91350100M000100Y4Z", "letter", "第 18 位“Z”"),
        ("91350100M000100Y44", "check", "应为“3”"),
        ("91350100M000100Y4", "length", "有 17 位"),
        ("91350100M000100Y433", "length", "有 19 位"),
        ("91350100MO00100Y43", "letter", "第 10 位“O”"),
        ("370304600096508", "registration_number", "15 位注册号"),
        ("370681NA000276X", "registration_number", "15 位注册号"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, key: str, words: str) -> None:
    fault = codes.uscc_check(text)
    assert fault is not None
    assert fault.key == key
    assert words in fault.sentence


def test_a_wrong_inner_check_is_found_behind_a_right_outer_check() -> None:
    body = "91430200MA4L00009"
    fault = codes.uscc_check(body + codes.uscc_check_character(body))
    assert fault is not None
    assert fault.key == "organisation_check"


def test_full_width_lower_case_and_blanks_are_read_as_the_code_they_mean() -> None:
    assert codes.uscc_check(" 913501００ m000100y43 ") is None
    assert codes.normalised("'91350100m000100y43") == "91350100M000100Y43"


@given(st.text(alphabet=codes.USCC_ALPHABET, min_size=8, max_size=8))
@pytest.mark.property
def test_a_completed_code_is_right_and_any_other_last_character_is_wrong(serial: str) -> None:
    code = codes.completed_uscc("91430200" + serial)
    assert codes.uscc_check(code) is None
    others = [code[:-1] + c for c in codes.USCC_ALPHABET if c != code[-1]]
    assert all(codes.uscc_check(other) is not None for other in others)


@given(st.text(alphabet=codes.USCC_ALPHABET, min_size=8, max_size=8), st.integers(0, 17))
@pytest.mark.property
def test_one_mistyped_character_is_always_found(serial: str, place: int) -> None:
    code = codes.completed_uscc("91430200" + serial)
    other = codes.USCC_ALPHABET[(codes.USCC_ALPHABET.index(code[place]) + 1) % 31]
    assert codes.uscc_check(code[:place] + other + code[place + 1 :]) is not None
