"""One subject's facts as ranges: sums, lacks and conditions over all that the facts might be.

A range of one value is that value, so the same code answers for one row and for a whole stretch of
changes at once. An answer that is not the same for the whole stretch is None.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wuhao.engine.bounds import Range
from wuhao.engine.expression import (
    Condition,
    Joined,
    Missing,
    Not,
    Polynomial,
    Quantity,
    Starts,
    TextCompare,
    condition_names,
)
from wuhao.engine.facts import State
from wuhao.engine.model import LACKS, Fact, Indicator, Quotient, Scheme, Sum
from wuhao.engine.sums import integer_terms, quantity_bound

Terms = tuple[tuple[tuple[str, ...], int], ...]
TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Row:
    """What a scheme reads of one subject; `spans` holds the known facts, in their quanta."""

    scheme: Scheme
    texts: Mapping[str, str | None]
    states: Mapping[str, State]
    spans: Mapping[str, Range]

    @staticmethod
    def of(scheme: Scheme, row: Mapping[str, Any]) -> Row:
        """Read a row of a snapshot; it may hold only some of the columns."""
        facts = [fact for code, fact in scheme.facts.items() if code in row]
        states = {fact.code: State(row[f"{fact.code}__state"]) for fact in facts}
        spans = {}
        for fact in facts:
            value = reading(fact, states[fact.code], row[fact.code])
            if value is not None:
                spans[fact.code] = Range(value, value)
        texts = {code: row[code] for code in scheme.attributes if code in row}
        return Row(scheme, texts, states, spans)

    def moved(self, box: Mapping[str, Range]) -> Row:
        """Return the row with some facts somewhere within ranges."""
        stated = dict.fromkeys(box, State.VALUE)
        return replace(self, states={**self.states, **stated}, spans={**self.spans, **box})

    def sum(self, terms: Terms) -> Range | None:
        """Return the range of an integer sum of products; None where a fact is unknown."""
        found = Range(0, 0)
        for names, coefficient in terms:
            product = Range(coefficient, coefficient)
            for name in names:
                if name not in self.spans:
                    return None
                product = product.arith("*", self.spans[name])
            found = found.arith("+", product)
        return found

    def lack(self, item: Indicator) -> int | None:
        """Return 0 where the item has a value, 1…4 as in LACKS; None when it may be either."""
        facts = [code for part in _needed(item) for code in part.facts()]
        unknown = [self.states[code] for code in facts if code not in self.spans]
        if item.marks and len(self.marks(item)) >= item.score.params["fewest"]:
            return 0
        if unknown:
            missing = State.MISSING in unknown
            return 1 + LACKS.index("missing" if missing else "not_applicable")
        below = self.denominator(item)
        zero, negative = (1 + LACKS.index(f"{word}_denominator") for word in ("zero", "negative"))
        answers = {s: a for s, a in ((1, 0), (0, zero), (-1, negative)) if s in signs(below)}
        return answers.popitem()[1] if len(answers) == 1 else None

    def numerator(self, item: Indicator) -> Range:
        """Return the numerator of an item whose facts are known."""
        if item.marks:
            return self._kept(item)
        return self.sum(item.numerator.terms) or Range(0, 0)

    def denominator(self, item: Indicator) -> Range:
        """Return the denominator of an item whose facts are known."""
        if item.marks:
            left = len(self.marks(item)) - 2
            return Range(left, left)
        if item.denominator is None:
            return Range(1, 1)
        return self.sum(item.denominator.terms) or Range(0, 0)

    def marks(self, item: Indicator) -> list[Range]:
        """Return the marks of an item that are known."""
        return [self.spans[code] for code in item.marks if code in self.spans]

    def _kept(self, item: Indicator) -> Range:
        """Return the sum of the marks but the lowest and the highest; no mark lowers it."""
        marks = self.marks(item)
        ends = (sorted(mark.lo for mark in marks), sorted(mark.hi for mark in marks))
        return Range(*(sum(end[1:-1]) for end in ends))

    def holds(self, when: Condition) -> bool | None:
        """Return whether a condition holds; None when it depends on where the facts are."""
        match when:
            case Joined(op, parts):
                return _joined(op, [self.holds(part) for part in parts])
            case Not(part):
                found = self.holds(part)
                return None if found is None else not found
            case Starts(attribute, words):
                text = self.texts[attribute]
                return text is not None and text.startswith(words)
            case TextCompare(op, attribute, words):
                return _text(op, self.texts[attribute], words)
            case Missing(name):
                return self._missing(name)
            case Quantity():
                bound = quantity_bound(when, self.scheme.facts)
                return self._compared(when.op, when.left, Polynomial.number(bound))
            case _:
                return self._compared(when.op, when.left, when.right)

    def _missing(self, name: str) -> bool:
        if name in self.scheme.attributes:
            return self.texts[name] is None
        return self.states[name] is State.MISSING

    def _compared(self, op: str, left: Polynomial, right: Polynomial) -> bool | None:
        terms, _ = integer_terms(left.plus(right, -1), self.scheme.facts)
        found = self.sum(terms)
        if found is None:
            return False
        answers = {TESTS[op](sign, 0) for sign in signs(found)}
        return answers.pop() if len(answers) == 1 else None


def reading(fact: Fact, state: State, value: int | None) -> int | None:
    """Return a fact as the scheme reads it: zero for what it reads as zero, None if unknown."""
    zero = (
        state is State.ZERO
        or (state is State.MISSING and fact.missing == "zero")
        or (state is State.NOT_APPLICABLE and fact.not_applicable == "zero")
    )
    return 0 if zero else value


def facts_of(item: Indicator) -> list[str]:
    """Return the facts of numerator and denominator, in order of their code."""
    below = item.denominator.facts() if item.denominator else []
    return sorted({*item.numerator.facts(), *below})


def read_of(item: Indicator) -> set[str]:
    """Return every name that an item reads, such as the facts of its target."""
    among = condition_names(item.among) if item.among is not None else set()
    reads = {code for found in item.reads.values() for code in found.facts()}
    return {*facts_of(item), *reads, *among}


def _needed(item: Indicator) -> list[Sum | Quotient]:
    """Return what an item has no value without: not its part of last year's number of many."""
    below = [item.denominator] if item.denominator else []
    return [item.numerator, *below, *(q for name, q in item.reads.items() if name != "past")]


def signs(found: Range) -> set[int]:
    """Return the signs that a value within the range can have."""
    return {
        sign
        for sign, can in ((-1, found.lo < 0), (0, found.lo <= 0 <= found.hi), (1, found.hi > 0))
        if can
    }


def _joined(op: str, parts: Iterable[bool | None]) -> bool | None:
    found, ends = list(parts), op == "or"
    if ends in found:
        return ends
    return None if None in found else not ends


def _text(op: str, text: str | None, words: tuple[str, ...]) -> bool:
    if text is None:
        return False
    tests = [TESTS[op](text, word) for word in words]
    return all(tests) if op == "!=" else any(tests)
