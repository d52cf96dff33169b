"""Evaluate: a scheme and its facts to scores, ranks and grades, with digests of all three."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from wuhao.engine import ir
from wuhao.engine.backends import Backend, Runner, open_backend
from wuhao.engine.counted_groups import with_made_groups
from wuhao.engine.facts import Facts, conform, sorted_by
from wuhao.engine.findings import Overflow
from wuhao.engine.grading import floor_of, places_of
from wuhao.engine.model import Scheme
from wuhao.engine.outcome import Line, Outcome
from wuhao.engine.own_items import put_together, with_one_value, with_own_items
from wuhao.engine.refused import refuse
from wuhao.engine.united import united, with_merged_left_out, with_units
from wuhao.engine.verbs.benchmark import benchmark
from wuhao.engine.verbs.explain import explain
from wuhao.engine.verbs.grade import grade
from wuhao.engine.verbs.measure import adjust, measure
from wuhao.engine.verbs.points import points
from wuhao.engine.verbs.rank import rank
from wuhao.engine.verbs.score import fill, score
from wuhao.engine.verbs.total import total

STORED = ("scored", "totalled", "placed", "amounts")
PLACED = ("rank", "group_size", "base_size", "original_no", "grade_no", "near_border")


def evaluate(
    scheme: Scheme, facts: Facts, *, backend: str = "duckdb", threads: int | None = None
) -> Outcome:
    """Score and grade every subject. Raises FactsError for unfit facts, EngineError on overflow."""
    facts = conform(facts, scheme)
    numbers = pa.array(np.arange(facts.table.num_rows, dtype="int64"))
    source = facts.table.drop_columns(["subject"]).append_column("subject_no", numbers)
    engine = open_backend(backend, threads)
    sql: list[str] = []
    try:
        found = united(scheme, engine, facts.table.column("subject"), source, sql)
        outcome = _evaluated(scheme, facts, engine, found.alone.source, sql)
        joint = None
        if found.joint is not None:
            joint = _evaluated(scheme, facts, engine, found.joint.source, sql).results
    except Overflow as error:
        raise error.named(facts.table.column("subject").to_pylist()) from error
    finally:
        engine.close()
    results = with_units(scheme, outcome.results, found, joint)
    return replace(outcome, results=results, notes=[*found.notes, *outcome.notes], backend=backend)


def _evaluated(
    scheme: Scheme, facts: Facts, engine: Backend, source: pa.Table, sql: list[str]
) -> Outcome:
    """Evaluate by the facts of units; `facts` are those of the subjects."""
    subjects = facts.table.column("subject")
    asked, made = with_made_groups(with_merged_left_out(scheme), engine, source, sql)
    runner = Runner(engine, {"facts": source}, sql)
    for table in plan(asked):
        runner.run(table)
    items, totals, places, amounts = (sorted_by(runner.kept(n), "subject_no") for n in STORED)
    inner, base = with_own_items(asked)
    refuse(inner, subjects, items)
    items, totals = put_together(asked, base, _beside(items, amounts), totals)
    results = explain(asked, subjects, items, totals, places)
    lines, benchmarks = _lines(asked, runner), _benchmarks(asked, runner)
    notes = [*made, *_notes(asked, results)]
    whole = replace(asked, exclusions=scheme.exclusions)
    return Outcome(whole, facts, results, lines, benchmarks, "", notes, sql)


def plan(scheme: Scheme) -> tuple[ir.Table, ir.Table]:
    """Return the evaluation as two tables of the intermediate form over `facts`.

    The first, `placed`, ends in places and grades; on its way it stores `scored` (the items) and
    `totalled`. The second, `amounts`, has what each item divides: it is made last, since nothing
    but the trace reads it and ranking a million subjects takes the memory it would stand in.
    """
    scheme, base = with_own_items(scheme)
    measured = measure(scheme, ir.Source("facts"))
    scored = score(scheme, benchmark(scheme, points(scheme, adjust(scheme, measured))))
    totalled = total(scheme, with_one_value(scheme, base, fill(scheme, scored)))
    placed = grade(scheme, rank(scheme, totalled))
    names = [f"{code}__{part}" for code in scheme.indicators for part in ("num", "den")]
    return (
        ir.Keep(ir.Pick(placed, ("subject_no", *PLACED)), "placed"),
        ir.Keep(ir.Pick(measured, ("subject_no", *names)), "amounts"),
    )


def _beside(left: pa.Table, right: pa.Table) -> pa.Table:
    """Put the columns of two tables of the same subjects side by side."""
    for name in right.column_names:
        if name not in left.column_names:
            left = left.append_column(name, right.column(name))
    return left


def _lines(scheme: Scheme, runner: Runner) -> list[Line]:
    made = {}
    if "cuts" in runner.stored:
        made = {row["ranked"]: row for row in runner.run(ir.Source("cuts")).to_pylist()}
    lines = []
    for number, grades in enumerate(scheme.gradings(), start=1):
        for at, name in enumerate(grades.order[:-1], start=1):
            line = _whole(made.get(number, {}).get(f"cut_{at}"))
            floor = floor_of(scheme, grades, at)
            if grades.kind.name == "thresholds":
                line = floor
            elif line is not None and floor is not None:
                line = max(line, floor)
            lines.append(Line(scheme.groups[number - 1].code, name, line))
    return lines


def _benchmarks(scheme: Scheme, runner: Runner) -> dict[str, dict[str, int | None]]:
    """Return group → item → benchmark in quanta of digits.benchmark; None where there is none."""
    if not {"benchmarks", "benchmarks_all"} & set(runner.stored):
        return {}
    rows = _stored_rows(runner, "benchmarks", "part")
    for_all = _stored_rows(runner, "benchmarks_all", "everyone").get(1, {})
    inner, base = with_own_items(scheme)
    return {
        group.code: {
            base.get(leaf.code, leaf.code): _whole(found.get(f"{leaf.code}__benchmark"))
            for leaf in group.root.leaves()
        }
        for number, group in enumerate(inner.groups, start=1)
        for found in [{**for_all, **rows.get(number, {})}]
    }


def _stored_rows(runner: Runner, name: str, key: str) -> dict[Any, dict[str, Any]]:
    """Return the rows of a stored table by their key; none where the table was not needed."""
    if name not in runner.stored:
        return {}
    return {row[key]: row for row in runner.run(ir.Source(name)).to_pylist()}


def _whole(quanta: Any) -> int | None:
    """A count of quanta as an int: engines give sums of 38 digits as Decimal."""
    return None if quanta is None else int(quanta)


def _notes(scheme: Scheme, results: pa.Table) -> list[str]:
    """Return what people should know: groups too small to have places in a grade."""
    found = results.group_by("group").aggregate([("base_size", "max")]).to_pylist()
    sizes = {row["group"]: row["base_size_max"] for row in found}
    notes = []
    for group, grades in zip(scheme.groups, scheme.gradings(), strict=False):
        share, size = grades.kind.params.get("share", {}), sizes.get(group.code) or 0
        if not share or not size:
            continue
        got = dict(zip(grades.order, places_of(grades, size), strict=True))
        short = [g for g in grades.order if share[g] > 0 and not got[g]]
        if short:
            notes.append(
                f"{group.label}只有 {size} 户占名额，样本过小："
                f"按比例取整后，{'、'.join(short)} 档没有名额。"
            )
    return notes
