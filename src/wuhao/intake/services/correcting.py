"""A draft corrected in the page: a cell, or how its sheet is to be read; then checked again."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import audit
from wuhao.core.errors import DomainError
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.annotate.given_back import given_back
from wuhao.intake.catalogue import template
from wuhao.intake.findings import Finding as Doubt
from wuhao.intake.models import Batch, CellEdit, ReadingRule
from wuhao.intake.reader.model import Sheet, column_index, edited
from wuhao.intake.reader.ruled import MOST_HEADER_ROWS, UNUSED, Rule, fingerprint
from wuhao.intake.reader.words import shown
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.services.examining import Source, examine, keep_outcome
from wuhao.intake.templates import Template
from wuhao.intake.transitions import may_correct

LONGEST = 500
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


def edit_cell(batch: Batch, place: tuple[str, str], text: str, by: Viewer) -> None:
    """Correct one cell (sheet, cell as `D17`) of a draft; as `edit_cells`."""
    edit_cells(batch, {place: text}, by)


@transaction.atomic
def edit_cells(batch: Batch, texts: Mapping[tuple[str, str], str], by: Viewer) -> int:
    """Correct cells (sheet, cell as `D17`) of a draft and check the whole anew, once.

    Returns how many cells were changed by it. Raises DomainError where the batch is no draft, is
    not the viewer's, or has no such cell; then nothing is corrected.
    """
    batch = _draft(batch, by)
    source = source_of(batch)
    sheets = {sheet.name: sheet for sheet in _sheets(source)}
    changed = 0
    for (name, cell), text in texts.items():
        if name not in sheets:
            raise DomainError(_("这个文件里没有工作表“%(name)s”。") % {"name": name})
        said = text.strip()
        if len(said) > LONGEST:
            raise DomainError(_("改成的内容超过 %(n)s 字，请缩短。") % {"n": LONGEST})
        stands = _written(sheets[name], cell)
        if said != stands:
            _edit(batch, (name, cell), (stands, said), by)
            changed += 1
    if changed:
        recheck(batch, by)
    return changed


def _edit(batch: Batch, place: tuple[str, str], words: tuple[str, str], by: Viewer) -> None:
    """Write a correction down; one that goes back to what was sent is taken away."""
    (sheet, cell), (stands, said) = place, words
    name = f"{sheet}!{cell}"
    audit.record(
        "intake.batch.edit", audit.urn(batch), by, before={name: stands}, after={name: said}
    )
    edit, _made = CellEdit.objects.get_or_create(
        batch=batch, sheet=sheet, cell=cell, defaults={"before": stands[:LONGEST]}
    )
    if said == edit.before:
        edit.delete()
    else:
        edit.after, edit.by_id = said, by.post_id
        edit.save()


@transaction.atomic
def correct_reading(batch: Batch, sheet: str, rule: Rule, by: Viewer) -> None:
    """Say how a sheet of a draft is to be read; kept for this office's next file of the layout.

    Raises DomainError for a rule that does not fit the sheet, with every fault.
    """
    batch = _draft(batch, by)
    found = _sheet(batch, sheet)
    wanted = template(batch.template)
    faults = list(rule_faults(wanted, found, rule))
    if faults:
        raise DomainError(*faults)
    rows = rule.header[1]
    ReadingRule.objects.update_or_create(
        office=batch.office,
        template=batch.template,
        fingerprint=fingerprint(found, rows),
        defaults={
            "rows": rows,
            "rule": rule.plain(),
            "file": batch.file,
            "by_id": by.post_id,
        },
    )
    audit.record(
        "intake.batch.reading", audit.urn(batch), by, after={"sheet": sheet, **rule.plain()}
    )
    recheck(batch, by)


def rule_faults(wanted: Template, sheet: Sheet, rule: Rule) -> list[str]:
    """What is wrong with a rule for a sheet, as sentences; none where it can be used."""
    faults = []
    (top, bottom), count = rule.header, len(sheet.cells)
    if not 1 <= top <= bottom <= min(count, MOST_HEADER_ROWS):
        words = _("表头应在第 1 至 %(n)s 行之间，先上后下，请重新点选。")
        faults.append(words % {"n": min(count, MOST_HEADER_ROWS)})
    elif not bottom < rule.first <= count:
        words = _("第一行数据应在表头（第 %(bottom)s 行）之下，请重新点选。")
        faults.append(words % {"bottom": bottom})
    if rule.last and not rule.first <= rule.last <= count:
        faults.append(_("最后一行数据应不早于第一行、不晚于表末，请重新点选。"))
    known = {column.code for column in wanted.columns}
    given = [code for _at, code, _unit in rule.columns if code not in ("", UNUSED)]
    if not set(given) <= known:
        faults.append(_("有一列选了这张表里没有的项目，请从列表里选。"))
    for code in sorted({code for code in given if given.count(code) > 1} & known):
        words = _("有两列都选作“%(label)s”，请只留一列。")
        faults.append(words % {"label": wanted.column(code).label})
    return faults


def recheck(batch: Batch, by: Viewer) -> None:
    """Read and check a draft's file anew, with its corrections and what is known by now."""
    wanted = template(batch.template)
    found = examine(wanted, source_of(batch), by)
    batch.against = found.against
    keep_outcome(batch, found)


def annotated(batch: Batch) -> tuple[BytesIO, str]:
    """The office's own workbook with its cells marked, and a name for it."""
    source = source_of(batch)
    workbook = read_workbook(source.content, source.name)
    findings = [
        Doubt(one.sheet, one.cell, one.severity, one.code, one.sentence)
        for one in batch.findings.order_by("pk")
    ]
    name = f"{PurePath(source.name).stem}_{_('批注')}.xlsx"
    return BytesIO(given_back(source.content, workbook, findings)), name


def source_of(batch: Batch) -> Source:
    """A batch's file with its corrected cells."""
    content = store.path_of(batch.file.digest).read_bytes()
    edits = {(e.sheet, e.cell): e.after for e in batch.edits.all()}
    return Source(batch.file.name, content, batch.period, batch.office, edits)


def _draft(batch: Batch, by: Viewer) -> Batch:
    """The batch, locked, if it is a draft that this viewer may correct."""
    held = Batch.objects.select_for_update().select_related("office", "file").get(pk=batch.pk)
    may_correct(held, by)
    return held


def _sheets(source: Source) -> list[Sheet]:
    """The sheets as they stand, with what was corrected before."""
    return edited(read_workbook(source.content, source.name), source.edits).sheets


def _sheet(batch: Batch, name: str) -> Sheet:
    for sheet in _sheets(source_of(batch)):
        if sheet.name == name:
            return sheet
    raise DomainError(_("这个文件里没有工作表“%(name)s”。") % {"name": name})


def _written(sheet: Sheet, cell: str) -> str:
    place = _CELL.fullmatch(cell)
    if place is None or int(place[2]) > len(sheet.cells):
        words = _("工作表“%(sheet)s”里没有单元格 %(cell)s。")
        raise DomainError(words % {"sheet": sheet.name, "cell": cell})
    line, at = sheet.cells[int(place[2]) - 1], column_index(place[1])
    return shown(line[at]) if at < len(line) and line[at] is not None else ""
