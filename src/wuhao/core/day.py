"""The day is a service: every "today" and "now" of the house comes from here.

The demo lives on a fixed day (settings.WUHAO_TODAY) and tests can move time; the time of day is
always the real one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

_moved_to: ContextVar[date | None] = ContextVar("wuhao_day", default=None)


def today() -> date:
    """The day the house lives on, in Beijing time unless settings say otherwise."""
    fixed = _moved_to.get() or settings.WUHAO_TODAY
    return fixed if fixed is not None else timezone.localdate()


def now() -> datetime:
    """The instant: today's date with the real time of day."""
    real = timezone.localtime()
    day = today()
    return real.replace(year=day.year, month=day.month, day=day.day)


def local(at: datetime) -> date:
    """The day of an instant in the house's time zone."""
    return timezone.localtime(at).date()


def is_moved() -> bool:
    """Whether the house lives on another day than the calendar's."""
    return today() != timezone.localdate()


@contextmanager
def on(day: date) -> Iterator[None]:
    """Live on another day inside a `with` block."""
    token = _moved_to.set(day)
    try:
        yield
    finally:
        _moved_to.reset(token)
