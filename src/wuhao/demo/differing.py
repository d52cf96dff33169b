"""What the land and the tax office say otherwise than the directory, of a few enterprises.

In every city some enterprises stand on the border of two parks, and the tax office counts another
area than the land register: the demo shows both, so that there is something to reconcile.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from random import Random

from wuhao.demo.shapes import Population

OTHER_PARK = 4
OTHER_LAND = 6
_CENT = Decimal("0.01")


def parks_by_land(population: Population) -> Mapping[str, str]:
    """The park of every enterprise as the land office has it: a few in another."""
    parks = sorted(population.words.parks)
    found = {e.uscc: e.park for e in population.enterprises}
    for uscc in _some(population, "land/park", OTHER_PARK):
        found[uscc] = parks[(parks.index(found[uscc]) + 1) % len(parks)]
    return found


def land_by_tax(population: Population) -> Mapping[str, Decimal]:
    """The taxed land of every enterprise in m²: a few are taxed for a tenth less."""
    found = population.land_m2(date(population.year, 12, 31))
    for uscc in _some(population, "tax/land", OTHER_LAND):
        found[uscc] = (found[uscc] * 9 / 10).quantize(_CENT)
    return found


def _some(population: Population, what: str, count: int) -> list[str]:
    """Some enterprises drawn by name, never one of the cast whom the tour follows."""
    cast = {member.uscc for member in population.cast}
    free = sorted(e.uscc for e in population.enterprises if e.uscc not in cast)
    return Random(f"{what}/{population.year}").sample(free, min(count, len(free)))
