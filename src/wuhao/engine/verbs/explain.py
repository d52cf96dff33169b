"""explain: the trace of every subject, one row each, and its codes in words.

The trace holds integers only; `in_words` turns group, reason, note and grade numbers into text and
puts the columns into the order of docs/engine/results.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine import ir
from wuhao.engine.model import LACKS, Scheme
from wuhao.engine.verbs.score import NOTES

PLACED = ("rank", "group_size", "base_size", "original_no", "grade_no", "near_border")


def explain(scheme: Scheme, totalled: ir.Table, graded: ir.Table) -> ir.Table:
    """Join what was ranked and graded to the items, and keep the columns of the trace."""
    joined = ir.Matched(totalled, graded, "subject_no", PLACED)
    return ir.Pick(joined, ("subject_no", *_trace(scheme), *PLACED))


def _trace(scheme: Scheme) -> list[str]:
    names = ["group_no", "excluded_no", "ungraded_no", "rules", "total"]
    for item in scheme.indicators.values():
        names += [f"{item.code}__{c}" for c in ("num", "den", "value", "score", "note")]
        if item.benchmark.name != "none":
            names.append(f"{item.code}__benchmark")
    return names + [f"{branch.code}__score" for branch in scheme.branches()]


def in_words(scheme: Scheme, trace: pa.Table, subjects: pa.ChunkedArray) -> pa.Table:
    """Return the results: one row per subject in key order, final names and types."""
    column = trace.column
    groups = ["", *(group.code for group in scheme.groups)]
    out: dict[str, pa.Array | pa.ChunkedArray] = {
        "subject": subjects,
        "group": _words(column("group_no"), groups),
        "excluded": _excluded(scheme, trace),
        "ungraded": _decoded(column("ungraded_no"), lambda code: ungraded_word(scheme, code)),
    }
    for item in scheme.indicators.values():
        for name in ("num", "den", "value", "benchmark", "score"):
            if f"{item.code}__{name}" in trace.column_names:
                out[f"{item.code}__{name}"] = _whole(column(f"{item.code}__{name}"))
        out[f"{item.code}__note"] = _words(column(f"{item.code}__note"), list(NOTES))
    for branch in scheme.branches():
        out[f"{branch.code}__score"] = _whole(column(f"{branch.code}__score"))
    for name in ("total", "rank", "group_size", "base_size"):
        out[name] = _whole(column(name))
    grades = ["", *(scheme.grades.order if scheme.grades else ())]
    out["original_grade"] = _words(column("original_no"), grades)
    out["grade"] = _words(column("grade_no"), grades)
    out["adjustments"] = _decoded(column("rules"), lambda bits: rules_word(scheme, bits))
    out["flag"] = _words(column("near_border"), ["", "near_border"])
    return pa.table(out)


def ungraded_word(scheme: Scheme, code: int) -> str:
    """Return `zero_denominator:tax_per_mu` for the code of a reason; "" for none."""
    if not code:
        return ""
    item = list(scheme.indicators)[code // 10 - 1]
    return f"{LACKS[code % 10 - 1]}:{item}"


def rules_word(scheme: Scheme, bits: int) -> str:
    """Return the codes of the adjustments whose bits are set, joined by commas."""
    hits = [rule.code for at, rule in enumerate(scheme.adjustments) if bits >> at & 1]
    return ",".join(hits)


def _excluded(scheme: Scheme, trace: pa.Table) -> pa.Array:
    words = ["", *(rule.code for rule in scheme.exclusions), "no_group"]
    number = _whole(trace.column("excluded_no"))
    lost = pc.and_(pc.equal(number, 0), pc.equal(trace.column("group_no"), 0))
    return _words(pc.if_else(lost, len(words) - 1, number), words)


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if column.type == pa.int64() else column.cast(pa.int64())


def _words(column: pa.ChunkedArray, words: Sequence[str]) -> pa.ChunkedArray:
    """Replace numbers by words; the empty word becomes null."""
    named = pa.array([word or None for word in words], pa.string())
    return pa.chunked_array([named.take(_whole(column).combine_chunks())])


def _decoded(column: pa.ChunkedArray, word: Callable[[int], str]) -> pa.ChunkedArray:
    """Replace numbers by words that are made once for each number that occurs."""
    encoded = _whole(column).combine_chunks().dictionary_encode()
    named = [
        word(code) or None if code is not None else None for code in encoded.dictionary.to_pylist()
    ]
    return pa.chunked_array([pa.array(named, pa.string()).take(encoded.indices)])
