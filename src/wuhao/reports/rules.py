"""How a figure is rounded and written: pure, exact, half up away from zero.

A rate always carries both numerator and denominator; the rule only makes the printed number.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from wuhao.core.exact import rounded
from wuhao.core.units import UNITS


@dataclass(frozen=True)
class Parts:
    """What a figure is made of, exact and in base units; `subject` is what it names, if it does."""

    numerator: Decimal
    denominator: Decimal | None = None
    subject: str = ""


class NotDefined(ArithmeticError):
    """There is no such figure: the denominator is zero or was not given."""


Exact = tuple[Decimal | None, ...]
Units = tuple[str, str]  # codes of core.units, or the word that counts things (家)


class _OfOne:
    """A rule whose print follows from the numerator alone; a denominator is told beside it."""

    def exact(self, numerator: Decimal | None, denominator: Decimal | None) -> Exact:
        """The exact parts on which the printed number depends."""
        return (numerator,)


class _OfTwo:
    """A rule that divides."""

    def exact(self, numerator: Decimal | None, denominator: Decimal | None) -> Exact:
        """The exact parts on which the printed number depends."""
        return (numerator, denominator)


@dataclass(frozen=True)
class CountRule(_OfOne):
    """A number of things: 1004家."""

    unit: str
    digits: int = 0

    @property
    def suffix(self) -> str:
        return self.unit

    @property
    def parts_in(self) -> Units:
        """The units of numerator and denominator."""
        return (self.unit, self.unit)

    def value(self, parts: Parts, digits: int | None = None) -> Decimal:
        """The count itself."""
        return parts.numerator

    def text(self, parts: Parts, digits: int | None = None) -> str:
        """The count."""
        return f"{parts.numerator:f}"


@dataclass(frozen=True)
class NameRule:
    """The name of what a figure found: 甲园区. Its value is the count that made it the first."""

    unit: str = ""
    suffix: str = ""
    counts: str = "家"

    @property
    def parts_in(self) -> Units:
        """The units of numerator and denominator."""
        return (self.counts, self.counts)

    def value(self, parts: Parts, digits: int | None = None) -> Decimal:
        """The count."""
        return parts.numerator

    def text(self, parts: Parts, digits: int | None = None) -> str:
        """The name."""
        return parts.subject

    def exact(self, numerator: Decimal | None, denominator: Decimal | None) -> Exact:
        """A name depends on no number: it changes when another comes first."""
        return ()


@dataclass(frozen=True)
class AmountRule(_OfOne):
    """A sum of money, land or the like, shown in a unit of `core.units`: 18.62亿元."""

    shown_in: str
    digits: int = 2

    @property
    def unit(self) -> str:
        return UNITS[self.shown_in].label

    @property
    def suffix(self) -> str:
        return self.unit

    @property
    def parts_in(self) -> Units:
        """The units of numerator and denominator."""
        base = UNITS[self.shown_in].base
        return (base, base)

    def value(self, parts: Parts, digits: int | None = None) -> Decimal:
        """The amount in the unit shown, rounded."""
        exact = Fraction(parts.numerator) / UNITS[self.shown_in].factor
        return rounded(exact, self.digits if digits is None else digits)

    def text(self, parts: Parts, digits: int | None = None) -> str:
        """The amount in the unit shown."""
        return f"{self.value(parts, digits):f}"


@dataclass(frozen=True)
class RateRule(_OfTwo):
    """A part of a whole in percent, by default to one decimal: 113.3%."""

    digits: int = 1
    unit: str = "%"
    suffix: str = ""  # the sign belongs to the number
    counts: str = "家"

    @property
    def parts_in(self) -> Units:
        """The units of numerator and denominator."""
        return (self.counts, self.counts)

    def value(self, parts: Parts, digits: int | None = None) -> Decimal:
        """The percentage, rounded. Raises NotDefined for a denominator of zero."""
        return rounded(_quotient(parts) * 100, self.digits if digits is None else digits)

    def text(self, parts: Parts, digits: int | None = None) -> str:
        """The percentage with its sign."""
        return f"{self.value(parts, digits):f}{self.unit}"


@dataclass(frozen=True)
class QuotientRule(_OfTwo):
    """Total over total in two units, as 万元/亩: 12.34万元/亩."""

    above: str
    below: str
    digits: int = 2

    @property
    def unit(self) -> str:
        return f"{UNITS[self.above].label}/{UNITS[self.below].label}"

    @property
    def suffix(self) -> str:
        return self.unit

    @property
    def parts_in(self) -> Units:
        """The units of numerator and denominator."""
        return (UNITS[self.above].base, UNITS[self.below].base)

    def value(self, parts: Parts, digits: int | None = None) -> Decimal:
        """The quotient, rounded. Raises NotDefined for a denominator of zero."""
        exact = _quotient(parts) * UNITS[self.below].factor / UNITS[self.above].factor
        return rounded(exact, self.digits if digits is None else digits)

    def text(self, parts: Parts, digits: int | None = None) -> str:
        """The quotient in the units shown."""
        return f"{self.value(parts, digits):f}"


Rule = CountRule | NameRule | AmountRule | RateRule | QuotientRule


def written(rule: Rule, parts: Exact) -> str:
    """Exact parts with their units, as `4510616384.92元 ÷ 22202551.26㎡`."""
    pairs = zip(parts, rule.parts_in, strict=False)
    return " ÷ ".join(
        f"{part.normalize():f}{UNITS[unit].label if unit in UNITS else unit}"
        for part, unit in pairs
        if part is not None
    )


def _quotient(parts: Parts) -> Fraction:
    if not parts.denominator:
        raise NotDefined("分母是零或没有数，算不出比率。")
    return Fraction(parts.numerator) / Fraction(parts.denominator)
