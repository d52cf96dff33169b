"""Write an official document as .docx, laid out to GB/T 9704-2012."""

from collections.abc import Iterator
from pathlib import Path

from wuhao.documents.layout import geometry as g
from wuhao.documents.layout import styles as s
from wuhao.documents.layout.content import Imprint, OfficialDocument, Paragraph, Slot
from wuhao.documents.layout.frame import core_properties, footer, header, section, settings
from wuhao.documents.layout.imprint import imprint_frame, imprint_lines
from wuhao.documents.layout.ooxml import Element, Shape, Type, el, line_break, qualified, run
from wuhao.documents.layout.package import CORE, OFFICE, WORD, Part, relations_part, save
from wuhao.documents.layout.pages import page_count
from wuhao.documents.layout.slots import control, figures_part, properties_part
from wuhao.documents.layout.words import chinese_date, numbered, sign_off_indents, title_lines


def write_document(document: OfficialDocument, path: Path) -> None:
    """Write the document to a .docx file; the same document gives the same bytes.

    Raises ValueError where the text cannot be laid out (a title's word longer than a line, a fifth
    heading level).
    """
    save(path, _parts(document))


def _parts(document: OfficialDocument) -> dict[str, Part]:
    bodies = {
        "document": ("document.main", document_part(document)),
        "styles": ("styles", s.styles_part()),
        "fontTable": ("fontTable", s.font_table_part()),
        "settings": ("settings", settings()),
        "header1": ("header", header(document.label)),
        "header2": ("header", header(document.label)),
        "footer1": ("footer", footer(s.PAGE_ODD)),
        "footer2": ("footer", footer(s.PAGE_EVEN)),
        "footer3": ("footer", footer(None)),
    }
    parts = {
        key: Part(f"word/{key}.xml", f"{WORD}.{kind}+xml", root)
        for key, (kind, root) in bodies.items()
    }
    return parts | _other_parts(document, [key for key in bodies if key != "document"])


def _other_parts(document: OfficialDocument, related: list[str]) -> dict[str, Part]:
    kinds = {key: key.rstrip("123") for key in related}
    inner = {key: (f"{OFFICE}/{kind}", f"{key}.xml") for key, kind in kinds.items()}
    inner["figures"] = (f"{OFFICE}/customXml", "../customXml/item1.xml")
    outer = {
        "main": (f"{OFFICE}/officeDocument", "word/document.xml"),
        "core": (CORE, "docProps/core.xml"),
    }
    properties = {"props": (f"{OFFICE}/customXmlProps", "itemProps1.xml")}
    item_type = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    core_type = "application/vnd.openxmlformats-package.core-properties+xml"
    parts = (
        Part("_rels/.rels", "", relations_part(outer)),
        Part("word/_rels/document.xml.rels", "", relations_part(inner)),
        Part("docProps/core.xml", core_type, core_properties(document)),
        Part("customXml/item1.xml", "", figures_part(list(document.slots()))),
        Part("customXml/itemProps1.xml", item_type, properties_part()),
        Part("customXml/_rels/item1.xml.rels", "", relations_part(properties)),
    )
    return {part.path: part for part in parts}


def document_part(document: OfficialDocument) -> Element:
    """`word/document.xml`."""
    closing, ending = [*_sign_off(document)], section()
    if document.imprint is not None:
        closing, ending = _with_imprint(document, document.imprint, closing)
    text = [*_body(document)]
    _keep_together([*_last_of(text, document), *closing])
    body = el("w:body", None, *_heading(document), *text, *closing, ending)
    return el("w:document", None, body)


def _heading(document: OfficialDocument) -> Iterator[Element]:
    drop = g.MARK_DROP
    if document.class_mark:
        yield s.CLASS_MARK.line(document.class_mark)
        drop -= g.PITCH
    mark = document.agency + "文件"
    size = g.mark_size(mark)
    # A line hardly higher than the type, so that the type's top edge is the line's top edge.
    shape = Shape("center", before=drop, line=size * 21)
    yield s.MARK.paragraph(run(mark, Type(g.SONG_TITLE, size, g.RED)), shape=shape)
    yield from (s.NORMAL.line(""), s.NORMAL.line(""), s.NUMBER.line(document.number))
    yield from (s.NORMAL.line(""), s.NORMAL.line(""))
    yield _title(title_lines(document.title))
    yield from (s.NORMAL.line(""), s.ADDRESSEE.line(document.addressee))


def _title(lines: list[str]) -> Element:
    inside: list[Element] = []
    for line in lines:
        inside += [line_break(s.TITLE.type)] if inside else []
        inside.append(run(line, s.TITLE.type))
    return s.TITLE.paragraph(*inside)


def _body(document: OfficialDocument) -> Iterator[Element]:
    place = 0
    for paragraph in numbered(document.body):
        yield _paragraph(paragraph, place)
        place += sum(isinstance(piece, Slot) for piece in paragraph.runs)
    for block in (document.attachments, document.contacts):
        if block:
            yield s.NORMAL.line("")
            yield from (s.BODY.line(line) for line in block)


def _paragraph(paragraph: Paragraph, place: int) -> Element:
    style = s.HEADINGS.get(paragraph.level, s.BODY)
    inside = [run(paragraph.lead, style.type)] if paragraph.lead else []
    for piece in paragraph.runs:
        if isinstance(piece, Slot):
            place += 1
            inside.append(control(piece, place, s.BODY.type))
            inside += [run(piece.suffix, s.BODY.type)] if piece.suffix else []
        else:
            inside.append(run(piece, s.BODY.type))
    return style.paragraph(*inside)


def _last_of(text: list[Element], document: OfficialDocument) -> list[Element]:
    """The body's last paragraph and what follows it: contacts, attachments, empty lines."""
    blocks = [block for block in (document.attachments, document.contacts) if block]
    return text[-1 - sum(len(block) + 1 for block in blocks) :]


def _keep_together(paragraphs: list[Element]) -> None:
    """A sign-off never stands on a page without text (不留“此页无正文”)."""
    for paragraph in paragraphs[:-1]:
        properties = next(paragraph.iter(qualified("w:pPr")))
        properties.insert(1, el("w:keepNext"))


def _sign_off(document: OfficialDocument) -> Iterator[Element]:
    day = chinese_date(document.signed_on)
    unit_indent, date_indent = sign_off_indents(document.signed_by, day)
    yield s.NORMAL.line("")  # the seal's top stays within one line of the text
    for text, indent in ((document.signed_by, unit_indent), (day, date_indent)):
        yield s.SIGN_OFF.paragraph(run(text, s.SIGN_OFF.type), shape=Shape("right", right=indent))


def _with_imprint(
    document: OfficialDocument, imprint: Imprint, closing: list[Element]
) -> tuple[list[Element], Element]:
    """The imprint at the foot of the last page, which is an even one (版记在最后一面).

    Its frame is anchored to the paragraph behind it: the date, or an empty one on the even page
    that follows. A page of imprint behind a blank page carries no number.
    """
    frame, text_pages = imprint_frame(imprint), page_count(document)
    if page_count(document, imprint_lines(imprint)) % 2 == 0:
        return [*closing[:-1], *frame, closing[-1]], section()
    next(closing[-1].iter(qualified("w:pPr"))).append(section())
    own_page = section("evenPage", with_number=text_pages % 2 == 1)
    return [*closing, *frame, s.NORMAL.line("")], own_page
