"""Replay: the grade of one subject under changed facts, everybody else's facts as they are.

What the scheme computes of the group is computed again exactly (benchmarks, average scores, the
totals of the others, places, quotas), but only for the subject's group and only for the items that
the changed facts touch. Facts may be given as ranges; then the answer is a bound: no change within
the ranges gives a better grade. For a single value it is the grade that `evaluate` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from wuhao.engine.bounds import Range
from wuhao.engine.columns import (
    AGGREGATES,
    Column,
    added,
    points,
    ratio_scores,
    scaled,
    totals,
    wide,
)
from wuhao.engine.exact import INT64_MAX, div, quantise
from wuhao.engine.expression import Condition, condition_names
from wuhao.engine.facts import State
from wuhao.engine.findings import EngineError
from wuhao.engine.grading import adjusted, by_place, by_threshold, standing, standing_digits
from wuhao.engine.model import LACKS, Adjustment, Grades, Indicator, Scheme
from wuhao.engine.outcome import Outcome
from wuhao.engine.peers import UNKNOWN, peers_of
from wuhao.engine.ratios import ratio_of
from wuhao.engine.row import Row, facts_of
from wuhao.engine.structure import refuse_structure
from wuhao.engine.verbs.score import leaf_weights

Box = Mapping[str, Range]


@dataclass(frozen=True)
class Reach:
    """The best grade number within a box (0: none), and whether all of the box has it."""

    grade: int
    still: bool = False


@dataclass(frozen=True)
class Scored:
    """An item within a box: what the subject earns, its value, what the others earn at least."""

    own: Range
    value: Range | None
    others: Column
    still: bool = True


class Unsure(Exception):
    """The answer is not the same for the whole box: it has to be divided."""


class Beyond(Exception):
    """Somewhere before the box numbers leave 64 bits, where an evaluation ends with an error."""


@dataclass(frozen=True)
class Asked:
    """A condition, the names it speaks of, and its answer for the facts as they are."""

    when: Condition
    names: frozenset[str]
    now: bool

    @staticmethod
    def of(when: Condition, row: Row) -> Asked:
        """Answer a condition for the facts as they are."""
        return Asked(when, frozenset(condition_names(when)), bool(row.holds(when)))

    def holds(self, row: Row, box: Box) -> bool:
        """Return whether it holds. Raises Unsure when that depends on the place in the box."""
        if self.names.isdisjoint(box):
            return self.now
        found = row.holds(self.when)
        if found is None:
            raise Unsure
        return found


def touches(item: Indicator, box: Box) -> bool:
    """Return whether an item uses one of the facts of a box."""
    return not set(facts_of(item)).isdisjoint(box)


class Replay:
    """One subject of an outcome among its group."""

    def __init__(self, outcome: Outcome, subject: str, grades: Grades) -> None:
        """Read the group of a subject in scope. Raises EngineError for methods not known here."""
        check_known(outcome.scheme)
        if outcome.scheme.points:
            codes = "、".join(line.code for line in outcome.scheme.points)
            raise EngineError(f"方案有加减分（{codes}），这里还不会复算。")
        self.scheme, self.grades = outcome.scheme, grades
        self.result, facts = outcome.row(subject) or {}, outcome.facts_row(subject) or {}
        self.group = self.scheme.group(self.result["group"])
        number = self.scheme.groups.index(self.group) + 1
        self.row = Row.of(self.scheme, facts)
        leaves = self.group.root.leaves()
        self.items = {leaf.code: self.scheme.indicators[leaf.code] for leaf in leaves}
        self.weights = {c: dict(leaf_weights(self.scheme, c))[number] for c in self.items}
        self.peers = peers_of(outcome, self.group.code, subject)
        self._exclusions = [Asked.of(rule.when, self.row) for rule in self.scheme.exclusions]
        self._groups = [
            None if group.when is None else Asked.of(group.when, self.row)
            for group in self.scheme.groups[:number]
        ]
        self._rules = [(rule, Asked.of(rule.when, self.row)) for rule in self.scheme.adjustments]
        self.earned = lru_cache(maxsize=128)(self._earned)
        self._check()

    def _check(self) -> None:
        """Make sure that the facts as they are give the grade of the outcome."""
        grade = self.result["grade"]
        number = self.grades.order.index(grade) + 1 if grade else 0
        every = {c: s for c, s in self.row.spans.items() if self.row.states[c] is State.VALUE}
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

    def _reach(self, box: Box) -> Reach:
        row = self.row.moved(box)
        if not self._here(row, box):
            return Reach(0, True)
        rules = [rule for rule, asked in self._rules if asked.holds(row, box)]
        lacks = {code: self._lack(row, item, box) for code, item in self.items.items()}
        if "not_graded" in (self._treatment(code, lack) for code, lack in lacks.items()):
            return Reach(adjusted(self.grades, 0, rules), True)
        scored = {code: self._scored(row, code, lack, box) for code, lack in lacks.items()}
        return self._graded(row, scored, rules)

    def full(self, box: Box) -> Reach:
        """Return grade 1 where every item that the box touches may have full marks, else 0."""
        row = self.row.moved(box)
        touched = [code for code, item in self.items.items() if touches(item, box)]
        try:
            lacks = {code: self._lack(row, self.items[code], box) for code in touched}
            found = {c: self._scored(row, c, 0, box) for c, lack in lacks.items() if not lack}
        except Unsure:
            return Reach(1)
        except Beyond:
            return Reach(0, True)
        may = bool(found) and all(s.own.hi >= self._best(code) for code, s in found.items())
        return Reach(int(may), all(scored.still for scored in found.values()))

    def _best(self, code: str) -> int:
        """Return full marks of an item."""
        item, digits = self.items[code], self.scheme.digits["ratio"]
        most = Fraction(item.score.params["cap"]) if item.score.name == "ratio" else Fraction(1)
        return int(points(self.scheme, self.weights[code], wide([quantise(most, digits)]))[0])

    # ---- who the subject is ------------------------------------------------------------------

    def _here(self, row: Row, box: Box) -> bool:
        """Return whether the subject is in scope and in its group."""
        if any(asked.holds(row, box) for asked in self._exclusions):
            return False
        found = [asked is None or asked.holds(row, box) for asked in self._groups]
        return found[-1] and not any(found[:-1])

    def _lack(self, row: Row, item: Indicator, box: Box) -> int:
        found = row.lack(item)
        if found is None:
            raise Unsure
        return found

    def _treatment(self, code: str, lack: int) -> str:
        return self.items[code].absent[LACKS[lack - 1]] if lack else ""

    # ---- items -------------------------------------------------------------------------------

    def _scored(self, row: Row, code: str, lack: int, box: Box) -> Scored:
        item, peers = self.items[code], self.peers.items[code]
        if not touches(item, box):
            score, value = self.result[f"{code}__score"], self.result[f"{code}__value"]
            known = None if value is None else Range(value, value)
            return Scored(Range(score, score), known, peers.scores)
        value = None if lack else self._value(row, item)
        bench = BENCHMARKS[item.benchmark.name](self, row, item, value)
        if item.benchmark.name != "none" and bench is None:
            nothing = np.zeros(len(peers.scores), dtype=np.int64)
            return Scored(Range(0, 0), value, nothing)
        ends = bench or Range(0, 0)
        still = ends.lo == ends.hi
        if value is None:
            own = self._stand_in(code, lack, ends)
            return Scored(own, None, self._others(code, ends.hi, None), still)
        low, high = self._own(item, value.lo, ends.hi), self._own(item, value.hi, ends.lo)
        others = self._others(code, ends.hi, low)
        return Scored(Range(low, high), value, others, still and low == high)

    def _value(self, row: Row, item: Indicator) -> Range:
        """Return what the item measures. Raises Beyond where an evaluation would overflow."""
        scale = item.factor * 10 ** self.scheme.digits["value"]
        numerator = row.numerator(item)
        above = numerator.arith("*", Range(scale.numerator, scale.numerator))
        below = row.denominator(item).arith("*", Range(scale.denominator, scale.denominator))
        found = above.over(below)
        if max(numerator.lo, found.lo) > INT64_MAX:
            raise Beyond
        return found

    def value_at(self, code: str, box: Box) -> int | None:
        """Return the value of an item for facts at one place; None where it has none."""
        row, item = self.row.moved(box), self.items[code]
        return None if row.lack(item) else self._value(row, item).lo

    def _own(self, item: Indicator, value: int, bench: int) -> int:
        ratio = ratio_of(self.scheme, item, value, bench)
        return int(points(self.scheme, self.weights[item.code], wide([ratio or 0]))[0])

    def _earned(self, code: str, bench: int) -> tuple[Column, int]:
        """Return the scores of the others who have a value, against a benchmark, and their sum."""
        item, peers = self.items[code], self.peers.items[code]
        if item.benchmark.name == "none":
            scores = peers.scores[peers.valued]
        else:
            scores = ratio_scores(self.scheme, item, self.weights[code], peers.values, bench)
        return scores, added(scores)

    def _others(self, code: str, bench: int, own: int | None) -> Column:
        """Return the scores of all others; `own` is what the subject earns, if it has a value."""
        peers = self.peers.items[code]
        scores, total = self.earned(code, bench)
        found = np.zeros(len(peers.scores), dtype=scores.dtype)
        found[peers.valued] = scores
        if len(peers.takers):
            n = len(scores) + (own is not None)
            found[peers.takers] = div(total + (own or 0), n) if n else 0
        return found

    def _stand_in(self, code: str, lack: int, bench: Range) -> Range:
        """Return what stands in for the subject's score where it has no value."""
        if self._treatment(code, lack) == "zero":
            return Range(0, 0)
        sums = [self.earned(code, end) for end in (bench.hi, bench.lo)]
        low, high = (div(total, len(scores)) if len(scores) else 0 for scores, total in sums)
        return Range(low, high)

    # ---- places ------------------------------------------------------------------------------

    def _graded(self, row: Row, scored: Mapping[str, Scored], rules: Sequence[Adjustment]) -> Reach:
        own = {code: wide([found.own.lo, found.own.hi]) for code, found in scored.items()}
        low, high = (int(total) for total in totals(self.scheme, self.group.root, own))
        keys = self._keys(row, scored)
        still = all(found.still for found in scored.values()) and low == high
        mine = standing(self.scheme, high)
        if self.grades.kind.name == "thresholds":
            original = by_threshold(self.scheme, self.grades, mine)
        else:
            in_base = all(rule.uses_quota for rule in rules)
            others = {code: found.others for code, found in scored.items()}
            ahead = self._ahead(mine, [key.hi for key in keys], others)
            base = len(self.peers.counted) + in_base
            original = by_place(self.grades, ahead, base)
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
        found = totals(self.scheme, self.group.root, kept)
        coarse = 10 ** (self.scheme.digits["score"] - standing_digits(self.scheme))
        found = scaled(found, 1, coarse)
        before = np.count_nonzero(found > mine)
        if self.grades.is_strict():
            before += self._ahead_in_ties(np.flatnonzero(found == mine), keys)
        return int(before)

    def _ahead_in_ties(self, places: Column, keys: list[int]) -> int:
        before = 0
        for place in self.peers.counted[places].tolist():
            theirs = [int(key[place]) for key in self.peers.ties]
            subject = self.peers.subjects[place]
            before += theirs > keys or (theirs == keys and subject < self.result["subject"])
        return before


def _fixed(replay: Replay, row: Row, item: Indicator, value: Range | None) -> Range:
    stated = item.benchmark.params["value"]
    found = stated[replay.group.code] if isinstance(stated, dict) else stated
    quanta = quantise(Fraction(found), replay.scheme.digits["benchmark"])
    return Range(quanta, quanta)


def _total_over_total(
    replay: Replay, row: Row, item: Indicator, value: Range | None
) -> Range | None:
    peers = replay.peers.items[item.code]
    nums, dens = Range(peers.nums, peers.nums), Range(peers.dens, peers.dens)
    if value is not None:
        nums = nums.arith("+", row.numerator(item))
        dens = dens.arith("+", row.denominator(item))
    return _positive(replay.scheme, item, nums, dens, item.factor)


def _mean_of_values(replay: Replay, row: Row, item: Indicator, value: Range | None) -> Range | None:
    peers, n = replay.peers.items[item.code], len(replay.peers.items[item.code].valued)
    values = Range(peers.value_sum, peers.value_sum)
    if value is not None:
        values, n = values.arith("+", value), n + 1
    return _positive(
        replay.scheme, item, values, Range(n, n),
        Fraction(1, 10 ** replay.scheme.digits["value"]),
    )  # fmt: skip


def _positive(
    scheme: Scheme, item: Indicator, above: Range, below: Range, factor: Fraction
) -> Range | None:
    """Return a benchmark as a quotient, None where it is not positive. Raises Unsure.

    Every denominator and every count is positive, so `below` is, unless nobody has a value.
    """
    if below.hi <= 0:
        return None
    scale = factor * Fraction(item.benchmark.params["times"]) * 10 ** scheme.digits["benchmark"]
    top = above.arith("*", Range(scale.numerator, scale.numerator))
    under = below.arith("*", Range(scale.denominator, scale.denominator))
    found = top.over(under)
    if found.hi <= 0:
        return None
    if found.lo <= 0:
        raise Unsure
    return found


def _none(replay: Replay, row: Row, item: Indicator, value: Range | None) -> None:
    return None


BENCHMARKS: dict[str, Callable[[Replay, Row, Indicator, Range | None], Range | None]] = {
    "none": _none,
    "fixed": _fixed,
    "total_over_total": _total_over_total,
    "mean_of_values": _mean_of_values,
}
KNOWN = {
    "基准": set(BENCHMARKS),
    "计分": {"ratio", "goalposts"},
    "合成": set(AGGREGATES),
    "缺项处理": {"zero", "group_average", "not_graded"},
    "定档": {"shares", "thresholds"},
    "调整": {"lift", "cap", "veto"},
}


def _grading(grades: Grades) -> str:
    name, floors = grades.kind.name, grades.kind.params.get("at_least")
    return f"{name} 的 at_least" if floors and name != "thresholds" else name


def check_known(scheme: Scheme) -> None:
    """Refuse methods whose arithmetic is not known here. Raises EngineError."""
    refuse_structure(scheme)
    items = scheme.indicators.values()
    used = {
        "基准": {item.benchmark.name for item in items},
        "计分": {item.score.name for item in items},
        "合成": {b.kind for group in scheme.groups for b in group.root.branches()},
        "缺项处理": {how for item in items for how in item.absent.values()},
        "定档": {_grading(grades) for grades in scheme.gradings()},
        "调整": {rule.kind for rule in scheme.adjustments},
    }
    strange = [f"{what} {name}" for what in KNOWN for name in sorted(used[what] - KNOWN[what])]
    if strange:
        raise EngineError(f"方案用了这里还不会复算的方法：{'、'.join(strange)}。")
