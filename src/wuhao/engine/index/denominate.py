"""denominate (折算): each column over another, so that large and small subjects compare.

A denominator that is zero, negative or absent gives no value, with that reason: never the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from wuhao.engine.index.table import Column, Number, Table, forty_digits


@forty_digits
def denominate(
    table: Table, codes: Sequence[str], *, by: str, times: Decimal = Decimal(1)
) -> Table:
    """Return the table with each column divided by column `by` and multiplied by `times`."""
    below = table.columns[by].values

    def over(column: Column) -> Column:
        cells = [
            (None, note) if value is None else _over(value * times, under)
            for value, note, under in zip(column.values, column.notes, below, strict=True)
        ]
        return Column(tuple(value for value, _ in cells), tuple(note for _, note in cells))

    return table.change(codes, over)


def _over(value: Decimal, under: Number) -> tuple[Number, str | None]:
    if under is None:
        return None, "missing_denominator"
    if under <= 0:
        return None, "negative_denominator" if under else "zero_denominator"
    return value / under, None
