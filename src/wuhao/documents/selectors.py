"""Reads of the documents room."""

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
    names = FrozenSlot.__dataclass_fields__
    return FrozenSlot(**{name: getattr(kept, name) for name in names})


def _latest(viewer: Viewer, ref: str) -> DocumentVersion:
    found = DocumentVersion.objects.filter(document__ref=ref).select_related("document__office")
    version = found.order_by("-no").first() if may_read(viewer) else None
    if version is None:
        raise OutOfScope(_("没有您能看到的公文 %(ref)s。") % {"ref": ref})
    return version
