"""The effect of accepted penalties and accidents (处罚、事故)."""

from decimal import Decimal
from typing import Any

import pyarrow as pa

from wuhao.core.exact import from_quanta
from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.engine.facts import State
from wuhao.intake.models import Batch
from wuhao.registers.models import EnterpriseEvent
from wuhao.registers.services.observations import subjects_of

FEN = EnterpriseEvent._meta.get_field("fine_yuan").quantum


def receive_events(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Enter events; what the same document said before is superseded. Returns how many came."""
    subjects = subjects_of(rows)
    entries = rows.to_pylist()
    stood = EnterpriseEvent.objects.filter(
        superseded_by=None, document__in={entry["document"] for entry in entries}
    )
    stood.filter(enterprise_id__in=set(subjects)).update(superseded_by=ledger.no)
    EnterpriseEvent.objects.bulk_create(
        [
            EnterpriseEvent(
                enterprise_id=subject,
                kind=entry["kind"],
                level=entry["level"] or "",
                happened_on=entry["happened_on"],
                document=entry["document"],
                fine_yuan=_fine(entry),
                batch=batch,
                sheet=entry["sheet"],
                row=entry["row"],
                ledger=ledger,
            )
            for subject, entry in zip(subjects, entries, strict=True)
        ],
        batch_size=500,
    )
    return len(entries)


def _fine(entry: dict[str, Any]) -> Decimal | None:
    value, state = entry["fine_yuan"], entry["fine_yuan__state"]
    if isinstance(value, int):
        return from_quanta(value, FEN)
    return Decimal(0) if state == State.ZERO else None
