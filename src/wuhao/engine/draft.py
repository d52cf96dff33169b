"""The parts of a scheme that others refer to: facts, attributes, quantities, exclusions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from wuhao.engine.exact import quantum_digits
from wuhao.engine.expression import (
    Condition,
    ExpressionError,
    Names,
    Polynomial,
    parse_arithmetic,
    parse_condition,
)
from wuhao.engine.findings import listed, nearest
from wuhao.engine.marks import Mark, optional
from wuhao.engine.model import Attribute, Basis, Fact, Indicator, Rule, Sum
from wuhao.engine.sums import UnitMismatch, check_quantities, to_sum
from wuhao.engine.units import parse_unit, unknown_unit
from wuhao.engine.vocabulary import DOC_STATUSES, EXEMPTIONS, STATUSES

BASIS = ("article", "status")


class FaultyName(Exception):
    """An expression uses a part of the file whose own fault has been told already."""


@dataclass
class Draft:
    """What has been read so far; later parts refer to earlier ones."""

    facts: dict[str, Fact] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    quantities: dict[str, Polynomial] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    """Names that the file has, of parts that cannot be read: their own fault has been told."""

    def keep_faulty(self, mark: Mark | None, read: dict[str, Any]) -> None:
        """Remember which names of a part are written and could not be read."""
        if mark is not None:
            self.faulty |= mark.names() - set(read)

    def lookup(self, name: str) -> Polynomial:
        """Return the polynomial of a fact or a quantity."""
        if name in self.quantities:
            return self.quantities[name]
        if name in self.facts:
            return Polynomial.of({(name,): Fraction(1)})
        if name in self.faulty:
            raise FaultyName(name)
        known = [*self.facts, *self.quantities]
        raise ExpressionError(f"没有名为“{name}”的数据项{nearest(name, known)}")

    def sum(self, mark: Mark) -> Sum | None:
        """Read an arithmetic expression into an integer sum with a unit."""
        return self.sum_of(mark.text(), mark)

    def sum_of(self, text: str, mark: Mark) -> Sum | None:
        """Read an expression that may be written elsewhere than at the mark of its faults."""
        try:
            polynomial = parse_arithmetic(text, self.lookup)
            return to_sum(text, polynomial, self.facts)
        except FaultyName:
            return None
        except (ExpressionError, UnitMismatch) as error:
            mark.wrong(str(error))
            return None

    def condition(self, mark: Mark) -> Condition | None:
        """Read a condition."""
        return self.condition_of(mark.text(), mark)

    def condition_of(self, text: str, mark: Mark) -> Condition | None:
        """Read a condition that may be written elsewhere than at the mark of its faults."""
        try:
            found = parse_condition(text, Names(tuple(self.attributes), self.lookup))
            check_quantities(found, self.facts)
            return found
        except FaultyName:
            return None
        except (ExpressionError, UnitMismatch) as error:
            mark.wrong(str(error))
            return None


def each(mark: Mark | None, read: Callable[[str, Mark], Any]) -> dict[str, Any]:
    if mark is None:
        return {}
    made = {name: read(name, inner) for name, inner in mark.items()}
    return {name: value for name, value in made.items() if value is not None}


def check_identifier(name: str, mark: Mark) -> None:
    if not (name.isidentifier() and name == name.lower() and "__" not in name):
        mark.wrong(f"代码“{name}”应由小写字母、数字和单个下划线组成，并以字母开头。")


def read_fact(code: str, mark: Mark) -> Fact | None:
    check_identifier(code, mark)
    accepted = [
        "label",
        "unit",
        "quantum",
        "column",
        "optional",
        "missing",
        "not_applicable",
        "excess",
    ]
    found = mark.fields(accepted, ["unit", "quantum"])
    if "unit" not in found or "quantum" not in found:
        return None
    unit = found["unit"].text()
    if parse_unit(unit) is None:
        found["unit"].wrong(unknown_unit(unit))
        return None
    try:
        digits = quantum_digits(found["quantum"].decimal())
    except ValueError:
        found["quantum"].wrong("quantum 应是 1、0.1、0.01 这样的十进小数。")
        digits = 0
    return Fact(
        code=code,
        label=optional(found, "label", Mark.text, code),
        unit=unit,
        digits=digits,
        column=optional(found, "column", Mark.text, code),
        optional=optional(found, "optional", Mark.flag, False),
        missing=optional(found, "missing", _unknown_or_zero, "unknown"),
        not_applicable=optional(found, "not_applicable", _unknown_or_zero, "unknown"),
        excess=optional(found, "excess", lambda m: m.choice(["refuse", "half_up"]), "refuse"),
    )


def _unknown_or_zero(mark: Mark) -> str:
    return mark.choice(["unknown", "zero"])


def read_attribute(code: str, mark: Mark) -> Attribute:
    check_identifier(code, mark)
    found = mark.fields(["label", "kind", "values", "optional", "column"])
    return Attribute(
        code=code,
        label=optional(found, "label", Mark.text, code),
        column=optional(found, "column", Mark.text, code),
        kind=optional(found, "kind", lambda m: m.choice(["text", "date"]), "text"),
        values=optional(found, "values", lambda m: tuple(v.text() for v in m.list()), ()),
        optional=optional(found, "optional", Mark.flag, False),
    )


def check_clash(mark: Mark | None, draft: Draft) -> None:
    for name, inner in mark.items() if mark is not None else ():
        if name in draft.facts:
            inner.wrong(f"“{name}”已是数据项，属性请换一个代码。")


def read_quantities(mark: Mark | None, draft: Draft) -> None:
    for name, inner in mark.items() if mark is not None else ():
        check_identifier(name, inner)
        if name in draft.facts or name in draft.attributes:
            inner.wrong(f"“{name}”已是数据项或属性，请换一个代码。")
            continue
        found = draft.sum(inner)
        if found is not None:
            draft.quantities[name] = parse_arithmetic(inner.text(), draft.lookup)
            draft.texts[name] = inner.text()
    draft.keep_faulty(mark, draft.quantities)


def read_basis(mark: Mark, found: dict[str, Mark]) -> Basis:
    article = optional(found, "article", Mark.text, "") or None
    status = optional(found, "status", lambda m: m.choice(STATUSES), "") or None
    if article is None and status is None:
        mark.wrong("要写依据：article（条款）或 status（如 default，表示暂用默认值）。")
    return Basis(article, status)


def read_doc(mark: Mark) -> dict[str, Any]:
    """Read what a file says of its document; beside the status anything may stand there."""
    found = dict(mark.items())
    if "status" in found and not found["status"].is_null():
        found["status"].choice(DOC_STATUSES)
    return {name: inner.plain() for name, inner in found.items()}


def read_grade(mark: Mark, order: tuple[str, ...] | None) -> str:
    """Read one of the scheme's grades; None: they cannot be read, which has been told."""
    if order is None:
        return mark.text()
    if not order:
        mark.wrong(f"方案没有 grades，{mark.key.rpartition('.')[2]} 无档次可写，请先写 grades。")
        return ""
    return mark.choice(order)


def read_exclusions(
    mark: Mark | None, draft: Draft, order: tuple[str, ...] | None
) -> tuple[Rule, ...]:
    """Read the rules that leave subjects out; `order` are the grades that they may count as."""
    if mark is None:
        return ()
    rules = []
    inner = mark.fields(["exclude"]).get("exclude")
    for item in inner.list() if inner is not None else ():
        accepted = ["id", "label", "when", "class", "counts_as", "years", *BASIS]
        found = item.fields(accepted, ["id", "when"])
        basis = read_basis(item, found)
        when = draft.condition(found["when"]) if "when" in found else None
        if when is not None and "id" in found:
            code = found["id"].text()
            label = optional(found, "label", Mark.text, code)
            exemption = _exemption(item, found, order)
            rules.append(Rule(code, label, when, found["when"].text(), basis, *exemption))
    check_unique(mark, [rule.code for rule in rules])
    return tuple(rules)


def _exemption(
    mark: Mark, found: dict[str, Mark], order: tuple[str, ...] | None
) -> tuple[str, str, int | None]:
    """Read the class of an exemption, the grade it counts as, for how many years."""
    if "class" not in found and not {"counts_as", "years"}.isdisjoint(found):
        mark.wrong(f"写了 counts_as 或 years 就要写 class；接受 {listed(EXEMPTIONS)}。")
    return (
        optional(found, "class", lambda m: m.choice(EXEMPTIONS), ""),
        optional(found, "counts_as", lambda m: read_grade(m, order), ""),
        optional(found, "years", lambda m: m.whole(1, 99), None),
    )


def check_unique(mark: Mark, codes: list[str]) -> None:
    for code in sorted({c for c in codes if codes.count(c) > 1}):
        mark.wrong(f"代码“{code}”用了两次。")
