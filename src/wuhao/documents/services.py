"""Writes of the documents room: draft, revise, submit, approve, number and issue."""

from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuhao.core import audit, day
from wuhao.core.errors import DomainError
from wuhao.core.models import Office
from wuhao.core.move import Transition, move
from wuhao.core.viewer import Viewer
from wuhao.documents.layout.content import OfficialDocument
from wuhao.documents.layout.stored import restored, stored
from wuhao.documents.layout.words import CLOSE, OPEN, document_number
from wuhao.documents.layout.write import write_document
from wuhao.documents.models import Document, DocumentVersion, Slot

S = Document.Status
WRITERS = ("bureau_staff", "bureau_admin", "machine")
HEADS = ("bureau_admin",)


def _approved_is_current(document: Document, by: Viewer) -> None:
    if latest(document).digest != document.approved_digest:
        raise DomainError(_("现在的稿子与审定稿不一致，不能印发。请重新送审。"))


SUBMIT = Transition("submit", gettext_lazy("送审"), (S.DRAFT,), S.SUBMITTED, WRITERS)
RETURN = Transition("return", gettext_lazy("退回修改"), (S.SUBMITTED, S.APPROVED), S.DRAFT, HEADS)
APPROVE = Transition("approve", gettext_lazy("审定"), (S.SUBMITTED,), S.APPROVED, HEADS)
ISSUE = Transition(
    "issue", gettext_lazy("印发"), (S.APPROVED,), S.ISSUED, HEADS, _approved_is_current
)
WITHDRAW = Transition(
    "withdraw", gettext_lazy("撤回"), (S.DRAFT, S.SUBMITTED), S.WITHDRAWN, WRITERS
)


@dataclass(frozen=True)
class Order:
    """What is to be drafted: kind of document, issuing office, the word of its number."""

    kind: str
    office: str
    word: str


def unnumbered(word: str, year: int) -> str:
    """The number of a document that has none yet: room is left for the serial."""
    return f"{word}{OPEN}{year}{CLOSE}　号"


@transaction.atomic
def draft(order: Order, content: OfficialDocument, by: Viewer) -> DocumentVersion:
    """Enter a new document with its first version, freezing its figures and writing its file.

    Raises DomainError when the role may not write documents or the text cannot be laid out.
    """
    _may_write(by)
    document = Document.objects.create(
        kind=order.kind,
        title="".join(content.title),
        office=Office.objects.get(code=order.office),
        word=order.word,
        year=content.signed_on.year,
        created_by_id=by.post_id,
    )
    return _version(document, content, by)


@transaction.atomic
def revise(document: Document, content: OfficialDocument, by: Viewer) -> DocumentVersion:
    """Add a version to a draft. Raises DomainError when the document is no longer one."""
    _may_write(by)
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.status != S.DRAFT:
        raise DomainError(_("只有起草中的文稿可以改。请先退回修改。"))
    return _version(held, content, by)


def _may_write(by: Viewer) -> None:
    if by.role not in WRITERS:
        raise DomainError(_("您的岗位不能起草公文。请由市局经办岗位办理。"))


def _version(document: Document, content: OfficialDocument, by: Viewer) -> DocumentVersion:
    numbered = replace(content, number=unnumbered(document.word, document.year))
    no = document.versions.count() + 1
    version = DocumentVersion.objects.create(
        document=document,
        no=no,
        content=stored(numbered),
        digest=numbered.digest(),
        file=f"{document.ref}-{no}.docx",
        created_by_id=by.post_id,
    )
    Slot.objects.bulk_create(_slots(version, numbered))
    _write(version, numbered)
    said = {"version": no, "digest": version.digest}
    audit.record("documents.document.version", audit.urn(document), by, after=said)
    return version


def _slots(version: DocumentVersion, content: OfficialDocument) -> list[Slot]:
    fields = (
        "code", "label", "text", "suffix", "unit", "value", "numerator", "denominator", "basis",
        "cut_off", "digits", "lineage", "digest",
    )  # fmt: skip
    return [
        Slot(version=version, place=place, **{name: getattr(slot, name) for name in fields})
        for place, slot in enumerate(content.slots(), start=1)
    ]


def _write(version: DocumentVersion, content: OfficialDocument) -> None:
    path = path_of(version)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_document(content, path)
    except ValueError as wrong:
        raise DomainError(str(wrong)) from wrong


def latest(document: Document) -> DocumentVersion:
    """The version that counts. Raises DomainError for a document without any."""
    version = document.versions.order_by("-no").first()
    if version is None:
        raise DomainError(_("这份公文还没有成稿。"))
    return version


def path_of(version: DocumentVersion) -> Path:
    """Where a version's file lies."""
    return Path(settings.WUHAO_VAR) / "letters" / version.file


def submit(document: Document, by: Viewer, note: str = "") -> None:
    """Hand a draft in for approval."""
    move(document, SUBMIT, by, note)


def return_(document: Document, by: Viewer, note: str) -> None:
    """Send a document back to be changed; a reason is needed."""
    if not note.strip():
        raise DomainError(_("退回要写明理由。请填写后再退回。"))
    move(document, RETURN, by, note)


@transaction.atomic
def approve(document: Document, by: Viewer, note: str) -> None:
    """Approve the latest version: what is approved is its digest."""
    move(document, APPROVE, by, note)
    document.approved_digest = latest(document).digest
    document.save(update_fields=["approved_digest"])


@transaction.atomic
def issue(document: Document, by: Viewer, note: str = "") -> str:
    """Number and issue an approved document; returns its number (发文字号).

    Raises DomainError when the text is not the approved one.
    """
    Office.objects.select_for_update().get(pk=document.office_id)  # one number at a time
    used = Document.objects.filter(word=document.word, year=day.today().year)
    document.year = day.today().year
    document.serial = (used.aggregate(Max("serial"))["serial__max"] or 0) + 1
    document.save(update_fields=["year", "serial"])
    move(document, ISSUE, by, note)
    number = document_number(document.word, document.year, document.serial)
    version = latest(document)
    content = replace(restored(version.content), number=number)
    DocumentVersion.objects.filter(pk=version.pk).update(content=stored(content))
    _write(version, content)
    return number


def withdraw(document: Document, by: Viewer, note: str) -> None:
    """Withdraw a document that has not been approved."""
    move(document, WITHDRAW, by, note)
