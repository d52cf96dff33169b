"""Facts, sums and conditions of a scheme as expressions of the intermediate form.

Every comparison is two-valued: with an unknown value it is false.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.expression import (
    Condition,
    Joined,
    Missing,
    Not,
    Polynomial,
    Quantity,
    Starts,
    TextCompare,
)
from wuhao.engine.facts import State
from wuhao.engine.model import Scheme, Sum
from wuhao.engine.sums import integer_terms, quantity_bound


def fact(scheme: Scheme, code: str) -> ir.Expr:
    """Return a fact as an integer: zero for a confirmed zero, null for an unknown."""
    known = scheme.facts[code]
    zeros = [State.ZERO]
    zeros += [State.MISSING] if known.missing == "zero" else []
    zeros += [State.NOT_APPLICABLE] if known.not_applicable == "zero" else []
    state = ir.Col(f"{code}__state")
    tests = tuple(ir.Cmp("==", state, ir.Int(int(zero))) for zero in zeros)
    return ir.Case(((ir.Either(tests), ir.Int(0)),), ir.Col(code))


def total(scheme: Scheme, terms: tuple[tuple[tuple[str, ...], int], ...]) -> ir.Expr:
    """Return an integer sum of products of facts; null when a fact is unknown."""
    parts: list[ir.Expr] = []
    for names, coefficient in terms:
        product: ir.Expr | None = None
        for name in names:
            value = fact(scheme, name)
            product = value if product is None else ir.Arith("*", product, value)
        parts.append(ir.Int(coefficient) if product is None else ir.times(product, coefficient))
    return ir.add(*parts)


def unknown(scheme: Scheme, codes: list[str], state: State) -> ir.Expr:
    """Return the condition that some of the facts is in this state and not read as zero."""
    reads_zero = {State.MISSING: "missing", State.NOT_APPLICABLE: "not_applicable"}[state]
    tests = [
        ir.Cmp("==", ir.Col(f"{code}__state"), ir.Int(int(state)))
        for code in codes
        if getattr(scheme.facts[code], reads_zero) != "zero"
    ]
    return ir.Either(tuple(tests))


def known(scheme: Scheme, codes: list[str]) -> ir.Expr:
    """Return the condition that every fact has a value or is read as zero."""
    return ir.Negate(
        ir.Either(
            (
                unknown(scheme, codes, State.MISSING),
                unknown(scheme, codes, State.NOT_APPLICABLE),
            )
        )
    )


def quantity(scheme: Scheme, found: Sum) -> ir.Expr:
    """Return the integer column of a sum."""
    return total(scheme, found.terms)


def condition(scheme: Scheme, when: Condition) -> ir.Expr:
    """Return a condition of the scheme, two-valued."""
    match when:
        case Joined(op, parts):
            inner = tuple(condition(scheme, part) for part in parts)
            return ir.Both(inner) if op == "and" else ir.Either(inner)
        case Not(part):
            return ir.Negate(condition(scheme, part))
        case Starts(attribute, words):
            column = ir.Col(attribute)
            tests = tuple(ir.Prefix(column, word) for word in words)
            return ir.Both((ir.known(attribute), ir.Either(tests)))
        case TextCompare(op, attribute, words):
            return _text(op, attribute, words)
        case Missing(name):
            return _missing(scheme, name)
        case Quantity():
            bound = quantity_bound(when, scheme.facts)
            return _compare(scheme, when.op, when.left, Polynomial.number(bound))
        case _:
            return _compare(scheme, when.op, when.left, when.right)


def _text(op: str, attribute: str, words: tuple[str, ...]) -> ir.Expr:
    column = ir.Col(attribute)
    tests = tuple(ir.Cmp(op, column, ir.Text(word)) for word in words)
    some = ir.Both(tests) if op == "!=" else ir.Either(tests)
    return ir.Both((ir.known(attribute), some))


def _missing(scheme: Scheme, name: str) -> ir.Expr:
    if name in scheme.attributes:
        return ir.IsNull(ir.Col(name))
    return ir.Cmp("==", ir.Col(f"{name}__state"), ir.Int(int(State.MISSING)))


def _compare(scheme: Scheme, op: str, left: Polynomial, right: Polynomial) -> ir.Expr:
    """`left - right op 0` over integers; the scale is positive, so the sign is kept."""
    terms, _ = integer_terms(left.plus(right, -1), scheme.facts)
    codes = sorted({name for names, _ in terms for name in names})
    test = ir.Cmp(op, total(scheme, terms), ir.Int(0))
    return ir.Both((known(scheme, codes), test)) if codes else test
