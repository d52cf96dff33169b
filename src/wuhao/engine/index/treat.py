"""treat (极端值处理): winsorise until the column is no longer skewed, or take logarithms.

A column is skewed when |skewness| and kurtosis both reach their limits. Each round puts the
largest value (the smallest, where the skew is negative) equal to its neighbour; a column is never
shrunk until nothing differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from wuhao.engine.findings import EngineError
from wuhao.engine.index import moments
from wuhao.engine.index.moments import spread
from wuhao.engine.index.table import Column, Number, Table, forty_digits

FEWEST = 4
"""Kurtosis is not defined for fewer values."""


@forty_digits
def winsorise(
    table: Table,
    codes: Sequence[str],
    *,
    max_points: int = 5,
    skewness: Decimal = Decimal(2),
    kurtosis: Decimal = Decimal("3.5"),
    otherwise: str = "original",
) -> Table:
    """Winsorise each skewed column, at most `max_points` of its values.

    One that is skewed even then: `original` puts it back, `winsorised` leaves it, a word of `LOGS`
    takes that logarithm of the original.
    """

    def skewed(values: Sequence[Decimal]) -> bool:
        flat = not spread(values)
        return (
            not flat
            and abs(moments.skewness(values)) >= skewness
            and moments.kurtosis(values) >= kurtosis
        )

    def treated(code: str, column: Column) -> Column:
        known = column.known()
        if known and not spread(known):
            return column.each(lambda value: (value, "unchanged_constant"))
        if len(known) < FEWEST:
            return column.each(lambda value: (value, "too_few_points"))
        low, high = _borders(known, skewed, max_points)
        shrunk = [min(max(value, low), high) for value in known]
        if skewed(shrunk) and otherwise != "winsorised":
            return _left(code, column, otherwise)
        return column.each(lambda value: _shrunk(value, low, high))

    return table.put({code: treated(code, table.columns[code]) for code in codes})


def _shrunk(value: Decimal, low: Decimal, high: Decimal) -> tuple[Number, str | None]:
    inside = min(max(value, low), high)
    return inside, None if inside == value else "winsorised"


def _borders(
    known: Sequence[Decimal], skewed: Callable[[Sequence[Decimal]], bool], most: int
) -> tuple[Decimal, Decimal]:
    """Return the limits that the column is shrunk to, round after round."""
    values, low, high = list(known), min(known), max(known)
    while skewed(values):
        inner = sorted(set(values))
        if len(inner) == 2:
            break
        up = moments.skewness(values) >= 0
        at = (low, inner[-2]) if up else (inner[1], high)
        if sum(not at[0] <= value <= at[1] for value in known) > most:
            break
        low, high = at
        values = [min(max(value, low), high) for value in known]
    return low, high


def _left(code: str, column: Column, otherwise: str) -> Column:
    if otherwise == "original":
        return column.each(lambda value: (value, "outliers_remain"))
    return LOGS[otherwise](code, column)


@forty_digits
def log(table: Table, codes: Sequence[str], *, method: str) -> Table:
    """Take one of the logarithms of `LOGS` of each column."""
    return table.put({code: LOGS[method](code, table.columns[code]) for code in codes})


def _ln(code: str, column: Column) -> Column:
    return column.each(lambda v: (v.ln(), "logged") if v > 0 else (None, "not_positive"))


def _shifted(shift: Callable[[str, Decimal, Decimal, Decimal], Decimal]) -> Callable[..., Column]:
    """A logarithm over the distance from the smallest value; a constant column stays as it is."""

    def taken(code: str, column: Column) -> Column:
        known = column.known()
        if not spread(known):
            return column.each(lambda value: (value, "unchanged_constant"))
        low, high = min(known), max(known)
        return column.each(lambda value: (shift(code, value, low, high).ln(), "logged"))

    return taken


def _ct(code: str, value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return value - low + (high - low) / 100


def _ct_orig(code: str, value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return value - low + 1


def _gii(code: str, value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    if high <= 1:
        raise EngineError(f"“{code}”最大值 {high} 不大于 1，log_gii 会颠倒次序，请换一种对数。")
    return (high - 1) * (value - low) / (high - low) + 1


LOGS: dict[str, Callable[[str, Column], Column]] = {
    "ln": _ln,
    "log_ct": _shifted(_ct),
    "log_ct_orig": _shifted(_ct_orig),
    "log_gii": _shifted(_gii),
}
