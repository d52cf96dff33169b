"""The life of a scheme: drafted, reviewed by a second person, in force, superseded.

A version in force is locked: its text is its digest, and another text is another version.
"""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuhao.core import audit
from wuhao.core.errors import DomainError
from wuhao.core.move import Transition, move
from wuhao.core.viewer import Viewer
from wuhao.engine.findings import Finding, SchemeError
from wuhao.engine.model import Scheme
from wuhao.engine.scheme import load_scheme
from wuhao.runs.models import SchemeVersion

WRITERS = ("bureau_admin", "bureau_staff")
HEADS = ("bureau_admin",)
S = SchemeVersion.Status


def _by_another_person(version: SchemeVersion, by: Viewer) -> None:
    drafter = version.drafted_by
    if drafter is not None and drafter.user_id == by.user_id:
        raise DomainError(_("起草人不能复核自己的方案，请另一位同事复核。"))


REVIEW = Transition(
    "review", gettext_lazy("复核方案"), (S.DRAFT,), S.REVIEWED, WRITERS, _by_another_person
)
ENACT = Transition("enact", gettext_lazy("施行方案"), (S.REVIEWED,), S.IN_FORCE, HEADS)
SUPERSEDE = Transition(
    "supersede", gettext_lazy("以新方案取代"), (S.IN_FORCE,), S.SUPERSEDED, HEADS
)
WITHDRAW = Transition(
    "withdraw", gettext_lazy("撤回方案"), (S.DRAFT, S.REVIEWED), S.WITHDRAWN, WRITERS
)


@transaction.atomic
def draft(text: str, by: Viewer) -> SchemeVersion:
    """Keep a scheme's YAML as a draft. Raises DomainError with every finding of the text.

    The same content is the version that is already there, whatever its state.
    """
    if by.role not in WRITERS:
        raise DomainError(_("您的岗位不能起草评价方案，请由市局经办岗位办理。"))
    scheme = _read(text)
    version, created = SchemeVersion.objects.get_or_create(
        digest=scheme.digest,
        defaults={
            **fields_of(scheme),
            "text": text,
            "status": S.DRAFT,
            "drafted_by_id": by.post_id,
        },
    )
    if created:
        audit.record("runs.scheme.draft", audit.urn(version), by, after={"digest": scheme.digest})
    return version


@transaction.atomic
def review(version: SchemeVersion, by: Viewer, note: str = "") -> None:
    """Sign a draft as the second person. Raises DomainError for the one who drafted it."""
    move(version, REVIEW, by, note)
    SchemeVersion.objects.filter(pk=version.pk).update(reviewed_by_id=by.post_id)
    version.refresh_from_db()


@transaction.atomic
def enact(version: SchemeVersion, by: Viewer, note: str) -> None:
    """Put a reviewed version in force; the version in force before of the same code ends.

    Raises DomainError without a note that names the document or the meeting.
    """
    if not note.strip():
        raise DomainError(_("施行要写明依据的文件或会议。请填写后再办。"))
    before = SchemeVersion.objects.filter(code=version.code, status=S.IN_FORCE)
    for old in before.exclude(pk=version.pk):
        move(old, SUPERSEDE, by, _("由 %(new)s 取代") % {"new": version.digest[:12]})
    move(version, ENACT, by, note)


def withdraw(version: SchemeVersion, by: Viewer, note: str = "") -> None:
    """Take back a version that is not in force yet; its text stays on record."""
    move(version, WITHDRAW, by, note)


def enacted(code: str, period: int) -> SchemeVersion | None:
    """The version of a code that people have put in force for a period's data; None without one.

    A version that the next year's has superseded still rules its own period.
    """
    ruled = SchemeVersion.objects.filter(
        code=code, status__in=(S.IN_FORCE, S.SUPERSEDED), reviewed_by__isnull=False
    )
    found = [version for version in ruled if period_of(scheme_of(version)) == period]
    return max(found, key=lambda version: (version.status == S.IN_FORCE, version.pk), default=None)


def period_of(scheme: Scheme) -> int | None:
    """The period whose data a scheme judges, where its document says so."""
    said = str(scheme.doc.get("period") or "")
    return int(said) if said.isdecimal() and len(said) == len("202100") else None


def scheme_of(version: SchemeVersion) -> Scheme:
    """The scheme of a version."""
    return load_scheme(file_of(version))


def file_of(version: SchemeVersion) -> Path:
    """The version's text as a file, named by its digest."""
    path = Path(settings.WUHAO_VAR) / "lake" / "schemes" / f"{version.digest}.yaml"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(version.text, encoding="utf-8")
    return path


def fields_of(scheme: Scheme) -> dict[str, Any]:
    """What a version keeps of its scheme beside the text."""
    return {
        "code": scheme.code,
        "title": scheme.doc.get("title") or scheme.label,
        "valid_from": scheme.effective[0] or date(year=1949, month=10, day=1),
        "is_default": not scheme.doc.get("no"),
    }


def _read(text: str) -> Scheme:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scheme.yaml"
        path.write_text(text, encoding="utf-8")
        try:
            return load_scheme(path)
        except SchemeError as error:
            found = (f"{_place(f)}{f.sentence}" for f in error.findings)
            raise DomainError(*found) from error


def _place(found: Finding) -> str:
    line = _("第 %(n)s 行") % {"n": found.line} if found.line else ""
    return "".join(f"{word}：" for word in (line, found.key) if word)
