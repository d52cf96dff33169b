"""One item again, for the subject and for the others of its group, its value somewhere in a range.

What the others are compared with moves with the subject's own value: benchmark, extremes, places,
stand-ins. Each runs one way, so the end of the range at which the others get least is known for
every score; for a single value it is what they get.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np

from wuhao.engine import crowd, score_columns
from wuhao.engine.benchmarks_again import BENCHMARKS, BY_ORDER, Unsure, before
from wuhao.engine.bounds import Range
from wuhao.engine.columns import Column, added, points, wide
from wuhao.engine.exact import div, quantise
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.peers import Measured
from wuhao.engine.ratios import growth_of, most_of, ratio_in, ratio_of
from wuhao.engine.row import Row

NOWHERE = Range(0, 0)


@dataclass(frozen=True)
class Scored:
    """An item within a box: what the subject earns, its value, what the others earn at least."""

    own: Range
    value: Range | None
    others: Column
    still: bool = True
    out: bool = False  # the subject leaves the item out


@dataclass(frozen=True)
class Frame:
    """What a value is scored against: a benchmark, extremes, the values that stand beside it."""

    bench: int | None = None
    low: int | None = None
    high: int | None = None
    ideal: int | None = None
    before: int | None = None  # the subject's number of last year
    rival: int | None = None  # the subject's value, where places are counted
    mean: int | None = None  # what stands in for others, where places are counted
    median: int | None = None


class ItemReplay:
    """An item of the subject's group."""

    def __init__(
        self, scheme: Scheme, group: str, item: Indicator, full: Fraction, peers: Measured
    ) -> None:
        """Take the others' part; `full` is what a ratio of one is worth."""
        self.scheme, self.group, self.item = scheme, group, item
        self.full, self.peers = full, peers
        self.falls = score_columns.falls(item)
        self.ranks = item.score.name == "rank_steps"
        self.extreme = score_columns.extreme(item)
        self.spreads = item.score.name == "min_max" or bool(self.extreme)
        self.earned = lru_cache(maxsize=128)(self._earned)

    def scored(self, row: Row, value: Range | None, treatment: str) -> Scored:
        """Return the scores for a value; without one by the treatment. Raises Unsure."""
        bench = None
        if self.item.benchmark.name != "none":
            mine = value if self.counts(row) else None
            bench = BENCHMARKS[self.item.benchmark.name](self, row, mine)
            if bench is None and not self._targeted():
                nothing = np.zeros(len(self.peers.scores), dtype=np.int64)
                return Scored(NOWHERE, value, nothing, out=treatment == "reweigh")
        past = None if value is None else before(self, row)
        return self._against(value, bench, past, treatment)

    def _against(
        self, value: Range | None, bench: Range | None, past: Range | None, treatment: str
    ) -> Scored:
        stand_ins = {rule: self._stand_in(rule, value) for rule in crowd.STAND_INS}
        used = stand_ins.get(treatment) if value is None else value
        worst, best = (self._frame(used, bench, stand_ins, end) for end in (False, True))
        own = NOWHERE
        if treatment == "group_average":
            scores, total = self.earned(worst)
            mean = div(total, len(scores)) if len(scores) else 0
            own = Range(mean, mean)
        elif used is not None and not (bench is None and self._targeted()):
            own = self._own(used, bench, past, stand_ins)
        earns = value is not None and not (bench is None and self._targeted())
        others = self._others(worst, stand_ins, own.lo if earns else None)
        still = own.lo == own.hi and worst == best
        return Scored(own, value, others, still, treatment == "reweigh")

    def counts(self, row: Row) -> bool:
        """Return whether the subject is one of whom the benchmark is taken. Raises Unsure."""
        found = True if self.item.among is None else row.holds(self.item.among)
        if found is None:
            raise Unsure
        return found

    def _targeted(self) -> bool:
        return "target" in self.item.reads

    def best(self) -> int:
        """Return full marks."""
        ratio = quantise(Fraction(most_of(self.item.score)), self.scheme.digits["ratio"])
        return self._worth(ratio)

    def at_top(self, row: Row, value: Range) -> bool:
        """Return whether a greater value than one in the range would only push the benchmark up.

        Raises Unsure.
        """
        kind, found = self.item.benchmark, self.peers.crowd
        if kind.name not in BY_ORDER or self.falls or self.item.score.name == "level_growth":
            return False
        if not self.counts(row):
            return False
        n = len(found.values) + 1
        return crowd.places_of(kind, n)[0] == n - 1 and value.hi >= found.highest(value.hi)

    # ---- what a value is scored against --------------------------------------------------------

    def _stand_in(self, rule: str, value: Range | None) -> Range | None:
        """Return the mean or the median of the group's values; None where nobody has one."""
        if rule not in self.item.absent.values():
            return None
        peers = self.peers
        found = [
            crowd.mean(peers.ordered, peers.total, own)
            if rule == "group_mean_value"
            else crowd.median(peers.ordered, own)
            for own in ((value.lo, value.hi) if value else (None, None))
        ]
        low, high = found
        return None if low is None or high is None else Range(low, high)

    def _frame(
        self,
        used: Range | None,
        bench: Range | None,
        stand_ins: dict[str, Range | None],
        best: bool,
    ) -> Frame:
        """Return what the others are scored against, at the end that is worst or best for them."""
        name, frame = self.item.score.name, Frame()
        if name in score_columns.COMPARED and bench is not None and not self._targeted():
            return Frame(bench=bench.lo if best != self.falls else bench.hi)
        if self.spreads:
            end = None if used is None else used.lo if best != self.falls else used.hi
            return self._between(end)
        if self.ranks:
            rivals = [
                None if span is None else self._end(span, not best)
                for span in (used, *(self._rival(stand_ins, rule) for rule in crowd.STAND_INS))
            ]
            frame = Frame(rival=self._plain(rivals[0]), mean=rivals[1], median=rivals[2])
        return frame

    def _between(self, own: int | None) -> Frame:
        """Return the extremes with the subject's value among them, or the ideal one of them."""
        found = self.peers.crowd
        if own is None:
            own = int(found.values[0]) if len(found.values) else 0
        low, high = found.lowest(own), found.highest(own)
        if self.extreme:
            return Frame(ideal=high if self.extreme == "highest" else low)
        return Frame(low=low, high=high)

    def _rival(self, stand_ins: dict[str, Range | None], rule: str) -> Range | None:
        """Return what stands in for some of the others, where it does for any."""
        places = self.peers.means if rule == "group_mean_value" else self.peers.medians
        return stand_ins[rule] if len(places) else None

    def _end(self, span: Range, best: bool) -> int:
        """Return the better or the worse end of values."""
        return span.hi if best != self.falls else span.lo

    def _plain(self, rival: int | None) -> int | None:
        """Return the worst value that is better than the same of the others."""
        used = self.peers.crowd.used
        if rival is None or len(self.peers.means) or len(self.peers.medians) or not len(used):
            return rival
        if self.falls:
            at = int(np.searchsorted(used, rival, "right"))
            return int(used[at]) - 1 if at < len(used) else int(used[-1])
        at = int(np.searchsorted(used, rival, "left"))
        return int(used[at - 1]) + 1 if at else int(used[0])

    # ---- scores ------------------------------------------------------------------------------

    def _worth(self, ratio: int) -> int:
        return int(points(self.scheme, self.full, wide([ratio]))[0])

    def single(self, value: int, frame: Frame) -> int:
        """Return the score of one value, as it is explained."""
        code = self.item.code
        if frame.low is not None and frame.high is not None:
            value = min(max(value, frame.low), frame.high)
        row = {
            f"{code}__value": value,
            f"{code}__benchmark": frame.bench,
            f"{code}__ideal": self.ideal() if frame.ideal is None else frame.ideal,
            **self._level_and_growth(value, frame),
            f"{code}__lowest": frame.low,
            f"{code}__highest": frame.high,
            f"{code}__rank": self._rank(value, frame) if self.ranks else None,
        }
        return self._worth(ratio_in(self.scheme, self.item, row) or 0)

    def _level_and_growth(self, value: int, frame: Frame) -> dict[str, int | None]:
        scheme, item = self.scheme, self.item
        if item.score.name != "level_growth":
            return {}
        level = ratio_of(scheme, item, value, frame.bench)
        growth = growth_of(scheme, item, value, frame.before)
        return {f"{item.code}__level": level, f"{item.code}__growth": growth}

    def ideal(self) -> int | None:
        """Return the ideal value that the scheme states; None where it states none."""
        stated = self.item.score.params.get("ideal")
        digits = self.scheme.digits["value"]
        return quantise(Fraction(stated), digits) if isinstance(stated, Decimal) else None

    def _rank(self, value: int, frame: Frame) -> int:
        found = 1 + self.peers.crowd.ahead(value, self.falls)
        for rival, n in self._rivals(frame):
            found += n * (rival < value if self.falls else rival > value)
        return found

    def _rivals(self, frame: Frame) -> list[tuple[int, int]]:
        """Return the values beside those that stay as they are, and how often each is there."""
        sizes = (1, len(self.peers.means), len(self.peers.medians))
        values = (frame.rival, frame.mean, frame.median)
        return [(v, n) for v, n in zip(values, sizes, strict=True) if v is not None]

    def _own(
        self,
        used: Range,
        bench: Range | None,
        past: Range | None,
        stand_ins: dict[str, Range | None],
    ) -> Range:
        """Return what the subject earns for values within a range."""
        if self._bends():
            return self._bent(used)
        ends = []
        for best in (False, True):
            value = self._end(used, best)
            frame = Frame()
            if bench is not None:
                frame = Frame(bench=bench.lo if best != self.falls else bench.hi)
                if past is not None:
                    frame = replace(frame, before=past.lo if best else past.hi)
            elif self.spreads:
                frame = self._between(value)
            elif self.ranks:
                mean, median = (
                    None if span is None else self._end(span, not best)
                    for span in (self._rival(stand_ins, rule) for rule in crowd.STAND_INS)
                )
                frame = Frame(mean=mean, median=median)
            ends.append(self.single(value, frame))
        return Range(*ends)

    def _bends(self) -> bool:
        """Return whether a score both rises and falls with the value, whatever the others have."""
        return self.item.score.name == "interval" or self.ideal() is not None

    def _bent(self, used: Range) -> Range:
        """Return the bounds of a score where it bends: a table's shares, what is near an ideal."""
        digits, ideal = self.scheme.digits["value"], self.ideal()
        table = self.item.score.params.get("table", ())
        bounds = [quantise(Fraction(b), digits) for b in table] if ideal is None else [ideal]
        inside = [bound for bound in bounds if used.lo < bound <= used.hi]
        found = [self.single(value, Frame()) for value in (used.lo, *inside, used.hi)]
        return Range(min(found), max(found))

    def _earned(self, frame: Frame) -> tuple[Column, int]:
        """Return the scores of the others who have a value, against a frame, and their sum."""
        peers, name = self.peers, self.item.score.name
        scheme, item, full = self.scheme, self.item, self.full
        if frame.bench is not None:
            scores = score_columns.compared(
                scheme, item, full, peers.values, frame.bench, peers.grown
            )
        elif name == "min_max" and frame.low is not None and frame.high is not None:
            scores = score_columns.between(scheme, item, full, peers.values, frame.low, frame.high)
        elif frame.ideal is not None:
            scores = score_columns.near(scheme, item, full, peers.values, frame.ideal)
        elif self.ranks:
            scores = score_columns.by_rank(scheme, item, full, self._ahead(frame))
        else:
            scores = peers.scores[peers.valued]
        return scores, added(scores)

    def _ahead(self, frame: Frame) -> Column:
        """Return how many are better than each of the others who have a value."""
        values, used = self.peers.values, self.peers.crowd.used
        if self.falls:
            found = np.searchsorted(used, values, "left")
        else:
            found = len(used) - np.searchsorted(used, values, "right")
        for rival, n in self._rivals(frame):
            found = found + n * (values > rival if self.falls else values < rival)
        return np.asarray(found)

    def _others(self, frame: Frame, stand_ins: dict[str, Range | None], own: int | None) -> Column:
        """Return the scores of all others; `own` is what the subject earns by a value."""
        peers = self.peers
        scores, total = self.earned(frame)
        found = np.zeros(len(peers.scores), dtype=scores.dtype)
        found[peers.valued] = scores
        beside = {
            "group_mean_value": (peers.means, replace(frame, mean=None)),
            "group_median_value": (peers.medians, replace(frame, median=None)),
        }
        for rule, (places, against) in beside.items():
            span = stand_ins[rule]
            if len(places) and span is not None and not self._targeted():
                found[places] = self._lowest(span, against)
        if len(peers.averaged):
            n = len(scores) + (own is not None)
            found[peers.averaged] = div(total + (own or 0), n) if n else 0
        return found

    def _lowest(self, span: Range, frame: Frame) -> int:
        if self._bends():
            return self._bent(span).lo
        return self.single(self._end(span, False), frame)
