"""Parcels and leases of the made-up enterprises, so that each counts the land drawn for it.

Of a hundred enterprises about fourteen rent from a neighbour (whose parcel is larger by as much),
four from a platform company that is not in the directory, five use ground without title, eight
hold two parcels. A few leases ended within the year: they must not count on its last day.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from wuhao.demo.shapes import OCCUPIED, OWN, RENTED_IN, RENTED_OUT, Enterprise, Tenure

_CENT = Decimal("0.01")
_TENANT_BELOW_M2 = 20_000
_TERM_YEARS = 50  # granted industrial land


class Parcels:
    """Draws the tenures of the enterprises of one park."""

    def __init__(self, rng: Random, cadastral: str, year: int) -> None:
        self._rng = rng
        self._year = year
        self._cadastral = cadastral
        self._serial = 100  # below are parcels of the cast

    def tenures(self, holders: Sequence[Enterprise], land: Mapping[str, Decimal]) -> list[Tenure]:
        """Tenures of all holders, given the area in m2 that each must count."""
        small = [e for e in holders if land[e.uscc] < _TENANT_BELOW_M2]
        tenants = [e for e in small if self._rng.random() < 0.2]
        renting = {tenant.uscc for tenant in tenants}
        landlords = [e for e in holders if e.uscc not in renting]
        chosen: set[str] = set()
        found: list[Tenure] = []
        shuffled = self._rng.sample(landlords, len(landlords))
        for tenant, landlord in zip(tenants, shuffled, strict=False):
            chosen |= {tenant.uscc, landlord.uscc}
            found += self._lease(tenant, landlord, land)
        for enterprise in holders:
            if enterprise.uscc not in chosen:
                found += self._alone(enterprise, land[enterprise.uscc])
        return found

    def _parcel(self) -> str:
        self._serial += self._rng.randrange(1, 4)
        return f"{self._cadastral}{self._rng.randrange(1, 40):03d}GB{self._serial:05d}"

    def _lease(
        self, tenant: Enterprise, landlord: Enterprise, land: Mapping[str, Decimal]
    ) -> Iterator[Tenure]:
        """A parcel of the landlord's, of which the tenant uses what it needs."""
        let = land[tenant.uscc]
        parcel = self._parcel()
        own = self._granted(landlord, parcel, land[landlord.uscc] + let)
        begins, ends = self._lease_days(max(own.started_on, tenant.established_on))
        yield own
        yield Tenure(parcel, landlord.uscc, let, RENTED_OUT, begins, ends)
        yield Tenure(parcel, tenant.uscc, let, RENTED_IN, begins, ends)
        if begins.year < self._year and self._rng.random() < 0.15:
            yield from self._ended(own, tenant, begins)

    def _ended(self, own: Tenure, tenant: Enterprise, begins: date) -> Iterator[Tenure]:
        """A second hall on the same parcel, given back within the year."""
        area = (own.area_m2 * self._rng.randrange(4, 12) / 100).quantize(_CENT)
        begins = begins.replace(day=15)
        ends = date(self._year, self._rng.randrange(3, 12), 1)
        yield Tenure(own.parcel, own.uscc, area, RENTED_OUT, begins, ends)
        yield Tenure(own.parcel, tenant.uscc, area, RENTED_IN, begins, ends)

    def _alone(self, enterprise: Enterprise, area: Decimal) -> Iterator[Tenure]:
        kind = self._rng.random()
        if kind < 0.04:
            begins, ends = self._lease_days(enterprise.established_on)
            yield Tenure(self._parcel(), enterprise.uscc, area, RENTED_IN, begins, ends)
        elif kind < 0.09:
            extra = (area * self._rng.randrange(3, 12) / 100).quantize(_CENT)
            own = self._granted(enterprise, self._parcel(), area - extra)
            yield own
            yield Tenure(own.parcel, enterprise.uscc, extra, OCCUPIED, own.started_on)
        elif kind < 0.17:
            first = (area * self._rng.randrange(45, 80) / 100).quantize(_CENT)
            yield self._granted(enterprise, self._parcel(), first)
            yield self._granted(enterprise, self._parcel(), area - first)
        else:
            yield self._granted(enterprise, self._parcel(), area)

    def _granted(self, enterprise: Enterprise, parcel: str, area: Decimal) -> Tenure:
        settled = enterprise.established_on + timedelta(days=self._rng.randrange(30, 600))
        latest = max(enterprise.established_on, date(self._year - 1, 9, 28))
        began = _on_28_at_most(min(settled, latest))
        ends = began.replace(year=began.year + _TERM_YEARS)
        return Tenure(parcel, enterprise.uscc, area, OWN, began, ends)

    def _lease_days(self, not_before: date) -> tuple[date, date]:
        drawn = date(self._year - 3, 1, 1) + timedelta(days=self._rng.randrange(900))
        begins = _first_after(max(drawn, not_before))
        return begins, begins.replace(year=begins.year + self._rng.choice((5, 8, 10)))


def _on_28_at_most(day: date) -> date:
    """A day that every month and every year has."""
    return day.replace(day=min(day.day, 28))


def _first_after(day: date) -> date:
    """The first day of the next month: leases begin with a month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
