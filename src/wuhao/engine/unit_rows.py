"""A unit of kept results again: who its members are, and the facts that they have together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine.facts import State
from wuhao.engine.model import Scheme


def joined_row(scheme: Scheme, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the facts of a unit from the rows of its members, the head first."""
    row = dict(rows[0])
    for code, fact in scheme.facts.items():
        units = scheme.units
        if units is None or units.joins[code] == "head":
            continue
        states = [State(one[f"{code}__state"]) for one in rows]
        lacks = units.missing[code] == "unknown" and fact.missing != "zero"
        order = [State.MISSING] if lacks else []
        order += [State.VALUE, State.ZERO, State.MISSING, State.NOT_APPLICABLE]
        state = next(one for one in order if one in states)
        zeros = [0] * (State.ZERO in states)
        values = [one[code] for one in rows if one[code] is not None] + zeros
        take = max if units.joins[code] == "max" else sum
        row[code] = take(values) if state is State.VALUE else None
        row[f"{code}__state"] = int(state)
    return row


def members_of(results: pa.Table, subject: str) -> list[str]:
    """Return the members of the unit that a subject heads, itself first; itself where alone."""
    mine = results.filter(pc.fill_null(pc.equal(results.column("unit"), subject), False))
    others = [one for one in mine.column("subject").to_pylist() if one != subject]
    return [subject, *others]


def united_facts(scheme: Scheme, results: pa.Table, facts: pa.Table) -> pa.Table:
    """Return facts as they are evaluated: at the head of a unit those of all its members."""
    if scheme.units is None or not results.column("unit").drop_null():
        return facts
    subjects = results.column("subject").to_pylist()
    members: dict[str, list[int]] = {}
    for at, head in enumerate(results.column("unit").to_pylist()):
        if head is not None:
            places = members.setdefault(head, [])
            places.insert(0 if subjects[at] == head else len(places), at)
    heads = pa.array([places[0] for places in members.values()], pa.int64())
    rows = iter(facts.take([at for places in members.values() for at in places]).to_pylist())
    joined = [joined_row(scheme, [next(rows) for _ in places]) for places in members.values()]
    at_head = pc.is_in(pa.array(range(len(subjects)), pa.int64()), heads)
    ordered = sorted(joined, key=lambda row: str(row["subject"]).encode())
    for code in scheme.facts:
        for name in (code, f"{code}__state"):
            column = facts.column(name).combine_chunks()
            made = pa.array([row[name] for row in ordered], column.type)
            place = facts.column_names.index(name)
            replaced = pc.replace_with_mask(column, at_head, made)
            facts = facts.set_column(place, name, pa.chunked_array([replaced]))
    return facts
