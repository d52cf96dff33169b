"""What the expressions of a scheme are about, for the second engine: numbers and words unknown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

UNITS = {
    "1": 1, "one": 1, "%": Fraction(1, 100), "yuan": 1, "m2": 1, "kg": 1, "person": 1, "kgce": 1,
    "kwh": 1, "元": 1, "万元": 10_000, "㎡": 1, "亩": Fraction(2000, 3), "吨": 1000, "人": 1,
    "吨标准煤": 1000, "千瓦时": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """A number that may be unknown; every comparison with an unknown is false."""

    of: Fraction | None

    def _with(self, other: Any, op: Any) -> Amount:
        right = other.of if isinstance(other, Amount) else Fraction(str(other))
        return Amount(None if self.of is None or right is None else op(self.of, right))

    def __add__(self, other: Any) -> Amount:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> Amount:
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other: Any) -> Amount:
        return self._with(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Amount:
        return self._with(other, lambda a, b: a / b)

    def _test(self, other: Any, op: Any) -> bool:
        if isinstance(other, str):
            number, unit = other.split(" ")
            other = Amount(Fraction(number) * UNITS[unit])
        right = other.of if isinstance(other, Amount) else Fraction(str(other))
        return self.of is not None and right is not None and bool(op(self.of, right))

    def __lt__(self, other: Any) -> bool:
        return self._test(other, lambda a, b: a < b)

    def __gt__(self, other: Any) -> bool:
        return self._test(other, lambda a, b: a > b)

    def __eq__(self, other: object) -> bool:
        return self._test(other, lambda a, b: a == b)


@dataclass(frozen=True)
class Word:
    """An attribute that may be unknown."""

    of: str | None

    def __eq__(self, other: object) -> bool:
        return self.of is not None and self.of == other

    def __gt__(self, other: str) -> bool:
        return self.of is not None and self.of > other
