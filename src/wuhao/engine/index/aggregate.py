"""aggregate (合成): the parts of a branch to one score, by a weighted mean.

Below the availability threshold there is no score; above it what is absent is left out and its
weight is shared by the rest. Negative scores have no geometric or harmonic mean; a zero makes
either of them zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from wuhao.engine.findings import EngineError
from wuhao.engine.index.table import Column, Number, Table, forty_digits

ZERO, ONE = Decimal(0), Decimal(1)
Weighted = Sequence[tuple[Decimal, Decimal]]


@forty_digits
def aggregate(
    table: Table, code: str, parts: Sequence[str], *, method: str, availability: Decimal = ONE
) -> Table:
    """Add column `code`: the mean of its parts by `METHODS`, weighted by the table's weights.

    `availability` is the least share of the parts, by number, that must have a value.
    """
    weighing = [part for part in parts if _weight(table, part)]
    if not weighing:
        raise EngineError(f"“{code}”下各项的权重全为零。")
    weights = [table.weights[part] for part in weighing]
    rows = zip(*(table.columns[part].values for part in weighing), strict=True)
    cells = [_mean(row, weights, METHODS[method], availability) for row in rows]
    made = Column(tuple(value for value, _ in cells), tuple(note for _, note in cells))
    return table.put({code: made})


def _weight(table: Table, part: str) -> Decimal:
    if part not in table.weights:
        raise EngineError(f"“{part}”没有权重。")
    return table.weights[part]


def _mean(
    row: Sequence[Number],
    weights: Sequence[Decimal],
    mean: Callable[[Weighted], tuple[Number, str | None]],
    availability: Decimal,
) -> tuple[Number, str | None]:
    known = [(v, w) for v, w in zip(row, weights, strict=True) if v is not None]
    if not known or len(known) < availability * len(row):
        return None, "too_few"
    value, note = mean(known)
    return value, note or ("partial" if len(known) < len(row) else None)


def arithmetic(known: Weighted) -> tuple[Number, str | None]:
    """Return the weighted sum over the weights."""
    return sum((v * w for v, w in known), ZERO) / _total(known), None


def geometric(known: Weighted) -> tuple[Number, str | None]:
    """Return the exponential of the weighted mean of the logarithms."""
    least = min(v for v, _ in known)
    if least <= 0:
        return (None, "negative") if least else (ZERO, None)
    return (sum((v.ln() * w for v, w in known), ZERO) / _total(known)).exp(), None


def harmonic(known: Weighted) -> tuple[Number, str | None]:
    """Return the reverse of the weighted mean of the reverses."""
    least = min(v for v, _ in known)
    if least <= 0:
        return (None, "negative") if least else (ZERO, None)
    return _total(known) / sum((w / v for v, w in known), ZERO), None


def _total(known: Weighted) -> Decimal:
    return sum((w for _, w in known), ZERO)


METHODS: dict[str, Callable[[Weighted], tuple[Number, str | None]]] = {
    "arithmetic": arithmetic,
    "geometric": geometric,
    "harmonic": harmonic,
}
