"""The benchmark `target`: what every subject was to reach, one of its own facts.

It is not the same for a group, so it is added to the subjects at once. Who has no target lacks the
item, as `measure` says; a target that is not positive is no benchmark.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.model import Indicator, Scheme, Sum
from wuhao.engine.sums import quotient_factor
from wuhao.engine.verbs.conditions import quantity


def targets(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the targets of all items that have one, in quanta of digits.benchmark."""
    made = [_target(scheme, i, i.target) for i in scheme.indicators.values() if i.target]
    if not made:
        return table
    found = ir.Extend(table, tuple(made))
    return ir.Extend(found, tuple((name, positive(name)) for name, _ in made))


def _target(scheme: Scheme, item: Indicator, target: Sum) -> tuple[str, ir.Expr]:
    scale = quotient_factor(item.unit, target, None) * 10 ** scheme.digits["benchmark"]
    top = ir.times(quantity(scheme, target), scale.numerator)
    has_value = ir.Cmp("==", ir.Col(f"{item.code}__lack"), ir.Int(0))
    made = ir.Div(top, ir.Int(scale.denominator))
    return f"{item.code}__benchmark", ir.Case(((has_value, made),), ir.Null())


def positive(name: str) -> ir.Expr:
    """Return the column where it is above zero, else nothing."""
    above = ir.Both((ir.known(name), ir.Cmp(">", ir.Col(name), ir.Int(0))))
    return ir.Case(((above, ir.Col(name)),), ir.Null())
