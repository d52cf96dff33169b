"""How numbers, days and states read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from wuhao.core.register import Field
from wuhao.web.display import (
    Shown,
    day_text,
    grouped,
    moment,
    percent,
    quantity,
    short_day,
    short_digest,
)
from wuhao.web.values import shown


@pytest.mark.parametrize(
    ("yuan", "text", "unit"),
    [
        ("2416200.00", "241.62", "万元"),
        ("99999999.99", "10,000.00", "万元"),
        ("100000000.00", "1.00", "亿元"),
        ("1472086000.00", "14.72", "亿元"),
        ("-43600.00", "\N{MINUS SIGN}4.36", "万元"),
    ],
)
def test_money_shows_in_wan_or_yi_by_size(yuan: str, text: str, unit: str) -> None:
    found = quantity(Decimal(yuan), "yuan", by_size=True)
    assert (found.text, found.unit) == (text, unit)


def test_money_in_a_column_keeps_one_unit_and_carries_the_exact_value() -> None:
    found = quantity(Decimal("1472086000.05"), "yuan")
    assert (found.text, found.unit) == ("147,208.60", "万元")
    assert found.exact == "1,472,086,000.05 元"


def test_land_shows_in_mu_by_the_exact_two_thirds() -> None:
    found = quantity(Decimal("30800.00"), "m2")
    assert (found.text, found.unit, found.exact) == ("46.20", "亩", "30,800.00 ㎡")


def test_rounding_for_the_eye_is_half_up() -> None:
    assert quantity(Decimal("50.00"), "yuan").text == "0.01"
    assert quantity(Decimal("49.99"), "yuan").text == "0.00"


def test_a_share_of_nothing_is_a_dash_and_never_a_number() -> None:
    assert percent(1, 0) == "—"
    assert percent(Decimal(170), 150) == "113.3%"


def test_days_are_written_in_the_language_of_the_page() -> None:
    assert day_text(date(2022, 6, 28)) == "2022年6月28日"
    with override("en"):
        assert day_text(date(2022, 6, 28)) == "28 June 2022"


def test_an_instant_before_eight_in_the_morning_keeps_its_day_of_beijing() -> None:
    two_in_the_morning = datetime(2022, 6, 27, 18, 0, tzinfo=UTC)
    assert day_text(two_in_the_morning) == "2022年6月28日"
    assert short_day(two_in_the_morning) == "6月28日"
    assert moment(two_in_the_morning) == "2022年6月28日 02:00"
    assert day_text(datetime(2022, 6, 28, 23, 59)) == "2022年6月28日"  # noqa: DTZ001


def test_digests_keep_both_ends() -> None:
    assert short_digest("7c1e" + "0" * 56 + "09b4") == "7c1e…09b4"


def test_numbers_are_grouped_by_thousands() -> None:
    assert grouped(1004) == "1,004"


TAX = Field("tax_paid_yuan", "实缴税金", unit="yuan", quantum="0.01", state_of="s01")


def _html(row: dict[str, object]) -> str:
    template = Template("{% load wuhao %}{% value v unit=True %}")
    return template.render(Context({"v": shown(TAX, row)}))


def test_missing_zero_and_not_applicable_never_look_alike() -> None:
    value = _html({"tax_paid_yuan": 241620000, "tax_paid_yuan__state": 0})
    zero = _html({"tax_paid_yuan": None, "tax_paid_yuan__state": 1})
    missing = _html({"tax_paid_yuan": None, "tax_paid_yuan__state": 2})
    nothing = _html({"tax_paid_yuan": None, "tax_paid_yuan__state": 3})
    never_sent = _html({"tax_paid_yuan": None, "tax_paid_yuan__state": None})
    assert "241.62" in value
    assert "2,416,200.00 元" in value
    assert "确认" in zero
    assert "0.00" in zero
    assert "v-missing" in missing
    assert "未报" in missing
    assert "万元" not in missing
    assert "不适用" in nothing
    assert "v-na" in nothing
    assert never_sent == missing
    assert len({value, zero, missing, nothing}) == 4


def test_a_value_with_markup_is_escaped() -> None:
    text = Template("{% load wuhao %}{% value v %}").render(Context({"v": Shown("<b>甲</b>")}))
    assert "<b>" not in text


def test_english_counts_money_in_millions_and_columns_say_by_what_they_multiply() -> None:
    with override("en"):
        found = quantity(Decimal("31004100.00"), "yuan", by_size=True)
        assert (found.text, found.unit) == ("31.00", "million yuan")
        assert found.exact == "31,004,100.00 yuan"
        small = quantity(Decimal("-436200.00"), "yuan", by_size=True)
        assert (small.text, small.unit) == ("\N{MINUS SIGN}436,200", "yuan")
        border = quantity(Decimal("1000000.00"), "yuan", by_size=True)
        assert (border.text, border.unit) == ("1.00", "million yuan")
        column = quantity(Decimal("31004100.00"), "yuan")
        assert (column.text, column.unit) == ("3,100.41", "×10,000 yuan")
