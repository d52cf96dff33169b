"""What the verbs of an index pass on: columns of exact decimals, a reason beside every cell.

Numbers carry 40 digits from the first step to the last and are quantised once, in `quanta`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from wuhao.engine.exact import INT64_MAX
from wuhao.engine.findings import EngineError
from wuhao.engine.verbs.decimals import CONTEXT

P = ParamSpec("P")
R = TypeVar("R")
Number = Decimal | None


def forty_digits(compute: Callable[P, R]) -> Callable[P, R]:
    """Let a function compute in 40-digit decimals, whatever the caller's context is."""

    @wraps(compute)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(CONTEXT):
            return compute(*args, **kwargs)

    return inside


@dataclass(frozen=True)
class Column:
    """A number or nothing for every subject, and beside it a word of `reasons` or nothing."""

    values: tuple[Number, ...]
    notes: tuple[str | None, ...]

    @staticmethod
    def of(values: Iterable[Number]) -> Column:
        """Return a column as it was read: what is absent is `missing`."""
        values = tuple(values)
        return Column(values, tuple("missing" if value is None else None for value in values))

    def known(self) -> list[Decimal]:
        """Return the numbers that are there, in the order of the subjects."""
        return [value for value in self.values if value is not None]

    def each(self, compute: Callable[[Decimal], tuple[Number, str | None]]) -> Column:
        """Compute every known cell anew; an absent one stays absent and keeps its reason."""
        cells = [
            (None, note) if value is None else compute(value)
            for value, note in zip(self.values, self.notes, strict=True)
        ]
        return Column(tuple(value for value, _ in cells), tuple(note for _, note in cells))

    def emptied(self, reason: str) -> Column:
        """Return the column without numbers: those that were there are gone for this reason."""
        return self.each(lambda value: (None, reason))


@dataclass(frozen=True)
class Table:
    """Subjects in key order, their columns, the texts they are grouped by, weights by code."""

    subjects: tuple[str, ...]
    columns: Mapping[str, Column]
    groups: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    said: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse infinity and NaN, from wherever they come, before any verb sees them."""
        for code, column in self.columns.items():
            if len(column.values) != len(self.subjects):
                raise ValueError(f"{code} has {len(column.values)} of {len(self.subjects)} rows")
            for subject, value in zip(self.subjects, column.values, strict=True):
                if value is not None and not value.is_finite():
                    raise EngineError(f"“{code}”：“{subject}”的值 {value} 不是有限的数。")

    def put(self, columns: Mapping[str, Column]) -> Table:
        """Return the table with these columns added or replaced."""
        return replace(self, columns={**self.columns, **columns})

    def weigh(self, weights: Mapping[str, Decimal], *said: str) -> Table:
        """Return the table with these weights added or replaced, and what is to be said of them."""
        return replace(self, weights={**self.weights, **weights}, said=(*self.said, *said))

    def change(self, codes: Sequence[str], compute: Callable[[Column], Column]) -> Table:
        """Return the table with each of these columns computed anew, on its own."""
        return self.put({code: compute(self.columns[code]) for code in codes})


def quanta(value: Decimal, digits: int, where: str) -> int:
    """Return a decimal as a count of 10**-digits, half up away from zero, within 64 bits."""
    with localcontext(CONTEXT):
        scaled = value.scaleb(digits)
        if abs(scaled) > INT64_MAX:
            raise EngineError(f"“{where}”溢出：{value:.6E} 按 {digits} 位小数超出 64 位整数。")
        return int(scaled.to_integral_value(rounding=ROUND_HALF_UP))
