"""The named styles of an official document, so that an office can edit it in its own program."""

from dataclasses import dataclass, field
from decimal import Decimal

from wuhao.documents.layout.geometry import (
    FACES,
    FANGSONG,
    HEI,
    KAI,
    RED,
    RULE_DROP_PT,
    SIZE_1_SMALL,
    SIZE_2,
    SIZE_4,
    SONG,
    SONG_TITLE,
    Face,
)
from wuhao.documents.layout.ooxml import (
    Element,
    Shape,
    Type,
    el,
    paragraph,
    qualified,
    run,
    val,
)

ONE, TWO = Decimal(1), Decimal(2)


@dataclass(frozen=True)
class Style:
    """A paragraph style: its id in the file, its name in the office's program, type and shape."""

    id: str
    name: str
    type: Type = field(default_factory=Type)
    shape: Shape = field(default_factory=Shape)

    def element(self) -> Element:
        """`w:style`."""
        kind = {"w:type": "paragraph", "w:styleId": self.id}
        named = [val("w:name", self.name), el("w:qFormat")]
        return el("w:style", kind, *named, self.shape.properties(), self.type.properties())

    def paragraph(self, *inside: Element, shape: Shape | None = None) -> Element:
        """A paragraph in this style; a shape of its own is set only where it differs."""
        if shape is not None:
            return paragraph(shape, inside, self.id)
        return el("w:p", None, el("w:pPr", None, val("w:pStyle", self.id)), *inside)

    def line(self, text: str) -> Element:
        """A paragraph of one run; without text, an empty line."""
        return self.paragraph(*([run(text, self.type)] if text else []))


def _red_rule() -> Element:
    attrs = {"w:val": "single", "w:sz": 12, "w:space": RULE_DROP_PT, "w:color": RED}
    return el("w:bottom", attrs)


def _heading(level: int, face: Face) -> Style:
    names = ("一级标题", "二级标题", "三级标题", "四级标题")
    shape = Shape(first=TWO, outline=level - 1)
    return Style(f"GwHeading{level}", names[level - 1], Type(face), shape)


NORMAL = Style("Normal", "Normal")
CLASS_MARK = Style("GwClassMark", "办理结果标记", Type(HEI), Shape("right"))
MARK = Style("GwMark", "发文机关标志", Type(SONG_TITLE, SIZE_1_SMALL, RED), Shape("center"))
NUMBER = Style("GwNumber", "发文字号", shape=Shape("center", rule_below=_red_rule()))
TITLE = Style("GwTitle", "公文标题", Type(SONG_TITLE, SIZE_2), Shape("center"))
ADDRESSEE = Style("GwAddressee", "主送机关", shape=Shape("left"))
BODY = Style("GwBody", "公文正文", shape=Shape(first=TWO))
HEADINGS = {n: _heading(n, f) for n, f in enumerate((HEI, KAI, FANGSONG, FANGSONG), start=1)}
SIGN_OFF = Style("GwSignOff", "署名和日期", shape=Shape("right"))
IMPRINT = Style("GwImprint", "版记", Type(size=SIZE_4), Shape("left"))
PAGE_ODD = Style("GwPageOdd", "页码单页", Type(SONG, SIZE_4), Shape("right", right=ONE, line=280))
PAGE_EVEN = Style("GwPageEven", "页码双页", Type(SONG, SIZE_4), Shape("left", left=ONE, line=280))
LABEL = Style("GwLabel", "演示标记", Type(HEI, SIZE_4, "808080"), Shape("center"))
STYLES = (
    CLASS_MARK,
    MARK,
    NUMBER,
    TITLE,
    ADDRESSEE,
    BODY,
    *HEADINGS.values(),
    SIGN_OFF,
    IMPRINT,
    PAGE_ODD,
    PAGE_EVEN,
    LABEL,
)


def styles_part() -> Element:
    """`word/styles.xml`: defaults and the named styles."""
    # Without these, programs widen the gap between a digit and a character and leave the grid.
    off = [val(tag, 0) for tag in ("w:widowControl", "w:autoSpaceDE", "w:autoSpaceDN")]
    defaults = el(
        "w:docDefaults",
        None,
        el("w:rPrDefault", None, Type().properties()),
        el("w:pPrDefault", None, el("w:pPr", None, *off)),
    )
    normal = NORMAL.element()
    normal.set(qualified("w:default"), "1")
    return el("w:styles", None, defaults, normal, *(style.element() for style in STYLES))


def font_table_part() -> Element:
    """`word/fontTable.xml`: each face with what stands in for it; no font is embedded."""
    fonts = [
        el(
            "w:font",
            {"w:name": face.name},
            val("w:altName", face.stand_in),
            val("w:charset", "86" if face.name != "Times New Roman" else "00"),
            val("w:family", face.family),
        )
        for face in FACES
    ]
    return el("w:fonts", None, *fonts)
