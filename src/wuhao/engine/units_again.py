"""The unit of one subject again, when facts of its own change: what the unit has, and whether it is
still the same unit.

Who is evaluated with whom hangs on every subject's own facts (`unless`, the head of those together,
who is in scope), so a change of them may link the subject otherwise; that is no way to a grade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from wuhao.engine import ir
from wuhao.engine.backends import Runner, open_backend
from wuhao.engine.benchmarks_again import Beyond, Unsure
from wuhao.engine.bounds import Range
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.facts import State, sorted_by
from wuhao.engine.merging import linked
from wuhao.engine.model import Scheme, UnitRule, Units
from wuhao.engine.outcome import Outcome
from wuhao.engine.places_again import Asked, Box
from wuhao.engine.row import Row
from wuhao.engine.unit_rows import members_of
from wuhao.engine.verbs.units import asked

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Beside:
    """What the other members have of a fact; None where the unit does not know it, whatever the
    head reports."""

    values: tuple[int, ...] | None


class Unit:
    """A subject with the members of the unit that it heads; most are alone."""

    def __init__(self, outcome: Outcome, subject: str) -> None:
        """Read the facts of the subject, of the others and of all together."""
        self.scheme, self.subject = outcome.scheme, subject
        self.row = Row.of(self.scheme, outcome.facts_row(subject) or {})
        self.own, self.size, self._links = self.row, 1, None
        self._beside: dict[str, Beside] = {}
        if self.scheme.units is not None:
            members = members_of(outcome.results, subject)
            found = {m: outcome.facts.table.column("subject").index(m).as_py() for m in members}
            rows = [outcome.facts.table.slice(at, 1).to_pylist()[0] for at in found.values()]
            self.own, self.size = Row.of(self.scheme, rows[0]), len(members)
            self._beside = {c: _beside(self.scheme, c, rows[1:]) for c in self.scheme.facts}
            self._links = Linked(outcome, self.scheme.units, self.own, subject)

    def here(self, box: Box) -> bool:
        """Return whether the subject is in scope by itself, and heads the same unit.

        Raises Unsure.
        """
        return self._links is None or self._links.hold(self.own.moved(box), box)

    def moved(self, box: Box) -> Row:
        """Return what the unit has where the subject's facts are in ranges. Raises as a replay."""
        if self.scheme.units is None:
            return self.row.moved(box)
        joined = {code: self._joined(code, span) for code, span in box.items()}
        return self.row.moved({code: span for code, span in joined.items() if span is not None})

    def _joined(self, code: str, span: Range) -> Range | None:
        values, units = self._beside[code].values, self.scheme.units
        how = units.joins[code] if units else "head"
        if values is None:
            return None
        if how == "head" or not values:
            return span
        if how == "max":
            most = max(values)
            return Range(max(span.lo, most), max(span.hi, most))
        found = span.arith("+", Range(sum(values), sum(values)))
        if found.lo > INT64_MAX:
            raise Beyond
        if found.hi > INT64_MAX:
            raise Unsure
        return found

    def by_own(self, code: str, by: int) -> int:
        """Return by how much the subject's own fact changes where the unit's changes by so much."""
        units = self.scheme.units
        if by <= 0 or units is None or units.joins[code] != "max":
            return by
        return by + self.row.spans[code].lo - self.own.spans[code].lo


def _beside(scheme: Scheme, code: str, others: Sequence[Mapping[str, Any]]) -> Beside:
    """Return what others have of a fact, as `joined_row` adds it to what the head has."""
    units, fact = scheme.units, scheme.facts[code]
    if units is None or units.joins[code] == "head":
        return Beside(())
    states = [State(row[f"{code}__state"]) for row in others]
    if State.MISSING in states and units.missing[code] == "unknown" and fact.missing != "zero":
        return Beside(None)
    known = [row[code] for row in others if row[code] is not None]
    return Beside((*known, *([0] if State.ZERO in states else [])))


@dataclass(frozen=True)
class Concern:
    """A rule of units that may link the subject, and the places of those who share its set."""

    number: int
    rule: UnitRule
    unless: Asked | None
    others: tuple[int, ...]


class Linked:
    """Whether everybody is linked as before when one subject's own facts change."""

    def __init__(self, outcome: Outcome, units: Units, own: Row, subject: str) -> None:
        """Find the rules that may link the subject."""
        self.units = units
        self.outcome, self.scheme = outcome, outcome.scheme
        self.table = outcome.facts.table
        self.at = self.table.column("subject").index(subject).as_py()
        self._excluded = [Asked.of(rule.when, own) for rule in self.scheme.exclusions]
        self._groups = [Asked.of(group.when, own) for group in self.scheme.groups]
        rules = enumerate(units.rules, start=1)
        self.rules = [(number, rule) for number, rule in rules if not rule.separately]
        self.concerns = [c for n, rule in self.rules if (c := self._concern(n, rule, own))]
        self._known = {self._key(own, {}): True}

    def hold(self, own: Row, box: Box) -> bool:
        """Return whether they are. Raises Unsure."""
        if any(one.holds(own, box) for one in self._excluded):
            return False
        if not any(one.holds(own, box) for one in self._groups):
            return False
        key = self._key(own, box)
        if key not in self._known:
            self._known[key] = self._heads(self._changed(own)) == self._heads(self._columns)
        return self._known[key]

    def _concern(self, number: int, rule: UnitRule, own: Row) -> Concern | None:
        """Return what a rule asks of the subject; None where it has nobody to be linked with."""
        unless = None if rule.unless is None else Asked.of(rule.unless, own)
        if rule.kind == "tenants":
            owner = own.texts[rule.owner]
            place = self.table.column("subject").index(owner).as_py() if owner else -1
            known = place >= 0 and place != self.at
            return Concern(number, rule, unless, ()) if known else None
        if not all(own.texts[name] for name in rule.by):
            return None
        alike = np.ones(self.table.num_rows, dtype=bool)
        for name in rule.by:
            column = np.array(self.table.column(name).to_pylist(), dtype=object)
            alike &= column == own.texts[name]
        others = tuple(at for at in np.flatnonzero(alike).tolist() if at != self.at)
        return Concern(number, rule, unless, others) if others else None

    def _key(self, own: Row, box: Box) -> Key:
        """Return all that links hang on of the subject. Raises Unsure."""
        return tuple(
            (one.unless is not None and one.unless.holds(own, box), self._before(one, own))
            for one in self.concerns
        )

    def _before(self, concern: Concern, own: Row) -> tuple[bool, ...]:
        """Return of everybody in a set whether the subject comes before. Raises Unsure."""
        head = concern.rule.head
        span = None if head is None else own.sum(head.terms)
        if span is None:
            return (True,)
        found = []
        for at in concern.others:
            size = self._columns[f"head_{concern.number}"][at]
            ends = {
                size is None or (-end, self.at) < (-int(size), at) for end in (span.lo, span.hi)
            }
            if len(ends) > 1:
                raise Unsure
            found.append(ends.pop())
        return tuple(found)

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        """What the rules ask of everybody, by the facts as they are."""
        numbers = pa.array(np.arange(self.table.num_rows, dtype="int64"))
        source = self.table.drop_columns(["subject"]).append_column("subject_no", numbers)
        engine = open_backend("duckdb", None)
        try:
            found = Runner(engine, {"facts": source}, []).run(
                asked(self.scheme, self.units, ir.Source("facts"))
            )
        finally:
            engine.close()
        made: dict[str, list[Any]] = sorted_by(found, "subject_no").to_pydict()
        return made

    def _changed(self, own: Row) -> dict[str, list[Any]]:
        """Return the columns with what the rules ask of the subject where it is moved."""
        made = dict(self._columns)
        for one in self.concerns:
            holds = one.rule.unless is not None and bool(own.holds(one.rule.unless))
            size = None if one.rule.head is None else own.sum(one.rule.head.terms)
            told = {f"keeps_{one.number}": int(holds), f"head_{one.number}": size and size.lo}
            for name, cell in told.items():
                made[name] = [*made[name][: self.at], cell, *made[name][self.at + 1 :]]
        return made

    def _heads(self, columns: Mapping[str, list[Any]]) -> tuple[list[int], list[str | None]]:
        links = linked(self.rules, self.table.column("subject").to_pylist(), columns)
        return links.heads(), links.rule
