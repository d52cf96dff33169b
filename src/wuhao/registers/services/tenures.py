"""The effects of accepted land and lease batches: tenures, and the land of a year from them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa
from django.db.models import Q

from wuhao.core.exact import from_quanta, to_quanta
from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.engine.facts import State
from wuhao.intake.models import Batch
from wuhao.registers.models import ClaimedField, Indicator, LandTenure
from wuhao.registers.rules import land_day, land_in_quanta, year_of
from wuhao.registers.services import claims, observations

LAND = "land_m2"
CENTIARE = LandTenure._meta.get_field("area_m2").quantum
SOME = 400


def receive_tenures(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Replace the tenures of the enterprises named, then measure their land anew.

    Leases that a park reported stay, but for those that these rows tell again.
    """
    subjects = observations.subjects_of(rows)
    made = [
        _tenure(batch, ledger, subject, entry)
        for subject, entry in zip(subjects, rows.to_pylist(), strict=True)
    ]
    _supersede(LandTenure.objects.filter(leased=False), subjects, ledger)
    _supersede_told(made, LandTenure.objects.filter(leased=True), ledger)
    claims.keep(batch, rows, ledger, _land_told(batch, made))
    return _enter(batch, ledger, made)


def receive_leases(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Enter leases, each as the lessor's 租出 and the lessee's 租入, and measure their land anew.

    A park's report takes the place of the one before it, and of the leases that the office of land
    told of the same parcels and parties.
    """
    parties = {
        LandTenure.Right.RENTED_OUT: observations.subjects_of(rows, "lessor_uscc"),
        LandTenure.Right.RENTED_IN: observations.subjects_of(rows, "lessee_uscc"),
    }
    entries = rows.to_pylist()
    made = [
        _tenure(batch, ledger, subject, {**entry, "right_kind": right}, leased=True)
        for right, subjects in parties.items()
        for subject, entry in zip(subjects, entries, strict=True)
    ]
    earlier = LandTenure.objects.filter(leased=True, batch__office=batch.office, superseded_by=None)
    gone = set(earlier.values_list("enterprise_id", flat=True))
    earlier.update(superseded_by=ledger.no)
    _supersede_told(made, LandTenure.objects.filter(leased=False), ledger)
    claims.keep(batch, rows, ledger)
    return _enter(batch, ledger, made, also=gone)


def _land_told(batch: Batch, made: list[LandTenure]) -> list[claims.Said]:
    """The land that each enterprise has by these rows alone, on the last day of the year."""
    on = land_day(year_of(batch.period) * 100)
    held: dict[int, list[LandTenure]] = defaultdict(list)
    for one in made:
        held[one.enterprise_id].append(one)
    told = []
    for enterprise_id, rows in held.items():
        counted = [
            (one.right, to_quanta(one.area_m2, CENTIARE)) for one in rows if _stands(one, on)
        ]
        land = str(from_quanta(land_in_quanta(counted), CENTIARE))
        cell = (rows[0].sheet, rows[0].row, rows[0].column)
        told.append(claims.said(enterprise_id, ClaimedField.LAND.value, land, cell))
    return told


def _stands(one: LandTenure, on: date) -> bool:
    return one.valid_from <= on and (one.valid_to is None or one.valid_to > on)


def _supersede(standing: Any, enterprises: Iterable[int], ledger: LedgerEntry) -> None:
    ids = sorted(set(enterprises))
    for at in range(0, len(ids), SOME):
        standing.filter(superseded_by=None, enterprise_id__in=ids[at : at + SOME]).update(
            superseded_by=ledger.no
        )


def _supersede_told(made: list[LandTenure], standing: Any, ledger: LedgerEntry) -> None:
    """End what stands of the same enterprise, parcel and right as the new rows."""
    told = {(one.enterprise_id, one.parcel_code, one.right) for one in made}
    found = standing.filter(superseded_by=None).values_list(
        "pk", "enterprise_id", "parcel_code", "right"
    )
    keys = [pk for pk, *key in found if tuple(key) in told]
    for at in range(0, len(keys), SOME):
        LandTenure.objects.filter(pk__in=keys[at : at + SOME]).update(superseded_by=ledger.no)


def _tenure(
    batch: Batch, ledger: LedgerEntry, enterprise_id: int, entry: dict[str, Any], **more: bool
) -> LandTenure:
    return LandTenure(
        enterprise_id=enterprise_id,
        parcel_code=entry["parcel_code"],
        right=entry["right_kind"],
        area_m2=from_quanta(entry["area_m2"], CENTIARE),
        valid_from=entry["started_on"],
        valid_to=entry["ended_on"],
        batch=batch,
        sheet=entry["sheet"],
        row=entry["row"],
        column=entry["area_m2__column"] or "",
        ledger=ledger,
        **more,
    )


def _enter(
    batch: Batch, ledger: LedgerEntry, made: list[LandTenure], also: Iterable[int] = ()
) -> int:
    LandTenure.objects.bulk_create(made, batch_size=500)
    first: dict[int, tuple[str, int | None, str]] = {}
    for one in made:
        first.setdefault(one.enterprise_id, (one.sheet, one.row, one.column))
    for enterprise_id in also:
        first.setdefault(enterprise_id, ("", None, ""))
    return measure_land(batch, ledger, first)


def measure_land(
    batch: Batch, ledger: LedgerEntry, cells: dict[int, tuple[str, int | None, str]]
) -> int:
    """Write the land of enterprises on the last day of the batch's year as observations.

    `cells` names for each the sheet, row and column that it is to be traced back to.
    """
    year = year_of(batch.period) * 100
    held = _held_on_last_day(year, cells)
    indicator = Indicator.objects.get(code=LAND).pk
    staged: list[Any] = [
        (subject, indicator, year, land or None, (State.VALUE if land else State.ZERO).value, *cell)
        for subject, cell in cells.items()
        for land in [land_in_quanta(held[subject])]
    ]
    return observations.enter(staged, batch.pk, ledger.no)


def _held_on_last_day(year: int, cells: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """Rights and areas in quanta of enterprises, as they stand on the last day of a year."""
    on, wanted = land_day(year), set(cells)
    ends = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    found = LandTenure.objects.filter(ends, superseded_by=None, valid_from__lte=on)
    held: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for subject, right, area in found.values_list("enterprise_id", "right", "area_m2"):
        if subject in wanted:
            held[subject].append((right, to_quanta(area, CENTIARE)))
    return held
