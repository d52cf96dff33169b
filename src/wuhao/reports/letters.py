"""Letters: a template's text with {figure} places, filled into a draft and re-checked later."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import city, day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.register import AsOf
from wuhao.core.viewer import Viewer
from wuhao.documents import selectors as kept
from wuhao.documents import services as documents
from wuhao.documents.layout.content import Imprint, OfficialDocument, Paragraph, Run, Slot
from wuhao.documents.layout.read import FiguresRead, SlotRead, Unreadable, read_figures
from wuhao.documents.models import DocumentVersion
from wuhao.reports.figures import FigureValue, figure_named, figures, measured
from wuhao.reports.rules import written
from wuhao.reports.selectors import Reading

PLACE = re.compile(r"\{(?P<code>[a-z][a-z0-9_]*)(?::(?P<digits>\d))?\}")
DEFAULT = "parks_reply"
HOLDS, CHANGED, NO_SOURCE, LOST = "holds", "changed", "no_source", "lost"


@dataclass(frozen=True)
class Checked:
    """What a re-check says of one figure: holds, changed, no_source, or lost from the text."""

    place: int
    code: str
    label: str
    state: str
    old: str
    new: str
    said: str


@dataclass(frozen=True)
class LetterPage:
    """A document as a page shows it: facts, content, and each figure's state in reading order."""

    document: Mapping[str, Any]
    content: OfficialDocument
    checks: list[Checked]


def template_path(name: str) -> Path:
    """A letter's template in the city's folder. Raises DomainError where there is none."""
    folder = city.path_of("letters")
    path = folder / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not path.exists():
        there = "、".join(sorted(found.stem for found in folder.glob("*.yaml")))
        raise DomainError(
            _("没有名为 %(name)s 的公文模板；现有：%(there)s。") % {"name": name, "there": there}
        )
    return path


@transaction.atomic
def draft_letter(by: Viewer, name: str = DEFAULT) -> DocumentVersion:
    """Fill a template with today's figures, freeze them and write the .docx.

    Raises DomainError for a template that names unknown figures, or figures without a source.
    """
    template = city.read(f"letters/{template_path(name).name}")
    head = city.read("city.yaml")["letterhead"]
    content = compose(template, head, Reading(by, AsOf()))
    order = documents.Order(template["letter"], head["office"], head["number_word"])
    return documents.draft(order, content, by)


def compose(
    template: Mapping[str, Any], head: Mapping[str, Any], reading: Reading
) -> OfficialDocument:
    """The document that a template makes under a letterhead from a reading."""
    slots = _slots(template, reading)
    today = day.today()
    copies = tuple(template.get("copies_to", ()))
    contact = {"contact": head["contact"], "telephone": head["telephone"]}
    return OfficialDocument(
        agency=head["issuer"],
        number="",
        title=tuple(template["title"]),
        addressee=template["addressee"],
        body=tuple(_paragraph(entry, slots) for entry in template["body"]),
        signed_by=head["issuer"],
        signed_on=today,
        contacts=tuple(line.format_map(contact) for line in template.get("contacts", ())),
        imprint=Imprint(copies, head["issued_by"], today),
        class_mark=template.get("class_mark", ""),
        label=template.get("label", ""),
    )


def _places(template: Mapping[str, Any]) -> Iterator[re.Match[str]]:
    for entry in template["body"]:
        yield from PLACE.finditer(entry.get("text", ""))


def _slots(template: Mapping[str, Any], reading: Reading) -> dict[str, Slot]:
    """The slot of every place in a template; all that is wrong is said at once."""
    wrong: list[str] = []
    slots: dict[str, Slot] = {}
    for place in _places(template):
        digits = None if place["digits"] is None else int(place["digits"])
        try:
            value = measured(figure_named(place["code"]), reading, digits)
        except OutOfScope:
            raise
        except DomainError as unknown:
            wrong += unknown.sentences
            continue
        if value.missing:
            label = str(value.figure.label)
            wrong.append(_("“%(label)s”缺数：%(why)s") % {"label": label, "why": value.missing})
        slots[place[0]] = value.slot(digits)
    if wrong:
        raise DomainError(*dict.fromkeys(wrong))
    return slots


def _paragraph(entry: Mapping[str, Any], slots: Mapping[str, Slot]) -> Paragraph:
    text, runs, end = entry.get("text", ""), list[Run](), 0
    for place in PLACE.finditer(text):
        runs += [text[end : place.start()]] if place.start() > end else []
        runs.append(slots[place[0]])
        end = place.end()
    runs += [text[end:]] if end < len(text) else []
    return Paragraph(tuple(runs), entry.get("lead", ""), entry.get("level", 0))


def check_file(viewer: Viewer, path: Path) -> list[Checked]:
    """Recompute every bound figure of a .docx, as of the day for which it was frozen.

    Figures that were frozen in it and are no longer bound in the text come last, as lost.
    Raises DomainError for a file that cannot be read or never held a bound figure.
    """
    try:
        found = read_figures(path)
    except Unreadable as reason:
        raise DomainError(str(reason)) from reason
    lost = _lost(viewer, found)
    if not found.slots and not lost:
        raise DomainError(_("%(file)s 里没有绑定的数字，无从核对。") % {"file": path.name})
    return [*_check(viewer, found.slots), *lost]


def _lost(viewer: Viewer, found: FiguresRead) -> list[Checked]:
    """The figures that the file or the kept version lists and that no control shows any more."""
    shown = Counter((slot.code, slot.digest) for slot in found.slots)
    listed = Counter((figure.code, figure.digest) for figure in found.kept)
    drafted = kept.drafted_with(viewer, shown | listed)
    frozen = {(figure.code, figure.digest): figure.frozen for figure in found.kept}
    frozen |= dict(drafted)
    missing = (listed | Counter(tag for tag, _slot in drafted)) - shown
    said = _("成文时绑定的这个数已不在文中，印在那里的字无从核对。请对照底稿恢复。")
    rows = []
    for place, tag in enumerate(missing.elements(), start=len(found.slots) + 1):
        slot = frozen.get(tag)
        label, old = (slot.label, slot.printed) if slot else (tag[0], "")
        rows.append(Checked(place, tag[0], label, LOST, old, "", said))
    return rows


def letter_page(viewer: Viewer, ref: str) -> LetterPage:
    """A kept document with the state of each figure now. Raises OutOfScope."""
    document, content = kept.content(viewer, ref)
    slots = [SlotRead(slot.code, slot.digest, slot.text, slot) for slot in content.slots()]
    return LetterPage(document, content, list(_check(viewer, slots)))


def _check(viewer: Viewer, found: Iterable[SlotRead]) -> Iterator[Checked]:
    readings: dict[AsOf, Reading] = {}
    for place, read in enumerate(found, start=1):
        slot = read.frozen or kept.frozen(viewer, read.code, read.digest)
        if slot is None or slot.cut_off is None:
            said = _("文件里冻结的数已丢失或被改动，库里也没有底稿，无从核对。")
            yield Checked(place, read.code, read.code, NO_SOURCE, read.text, "", said)
            continue
        as_of = AsOf(on=slot.cut_off)
        reading = readings.setdefault(as_of, Reading(viewer, as_of))
        yield _compared(place, read, slot, reading)


def _compared(place: int, read: SlotRead, slot: Slot, reading: Reading) -> Checked:
    figure = figures().get(slot.code)
    if figure is None:
        said = _("已经没有名为 %(code)s 的数字。") % {"code": slot.code}
        return Checked(place, slot.code, slot.label, NO_SOURCE, read.text, "", said)
    now = measured(figure, reading, slot.digits)
    if now.missing:
        return Checked(place, slot.code, slot.label, NO_SOURCE, read.text, "", now.missing)
    state, said = _verdict(read, slot, now)
    return Checked(place, slot.code, slot.label, state, read.text + slot.suffix, now.printed, said)


def _verdict(read: SlotRead, slot: Slot, now: FigureValue) -> tuple[str, str]:
    exact = now.figure.rule.exact
    was, is_ = exact(slot.numerator, slot.denominator), exact(now.numerator, now.denominator)
    if read.text != slot.text:
        return CHANGED, _("成文时是“%(old)s”，文中被改写。") % {"old": slot.printed}
    if (was, slot.printed) != (is_, now.printed):
        words = {
            "old": written(now.figure.rule, was) or slot.printed,
            "new": written(now.figure.rule, is_) or now.printed,
        }
        return CHANGED, _("%(old)s → %(new)s") % words
    if slot.lineage != now.lineage_digest:
        return HOLDS, _("数未变，所依据的记录有变。")
    return HOLDS, written(now.figure.rule, is_) or now.printed
