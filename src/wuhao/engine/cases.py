"""Cases of a scheme: what a document's own worked example gives, in YAML that anybody can read.

A file names its scheme and lists cases: `given` subjects with their facts (a bare number is in the
fact's unit; `30 亩`, `未报`, `不适用` may stand there too), and what is `expected` of them. An
expected number is compared after rounding half up to the decimals in which it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa

from wuhao.engine.draft import BASIS, read_basis
from wuhao.engine.evaluate import evaluate
from wuhao.engine.exact import INT64_MAX, parse_decimal, quantise, show
from wuhao.engine.facts import Facts, State, conform
from wuhao.engine.facts_read import MISSING_WORDS, NOT_APPLICABLE_WORDS
from wuhao.engine.findings import Finding, SchemeError, nearest
from wuhao.engine.marks import Mark, Sink, compose
from wuhao.engine.model import Attribute, Basis, Fact, Scheme
from wuhao.engine.outcome import Outcome
from wuhao.engine.scheme import load_scheme
from wuhao.engine.units import ONE, parse_unit
from wuhao.engine.verbs.points import shown
from wuhao.engine.verbs.score import EXTRA

_SCORES = ("score", "points", "base_total", "total", "unit_total", "joint_total")
WORDS = ("group", "excluded", "ungraded", "original_grade", "grade", "adjustments", "flag")
COUNTS = ("rank", "group_size", "base_size")
ITEM = ("value", "benchmark", "score", "note")
UNIT = ("", "_total", "_rank", "_grade", "_members")
NOTHING = "无"


@dataclass(frozen=True)
class Expected:
    """One expectation: of a subject, in a column of the results, and where it stands."""

    subject: str
    column: str
    text: str
    line: int


@dataclass(frozen=True)
class Case:
    """A worked example: where it comes from, the facts given, and what must come out."""

    name: str
    basis: Basis
    line: int
    facts: Facts
    expected: tuple[Expected, ...]


@dataclass(frozen=True)
class CaseFile:
    """The cases of one scheme."""

    path: Path
    scheme: Scheme
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of a case: a sentence for every expectation that was not met."""

    case: Case
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def load_cases(path: Path | str) -> CaseFile:
    """Read a file of cases and its scheme. Raises SchemeError with every finding at once."""
    path = Path(path)
    sink = Sink(path.name)
    top = compose(path, sink)
    if top is not None and (told := _not_cases(path, top.names())):
        raise SchemeError([Finding(path.name, 0, "", told)])
    found = top.fields(["scheme", "document", "cases"], ["scheme", "cases"]) if top else {}
    if "scheme" not in found or "cases" not in found:
        raise SchemeError(sink.findings)
    scheme = load_scheme(path.parent / found["scheme"].text())
    reading = _Reading(scheme)
    marks = list(found["cases"].list())
    cases = [case for mark in marks if (case := reading.case(mark))]
    _check_names(marks)
    if sink.findings:
        raise SchemeError(sink.findings)
    return CaseFile(path, scheme, tuple(cases))


def _not_cases(path: Path, names: set[str]) -> str:
    """Say what a file without cases is, where it is a scheme or an index; else nothing."""
    if "cases" in names or {"index", "indicators", "groups"}.isdisjoint(names):
        return ""
    if "index" in names:
        return "这是综合指数，不是算例；算例是按方案写的。"
    cases = path.with_suffix(".cases.yaml")
    there = "" if cases.exists() else "，现在还没有，请先写"
    return f"这是方案，不是算例；要给出的是它的算例文件“{cases}”{there}。"


def _check_names(marks: Sequence[Mark]) -> None:
    """Two cases of one name could not be told apart in what is printed."""
    seen: dict[str, int] = {}
    for mark in marks:
        name = dict(mark.items()).get("name") if mark.is_mapping() else None
        if name is None:
            continue
        if first := seen.get(name.text()):
            name.wrong(f"第 {first} 行已有名为“{name.text()}”的算例，请给其中一个换一个名称。")
        seen.setdefault(name.text(), name.line)


def run_cases(file: CaseFile) -> Iterator[Verdict]:
    """Evaluate every case by the scheme and compare."""
    for case in file.cases:
        outcome = evaluate(file.scheme, case.facts, threads=1)
        said = (_difference(file, outcome, one) for one in case.expected)
        yield Verdict(case, tuple(sentence for sentence in said if sentence))


def _difference(file: CaseFile, outcome: Outcome, one: Expected) -> str:
    row = outcome.row(one.subject) or {}
    found = _shown(file.scheme, one, row.get(one.column))
    if found == one.text:
        return ""
    place = f"{file.path.name}:{one.line}"
    return f"{place}：{one.subject} 的 {one.column} 应为 {one.text}，算得 {found}。"


def _shown(scheme: Scheme, one: Expected, value: Any) -> str:
    """The result as the case writes it: to the same decimals, or in words."""
    if value is None:
        return NOTHING
    digits = _digits(scheme, one.column)
    if digits is None or one.text == NOTHING:
        return str(value)
    places = -int(Decimal(one.text).as_tuple().exponent)
    return show(value, digits, places) if places <= digits else show(value, digits)


def _digits(scheme: Scheme, column: str) -> int | None:
    """The decimals that a column of the results is kept in; None for words and counts."""
    name = column.rpartition("__")[2]
    if name in ("value", "lowest", "highest"):
        return scheme.digits["value"]
    if name == "benchmark":
        return scheme.digits["benchmark"]
    if name == "factor":
        return scheme.digits["ratio"]
    return scheme.digits["score"] if name in _SCORES else None


def _parts(scheme: Scheme, code: str) -> list[str]:
    """Return what can be expected of an item; a score by position or rank tells more."""
    extra = [name for way in scheme.ways(code) for name in EXTRA.get(way.score.name, ())]
    return [*ITEM, *dict.fromkeys(extra)]


def unit_words(scheme: Scheme) -> list[str]:
    """Return how the columns of evaluation units begin."""
    rules = scheme.units.rules if scheme.units else ()
    words = ["unit"] if rules else []
    return [*words, *(["joint"] if any(rule.separately for rule in rules) else [])]


class _Reading:
    """Reads the cases of one scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        items = [f"{code}__{name}" for code in scheme.indicators for name in _parts(scheme, code)]
        branches = [f"{branch.code}__score" for branch in scheme.branches()]
        points = [name for name, _ in shown(scheme)]
        points += ["base_total"] if scheme.points else []
        exemptions = ["exemption", "counts_as"] if scheme.exempts() else []
        units = [f"{word}{part}" for word in unit_words(scheme) for part in UNIT]
        self.columns = ["total", *COUNTS, *WORDS, *exemptions, *units, *items, *branches, *points]

    def case(self, mark: Mark) -> Case | None:
        found = mark.fields(
            ["name", "given", "expected", "note", *BASIS], ["name", "given", "expected"]
        )
        basis = read_basis(mark, found)
        if not {"name", "given", "expected"} <= set(found):
            return None
        rows = [row for inner in found["given"].list() if (row := self._given(inner))]
        facts = self._facts(rows)
        subjects = [row["subject"] for row in rows]
        expected = [
            e for inner in found["expected"].list() for e in self._expected(inner, subjects)
        ]
        if not rows:
            found["given"].wrong("至少要写一个主体。")
        elif not expected:
            found["expected"].wrong("没有写应得的结果，这个算例什么也检验不了。")
        for twice in sorted({s for s in subjects if subjects.count(s) > 1}):
            found["given"].wrong(f"主体“{twice}”写了两次。")
        if mark.sink.findings:
            return None
        conformed = conform(facts, self.scheme, mark.sink.file)
        return Case(found["name"].text(), basis, mark.line, conformed, tuple(expected))

    def _given(self, mark: Mark) -> dict[str, Any] | None:
        known = {**self.scheme.facts, **self.scheme.attributes}
        found = mark.fields(["subject", *known], ["subject"])
        if "subject" not in found:
            return None
        row: dict[str, Any] = {"subject": found.pop("subject").text()}
        for code, inner in found.items():
            if code in self.scheme.attributes:
                row[code] = _attribute(inner, self.scheme.attributes[code])
            else:
                row[code], row[f"{code}__state"] = _number(inner, self.scheme.facts[code])
        return row

    def _facts(self, rows: list[dict[str, Any]]) -> Facts:
        columns: dict[str, pa.Array] = {"subject": pa.array([r["subject"] for r in rows])}
        for code in self.scheme.attributes:
            columns[code] = pa.array([row.get(code) for row in rows], pa.string())
        for code in self.scheme.facts:
            states = [int(row.get(f"{code}__state", State.MISSING)) for row in rows]
            columns[code] = pa.array([row.get(code) for row in rows], pa.int64())
            columns[f"{code}__state"] = pa.array(states, pa.int8())
        return Facts(pa.table(columns), self.scheme.quanta())

    def _expected(self, mark: Mark, subjects: list[str]) -> Iterator[Expected]:
        subject = ""
        for name, inner in mark.items():
            if name == "subject":
                subject = inner.choice(subjects) if subjects else inner.text()
            elif name in self.scheme.indicators and inner.is_mapping():
                for part, value in inner.fields(_parts(self.scheme, name)).items():
                    yield self._one(subject, f"{name}__{part}", value)
            elif name in self.columns:
                yield self._one(subject, name, inner)
            else:
                known = ["subject", *self.scheme.indicators, *self.columns]
                inner.wrong(f"结果里没有“{name}”{nearest(name, known)}")
        if not subject:
            mark.wrong("缺少“subject”，并且它要写在最前。")

    def _one(self, subject: str, column: str, mark: Mark) -> Expected:
        text = _text(mark)
        number = _digits(self.scheme, column) is not None
        if number and text != NOTHING and parse_decimal(text) is None:
            mark.wrong(f"“{text}”不是数，应写成 61.50 这样的小数；没有值写“{NOTHING}”。")
        return Expected(subject, column, text, mark.line)


def _text(mark: Mark) -> str:
    return NOTHING if mark.is_null() else mark.text()


def _attribute(mark: Mark, attribute: Attribute) -> str | None:
    if mark.is_null():
        return None
    return mark.choice(attribute.values) if attribute.values else mark.text()


def _number(mark: Mark, fact: Fact) -> tuple[int | None, State]:
    """A fact in quanta: a bare number in its own unit, or a number with another unit."""
    if mark.is_null() or mark.text().strip() in MISSING_WORDS:
        return None, State.MISSING
    text = mark.text().strip()
    if text in NOT_APPLICABLE_WORDS:
        return None, State.NOT_APPLICABLE
    number, _, unit_text = text.partition(" ")
    value, own = parse_decimal(number), parse_unit(fact.unit) or ONE
    unit = parse_unit(unit_text) if unit_text else own
    if value is None or unit is None or unit.dimensions != own.dimensions:
        mark.wrong(f"“{text}”不是{fact.label}的数，应写成 120 或“120 {fact.unit}”。")
        return None, State.MISSING
    quanta = quantise(Fraction(value) * unit.factor / own.factor, fact.digits)
    if abs(quanta) > INT64_MAX:
        mark.wrong(f"“{text}”太大，超出 64 位整数。")
        return None, State.MISSING
    return (quanta, State.VALUE) if quanta else (None, State.ZERO)
