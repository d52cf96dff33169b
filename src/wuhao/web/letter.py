"""An official document as a page prints it: paragraphs, figure chips, and marks in the margin."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.documents.layout.content import OfficialDocument, Paragraph, Slot
from wuhao.documents.layout.words import chinese_date, numbered, title_lines
from wuhao.reports.letters import CHANGED, HOLDS, Checked

CSS = {HOLDS: "", CHANGED: "chg"}


@dataclass(frozen=True)
class Bit:
    """A run of text; a chip where it is a figure."""

    text: str
    css: str = ""
    figure: bool = False
    number: int = 0
    title: str = ""
    face: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph of the paper with its class, or the red line."""

    css: str
    bits: list[Bit] = field(default_factory=list)
    kind: str = "p"


@dataclass(frozen=True)
class MarginMark:
    """A figure's state in the margin."""

    number: int
    css: str
    title: str
    now: str
    said: str
    url: str


def head_blocks(content: OfficialDocument, number: str) -> list[Block]:
    """The head of the paper down to the addressee."""
    blocks = [Block("flat demo-mark", [Bit(content.label)])] if content.label else []
    if content.class_mark:
        blocks.append(Block("cls", [Bit(content.class_mark)]))
    return [
        *blocks,
        Block("org flat", [Bit(_red_head(content.agency))]),
        Block("no flat", [Bit(number)]),
        Block("", kind="red"),
        *(
            Block("title flat" if at == 0 else "title flat next", [Bit(line)])
            for at, line in enumerate(title_lines(content.title))
        ),
        Block("to", [Bit(content.addressee)]),
    ]


def _red_head(agency: str) -> str:
    return f"{agency}文件"


def body_blocks(content: OfficialDocument, checks: Sequence[Checked]) -> list[Block]:
    """The body with every figure as a numbered chip, in reading order."""
    states = iter(checks)
    return [_paragraph(one, states) for one in numbered(content.body)]


def _paragraph(one: Paragraph, states: Any) -> Block:
    bits = [Bit(one.lead, face=f"h{one.level}")] if one.lead else []
    for run in one.runs:
        if isinstance(run, Slot):
            bits += [_chip(run, next(states)), Bit(run.suffix)]
        else:
            bits.append(Bit(run))
    return Block(f"level-{one.level}", bits)


def _chip(slot: Slot, check: Checked) -> Bit:
    css = CSS.get(check.state, "none")
    title = f"{slot.label}：{check.said}" if check.said else slot.label
    return Bit(slot.text, css, True, check.place, title)


def foot_blocks(content: OfficialDocument) -> list[Block]:
    """Signature and date, contacts, and the imprint."""
    blocks = [
        Block("sign-line", [Bit(content.signed_by)]),
        Block("sign-line", [Bit(chinese_date(content.signed_on))]),
        *(Block("flat", [Bit(line)]) for line in content.contacts),
    ]
    if content.imprint is not None:
        copies = "，".join(content.imprint.copies_to)
        printed = chinese_date(content.imprint.printed_on)
        blocks += [
            Block("flat imprint-line", [Bit(f"抄送：{copies}。")]),
            Block("flat imprint-line", [Bit(f"{content.imprint.printer}　{printed}印发")]),
        ]
    return blocks


def marks(checks: Sequence[Checked]) -> list[MarginMark]:
    """One mark a figure: those that changed or lost their source first."""
    order = sorted(checks, key=lambda c: (c.state == HOLDS, c.place))
    return [
        MarginMark(
            number=c.place,
            css=CSS.get(c.state, "none"),
            title=f"{c.label} {c.old}",
            now=c.new if c.state == CHANGED and c.new != c.old else "",
            said=c.said,
            url=reverse("web:figure", args=[c.code]) if c.state in CSS else "",
        )
        for c in order
    ]


def title_of_checks(checks: Sequence[Checked]) -> str:
    """The finding first: how many figures hold."""
    held = sum(c.state == HOLDS for c in checks)
    words = {"n": len(checks), "held": held}
    return _("%(n)s 个数：%(held)s 个相符") % words
