"""What is read as a number: plain decimals, none so long that writing it out would never end."""

from decimal import Decimal

import pytest

from wuhao.engine.exact import EXPONENT_MAX, parse_decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), (" 1.50 ", Decimal("1.5")), ("1e3", 1000), ("-0.1", Decimal("-0.1"))],
)
def test_a_plain_number_is_read(text: str, value: Decimal) -> None:
    assert parse_decimal(text) == value


@pytest.mark.parametrize("text", ["", "三", "1_0", "1,000", "nan", "inf", "1e99999999", "0e-99999"])
def test_anything_else_is_none(text: str) -> None:
    assert parse_decimal(text) is None


def test_an_exponent_is_read_up_to_its_bound_either_way() -> None:
    assert parse_decimal(f"1e{EXPONENT_MAX}") == Decimal(10) ** EXPONENT_MAX
    assert parse_decimal(f"1e-{EXPONENT_MAX}") is not None
    assert parse_decimal(f"1e{EXPONENT_MAX + 1}") is None
    assert parse_decimal(f"1e-{EXPONENT_MAX + 1}") is None
