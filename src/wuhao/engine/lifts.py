"""What lifts: for one subject, the least change that reaches the next grade.

A way is one fact of one item, raised or lowered alone: every other fact of the subject, all facts
of the others and the scheme stay as they are, and everything that the scheme computes from them is
computed again (the other items that use the fact, benchmarks, average scores, the totals and places
of the others, quotas). So the answer, written into the facts and evaluated, gives the grade, and
one quantum less does not. Changes that would take the subject out of its group or out of scope are
no way up; nor are those beyond full marks in every item that the fact serves, where the subject
would rise only because its own figures push the benchmark up and the others down.

The search makes no assumption about monotony, which rounding would break near a border: it bounds
whole stretches of changes and divides only those that may hold an answer, the nearest first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine import lifts_words as words
from wuhao.engine.bounds import Range
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.expression import condition_names
from wuhao.engine.facts import Facts, State
from wuhao.engine.findings import EngineError
from wuhao.engine.grading import adjusted, last_places
from wuhao.engine.model import Fact, Grades, Indicator
from wuhao.engine.outcome import Outcome
from wuhao.engine.places_again import Box
from wuhao.engine.replay import Reach, Replay
from wuhao.engine.row import facts_of
from wuhao.engine.shortfalls import gaps, senses, slope
from wuhao.engine.units import parse_unit

HORIZON = 1000
"""A fact is raised to at most so many times the largest value that anybody reports of it."""
BUDGET = 50_000
"""So many stretches are bounded before a search is given up as undecided."""
MILLION = 1_000_000
SAVED = {"m2", "kwh", "kgce", "kg"}
"""Base units of what is saved: less land, power, energy, emission; never less revenue or staff."""
WHY = ("undecided", "capped", "top", "leaves", "beyond", "to_zero")
"""Which reason of several ways is told for an item."""


@dataclass(frozen=True)
class Change:
    """A fact of the subject and what it should become, in quanta of 10**-digits of its unit."""

    fact: str
    label: str
    unit: str
    digits: int
    before: int
    after: int


@dataclass(frozen=True)
class Way:
    """One fact moved alone: the least change, or why there is none."""

    fact: str
    label: str
    direction: str  # "up" or "down"
    change: Change | None
    value: int | None  # of the item after the change, in quanta of digits.value
    reason: str | None
    sentence: str


@dataclass(frozen=True)
class Lift:
    """One item: its value now and the ways by its facts; the sentence says it for people."""

    code: str
    label: str
    unit: str
    value: int | None
    ways: tuple[Way, ...]
    reason: str | None
    sentence: str

    def reached(self) -> bool:
        """Return whether one of its facts alone reaches the grade."""
        return any(way.change for way in self.ways)


@dataclass(frozen=True)
class Joint:
    """All shortfalls closed by the same share, in millionths; None when even all is too little."""

    share: int | None
    changes: tuple[Change, ...]
    reason: str | None
    sentence: str


@dataclass(frozen=True)
class Lifts:
    """The whole answer for one subject. `reason` says why there is nothing to reach, if so."""

    subject: str
    group: str | None
    grade: str | None
    target: str | None
    items: tuple[Lift, ...]
    joint: Joint | None
    reason: str | None
    sentence: str


def lifts(outcome: Outcome, subject: str) -> Lifts:
    """Answer for one subject. Raises EngineError for unknown subjects, schemes and methods."""
    row, grades = outcome.row(subject), outcome.scheme.grades
    if row is None:
        raise EngineError(f"结果里没有主体“{subject}”。")
    if grades is None:
        raise EngineError("方案没有定档规则，谈不上提升到上一档。")
    reason = _settled(row, grades)
    if reason:
        sentence = words.settled(outcome.scheme, row, reason)
        return Lifts(subject, row["group"], row["grade"], None, (), None, reason, sentence)
    own = outcome.scheme.group(row["group"]).grades or grades
    search = Search(Replay(outcome, subject, own), outcome.facts)
    target = grades.order[search.target - 1]
    items = tuple(search.lift(code) for code in search.replay.items)
    joint = search.joint()
    sentence = words.summary(target, items, joint, search.barrier, search.replay.unit.size)
    return Lifts(
        subject, row["group"], row["grade"], target, items, joint, search.barrier, sentence
    )


def _settled(row: Mapping[str, Any], grades: Grades) -> str | None:
    if row["excluded"]:
        return "excluded"
    if row["ungraded"] or row["grade"] is None:
        return "ungraded"
    return "best" if row["grade"] == grades.order[0] else None


def changed(facts: Facts, subject: str, values: Mapping[str, int]) -> Facts:
    """Return the facts with some of a subject's set to values, in their quanta."""
    table = facts.table
    at = table.column("subject").index(subject).as_py()
    for code, value in values.items():
        for name, cell in ((code, value), (f"{code}__state", int(State.VALUE))):
            column = table.column(name)
            middle = pa.array([cell], column.type)
            parts = [*column.slice(0, at).chunks, middle, *column.slice(at + 1).chunks]
            place = table.column_names.index(name)
            table = table.set_column(place, name, pa.chunked_array(parts, column.type))
    return Facts(table, facts.quanta)


def least(most: int, target: int, reach: Callable[[int, int], Reach]) -> int | None:
    """Return the least step of 1…most whose grade number is 1…target, None when there is none.

    `reach(a, b)` bounds the grade for all steps of a…b; stretches without hope are never divided.
    Raises Undecided.
    """
    waiting, spent = [(1, most)] if most > 0 else [], 0
    while waiting:
        low, high = waiting.pop()
        spent += 1
        if spent > BUDGET:
            raise Undecided
        found = reach(low, high)
        if not 1 <= found.grade <= target:
            continue
        if found.still or low == high:
            return low
        middle = (low + high) // 2
        waiting += [(middle + 1, high), (low, middle)]
    return None


class Undecided(Exception):
    """The search was given up."""


class Search:
    """The searches for one subject; a fact that serves several items is searched once."""

    def __init__(self, replay: Replay, facts: Facts) -> None:
        """Prepare to lift the subject by one grade."""
        self.replay, self.facts, self.scheme = replay, facts.table, replay.scheme
        grades = replay.grades
        self.target = grades.order.index(replay.result["grade"])
        self.name = grades.order[self.target - 1]
        self.barrier = self._barrier(grades)
        self.found = cache(self._found)

    def _barrier(self, grades: Grades) -> str | None:
        """Return why no change of any item can help: a rule, or a grade without places."""
        codes = (self.replay.result["adjustments"] or "").split(",")
        moving = {fact for item in self.replay.items.values() for fact in facts_of(item)}
        loose = [
            r for r in self.scheme.adjustments if not moving.isdisjoint(condition_names(r.when))
        ]
        rules = [r for r in self.scheme.adjustments if r.code in codes and r not in loose]
        if adjusted(grades, 1, rules) > self.target:
            return "rule"
        if grades.kind.name != "thresholds" and not loose:
            base = len(self.replay.peers.counted) + all(rule.uses_quota for rule in rules)
            places = enumerate(last_places(grades, base), start=1)
            best = next((at for at, last in places if last > 0), len(grades.order))
            if adjusted(grades, best, rules) > self.target:
                return "no_quota"
        return None

    # ---- one fact alone ----------------------------------------------------------------------

    def lift(self, code: str) -> Lift:
        """Return the answer for one item."""
        item, result = self.replay.items[code], self.replay.result
        value = result[f"{code}__value"]
        note = result[f"{code}__note"]
        ways: tuple[Way, ...] = ()
        reason = "not_measured" if value is None else None
        if reason is None:
            ways = tuple(self._way(item, fact, step) for fact, step in self._moves(item))
        if not any(way.change for way in ways):
            reason = reason or self.barrier or self._why(item, note, ways)
        sentence = words.lift(self.scheme, item, note, self.name, ways, reason)
        return Lift(code, item.label, item.unit, value, ways, reason, sentence)

    def _moves(self, item: Indicator) -> list[tuple[str, int]]:
        """Return the facts of an item with the steps that better it.

        Facts of a denominator only where less of them is saved, or more of them is no burden.
        """
        above, moves = set(item.numerator.facts()), []
        for fact in (code for code in facts_of(item) if code in self.replay.own.spans):
            for sense in senses(self.replay, item):
                step = sense * self._direction(item, fact)
                if step and (fact in above or self._allowed(fact, step, sense)):
                    moves.append((fact, step))
        return moves

    def _allowed(self, fact: str, step: int, sense: int) -> bool:
        """Return whether a fact of a denominator may be moved so."""
        unit = parse_unit(self.scheme.facts[fact].unit)
        saved = unit is not None and all(base in SAVED for base, _ in unit.dimensions)
        return saved if step < 0 else sense < 0 and not saved

    def _direction(self, item: Indicator, fact: str) -> int:
        """Return the sign of the change of numerator over denominator with the fact."""
        replay = self.replay
        below = item.denominator.terms if item.denominator else (((), 1),)
        top, under = replay.row.numerator(item).lo, replay.row.denominator(item).lo
        found = slope(replay, item.numerator.terms, fact) * under
        found -= top * slope(replay, below, fact)
        return (found > 0) - (found < 0)

    def _way(self, item: Indicator, fact: str, step: int) -> Way:
        known = self.scheme.facts[fact]
        direction = "up" if step > 0 else "down"
        change, reason = (None, self.barrier) if self.barrier else self.found(fact, step)
        value = None
        if change is not None:
            after = Range(change.after, change.after)
            value = self.replay.value_at(item.code, {fact: after})
        sentence = words.way(self.scheme, item, known, direction, change, value, reason)
        return Way(fact, known.label, direction, change, value, reason, sentence)

    def _found(self, fact: str, step: int) -> tuple[Change | None, str | None]:
        now = self.replay.own.spans[fact].lo
        most = self._most(fact, now) if step > 0 else now

        def box(low: int, high: int) -> Box:
            ends = sorted((now + step * low, now + step * high))
            return {fact: Range(*ends)}

        try:
            enough = self._enough(fact, most, box)
            steps = least(enough, self.target, lambda a, b: self.replay.reach(box(a, b)))
        except Undecided:
            return None, "undecided"
        if steps is None:
            return None, self._limit(box(enough, enough), step, enough < most)
        return self._change(fact, now + step * steps), None

    def _limit(self, end: Box, step: int, full: bool) -> str:
        """Return what ends a search that found nothing."""
        if not self.replay.stays(end):
            return "leaves"
        if full:
            return "capped" if self.replay.full(end, top=False).grade else "top"
        return "beyond" if step > 0 else "to_zero"

    def _enough(self, fact: str, most: int, box: Callable[[int, int], Box]) -> int:
        """Return the step from which all items that the fact serves have full marks, or most."""
        now = self.replay.own.spans[fact]
        if self.replay.full({fact: now}).grade:
            return 0
        found = least(most, 1, lambda a, b: self.replay.full(box(a, b)))
        return most if found is None else found

    def _most(self, fact: str, now: int) -> int:
        """Return by how much a fact is raised at most."""
        known = pc.min_max(self.facts.column(fact)).as_py()
        largest = max(abs(known["min"] or 0), abs(known["max"] or 0))
        unit = 10 ** self.scheme.facts[fact].digits
        most = min(HORIZON * max(largest, unit), INT64_MAX)
        return int(most - max(now, 0))

    def _change(self, fact: str, after: int) -> Change:
        known: Fact = self.scheme.facts[fact]
        now = self.replay.own.spans[fact].lo
        return Change(fact, known.label, known.unit, known.digits, now, after)

    def _why(self, item: Indicator, note: str | None, ways: tuple[Way, ...]) -> str:
        if note == "no_benchmark":
            return "no_benchmark"
        reasons = {way.reason for way in ways}
        own, unit = self.replay.own.spans, self.replay.row.spans
        if not ways and any(code in unit and code not in own for code in facts_of(item)):
            return "own_unknown"
        return next((why for why in WHY if why in reasons), "no_way")

    # ---- all together ------------------------------------------------------------------------

    def joint(self) -> Joint:
        """Return the least share of every shortfall that, closed together, reaches the grade."""
        lacking = gaps(self.replay)
        reason = self.barrier or (None if lacking else "no_shortfall")
        share = None
        if reason is None:
            try:
                share = least(MILLION, self.target, lambda a, b: self._jointly(lacking, a, b))
                reason = "not_enough" if share is None else None
            except Undecided:
                reason = "undecided"
        now = self.replay.own.spans
        changes = tuple(
            self._change(fact, now[fact].lo + part(gap, share))
            for fact, gap in lacking.items()
            if share is not None
        )
        sentence = words.joint(self.name, share, changes, reason)
        return Joint(share, changes, reason, sentence)

    def _jointly(self, lacking: Mapping[str, int], low: int, high: int) -> Reach:
        now, box = self.replay.own.spans, {}
        for fact, gap in lacking.items():
            ends = sorted(now[fact].lo + part(gap, share) for share in (low, high))
            box[fact] = Range(*ends)
        return self.replay.reach(box)


def part(gap: int, share: int) -> int:
    """Return a share in millionths of a gap, rounded away from zero."""
    size = -(-abs(gap) * share // MILLION)
    return size if gap > 0 else -size
