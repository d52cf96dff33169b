"""Cells to values: numbers as text, full-width digits, dates in every spelling, exact units.

Nothing here passes through floating point: a number in a workbook is taken with the 15 digits
that Excel keeps, as Decimal, and counted in quanta of the base unit by integer division.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wuhao.core.exact import div
from wuhao.core.units import Unit, unit_named
from wuhao.intake.reader.model import ErrorValue
from wuhao.intake.reader.words import clean, shown

EXCEL_EPOCH = date(1899, 12, 30)
# Serial numbers of 1950-01-01 and 2100-12-31: outside them a number is not meant as a day.
SERIALS = range(18264, 73416)
EARLIEST, LATEST = date(1949, 10, 1), date(2100, 12, 31)
# What offices hand in where a program had no day: 0 to 2 in a column of days, the days from Excel's
# first to the one that stands for nothing in a province's list of enterprises, and the first day
# that programs can write. Any other early day is a slip of somebody's hand.
EMPTY_SERIALS = range(3)
FIRST_EMPTY, LAST_EMPTY, FIRST_OF_ALL = date(1899, 12, 30), date(1901, 1, 2), date(1, 1, 1)
EMPTY_YEARS = (0, 1899, 1900, 1901)
"""Of these years, a month 00 or a day 00 stands for no day."""
ROC_YEARS = 1911
"""The first year of the calendar of the Republic (民國) is 1912."""


class Unreadable(ValueError):
    """A cell cannot be read as its column wants; the message is the middle of a sentence."""


class NoDay(Unreadable):
    """A day that programs write where nobody gave one: 1900-01-00, 1901-01-02, 0000-00-00."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the unit written behind it in the same cell, if any."""

    value: Decimal
    unit: Unit | None = None
    percent: bool = False


_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_WITH_UNIT = re.compile(r"(?P<number>[+-]?[\d,.]+(?:[eE][+-]?\d+)?)(?P<unit>[^\d,.].*)")
_MINUS = str.maketrans({"\u2212": "-", "–": "-", "'": "", "’": ""})


def half_width(text: str) -> str:
    """Text in half width, one space for many, minus signs alike, Excel's apostrophe removed."""
    if text.isascii() and text.isalnum():
        return text
    return unicodedata.normalize("NFKC", clean(text)).translate(_MINUS)


def parse_number(value: Any) -> Number:
    """The number in a cell. Raises Unreadable for everything else, `12,34` included."""
    if isinstance(value, bool):
        raise Unreadable(f"是“{value}”，不是数，请改成数字")
    if isinstance(value, int | Decimal):
        return Number(Decimal(value))
    if isinstance(value, float):
        return Number(Decimal(f"{value:.15g}"))
    if not isinstance(value, str):
        raise Unreadable(f"“{_seen(value)}”不是数，请改成数字")
    return _number_of_text(value)


def _number_of_text(value: str) -> Number:
    text = half_width(value).replace(" ", "").removeprefix("¥")
    if text.endswith("%"):
        return Number(_decimal(text[:-1], value) / 100, percent=True)
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        return Number(_decimal(text, value))
    found = _WITH_UNIT.fullmatch(text)
    unit = unit_named(found["unit"]) if found else None
    if found is None or unit is None:
        raise Unreadable(f"“{clean(value)}”不是数，请改成数字")
    return Number(_decimal(found["number"], value), unit)


def _decimal(text: str, original: str) -> Decimal:
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    raise Unreadable(f"“{clean(original)}”的数字或分节号不对，请改成普通数字")


def to_quanta(value: Decimal, factor: Fraction) -> tuple[int, bool]:
    """Quanta in a value when `factor` quanta make one unit, half up, and whether it was exact."""
    numerator, denominator = value.as_integer_ratio()
    top, bottom = numerator * factor.numerator, denominator * factor.denominator
    whole, rest = divmod(top, bottom)
    return (whole, True) if rest == 0 else (div(top, bottom), False)


_DATE = re.compile(r"(\d{2,4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)(?:[T ].*)?")
_COMPACT = re.compile(r"(\d{3,4})(\d{2})(\d{2})")
_ROC = re.compile(r"(?:中[华華])?民[国國]\s*")


def parse_date(value: Any, *, roc: bool = False) -> date:
    """The day in a cell: a date, an Excel serial, 2022.6.28, 2022-06-28, 2022年6月28日, 20220628.

    Years of the Republic are read where the cell says 民國, or with `roc` wherever a year has two
    or three digits. Raises NoDay for a day that stands for none; Unreadable for everything else,
    for a month without a day, and outside 1949-2100.
    """
    day = _day(value, roc)
    if FIRST_EMPTY <= day <= LAST_EMPTY or day == FIRST_OF_ALL:
        raise NoDay(f"“{_seen(value)}”不是真的日期")
    if not EARLIEST <= day <= LATEST:
        raise Unreadable(f"“{_seen(value)}”不在 1949 年至 2100 年之间，请核对；没有日期请留空")
    return day


def _day(value: Any, roc: bool) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _day_of_number(value, roc)
    if isinstance(value, str):
        return _day_of_text(value, roc)
    raise Unreadable(f"“{_seen(value)}”不是日期，请写成 2022-06-28")


def _day_of_number(value: int | float, roc: bool) -> date:
    if value in EMPTY_SERIALS or int(value) in SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(value))
    return _day_of_text(f"{value:.15g}", roc)


def _day_of_text(value: str, roc: bool) -> date:
    text = half_width(value).replace("/", "-")
    told = _ROC.match(text)
    text = text[told.end() :] if told else text
    found = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None and text.isascii() and text.isdigit() and int(text) in SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(text))
    if found is None or found[3] is None:
        raise Unreadable(f"“{clean(value)}”不是完整的日期，请写成 2022-06-28")
    year, month, day = _year(found[1], bool(told) or roc, value), int(found[2]), int(found[3])
    if year in EMPTY_YEARS and 0 in (month, day):
        raise NoDay(f"“{clean(value)}”不是真的日期")
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unreadable(f"“{clean(value)}”不是历法上的日期，请核对") from error


def _year(digits: str, roc: bool, value: str) -> int:
    """A year of four digits is as it stands; a shorter one counts from 1912 where that was said."""
    if len(digits) == 4:
        return int(digits)
    if not roc:
        raise Unreadable(f"“{clean(value)}”的年份不足四位，请写成 2022-06-28")
    return int(digits) + ROC_YEARS


def _seen(value: Any) -> str:
    return value.text if isinstance(value, ErrorValue) else shown(value)
