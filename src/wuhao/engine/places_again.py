"""Where one subject is when its facts change: in scope, in its group, the groups made as they were.

Groups made by values of an attribute are as large as the scheme wants them. Who moves from one
written group to another is counted in the other one, so it may make a group, or unmake one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine.benchmarks_again import Unsure
from wuhao.engine.bounds import Range
from wuhao.engine.expression import Condition, condition_names
from wuhao.engine.made_groups import values_of
from wuhao.engine.model import By, Group
from wuhao.engine.outcome import Outcome
from wuhao.engine.row import Row

Box = Mapping[str, Range]


@dataclass(frozen=True)
class Asked:
    """A condition, the names it speaks of, and its answer for the facts as they are."""

    when: Condition | None
    names: frozenset[str]
    now: bool

    @staticmethod
    def of(when: Condition | None, row: Row) -> Asked:
        """Answer a condition for the facts as they are; none always holds."""
        if when is None:
            return Asked(None, frozenset(), True)
        return Asked(when, frozenset(condition_names(when)), bool(row.holds(when)))

    def holds(self, row: Row, box: Box) -> bool:
        """Return whether it holds. Raises Unsure when that depends on the place in the box."""
        if self.when is None or self.names.isdisjoint(box):
            return self.now
        found = row.holds(self.when)
        if found is None:
            raise Unsure
        return found


class Place:
    """Whether a subject is in scope and in its group."""

    def __init__(self, outcome: Outcome, row: Row, group: Group) -> None:
        """Ask for the facts as they are; `group` is the one that it is in."""
        scheme = outcome.scheme
        self.outcome, self.texts = outcome, row.texts
        self._exclusions = [Asked.of(rule.when, row) for rule in scheme.exclusions]
        number = scheme.groups.index(group) + 1
        self._groups = [Asked.of(one.when, row) for one in scheme.groups[:number]]
        self._patterns = scheme.as_written().groups if scheme.written else ()
        self._written = [Asked.of(one.when, row) for one in self._patterns]
        self._now = self._first(row, {})
        self._unmoved = cache(self._makes_the_same)

    def here(self, row: Row, box: Box) -> bool:
        """Return whether it is, within a box, where it is now. Raises Unsure."""
        if any(asked.holds(row, box) for asked in self._exclusions):
            return False
        found = [asked.holds(row, box) for asked in self._groups]
        if not found[-1] or any(found[:-1]):
            return False
        to = self._first(row, box)
        return to == self._now or self._unmoved(to)

    def _first(self, row: Row, box: Box) -> int:
        """Return the number of the first written group that takes the subject, if any are made."""
        return next((at for at, one in enumerate(self._written) if one.holds(row, box)), -1)

    def _makes_the_same(self, to: int) -> bool:
        """Return whether the same groups are made with the subject in another written group."""
        return all(
            self._stay(self._patterns[at], at, step) for at, step in ((self._now, -1), (to, 1))
        )

    def _stay(self, pattern: Group, at: int, step: int) -> bool:
        by = pattern.by
        value = self.texts[by.attribute] if by is not None else None
        if by is None or not value:
            return True
        sizes = self._sizes(by, value, at)
        moved = {**sizes, value: sizes.get(value, 0) + step}
        return values_of(by, sizes) == values_of(by, moved)

    def _sizes(self, by: By, value: str, at: int) -> Mapping[str, int]:
        """Count who is in scope of a written group by value, where the values begin alike."""
        scheme, found = self.outcome.scheme, Counter[str]()
        for cells in self._alike(by, value).to_pylist():
            row = Row.of(scheme, cells)
            holds = (one.when is None or row.holds(one.when) for one in self._patterns)
            if next((n for n, held in enumerate(holds) if held), -1) == at:
                found[cells[by.attribute]] += 1
        return found

    def _alike(self, by: By, value: str) -> pa.Table:
        """Return the facts of those in scope whose values have the same shortest head."""
        results, facts = self.outcome.results, self.outcome.united_facts
        inside = pc.is_null(results.column("excluded"))
        column = facts.column(by.attribute)
        head = value if by.lengths[-1] is None else value[: by.lengths[-1]]
        alike = pc.starts_with(column, head) if by.lengths[-1] else pc.equal(column, head)
        return facts.filter(pc.and_(inside, pc.fill_null(alike, False)))
