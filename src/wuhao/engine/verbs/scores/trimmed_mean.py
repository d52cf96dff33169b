"""trimmed_mean: the mean of experts' marks, as a share of the full mark; `measure` has taken it."""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.scores.common import note, scored, value_of


def trimmed_mean(scheme: Scheme, item: Indicator, table: ir.Table) -> ir.Table:
    """value / full, between zero and one."""
    full = quantise(Fraction(item.score.params["full"]), scheme.digits["value"])
    value = value_of(item)
    inside = ir.Limit("at_least", ir.Limit("at_most", value, ir.Int(full)), ir.Int(0))
    ratio = ir.Div(ir.times(inside, 10 ** scheme.digits["ratio"]), ir.Int(full))
    notes = (
        (ir.Cmp(">", value, ir.Int(full)), note("capped")),
        (ir.Cmp("<", value, ir.Int(0)), note("negative")),
    )
    return scored(item, table, ratio, *notes)
