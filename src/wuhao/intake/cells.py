"""One cell against its column: the value in quanta with its state, or a sentence of trouble."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from wuhao.core.codes import normalised, uscc_check
from wuhao.core.exact import INT64_MAX
from wuhao.engine.facts import State
from wuhao.intake.headings import Matched
from wuhao.intake.reader.model import ErrorValue
from wuhao.intake.reader.words import clean, shown
from wuhao.intake.templates import Choice, Column, choice_key
from wuhao.intake.values import (
    NoDay,
    Number,
    Unreadable,
    half_width,
    parse_date,
    parse_number,
    to_quanta,
)

LONGEST_TEXT = 200
LONGEST_DASH = 8
BEYOND_DIGITS = 10**15
LOST_DIGITS = (
    "代码存成了数值，表格软件只留 15 位，后几位已经丢失；请把这一列设为文本，重新填写 18 位代码。"
)
FEWEST_LOST = 10**15
"""Below so many quanta a float and the 15 digits that Excel keeps say the same."""


class Cell(NamedTuple):
    """A value (quanta, date or text; None unless the state is VALUE), state and column letter."""

    value: Any
    state: State
    column: str


ROUNDED, NO_DAY = "rounded", "no_day"
DASHES = frozenset("-–—―─－")


class Trouble(NamedTuple):
    """Why a cell cannot be taken: a code and the sentence without its place."""

    code: str
    sentence: str


class Outcome(NamedTuple):
    """What a converter says: value and state, or trouble; `noted` is what a note says of it.

    ROUNDED when decimals were lost, NO_DAY for a day that stands for none.
    """

    value: Any
    state: State
    trouble: Trouble | None = None
    noted: str = ""


Converter = Callable[[Any], Outcome]
_MISSING = Outcome(None, State.MISSING)


def converter(matched: Matched) -> Converter:
    """The function that reads the cells of one column; equal texts are read once."""
    column = matched.column
    by_kind: dict[str, Callable[[Matched], Converter]] = {
        "amount": _numbers,
        "integer": _numbers,
        "date": _dates,
        "uscc": _credit_codes,
        "choice": _choices,
        "code": _codes,
        "text": _texts,
    }
    return _with_words(column, by_kind[column.kind](matched))


def _with_words(column: Column, read: Converter) -> Converter:
    """Words such as — 无 未报 first; a blank is missing, and trouble where a value is required."""
    states = {
        word: Outcome(0 if state is State.ZERO and column.choices else None, state)
        for word, state in column.words.items()
        if column.is_number or state is not State.ZERO
    }
    if not column.is_number:
        states = dict.fromkeys(states, _MISSING)
    longest = max(map(len, states), default=0) + LONGEST_DASH
    required = Trouble("required", f"“{column.label}”没有填，这一项必填，请补填。")

    def outcome(value: Any) -> Outcome:
        if isinstance(value, ErrorValue):
            return _trouble("excel_error", _excel_error(column, value))
        said = _MISSING if value is None else None
        if isinstance(value, str) and len(value.strip()) <= longest:
            said = states.get(half_width(value).lower()) or _dashed(states, value)
        said = said or read(value)
        if column.required and said.state is State.MISSING and said.trouble is None:
            return Outcome(None, State.MISSING, required)
        return said

    return outcome


def _dashed(states: Mapping[str, Outcome], value: str) -> Outcome | None:
    """What a line of dashes says, however long it is and whichever dash it is drawn with."""
    text = value.strip()
    if not text or not DASHES.issuperset(text):
        return None
    return states.get("—") or states.get("-")


def _excel_error(column: Column, value: ErrorValue) -> str:
    return f"“{column.label}”显示为 {value.text}，读不到数，请改成数值或文字。"


def _trouble(code: str, sentence: str) -> Outcome:
    return Outcome(None, State.MISSING, Trouble(code, sentence))


def quanta_of(value: Any, column: Column, factor: Fraction) -> tuple[int, bool]:
    """The quanta in a cell of a number column, and whether exact. Raises Unreadable."""
    number = parse_number(value)
    return to_quanta(number.value, _factor_of(number, column, factor))


def _numbers(matched: Matched) -> Converter:
    column = matched.column
    factor = column.factor(matched.unit)
    scale = _power_of_ten(factor)
    low, high = _bounds(column)
    label = matched.unit.label if matched.unit else ""

    def read(value: Any) -> Outcome:
        quick = _quickly(value, scale) if scale and type(value) is float else 0
        if quick and low <= quick <= high:
            return Outcome(quick, State.VALUE)
        try:
            quanta, exact = quanta_of(value, column, factor)
        except Unreadable as error:
            return _trouble("number", f"“{column.label}”{error}。")
        if not exact and column.kind == "integer":
            return _trouble("integer", f"“{column.label}”应是整数，读到 {shown(value)}，请核对。")
        if not exact and column.rounding == "error":
            return _trouble("decimals", f"“{column.label}”的小数位过多：{shown(value)}，请核对。")
        if not low <= quanta <= high:
            return _trouble("range", _out_of_range(column, value, label))
        lost = ROUNDED if not exact and factor.denominator == 1 else ""
        if quanta == 0:
            return Outcome(None, State.ZERO, None, lost)
        return Outcome(quanta, State.VALUE, None, lost)

    return read


def _power_of_ten(factor: Fraction) -> int:
    """The factor where it is a power of ten that a float holds exactly; else 0."""
    number = factor.numerator
    return number if factor.denominator == 1 and str(number).strip("0") == "1" else 0


def _quickly(value: float, scale: int) -> int:
    """The quanta of most cells of a workbook, without a Decimal; 0 where it is not certain.

    A count below 10**15 divided by a power of ten is the float nearest to a decimal of at most 15
    digits. Where that float is the cell's, the decimal is the one that Excel shows: nothing is
    rounded, and no float decides.
    """
    scaled = value * scale
    if not -FEWEST_LOST < scaled < FEWEST_LOST:
        return 0
    count = round(scaled)
    return count if count / scale == value else 0


def _factor_of(number: Number, column: Column, factor: Fraction) -> Fraction:
    """A unit written in the cell itself wins over the heading's."""
    if number.unit is None:
        return factor
    if column.unit is None or number.unit.base != column.unit.base:
        wanted = column.unit.label if column.unit else "无单位的数"
        raise Unreadable(f"写的单位是“{number.unit.label}”，应以“{wanted}”计，请改")
    return column.factor(number.unit)


def _bounds(column: Column) -> tuple[int, int]:
    """The least and the largest quanta allowed; the template writes them in its own unit."""
    own = column.factor(column.unit)
    low = -INT64_MAX if column.minimum is None else math.ceil(Fraction(column.minimum) * own)
    high = INT64_MAX if column.maximum is None else math.floor(Fraction(column.maximum) * own)
    return low, high


def _out_of_range(column: Column, value: Any, label: str) -> str:
    unit = column.unit.label if column.unit else ""
    least = "" if column.minimum is None else f"不小于 {column.minimum}{unit}"
    most = "" if column.maximum is None else f"不大于 {column.maximum}{unit}"
    span = "、".join(part for part in (least, most) if part)
    should = f"应{span}，" if span else ""
    return f"“{column.label}”{should}读到 {shown(value)}{label}，超出范围，请核对数值和单位。"


def _dates(matched: Matched) -> Converter:
    label, roc = matched.column.label, matched.column.calendar == "roc"

    def read(value: Any) -> Outcome:
        try:
            return Outcome(parse_date(value, roc=roc), State.VALUE)
        except NoDay:
            return Outcome(None, State.MISSING, None, NO_DAY)
        except Unreadable as error:
            return _trouble("date", f"“{label}”{error}。")

    return read


def _credit_codes(matched: Matched) -> Converter:
    def read(value: Any) -> Outcome:
        if isinstance(value, int | float) and abs(value) >= BEYOND_DIGITS:
            return _trouble("uscc_number", LOST_DIGITS)
        code = normalised(shown(value))
        fault = uscc_check(code)
        if fault is not None:
            return _trouble(f"uscc_{fault.key}", fault.sentence)
        return Outcome(code, State.VALUE)

    return read


def _choices(matched: Matched) -> Converter:
    column = matched.column
    outcomes = {word: _chosen(column, choice) for word, choice in column.choices.items()}
    labels = list(dict.fromkeys(choice.label for choice in column.choices.values()))
    accepted = "、".join(labels[:12]) + ("等" if len(labels) > 12 else "")

    def read(value: Any) -> Outcome:
        word = choice_key(shown(value))
        if word in outcomes:
            return outcomes[word]
        return _trouble(
            "choice", f"“{column.label}”的“{shown(value)}”不在可选项内，请改为：{accepted}。"
        )

    return read


def _chosen(column: Column, choice: Choice) -> Outcome:
    """A choice that is a fact counts as its number; any other as its code."""
    if not column.fact:
        return Outcome(choice.code, State.VALUE)
    if choice.value == 0:
        return Outcome(None, State.ZERO)
    return Outcome(choice.value, State.VALUE if choice.value is not None else State.MISSING)


def _codes(matched: Matched) -> Converter:
    column = matched.column
    pattern = re.compile(column.pattern or ".+")

    def read(value: Any) -> Outcome:
        code = half_width(shown(value)).replace(" ", "").upper()
        if pattern.fullmatch(code):
            return Outcome(code, State.VALUE)
        return _trouble("code", f"“{column.label}”的“{shown(value)}”写法不对，请核对位数和字母。")

    return read


def _texts(matched: Matched) -> Converter:
    label = matched.column.label

    def read(value: Any) -> Outcome:
        text = clean(shown(value))
        if len(text) > LONGEST_TEXT:
            return _trouble(
                "length", f"“{label}”有 {len(text)} 字，超过 {LONGEST_TEXT} 字，请缩短。"
            )
        return Outcome(text, State.VALUE)

    return read
