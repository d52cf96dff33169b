"""What all benchmarks share: whose values count, and a quotient that has one."""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.model import Indicator, Kind

Made = tuple[list[tuple[str, ir.Aggregate]], ir.Expr]


def counts(item: Indicator) -> ir.Expr:
    """The subject has a value of the item, and is one of those a benchmark is taken of."""
    return ir.Both((ir.Cmp("==", ir.Col(f"{item.code}__lack"), ir.Int(0)), belongs(item)))


def belongs(item: Indicator) -> ir.Expr:
    """The subject is one of those a benchmark is taken of."""
    if item.among is None:
        return ir.TRUE
    return ir.Cmp("==", ir.Col(f"{item.code}__among"), ir.Int(1))


def where_counts(item: Indicator, column: str) -> ir.Expr:
    """A column of those who count."""
    return ir.Case(((counts(item), ir.Col(f"{item.code}__{column}")),), ir.Null())


def quotient(code: str, above: str, below: str, factor: Fraction) -> ir.Expr:
    """One sum over another, in one division; nothing where the lower one is not positive."""
    top, under = ir.Col(f"{code}__{above}"), ir.Col(f"{code}__{below}")
    some = ir.Both((ir.known(f"{code}__{below}"), ir.Cmp(">", under, ir.Int(0))))
    found = ir.Div(ir.times(top, factor.numerator), ir.times(under, factor.denominator))
    return ir.Case(((some, found),), ir.Null())


def times(kind: Kind) -> Fraction:
    """The multiple that a benchmark is taken at."""
    return Fraction(kind.params["times"])
