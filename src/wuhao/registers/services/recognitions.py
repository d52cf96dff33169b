"""Dated recognitions: what a list says of an enterprise, written by the rooms above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from django.db import transaction

from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.intake.models import Batch
from wuhao.registers.models import Enterprise, Recognition
from wuhao.registers.services.observations import subjects_of


@dataclass(frozen=True)
class ListSource:
    """The list that recognises: kind, document, the URN it comes from, and from when it holds."""

    kind: str
    document: str
    urn: str
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def recognise(source: ListSource, levels: Mapping[str, str]) -> int:
    """Write a level per credit code; what the same list said before ends on that day."""
    ids = dict(Enterprise.objects.filter(uscc__in=levels).values_list("uscc", "pk"))
    earlier = Recognition.objects.filter(kind=source.kind, valid_to=None).exclude(
        source_urn=source.urn
    )
    earlier.filter(valid_from__lt=source.valid_from).update(valid_to=source.valid_from)
    earlier.filter(valid_from__gte=source.valid_from).delete()
    rows = _rows(source, levels, ids)
    Recognition.objects.bulk_create(rows, ignore_conflicts=True)
    return len(ids)


def _rows(
    source: ListSource, levels: Mapping[str, str], ids: Mapping[str, int]
) -> Iterable[Recognition]:
    return [
        Recognition(
            enterprise_id=ids[uscc],
            kind=source.kind,
            level=level,
            document=source.document,
            source_urn=source.urn,
            valid_from=source.valid_from,
            valid_to=source.valid_to,
        )
        for uscc, level in sorted(levels.items())
        if uscc in ids
    ]


def receive_recognitions(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Enter a list (名单) that an office handed in; returns how many recognitions it holds.

    What an enterprise held of the same list before ends on the day of the new one.
    """
    subjects = subjects_of(rows)
    entries = rows.to_pylist()
    urn = f"intake.batch/{batch.no}"
    fresh = [
        Recognition(
            enterprise_id=subject,
            kind=entry["kind"],
            level=entry["level"],
            document=entry["document"],
            source_urn=f"{urn}#{entry['sheet'][:60]}!{entry['row']}",
            valid_from=entry["valid_from"],
            valid_to=entry["valid_to"],
        )
        for subject, entry in zip(subjects, entries, strict=True)
    ]
    _end_earlier(fresh)
    Recognition.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    return len(fresh)


def _end_earlier(fresh: list[Recognition]) -> None:
    begins = {(one.enterprise_id, one.kind): one.valid_from for one in fresh}
    stood = Recognition.objects.filter(kind__in={one.kind for one in fresh})
    changed = []
    for held in stood.filter(enterprise_id__in={one.enterprise_id for one in fresh}):
        begin = begins.get((held.enterprise_id, held.kind))
        if begin and held.valid_from < begin and (held.valid_to is None or held.valid_to > begin):
            held.valid_to = begin
            changed.append(held)
    Recognition.objects.bulk_update(changed, ["valid_to"], batch_size=500)
