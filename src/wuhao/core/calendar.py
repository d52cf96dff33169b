"""Working days: weekdays, but for the holidays and swapped days that the State Council orders.

A year whose order has not been entered counts by weekdays alone; `is_known` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Days off that fall on weekdays, weekend days that are worked, and the years known."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.off

    def is_known(self, *days: date) -> bool:
        """Whether the orders of all the days' years are entered."""
        return {day.year for day in days} <= self.years

    def after(self, start: date, working_days: int) -> date:
        """The last day of a limit of so many working days, counted from the day after `start`."""
        day, left = start, working_days
        while left > 0:
            day += DAY
            left -= self.is_working(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative backwards."""
        if end < start:
            return -self.between(end, start)
        days = (end - start).days
        return sum(self.is_working(start + DAY * n) for n in range(1, days + 1))


def calendar_of(years: Mapping[int, Mapping[str, Iterable[Any]]]) -> Calendar:
    """A calendar from the orders of years: `holidays` and `workdays` of each year."""
    return Calendar(
        frozenset(day for order in years.values() for day in order.get("holidays", ())),
        frozenset(day for order in years.values() for day in order.get("workdays", ())),
        frozenset(years),
    )
