"""Shapes of the demo's made-up city: enterprises, tenures and the whole population.

Amounts are Decimal in base units (yuan, m2, kwh, kgce, kg, person). A zero, a figure that was not
reported and a figure that does not apply are three things: Decimal(0), and the two of `Blank`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property

from wuhao.demo.recipe import CityWords

ABOVE, BELOW = "above", "below"
OWN, RENTED_IN, RENTED_OUT, OCCUPIED = "own", "rented_in", "rented_out", "occupied"
_SIGNS = {OWN: 1, RENTED_IN: 1, RENTED_OUT: -1, OCCUPIED: 1}


class Blank(Enum):
    """Why there is no figure: not reported (未报) or not applicable (不适用)."""

    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


Amount = Decimal | Blank


@dataclass(frozen=True)
class Enterprise:
    """A made-up enterprise (企业) with its figures of one year, by fact code in base units."""

    uscc: str
    name: str
    park: str
    district: str
    sector: str
    sector_label: str
    scale: str
    established_on: date
    in_production_on: date | Blank
    construction_state: str
    env_credit: str
    accounts: tuple[str, ...]
    facts: Mapping[str, Amount]


@dataclass(frozen=True)
class Tenure:
    """A parcel (宗地) held by an enterprise by one right, from a day until before another."""

    parcel: str
    uscc: str
    area_m2: Decimal
    right: str
    started_on: date
    ended_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the right holds on a day; the end day itself no longer counts."""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True)
class CastMember:
    """An enterprise that the tour follows, and the row of the directory workbook it stands on."""

    code: str
    uscc: str
    row: int


@dataclass(frozen=True)
class Population:
    """Everything that the offices of the made-up city know about one year.

    `stands` says which credit code stands on a row of a template's workbook.
    """

    year: int
    words: CityWords
    enterprises: tuple[Enterprise, ...]
    tenures: tuple[Tenure, ...]
    cast: tuple[CastMember, ...]
    stands: Mapping[str, Mapping[int, str]]

    @cached_property
    def by_uscc(self) -> dict[str, Enterprise]:
        """Enterprises by credit code."""
        return {enterprise.uscc: enterprise for enterprise in self.enterprises}

    def of_scale(self, scale: str) -> list[Enterprise]:
        """The enterprises of one size class, in order."""
        return [enterprise for enterprise in self.enterprises if enterprise.scale == scale]

    def total(self, fact: str) -> Decimal:
        """The sum of a fact over all enterprises that have a figure, in base units."""
        values = (enterprise.facts.get(fact) for enterprise in self.enterprises)
        return sum((v for v in values if isinstance(v, Decimal)), Decimal(0))

    def land_m2(self, on: date) -> dict[str, Decimal]:
        """Land counted for each holder on a day: own + rented in - rented out + occupied."""
        counted: dict[str, Decimal] = {}
        for tenure in self.tenures:
            if tenure.holds_on(on):
                signed = _SIGNS[tenure.right] * tenure.area_m2
                counted[tenure.uscc] = counted.get(tenure.uscc, Decimal(0)) + signed
        return counted
