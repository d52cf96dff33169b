"""The others of a group, as columns: what stays as it is when one subject's facts change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine.benchmarks_again import past_part
from wuhao.engine.columns import Column, column, wide
from wuhao.engine.crowd import Crowd, mean, median, ordered
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.expression import condition_names
from wuhao.engine.facts import State
from wuhao.engine.lines_again import line_given
from wuhao.engine.model import LACKS, Indicator, Points, Scheme, TieKey
from wuhao.engine.outcome import Outcome
from wuhao.engine.ratios import growth_of
from wuhao.engine.row import Row, reading
from wuhao.engine.verbs.measure import users
from wuhao.engine.verbs.populations import KEYS, key_of

UNKNOWN = -INT64_MAX
"""The tie key of an unknown value: behind every known one."""


@dataclass(frozen=True)
class Measured:
    """One item over the others: who has a value, what stands in for the rest, values, scores."""

    valued: Column  # places in the group of those scored by a value of their own
    values: Column  # of those valued
    grown: Column  # what growth on last year is worth, of those valued; zero without
    scores: Column  # of everybody, zero where there is none
    averaged: Column  # places of those who take the average score
    means: Column  # places of those who take the mean value
    medians: Column  # places of those who take the median value
    out: Column | None  # who leaves the item out; None where nobody does
    total: int  # of the values
    ordered: Column  # the values, in order
    crowd: Crowd  # of whom benchmark, extremes and ranks are taken


@dataclass(frozen=True)
class Peers:
    """The others of a group who are in scope, in key order."""

    subjects: list[str]
    items: dict[str, Measured]
    counted: Column  # places of those who are ranked and take up a place in the shares
    ties: list[Column]  # where ties are broken to the end
    given: dict[str, Column]  # what every line of points gives by itself, as in `lines_again`
    base: Column  # totals before points, zero where there is none


@dataclass(frozen=True)
class Members:
    """Results and facts of the members of a group who are in scope."""

    scheme: Scheme
    rows: pa.Table
    facts: pa.Table

    def stood_in(self, item: Indicator, rule: str) -> Column:
        """Return whose absent value is treated by a rule."""
        lacks = [lack for lack, how in item.absent.items() if how == rule]
        absent = ~_flags(pc.is_valid(self.rows.column(f"{item.code}__value")))
        found = self._noted(item, lacks) & absent
        lost = np.flatnonzero(self._noted(item, ["no_average"]) & absent)
        if len(lost) and rule in LOSABLE:
            found[lost] = [self._rule(item, at) == rule for at in lost.tolist()]
        return found

    def _noted(self, item: Indicator, notes: Sequence[str]) -> Column:
        wanted = pa.array(notes, pa.string())
        return _flags(pc.is_in(self.rows.column(f"{item.code}__note"), wanted))

    def _rule(self, item: Indicator, at: int) -> str:
        """Return how an absent value is treated whose note does not tell it any more."""
        rules = {how for how in item.absent.values() if how in LOSABLE}
        if len(rules) == 1:
            return rules.pop()
        lack = Row.of(self.scheme, self.facts.slice(at, 1).to_pylist()[0]).lack(item)
        return item.absent[LACKS[(lack or 1) - 1]]

    def places(self, item: Indicator, rule: str) -> Column:
        """Return the places of those whose absent value is treated by a rule."""
        return np.flatnonzero(self.stood_in(item, rule))

    def among(self, item: Indicator) -> Members:
        """Return those of whom the benchmark of an item is taken."""
        when = item.among
        if when is None:
            return self
        rows = self._read(condition_names(when))
        held = pa.array([bool(row.holds(when)) for row in rows], pa.bool_())
        return Members(self.scheme, self.rows.filter(held), self.facts.filter(held))

    def past(self, item: Indicator) -> tuple[int, int]:
        """Return last year's numbers of all together, above and below."""
        past = item.reads.get("past")
        parts = [past_part(past, row) for row in self._read(past.facts())] if past else []
        return sum(above.lo for above, _ in parts), sum(below.lo for _, below in parts)

    def _read(self, names: Iterable[str]) -> Iterator[Row]:
        """Read some columns of the facts, row by row."""
        facts = [[name, f"{name}__state"] for name in names if name in self.scheme.facts]
        texts = [name for name in names if name in self.scheme.attributes]
        table = self.facts.select([*texts, *(name for pair in facts for name in pair)])
        return (Row.of(self.scheme, row) for row in table.to_pylist())

    def kept(self, item: Indicator) -> pa.Table:
        """Return the results of those with a value."""
        return self.rows.filter(pc.is_valid(self.rows.column(f"{item.code}__value")))

    def used(self, item: Indicator) -> Column:
        """Return every value that is scored: one's own, or what stands in for it."""
        values = ordered(_filled(self.kept(item).column(f"{item.code}__value")))
        if not len(values):
            return values
        stand_ins = (
            (mean(values, added_up(values), None), "group_mean_value"),
            (median(values, None), "group_median_value"),
        )
        more = [np.full(len(self.places(item, rule)), v) for v, rule in stand_ins]
        return np.concatenate([values, *more]).astype(np.int64)


LOSABLE = ("group_average", "group_mean_value", "group_median_value")
"""Treatments whose note is `no_average` where nobody has a value."""


def peers_of(
    outcome: Outcome,
    group: str,
    subject: str | None = None,
    known: dict[str, Crowd] | None = None,
) -> Peers:
    """Read the members of a group in scope, without one of them.

    `known` keeps what is taken of many groups together, for who asks for one group after another.
    """
    scheme = outcome.scheme
    members = members_of(outcome, group, subject)
    codes = [leaf.code for leaf in scheme.group(group).root.leaves()]
    rows = members.rows
    counted = np.flatnonzero(_ranked(rows) & _in_base(scheme, rows))
    grades = scheme.grading(group)
    strict = grades is not None and grades.is_strict()
    ties = [_tie(scheme, key, rows, members.facts) for key in scheme.ties if strict]
    outside = cache(lambda code: members_of(outcome, code, None))
    items = {}
    for code in codes:
        item = scheme.group(group).item(scheme.indicators[code])
        others = [g for g in _groups_of(scheme, item) if g != group]
        shared = bool(others) and item.score.name != "rank_steps"
        crowd = known.get(code) if known is not None and shared else None
        if crowd is None:
            crowd = _crowd(item, members, [outside(g) for g in others])
        if known is not None and shared:
            known[code] = crowd
        items[code] = _measured(item, members, crowd)
    given = {line.code: _given(members, line) for line in scheme.points}
    base = _filled(rows.column("base_total" if scheme.points else "total"))
    names = rows.column("subject").to_pylist()
    return Peers(names, items, counted, ties, given, base)


def _given(members: Members, line: Points) -> Column:
    """Return what a line gives; points with a floor are not in the results by themselves."""
    if not line.hangs_on_total() or line.factor is not None:
        name = "points" if line.factor is None else "factor"
        return _filled(members.rows.column(f"{line.code}__{name}"))
    rows = (Row.of(members.scheme, row) for row in members.facts.to_pylist())
    held = ((row, line.when is None or bool(row.holds(line.when))) for row in rows)
    return column([line_given(members.scheme, line, row, yes).lo for row, yes in held])


def members_of(outcome: Outcome, group: str, without: str | None) -> Members:
    """Read the members of a group in scope."""
    results = outcome.results
    mine = pc.and_(pc.equal(results.column("group"), group), pc.is_null(results.column("excluded")))
    if without is not None:
        mine = pc.and_(mine, pc.not_equal(results.column("subject"), without))
    return Members(outcome.scheme, results.filter(mine), outcome.united_facts.filter(mine))


def _groups_of(scheme: Scheme, item: Indicator) -> list[str]:
    """Return the groups of whose members a number of many is taken, beside the subject's own."""
    kind = item.score if item.benchmark.name == "none" else item.benchmark
    return [scheme.groups[at - 1].code for at in users(scheme, item.code)] * (
        key_of(kind) == KEYS["all"]
    )


def _ranked(rows: pa.Table) -> Column:
    return _flags(pc.is_valid(rows.column("total")))


def _in_base(scheme: Scheme, rows: pa.Table) -> Column:
    outside = {rule.code for rule in scheme.adjustments if not rule.uses_quota}
    hits = [set((codes or "").split(",")) for codes in rows.column("adjustments").to_pylist()]
    return np.array([not (outside & hit) for hit in hits], dtype=bool)


def _flags(mask: pa.ChunkedArray) -> Column:
    return np.asarray(mask.combine_chunks().to_numpy(zero_copy_only=False), dtype=bool)


def _filled(values: pa.ChunkedArray, absent: int = 0) -> Column:
    """Return integers in 64 bits: results may hold them in fewer, where products do not fit."""
    filled = pc.fill_null(values.cast(pa.int64()), absent)
    return np.asarray(filled.combine_chunks().to_numpy(zero_copy_only=False))


def _measured(item: Indicator, members: Members, crowd: Crowd) -> Measured:
    rows, code = members.rows, item.code
    has_value = _flags(pc.is_valid(rows.column(f"{code}__value")))
    if "target" in item.reads:
        has_value &= _flags(pc.is_valid(rows.column(f"{code}__benchmark")))
    values = _filled(rows.column(f"{code}__value"))[has_value]
    out = members.stood_in(item, "reweigh")
    own = members.kept(item).column(f"{code}__value")
    return Measured(
        valued=np.flatnonzero(has_value),
        values=values,
        grown=_grown(members.scheme, item, rows.filter(pa.array(has_value)), values),
        scores=_filled(rows.column(f"{code}__score")),
        averaged=members.places(item, "group_average"),
        means=members.places(item, "group_mean_value"),
        medians=members.places(item, "group_median_value"),
        out=out if out.any() else None,
        total=_sum(own),
        ordered=ordered(_filled(own)),
        crowd=crowd,
    )


def _grown(scheme: Scheme, item: Indicator, rows: pa.Table, values: Column) -> Column:
    if item.score.name != "level_growth":
        return np.zeros(len(values), dtype=np.int64)
    previous = rows.column(f"{item.code}__previous").to_pylist()
    pairs = zip(values.tolist(), previous, strict=True)
    return column([growth_of(scheme, item, value, before) for value, before in pairs])


def _crowd(item: Indicator, members: Members, outside: Sequence[Members]) -> Crowd:
    counted = [part.among(item) for part in (members, *outside)]
    kept = [part.kept(item) for part in counted]
    past = [part.past(item) for part in counted]
    sums = {
        name: sum(_sum(rows.column(f"{item.code}__{name}")) for rows in kept)
        for name in ("num", "den", "value")
    }
    values = [_filled(rows.column(f"{item.code}__value")) for rows in kept]
    ranked = item.score.name == "rank_steps"
    used = [values[0], *(part.used(item) for part in outside)] if ranked else values
    return Crowd(
        sums["num"],
        sums["den"],
        sums["value"],
        ordered(np.concatenate(values)),
        ordered(np.concatenate(used)),
        sum(above for above, _ in past),
        sum(below for _, below in past),
    )


def added_up(values: Column) -> int:
    """Return the sum of values of either sign, however large."""
    return sum(values.tolist())


def _sum(values: pa.ChunkedArray) -> int:
    """Add up in 38 digits: a sum of many may not fit 64 bits."""
    return int(pc.sum(values.cast(pa.decimal128(38, 0)), min_count=0).as_py())


def _tie(scheme: Scheme, key: TieKey, rows: pa.Table, facts: pa.Table) -> Column:
    if key.total is None:
        return _filled(rows.column(f"{key.name}__value"), UNKNOWN)
    codes = key.total.facts()
    names = [name for code in codes for name in (code, f"{code}__state")]
    found = facts.select(names).to_pylist()
    return wide([tie_value(scheme, key, row) for row in found])


def tie_value(scheme: Scheme, key: TieKey, row: dict[str, Any]) -> int:
    """Return a quantity among the tie keys for a row of facts."""
    total = 0
    for names, coefficient in key.total.terms if key.total else ():
        product = coefficient
        for name in names:
            value = reading(scheme.facts[name], State(row[f"{name}__state"]), row[name])
            if value is None:
                return UNKNOWN
            product *= value
        total += product
    return total
