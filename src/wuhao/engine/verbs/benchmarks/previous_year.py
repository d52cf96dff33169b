"""The benchmark `previous_year` of many: last year's total over total, from facts of this year's
subjects. Who has no number of last year takes no part in it and is compared with it all the same.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.model import Indicator, Quotient, Scheme
from wuhao.engine.verbs.benchmarks.common import Made, belongs, quotient
from wuhao.engine.verbs.conditions import known, quantity


def pasts(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add `<item>__past_num` and `<item>__past_den` of items compared with last year's total."""
    items = [item for item in scheme.indicators.values() if "past" in item.reads]
    parts = [column for item in items for column in _parts(scheme, item, item.reads["past"])]
    if not items:
        return table
    table = ir.Extend(table, tuple(parts))
    return ir.Extend(table, tuple(column for item in items for column in _kept(item)))


def _parts(scheme: Scheme, item: Indicator, past: Quotient) -> list[tuple[str, ir.Expr]]:
    """Above and below of a subject that uses the item, counts, and has both."""
    lack = ir.Col(f"{item.code}__lack")
    measured = ir.Cmp(">=", lack, ir.Int(0))
    stands = ir.Both((measured, belongs(item), known(scheme, past.facts())))
    made: list[tuple[str, ir.Expr]] = []
    for name, found in (("past_num", past.above), ("past_den", past.below)):
        value = ir.Int(1) if found is None else quantity(scheme, found)
        made.append((f"{item.code}__{name}", ir.Case(((stands, value),), ir.Null())))
    return made


def _kept(item: Indicator) -> list[tuple[str, ir.Expr]]:
    """Both parts, where what is divided by is positive."""
    names = [f"{item.code}__{name}" for name in ("past_num", "past_den")]
    above = ir.Both((ir.known(names[1]), ir.Cmp(">", ir.Col(names[1]), ir.Int(0))))
    return [(name, ir.Case(((above, ir.Col(name)),), ir.Null())) for name in names]


def past(scheme: Scheme, item: Indicator) -> Made:
    """Sum of last year's numerators over sum of last year's denominators."""
    code = item.code
    sums = [
        (f"{code}__{name}s", ir.Aggregate("sum", ir.Col(f"{code}__{name}")))
        for name in ("past_num", "past_den")
    ]
    factor = item.reads["past"].factor * 10 ** scheme.digits["benchmark"]
    return sums, quotient(code, "past_nums", "past_dens", factor)
