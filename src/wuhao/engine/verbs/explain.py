"""explain: the trace of every subject, one row each, with its codes in words.

Takes the stored tables of items, totals and places, which are in key order, side by side; no join
is needed. Columns and their order are those of docs/engine/results.md. Texts other than the subject
are dictionaries: 50 million notes are then a byte each, and no word is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine.model import LACKS, Scheme
from wuhao.engine.verbs.points import shown
from wuhao.engine.verbs.score import EXTRA
from wuhao.engine.verbs.scores.common import NOTES
from wuhao.engine.vocabulary import EXEMPTIONS

INT8_MAX = 127


def explain(
    scheme: Scheme, subjects: pa.ChunkedArray, items: pa.Table, totals: pa.Table, places: pa.Table
) -> pa.Table:
    """Return the results: one row per subject in key order, final names.

    Integers are as narrow as they were stored; Parquet gets them in eight bytes.
    """

    def column(name: str) -> pa.ChunkedArray:
        return next(t for t in (places, totals, items) if name in t.column_names).column(name)

    groups = ["", *(group.code for group in scheme.groups)]
    out: dict[str, pa.ChunkedArray] = {
        "subject": subjects,
        "group": _words(column("group_no"), groups),
        "excluded": _excluded(scheme, column("excluded_no"), column("group_no")),
        **_exemptions(scheme, column("excluded_no")),
        "ungraded": _decoded(column("ungraded_no"), lambda code: ungraded_word(scheme, code)),
    }
    for item in scheme.indicators.values():
        out |= {name: column(name) for name in item_columns(scheme, item.code)}
        out[f"{item.code}__note"] = _words(column(f"{item.code}__note"), list(NOTES))
    for branch in scheme.branches():
        out[f"{branch.code}__score"] = column(f"{branch.code}__score")
    for name in _counted(scheme):
        out[name] = column(name)
    grades = ["", *(scheme.grades.order if scheme.grades else ())]
    out["original_grade"] = _words(column("original_no"), grades)
    out["grade"] = _words(column("grade_no"), grades)
    out["adjustments"] = _decoded(column("rules"), lambda bits: rules_word(scheme, bits))
    out["flag"] = _words(column("near_border"), ["", "near_border"])
    return pa.table(out)


def item_columns(scheme: Scheme, code: str) -> list[str]:
    """Return the columns of numbers that an item has in the results, in whatever way judged."""
    ways = scheme.ways(code)
    benchmark = ("benchmark",) if any(way.benchmark.name != "none" for way in ways) else ()
    extra = dict.fromkeys(name for way in ways for name in EXTRA.get(way.score.name, ()))
    return [f"{code}__{name}" for name in ("num", "den", "value", *benchmark, "score", *extra)]


def _counted(scheme: Scheme) -> list[str]:
    """Return the columns from points to sizes."""
    lines = [name for name, _ in shown(scheme)]
    return [*lines, *(["base_total"] if lines else []), "total", "rank", "group_size", "base_size"]


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


def _excluded(scheme: Scheme, number: pa.ChunkedArray, group: pa.ChunkedArray) -> pa.ChunkedArray:
    words = ["", *(rule.code for rule in scheme.exclusions), "no_group"]
    lost = pc.and_(pc.equal(number, 0), pc.equal(group, 0))
    return _words(pc.if_else(lost, pa.scalar(len(words) - 1, number.type), number), words)


def _exemptions(scheme: Scheme, number: pa.ChunkedArray) -> dict[str, pa.ChunkedArray]:
    """Return the class of exemption and the grade it counts as, where the scheme has classes."""
    if not scheme.exempts():
        return {}
    grades = scheme.grades.order if scheme.grades else ()
    classes = [rule.exemption for rule in scheme.exclusions]
    counted = [rule.counts_as for rule in scheme.exclusions]
    return {
        "exemption": _looked_up(number, classes, ["", *EXEMPTIONS]),
        "counts_as": _looked_up(number, counted, ["", *grades]),
    }


def _looked_up(
    number: pa.ChunkedArray, by_number: Sequence[str], words: Sequence[str]
) -> pa.ChunkedArray:
    """Let numbers stand for words through a list that may name a word twice; 0 is no word."""
    places = pa.array([0, *(words.index(word) for word in by_number)], pa.int32())
    return _words(pa.chunked_array([places.take(c) for c in number.chunks], pa.int32()), words)


def _words(column: pa.ChunkedArray, words: Sequence[str]) -> pa.ChunkedArray:
    """Let numbers stand for words; number 0 is the empty word and becomes null."""
    type_ = pa.int8() if len(words) <= INT8_MAX else pa.int32()
    numbers = column.cast(type_)
    return _dictionary(pc.if_else(pc.equal(numbers, 0), pa.scalar(None, type_), numbers), words)


def _decoded(column: pa.ChunkedArray, word: Callable[[int], str]) -> pa.ChunkedArray:
    """Let numbers stand for words that are made once for each number; no word becomes null."""
    made = {code: word(int(code)) for code in pc.unique(column).drop_null().to_pylist()}
    words = {code: text for code, text in made.items() if text}
    places = pc.index_in(column, value_set=pa.array(list(words), column.type))
    return _dictionary(places, list(words.values()))


def _dictionary(numbers: pa.ChunkedArray, words: Sequence[str]) -> pa.ChunkedArray:
    """Return texts as numbers and a list of words: a word is stored once."""
    named = pa.array(words, pa.string())
    made = [pa.DictionaryArray.from_arrays(chunk, named) for chunk in numbers.chunks]
    return pa.chunked_array(made, pa.dictionary(numbers.type, pa.string()))
