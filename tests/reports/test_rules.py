"""Printed numbers are rounded half up from exact parts, and carry their parts along."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuhao.reports.rules import AmountRule, CountRule, NameRule, NotDefined, Parts, QuotientRule
from wuhao.reports.rules import RateRule as Rate


def parts(numerator, denominator=None, subject=""):
    whole = None if denominator is None else Decimal(denominator)
    return Parts(Decimal(numerator), whole, subject)


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        pytest.param(170, 150, "113.3%", id="N1 newly introduced"),
        pytest.param(148, 135, "109.6%", id="N2 newly started"),
        pytest.param(130, 115, "113.0%", id="N3 newly completed"),
        pytest.param(19600, 104255, "18.8%", id="N4 three-type land of built area"),
        pytest.param(2497, 19600, "12.7%", id="N5 disposed of three-type land"),
        pytest.param("1084.5", 1500, "72.3%", id="N6 a synthetic stock that fits"),
        pytest.param(1, 2000, "0.1%", id="half goes up"),
        pytest.param(-1, 2000, "-0.1%", id="half goes away from zero"),
        pytest.param(499, 1000000, "0.0%", id="below half goes down"),
        pytest.param(0, 7, "0.0%", id="nothing of something"),
    ],
)
def test_the_letters_rates_are_reproduced(numerator, denominator, printed):
    assert Rate().text(parts(numerator, denominator)) == printed


def test_the_letters_113_percent_is_a_choice_of_digits():
    assert Rate().text(parts(130, 115), 0) == "113%"


@pytest.mark.parametrize("rule", [Rate(), QuotientRule("wan_yuan", "mu")])
@pytest.mark.parametrize("denominator", [0, None])
def test_nothing_is_divided_by_nothing(rule, denominator):
    with pytest.raises(NotDefined, match="分母"):
        rule.text(parts(1, denominator))


def test_money_is_shown_in_the_unit_named_and_rounded_once():
    assert AmountRule("yi_yuan").text(parts("12345000000")) == "123.45"
    assert AmountRule("yi_yuan").text(parts("12345499999.99")) == "123.45"
    assert AmountRule("yi_yuan").text(parts("12345500000")) == "123.46"
    assert AmountRule("wan_yuan").suffix == "万元"


@pytest.mark.parametrize(
    ("square_metres", "mu"),
    [("10000", "15.00"), ("666.67", "1.00"), ("669.99", "1.00"), ("670", "1.01")],
)
def test_fifteen_mu_are_a_hectare(square_metres, mu):
    assert AmountRule("mu").text(parts(square_metres)) == mu


def test_tax_per_mu_divides_the_totals():
    rule = QuotientRule("wan_yuan", "mu")
    assert rule.text(parts("6550000", "100000")) == "4.37"  # 655 万元 over 150 亩
    assert rule.unit == "万元/亩"


def test_counts_and_names_are_printed_as_they_are():
    assert CountRule("家").text(parts(1004)) + CountRule("家").suffix == "1004家"
    assert NameRule().text(parts(3, 5, "东园区")) == "东园区"


@pytest.mark.property
@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12), st.integers(0, 4))
def test_a_printed_rate_is_within_half_a_unit_of_the_exact_one(numerator, denominator, digits):
    printed = Rate().value(parts(numerator, denominator), digits)
    exact = Fraction(numerator, denominator) * 100
    assert abs(Fraction(printed) - exact) <= Fraction(1, 2 * 10**digits)
