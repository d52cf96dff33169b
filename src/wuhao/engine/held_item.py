"""One item of a whole group in two outcomes: the facts of the later one, scored against what the
earlier one or the later one compares with, absent values filled as in the one or the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from wuhao.engine import crowd, score_columns
from wuhao.engine.columns import Column, added
from wuhao.engine.exact import div
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.peers import Measured
from wuhao.engine.replay_item import Frame, ItemReplay


@dataclass(frozen=True)
class Stage:
    """An item of a group in one outcome."""

    item: Indicator
    subjects: Sequence[str]
    measured: Measured
    bench: int | None

    def stand_in(self, rule: str) -> int | None:
        """Return the mean or the median of the values; None where nobody has one."""
        if rule == "group_mean_value":
            return crowd.mean(self.measured.ordered, self.measured.total, None)
        return crowd.median(self.measured.ordered, None)

    @property
    def average(self) -> int:
        """Return the average score of those who have a value."""
        scores = self.measured.scores[self.measured.valued]
        return div(added(scores), len(scores)) if len(scores) else 0

    @property
    def extremes(self) -> tuple[int, int]:
        """Return the least and the greatest value, the same where there is none."""
        found = self.measured.crowd.values
        return (int(found[0]), int(found[-1])) if len(found) else (0, 0)

    @cached_property
    def used(self) -> dict[str, int]:
        """Return the value of every member that is scored, its own or what stands in for it."""
        found: dict[str, int] = {}
        for rule, places in self.stood_in().items():
            value = self.stand_in(rule)
            if value is not None:
                found |= {self.subjects[at]: value for at in places.tolist()}
        valued = zip(self.measured.valued.tolist(), self.measured.values.tolist(), strict=True)
        return found | {self.subjects[at]: value for at, value in valued}

    def stood_in(self) -> dict[str, Column]:
        """Return for whom the mean and the median value stand in."""
        places = (self.measured.means, self.measured.medians)
        return dict(zip(crowd.STAND_INS, places, strict=True))

    @cached_property
    def everyone(self) -> Column:
        """Return all values that take a place, in order."""
        values = [self.measured.crowd.used]
        for rule, places in self.stood_in().items():
            value = self.stand_in(rule)
            if value is not None:
                values.append(np.full(len(places), value, dtype=np.int64))
        return crowd.ordered(np.concatenate(values))


@dataclass(frozen=True)
class HeldItem:
    """An item in the outcome before and in the one after."""

    item: Indicator
    full: Fraction
    stages: tuple[Stage, ...]
    scheme: Scheme

    def scores(self, compared: int, stood_in: int) -> Column:
        """Return the scores of the members of after, each stage 0 (before) or 1 (after)."""
        now, frame, other = self.stages[1], self.stages[compared], self.stages[stood_in]
        measured = now.measured
        found = np.zeros(len(measured.scores), dtype=object)
        values = (measured.valued, measured.values, measured.grown)
        found[measured.valued] = self._earned(*values, frame)
        for rule, places in now.stood_in().items():
            value = other.stand_in(rule)
            if len(places) and value is not None and "target" not in self.item.reads:
                found[places] = self._stood_in(places, value, frame)
        found[measured.averaged] = other.average
        return found

    def _earned(self, places: Column, values: Column, grown: Column, frame: Stage) -> Column:
        """Return the scores of values against what a stage compares with."""
        if not score_columns.moves(self.item):
            return np.asarray(self.stages[1].measured.scores[places])
        scheme, item, full = self.scheme, self.item, self.full
        if item.score.name == "min_max":
            return score_columns.between(scheme, item, full, values, *frame.extremes)
        if score_columns.extreme(item):
            held = frame.measured.crowd.values
            at = 0 if score_columns.extreme(item) == "lowest" else -1
            ideal = int(held[at]) if len(held) else values
            return score_columns.near(scheme, item, full, values, ideal)
        if item.score.name == "rank_steps":
            ahead = self._ahead(places, values, frame)
            return score_columns.by_rank(scheme, item, full, ahead)
        if frame.bench is None:
            return np.zeros(len(values), dtype=np.int64)
        return score_columns.compared(scheme, item, full, values, frame.bench, grown)

    def _stood_in(self, places: Column, value: int, frame: Stage) -> Column:
        """Return the scores for what stands in, against what a stage compares with."""
        if score_columns.moves(self.item):
            values = np.full(len(places), value, dtype=np.int64)
            return self._earned(places, values, np.zeros_like(values), frame)
        measured = self.stages[1].measured
        replay = ItemReplay(self.scheme, "", self.item, self.full, measured)
        return np.full(len(places), replay.single(value, Frame()), dtype=object)

    def _ahead(self, places: Column, values: Column, frame: Stage) -> Column:
        """Return how many of a stage, oneself apart, are better than values."""
        falls, everyone = score_columns.falls(self.item), frame.everyone
        if falls:
            found = np.searchsorted(everyone, values, "left")
        else:
            found = len(everyone) - np.searchsorted(everyone, values, "right")
        subjects = self.stages[1].subjects
        mine = [frame.used.get(subjects[at], v) for at, v in zip(places, values, strict=True)]
        own = np.array(mine, dtype=np.int64)
        return np.asarray(found - (own < values if falls else own > values))
