"""Audit: one line per act in the act's own transaction, sealed into a chain afterwards."""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from wuhao.core import day
from wuhao.core.models import AuditEntry, AuditLink

if TYPE_CHECKING:
    from wuhao.core.viewer import Viewer

GENESIS = "0" * 64
SEAL_AT_ONCE = 5000


def urn(obj: Any) -> str:
    """The name by which audit and cases know a row: `app.model/key`."""
    key = getattr(obj, "urn_key", None) or obj.pk
    return f"{obj._meta.label_lower}/{key}"


def record(
    action: str, subject: str, by: "Viewer | None", *, note: str = "", **change: Any
) -> AuditEntry:
    """Append one line; `before=` and `after=` are plain data. Call inside the act's transaction."""
    entry = AuditEntry(
        at=day.now(),
        by_id=by.post_id if by else None,
        action=action,
        subject=subject,
        before=change.get("before") or {},
        after=change.get("after") or {},
        note=note,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def digest_of(entry: AuditEntry) -> str:
    """The entry's own digest, over everything that it says."""
    said = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": entry.by_id,
        "action": entry.action,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
        "note": entry.note,
    }
    return _sha(json.dumps(said, sort_keys=True, ensure_ascii=False))


def seal() -> int:
    """Link the entries not yet in the chain; returns how many.

    A second sealer at the same moment would take the same place: the key refuses it, nothing of
    its part is kept, and the entries are linked by the first or in the next round.
    """
    sealed = 0
    with contextlib.suppress(IntegrityError):
        while batch := _seal_some():
            sealed += batch
    return sealed


def _seal_some() -> int:
    with transaction.atomic():
        place, head = _head()
        entries = AuditEntry.objects.filter(auditlink__isnull=True).order_by("pk")[:SEAL_AT_ONCE]
        links = []
        for entry in entries:
            place, head = place + 1, _sha(head + entry.digest)
            links.append(AuditLink(place=place, entry=entry, digest=head))
        AuditLink.objects.bulk_create(links)
        if links:
            transaction.on_commit(lambda: _anchor(place, head))
    return len(links)


def _anchor(place: int, head: str) -> None:
    """Write the head down outside the database, where removing rows does not reach it."""
    path = _anchors()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{place} {head}\n")


def _anchors() -> Path:
    return Path(settings.WUHAO_VAR) / "audit" / "heads.txt"


def _cut_off() -> Iterator[str]:
    """Heads written down outside that the chain no longer has."""
    path = _anchors()
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    links = dict(AuditLink.objects.values_list("place", "digest"))
    lost = [place for place, head in map(str.split, lines) if links.get(int(place)) != head]
    if lost:
        yield (
            f"审计链曾封到第 {max(map(int, lost))} 位（库外有记录），现在库里没有或不相符："
            "末尾的行被删或整条链被换过。"
        )


def _head() -> tuple[int, str]:
    """The last place of the chain and its digest."""
    last = AuditLink.objects.select_for_update().order_by("-place").first()
    return (last.place, last.digest) if last else (0, GENESIS)


@dataclass(frozen=True)
class Verdict:
    """What verification found: sentences of trouble, links checked and entries not yet sealed."""

    troubles: list[str]
    sealed: int
    unsealed: int


def verify() -> Verdict:
    """Walk the chain; name every altered, missing or reordered entry and count the tail."""
    troubles = [*_troubles(), *_cut_off()]
    unsealed = AuditEntry.objects.filter(auditlink__isnull=True)
    for entry in unsealed.iterator():
        if digest_of(entry) != entry.digest:
            troubles.append(f"审计行 {entry.pk}（未封链）的内容被改动过。")
    return Verdict(troubles, AuditLink.objects.count(), unsealed.count())


def _troubles() -> Iterator[str]:
    head, expected = GENESIS, 0
    entries = AuditEntry.objects.in_bulk(AuditLink.objects.values_list("entry_id", flat=True))
    for link in AuditLink.objects.order_by("place").iterator():
        expected += 1
        if link.place != expected:
            yield f"审计链在第 {expected} 位断开：有环节缺失。"
            expected = link.place
        entry = entries.get(link.entry_id)
        if entry is None:
            yield f"审计链第 {link.place} 位的行 {link.entry_id} 不见了。"
            head = link.digest
            continue
        if digest_of(entry) != entry.digest:
            yield f"审计行 {entry.pk} 的内容被改动过。"
        head = _sha(head + entry.digest)
        if head != link.digest:
            yield f"审计链第 {link.place} 位与前文不合：内容或次序被改动过。"
            head = link.digest
    largest = AuditLink.objects.aggregate(Max("place"))["place__max"] or 0
    if largest > expected:
        yield f"审计链应有 {largest} 位，只见 {expected} 位。"


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
