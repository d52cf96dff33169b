"""Reads of intake: templates to hand in, batches in reach, what was found in them."""

from typing import Any, BinaryIO

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wuhao.core import city
from wuhao.core.errors import OutOfScope
from wuhao.core.models import Office
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.catalogue import template
from wuhao.intake.difference import Difference, RowDifference
from wuhao.intake.handing import hands_in
from wuhao.intake.models import Batch
from wuhao.intake.templates import Template, load_templates
from wuhao.intake.transitions import BUREAU, PROVIDERS

LATEST = 200
GRAVE_FIRST = {"error": 0, "warning": 1, "note": 2}


def templates(viewer: Viewer) -> list[Template]:
    """The templates that this post may hand in."""
    if viewer.role not in (*PROVIDERS, *BUREAU):
        return []
    found = load_templates(city.path_of("templates")).values()
    return [t for t in found if viewer.role in BUREAU or hands_in(viewer, t)]


def all_templates(viewer: Viewer) -> list[Template]:
    """Every template of the city, for rooms above that ask what is still to come."""
    return list(load_templates(city.path_of("templates")).values())


def accepted_templates(viewer: Viewer, period: int, ledger: int | None = None) -> frozenset[str]:
    """The templates of which a batch of a period is accepted; no figure, so nobody's secret.

    With a ledger number, those accepted up to it.
    """
    found = Batch.objects.filter(status=Batch.Status.ACCEPTED, period=period)
    if ledger is not None:
        found = found.filter(ledger__lte=ledger)
    return frozenset(found.values_list("template", flat=True))


def accepted_between(viewer: Viewer, since: int, upto: int) -> list[tuple[str, str, str]]:
    """(number, template, office) of the batches accepted after one ledger number, up to another.

    No figure, so nobody's secret; for rooms above.
    """
    found = Batch.objects.filter(status=Batch.Status.ACCEPTED)
    found = found.filter(ledger__gt=since, ledger__lte=upto).order_by("ledger")
    return list(found.values_list("no", "template", "office__code"))


def batches(viewer: Viewer, status: str = "") -> list[dict[str, Any]]:
    """Batches in reach, latest first, at most 200."""
    found = in_reach(viewer).order_by("-created_at", "-pk")
    if status:
        found = found.filter(status=status)
    return [described(batch) for batch in found[:LATEST]]


def batch(viewer: Viewer, no: str) -> Batch:
    """A batch by its number. Raises OutOfScope when it is not in reach."""
    found = in_reach(viewer).filter(no=no).first()
    if found is None:
        raise OutOfScope(_("没有您能看到的批次 %(no)s。") % {"no": no})
    return found


def findings(viewer: Viewer, no: str) -> list[dict[str, Any]]:
    """Everything found in a batch, errors first, then by place in the file."""
    found = batch(viewer, no).findings.order_by("pk")
    rows: list[dict[str, Any]] = [
        dict(row) for row in found.values("sheet", "cell", "severity", "code", "sentence")
    ]
    return sorted(rows, key=lambda row: GRAVE_FIRST[row["severity"]])


def original(viewer: Viewer, no: str) -> tuple[BinaryIO, str]:
    """The file as it was received, opened, and its name. Raises OutOfScope out of reach."""
    found = batch(viewer, no)
    return store.path_of(found.file.digest).open("rb"), found.file.name


def scan(viewer: Viewer, no: str) -> tuple[BinaryIO, str]:
    """The scan of the paper behind a batch. Raises OutOfScope out of reach or without one."""
    found = batch(viewer, no)
    if found.scan is None:
        raise OutOfScope(_("没有您能看到的批次 %(no)s。") % {"no": no})
    return store.path_of(found.scan.digest).open("rb"), found.scan.name


def offices_reporting(viewer: Viewer) -> list[tuple[str, str]]:
    """The offices (code, short name) for which the viewer may enter a table; the bureau's alone."""
    if viewer.role not in BUREAU:
        return []
    named = {code for t in all_templates(viewer) for code in (t.owner, *t.also_from)}
    found = Office.objects.filter(Q(code__in=named) | Q(kind="park"))
    return list(found.order_by("pk").values_list("code", "short"))


def may_read(viewer: Viewer) -> bool:
    """Whether a post reads batches at all: the bureau's, an office's data officer's."""
    return viewer.role in (*PROVIDERS, "machine", *BUREAU)


def count_accepted(viewer: Viewer, period: int | None = None) -> int:
    """How many accepted batches are in reach."""
    found = in_reach(viewer).filter(status=Batch.Status.ACCEPTED)
    return (found if period is None else found.filter(period=period)).count()


def described(batch: Batch) -> dict[str, Any]:
    """A batch as plain data."""
    return {
        "no": batch.no,
        "template": batch.template,
        "title": batch.title,
        "period": batch.period,
        "office": batch.office.short,
        "mark": batch.office.mark,
        "file": batch.file.name,
        "file_digest": batch.file.digest,
        "status": batch.status,
        "status_label": batch.get_status_display(),
        "rows": batch.rows,
        "sums": batch.sums,
        "errors": batch.errors,
        "warnings": batch.warnings,
        "digest": batch.digest,
        "ledger_no": batch.ledger_id,
        "created_at": batch.created_at,
        "created_by": batch.created_by_id,
        "submitted_at": batch.submitted_at,
        "against": batch.against.no if batch.against else "",
        "against_period": batch.against.period if batch.against else 0,
        "difference": batch.difference,
        "on_behalf": batch.on_behalf,
        "scan": batch.scan.name if batch.scan else "",
    }


def receipt(viewer: Viewer, no: str) -> dict[str, Any]:
    """Everything that a receipt (回执) certifies of a batch: who signed and who accepted, when."""
    found = batch(viewer, no)
    ledger, signer = found.ledger, found.submitted_by
    return {
        **described(found),
        "office_name": found.office.name,
        "signed_by": signer.user.name if signer else "",
        "signed_office": signer.office.short if signer else "",
        "accepted_at": ledger.at if ledger else None,
        "accepted_by": ledger.by.user.name if ledger and ledger.by else "",
        "edits": found.edits.count(),
    }


def edits(viewer: Viewer, no: str) -> list[dict[str, Any]]:
    """The cells of a batch that were corrected in the page, by place."""
    found = batch(viewer, no).edits.select_related("by__user").order_by("sheet", "pk")
    return [
        {
            "sheet": one.sheet,
            "cell": one.cell,
            "before": one.before,
            "after": one.after,
            "at": one.at,
            "by": one.by.user.name if one.by else "",
        }
        for one in found
    ]


def difference(viewer: Viewer, no: str, kind: str, limit: int) -> list[RowDifference]:
    """The first rows of a batch that are new, changed, or missing since the batch before it."""
    found = batch(viewer, no)
    if found.against is None or kind not in ("new", "changed", "missing"):
        return []
    wanted = template(found.template)
    rows, before = store.rows_of(found.no), store.rows_of(found.against.no)
    return Difference(wanted, rows, before).lines(kind, limit)


def in_reach(viewer: Viewer) -> QuerySet[Batch]:
    found = Batch.objects.select_related("office", "file", "against", "scan")
    if viewer.role in BUREAU or viewer.role == "machine":
        return found
    if viewer.role in PROVIDERS and viewer.office:
        return found.filter(office__code=viewer.office)
    return found.none()
