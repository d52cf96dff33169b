"""The others of a group, as columns: what stays as it is when one subject's facts change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine.columns import Column, wide
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.facts import State
from wuhao.engine.model import Indicator, Scheme, TieKey
from wuhao.engine.outcome import Outcome
from wuhao.engine.row import reading

UNKNOWN = -INT64_MAX
"""The tie key of an unknown value: behind every known one."""


@dataclass(frozen=True)
class Measured:
    """One item over the others: who has a value, who takes the group's average, sums, scores."""

    valued: Column  # places in the group
    takers: Column
    values: Column  # of those valued
    scores: Column  # of everybody, zero where there is none
    nums: int
    dens: int
    value_sum: int


@dataclass(frozen=True)
class Peers:
    """The others of a group who are in scope, in key order."""

    subjects: list[str]
    items: dict[str, Measured]
    counted: Column  # places of those who are ranked and take up a place in the shares
    ties: list[Column]  # where ties are broken to the end
    points: Column  # bonus less deduction


def peers_of(outcome: Outcome, group: str, subject: str | None = None) -> Peers:
    """Read the members of a group in scope, without one of them."""
    scheme, results = outcome.scheme, outcome.results
    mine = pc.and_(pc.equal(results.column("group"), group), pc.is_null(results.column("excluded")))
    if subject is not None:
        mine = pc.and_(mine, pc.not_equal(results.column("subject"), subject))
    rows = results.filter(mine)
    facts = outcome.facts.table.filter(mine)
    codes = [leaf.code for leaf in scheme.group(group).root.leaves()]
    counted = np.flatnonzero(_ranked(rows) & _in_base(scheme, rows))
    grades = scheme.grading(group)
    strict = grades is not None and grades.is_strict()
    ties = [_tie(scheme, key, rows, facts) for key in scheme.ties if strict]
    items = {code: _measured(scheme.indicators[code], rows) for code in codes}
    points = sum(
        (_filled(rows.column(f"{line.code}__points")) for line in scheme.points),
        np.zeros(rows.num_rows, dtype=np.int64),
    )
    return Peers(rows.column("subject").to_pylist(), items, counted, ties, np.asarray(points))


def _ranked(rows: pa.Table) -> Column:
    return _flags(pc.is_valid(rows.column("total")))


def _in_base(scheme: Scheme, rows: pa.Table) -> Column:
    outside = {rule.code for rule in scheme.adjustments if not rule.uses_quota}
    hits = [set((codes or "").split(",")) for codes in rows.column("adjustments").to_pylist()]
    return np.array([not (outside & hit) for hit in hits], dtype=bool)


def _flags(mask: pa.ChunkedArray) -> Column:
    return np.asarray(mask.combine_chunks().to_numpy(zero_copy_only=False), dtype=bool)


def _filled(values: pa.ChunkedArray, absent: int = 0) -> Column:
    return np.asarray(pc.fill_null(values, absent).combine_chunks().to_numpy(zero_copy_only=False))


def _measured(item: Indicator, rows: pa.Table) -> Measured:
    value = rows.column(f"{item.code}__value")
    has_value = _flags(pc.is_valid(value))
    averaged = [lack for lack, rule in item.absent.items() if rule == "group_average"]
    lacks = pa.array([*averaged, "no_average"], pa.string())
    takes = _flags(pc.is_in(rows.column(f"{item.code}__note"), lacks)) & ~has_value
    kept = rows.filter(pc.is_valid(value))
    return Measured(
        valued=np.flatnonzero(has_value),
        takers=np.flatnonzero(takes),
        values=_filled(kept.column(f"{item.code}__value")),
        scores=_filled(rows.column(f"{item.code}__score")),
        nums=_sum(kept.column(f"{item.code}__num")),
        dens=_sum(kept.column(f"{item.code}__den")),
        value_sum=_sum(kept.column(f"{item.code}__value")),
    )


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
