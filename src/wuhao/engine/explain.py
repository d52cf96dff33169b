"""Explain: how one subject came to its total and grade, as plain records to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from wuhao.engine import wording
from wuhao.engine.facts import State
from wuhao.engine.model import Fact, Group, Indicator, Part, PointLimit, Points, Scheme, Sum
from wuhao.engine.outcome import Line
from wuhao.engine.ratios import most_of, ratio_in
from wuhao.engine.verbs.score import leaf_weight


@dataclass(frozen=True)
class FactShown:
    """A fact behind an item: exact value in its unit, or the state that stands for it."""

    code: str
    label: str
    unit: str
    value: Decimal | None
    state: State
    note: str = ""  # how an absent value is counted, or why a unit has none


@dataclass(frozen=True)
class MethodShown:
    """How a value became a ratio: the words of the scheme, and what a place was taken among."""

    score: str = "ratio"
    params: Mapping[str, Any] = field(default_factory=dict)
    benchmark: str = "total_over_total"
    benchmark_params: Mapping[str, Any] = field(default_factory=dict)
    lowest: Decimal | None = None
    highest: Decimal | None = None
    rank: int | None = None
    ideal: Decimal | None = None
    level: Decimal | None = None
    growth: Decimal | None = None


@dataclass(frozen=True)
class ItemShown:
    """One item: facts, value, benchmark, ratio, cap, score, weight, basis, note."""

    code: str
    label: str
    unit: str
    formula: str
    numerator: tuple[FactShown, ...]
    denominator: tuple[FactShown, ...]
    value: Decimal | None
    benchmark: Decimal | None
    ratio: Decimal | None
    cap: Decimal | None
    capped: bool
    score: Decimal | None
    weight: Decimal
    full: Decimal
    article: str | None
    status: str | None
    note: str | None
    note_text: str
    method: MethodShown = MethodShown()
    benchmark_basis: str = ""  # where the benchmark comes from, where not where the item does


@dataclass(frozen=True)
class BranchShown:
    """A level between items and total."""

    code: str
    label: str
    aggregate: str
    score: Decimal | None
    weight: Decimal


@dataclass(frozen=True)
class AdjustmentShown:
    """A rule that applied to the subject."""

    code: str
    kind: str
    label: str
    to: str
    text: str
    article: str | None
    status: str | None


@dataclass(frozen=True)
class PointsShown:
    """A line of points: what it changed; of a factor also what the total was multiplied by."""

    code: str
    kind: str
    label: str
    points: Decimal | None
    text: str
    article: str | None
    status: str | None
    factor: Decimal | None = None


@dataclass(frozen=True)
class UnitShown:
    """A unit that the subject is in: its head, what it has got, and its members at the head."""

    kind: str  # "unit", or "joint" where the members are also evaluated each
    head: str
    total: Decimal | None
    rank: int | None
    grade: str | None
    members: tuple[str, ...]


@dataclass(frozen=True)
class LineShown:
    """The border of a grade: the total of the last one in; None when nobody is."""

    grade: str
    total: Decimal | None


@dataclass(frozen=True)
class Explanation:
    """The whole trace of one subject; without a total no border of a grade concerns it."""

    subject: str
    group: str | None
    group_label: str
    excluded: str | None
    excluded_text: str
    ungraded: str | None
    ungraded_text: str
    items: tuple[ItemShown, ...]
    branches: tuple[BranchShown, ...]
    adjustments: tuple[AdjustmentShown, ...]
    total: Decimal | None
    rank: int | None
    group_size: int | None
    base_size: int | None
    original_grade: str | None
    grade: str | None
    flag: str | None
    lines: tuple[LineShown, ...]
    exemption: str | None = None
    counts_as: str | None = None
    points: tuple[PointsShown, ...] = ()
    base_total: Decimal | None = None
    units: tuple[UnitShown, ...] = ()
    graded: bool = True  # whether the scheme gives grades


def explain(
    scheme: Scheme,
    row: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
    lines: Sequence[Line] = (),
) -> Explanation:
    """Return the trace of one row of the results; `facts` is the subject's row of the snapshot."""
    group = scheme.group(row["group"]) if row["group"] else None
    judged = group is not None and row["excluded"] is None
    items = [_item(scheme, leaf, row, facts or {}) for leaf in group.root.leaves()] if group else []
    codes = row["adjustments"].split(",") if row["adjustments"] else []
    return Explanation(
        subject=row["subject"],
        group=row["group"],
        group_label=group.label if group else "",
        excluded=row["excluded"],
        excluded_text=wording.excluded_text(scheme, row["excluded"]),
        ungraded=row["ungraded"],
        ungraded_text=wording.ungraded_text(scheme, row["ungraded"]),
        items=tuple(items) if judged else (),
        branches=_branches(scheme, group, row) if group and judged else (),
        adjustments=tuple(_adjustment(scheme, code) for code in codes),
        total=_decimal(row["total"], scheme.digits["score"]),
        rank=row["rank"],
        group_size=row["group_size"],
        base_size=row["base_size"],
        original_grade=row["original_grade"],
        grade=row["grade"],
        flag=row["flag"],
        lines=() if row["total"] is None else _borders(scheme, row["group"], lines),
        exemption=row.get("exemption"),
        counts_as=row.get("counts_as"),
        points=_points(scheme, row) if judged else (),
        base_total=_decimal(row.get("base_total"), scheme.digits["score"]),
        units=tuple(_unit(scheme, word, row) for word in ("unit", "joint") if row.get(word)),
        graded=scheme.grades is not None,
    )


def _unit(scheme: Scheme, word: str, row: Mapping[str, Any]) -> UnitShown:
    members = row[f"{word}_members"]
    return UnitShown(
        word,
        row[word],
        _decimal(row[f"{word}_total"], scheme.digits["score"]),
        row[f"{word}_rank"],
        row[f"{word}_grade"],
        tuple(members.split(",")) if members else (),
    )


def _decimal(quanta: int | None, digits: int) -> Decimal | None:
    return None if quanta is None else Decimal(quanta).scaleb(-digits)


def _borders(scheme: Scheme, group: str | None, lines: Sequence[Line]) -> tuple[LineShown, ...]:
    digits = scheme.digits["score"] if scheme.rank_digits is None else scheme.rank_digits
    return tuple(
        LineShown(line.grade, _decimal(line.standing, digits))
        for line in lines
        if line.group == group
    )


def _item(
    scheme: Scheme, leaf: Part, row: Mapping[str, Any], facts: Mapping[str, Any]
) -> ItemShown:
    digits = scheme.digits
    item = scheme.group(row["group"]).item(scheme.indicators[leaf.code])
    cell = {n: row.get(f"{leaf.code}__{n}") for n in ("value", "benchmark", "score", "note")}
    cap, joined = most_of(item.score), bool(row.get("unit_members"))
    full = _full(scheme, leaf.code, row["group"]) * Fraction(cap)
    return ItemShown(
        code=item.code,
        label=item.label,
        unit=item.unit,
        formula=wording.formula_text(item),
        numerator=_facts(scheme, item.numerator, facts, joined),
        denominator=_facts(scheme, item.denominator, facts, joined) if item.denominator else (),
        value=_decimal(cell["value"], digits["value"]),
        benchmark=_decimal(cell["benchmark"], digits["benchmark"]),
        ratio=_decimal(ratio_in(scheme, item, row), digits["ratio"]),
        cap=cap,
        capped=cell["note"] == "capped",
        score=_decimal(cell["score"], digits["score"]),
        weight=_exact(leaf.weight),
        full=_exact(full),
        article=item.basis.article,
        status=item.basis.status,
        note=cell["note"],
        note_text=wording.note_text(item, cell["note"]),
        method=_method(scheme, item, row),
        benchmark_basis=wording.benchmark_basis_text(item),
    )


def _method(scheme: Scheme, item: Indicator, row: Mapping[str, Any]) -> MethodShown:
    def shown(name: str, digits: str) -> Decimal | None:
        return _decimal(row.get(f"{item.code}__{name}"), scheme.digits[digits])

    return MethodShown(
        score=item.score.name,
        params=item.score.params,
        benchmark=item.benchmark.name,
        benchmark_params=item.benchmark.params,
        lowest=shown("lowest", "value"),
        highest=shown("highest", "value"),
        rank=row.get(f"{item.code}__rank"),
        ideal=shown("ideal", "value"),
        level=shown("level", "ratio"),
        growth=shown("growth", "ratio"),
    )


def _full(scheme: Scheme, code: str, group: str) -> Fraction:
    return leaf_weight(scheme.group(group).root, code)


def _exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _facts(
    scheme: Scheme, found: Sum, row: Mapping[str, Any], joined: bool
) -> tuple[FactShown, ...]:
    shown = []
    for code in found.facts():
        fact = scheme.facts[code]
        state = State(row.get(f"{code}__state", State.MISSING))
        value = _decimal(row.get(code), fact.digits)
        if state == State.ZERO:
            value = Decimal(0)
        note = _fact_note(scheme, fact, state, joined)
        shown.append(FactShown(code, fact.label, fact.unit, value, state, note))
    return tuple(shown)


def _fact_note(scheme: Scheme, fact: Fact, state: State, joined: bool) -> str:
    """Say how an absent value is counted, and why a unit has none."""
    treated = {State.MISSING: fact.missing, State.NOT_APPLICABLE: fact.not_applicable}
    if treated.get(state) == "zero":
        return "按零计"
    units = scheme.units
    if units is None or not joined or state != State.MISSING:
        return ""
    added = units.joins[fact.code] != "head" and units.missing[fact.code] == "unknown"
    return "评价单元有成员未报，不能合计" if added else ""


def _branches(scheme: Scheme, group: Group, row: Mapping[str, Any]) -> tuple[BranchShown, ...]:
    digits = scheme.digits["score"]
    return tuple(
        BranchShown(
            branch.code,
            branch.label,
            branch.kind,
            _decimal(row.get(f"{branch.code}__score"), digits),
            _exact(branch.weight),
        )
        for branch in group.root.branches()[:-1]
    )


def _points(scheme: Scheme, row: Mapping[str, Any]) -> tuple[PointsShown, ...]:
    return tuple(_points_line(scheme, line, row) for line in scheme.point_lines())


def _points_line(scheme: Scheme, line: Points | PointLimit, row: Mapping[str, Any]) -> PointsShown:
    factor = _decimal(row.get(f"{line.code}__factor"), scheme.digits["ratio"])
    return PointsShown(
        line.code,
        line.kind if isinstance(line, Points) else "limit",
        line.label,
        _decimal(row.get(f"{line.code}__points"), scheme.digits["score"]),
        wording.points_text(line, factor),
        line.basis.article,
        line.basis.status,
        factor,
    )


def _adjustment(scheme: Scheme, code: str) -> AdjustmentShown:
    rule = next(rule for rule in scheme.adjustments if rule.code == code)
    text = wording.adjustment_text(rule)
    basis = rule.basis
    return AdjustmentShown(code, rule.kind, rule.label, rule.to, text, basis.article, basis.status)
