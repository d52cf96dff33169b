"""What a file says under a template: read, corrected, checked and compared; and kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import bindings
from wuhao.core.errors import DomainError
from wuhao.core.jobs import Tell, quiet
from wuhao.core.models import Office
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.checks import Context, Reading, check
from wuhao.intake.difference import ColumnsOnDisk, Difference
from wuhao.intake.findings import Finding as Doubt
from wuhao.intake.identity import Question, identified, without_answered
from wuhao.intake.models import Batch, Finding, RawFile, ReadingRule
from wuhao.intake.periods import other_years, seen_before
from wuhao.intake.reader.model import UnreadableFile, Workbook, edited
from wuhao.intake.reader.ruled import Rule, for_another_file, rule_of, ruled
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.rows import rows_table, sums_of
from wuhao.intake.templates import Template

CONTEXT = "intake.context"
STEPS = 3
Edits = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Source:
    """A file as it is to be examined: whose it is, for which period, and cells corrected in it."""

    name: str
    content: bytes
    period: int
    office: Office
    edits: Edits = field(default_factory=dict)


@dataclass(frozen=True)
class Examined:
    """What was found: the reading, its rows as a table, and the difference to the batch before."""

    template: Template
    reading: Reading
    rows: pa.Table
    against: Batch | None
    difference: Mapping[str, int]
    questions: list[Question]


def context_of(wanted: Template, period: int, by: Viewer) -> Context:
    """What the registers know beside the file."""
    known, last = bindings.get(CONTEXT, "known")(by, wanted.facts, period)
    others, peers = bindings.get(CONTEXT, "beside")(by, wanted.others, period)
    return Context(known, last, others, peers)


def examine(wanted: Template, source: Source, by: Viewer, tell: Tell = quiet) -> Examined:
    """Read a file, with what was corrected in it, and check it.

    Raises DomainError for a file that cannot be read. What the registers know is asked for when
    the file has been read, and forgotten when it has been checked: both at once would be the most
    memory that a batch takes.
    """
    tell(0, STEPS, _("正在读表。"))
    workbook = workbook_of(wanted, source)
    tell(1, STEPS, _("读完了，正在逐格检查、与上次比较。"))
    reading, questions = _identified(wanted, workbook, source, by)
    reading.findings.extend(_doubts(wanted, source, reading))
    rows = rows_table(wanted, reading)
    against = batch_before(wanted, source)
    difference = {} if against is None else compared(wanted, rows, against).counts
    return Examined(wanted, reading, rows, against, difference, questions)


def _identified(
    wanted: Template, workbook: Workbook, source: Source, by: Viewer
) -> tuple[Reading, list[Question]]:
    """Check a workbook; rows whose code names nobody are read as whom they certainly mean."""
    identify, office = bindings.get(CONTEXT, "identify"), source.office
    context = context_of(wanted, source.period, by)
    reading = check(wanted, workbook, context)
    found = identified(reading, workbook, context, lambda asked: identify(office.code, asked))
    if found.edits:
        reading = check(wanted, edited(workbook, found.edits), context)
    if found.answered:
        reading = replace(reading, findings=without_answered(reading, found))
    return reading, found.questions


def workbook_of(wanted: Template, source: Source) -> Workbook:
    """The file as read, by the rules that were kept for this office's layouts."""
    try:
        workbook = read_workbook(source.content, source.name, wanted.known_headings())
    except UnreadableFile as error:
        raise DomainError(str(error)) from error
    return ruled(edited(workbook, source.edits), rules_of(wanted, source))


def rules_of(wanted: Template, source: Source) -> dict[tuple[int, str], Rule]:
    """How an office's layouts of a template are read, by number of rows and fingerprint."""
    digest = store.digest_of(source.content)
    kept = ReadingRule.objects.filter(template=wanted.code, office=source.office)
    rules = {}
    for one in kept.select_related("file"):
        rule = rule_of(one.rule)
        same = one.file.digest == digest
        rules[one.rows, one.fingerprint] = rule if same else for_another_file(rule)
    return rules


def batch_before(wanted: Template, source: Source) -> Batch | None:
    """The accepted batch that this one follows: of its own period, else of the latest before."""
    accepted = Batch.objects.filter(
        template=wanted.code,
        office=source.office,
        status=Batch.Status.ACCEPTED,
        period__lte=source.period,
    )
    return accepted.order_by("-period", "-ledger").first()


def compared(wanted: Template, rows: pa.Table, against: Batch) -> Difference:
    """The rows beside those of an accepted batch, a column at a time."""
    return Difference(wanted, rows, ColumnsOnDisk(store.rows_path(against.no)))


def _doubts(wanted: Template, source: Source, reading: Reading) -> Iterator[Doubt]:
    """Questions about the period that was chosen."""
    yield from other_years(source.period // 100, source.name, reading.tables)
    same = Batch.objects.filter(
        template=wanted.code,
        office=source.office,
        file__digest=store.digest_of(source.content),
    )
    others = same.exclude(period=source.period).exclude(status=Batch.Status.WITHDRAWN)
    yield from seen_before(list(others.order_by("pk").values_list("no", flat=True)))


@transaction.atomic
def keep_outcome(batch: Batch, found: Examined) -> None:
    """Write down what was found in a draft: rows, sums, digest, difference, findings."""
    batch.rows = found.rows.num_rows
    batch.sums = sums_of(found.template, found.rows)
    batch.digest = store.keep_rows(batch.no, found.rows)
    batch.errors, batch.warnings = found.reading.errors, found.reading.warnings
    batch.difference = dict(found.difference)
    batch.save()
    batch.findings.all().delete()
    Finding.objects.bulk_create(
        [
            Finding(
                batch=batch,
                sheet=one.sheet,
                cell=one.cell,
                severity=one.severity,
                code=one.code,
                sentence=one.sentence[:500],
            )
            for one in found.reading.findings
        ],
        batch_size=500,
    )
    bindings.get("intake.match", "ask")(batch, found.questions)


def raw_file(name: str, content: bytes) -> RawFile:
    """Keep a file's bytes and say so in the database, once."""
    digest = store.keep(content)
    fields = {"name": name[-200:], "size": len(content)}
    return RawFile.objects.get_or_create(digest=digest, defaults=fields)[0]
