"""What all scores share: notes, and the value that is scored."""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.model import LACKS, Indicator

NOTES = ("", *LACKS, "no_benchmark", "capped", "floored", "negative", "no_average", "no_growth")
STAND_INS = ("group_mean_value", "group_median_value")


def note(name: str) -> ir.Expr:
    """Return the number of a note."""
    return ir.Int(NOTES.index(name))


def measured(code: str) -> ir.Expr:
    """The item has a value of its own."""
    return ir.Cmp("==", ir.Col(f"{code}__lack"), ir.Int(0))


def value_of(item: Indicator) -> ir.Col:
    """Return the column that is scored: the value, or what stands in for it."""
    return ir.Col(f"{item.code}__{'used' if item.lacks(*STAND_INS) else 'value'}")


def has_value(item: Indicator) -> ir.Expr:
    """There is something to be scored."""
    return ir.known(value_of(item).name) if item.lacks(*STAND_INS) else measured(item.code)


def lack_note(code: str) -> tuple[ir.Expr, ir.Expr]:
    """The first branch of every note: why there is no value, however it is treated."""
    lack = ir.Col(f"{code}__lack")
    return ir.Negate(measured(code)), ir.Limit("at_least", lack, ir.Int(0))


def scored(
    item: Indicator, table: ir.Table, ratio: ir.Expr, *notes: tuple[ir.Expr, ir.Expr]
) -> ir.Table:
    """Add ratio and note of an item; the ratio only where there is something to be scored."""
    code = item.code
    return ir.Extend(
        table,
        (
            (f"{code}__ratio", ir.Case(((has_value(item), ratio),), ir.Null())),
            (f"{code}__note", ir.Case((lack_note(code), *notes), note(""))),
        ),
    )
