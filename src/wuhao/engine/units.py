"""Units that a scheme may name: each is a rational multiple of base units.

Facts are kept in base units (yuan, m2, kwh, kgce, kg, person); 万元 and 亩 live in schemes.
1 亩 = 2000/3 m2; 15 亩 = 1 公顷.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from wuhao.engine.findings import listed, nearest

Dimensions = tuple[tuple[str, int], ...]

BASE = ("yuan", "m2", "kwh", "kgce", "kg", "person", "year")

_NAMED: dict[str, tuple[str, Fraction]] = {
    "元": ("yuan", Fraction(1)),
    "千元": ("yuan", Fraction(1_000)),
    "万元": ("yuan", Fraction(10_000)),
    "亿元": ("yuan", Fraction(100_000_000)),
    "㎡": ("m2", Fraction(1)),
    "平方米": ("m2", Fraction(1)),
    "亩": ("m2", Fraction(2000, 3)),
    "mu": ("m2", Fraction(2000, 3)),
    "公顷": ("m2", Fraction(10_000)),
    "千瓦时": ("kwh", Fraction(1)),
    "万千瓦时": ("kwh", Fraction(10_000)),
    "千克标准煤": ("kgce", Fraction(1)),
    "吨标准煤": ("kgce", Fraction(1_000)),
    "吨标煤": ("kgce", Fraction(1_000)),
    "千克": ("kg", Fraction(1)),
    "吨": ("kg", Fraction(1_000)),
    "人": ("person", Fraction(1)),
    "万人": ("person", Fraction(10_000)),
    "年": ("year", Fraction(1)),
}
_PURE = {
    "1": Fraction(1),
    "one": Fraction(1),
    "": Fraction(1),
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
}


@dataclass(frozen=True)
class Unit:
    """A product of powers of base units times an exact factor."""

    dimensions: Dimensions
    factor: Fraction

    def times(self, other: Unit) -> Unit:
        """Return the product of two units."""
        return Unit(combine(self.dimensions, other.dimensions, 1), self.factor * other.factor)

    def over(self, other: Unit) -> Unit:
        """Return the quotient of two units."""
        return Unit(combine(self.dimensions, other.dimensions, -1), self.factor / other.factor)


ONE = Unit((), Fraction(1))


def combine(left: Dimensions, right: Dimensions, sign: int) -> Dimensions:
    """Return the dimensions of a product (sign 1) or a quotient (sign -1)."""
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _single(name: str) -> Unit | None:
    if name in _PURE:
        return Unit((), _PURE[name])
    if name in BASE:
        return Unit(((name, 1),), Fraction(1))
    if name in _NAMED:
        base, factor = _NAMED[name]
        return Unit(((base, 1),), factor)
    return None


def parse_unit(text: str) -> Unit | None:
    """Read `万元/亩`, `m2`, `%`; None when a part is unknown. At most one slash."""
    over, slash, under = text.strip().partition("/")
    top = _single(over.strip())
    if top is None or not slash:
        return top
    bottom = _single(under.strip())
    return None if bottom is None else top.over(bottom)


def unknown_unit(text: str) -> str:
    """Say what of a unit is not known, what is, and the nearest name."""
    strange = [part.strip() for part in text.split("/") if _single(part.strip()) is None]
    if not strange or text.count("/") > 1:
        return f"不认识单位“{text}”；单位至多有一个“/”，如 万元/亩。"
    names = unit_names()
    accepted = f"接受 {listed(names)}，或其中两个以“/”相除"
    return f"不认识单位“{text}”；{accepted}{nearest(strange[0], names)}"


def unit_names() -> list[str]:
    """Return every name that a unit may have."""
    return [*BASE, *_NAMED, *(name for name in _PURE if name)]
