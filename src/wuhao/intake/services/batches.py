"""Writes of intake: receive a file, submit, accept, return or withdraw a batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import audit, bindings, city, day
from wuhao.core.errors import DomainError
from wuhao.core.models import Office
from wuhao.core.move import move
from wuhao.core.services import new_ledger_no
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.checks import Context, Reading, check
from wuhao.intake.findings import Finding as Doubt
from wuhao.intake.handing import hands_in, reporting_offices
from wuhao.intake.models import Batch, Finding, RawFile
from wuhao.intake.periods import other_years, seen_before
from wuhao.intake.reader.limits import DEFAULT
from wuhao.intake.reader.model import UnreadableFile
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.rows import rows_table, sums_of
from wuhao.intake.templates import Template, load_template
from wuhao.intake.transitions import ACCEPT, BUREAU, PROVIDERS, RETURN, SUBMIT, WITHDRAW

EFFECT = "intake.effect"
CONTEXT = "intake.context"
# How a template's period shows in the last two digits: a year, a month, a quarter.
ENDINGS = {"year": range(1), "month": range(1, 13), "quarter": range(51, 55)}


@dataclass(frozen=True)
class Handed:
    """A file as it is handed in: name, bytes, template code and period.

    office: for which office the bureau enters it (代报); empty for the poster's own.
    """

    name: str
    content: bytes
    template: str
    period: int
    office: str = ""


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


def template(code: str) -> Template:
    """The city's template of a code. Raises DomainError where there is none."""
    path = city.path_of(f"templates/{code}.yaml")
    if not (code.isascii() and code.isalnum()) or not path.exists():
        raise DomainError(_("没有模板“%(code)s”，请从模板清单里选。") % {"code": code})
    return load_template(path)


def receive(handed: Handed, by: Viewer, context: Context | None = None) -> Received:
    """Read and check a file and keep it as a draft batch with all its findings.

    `context` is what the file is compared with; by default the registers are asked. The same
    file for the same template and period is recognised and not read again.

    Raises DomainError when the post may not hand in this template, the period does not suit it,
    or the file cannot be read.
    """
    wanted = template(handed.template)
    office = _office_for(wanted, by, handed.office)
    _suits(wanted, handed.period)
    before = Batch.objects.filter(
        template=wanted.code,
        period=handed.period,
        office=office,
        file__digest=store.digest_of(handed.content),
    ).first()
    if before is not None:
        return Received(before, seen_before=True)
    reading = _read(wanted, handed, context or _context(wanted, handed.period, by))
    reading.findings.extend(_doubts(handed, reading, office))
    return Received(_keep(handed, wanted, office, reading, by), seen_before=False)


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


def _suits(wanted: Template, period: int) -> None:
    year, ending = divmod(period, 100)
    if year > day.today().year:
        words = _("%(year)s 年度还没有到，请核对年度。")
        raise DomainError(words % {"year": year})
    if not 1949 <= year <= 2100 or ending not in ENDINGS[wanted.period]:
        words = _("期间 %(period)s 不合“%(title)s”：年写成 202100，月 202106，季 202251。")
        raise DomainError(words % {"period": period, "title": wanted.title})


def _doubts(handed: Handed, reading: Reading, office: Office) -> Iterator[Doubt]:
    """Questions about the period that was chosen."""
    yield from other_years(handed.period // 100, handed.name, reading.tables)
    same = Batch.objects.filter(
        template=handed.template, office=office, file__digest=store.digest_of(handed.content)
    )
    others = same.exclude(period=handed.period).exclude(status=Batch.Status.WITHDRAWN)
    yield from seen_before(list(others.order_by("pk").values_list("no", flat=True)))


def _context(wanted: Template, period: int, by: Viewer) -> Context:
    known, last = bindings.get(CONTEXT, "known")(by, wanted.facts, period)
    return Context(known, last)


def _read(wanted: Template, handed: Handed, context: Context) -> Reading:
    try:
        workbook = read_workbook(handed.content, handed.name, wanted.known_headings())
    except UnreadableFile as error:
        raise DomainError(str(error)) from error
    return check(wanted, workbook, context)


@transaction.atomic
def _keep(handed: Handed, wanted: Template, office: Office, reading: Reading, by: Viewer) -> Batch:
    # One office's batches are numbered one after the other.
    Office.objects.select_for_update().get(pk=office.pk)
    rows = rows_table(wanted, reading)
    no = _next_no(wanted, handed.period)
    batch = Batch.objects.create(
        no=no,
        template=wanted.code,
        title=wanted.title,
        period=handed.period,
        office=office,
        file=_raw_file(handed),
        rows=rows.num_rows,
        sums=sums_of(wanted, rows),
        digest=store.keep_rows(no, rows),
        errors=reading.errors,
        warnings=reading.warnings,
        created_by_id=by.post_id,
    )
    Finding.objects.bulk_create(_findings(batch, reading), batch_size=500)
    after = {"file": batch.file.digest, "rows": batch.rows, "errors": batch.errors}
    audit.record("intake.batch.receive", audit.urn(batch), by, after=after)
    return batch


def _next_no(wanted: Template, period: int) -> str:
    count = Batch.objects.filter(template=wanted.code, period=period).count()
    return f"{wanted.code}-{period}-{count + 1:02d}"


def _raw_file(handed: Handed) -> RawFile:
    digest = store.keep(handed.content)
    fields = {"name": handed.name[-200:], "size": len(handed.content)}
    return RawFile.objects.get_or_create(digest=digest, defaults=fields)[0]


def _findings(batch: Batch, reading: Reading) -> list[Finding]:
    return [
        Finding(
            batch=batch,
            sheet=found.sheet,
            cell=found.cell,
            severity=found.severity,
            code=found.code,
            sentence=found.sentence[:500],
        )
        for found in reading.findings
    ]


def submit(batch: Batch, by: Viewer, note: str = "") -> None:
    """Submit a draft for acceptance. Raises DomainError while it has errors."""
    move(batch, SUBMIT, by, note)


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
    move(batch, RETURN, by, reason)


def withdraw(batch: Batch, by: Viewer, note: str = "") -> None:
    """Take back a batch that has not been accepted; its file and findings stay on record."""
    move(batch, WITHDRAW, by, note)
