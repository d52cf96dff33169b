"""Collections (一表通): propose from a workbook, send out, urge, take in, merge."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import audit, city, day
from wuhao.core.errors import DomainError
from wuhao.core.models import Office
from wuhao.core.move import move
from wuhao.core.units import unit_named
from wuhao.core.viewer import Viewer
from wuhao.core.working_days import calendar
from wuhao.intake.models import Batch, Collection, CollectionAsk
from wuhao.intake.proposing import KINDS, Proposed, propose, quantum_of, template_text
from wuhao.intake.reader.model import UnreadableFile
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.services.examining import raw_file
from wuhao.intake.templates import TemplateError, load_templates, load_text
from wuhao.intake.transitions import BUREAU, CLOSE, OPEN

MOST_DAYS = 250


@dataclass(frozen=True)
class Terms:
    """What a collection asks: of whom, for what, of which period, within how many working days."""

    title: str
    purpose: str
    period: int
    offices: tuple[str, ...]
    working_days: int


@transaction.atomic
def propose_collection(name: str, content: bytes, by: Viewer) -> Collection:
    """Draft a collection from a workbook: blank, or of last year.

    Raises DomainError where the post may not, or no table is found in the file.
    """
    if by.role not in BUREAU:
        raise DomainError(_("只有市局的岗位可以发起收表。"))
    try:
        workbook = read_workbook(content, name)
    except UnreadableFile as error:
        raise DomainError(str(error)) from error
    known = load_templates(city.path_of("templates")).values()
    found = propose(workbook, known)
    if found is None or not found.columns:
        words = _("“%(name)s”里没有认出表：要有一行表头。请补上表头再上传。")
        raise DomainError(words % {"name": name})
    office = Office.objects.get(code=by.office)
    code = _next_code()
    title = Path(name).stem[:100]
    collection = Collection.objects.create(
        code=code,
        title=title,
        text=template_text(found.columns, code, title, office.code),
        proposed=[plain(column) for column in found.columns],
        layout=raw_file(name, content),
        period=(day.today().year - 1) * 100,
        office=office,
        created_by_id=by.post_id,
    )
    audit.record("intake.collection.propose", audit.urn(collection), by, after={"title": title})
    return collection


def _next_code() -> str:
    year = day.today().year
    count = Collection.objects.filter(code__startswith=f"C{year}").count()
    return f"C{year}{count + 1:03d}"


def plain(column: Proposed) -> dict[str, object]:
    """A proposed column as it is stored."""
    return {**vars(column), "options": list(column.options)}


def proposed_of(collection: Collection) -> list[Proposed]:
    """The columns of a collection as they stand."""
    return [Proposed(**{**one, "options": tuple(one["options"])}) for one in collection.proposed]


@transaction.atomic
def set_columns(collection: Collection, columns: Sequence[Proposed], by: Viewer) -> None:
    """Confirm or correct the proposed columns of a draft; raises DomainError with every fault."""
    held = _draft(collection, by)
    faults = column_faults(columns)
    if faults:
        raise DomainError(*faults)
    columns = [replace(column, quantum=quantum_of(column)) for column in columns]
    text = template_text(columns, held.code, held.title, held.office.code)
    try:
        load_text(text, held.code, Path(settings.WUHAO_CITY))
    except TemplateError as error:
        raise DomainError(*(str(f.sentence) for f in error.findings)) from error
    held.text, held.proposed = text, [plain(column) for column in columns]
    held.save(update_fields=["text", "proposed"])
    audit.record("intake.collection.columns", audit.urn(held), by, after={"columns": len(columns)})


def column_faults(columns: Sequence[Proposed]) -> list[str]:
    """What is wrong with columns, as sentences."""
    faults = []
    if not columns:
        faults.append(_("至少要留一列。"))
    if columns and not any(column.key for column in columns):
        faults.append(_("要有一列作主键，好认出每一行是谁。"))
    for column in columns:
        said = {"label": column.label or f"{column.index + 1}"}
        if not column.label.strip():
            faults.append(_("第 %(label)s 列要有名称。") % said)
        if column.kind not in KINDS:
            faults.append(_("“%(label)s”的类型不对，请从列表里选。") % said)
        if column.unit and unit_named(column.unit) is None:
            faults.append(_("“%(label)s”的单位不认识，请从列表里选。") % said)
        if column.kind == "choice" and not column.options:
            faults.append(_("“%(label)s”要写明有哪些选项。") % said)
    if sum(column.kind == "uscc" for column in columns) > 1:
        faults.append(_("信用代码只留一列，其余的请改作文字。"))
    return faults


@transaction.atomic
def open_collection(collection: Collection, terms: Terms, by: Viewer) -> None:
    """Send a collection out: each office finds it on its desk, with its last day.

    Raises DomainError with every fault of the terms.
    """
    held = _draft(collection, by)
    offices = list(Office.objects.filter(code__in=terms.offices))
    faults = _term_faults(terms, offices)
    if faults:
        raise DomainError(*faults)
    held.title, held.purpose, held.period = terms.title.strip(), terms.purpose.strip(), terms.period
    held.working_days, held.opened_on = terms.working_days, day.today()
    held.due_on = calendar().after(held.opened_on, terms.working_days)
    content = yaml.safe_load(held.text)
    content["title"] = held.title
    held.text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)
    held.save()
    CollectionAsk.objects.bulk_create(
        CollectionAsk(collection=held, office=office) for office in offices
    )
    move(held, OPEN, by, held.purpose)


def _term_faults(terms: Terms, offices: Sequence[Office]) -> list[str]:
    faults = []
    if not terms.title.strip():
        faults.append(_("请写明收的是什么表。"))
    if not terms.purpose.strip():
        faults.append(_("请写明用途，好让填的人知道为什么要填。"))
    if not offices or len(offices) != len(set(terms.offices)):
        faults.append(_("请从列表里选要哪些单位填。"))
    if not 1 <= terms.working_days <= MOST_DAYS:
        faults.append(_("限期应在 1 至 %(n)s 个工作日之间。") % {"n": MOST_DAYS})
    if not 194900 <= terms.period <= 210000 or terms.period % 100:
        faults.append(_("年度要写成四位数字，例如 2021。"))
    return faults


@transaction.atomic
def urge(collection: Collection, offices: Sequence[str], by: Viewer) -> int:
    """Urge (催报) offices that still owe; each urging is counted and put on record.

    Returns how many were urged. Raises DomainError where none of them owes.
    """
    if by.role not in BUREAU:
        raise DomainError(_("只有市局的岗位可以催报。"))
    owing = CollectionAsk.objects.select_for_update(of=("self",)).filter(
        collection=collection,
        collection__status=Collection.Status.OPEN,
        answered_on=None,
        office__code__in=offices,
    )
    asks = list(owing.select_related("office"))
    if not asks:
        raise DomainError(_("没有要催的单位：都交齐了，或者这次收表已经结束。"))
    for ask in asks:
        ask.urged, ask.urged_at = ask.urged + 1, day.now()
    CollectionAsk.objects.bulk_update(asks, ["urged", "urged_at"])
    said = {ask.office.code: ask.urged for ask in asks}
    audit.record("intake.collection.urge", audit.urn(collection), by, after={"urged": said})
    return len(asks)


def close_collection(collection: Collection, by: Viewer, note: str = "") -> None:
    """End a collection; what was handed in stays, nothing more is taken."""
    move(collection, CLOSE, by, note)


def settle(batch: Batch) -> None:
    """Keep an ask in step with its office's batches: answered with the first one submitted."""
    ask = CollectionAsk.objects.filter(
        collection__code=batch.template, office_id=batch.office_id
    ).first()
    if ask is None:
        return
    sent = Batch.objects.filter(
        template=batch.template,
        office_id=batch.office_id,
        status__in=(Batch.Status.SUBMITTED, Batch.Status.ACCEPTED),
    )
    first = sent.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    answered = None if first is None else day.local(first)
    if ask.answered_on != answered:
        CollectionAsk.objects.filter(pk=ask.pk).update(answered_on=answered)


def collected(batch: Batch, rows: object, ledger: object, by: Viewer) -> int:
    """The effect of an accepted batch of a collection: its rows stay with it, to be merged."""
    return batch.rows


def _draft(collection: Collection, by: Viewer) -> Collection:
    if by.role not in BUREAU:
        raise DomainError(_("只有市局的岗位可以发起收表。"))
    held = Collection.objects.select_for_update().get(pk=collection.pk)
    if held.status != Collection.Status.DRAFT:
        raise DomainError(_("这次收表已经发出，列和限期不能再改。"))
    return held
