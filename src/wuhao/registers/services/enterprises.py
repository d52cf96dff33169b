"""The effect of an accepted directory: enterprises, their dated names and parks, their year."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.intake.models import Batch
from wuhao.registers.models import (
    Enterprise,
    EnterpriseName,
    EnterprisePark,
    EnterpriseYear,
    Park,
    Subject,
)
from wuhao.registers.rules import year_of
from wuhao.registers.services import choices, claims

ATTRIBUTES = ("sector", "sector_name", "district", "established_on", "in_production_on")


@dataclass(frozen=True)
class Source:
    """Where a directory row came from and from which day it holds."""

    batch_id: int
    period: int

    @property
    def first_day(self) -> date:
        return date(year_of(self.period), 1, 1)


def receive_directory(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Enter the rows of an accepted directory; returns how many enterprises it named."""
    source = Source(batch.pk, batch.period)
    entries = rows.to_pylist()
    enterprises = _enter_enterprises(source, entries)
    claims.keep(batch, rows, ledger)
    entries = choices.followed(entries)
    _enter_names(source, entries, enterprises)
    _enter_parks(source, entries, enterprises)
    _enter_years(source, entries, enterprises)
    return len(enterprises)


def _enter_enterprises(source: Source, entries: list[dict[str, Any]]) -> dict[str, int]:
    keys = [entry["uscc"] for entry in entries]
    known = dict(Enterprise.objects.values_list("uscc", "pk"))
    fresh = [entry for entry in entries if entry["uscc"] not in known]
    kind = Subject.Kind.ENTERPRISE
    Subject.objects.bulk_create(
        [Subject(kind=kind, key=entry["uscc"]) for entry in fresh], ignore_conflicts=True
    )
    subjects = dict(Subject.objects.filter(kind=kind).values_list("key", "pk"))
    found = [
        Enterprise(subject_id=subjects[entry["uscc"]], uscc=entry["uscc"], **_fields(source, entry))
        for entry in entries
    ]
    Enterprise.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=[*ATTRIBUTES, "batch", "sheet", "row"],
    )
    return {key: subjects[key] for key in keys}


def _fields(source: Source, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "sector": entry.get("sector") or "",
        "sector_name": entry.get("sector_label") or "",
        "district": entry.get("district") or "",
        "established_on": entry.get("established_on"),
        "in_production_on": entry.get("in_production_on"),
        **_place(source, entry),
    }


def _place(source: Source, entry: dict[str, Any]) -> dict[str, Any]:
    return {"batch_id": source.batch_id, "sheet": entry["sheet"], "row": entry["row"]}


def _enter_names(source: Source, entries: list[dict[str, Any]], ids: dict[str, int]) -> None:
    current = dict(
        EnterpriseName.objects.filter(valid_to=None).values_list("enterprise_id", "name")
    )
    changed = [entry for entry in entries if current.get(ids[entry["uscc"]]) != entry["name"]]
    _close(EnterpriseName, source, [ids[e["uscc"]] for e in changed if ids[e["uscc"]] in current])
    EnterpriseName.objects.bulk_create(
        EnterpriseName(
            enterprise_id=ids[entry["uscc"]],
            name=entry["name"],
            valid_from=_since(source, entry, ids[entry["uscc"]] in current),
            **_place(source, entry),
        )
        for entry in changed
    )


def _enter_parks(source: Source, entries: list[dict[str, Any]], ids: dict[str, int]) -> None:
    parks = dict(Park.objects.values_list("code", "pk"))
    current = dict(
        EnterprisePark.objects.filter(valid_to=None).values_list("enterprise_id", "park__code")
    )
    changed = [entry for entry in entries if current.get(ids[entry["uscc"]]) != entry.get("park")]
    _close(EnterprisePark, source, [ids[e["uscc"]] for e in changed if ids[e["uscc"]] in current])
    EnterprisePark.objects.bulk_create(
        EnterprisePark(
            enterprise_id=ids[entry["uscc"]],
            park_id=parks[entry["park"]],
            valid_from=_since(source, entry, ids[entry["uscc"]] in current),
            **_place(source, entry),
        )
        for entry in changed
        if entry.get("park")
    )


def _since(source: Source, entry: dict[str, Any], renamed: bool) -> date:
    """A first name holds from the founding day; a later one from the year that brought it."""
    founded: date | None = entry.get("established_on")
    return source.first_day if renamed or founded is None else founded


def _close(
    model: type[EnterpriseName] | type[EnterprisePark], source: Source, ids: list[int]
) -> None:
    """End what held until now; what began on or after the new day ends a day after it began."""
    for held in model._default_manager.filter(valid_to=None, enterprise_id__in=ids):
        held.valid_to = max(source.first_day, held.valid_from + timedelta(days=1))
        held.save(update_fields=["valid_to"])


def _enter_years(source: Source, entries: list[dict[str, Any]], ids: dict[str, int]) -> None:
    EnterpriseYear.objects.bulk_create(
        [
            EnterpriseYear(
                enterprise_id=ids[entry["uscc"]],
                year=year_of(source.period),
                scale=entry.get("scale") or "",
                construction_state=entry.get("construction_state") or "",
            )
            for entry in entries
        ],
        update_conflicts=True,
        unique_fields=["enterprise", "year"],
        update_fields=["scale", "construction_state"],
    )
