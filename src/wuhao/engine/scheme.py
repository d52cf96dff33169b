"""Read a scheme (评价方案) from YAML and check it: every fault at once, with its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from wuhao.engine.digest import scheme_digest
from wuhao.engine.draft import (
    BASIS,
    Draft,
    check_clash,
    check_identifier,
    check_unique,
    each,
    read_attribute,
    read_basis,
    read_doc,
    read_exclusions,
    read_fact,
    read_grade,
    read_quantities,
)
from wuhao.engine.findings import listed, nearest
from wuhao.engine.grades import grade_order, read_grades
from wuhao.engine.groups import Reading, read_groups
from wuhao.engine.marks import Mark, optional, read_checked
from wuhao.engine.model import (
    LACKS,
    Adjustment,
    Basis,
    Group,
    Indicator,
    Kind,
    Scheme,
    Sum,
    TieKey,
)
from wuhao.engine.points import faulty_lines, read_limits, read_points
from wuhao.engine.readings import factor_of, read_among, read_marks, read_quotients
from wuhao.engine.unit_rules import read_units
from wuhao.engine.vocabulary import (
    ABSENT,
    ADJUSTMENTS,
    BENCHMARKS,
    SCORES,
    read_kind,
)
from wuhao.engine.words_more import STATED, UNBENCHED

_TOP = (
    "scheme", "label", "doc", "effective", "subject", "input", "digits", "rank_on", "facts",
    "attributes", "quantities", "evaluation_unit", "scope", "groups", "item", "benchmark",
    "indicators",    "points", "point_limits", "adjustments", "tie_break", "grades",
)  # fmt: skip
_NEEDED = (
    "scheme",
    "label",
    "doc",
    "effective",
    "subject",
    "digits",
    "facts",
    "groups",
    "indicators",
)
_DIGITS = ("value", "benchmark", "ratio", "score")


def load_scheme(path: Path | str) -> Scheme:
    """Read and check a scheme. Raises SchemeError with every finding of the file at once."""
    return read_checked(Path(path), _read)


def _read(top: Mark, path: Path) -> Scheme | None:
    found = top.fields(_TOP, _NEEDED)
    doc = read_doc(found["doc"]) if "doc" in found else {}
    rules = _rules(found)
    head = _head(found, rules["digits"])
    if top.sink.findings:
        return None
    return Scheme(**head, doc=doc, **rules, digest=scheme_digest(top.plain()), path=path)


def _rules(found: dict[str, Mark]) -> dict[str, Any]:
    """Read what the scheme computes; later parts refer to earlier ones."""
    draft, digits = Draft(), _digits(found.get("digits"))
    draft.facts = each(found.get("facts"), read_fact)
    draft.keep_faulty(found.get("facts"), draft.facts)
    draft.attributes = each(found.get("attributes"), read_attribute)
    check_clash(found.get("attributes"), draft)
    read_quantities(found.get("quantities"), draft)
    grades = read_grades(found["grades"]) if "grades" in found else None
    order = grade_order(found.get("grades"))
    rules: dict[str, Any] = {"digits": digits, "grades": grades, "facts": draft.facts}
    rules["attributes"] = draft.attributes
    rules["exclusions"] = read_exclusions(found.get("scope"), draft, order)
    rules["units"] = read_units(found.get("evaluation_unit"), draft, rules["exclusions"])
    rules["indicators"] = draft.indicators = _indicators(found, draft)
    draft.keep_faulty(found.get("indicators"), draft.indicators)
    rules["groups"] = groups = read_groups(
        found.get("groups"), Reading(draft, grades, _own_item, "grades" in found)
    )
    rules["points"] = read_points(found.get("points"), draft, digits)
    faulty = faulty_lines(found.get("points"), rules["points"])
    rules["point_limits"] = read_limits(found.get("point_limits"), rules["points"], digits, faulty)
    rules["adjustments"] = _adjustments(found.get("adjustments"), draft, order)
    rules["ties"] = _ties(found.get("tie_break"), draft)
    _check_benchmarks(found, draft, groups)
    _check_exact(found, draft, digits, groups)
    return rules


def _head(found: dict[str, Mark], digits: dict[str, int]) -> dict[str, Any]:
    """Read what the scheme says of itself and of its table."""
    subject = found["subject"].fields(["column", "label"], ["column"]) if "subject" in found else {}
    given = found["input"].fields(["other_columns"]) if "input" in found else {}
    no_days: tuple[date | None, date | None] = (None, None)
    strangers = optional(given, "other_columns", lambda m: m.choice(["refuse", "ignore"]), "refuse")
    return {
        "code": optional(found, "scheme", Mark.text, ""),
        "label": optional(found, "label", Mark.text, ""),
        "effective": optional(found, "effective", read_effective, no_days),
        "subject": optional(subject, "column", Mark.text, ""),
        "subject_label": optional(subject, "label", Mark.text, ""),
        "other_columns": strangers,
        "rank_digits": _rank_digits(found.get("rank_on"), digits),
    }


def _digits(mark: Mark | None) -> dict[str, int]:
    found = mark.fields(_DIGITS, _DIGITS) if mark is not None else {}
    return {name: found[name].whole(0, 12) if name in found else 12 for name in _DIGITS}


def _rank_digits(mark: Mark | None, digits: dict[str, int]) -> int | None:
    if mark is None:
        return None
    found = mark.fields(["digits"], ["digits"])
    return found["digits"].whole(0, digits["score"]) if "digits" in found else None


def read_effective(mark: Mark) -> tuple[date | None, date | None]:
    """Read the days from and to which a rule is in force."""
    found = mark.fields(["from", "to"], ["from"])
    start = optional(found, "from", Mark.day, None)
    end = optional(found, "to", Mark.day, None)
    if start and end and end <= start:
        found["to"].wrong(f"结束日 {end} 应晚于开始日 {start}。")
    return start, end


def _indicators(found: dict[str, Mark], draft: Draft) -> dict[str, Indicator]:
    defaults: dict[str, Any] = {"absent": {}, "score": None, "benchmark": None, "told": set()}
    if "item" in found:
        item = found["item"].fields(["score", "absent", *BASIS])
        read_basis(found["item"], item)
        if "score" in item:
            defaults["score"] = read_kind(item["score"], SCORES)
            defaults["told"].add("score")
        if "absent" in item:
            defaults["absent"] = _absent(item["absent"])
    if "benchmark" in found:
        defaults["told"].add("benchmark")
        defaults["benchmark"] = read_kind(found["benchmark"], BENCHMARKS, BASIS)
        if found["benchmark"].is_mapping():
            basis = read_basis(found["benchmark"], found["benchmark"].meant(BASIS))
            defaults["benchmark_basis"] = basis
    return each(found.get("indicators"), lambda c, m: _indicator(c, m, draft, defaults))


def _absent(mark: Mark) -> dict[str, str]:
    if not mark.is_mapping():
        return dict.fromkeys(LACKS, mark.choice(ABSENT))
    return {name: inner.choice(ABSENT) for name, inner in mark.fields(LACKS).items()}


def _indicator(code: str, mark: Mark, draft: Draft, defaults: dict[str, Any]) -> Indicator | None:
    check_identifier(code, mark)
    accepted = [
        "label",
        "numerator",
        "denominator",
        "unit",
        "benchmark",
        "score",
        "absent",
        *BASIS,
    ]
    found = mark.fields(accepted, ["unit"])
    basis = read_basis(mark, found)
    score = read_kind(found["score"], SCORES) if "score" in found else defaults["score"]
    numerator = _numerator(mark, found, score, draft)
    denominator = draft.sum(found["denominator"]) if "denominator" in found else None
    benchmark = _benchmark(mark, found, defaults, score)
    absent = {**defaults["absent"], **optional(found, "absent", _absent, {})}
    lacking = [lack for lack in LACKS if lack not in absent]
    if lacking:
        mark.wrong(f"没有值时怎么办？absent 还缺 {listed(lacking)}；接受 {listed(ABSENT)}。")
    if score is None and "score" not in found and "score" not in defaults["told"]:
        mark.wrong("没有写 score，item 里也没有默认的 score。")
    if numerator is None or score is None or benchmark is None or "unit" not in found:
        return None
    if "denominator" in found and denominator is None:
        return None
    factor = factor_of(found["unit"], numerator, denominator)
    return Indicator(
        code=code,
        label=optional(found, "label", Mark.text, code),
        unit=found["unit"].text(),
        numerator=numerator,
        denominator=denominator,
        factor=factor,
        benchmark=benchmark,
        score=score,
        absent=absent,
        basis=basis,
        reads=read_quotients(mark, found, benchmark, score, draft),
        among=read_among(found.get("benchmark", mark), benchmark, draft),
        benchmark_basis=_benchmark_basis(found, benchmark, defaults.get("benchmark_basis")),
        marks=score.params.get("marks", ()),
    )


def _numerator(mark: Mark, found: dict[str, Mark], score: Kind | None, draft: Draft) -> Sum | None:
    """Read what an item measures: an expression, or the marks of its score."""
    if score is not None and "marks" in score.params:
        return read_marks(mark, found, score, draft)
    if "numerator" not in found:
        if score is not None:  # else it may be one that has no numerator
            mark.wrong("缺少“numerator”。")
        return None
    return draft.sum(found["numerator"])


def _own_item(code: str, mark: Mark, common: Indicator, draft: Draft) -> Indicator | None:
    """Read an item as one group judges it; what it does not write is that of all groups."""
    found = mark.fields(["benchmark", "score", "absent", *BASIS])
    basis = read_basis(mark, found)
    if {"benchmark", "score", "absent"}.isdisjoint(found):
        mark.wrong("要写 benchmark、score、absent 中的至少一个，否则与其他组没有不同。")
    score = read_kind(found["score"], SCORES) if "score" in found else common.score
    shared = common.benchmark if common.benchmark.name != "none" else None
    benchmark = _benchmark(mark, found, {"benchmark": shared}, score)
    absent = {**common.absent, **(_absent(found["absent"]) if "absent" in found else {})}
    if score is None or benchmark is None:
        return None
    kinds = (common.benchmark, common.score, benchmark, score)
    if any(kind.params.get("population", "group") not in ("group", "own") for kind in kinds):
        mark.wrong(f"指标“{code}”用了 population: all 或条件（各组一起取数），组内不能另定。")
    if "benchmark" in found and isinstance(benchmark.params.get("value"), dict):
        found["benchmark"].wrong("组内的 value 只写一个数。")
    if score.params.get("marks", ()) != common.marks:
        mark.wrong("组内不能另定 trimmed_mean 的评分：它换了所计的数，请另写一个指标。")
    return replace(
        common,
        benchmark=benchmark,
        score=score,
        absent=absent,
        basis=basis,
        reads=read_quotients(
            mark, {**found, "unit": mark.saying(common.unit)}, benchmark, score, draft
        ),
        among=read_among(found.get("benchmark", mark), benchmark, draft),
        benchmark_basis=_benchmark_basis(found, benchmark, common.benchmark_basis),
    )


def _benchmark(
    mark: Mark, found: dict[str, Mark], defaults: dict[str, Any], score: Kind | None
) -> Kind | None:
    if score is not None and score.name in UNBENCHED:
        if "benchmark" in found:
            found["benchmark"].wrong(f"score 为 {score.name} 时不用 benchmark，请删去。")
        return Kind("none")
    if "benchmark" in found:
        return read_kind(found["benchmark"], BENCHMARKS, BASIS)
    told = "benchmark" in defaults.get("told", ())
    if defaults["benchmark"] is None and score is not None and not told:
        mark.wrong("没有写 benchmark，方案里也没有默认的 benchmark。")
    return defaults["benchmark"]  # type: ignore[no-any-return]


def _benchmark_basis(found: dict[str, Mark], benchmark: Kind, shared: Basis | None) -> Basis | None:
    """Read where a benchmark comes from; an item's own may leave that to the item."""
    if benchmark.name == "none":
        return None
    if "benchmark" not in found:
        return shared
    mark = found["benchmark"]
    given = mark.meant(BASIS)
    return read_basis(mark, given) if given else None


def _adjustments(
    mark: Mark | None, draft: Draft, order: tuple[str, ...] | None
) -> tuple[Adjustment, ...]:
    made = []
    for item in mark.list() if mark is not None else ():
        accepted = ["id", "kind", "label", "when", "to", "up", "uses_quota", *BASIS]
        found = item.fields(accepted, ["id", "kind", "when"])
        basis = read_basis(item, found)
        when = draft.condition(found["when"]) if "when" in found else None
        kind = optional(found, "kind", lambda m: m.choice(ADJUSTMENTS), "veto")
        to = optional(found, "to", lambda m: read_grade(m, order), "")
        up = _steps(item, found, kind, order)
        uses = optional(found, "uses_quota", Mark.flag, kind != "veto")
        if not uses and kind != "veto":
            found["uses_quota"].wrong("只有 veto 可以不占名额。")
        if when is None or "id" not in found:
            continue
        code = found["id"].text()
        check_identifier(code, found["id"])
        label, text = optional(found, "label", Mark.text, code), found["when"].text()
        made.append(Adjustment(code, kind, label, when, text, to, uses, basis, up))
    if mark is not None:
        check_unique(mark, [a.code for a in made])
    return tuple(made)


def _steps(mark: Mark, found: dict[str, Mark], kind: str, order: tuple[str, ...] | None) -> int:
    """Read by how many grades a lift goes up, where it names no grade."""
    if "up" in found and kind != "lift":
        found["up"].wrong("up（提升几档）只用于 lift；接受 to。")
    elif ("up" in found) == ("to" in found):
        words = "to（不低于哪一档）或 up（提升几档），只写其一" if kind == "lift" else "to"
        mark.wrong(f"要写 {words}。")
    most = 99 if order is None else max(len(order) - 1, 1)
    return optional(found, "up", lambda m: m.whole(1, most), 0)


def _ties(mark: Mark | None, draft: Draft) -> tuple[TieKey, ...]:
    words = [m for m in mark.list()] if mark is not None else []
    names = [m.text() for m in words]
    if mark is not None and (names[:1] != ["total"] or names[-1:] != ["subject"] or len(names) < 2):
        mark.wrong("排序应以 total 开头，以 subject（主体代码升序）结尾。")
    made = []
    for word, name in list(zip(words, names, strict=True))[1:-1]:
        if name in draft.indicators:
            made.append(TieKey(name, "indicator"))
        elif name in draft.facts or name in draft.quantities:
            made.append(TieKey(name, "quantity", draft.sum(word)))
        elif name not in draft.faulty:
            known = [*draft.indicators, *draft.facts, *draft.quantities]
            word.wrong(f"没有名为“{name}”的指标或数据项{nearest(name, known)}")
    return tuple(made)


def _check_benchmarks(found: dict[str, Mark], draft: Draft, groups: tuple[Group, ...]) -> None:
    """A fixed benchmark by group must name every group that uses the indicator."""
    mark = found.get("indicators") or found.get("scheme")
    if mark is None:
        return  # that both are lacking has been said
    for code, indicator in draft.indicators.items():
        value = indicator.benchmark.params.get("value")
        users = [g for group in groups for g in group.written() if g.uses(code)]
        if not users:
            mark.wrong(f"指标“{code}”没有任何组使用，请删去或给它权重。")
        users = [g for g in users if g.item(indicator).benchmark == indicator.benchmark]
        if isinstance(value, dict):
            named = [g.code for g in users]
            # The group of a value may have that of the group it is made from.
            needed = {c for c in named if c.partition(":")[0] not in named or ":" not in c}
            makers = {g.code for g in users if g.by} | {c.partition(":")[0] for c in named}
            extra = {c for c in value if c.partition(":")[0] in makers and ":" in c}
            if set(value) - extra != needed - extra:
                mark.wrong(
                    f"指标“{code}”的 benchmark 应给出这些组：{listed(sorted(needed))}；"
                    f"现有 {listed(value)}。"
                )


def _check_exact(
    found: dict[str, Mark], draft: Draft, digits: dict[str, int], groups: tuple[Group, ...]
) -> None:
    """Numbers that the scheme states must be exact at the digits in which they are used."""
    mark = found.get("indicators") or found.get("scheme")
    if mark is None:
        return  # that both are lacking has been said
    own = [item for g in groups for one in g.written() for item in one.items.values()]
    for item in (*draft.indicators.values(), *own):
        code, value = item.code, item.benchmark.params.get("value", {})
        stated = [
            ("benchmark", v) for v in (value.values() if isinstance(value, dict) else [value])
        ]
        stated += [
            (kind, item.score.params[name])
            for name, kind in STATED.items()
            if isinstance(item.score.params.get(name), Decimal)
        ]
        for bound, worth in item.score.params.get("table", {}).items():
            stated += [("value", bound), ("ratio", worth)]
        for kind, number in stated:
            if (Fraction(number) * 10 ** digits[kind]).denominator != 1:
                mark.wrong(f"指标“{code}”的 {number} 超过 digits.{kind} 的 {digits[kind]} 位小数。")
