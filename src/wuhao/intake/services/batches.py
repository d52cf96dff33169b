"""Batches: receive a file, submit, accept, return or withdraw."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import audit, bindings, day
from wuhao.core.errors import DomainError
from wuhao.core.jobs import Tell, quiet
from wuhao.core.models import Office
from wuhao.core.move import move
from wuhao.core.services import new_ledger_no
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.catalogue import template
from wuhao.intake.handing import hands_in, reporting_offices
from wuhao.intake.models import Batch, Collection
from wuhao.intake.reader.limits import DEFAULT
from wuhao.intake.services.collections import settle
from wuhao.intake.services.examining import (
    STEPS,
    Examined,
    Source,
    examine,
    keep_outcome,
    raw_file,
)
from wuhao.intake.templates import Template
from wuhao.intake.transitions import ACCEPT, BUREAU, PROVIDERS, RETURN, SUBMIT, WITHDRAW

EFFECT = "intake.effect"
# How a template's period shows in the last two digits: a year, a month, a quarter.
ENDINGS = {"year": range(1), "month": range(1, 13), "quarter": range(51, 55)}


@dataclass(frozen=True)
class Handed:
    """A file as it is handed in: name, bytes, template code and period.

    office: for which office the bureau enters it (代报); empty for the poster's own. scan: name
    and bytes of the paper from which it was entered.
    """

    name: str
    content: bytes
    template: str
    period: int
    office: str = ""
    scan: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Received:
    """What became of a file: its batch, and whether the house had received it before."""

    batch: Batch
    seen_before: bool

    @property
    def sentence(self) -> str:
        """What to tell the person who handed the file in."""
        if self.seen_before:
            words = _("这个文件已经收到过，就是批次 %(no)s，没有重复收。")
            return words % {"no": self.batch.no}
        words = _("收到 %(rows)s 行，成批次 %(no)s：错误 %(errors)s 处，提醒 %(warnings)s 处。")
        return words % {
            "no": self.batch.no,
            "rows": self.batch.rows,
            "errors": self.batch.errors,
            "warnings": self.batch.warnings,
        }


def receive(handed: Handed, by: Viewer, tell: Tell = quiet) -> Received:
    """Read and check a file and keep it as a draft batch with all its findings.

    The same file for the same template and period is recognised and not read again. `tell` is
    told before each step and may stop the work there.

    Raises DomainError when the post may not hand in this template, the period does not suit it,
    or the file cannot be read.
    """
    wanted = template(handed.template)
    office = _office_for(wanted, by, handed.office)
    _suits(wanted, handed.period)
    _is_open(wanted)
    before = Batch.objects.filter(
        template=wanted.code,
        period=handed.period,
        office=office,
        file__digest=store.digest_of(handed.content),
    ).first()
    if before is not None:
        return Received(before, seen_before=True)
    source = Source(handed.name, handed.content, handed.period, office)
    found = examine(wanted, source, by, tell)
    tell(2, STEPS, _("查完了，正在留存。"))
    return Received(_keep(handed, wanted, office, found, by), seen_before=False)


def receive_path(path: Path, template_code: str, period: int, by: Viewer) -> Received:
    """Receive a file from disk, as the command line does."""
    try:
        with path.open("rb") as stream:
            content = stream.read(DEFAULT.file_bytes + 1)
    except OSError as error:
        words = _("读不到文件“%(name)s”：%(why)s。")
        raise DomainError(words % {"name": path.name, "why": error.strerror}) from error
    return receive(Handed(path.name, content, template_code, period), by)


def _office_for(wanted: Template, by: Viewer, office: str) -> Office:
    """The office whose figures these are: the poster's own, or the one the bureau enters for."""
    if by.role in PROVIDERS:
        if not hands_in(by, wanted) or office not in ("", by.office):
            raise DomainError(
                _("“%(title)s”不由您的机构报送，请选本机构的模板。") % {"title": wanted.title}
            )
        return Office.objects.get(code=by.office)
    if by.role not in BUREAU:
        raise DomainError(_("您的岗位不报送数据，请由部门数据员报送。"))
    found = reporting_offices(wanted).filter(code=office or wanted.owner).first()
    if found is None:
        words = _("“%(title)s”不由机构 %(office)s 报送，请另选报送机构。")
        raise DomainError(words % {"title": wanted.title, "office": office or wanted.owner})
    return found


def _is_open(wanted: Template) -> None:
    """Refuse what belongs to a collection that is not sent out, or has ended."""
    collection = Collection.objects.filter(code=wanted.code).first()
    if collection is not None and collection.status != Collection.Status.OPEN:
        words = _("收表“%(title)s”%(status)s，现在不收。")
        said = {"title": collection.title, "status": collection.get_status_display()}
        raise DomainError(words % said)


def _suits(wanted: Template, period: int) -> None:
    year, ending = divmod(period, 100)
    if year > day.today().year:
        words = _("%(year)s 年度还没有到，请核对年度。")
        raise DomainError(words % {"year": year})
    if not 1949 <= year <= 2100 or ending not in ENDINGS[wanted.period]:
        words = _("期间 %(period)s 不合“%(title)s”：年写成 202100，月 202106，季 202251。")
        raise DomainError(words % {"period": period, "title": wanted.title})


@transaction.atomic
def _keep(handed: Handed, wanted: Template, office: Office, found: Examined, by: Viewer) -> Batch:
    # One office's batches are numbered one after the other.
    Office.objects.select_for_update().get(pk=office.pk)
    batch = Batch(
        no=_next_no(wanted, handed.period),
        template=wanted.code,
        title=wanted.title,
        period=handed.period,
        office=office,
        file=raw_file(handed.name, handed.content),
        against=found.against,
        on_behalf=by.role in BUREAU and by.office != office.code,
        scan=None if handed.scan is None else raw_file(*handed.scan),
        created_by_id=by.post_id,
    )
    keep_outcome(batch, found)
    after = {"file": batch.file.digest, "rows": batch.rows, "errors": batch.errors}
    audit.record("intake.batch.receive", audit.urn(batch), by, after=after)
    return batch


def _next_no(wanted: Template, period: int) -> str:
    count = Batch.objects.filter(template=wanted.code, period=period).count()
    return f"{wanted.code}-{period}-{count + 1:02d}"


def submit(batch: Batch, by: Viewer, note: str = "") -> None:
    """Sign a draft and submit it for acceptance. Raises DomainError while it has errors."""
    with transaction.atomic():
        move(batch, SUBMIT, by, note)
        signed = {"submitted_at": day.now(), "submitted_by": by.post_id}
        Batch.objects.filter(pk=batch.pk).update(**signed)
        batch.refresh_from_db()
        settle(batch)


@transaction.atomic
def accept(batch: Batch, by: Viewer, note: str = "") -> int:
    """Accept a submitted batch: one ledger number, its effect, one audit line, all or nothing.

    Returns how many rows or observations the effect entered. Raises DomainError when the rows
    kept for the batch are no longer those that were checked.
    """
    move(batch, ACCEPT, by, note)
    rows = store.rows_of(batch.no)
    if store.rows_digest(rows) != batch.digest:
        raise DomainError(
            _("批次 %(no)s 存下的行与检查时的不一样，不能受理，请重新上传。") % {"no": batch.no}
        )
    ledger = new_ledger_no(f"受理 {batch.no}", by)
    effect = bindings.get(EFFECT, template(batch.template).effect)
    entered = int(effect(batch, rows, ledger, by))
    Batch.objects.filter(pk=batch.pk).update(ledger=ledger)
    batch.refresh_from_db()
    return entered


def send_back(batch: Batch, by: Viewer, reason: str) -> None:
    """Return a submitted batch to its office with a reason, which the office reads."""
    if not reason.strip():
        raise DomainError(_("退回要写明原因，好让报送机构知道改什么。"))
    with transaction.atomic():
        move(batch, RETURN, by, reason)
        settle(batch)


def withdraw(batch: Batch, by: Viewer, note: str = "") -> None:
    """Take back a batch that has not been accepted; its file and findings stay on record."""
    with transaction.atomic():
        move(batch, WITHDRAW, by, note)
        settle(batch)
