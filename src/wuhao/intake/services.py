"""Writes of intake: receive a file, submit, accept or return a batch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuhao.core import bindings, city
from wuhao.core.errors import DomainError
from wuhao.core.models import Office
from wuhao.core.move import Transition, move
from wuhao.core.services import new_ledger_no
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.checks import Context, Reading, check
from wuhao.intake.models import Batch, Finding, RawFile
from wuhao.intake.reader.model import UnreadableFile
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.rows import rows_table, sums_of
from wuhao.intake.templates import Template, load_template

BUREAU = ("bureau_admin", "bureau_staff")
EFFECT = "intake.effect"
CONTEXT = "intake.context"


def _is_sound(batch: Batch, by: Viewer) -> None:
    if batch.errors:
        raise DomainError(
            _("这一批还有 %(n)s 处错误，不能提交。请按清单改正文件后重新上传。")
            % {"n": batch.errors}
        )


def _is_own(batch: Batch, by: Viewer) -> None:
    if by.role == "dept_provider" and by.office != batch.office.code:
        raise DomainError(_("这一批不是您的机构报送的。"))


def _may_submit(batch: Batch, by: Viewer) -> None:
    _is_own(batch, by)
    _is_sound(batch, by)


SUBMIT = Transition(
    "submit",
    gettext_lazy("提交批次"),  # type: ignore[arg-type]
    (Batch.Status.DRAFT,),
    Batch.Status.SUBMITTED,
    ("dept_provider", *BUREAU),
    _may_submit,
)
ACCEPT = Transition(
    "accept",
    gettext_lazy("受理批次"),  # type: ignore[arg-type]
    (Batch.Status.SUBMITTED,),
    Batch.Status.ACCEPTED,
    BUREAU,
    _is_sound,
)
RETURN = Transition(
    "return",
    gettext_lazy("退回批次"),  # type: ignore[arg-type]
    (Batch.Status.SUBMITTED,),
    Batch.Status.RETURNED,
    BUREAU,
)


@dataclass(frozen=True)
class Handed:
    """A file as it is handed in: name, bytes, template code and period."""

    name: str
    content: bytes
    template: str
    period: int


@dataclass(frozen=True)
class Received:
    """What became of a file: its batch, and whether the house had received it before."""

    batch: Batch
    seen_before: bool


def template(code: str) -> Template:
    """The city's template of a code. Raises DomainError where there is none."""
    path = city.path_of(f"templates/{code}.yaml")
    if not code.isalnum() or not path.exists():
        raise DomainError(_("没有模板 %(code)s。") % {"code": code})
    return load_template(path)


def receive(handed: Handed, by: Viewer) -> Received:
    """Read and check a file and keep it as a draft batch with all its findings.

    The same file for the same template and period is recognised and not read again.
    Raises DomainError when the post may not hand in this template or the file cannot be read.
    """
    wanted = template(handed.template)
    office = _office_for(wanted, by)
    digest = store.keep(handed.content)
    before = Batch.objects.filter(
        template=wanted.code, period=handed.period, office=office, file__digest=digest
    ).first()
    if before is not None:
        return Received(before, seen_before=True)
    try:
        workbook = read_workbook(handed.content, handed.name, wanted.known_headings())
    except UnreadableFile as error:
        raise DomainError(str(error)) from error
    known = bindings.get(CONTEXT, "known")(by, _facts(wanted), handed.period)
    reading = check(wanted, workbook, Context(*known))
    return Received(_keep(handed, wanted, office, reading, by), seen_before=False)


def _facts(wanted: Template) -> list[str]:
    return [column.fact for column in wanted.columns if column.fact]


def receive_path(path: Path, template_code: str, period: int, by: Viewer) -> Received:
    """Receive a file from disk, as the command line does."""
    return receive(Handed(path.name, path.read_bytes(), template_code, period), by)


def _office_for(wanted: Template, by: Viewer) -> Office:
    if by.role == "dept_provider" and by.office != wanted.owner:
        raise DomainError(
            _("“%(title)s”不由您的机构报送，请选本机构的模板。") % {"title": wanted.title}
        )
    if by.role != "dept_provider" and by.role not in BUREAU:
        raise DomainError(_("您的岗位不报送数据。"))
    return Office.objects.get(code=wanted.owner)


@transaction.atomic
def _keep(handed: Handed, wanted: Template, office: Office, reading: Reading, by: Viewer) -> Batch:
    rows = rows_table(wanted, reading)
    raw = _raw_file(handed)
    count = Batch.objects.filter(template=wanted.code, period=handed.period).count()
    no = f"{wanted.code}-{handed.period}-{count + 1:02d}"
    batch = Batch.objects.create(
        no=no,
        template=wanted.code,
        title=wanted.title,
        period=handed.period,
        office=office,
        file=raw,
        rows=rows.num_rows,
        sums=sums_of(wanted, rows),
        digest=store.keep_rows(no, rows),
        errors=_count(reading, Finding.Severity.ERROR),
        warnings=_count(reading, Finding.Severity.WARNING),
        created_by_id=by.post_id,
    )
    Finding.objects.bulk_create(
        [
            Finding(
                batch=batch,
                sheet=f.sheet,
                cell=f.cell,
                severity=f.severity,
                code=f.code,
                sentence=f.sentence[:500],
            )
            for f in reading.findings
        ],
        batch_size=500,
    )
    return batch


def _raw_file(handed: Handed) -> RawFile:
    digest = store.keep(handed.content)
    fields = {"name": handed.name, "size": len(handed.content)}
    return RawFile.objects.get_or_create(digest=digest, defaults=fields)[0]


def _count(reading: Reading, severity: str) -> int:
    return sum(finding.severity == severity for finding in reading.findings)


def submit(batch: Batch, by: Viewer, note: str = "") -> None:
    """Submit a draft for acceptance. Raises DomainError while it has errors."""
    move(batch, SUBMIT, by, note)


@transaction.atomic
def accept(batch: Batch, by: Viewer, note: str = "") -> int:
    """Accept a submitted batch: one ledger number, its effect, one audit line, all or nothing.

    Returns how many rows or observations the effect entered.
    """
    move(batch, ACCEPT, by, note)
    ledger = new_ledger_no(f"受理 {batch.no}", by)
    effect = bindings.get(EFFECT, template(batch.template).effect)
    entered: Any = effect(batch, store.rows_of(batch.no), ledger, by)
    Batch.objects.filter(pk=batch.pk).update(ledger=ledger)
    batch.refresh_from_db()
    return int(entered)


def send_back(batch: Batch, by: Viewer, reason: str) -> None:
    """Return a submitted batch to its office with a reason, which the office reads."""
    if not reason.strip():
        raise DomainError(_("退回要写明原因，好让报送机构知道改什么。"))
    move(batch, RETURN, by, reason)
