"""What subjects would have had if only their own facts had changed: what they are compared with,
what stands in for absent values, and the others held as they were in an earlier outcome."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wuhao.engine.columns import Column, totals
from wuhao.engine.crowd import Crowd
from wuhao.engine.findings import EngineError
from wuhao.engine.grading import adjusted, by_place, by_threshold, lines_met, standing
from wuhao.engine.held_item import HeldItem, Stage
from wuhao.engine.lines_again import totals_after
from wuhao.engine.model import Grades, Group, Scheme
from wuhao.engine.outcome import Outcome
from wuhao.engine.peers import Peers, peers_of
from wuhao.engine.verbs.score import leaf_weights

Known = tuple[dict[str, Crowd], dict[str, Crowd]]
"""What is taken of many groups together, before and after."""


@dataclass(frozen=True)
class Held:
    """One subject: its total with comparisons and stand-ins held, with stand-ins alone held, and
    its grade among the others as they were."""

    own: int
    benchmark: int
    grade: str | None


def held_totals(before: Outcome, after: Outcome) -> dict[str, Held]:
    """Return what the subjects of after would have had, both outcomes being by the same scheme.

    Groups that only one of them has made are left out: nobody has been in them both times.
    """
    found: dict[str, Held] = {}
    there = {group.code for group in after.scheme.groups}
    known: Known = ({}, {})
    for group in before.scheme.groups:
        if group.code in there:
            found |= Members(before, after, group, known).held()
    return found


class Members:
    """The members of a group in two outcomes by the same scheme."""

    def __init__(self, before: Outcome, after: Outcome, group: Group, known: Known) -> None:
        """Read the group in both."""
        self.scheme: Scheme = before.scheme
        self.group = group
        self.was, self.now = (
            peers_of(outcome, group.code, known=crowds)
            for outcome, crowds in zip((before, after), known, strict=True)
        )
        self.benchmarks = [o.benchmarks.get(group.code, {}) for o in (before, after)]
        number = self.scheme.groups.index(group) + 1
        self.items = {
            leaf.code: HeldItem(
                group.item(self.scheme.indicators[leaf.code]),
                dict(leaf_weights(self.scheme, leaf.code))[number],
                tuple(self._stage(leaf.code, at) for at in (0, 1)),
                self.scheme,
            )
            for leaf in group.root.leaves()
        }
        subjects = set(self.now.subjects)
        rows = after.results.select(["subject", "total", "grade", "adjustments"]).to_pylist()
        self.rows = [row for row in rows if row["subject"] in subjects]
        scores = {c: m.scores for c, m in self.was.items.items()}
        self.was_totals = self._totals(self.was, scores)

    def _stage(self, code: str, at: int) -> Stage:
        peers = (self.was, self.now)[at]
        bench = self.benchmarks[at].get(code)
        item = self.group.item(self.scheme.indicators[code])
        return Stage(item, peers.subjects, peers.items[code], bench)

    def held(self) -> dict[str, Held]:
        """Return the held totals and grades of those with a total."""
        if not self.rows:
            return {}
        own = self._with(0, 0)
        benchmark = self._with(1, 0)
        self._check(self._with(1, 1))
        grades = self._grades(own)
        return {
            row["subject"]: Held(int(own[at]), int(benchmark[at]), grades[at])
            for at, row in enumerate(self.rows)
            if row["total"] is not None
        }

    def _check(self, found: Column) -> None:
        """Make sure that nothing held gives the totals of the outcome after."""
        for row, total in zip(self.rows, found.tolist(), strict=True):
            if row["total"] not in (None, total):
                raise EngineError(f"“{row['subject']}”：复算的总分与评价结果不符。")

    def _totals(self, peers: Peers, scores: Mapping[str, Column]) -> Column:
        out = {c: m.out for c, m in peers.items.items() if m.out is not None}
        found = totals(self.scheme, self.group.root, scores, out)
        return totals_after(self.scheme, found, peers.given)

    def _with(self, compared: int, stood_in: int) -> Column:
        """Return the totals of the members of after, each part as it was before (0) or after (1):
        what they are compared with, and what stands in for absent ones."""
        scores = {code: item.scores(compared, stood_in) for code, item in self.items.items()}
        return self._totals(self.now, scores)

    # ---- grades ------------------------------------------------------------------------------

    def _grades(self, own: Column) -> list[str | None]:
        """Return the grades of held totals among the others as they were before."""
        grades = self.scheme.grading(self.group.code)
        if grades is None:
            return [None] * len(self.rows)
        keys = self._keys(self.was, self.was_totals)
        counted = {self.was.subjects[at] for at in self.was.counted.tolist()}
        places = sorted(key for key in keys if key[-1] in counted)
        old = {key[-1]: key for key in keys if key[-1] in counted}
        found = []
        for row, key in zip(self.rows, self._keys(self.now, own), strict=True):
            number = self._number(grades, row, key, places, old.get(row["subject"]))
            found.append(grades.order[number - 1] if number else None)
        return found

    def _keys(self, peers: Peers, found: Column) -> list[tuple[Any, ...]]:
        """Return what places are taken by: standing, tie keys, subject; the first is the best."""
        ties = [[-int(cell) for cell in column] for column in peers.ties]
        standings = [-standing(self.scheme, int(total)) for total in found]
        return list(zip(standings, *ties, peers.subjects, strict=True))

    def _number(
        self,
        grades: Grades,
        row: Mapping[str, Any],
        key: tuple[Any, ...],
        places: list[tuple[Any, ...]],
        old: tuple[Any, ...] | None,
    ) -> int:
        codes = (row["adjustments"] or "").split(",")
        rules = [rule for rule in self.scheme.adjustments if rule.code in codes]
        if row["total"] is None:
            return adjusted(grades, 0, rules)
        if grades.kind.name == "thresholds":
            return adjusted(grades, by_threshold(self.scheme, grades, -key[0]), rules)
        # Without ties to the end, equal standings share the best place among them.
        mine = key if grades.is_strict() else key[:1]
        ahead = bisect_left(places, mine) - (old is not None and old < mine)
        base = len(places) - (old is not None) + all(rule.uses_quota for rule in rules)
        met = lines_met(self.scheme, grades, -key[0])
        return adjusted(grades, by_place(grades, ahead, base, met), rules)
