"""Dated recognitions: what a list says of an enterprise, written by the rooms above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from wuhao.registers.models import Enterprise, Recognition


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
