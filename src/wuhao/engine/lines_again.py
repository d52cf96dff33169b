"""The lines between the sum of the items and the total, again: points, factors, common limits.

It is the arithmetic of the verb `points`, for many at once and for one subject within ranges.
`given` is what every line gives by itself, below zero for a deduction: points before its floor, or
a factor in quanta of digits.ratio.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from wuhao.engine.bounds import Range
from wuhao.engine.columns import Column, rounded
from wuhao.engine.exact import div
from wuhao.engine.model import Factor, PointLimit, Points, Scheme
from wuhao.engine.row import Row

NOTHING = Range(0, 0)


def totals_after(scheme: Scheme, base: Column, given: Mapping[str, Column]) -> Column:
    """Return the totals of many at the end of all lines."""
    total, changes = base, dict(given)
    for line in scheme.point_lines():
        if isinstance(line, PointLimit):
            change = _cut(scheme, line, np.sum([changes[c] for c in line.lines], axis=0))
        elif line.hangs_on_total():
            change = changes[line.code] = _after(scheme, line, total, given[line.code]) - total
        else:
            change = given[line.code]
        total = total + change
    return total


def _after(scheme: Scheme, line: Points, total: Column, given: Column) -> Column:
    """Return what a factor, or a line with a floor, makes of totals."""
    if line.factor is not None:
        product = total.astype(object) * given.astype(object)
        after = rounded(product, 10 ** scheme.digits["ratio"])
    else:
        after = total + given
    if line.floor is None:
        return after
    return np.asarray(np.maximum(after, np.minimum(total, _quanta(scheme, line.floor))))


def _cut(scheme: Scheme, limit: PointLimit, given: Column) -> Column:
    """Return what is taken back of what the lines of a limit give together."""
    most = _quanta(scheme, limit.at_most)
    return np.asarray(np.minimum(np.maximum(given, -most), most) - given)


def total_within(scheme: Scheme, base: Range, given: Mapping[str, Range]) -> Range:
    """Return the total of one subject at the end of all lines.

    A total rises with the base and with what a line gives; a limit is bounded apart from its lines.
    """
    total, changes = base, dict(given)
    for line in scheme.point_lines():
        if isinstance(line, PointLimit):
            total = total.arith("+", _cut_within(scheme, line, changes))
        elif line.factor is not None:
            total = _multiplied(scheme, line, total, given[line.code].lo)
        else:
            changes[line.code] = _kept(scheme, line, total, given[line.code])
            total = _with(scheme, line, total, given[line.code])
    return total


def _cut_within(scheme: Scheme, limit: PointLimit, changes: Mapping[str, Range]) -> Range:
    most, whole = _quanta(scheme, limit.at_most), NOTHING
    for code in limit.lines:
        whole = whole.arith("+", changes[code])
    ends = (min(max(end, -most), most) - end for end in (whole.hi, whole.lo))
    return Range(*ends)


def _multiplied(scheme: Scheme, line: Points, total: Range, factor: int) -> Range:
    one = 10 ** scheme.digits["ratio"]
    ends = [(end, div(end * factor, one)) for end in (total.lo, total.hi)]
    if line.floor is None:
        return Range(*(after for _, after in ends))
    floor = _quanta(scheme, line.floor)
    return Range(*(max(after, min(end, floor)) for end, after in ends))


def _with(scheme: Scheme, line: Points, total: Range, given: Range) -> Range:
    after = total.arith("+", given)
    if line.floor is None:
        return after
    floor = _quanta(scheme, line.floor)
    return Range(max(after.lo, min(total.lo, floor)), max(after.hi, min(total.hi, floor)))


def _kept(scheme: Scheme, line: Points, total: Range, given: Range) -> Range:
    """Return by how much points change a total, which its floor may lessen."""
    if line.floor is None:
        return given
    floor = _quanta(scheme, line.floor)
    least, most = (min(floor - end, 0) for end in (total.hi, total.lo))
    return Range(max(given.lo, least), max(given.hi, most))


def line_given(scheme: Scheme, line: Points, row: Row, held: bool) -> Range:
    """Return what a line gives, `held` being whether its condition holds."""
    if line.factor is not None:
        one: int = 10 ** scheme.digits["ratio"]
        factor = int(_factor(line.factor, row) * one) if held else one
        return Range(factor, factor)
    return _points(scheme, line, row) if held else NOTHING


def _factor(factor: Factor, row: Row) -> Fraction:
    text = row.texts[factor.attribute] if factor.attribute else None
    return next((times for value, times in factor.table if value == text), factor.times)


def _points(scheme: Scheme, line: Points, row: Row) -> Range:
    """Return the points of a line whose condition holds: nothing for events that are unknown."""
    each = line.each * 10 ** scheme.digits["score"]
    found = Range(int(each), int(each))
    if line.events is not None:
        events = row.sum(line.events.terms)
        if events is None:
            return NOTHING
        factor = each * line.events.scale
        ends = (div(end * factor.numerator, factor.denominator) for end in (events.lo, events.hi))
        found = Range(*(max(end, 0) for end in ends))
    if line.at_most is not None:
        most = _quanta(scheme, line.at_most)
        found = Range(min(found.lo, most), min(found.hi, most))
    return found if line.kind == "bonus" else Range(-found.hi, -found.lo)


def most_given(scheme: Scheme, line: Points, row: Row) -> int | None:
    """Return the most that a line can give, a common limit in mind; None where there is none."""
    if line.factor is not None:
        one: int = 10 ** scheme.digits["ratio"]
        return max(one, int(_factor(line.factor, row) * one))
    if line.kind == "deduction":
        return 0
    own = line.at_most if line.events is not None else line.each
    found = [limit.at_most for limit in scheme.point_limits if line.code in limit.lines]
    every = [most for most in (own, *found) if most is not None]
    return _quanta(scheme, min(every)) if every else None


def _quanta(scheme: Scheme, value: Fraction) -> int:
    return int(value * 10 ** scheme.digits["score"])
