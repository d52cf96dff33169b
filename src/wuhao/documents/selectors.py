"""Reads of the documents room."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from wuhao.core.errors import OutOfScope
from wuhao.core.scope import INTERNAL, grant_of
from wuhao.core.viewer import Viewer
from wuhao.documents.layout.content import OfficialDocument
from wuhao.documents.layout.content import Slot as FrozenSlot
from wuhao.documents.layout.stored import restored
from wuhao.documents.models import Document, DocumentVersion, Slot
from wuhao.documents.services import path_of

Tag = tuple[str, str]  # a figure's code and the digest under which it was frozen


def may_read(viewer: Viewer) -> bool:
    """Drafts of documents are for posts that reach every row and more than public fields."""
    grant = grant_of(viewer.role)
    return grant.rows == "all" and INTERNAL in grant.classes


def documents(viewer: Viewer) -> list[dict[str, Any]]:
    """Documents, latest first; none for posts that may not read them."""
    found = Document.objects.order_by("-created_at", "-pk").select_related("office")
    return [described(document) for document in found] if may_read(viewer) else []


def described(document: Document) -> dict[str, Any]:
    """A document as plain data."""
    return {
        "ref": document.ref,
        "kind": document.kind,
        "title": document.title,
        "office": document.office.name,
        "status": document.status,
        "status_label": document.get_status_display(),
        "created_at": document.created_at,
    }


def content(viewer: Viewer, ref: str) -> tuple[dict[str, Any], OfficialDocument]:
    """A document and what its latest version says. Raises OutOfScope."""
    version = _latest(viewer, ref)
    return described(version.document) | {"version": version.no}, restored(version.content)


def file_of(viewer: Viewer, ref: str) -> Path:
    """The file of a document's latest version. Raises OutOfScope."""
    return path_of(_latest(viewer, ref))


def frozen(viewer: Viewer, code: str, digest: str) -> FrozenSlot | None:
    """The slot that was frozen under a digest, where a file has lost what it kept of it."""
    if not may_read(viewer):
        return None
    kept = Slot.objects.filter(code=code, digest=digest).order_by("pk").first()
    if kept is None:
        return None
    return _frozen(kept)


def drafted_with(viewer: Viewer, tags: Counter[Tag]) -> list[tuple[Tag, FrozenSlot]]:
    """All figures of the kept version that a file with these figures was drafted as.

    It holds every figure of the file that is on record; of several, the one that lacks least
    in the file. Empty where there is none.
    """
    if not may_read(viewer):
        return []
    digests = {digest for _code, digest in tags}
    alike = Slot.objects.filter(digest__in=digests).values("version")
    versions: dict[int, list[Slot]] = {}
    for slot in Slot.objects.filter(version__in=alike).order_by("version", "place"):
        versions.setdefault(slot.version_id, []).append(slot)
    counted = [(Counter(map(_tag, slots)), slots) for slots in versions.values()]
    on_record = Counter({tag: n for tag, n in tags.items() if any(tag in c for c, _s in counted)})
    whole = [pair for pair in counted if on_record <= pair[0]]
    closest = min(whole, key=lambda pair: (pair[0] - tags).total(), default=None)
    return [(_tag(slot), _frozen(slot)) for slot in closest[1]] if closest else []


def _tag(slot: Slot) -> Tag:
    return slot.code, slot.digest


def _frozen(kept: Slot) -> FrozenSlot:
    names = FrozenSlot.__dataclass_fields__
    return FrozenSlot(**{name: getattr(kept, name) for name in names})


def _latest(viewer: Viewer, ref: str) -> DocumentVersion:
    found = DocumentVersion.objects.filter(document__ref=ref).select_related("document__office")
    version = found.order_by("-no").first() if may_read(viewer) else None
    if version is None:
        raise OutOfScope(_("没有您能看到的公文 %(ref)s。") % {"ref": ref})
    return version
