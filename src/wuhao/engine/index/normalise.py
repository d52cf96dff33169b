"""normalise (标准化): columns of any unit onto one scale on which more is better.

A column in which nothing differs cannot be normalised by its own spread: it gives no values, with
the reason `constant` or `one_value`, never full marks. Ranks count from the worst.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from wuhao.engine.findings import EngineError
from wuhao.engine.index import moments
from wuhao.engine.index.moments import spread
from wuhao.engine.index.table import Column, Number, Table, forty_digits

ZERO, ONE = Decimal(0), Decimal(1)


@forty_digits
def normalise(
    table: Table, codes: Sequence[str], *, method: str, down: Sequence[str] = (), **params: Any
) -> Table:
    """Normalise each column by a word of `METHODS`; of those in `down` less is better.

    A parameter that is a mapping holds one number for each column.
    """
    made = {}
    for code in codes:
        own = {k: v[code] if isinstance(v, Mapping) else v for k, v in params.items()}
        if method == "reference":
            own["at"] = _row(table, own.pop("subject"))
        made[code] = METHODS[method](table.columns[code], code in down, **own)
    return table.put(made)


def _row(table: Table, subject: str) -> int:
    if subject not in table.subjects:
        raise EngineError(f"没有参照主体“{subject}”。")
    return table.subjects.index(subject)


def _by_spread(
    column: Column, position: Callable[[list[Decimal]], Callable[[Decimal], Decimal]]
) -> Column:
    """Compute each cell from the spread of the column; without any there is nothing to tell."""
    known = column.known()
    if not spread(known):
        return _flat(column)
    place = position(known)
    return column.each(lambda value: (place(value), None))


def _flat(column: Column) -> Column:
    return column.emptied("one_value" if len(column.known()) == 1 else "constant")


def min_max(column: Column, down: bool, low: Decimal, high: Decimal) -> Column:
    """Return `low` for the worst, `high` for the best, straight between."""

    def position(known: list[Decimal]) -> Callable[[Decimal], Decimal]:
        least, most = min(known), max(known)
        worst, best = (most, least) if down else (least, most)
        return lambda v: low + (v - worst) * (high - low) / (best - worst)

    return _by_spread(column, position)


def z(column: Column, down: bool, mean: Decimal, deviation: Decimal) -> Column:
    """Return distances from the mean in standard deviations (n - 1), moved to a mean and a sd."""

    def position(known: list[Decimal]) -> Callable[[Decimal], Decimal]:
        centre, unit = moments.mean(known), moments.deviation(known) * (-1 if down else 1)
        return lambda v: mean + deviation * (v - centre) / unit

    return _by_spread(column, position)


def goalposts(
    column: Column, down: bool, low: Decimal, high: Decimal, to: Decimal, clip: bool
) -> Column:
    """Return the place between two stated posts, 0 to `to`; beyond them it is clipped."""

    def place(value: Decimal) -> tuple[Number, str | None]:
        share = ((high - value) if down else (value - low)) / (high - low)
        inside = min(max(share, ZERO), ONE) if clip else share
        return inside * to, None if inside == share else "clipped"

    return column.each(place)


def target(column: Column, down: bool, value: Decimal, cap: bool) -> Column:
    """Return 0 for the worst and 1 at the target; beyond it is more than 1 unless capped."""
    known = column.known()
    if not spread(known):
        return _flat(column)
    worst = max(known) if down else min(known)
    if (worst <= value) if down else (worst >= value):
        return column.emptied("no_span")
    return column.each(lambda v: _capped((v - worst) / (value - worst), cap))


def reference(column: Column, down: bool, at: int, cap: bool) -> Column:
    """Return 1 for the subject of reference, and from it the distance in shares of the range."""
    known, own = column.known(), column.values[at]
    if not spread(known):
        return _flat(column)
    if own is None:
        return column.emptied("no_reference")
    span = (max(known) - min(known)) * (-1 if down else 1)
    return column.each(lambda v: _capped(ONE - (own - v) / span, cap))


def _capped(score: Decimal, cap: bool) -> tuple[Number, str | None]:
    return (ONE, "clipped") if cap and score > ONE else (score, None)


def _places(known: list[Decimal], down: bool, ties: str) -> Callable[[Decimal], Decimal]:
    """Return the place of a value counted from the worst, from 1."""
    ordered = sorted(known, reverse=down)
    first = {value: at for at, value in reversed(list(enumerate(ordered, start=1)))}
    last = {value: at for at, value in enumerate(ordered, start=1)}
    below, above = {"min": (1, 0), "max": (0, 1), "mean": (1, 1)}[ties]
    return lambda v: Decimal(below * first[v] + above * last[v]) / (below + above)


def rank(column: Column, down: bool, ties: str) -> Column:
    """Return places from the worst (1) to the best (n)."""
    return _by_spread(column, lambda known: _places(known, down, ties))


def borda(column: Column, down: bool, ties: str) -> Column:
    """Return Borda points: how many places lie below."""
    return rank(column, down, ties).each(lambda place: (place - 1, None))


def percentile(column: Column, down: bool, ties: str) -> Column:
    """Return Borda points over those of n places, 0…1."""
    last = len(column.known()) - 1
    return borda(column, down, ties).each(lambda points: (points / last, None))


METHODS: dict[str, Callable[..., Column]] = {
    "min_max": min_max,
    "z": z,
    "goalposts": goalposts,
    "target": target,
    "reference": reference,
    "rank": rank,
    "borda": borda,
    "percentile": percentile,
}
