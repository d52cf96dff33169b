"""Exact numbers against fractions, the slow and independent way."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuhao.core.exact import div, from_quanta, rounded, to_quanta
from wuhao.core.units import UNITS, convert, unit_named

INTEGERS = st.integers(min_value=-(10**30), max_value=10**30)


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(1, 2, 1), (-1, 2, -1), (1, 3, 0), (2, 3, 1), (5, -2, -3), (0, 7, 0), (149, 100, 1)],
)
def test_division_rounds_half_up_away_from_zero(numerator, denominator, quotient):
    assert div(numerator, denominator) == quotient


@pytest.mark.property
@given(INTEGERS, INTEGERS.filter(bool))
def test_division_is_never_off_by_more_than_a_half(numerator, denominator):
    off = abs(Fraction(numerator, denominator) - div(numerator, denominator))
    assert off <= Fraction(1, 2)


def test_division_by_zero_is_an_error():
    with pytest.raises(ZeroDivisionError):
        div(1, 0)


@pytest.mark.parametrize(
    ("value", "quanta"), [("0.004", 0), ("0.005", 1), ("0.006", 1), ("-0.005", -1)]
)
def test_values_are_counted_in_quanta_half_up(value, quanta):
    assert to_quanta(Decimal(value), Decimal("0.01")) == quanta


def test_a_value_with_more_quanta_than_a_bigint_holds_is_an_error():
    largest = Decimal(2**63 - 1) * Decimal("0.01")
    assert to_quanta(largest, Decimal("0.01")) == 2**63 - 1
    with pytest.raises(OverflowError, match="bigint"):
        to_quanta(largest + Decimal("0.01"), Decimal("0.01"))


@pytest.mark.property
@given(st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
def test_quanta_survive_the_way_there_and_back(count):
    assert to_quanta(from_quanta(count, Decimal("0.01")), Decimal("0.01")) == count


def test_display_rounds_half_up():
    assert rounded(Fraction(170 * 100, 150), 1) == Decimal("113.3")
    assert rounded(Decimal("2.345"), 2) == Decimal("2.35")


def test_fifteen_mu_are_a_hectare():
    assert convert(Fraction(15), UNITS["mu"], UNITS["ha"]) == 1


def test_a_mu_is_two_thousand_thirds_of_a_square_metre():
    assert convert(Fraction(3), UNITS["mu"], UNITS["m2"]) == 2000


@pytest.mark.parametrize(
    ("written", "code"),
    [("千元", "qian_yuan"), ("平方米", "m2"), ("㎡", "m2"), ("kWh", "kwh"), ("万度", "wan_kwh"),
     ("吨标煤", "tce"), (" 亩 ", "mu"), ("亿元", "yi_yuan")],
)  # fmt: skip
def test_units_are_known_as_offices_write_them(written, code):
    unit = unit_named(written)
    assert unit is not None
    assert unit.code == code


def test_an_unknown_unit_is_none_and_other_kinds_do_not_convert():
    assert unit_named("英亩") is None
    with pytest.raises(ValueError, match="same kind"):
        convert(Fraction(1), UNITS["mu"], UNITS["kwh"])
