"""The imprint (版记): lines of 4号 between rules, framed at the foot of the type area."""

from math import ceil

from wuhao.documents.layout import geometry as g
from wuhao.documents.layout import styles as s
from wuhao.documents.layout.content import Imprint
from wuhao.documents.layout.ooxml import Element, el, run, val
from wuhao.documents.layout.words import chinese_date, width_of

CHAR = s.IMPRINT.type.size * 20  # one character of 4号
AREA = g.PAGE_WIDTH - g.LEFT - g.RIGHT
FOOT = g.PAGE_HEIGHT - g.TOP - g.BOTTOM  # the type area's lower edge, from its upper one
HANGING = 3  # characters of 抄送： under which further lines do not stand
COPIES_CHARS = AREA // CHAR - 2 - HANGING


def imprint_lines(imprint: Imprint) -> int:
    """How many lines the imprint has."""
    return _copies_lines(imprint) + 1


def imprint_frame(imprint: Imprint) -> list[Element]:
    """The imprint's paragraphs; the last rule is the lower edge of the type area.

    Rules are borders: 0.35 mm above and below all, 0.25 mm between. Each line has a frame of its
    own, because programs disagree on borders between paragraphs of one frame.
    """
    above = FOOT - g.PITCH
    printed = _printed(imprint, above, g.THIN if imprint.copies_to else g.THICK)
    if not imprint.copies_to:
        return [printed]
    return [_copies(imprint, above - _copies_lines(imprint) * g.PITCH), printed]


def _copies_text(imprint: Imprint) -> str:
    return "，".join(imprint.copies_to) + "。"


def _copies_lines(imprint: Imprint) -> int:
    return ceil(width_of(_copies_text(imprint)) / COPIES_CHARS) if imprint.copies_to else 0


def _copies(imprint: Imprint, top: int) -> Element:
    hanging = {"w:left": (1 + HANGING) * CHAR, "w:hanging": HANGING * CHAR, "w:right": CHAR}
    properties = [_frame(top), _rules(top=g.THICK), el("w:ind", hanging)]
    return _line(properties, "抄送：" + _copies_text(imprint))


def _printed(imprint: Imprint, top: int, rule_above: int) -> Element:
    stop = el("w:tabs", None, el("w:tab", {"w:val": "right", "w:pos": AREA - CHAR}))
    rules = _rules(top=rule_above, bottom=g.THICK)
    line = _line([_frame(top), rules, stop, el("w:ind", {"w:left": CHAR})], imprint.printer)
    type_ = s.IMPRINT.type
    line.append(el("w:r", None, type_.properties(), el("w:tab")))
    line.append(run(f"{chinese_date(imprint.printed_on)}印发", type_))
    return line


def _line(properties: list[Element], text: str) -> Element:
    style = val("w:pStyle", s.IMPRINT.id)
    return el("w:p", None, el("w:pPr", None, style, *properties), run(text, s.IMPRINT.type))


def _frame(top: int) -> Element:
    across = {"w:w": AREA, "w:wrap": "around", "w:hAnchor": "margin", "w:xAlign": "center"}
    return el("w:framePr", across | {"w:vAnchor": "margin", "w:y": top})


def _rules(**sizes: int) -> Element:
    rule = {"w:val": "single", "w:space": 0, "w:color": "000000"}
    return el("w:pBdr", None, *(el(f"w:{k}", rule | {"w:sz": size}) for k, size in sizes.items()))
