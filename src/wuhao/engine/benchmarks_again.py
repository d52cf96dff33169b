"""What items are compared with, the subject's own value somewhere in a range.

A builder answers with the range of the benchmark in quanta of digits.benchmark, or None where there
is no positive one. A later word of the vocabulary is one more builder here.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from wuhao.engine.bounds import Range
from wuhao.engine.exact import quantise
from wuhao.engine.model import Quotient
from wuhao.engine.row import Row

if TYPE_CHECKING:
    from wuhao.engine.replay_item import ItemReplay


class Unsure(Exception):
    """The answer is not the same for the whole box: it has to be divided."""


class Beyond(Exception):
    """Everywhere in the box numbers leave 64 bits, or an evaluation ends with another error."""


def _fixed(replay: ItemReplay, row: Row, value: Range | None) -> Range | None:
    stated = replay.item.benchmark.params["value"]
    found = stated[replay.group] if isinstance(stated, dict) else stated
    quanta = quantise(Fraction(found), replay.scheme.digits["benchmark"])
    return Range(quanta, quanta)


def _total_over_total(replay: ItemReplay, row: Row, value: Range | None) -> Range | None:
    crowd = replay.peers.crowd
    nums, dens = Range(crowd.nums, crowd.nums), Range(crowd.dens, crowd.dens)
    if value is not None:
        nums = nums.arith("+", row.numerator(replay.item))
        dens = dens.arith("+", row.denominator(replay.item))
    return _quotient(replay, nums, dens, replay.item.factor * _times(replay))


def _mean_of_values(replay: ItemReplay, row: Row, value: Range | None) -> Range | None:
    crowd = replay.peers.crowd
    total, n = Range(crowd.total, crowd.total), len(crowd.values)
    if value is not None:
        total, n = total.arith("+", value), n + 1
    factor = Fraction(1, 10 ** replay.scheme.digits["value"]) * _times(replay)
    return _quotient(replay, total, Range(n, n), factor)


def _by_order(replay: ItemReplay, row: Row, value: Range | None) -> Range | None:
    kind, crowd = replay.item.benchmark, replay.peers.crowd
    ends = (value.lo, value.hi) if value else (None, None)
    low, high = (crowd.at_share(kind, own) for own in ends)
    if low is None or high is None:
        return None
    below = lcm(low.denominator, high.denominator)
    found = Range(int(low * below), int(high * below))
    factor = Fraction(1, 10 ** replay.scheme.digits["value"]) * _times(replay)
    return _quotient(replay, found, Range(below, below), factor)


def _previous_year(replay: ItemReplay, row: Row, value: Range | None) -> Range | None:
    if "past" in replay.item.reads:
        return _past(replay, row)
    stated = "value" in replay.item.benchmark.params
    return _fixed(replay, row, value) if stated else _target(replay, row, value)


def _past(replay: ItemReplay, row: Row) -> Range | None:
    """Last year's total over total of many; the subject's part hangs on no value of this year."""
    crowd, past = replay.peers.crowd, replay.item.reads["past"]
    nums, dens = Range(crowd.past_nums, crowd.past_nums), Range(crowd.past_dens, crowd.past_dens)
    if replay.counts(row):
        above, below = past_part(past, row)
        nums, dens = nums.arith("+", above), dens.arith("+", below)
    return _quotient(replay, nums, dens, past.factor)


def past_part(past: Quotient, row: Row) -> tuple[Range, Range]:
    """Return what a subject adds to last year's numbers; nothing without both. Raises Unsure."""
    above = row.sum(past.above.terms)
    below = Range(1, 1) if past.below is None else row.sum(past.below.terms)
    if above is None or below is None or below.hi <= 0:
        return Range(0, 0), Range(0, 0)
    if below.lo <= 0:
        raise Unsure
    return above, below


def _target(replay: ItemReplay, row: Row, value: Range | None) -> Range | None:
    target = replay.item.reads.get("target")
    if value is None or target is None:
        return None
    return _positive(_read(replay, row, target, "benchmark"))


def before(replay: ItemReplay, row: Row) -> Range | None:
    """Return last year's number that growth is measured from; None where it is not positive."""
    found = replay.item.reads.get("before")
    return None if found is None else _positive(_read(replay, row, found, "value"))


def _read(replay: ItemReplay, row: Row, found: Quotient, digits: str) -> Range | None:
    """Return a number of the subject's own; None where it is divided by nothing."""
    above = row.sum(found.above.terms) or Range(0, 0)
    below = Range(1, 1) if found.below is None else row.sum(found.below.terms) or Range(0, 0)
    if below.lo <= 0 < below.hi:
        raise Unsure
    return _divided(replay, above, below, found.factor, digits)


def _times(replay: ItemReplay) -> Fraction:
    return Fraction(replay.item.benchmark.params["times"])


def _quotient(replay: ItemReplay, above: Range, below: Range, factor: Fraction) -> Range | None:
    """Return a benchmark as a quotient, None where it is not positive. Raises Unsure."""
    return _positive(_divided(replay, above, below, factor, "benchmark"))


def _divided(
    replay: ItemReplay, above: Range, below: Range, factor: Fraction, digits: str
) -> Range | None:
    """Return a quotient in the scheme's digits of a name; None where it is divided by nothing.

    Every denominator and every count is positive, so `below` is, unless nobody has a value.
    """
    if below.hi <= 0:
        return None
    scale = factor * 10 ** replay.scheme.digits[digits]
    top = above.arith("*", Range(scale.numerator, scale.numerator))
    under = below.arith("*", Range(scale.denominator, scale.denominator))
    return top.over(under)


def _positive(found: Range | None) -> Range | None:
    """Return what is above zero, None where it is not. Raises Unsure."""
    if found is None or found.hi <= 0:
        return None
    if found.lo <= 0:
        raise Unsure
    return found


BENCHMARKS: dict[str, Callable[[ItemReplay, Row, Range | None], Range | None]] = {
    "fixed": _fixed,
    "total_over_total": _total_over_total,
    "mean_of_values": _mean_of_values,
    "maximum": _by_order,
    "quantile": _by_order,
    "median": _by_order,
    "target": _target,
    "previous_year": _previous_year,
}
BY_ORDER = ("maximum", "quantile", "median")
