"""Working days against days counted by hand and a slow count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import CITY
from wuhao.core.calendar import Calendar, calendar_of
from wuhao.core.working_days import calendar

PLAIN = Calendar()


@pytest.fixture
def ordered(settings) -> Calendar:
    settings.WUHAO_CITY = CITY
    return calendar()


@pytest.mark.parametrize(
    ("start", "days", "ends"),
    [
        # The dossier's case: received on 7 February, to be sent back within 7 working days.
        (date(2022, 2, 7), 7, date(2022, 2, 16)),
        (date(2022, 6, 2), 1, date(2022, 6, 6)),  # 3 June: Dragon Boat
        (date(2022, 4, 1), 1, date(2022, 4, 2)),  # a worked Saturday
        (date(2022, 4, 22), 1, date(2022, 4, 24)),  # a worked Sunday
        (date(2022, 9, 30), 1, date(2022, 10, 8)),
        (date(2022, 9, 30), 3, date(2022, 10, 10)),
        (date(2022, 6, 28), 0, date(2022, 6, 28)),
    ],
)
def test_limits_end_on_the_day_counted_by_hand(ordered, start, days, ends):
    assert ordered.after(start, days) == ends


def test_the_year_has_the_working_days_that_its_order_gives(ordered):
    first = date(2022, 1, 1)
    worked = sum(ordered.is_working(first + timedelta(n)) for n in range(365))
    # 260 weekdays, 18 of them off, 7 days of weekends worked.
    assert worked == 260 - 18 + 7


def test_a_year_without_an_order_is_said_to_be_unknown(ordered):
    assert ordered.is_known(date(2022, 12, 31))
    assert not ordered.is_known(date(2022, 12, 31), date(2023, 1, 3))
    assert ordered.is_working(date(2023, 1, 2))


days = st.dates(date(2020, 1, 1), date(2024, 12, 31))


@given(days, st.integers(0, 60), st.sets(days, max_size=30), st.sets(days, max_size=30))
def test_the_day_after_so_many_is_so_many_days_away(start, count, off, worked):
    found = calendar_of({2022: {"holidays": off, "workdays": worked}})
    end = found.after(start, count)
    assert found.between(start, end) == count
    assert found.between(end, start) == -count
    assert count == 0 or found.is_working(end)


@given(days, days)
def test_between_is_a_plain_count_of_weekdays(start, end):
    low, high = sorted((start, end))
    slow = sum((low + timedelta(n)).weekday() < 5 for n in range(1, (high - low).days + 1))
    assert PLAIN.between(low, high) == slow
