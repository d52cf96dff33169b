"""Replay: the grade of one subject under changed facts, everybody else's facts as they are.

What the scheme computes of the group is computed again exactly (benchmarks, average scores, the
totals of the others, places, quotas), but only for the subject's group and only for the items that
the changed facts touch. Facts may be given as ranges; then the answer is a bound: no change within
the ranges gives a better grade. For a single value it is the grade that `evaluate` gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wuhao.engine.benchmarks_again import Beyond, Unsure
from wuhao.engine.bounds import Range
from wuhao.engine.columns import Column, rounded, totals, wide
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.facts import State
from wuhao.engine.findings import EngineError
from wuhao.engine.grading import (
    adjusted,
    by_place,
    by_threshold,
    lines_met,
    standing,
    standing_digits,
)
from wuhao.engine.lines_again import line_given, most_given, total_within, totals_after
from wuhao.engine.means_bounded import bounded, bounds
from wuhao.engine.model import LACKS, Adjustment, Grades, Indicator
from wuhao.engine.outcome import Outcome
from wuhao.engine.peers import UNKNOWN, peers_of
from wuhao.engine.places_again import Asked, Box, Place
from wuhao.engine.replay_item import ItemReplay, Scored
from wuhao.engine.replay_known import check_known
from wuhao.engine.row import Row, read_of
from wuhao.engine.units_again import Unit
from wuhao.engine.verbs.score import leaf_weights


@dataclass(frozen=True)
class Reach:
    """The best grade number within a box (0: none), and whether all of the box has it."""

    grade: int
    still: bool = False


def touches(item: Indicator, box: Box) -> bool:
    """Return whether an item uses one of the facts of a box."""
    return not read_of(item).isdisjoint(box)


class Replay:
    """One subject of an outcome among its group."""

    def __init__(self, outcome: Outcome, subject: str, grades: Grades) -> None:
        """Read the group of a subject in scope. Raises EngineError for methods not known here."""
        check_known(outcome.scheme)
        self.scheme, self.grades = outcome.scheme, grades
        self.result, self.unit = outcome.row(subject) or {}, Unit(outcome, subject)
        self.group = self.scheme.group(self.result["group"])
        number = self.scheme.groups.index(self.group) + 1
        self.row, self.own = self.unit.row, self.unit.own
        leaves = self.group.root.leaves()
        found = {leaf.code: self.scheme.indicators[leaf.code] for leaf in leaves}
        self.items = {code: self.group.item(item) for code, item in found.items()}
        weights = {c: dict(leaf_weights(self.scheme, c))[number] for c in self.items}
        self.peers = peers_of(outcome, self.group.code, subject)
        self.replays = {
            c: ItemReplay(self.scheme, self.group.code, item, weights[c], self.peers.items[c])
            for c, item in self.items.items()
        }
        self._outs = {
            c: found.out for c, found in self.peers.items.items() if found.out is not None
        }
        self.place = Place(outcome, self.row, self.group)
        self._rules = [(rule, Asked.of(rule.when, self.row)) for rule in self.scheme.adjustments]
        self._lines = [(line, Asked.of(line.when, self.row)) for line in self.scheme.points]
        self._check()

    def _check(self) -> None:
        """Make sure that the facts as they are give the grade of the outcome."""
        grade = self.result["grade"]
        number = self.grades.order.index(grade) + 1 if grade else 0
        every = {c: s for c, s in self.own.spans.items() if self.own.states[c] is State.VALUE}
        if {self.reach({}).grade, self.reach(every).grade} != {number}:
            raise EngineError(f"“{self.result['subject']}”：复算的档次与评价结果不符。")

    def reach(self, box: Box) -> Reach:
        """Return the best grade for facts within the box."""
        try:
            return self._reach(box)
        except Unsure:
            return Reach(1)
        except Beyond:
            return Reach(0, True)

    def stays(self, box: Box) -> bool:
        """Return whether the subject is in scope, in its unit and group for facts at one place."""
        try:
            return self.unit.here(box) and self.place.here(self.unit.moved(box), box)
        except Beyond:
            return True

    def _reach(self, box: Box) -> Reach:
        if not self.unit.here(box):
            return Reach(0, True)
        row = self.unit.moved(box)
        if not self.place.here(row, box):
            return Reach(0, True)
        rules = [rule for rule, asked in self._rules if asked.holds(row, box)]
        lacks = {code: self._lack(row, item, box) for code, item in self.items.items()}
        ways = {code: self._treatment(code, lack) for code, lack in lacks.items()}
        if "refuse" in ways.values():
            raise Beyond
        if "not_graded" in ways.values() or set(ways.values()) == {"reweigh"}:
            return Reach(adjusted(self.grades, 0, rules), True)
        scored = {code: self._scored(row, code, lack, box) for code, lack in lacks.items()}
        return self._graded(row, scored, rules, self._points(row, box))

    def full(self, box: Box, top: bool = True) -> Reach:
        """Return grade 1 where all that the box touches may have full marks, else 0.

        Touched are items, and lines of points that read a fact of the box. With `top` it is enough
        to be the benchmark.
        """
        touched = [code for code, item in self.items.items() if touches(item, box)]
        try:
            row = self.unit.moved(box)
            lacks = {code: self._lack(row, self.items[code], box) for code in touched}
            found = {c: self._scored(row, c, 0, box) for c, lack in lacks.items() if not lack}
            may = bool(found) and self._points_full(row, box)
            may = may and all(self._is_full(row, c, one, top) for c, one in found.items())
        except Unsure:
            return Reach(1)
        except Beyond:
            return Reach(0, True)
        return Reach(int(may), all(scored.still for scored in found.values()))

    def _is_full(self, row: Row, code: str, scored: Scored, top: bool) -> bool:
        replay = self.replays[code]
        if top and scored.value is not None and replay.at_top(row, scored.value):
            return True
        return scored.own.hi >= replay.best()

    # ---- items -------------------------------------------------------------------------------

    def _lack(self, row: Row, item: Indicator, box: Box) -> int:
        found = row.lack(item)
        if found is None:
            raise Unsure
        return found

    def _treatment(self, code: str, lack: int) -> str:
        return self.items[code].absent[LACKS[lack - 1]] if lack else ""

    def _scored(self, row: Row, code: str, lack: int, box: Box) -> Scored:
        item, treatment = self.items[code], self._treatment(code, lack)
        if not touches(item, box):
            score, value = self.result[f"{code}__score"] or 0, self.result[f"{code}__value"]
            known = None if value is None else Range(value, value)
            others = self.peers.items[code].scores
            return Scored(Range(score, score), known, others, out=treatment == "reweigh")
        value = None if lack else self._value(row, item)
        return self.replays[code].scored(row, value, treatment)

    def _value(self, row: Row, item: Indicator) -> Range:
        """Return what the item measures. Raises Beyond where an evaluation would overflow."""
        scale = item.factor * 10 ** self.scheme.digits["value"]
        numerator = row.numerator(item)
        above = numerator.arith("*", Range(scale.numerator, scale.numerator))
        below = row.denominator(item).arith("*", Range(scale.denominator, scale.denominator))
        found = above.over(below)
        if max(numerator.lo, found.lo) > INT64_MAX:
            raise Beyond
        return Range(max(found.lo, -INT64_MAX), min(found.hi, INT64_MAX))

    def value_at(self, code: str, box: Box) -> int | None:
        """Return the value of an item for facts at one place; None where it has none."""
        row, item = self.unit.moved(box), self.items[code]
        return None if row.lack(item) else self._value(row, item).lo

    # ---- points ------------------------------------------------------------------------------

    def _points(self, row: Row, box: Box) -> dict[str, Range]:
        """Return what every line gives by itself. Raises Unsure."""
        return {
            line.code: line_given(self.scheme, line, row, asked.holds(row, box))
            for line, asked in self._lines
        }

    def _points_full(self, row: Row, box: Box) -> bool:
        """Return whether every line that reads a fact of the box may give all that it can."""
        for line, asked in self._lines:
            facts = set(line.events.facts() if line.events else ())
            facts |= asked.names
            if facts.isdisjoint(box):
                continue
            given = line_given(self.scheme, line, row, asked.holds(row, box))
            most = most_given(self.scheme, line, row)
            if most is None or given.hi < most:
                return False
        return True

    # ---- places ------------------------------------------------------------------------------

    def _graded(
        self,
        row: Row,
        scored: Mapping[str, Scored],
        rules: Sequence[Adjustment],
        given: Mapping[str, Range],
    ) -> Reach:
        own = {code: wide([found.own.lo, found.own.hi]) for code, found in scored.items()}
        out = {code: np.array([True, True]) for code, found in scored.items() if found.out}
        base = totals(self.scheme, self.group.root, own, out)
        total = total_within(self.scheme, Range(int(base[0]), int(base[1])), given)
        keys = self._keys(row, scored)
        still = all(found.still for found in scored.values()) and total.lo == total.hi
        mine = standing(self.scheme, total.hi)
        if self.grades.kind.name == "thresholds":
            original = by_threshold(self.scheme, self.grades, mine)
        else:
            in_base = all(rule.uses_quota for rule in rules)
            others = {code: found.others for code, found in scored.items()}
            ahead = self._ahead(mine, [key.hi for key in keys], others)
            places = len(self.peers.counted) + in_base
            met = lines_met(self.scheme, self.grades, mine)
            original = by_place(self.grades, ahead, places, met)
        still = still and all(key.lo == key.hi for key in keys)
        return Reach(adjusted(self.grades, original, rules), still)

    def _keys(self, row: Row, scored: Mapping[str, Scored]) -> list[Range]:
        """Return the subject's tie keys, where ties are broken."""
        if not self.grades.is_strict():
            return []
        unknown, made = Range(UNKNOWN, UNKNOWN), []
        for key in self.scheme.ties:
            if key.total is not None:
                made.append(row.sum(key.total.terms) or unknown)
            else:
                found = scored[key.name].value if key.name in scored else None
                made.append(found or unknown)
        return made

    def _ahead(self, mine: int, keys: list[int], others: Mapping[str, Column]) -> int:
        """Return how many of those who take up a place are certainly before the subject."""
        counted = self.peers.counted
        if not len(counted):
            return 0
        kept = {code: scores[counted] for code, scores in others.items()}
        found = self._standings(kept, mine)
        before = np.count_nonzero(found > mine)
        if self.grades.is_strict():
            before += self._ahead_in_ties(np.flatnonzero(found == mine), keys)
        return int(before)

    def _standings(self, kept: Mapping[str, Column], mine: int) -> Column:
        """Return the standings of those who take up a place, or what is as far from `mine`."""
        counted, root = self.peers.counted, self.group.root
        out = {code: mask[counted] for code, mask in self._outs.items()}
        if out or not bounded(root):
            return self._standing(totals(self.scheme, root, kept, out), counted)
        codes = [inner.code for inner in root.parts]
        was = [self.peers.items[code].scores[counted] for code in codes]
        now = [kept[code] for code in codes]
        low, high = (
            self._standing(bound, counted)
            for bound in bounds(root, was, now, self.peers.base[counted])
        )
        found = np.where(low > mine, low, high).astype(object)
        unsure = np.flatnonzero((low <= mine) & (high >= mine) & (low != high))
        some = {code: scores[unsure] for code, scores in kept.items()}
        found[unsure] = self._standing(totals(self.scheme, root, some, {}), counted[unsure])
        return found

    def _standing(self, found: Column, places: Column) -> Column:
        """Return totals with their points, as they are ranked."""
        coarse = 10 ** (self.scheme.digits["score"] - standing_digits(self.scheme))
        given = {code: points[places] for code, points in self.peers.given.items()}
        found = totals_after(self.scheme, found, given)
        return found if coarse == 1 else rounded(found, coarse)

    def _ahead_in_ties(self, places: Column, keys: list[int]) -> int:
        before = 0
        for place in self.peers.counted[places].tolist():
            theirs = [int(key[place]) for key in self.peers.ties]
            subject = self.peers.subjects[place]
            before += theirs > keys or (theirs == keys and subject < self.result["subject"])
        return before
