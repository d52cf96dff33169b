"""Benchmarks of the subject alone: a target, or its own number of last year, from its own facts.

It is not the same for a group, so it is added to the subjects at once. Who has no target lacks the
item, as `measure` says; a target that is not positive, or divided by nothing, is no benchmark.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.model import Quotient, Scheme
from wuhao.engine.verbs.conditions import quantity


def targets(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the targets of all items that have one, in quanta of digits.benchmark."""
    made = []
    for item in scheme.indicators.values():
        if "target" in item.reads:
            has_value = ir.Cmp("==", ir.Col(f"{item.code}__lack"), ir.Int(0))
            target = read(scheme, item.reads["target"], "benchmark", has_value)
            made.append((f"{item.code}__benchmark", target))
    if not made:
        return table
    found = ir.Extend(table, tuple(made))
    return ir.Extend(found, tuple((name, positive(name)) for name, _ in made))


def read(scheme: Scheme, found: Quotient, digits: str, where: ir.Expr) -> ir.Expr:
    """A number of the subject's own in the scheme's digits of that name; nothing over nothing."""
    scale = found.factor * 10 ** scheme.digits[digits]
    top = ir.times(quantity(scheme, found.above), scale.numerator)
    if found.below is None:
        return ir.Case(((where, ir.Div(top, ir.Int(scale.denominator))),), ir.Null())
    below = quantity(scheme, found.below)
    some = ir.Both((where, ir.Cmp(">", below, ir.Int(0))))
    return ir.Case(((some, ir.Div(top, ir.times(below, scale.denominator))),), ir.Null())


def positive(name: str) -> ir.Expr:
    """Return the column where it is above zero, else nothing."""
    above = ir.Both((ir.known(name), ir.Cmp(">", ir.Col(name), ir.Int(0))))
    return ir.Case(((above, ir.Col(name)),), ir.Null())
