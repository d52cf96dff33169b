"""The effect of an accepted land batch: tenures, and the land of a year derived from them."""

from collections import defaultdict
from typing import Any

import pyarrow as pa

from wuhao.core.exact import from_quanta
from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.engine.facts import State
from wuhao.intake.models import Batch
from wuhao.registers.models import Enterprise, Indicator, LandTenure
from wuhao.registers.rules import land_day, land_in_quanta
from wuhao.registers.services import observations

LAND = "land_m2"
CENTIARE = LandTenure._meta.get_field("area_m2").quantum


def receive_tenures(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Replace the tenures of the enterprises named, then measure their land anew."""
    entries = rows.to_pylist()
    ids = dict(Enterprise.objects.values_list("uscc", "pk"))
    observations.subjects_of(rows)
    held = LandTenure.objects.filter(
        superseded_by=None, enterprise_id__in={ids[entry["uscc"]] for entry in entries}
    )
    held.update(superseded_by=ledger.no)
    LandTenure.objects.bulk_create(
        [_tenure(batch, ledger, ids[entry["uscc"]], entry) for entry in entries], batch_size=500
    )
    return measure_land(batch, ledger, entries, ids)


def _tenure(
    batch: Batch, ledger: LedgerEntry, enterprise_id: int, entry: dict[str, Any]
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
    )


def measure_land(
    batch: Batch, ledger: LedgerEntry, entries: list[dict[str, Any]], ids: dict[str, int]
) -> int:
    """Write each enterprise's land on the last day of the batch's year as an observation."""
    on = land_day(batch.period)
    areas: dict[str, list[tuple[str, int]]] = defaultdict(list)
    first: dict[str, dict[str, Any]] = {}
    for entry in entries:
        first.setdefault(entry["uscc"], entry)
        areas[entry["uscc"]]
        if entry["started_on"] <= on and (entry["ended_on"] is None or entry["ended_on"] > on):
            areas[entry["uscc"]].append((entry["right_kind"], entry["area_m2"]))
    indicator = Indicator.objects.get(code=LAND).pk
    staged = [
        (
            ids[uscc], indicator, batch.period, land or None,
            State.VALUE.value if land else State.ZERO.value,
            first[uscc]["sheet"], first[uscc]["row"], first[uscc]["area_m2__column"] or "",
        )
        for uscc, held in areas.items()
        for land in [land_in_quanta(held)]
    ]  # fmt: skip
    return observations.enter(staged, batch.pk, ledger.no)
