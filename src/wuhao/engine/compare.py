"""Compare two outcomes: who moved, and what moved them, in parts that add up exactly.

The outcome before is turned into the outcome after by substitutions, one thing at a time:

1. own: the subject's own facts become those of after. The scheme, the benchmarks and the average
   scores that stand in for absent ones are held as they were before.
2. benchmark: the benchmarks become those that the scheme of before gives on everybody's facts of
   after (the subject's own included). Benchmarks that the scheme states do not move here.
3. peers: the average scores that stand in become those of everybody's facts of after.
4. rule: the scheme becomes that of after.

Each part is the difference of two totals, so own + benchmark + peers + rule is the change, in
whole quanta. Grades are counted in steps (positive is better) and split the same way: own is the
grade by step 1 among the others of before as they were; peers is what the others, and the
benchmarks they make, add to that; rule is the rest.

Subjects that appear, vanish, change group, come into scope or leave it, gain or lose their total
are named and not split; nor are those whom the scheme of before would not score on the facts of
after. Facts of the scheme of before that the outcome after does not hold are taken from before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from wuhao.engine import compare_words as words
from wuhao.engine.evaluate import evaluate
from wuhao.engine.facts_carried import carried
from wuhao.engine.findings import EngineError
from wuhao.engine.held import Held, held_totals
from wuhao.engine.model import Scheme
from wuhao.engine.outcome import Outcome
from wuhao.engine.replay_known import check_known

PARTS = ("own", "benchmark", "peers", "rule")
STEPS = ("grade_own", "grade_peers", "grade_rule")
SCHEMA = pa.schema(
    [
        ("subject", pa.string()),
        ("kind", pa.string()),
        *((f"{name}_{when}", pa.string()) for name in ("group", "grade") for when in words.WHEN),
        *((f"{name}_{when}", pa.int64()) for name in ("rank", "total") for when in words.WHEN),
        *((name, pa.int64()) for name in ("total_change", *PARTS, "rank_change")),
        *((name, pa.int64()) for name in ("grade_change", *STEPS)),
    ]
)
"""Totals and their parts in quanta of `Comparison.digits`; ranks and grades: positive is better."""


@dataclass(frozen=True)
class Move:
    """One subject: before, after, and the parts, as in SCHEMA; None where there is nothing."""

    subject: str
    kind: str
    group_before: str | None
    group_after: str | None
    grade_before: str | None
    grade_after: str | None
    rank_before: int | None
    rank_after: int | None
    total_before: int | None
    total_after: int | None
    total_change: int | None
    own: int | None
    benchmark: int | None
    peers: int | None
    rule: int | None
    rank_change: int | None
    grade_change: int | None
    grade_own: int | None
    grade_peers: int | None
    grade_rule: int | None
    sentence: str


@dataclass(frozen=True)
class Comparison:
    """The table of all subjects in key order, the decimals of its totals, notes for people."""

    table: pa.Table
    digits: int
    notes: tuple[str, ...]

    def move(self, subject: str) -> Move:
        """Return one subject's part. Raises EngineError when neither outcome has it."""
        at = self.table.column("subject").index(subject).as_py()
        if at < 0:
            raise EngineError(f"两次结果里都没有主体“{subject}”。")
        return self._move(self.table.slice(at, 1).to_pylist()[0])

    def moves(self) -> list[Move]:
        """Return every subject's part, in key order."""
        return [self._move(row) for row in self.table.to_pylist()]

    def _move(self, row: dict[str, Any]) -> Move:
        return Move(**row, sentence=words.sentence(row, self.digits))

    def counts(self) -> dict[str, int]:
        """Return how many subjects there are of every kind, and how many grades rose and fell."""
        kinds = Counter(self.table.column("kind").to_pylist())
        steps = [step for step in self.table.column("grade_change").to_pylist() if step]
        grades = {"grade_up": sum(s > 0 for s in steps), "grade_down": sum(s < 0 for s in steps)}
        return {**{kind: kinds[kind] for kind in words.KINDS if kinds[kind]}, **grades}


def compare(before: Outcome, after: Outcome) -> Comparison:
    """Compare two outcomes. Raises EngineError for methods that cannot be computed again."""
    digits = max(before.scheme.digits["score"], after.scheme.digits["score"])
    middle, notes = _middle(before, after)
    held = held_totals(before, middle) if middle is not None else {}
    rows = [_rows(outcome) for outcome in (before, middle, after)]
    subjects = sorted(rows[0].keys() | rows[2].keys())
    builder = Builder(before.scheme, after.scheme, digits)
    was, would, now = rows
    made = [builder.row(s, was.get(s), would.get(s), now.get(s), held.get(s)) for s in subjects]
    return Comparison(pa.Table.from_pylist(made, SCHEMA), digits, tuple(notes))


def _rows(outcome: Outcome | None) -> dict[str, dict[str, Any]]:
    if outcome is None:
        return {}
    names = ("subject", "group", "excluded", "total", "rank", "grade")
    return {row["subject"]: row for row in outcome.results.select(names).to_pylist()}


def _middle(before: Outcome, after: Outcome) -> tuple[Outcome | None, list[str]]:
    """Return the outcome of the scheme of before on the facts of after, or why there is none."""
    check_known(before.scheme)
    if before.scheme_digest == after.scheme_digest:
        return after, []
    try:
        return evaluate(before.scheme.as_written(), carried(before, after)), []
    except EngineError as error:
        return None, [f"前一方案不能用于后一次的数据，变化不作拆分：{error}"]


@dataclass(frozen=True)
class Builder:
    """Makes the rows of the table."""

    old: Scheme
    new: Scheme
    digits: int

    def row(
        self,
        subject: str,
        before: Mapping[str, Any] | None,
        middle: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        held: Held | None,
    ) -> dict[str, Any]:
        """Return the row of one subject."""
        row: dict[str, Any] = dict.fromkeys(SCHEMA.names)
        row |= {"subject": subject, "kind": self._kind(before, middle, after)}
        for when, found, scheme in (("before", before, self.old), ("after", after, self.new)):
            if found is not None:
                row |= {f"{name}_{when}": found[name] for name in ("group", "grade", "rank")}
                row[f"total_{when}"] = self._scaled(found["total"], scheme)
        row |= self._changes(row)
        if row["kind"] == "split" and middle is not None and held is not None:
            row |= self._split(row, middle, held)
        return row

    @staticmethod
    def _kind(
        before: Mapping[str, Any] | None,
        middle: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
    ) -> str:
        if before is None or after is None:
            return "appeared" if before is None else "vanished"
        if before["excluded"] or after["excluded"]:
            if before["excluded"] and after["excluded"]:
                return "out_of_scope"
            return "excluded" if after["excluded"] else "included"
        if before["group"] != after["group"]:
            return "group_changed"
        if before["total"] is None or after["total"] is None:
            if before["total"] is None and after["total"] is None:
                return "no_total"
            return "total_lost" if after["total"] is None else "total_gained"
        same = middle is not None and middle["group"] == after["group"]
        return "split" if same and middle and middle["total"] is not None else "not_split"

    def _scaled(self, quanta: int | None, scheme: Scheme) -> int | None:
        return None if quanta is None else quanta * 10 ** (self.digits - scheme.digits["score"])

    def _changes(self, row: Mapping[str, Any]) -> dict[str, int | None]:
        compared = row["kind"] in ("split", "not_split", "group_changed")
        total = rank = None
        if compared and None not in (row["total_before"], row["total_after"]):
            total = row["total_after"] - row["total_before"]
            same = row["group_before"] == row["group_after"]
            rank = row["rank_before"] - row["rank_after"] if same else None
        steps = self._steps(row["grade_before"], row["grade_after"])
        return {"total_change": total, "rank_change": rank, "grade_change": steps}

    def _steps(self, before: str | None, after: str | None) -> int | None:
        """Return by how many grades after is better, where both schemes have the same grades."""
        old, new = self.old.grades, self.new.grades
        if old is None or new is None or old.order != new.order or not before or not after:
            return None
        return old.order.index(before) - old.order.index(after)

    def _split(
        self, row: Mapping[str, Any], middle: Mapping[str, Any], held: Held
    ) -> dict[str, int | None]:
        totals = [
            row["total_before"],
            *(self._scaled(t, self.old) for t in (held.own, held.benchmark, middle["total"])),
            row["total_after"],
        ]
        pairs = zip(PARTS, totals[:-1], totals[1:], strict=True)
        parts = {name: new - old for name, old, new in pairs}
        grades = [row["grade_before"], held.grade, middle["grade"], row["grade_after"]]
        steps = {
            name: self._steps(old, new)
            for name, old, new in zip(STEPS, grades[:-1], grades[1:], strict=True)
        }
        return {**parts, **(steps if row["grade_change"] is not None else {})}
