"""Facts: one row per subject, integers in a quantum with a state beside each.

Columns: `subject` (text key, rows sorted by it), attribute columns (text), and for every fact
`<code>` (bigint in its quantum, null unless the state is VALUE) and `<code>__state`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wuhao.engine.findings import FactsError, Finding
from wuhao.engine.model import Attribute, Fact


class State(IntEnum):
    """What a cell says: a value, a confirmed zero, nothing (未报), or not applicable (不适用)."""

    VALUE = 0
    ZERO = 1
    MISSING = 2
    NOT_APPLICABLE = 3


class Layout(Protocol):
    """What a scheme or an index says of the table that it reads."""

    @property
    def subject(self) -> str:
        """The column of the subject's key."""

    @property
    def subject_label(self) -> str:
        """Another heading that the key may have."""

    @property
    def other_columns(self) -> str:
        """Whether columns that nobody reads are refused or ignored."""

    @property
    def facts(self) -> dict[str, Fact]:
        """The numbers that are read."""

    @property
    def attributes(self) -> dict[str, Attribute]:
        """The texts that are read."""

    def quanta(self) -> dict[str, Decimal]:
        """The quantum of every fact."""


@dataclass(frozen=True)
class Facts:
    """A table of facts and the quantum of every fact in it."""

    table: pa.Table
    quanta: Mapping[str, Decimal]


def conform(facts: Facts, scheme: Layout, name: str = "facts") -> Facts:
    """Return the columns that the scheme reads, sorted by subject, optional ones filled in.

    Raises FactsError for absent columns, other quanta, repeated or empty subjects, wrong states.
    """
    findings = [*_columns(facts, scheme, name), *_subjects(facts.table, name)]
    if not findings:
        findings = _states(facts.table, scheme, name)
    if findings:
        raise FactsError(findings)
    found = Facts(_select(facts.table, scheme), scheme.quanta())
    pa.default_memory_pool().release_unused()
    return found


def _columns(facts: Facts, scheme: Layout, name: str) -> list[Finding]:
    present = set(facts.table.column_names)
    findings = []
    for code, fact in scheme.facts.items():
        if code not in present and not fact.optional:
            findings.append(Finding(name, 0, code, f"缺少数据项“{fact.label}”的列 {code}。"))
        elif code in present and facts.quanta.get(code) != scheme.quanta()[code]:
            findings.append(
                Finding(
                    name,
                    0,
                    code,
                    f"最小单位是 {facts.quanta.get(code)}，而方案写的是 {scheme.quanta()[code]}。",
                )
            )
    for code, attribute in scheme.attributes.items():
        if code not in present and not attribute.optional:
            findings.append(Finding(name, 0, code, f"缺少属性“{attribute.label}”的列 {code}。"))
    return findings


def _subjects(table: pa.Table, name: str) -> list[Finding]:
    if "subject" not in table.column_names:
        return [Finding(name, 0, "subject", "缺少主体代码列 subject。")]
    column = table.column("subject")
    findings = []
    if column.null_count:
        findings.append(Finding(name, 0, "subject", f"有 {column.null_count} 行没有主体代码。"))
    if _ascending(column, pc.less):
        return findings  # in order and each greater than the last: none is repeated
    counts = pc.value_counts(column.drop_null())
    for item in counts.filter(pc.greater(counts.field("counts"), 1)).to_pylist():
        sentence = f"主体“{item['values']}”出现了 {item['counts']} 次。"
        findings.append(Finding(name, 0, "subject", sentence))
    return findings


def _states(table: pa.Table, scheme: Layout, name: str) -> list[Finding]:
    findings = []
    for code in scheme.facts:
        if code not in table.column_names:
            continue
        if f"{code}__state" not in table.column_names:
            findings.append(Finding(name, 0, code, f"缺少状态列 {code}__state。"))
            continue
        state = table.column(f"{code}__state")
        valued = pc.equal(state, int(State.VALUE))
        wrong = pc.not_equal(pc.is_valid(table.column(code)), valued)
        outside = pc.invert(pc.is_in(state, pa.array([int(s) for s in State], state.type)))
        count = pc.sum(pc.or_(pc.fill_null(wrong, True), outside)).as_py() or 0
        if count:
            sentence = f"有 {count} 行的值与状态不符（只有状态 0 才有值）。"
            findings.append(Finding(name, 0, code, sentence))
    return findings


def _select(table: pa.Table, scheme: Layout) -> pa.Table:
    rows = table.num_rows
    columns: dict[str, pa.ChunkedArray | pa.Array] = {
        "subject": table.column("subject").cast(pa.string())
    }
    for code in scheme.attributes:
        present = code in table.column_names
        columns[code] = (
            table.column(code).cast(pa.string()) if present else pa.nulls(rows, pa.string())
        )
    for code in scheme.facts:
        present = code in table.column_names
        columns[code] = (
            table.column(code).cast(pa.int64()) if present else pa.nulls(rows, pa.int64())
        )
        absent = pa.array([int(State.MISSING)] * rows if not present else [], pa.int8())
        columns[f"{code}__state"] = (
            table.column(f"{code}__state").cast(pa.int8()) if present else absent
        )
    return sorted_by(pa.table(columns), "subject")


def sorted_by(table: pa.Table, key: str) -> pa.Table:
    """Return the table in the order of its key (texts by code point); a no-op when it is so."""
    column = table.column(key)
    return table if _ascending(column, pc.less_equal) else table.take(pc.sort_indices(column))


def _ascending(column: pa.ChunkedArray, holds: Callable[[Any, Any], Any]) -> bool:
    """Return whether `holds` (less, less_equal) is true of every two neighbours."""
    return len(column) < 2 or bool(pc.all(holds(column[:-1], column[1:]), skip_nulls=False).as_py())


def write_facts(path: Path | str, facts: Facts) -> None:
    """Write a snapshot: Parquet whose metadata `wuhao` holds the quanta."""
    content = {"quanta": {code: str(quantum) for code, quantum in sorted(facts.quanta.items())}}
    metadata = {b"wuhao": json.dumps(content).encode()}
    pq.write_table(facts.table.replace_schema_metadata(metadata), path, compression="zstd")


def read_snapshot(path: Path | str) -> Facts | None:
    """Read a snapshot; None when the Parquet file is not one of ours."""
    table = pq.read_table(path)
    metadata = (table.schema.metadata or {}).get(b"wuhao")
    if metadata is None:
        return None
    quanta = json.loads(metadata)["quanta"]
    pa.default_memory_pool().release_unused()  # what unpacking took: half as much again
    return Facts(
        table.replace_schema_metadata(None), {code: Decimal(q) for code, q in quanta.items()}
    )
