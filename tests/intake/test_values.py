"""Numbers, dates and units as people write them, against literal expectations."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuhao.core.units import UNITS, unit_named
from wuhao.intake.cells import _power_of_ten, _quickly, quanta_of
from wuhao.intake.templates import Column
from wuhao.intake.values import NoDay, Unreadable, parse_date, parse_number, to_quanta


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param(12, "12", id="whole number"),
        pytest.param(0.1 + 0.2, "0.3", id="15 digits as Excel keeps them"),
        pytest.param("\uff11\uff12\uff13．\uff14\uff15", "123.45", id="full-width digits"),
        pytest.param("1,234,567.8", "1234567.8", id="thousands separators"),
        pytest.param("1，234", "1234", id="full-width thousands separator"),
        pytest.param(" 12 \u00a0", "12", id="spaces and no-break space"),
        pytest.param("－12", "-12", id="full-width minus"),
        pytest.param("\u221212", "-12", id="typographic minus"),
        pytest.param("'007.50", "7.50", id="apostrophe and leading zeros"),
        pytest.param("1.2E3", "1.2E+3", id="exponent"),
        pytest.param("12.5%", "0.125", id="per cent"),
        pytest.param("12.5％", "0.125", id="full-width per cent"),
        pytest.param("¥5", "5", id="currency mark"),
    ],
)
def test_a_number_is_read_exactly(cell, value):
    assert parse_number(cell).value == Decimal(value)


@pytest.mark.parametrize(
    "cell", ["约120万", "1,23", "1,2345", "12 34 ab", "1.2.3", "--1", True, date(2022, 1, 1), "甲"]
)
def test_what_is_not_a_number_is_refused_in_words(cell):
    with pytest.raises(Unreadable, match="请改成"):
        parse_number(cell)


def test_a_unit_behind_the_number_is_kept():
    number = parse_number("1.5万元")
    assert (number.value, number.unit) == (Decimal("1.5"), UNITS["wan_yuan"])


@given(
    st.integers(-(10**15), 10**15), st.integers(0, 6), st.sampled_from(["plain", "comma", "wide"])
)
@pytest.mark.property
def test_a_number_written_in_any_style_comes_back(count, places, style):
    value = Decimal(count).scaleb(-places)
    text = f"{value:,f}" if style == "comma" else f"{value:f}"
    if style == "wide":
        text = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"})
    assert parse_number(text).value == value


@given(
    st.integers(-(10**12), 10**12), st.sampled_from(["yuan", "qian_yuan", "wan_yuan", "tce", "t"])
)
@pytest.mark.property
def test_quanta_turned_into_any_unit_and_back_are_the_same(quanta, unit):
    factor = UNITS[unit].factor * 100
    written = Decimal(quanta) / Decimal(int(factor))
    assert to_quanta(written, factor) == (quanta, True)


@pytest.mark.parametrize(
    ("value", "quanta", "exact"),
    [
        pytest.param("1.004", 100, False, id="just below the half"),
        pytest.param("1.005", 101, False, id="the half goes up"),
        pytest.param("1.006", 101, False, id="just above the half"),
        pytest.param("-1.005", -101, False, id="the half goes away from zero"),
        pytest.param("1.01", 101, True, id="no rounding"),
    ],
)
def test_decimals_beyond_the_quantum_are_rounded_half_up_and_said(value, quanta, exact):
    assert to_quanta(Decimal(value), Fraction(100)) == (quanta, exact)


def test_mu_are_converted_by_the_exact_fraction():
    # 1 亩 = 2000/3 ㎡, so 3 亩 = 2000 ㎡ and 1 亩 = 666.67 ㎡ to the centiare.
    factor = UNITS["mu"].factor * 100
    assert to_quanta(Decimal(3), factor) == (200_000, True)
    assert to_quanta(Decimal(1), factor) == (66_667, False)


@pytest.mark.parametrize(
    "cell",
    [
        "2022.6.28", "2022-06-28", "2022/6/28", "2022年6月28日", "２０２２年６月２８日", "20220628",
        20220628,
        44740, 44740.0, "44740", date(2022, 6, 28), datetime(2022, 6, 28, 9, 30, tzinfo=UTC),
        "2022-06-28 00:00:00",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_spelling(cell):
    assert parse_date(cell) == date(2022, 6, 28)


@pytest.mark.parametrize(
    "cell",
    [
        "2022年6月",
        "2022",
        2022,
        "2022-02-30",
        "1901年01月03日",
        "去年",
        3,
        "2022.13.1",
        "22.6.28",
        "111.6.28",
        "1110628",
        "民国111年6月",
        "1022-06-28",
        "1022-00-00",
        "1899-12-29",
        "1911-12-31",
        "2022-06-00",
        "1949.9.30",
        "2101-01-01",
    ],
)
def test_what_is_not_a_whole_day_is_refused(cell):
    with pytest.raises(Unreadable, match=r"请|不在") as said:
        parse_date(cell)
    assert not isinstance(said.value, NoDay)


@pytest.mark.parametrize(
    "cell",
    ["1901年01月02日", "1901-01-02", date(1901, 1, 2), date(1899, 12, 31), "1900-01-00", "1900/1/0",
     "0000-00-00", "0001-01-01", 0, 1, 2, 0.0, "1900-1-1", datetime(1899, 12, 30, tzinfo=UTC)],
)  # fmt: skip
def test_a_day_that_stands_for_none_is_told_from_a_wrong_one(cell):
    with pytest.raises(NoDay):
        parse_date(cell)


@pytest.mark.parametrize(
    "cell",
    ["民國111年6月28日", "中華民國 111.6.28", "民国111/06/28", "\uff11\uff11\uff11.6.28",
     "111-6-28", "1110628", 1110628, "2022-06-28", 44740],
)  # fmt: skip
def test_years_of_the_republic_are_read_where_the_column_says_so(cell):
    """2022 is the 111th year; the calendar began in 1912."""
    assert parse_date(cell, roc=True) == date(2022, 6, 28)


@pytest.mark.parametrize("cell", ["民國111年6月28日", "中华民国111-06-28"])
def test_a_cell_that_names_the_republic_needs_no_setting(cell):
    assert parse_date(cell) == date(2022, 6, 28)


def test_a_year_of_the_republic_of_two_digits():
    assert parse_date("99.1.2", roc=True) == date(2010, 1, 2)
    with pytest.raises(Unreadable, match="不在"):
        parse_date("30.1.2", roc=True)  # 1941


@given(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False, width=64),
        st.decimals(min_value=-(10**12), max_value=10**12, places=2).map(float),
        st.integers(-(10**15), 10**15).map(lambda n: n / 10**4),
    ),
    st.sampled_from(["元", "千元", "万元", "亿元"]),
)
def test_the_quick_way_of_reading_numbers_says_what_the_exact_one_says(value, unit):
    column = Column("a", "甲", "amount", unit=unit_named(unit), quantum=Decimal("0.01"))
    factor = column.factor(column.unit)
    quick = _quickly(value, _power_of_ten(factor))
    if quick:
        assert (quick, True) == quanta_of(value, column, factor)
