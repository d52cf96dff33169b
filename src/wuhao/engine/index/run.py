"""Run an index: its steps in order, every one of them kept as a trace, then totals and ranks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pyarrow as pa

from wuhao.engine.facts import Facts, State, conform
from wuhao.engine.index import weights as weighing
from wuhao.engine.index.aggregate import aggregate
from wuhao.engine.index.ahp import ahp
from wuhao.engine.index.denominate import denominate
from wuhao.engine.index.impute import impute, impute_constant
from wuhao.engine.index.model import ROOT, Index, Step
from wuhao.engine.index.normalise import normalise
from wuhao.engine.index.outcome import IndexOutcome
from wuhao.engine.index.table import Column, Table, quanta
from wuhao.engine.index.treat import log, winsorise

NOTES = {State.MISSING: "missing", State.NOT_APPLICABLE: "not_applicable"}


@dataclass(frozen=True)
class Trace:
    """The table after a step, and the columns that the step made."""

    key: str
    codes: tuple[str, ...]
    table: Table


def evaluate_index(index: Index, facts: Facts) -> IndexOutcome:
    """Compute the index of every subject. Raises EngineError with a sentence where it cannot."""
    facts = conform(facts, index)
    traces = [Trace("value", tuple(index.facts), read_table(index, facts))]
    for step in index.steps:
        table = apply(index, step, traces[-1].table)
        traces.append(Trace(step.key, () if step.verb == "weights" else step.codes, table))
    last = traces[-1].table
    weights = {code: quanta(w, index.digits["weight"], code) for code, w in last.weights.items()}
    return IndexOutcome(index, facts, _results(index, traces), weights, list(last.said))


def read_table(index: Index, facts: Facts) -> Table:
    """Return the facts as a table: exact decimals, groups, the weights that the document gives."""
    rows = facts.table
    columns = {code: _column(rows, code, fact.digits) for code, fact in index.facts.items()}
    groups = {code: tuple(rows.column(code).to_pylist()) for code in index.attributes}
    table = Table(tuple(rows.column("subject").to_pylist()), columns, groups)
    for branch in index.root.below():
        table = weighing.given(table, branch.weights)
    return table


def _column(rows: pa.Table, code: str, digits: int) -> Column:
    values, notes = [], []
    states = rows.column(f"{code}__state").to_pylist()
    for value, state in zip(rows.column(code).to_pylist(), states, strict=True):
        number = Decimal(value or 0).scaleb(-digits)
        values.append(None if State(state) in NOTES else number)
        notes.append(NOTES.get(State(state)))
    return Column(tuple(values), tuple(notes))


def apply(index: Index, step: Step, table: Table) -> Table:
    """Take one step."""
    return STEPS[step.verb](index, step, table)


def _denominate(index: Index, step: Step, table: Table) -> Table:
    return denominate(table, step.codes, **step.params)


def _impute(index: Index, step: Step, table: Table) -> Table:
    if step.method == "constant":
        return impute_constant(table, step.codes, **step.params)
    return impute(table, step.codes, method=step.method, **step.params)


def _treat(index: Index, step: Step, table: Table) -> Table:
    if step.method == "winsorise":
        return winsorise(table, step.codes, **step.params)
    return log(table, step.codes, method=step.method)


def _normalise(index: Index, step: Step, table: Table) -> Table:
    return normalise(table, step.codes, method=step.method, down=index.down(), **step.params)


def _weigh(index: Index, step: Step, table: Table) -> Table:
    """Weigh the branches of the step, and seal their weights at the digits that the index states.

    Scores that are normalised already have their direction; raw columns still need to be turned.
    """
    before = index.steps[: index.steps.index(step)]
    done = {code for other in before if other.verb == "normalise" for code in other.codes}
    down = [code for code in index.down() if code not in done]
    for code in step.codes:
        parts = index.branch(code).parts
        table = WEIGHTS[step.method](table, parts, down, step.params)
        digits = index.digits["weight"]
        sealed = {p: Decimal(quanta(table.weights[p], digits, p)).scaleb(-digits) for p in parts}
        table = replace(table, weights={**table.weights, **sealed})
    return table


WEIGHTS: dict[str, Callable[[Table, tuple[str, ...], list[str], Mapping[str, Any]], Table]] = {
    "equal": lambda table, parts, down, params: weighing.equal(table, parts),
    "entropy": lambda table, parts, down, params: weighing.entropy(table, parts),
    "critic": lambda table, parts, down, params: weighing.critic(table, parts, down=down),
    "ahp": lambda table, parts, down, params: ahp(table, parts, **params),
}


def _aggregate(index: Index, step: Step, table: Table) -> Table:
    for branch in index.root.below():
        method = branch.method or step.method
        table = aggregate(table, branch.code, branch.parts, method=method, **step.params)
    return table


STEPS: dict[str, Callable[[Index, Step, Table], Table]] = {
    "denominate": _denominate,
    "impute": _impute,
    "treat": _treat,
    "normalise": _normalise,
    "weights": _weigh,
    "aggregate": _aggregate,
}


def _results(index: Index, traces: list[Trace]) -> pa.Table:
    """Return one row per subject: groups, every step of every indicator, branches, total, rank."""
    last = traces[-1].table
    columns: dict[str, pa.Array] = {"subject": pa.array(last.subjects, pa.string())}
    for code, members in last.groups.items():
        columns[code] = pa.array(members, pa.string())
    for trace in traces[:-1]:
        for code in trace.codes:
            name, digits = f"{code}__{trace.key}", index.places(code, trace.key)
            columns |= _quantised(name, trace.table.columns[code], digits)
    for branch in index.root.below():
        name = ROOT if branch.code == ROOT else f"{branch.code}__score"
        columns |= _quantised(name, last.columns[branch.code], index.digits["score"])
    columns["rank"] = pa.array(_ranks(index, last), pa.int64())
    return pa.table(columns)


def _quantised(name: str, column: Column, digits: int) -> dict[str, pa.Array]:
    cells = [None if v is None else quanta(v, digits, name) for v in column.values]
    note = f"{name}_note"
    return {name: pa.array(cells, pa.int64()), note: pa.array(column.notes, pa.string())}


def _ranks(index: Index, table: Table) -> list[int | None]:
    """Return places by total, then by the keys of `tie_break`; the subject's code comes last.

    What is compared is what is published: the quantised numbers. An absent key comes after all.
    """
    digits = index.digits["score"]
    keys = [key for key in index.ties if key != "subject"]

    def standing(at: int) -> list[tuple[bool, int]]:
        cells = [(key, table.columns[key].values[at]) for key in keys]
        return [(v is None, 0 if v is None else -quanta(v, digits, key)) for key, v in cells]

    ranked = [at for at, v in enumerate(table.columns[ROOT].values) if v is not None]
    ranked.sort(key=standing)
    places = {at: place for place, at in enumerate(ranked, start=1)}
    return [places.get(at) for at in range(len(table.subjects))]
