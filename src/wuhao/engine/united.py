"""Evaluation units of a table of facts: merged facts, and what results say of units.

Where a rule says `separately`, its members are evaluated each, and the whole table once more with
them merged: the second answer stands beside the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from wuhao.engine import ir
from wuhao.engine.backends import Backend, Runner
from wuhao.engine.expression import TextCompare
from wuhao.engine.facts import sorted_by
from wuhao.engine.merging import Links, linked
from wuhao.engine.model import Rule, Scheme
from wuhao.engine.verbs.units import asked, merged

RULE = "unit__rule"
"""The text column of the facts that names the rule by which a subject is merged."""
KEPT = ("total", "rank", "grade")


@dataclass(frozen=True)
class Pass:
    """The facts of one evaluation, and the head of everybody's unit."""

    source: pa.Table
    heads: list[int]


@dataclass(frozen=True)
class United:
    """The evaluation, the one with all units merged where it is another, and notes."""

    alone: Pass
    joint: Pass | None
    notes: list[str]


def united(
    scheme: Scheme,
    backend: Backend,
    subjects: pa.ChunkedArray,
    source: pa.Table,
    sql: list[str],
) -> United:
    """Return the facts with units merged; without rules they are what they were."""
    units = scheme.units
    if units is None:
        return United(Pass(source, []), None, [])
    runner = Runner(backend, {"facts": source}, sql)
    found = runner.run(asked(scheme, units, ir.Source("facts")))
    columns = sorted_by(found, "subject_no").to_pydict()
    names, rules = subjects.to_pylist(), list(enumerate(units.rules, start=1))
    every = linked(rules, names, columns)
    table = merged(scheme, units, ir.Source("facts"))
    if not any(rule.separately for _, rule in rules):
        made = _pass(table, backend, source, every, sql)
        return United(made, None, every.notes)
    alone = linked([r for r in rules if not r[1].separately], names, columns)
    passes = [_pass(table, backend, source, links, sql) for links in (alone, every)]
    return United(passes[0], passes[1], every.notes)


def _pass(
    table: ir.Table, backend: Backend, source: pa.Table, links: Links, sql: list[str]
) -> Pass:
    """Merge the facts of one set of units."""
    heads = links.heads()
    numbered = source.append_column("unit_no", pa.array(heads, pa.int64()))
    runner = Runner(backend, {"facts": numbered}, sql)
    made = runner.run(ir.Pick(table, tuple(source.column_names)))
    by_rule = pa.array(links.rule, pa.string())
    return Pass(sorted_by(made, "subject_no").append_column(RULE, by_rule), heads)


def with_merged_left_out(scheme: Scheme) -> Scheme:
    """Return the scheme with a rule that leaves out whoever is evaluated in another's unit."""
    rules = scheme.units.rules if scheme.units else ()
    left_out = [
        Rule(rule.code, rule.label, TextCompare("==", RULE, (rule.code,)), "", rule.basis)
        for rule in rules
    ]
    return replace(scheme, exclusions=(*left_out, *scheme.exclusions))


def with_units(
    scheme: Scheme, results: pa.Table, found: United, joint: pa.Table | None
) -> pa.Table:
    """Add the unit of every subject that is not alone, and what the unit has got."""
    if scheme.units is None:
        return results
    heads = found.alone.heads
    for name, column in _columns("unit", results, results, heads, _shared(heads)).items():
        results = results.append_column(name, column)
    if joint is None or found.joint is None:
        return results
    apart = {b for a, b in zip(heads, found.joint.heads, strict=True) if a != b}
    shared = [head if head in apart else None for head in found.joint.heads]
    for name, column in _columns("joint", results, joint, found.joint.heads, shared).items():
        results = results.append_column(name, column)
    return results


def _shared(heads: Sequence[int]) -> list[int | None]:
    """Return the heads of units of more than one."""
    sizes = np.bincount(heads, minlength=len(heads)) if heads else np.array([])
    return [head if sizes[head] > 1 else None for head in heads]


def _columns(
    word: str, results: pa.Table, of: pa.Table, heads: Sequence[int], shared: Sequence[int | None]
) -> dict[str, pa.ChunkedArray]:
    """Return the head, what it got, and at the head the members."""
    places = pa.array(shared, pa.int64())
    subjects = results.column("subject")
    made = {word: subjects.take(places)}
    made |= {f"{word}_{name}": of.column(name).take(places) for name in KEPT}
    members: dict[int, list[str]] = {}
    for subject, head in zip(subjects.to_pylist(), shared, strict=True):
        if head is not None:
            members.setdefault(head, []).append(subject)
    texts = [",".join(members[at]) if at in members else None for at in range(len(heads))]
    made[f"{word}_members"] = pa.chunked_array([pa.array(texts, pa.string())])
    return made
