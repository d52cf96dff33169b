"""What stands around the text: section, page numbers, demo label, settings, core properties."""

from datetime import UTC, datetime

from lxml import etree

from wuhao.documents.layout import geometry as g
from wuhao.documents.layout import styles as s
from wuhao.documents.layout.content import OfficialDocument
from wuhao.documents.layout.ooxml import Element, el, field_run, run, val

CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
WORD_URI = "http://schemas.microsoft.com/office/word"
REFERENCES = (
    ("w:headerReference", "default", "header1"),
    ("w:headerReference", "even", "header2"),
    ("w:footerReference", "default", "footer1"),
    ("w:footerReference", "even", "footer2"),
)


def section(kind: str = "nextPage", with_number: bool = True) -> Element:
    """`w:sectPr`: paper, margins, grid, headers and, unless told otherwise, page numbers."""
    size = {"w:w": g.PAGE_WIDTH, "w:h": g.PAGE_HEIGHT}
    margins = {
        "w:top": g.TOP,
        "w:right": g.RIGHT,
        "w:bottom": g.BOTTOM,
        "w:left": g.LEFT,
        "w:header": g.HEADER,
        "w:footer": g.FOOTER,
        "w:gutter": 0,
    }
    grid = {"w:type": "linesAndChars", "w:linePitch": g.PITCH, "w:charSpace": g.CHAR_SPACE}
    references = [
        el(tag, {"w:type": when, "r:id": key if with_number else key.replace("footer2", "footer3")})
        for tag, when, key in REFERENCES
    ]
    parts = [el("w:pgSz", size), el("w:pgMar", margins), el("w:docGrid", grid)]
    return el("w:sectPr", None, *references, val("w:type", kind), *parts)


def header(label: str) -> Element:
    """The head of every page: empty, or the label of a demo."""
    return el("w:hdr", None, s.LABEL.line(label))


def footer(style: s.Style | None) -> Element:
    """The page number between dashes: — 1 —. Without a style, an empty foot."""
    if style is None:
        return el("w:ftr", None, s.NORMAL.line(""))
    number = field_run("PAGE", style.type)
    dashes = run("— ", style.type), run(" —", style.type)
    return el("w:ftr", None, style.paragraph(dashes[0], *number, dashes[1]))


def settings() -> Element:
    """`word/settings.xml`: odd and even pages differ, and no old layout rules."""
    mode = {"w:name": "compatibilityMode", "w:uri": WORD_URI, "w:val": 15}
    compat = el("w:compat", None, el("w:compatSetting", mode))
    language = el("w:themeFontLang", {"w:val": "en-US", "w:eastAsia": "zh-CN"})
    return el("w:settings", None, el("w:evenAndOddHeaders"), compat, language)


def core_properties(document: OfficialDocument) -> Element:
    """`docProps/core.xml`: title, author, number and the document's own day."""
    spaces = {"cp": CORE, "dc": DC, "dcterms": TERMS, "xsi": XSI}
    root = etree.Element(f"{{{CORE}}}coreProperties", nsmap=spaces)
    said = {
        f"{{{DC}}}title": "".join(document.title),
        f"{{{DC}}}subject": document.number,
        f"{{{DC}}}creator": document.signed_by,
        f"{{{CORE}}}keywords": document.label,
    }
    for tag, text in said.items():
        etree.SubElement(root, tag).text = text
    day = datetime.combine(document.signed_on, datetime.min.time(), UTC)
    for tag in ("created", "modified"):
        stamp = etree.SubElement(root, f"{{{TERMS}}}{tag}", {f"{{{XSI}}}type": "dcterms:W3CDTF"})
        stamp.text = day.strftime("%Y-%m-%dT%H:%M:%SZ")
    return root
