"""Cross-column conditions of a template, compiled to integer arithmetic over a row's quanta."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wuhao.engine.expression import (
    Compare,
    Condition,
    Joined,
    Missing,
    Not,
    Polynomial,
    Quantity,
    Starts,
    TextCompare,
)
from wuhao.engine.units import parse_unit

# A row's values by column code: quanta, day ordinals or texts; None where there is no value.
RowValues = Mapping[str, Any]
Predicate = Callable[[RowValues], bool | None]

_OPS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compiled(condition: Condition, quanta: Mapping[str, Decimal]) -> Predicate:
    """A predicate that says true, false, or None where a value that it needs is unknown."""
    if isinstance(condition, Joined):
        return _joined(condition.op, [compiled(part, quanta) for part in condition.parts])
    if isinstance(condition, Not):
        inner = compiled(condition.part, quanta)
        return lambda row: None if (said := inner(row)) is None else not said
    if isinstance(condition, Missing):
        name = condition.name
        return lambda row: row.get(name) is None
    if isinstance(condition, TextCompare | Starts):
        return _texts(condition)
    if isinstance(condition, Quantity):
        unit = parse_unit(condition.unit)
        value = condition.value * (unit.factor if unit else 1)
        return _numbers(condition.op, condition.left, Polynomial.number(value), quanta)
    assert_compare: Compare = condition
    return _numbers(assert_compare.op, assert_compare.left, assert_compare.right, quanta)


def differing(one: str, other: str) -> Predicate:
    """Whether two columns hold different values; unknown where one of them is."""

    def said(row: RowValues) -> bool | None:
        left, right = row.get(one), row.get(other)
        return None if left is None or right is None else left != right

    return said


def _joined(op: str, parts: list[Predicate]) -> Predicate:
    deciding = op == "or"

    def said(row: RowValues) -> bool | None:
        answers = [part(row) for part in parts]
        if deciding in answers:
            return deciding
        return None if None in answers else not deciding

    return said


def _texts(condition: TextCompare | Starts) -> Predicate:
    name, words = condition.attribute, condition.words
    if isinstance(condition, Starts):
        return lambda row: None if (text := row.get(name)) is None else text.startswith(words)
    wanted = condition.op == "=="
    return lambda row: None if (text := row.get(name)) is None else (text in words) == wanted


def _numbers(
    op: str, left: Polynomial, right: Polynomial, quanta: Mapping[str, Decimal]
) -> Predicate:
    """`left op right` as integers: terms scaled by their quanta and one common denominator."""
    terms = [
        (
            names,
            coefficient * math.prod((Fraction(quanta[name]) for name in names), start=Fraction(1)),
        )
        for names, coefficient in left.plus(right, -1).terms
    ]
    common = math.lcm(*(coefficient.denominator for _, coefficient in terms))
    whole = [(names, int(coefficient * common)) for names, coefficient in terms]
    compare = _OPS[op]

    def said(row: RowValues) -> bool | None:
        total = 0
        for names, coefficient in whole:
            for name in names:
                value = row.get(name)
                if value is None:
                    return None
                coefficient *= value
            total += coefficient
        return compare(total, 0)

    return said
