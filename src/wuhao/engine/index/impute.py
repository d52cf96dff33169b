"""impute (填补): an absent value becomes the mean or median of those present, or a constant.

With `group` only members of the same group count. Every filled cell says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from wuhao.engine.index.moments import mean, median
from wuhao.engine.index.table import Column, Number, Table, forty_digits

STATISTICS: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {"mean": mean, "median": median}


@forty_digits
def impute(
    table: Table,
    codes: Sequence[str],
    *,
    method: str,
    group: str | None = None,
    otherwise: str = "missing",
) -> Table:
    """Fill by `mean` or `median`, of the whole column or of the subject's group.

    Where the group has no value `otherwise` decides: stay `missing`, or take `all` subjects.
    """
    statistic = STATISTICS[method]
    if group is None:
        return table.change(codes, lambda column: _by_all(column, statistic))
    members = table.groups[group]
    return table.change(codes, lambda column: _by_group(column, members, statistic, otherwise))


@forty_digits
def impute_constant(table: Table, codes: Sequence[str], *, value: Decimal) -> Table:
    """Fill every absent value with one that the document states."""
    return table.change(codes, lambda column: _filled(column, lambda at: (value, "imputed")))


def _filled(column: Column, found: Callable[[int], tuple[Number, str]]) -> Column:
    cells = [
        (value, None) if value is not None else found(at) for at, value in enumerate(column.values)
    ]
    return Column(tuple(value for value, _ in cells), tuple(note for _, note in cells))


def _by_all(column: Column, statistic: Callable[[Sequence[Decimal]], Decimal]) -> Column:
    known = column.known()
    if not known:
        return _filled(column, lambda at: (None, "no_values"))
    fill = statistic(known)
    return _filled(column, lambda at: (fill, "imputed"))


def _by_group(
    column: Column,
    members: Sequence[str | None],
    statistic: Callable[[Sequence[Decimal]], Decimal],
    otherwise: str,
) -> Column:
    known: dict[str, list[Decimal]] = {}
    for value, member in zip(column.values, members, strict=True):
        if value is not None and member is not None:
            known.setdefault(member, []).append(value)
    fills = {member: statistic(values) for member, values in known.items()}
    everyone = column.known() if otherwise == "all" else []
    whole = statistic(everyone) if everyone else None

    def found(at: int) -> tuple[Number, str]:
        member = members[at]
        if member is not None and member in fills:
            return fills[member], "imputed"
        if whole is not None:
            return whole, "imputed_from_all"
        return None, "no_group" if member is None else "empty_group"

    return _filled(column, found)
