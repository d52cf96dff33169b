"""WordprocessingML in small pieces: elements, runs, paragraphs, styles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from wuhao.documents.layout.geometry import FANGSONG, LATIN, PITCH, SIZE_3, TIGHTENING, Face, chars

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NSMAP = {"w": W, "r": R}
Element = etree._Element


def qualified(tag: str) -> str:
    """`w:p` as lxml spells it."""
    prefix, local = tag.split(":")
    return f"{{{NSMAP[prefix]}}}{local}"


def el(tag: str, attrs: Mapping[str, object] | None = None, *children: Element) -> Element:
    """An element with attributes and children; attribute names carry their prefix."""
    element = etree.Element(qualified(tag), nsmap=NSMAP)
    for key, value in (attrs or {}).items():
        element.set(qualified(key), str(value))
    element.extend(children)
    return element


def val(tag: str, value: object) -> Element:
    """An element with the one attribute `w:val`."""
    return el(tag, {"w:val": value})


@dataclass(frozen=True)
class Type:
    """How a run is set: face, size in points, colour.

    A 3号 character is 16 pt wide and a 28th of the line 15.79 pt. Programs disagree on text that is
    wider than a cell of the grid (some give it two cells), so that runs leave the grid and are
    tightened instead (in twips): every program then sets 28 characters and justifies the rest.
    """

    face: Face = FANGSONG
    size: int = SIZE_3
    colour: str = ""

    @property
    def tightening(self) -> int:
        """Twips taken off each character's width."""
        return TIGHTENING if self.size == SIZE_3 else 0

    def properties(self) -> Element:
        """`w:rPr`; the East Asian face is named on every run, with a Latin face for digits."""
        latin = LATIN.name
        fonts = {
            "w:ascii": latin,
            "w:hAnsi": latin,
            "w:cs": latin,
            "w:eastAsia": self.face.name,
            "w:hint": "eastAsia",
        }
        parts = [el("w:rFonts", fonts)]
        parts.append(val("w:snapToGrid", 0))
        if self.colour:
            parts.append(val("w:color", self.colour))
        if self.tightening:
            parts.append(val("w:spacing", -self.tightening))
        parts += [val("w:sz", self.size * 2), val("w:szCs", self.size * 2)]
        parts.append(el("w:lang", {"w:val": "en-US", "w:eastAsia": "zh-CN"}))
        return el("w:rPr", None, *parts)


def run(text: str, type_: Type) -> Element:
    """A run of text."""
    words = el("w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return el("w:r", None, type_.properties(), words)


def line_break(type_: Type) -> Element:
    """A break to the next line inside a paragraph."""
    return el("w:r", None, type_.properties(), el("w:br"))


def field_run(instruction: str, type_: Type) -> list[Element]:
    """A field, as PAGE, in the three runs that it needs."""
    code = el("w:instrText")
    code.text = instruction
    pieces = (val_type("begin"), code, val_type("end"))
    return [el("w:r", None, type_.properties(), piece) for piece in pieces]


def val_type(kind: str) -> Element:
    """The begin or end mark of a field."""
    return el("w:fldChar", {"w:fldCharType": kind})


@dataclass(frozen=True)
class Shape:
    """How a paragraph stands: alignment, indents in characters, space before and line in twips."""

    align: str = "both"
    first: Decimal = Decimal(0)
    left: Decimal = Decimal(0)
    right: Decimal = Decimal(0)
    before: int = 0
    line: int = PITCH
    outline: int | None = None
    rule_below: Element | None = None

    def properties(self, style: str = "") -> Element:
        """`w:pPr`, its children in the order that the schema asks for."""
        parts = [val("w:pStyle", style)] if style else []
        if self.rule_below is not None:
            parts.append(el("w:pBdr", None, self.rule_below))
        parts.append(val("w:snapToGrid", 0))
        spacing = {
            "w:before": self.before,
            "w:after": 0,
            "w:line": self.line,
            "w:lineRule": "exact",
        }
        parts += [el("w:spacing", spacing), el("w:ind", self._indents()), val("w:jc", self.align)]
        if self.outline is not None:
            parts.append(val("w:outlineLvl", self.outline))
        return el("w:pPr", None, *parts)

    def _indents(self) -> dict[str, int]:
        sides = {"left": self.left, "right": self.right, "firstLine": self.first}
        hundredths = {f"w:{side}Chars": int(count * 100) for side, count in sides.items()}
        return hundredths | {f"w:{side}": chars(count) for side, count in sides.items()}


def paragraph(shape: Shape, inside: Sequence[Element] = (), style: str = "") -> Element:
    """A paragraph."""
    return el("w:p", None, shape.properties(style), *inside)


def to_bytes(root: Element) -> bytes:
    """A part of the package as it is written."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
