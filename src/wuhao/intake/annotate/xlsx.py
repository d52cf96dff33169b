"""Mark the cells of an .xlsx file: a colour, and a comment that says what was found.

Only the marked cells, the list of styles and the comments are touched; widths, merged cells,
formulas, charts and everything else stay as they were.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from wuhao.intake.annotate.marks import COLOURS, Mark
from wuhao.intake.annotate.package import MAIN, OFFICE, Package
from wuhao.intake.reader.model import column_index

COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
VML, EXCEL, LAYOUT = (
    "urn:schemas-microsoft-com:vml",
    "urn:schemas-microsoft-com:office:excel",
    "urn:schemas-microsoft-com:office:office",
)
AUTHOR = "五好"
BOX = "m,l,21600r21600,l21600,xe"
# What may stand behind `legacyDrawing` in a sheet (ECMA-376 part 1, CT_Worksheet).
_PLAIN: Any = {None: MAIN}
_BEHIND = ("legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
           "extLst")  # fmt: skip


def mark_cells(package: Package, marks: Mapping[str, Mapping[str, Mark]]) -> bytes:
    """Return the workbook with its marks, by sheet and cell."""
    styles = _Styles(package)
    for name, part in package.sheets().items():
        if marks.get(name):
            _colour(package.tree(part), marks[name], styles)
            _comment(package, part, marks[name])
    return package.written()


class _Styles:
    """The styles of a workbook, to which coloured ones are added as they are needed."""

    def __init__(self, package: Package) -> None:
        root = package.tree("xl/styles.xml")
        self.formats = root.find(f"{{{MAIN}}}cellXfs")
        fills = root.find(f"{{{MAIN}}}fills")
        self.fills = {}
        for severity, colour in COLOURS.items():
            self.fills[severity] = len(fills)
            fill = etree.SubElement(fills, f"{{{MAIN}}}fill")
            pattern = etree.SubElement(fill, f"{{{MAIN}}}patternFill", patternType="solid")
            etree.SubElement(pattern, f"{{{MAIN}}}fgColor", rgb=f"FF{colour}")
        fills.set("count", str(len(fills)))
        self.made: dict[tuple[str, str], str] = {}

    def coloured(self, style: str, severity: str) -> str:
        """The number of a style like the given one in the colour of a severity."""
        if (style, severity) not in self.made:
            made = copy.deepcopy(self.formats[int(style)])
            made.set("fillId", str(self.fills[severity]))
            made.set("applyFill", "1")
            self.formats.append(made)
            self.formats.set("count", str(len(self.formats)))
            self.made[style, severity] = str(len(self.formats) - 1)
        return self.made[style, severity]


def _colour(sheet: Any, marks: Mapping[str, Mark], styles: _Styles) -> None:
    data = sheet.find(f"{{{MAIN}}}sheetData")
    wanted: dict[int, list[str]] = {}
    for cell in marks:
        wanted.setdefault(_row_of(cell), []).append(cell)
    rows = {int(row.get("r")): row for row in data if int(row.get("r", 0)) in wanted}
    for number in sorted(wanted):
        row = rows.get(number)
        if row is None:
            row = _inserted(data, "row", str(number), lambda one: int(one.get("r")), number)
        cells = {cell.get("r"): cell for cell in row}
        for reference in wanted[number]:
            found = cells.get(reference)
            if found is None:
                place = _column_of(reference)
                found = _inserted(row, "c", reference, lambda one: _column_of(one.get("r")), place)
            style = found.get("s") or row.get("s") or "0"
            found.set("s", styles.coloured(style, marks[reference].severity))


def _inserted(parent: Any, tag: str, reference: str, key: Any, place: int) -> Any:
    """A new element among others, which are in order."""
    made = etree.Element(f"{{{MAIN}}}{tag}", r=reference)
    at = next((n for n, one in enumerate(parent) if key(one) > place), len(parent))
    parent.insert(at, made)
    return made


def _row_of(cell: str) -> int:
    return int(re.sub(r"[A-Z]", "", cell))


def _column_of(cell: str) -> int:
    return column_index(re.sub(r"\d", "", cell))


def _comment(package: Package, part: str, marks: Mapping[str, Mark]) -> None:
    comments, author = _comments_of(package, part)
    drawing = _drawing_of(package, part)
    kept = comments.find(f"{{{MAIN}}}commentList")
    already = {one.get("ref"): one for one in kept}
    for cell in sorted(marks, key=lambda c: (_row_of(c), _column_of(c))):
        if cell in already:
            _write(already[cell].find(f"{{{MAIN}}}text"), f"\n{marks[cell].text}")
            continue
        one = etree.SubElement(kept, f"{{{MAIN}}}comment", ref=cell, authorId=author)
        _write(etree.SubElement(one, f"{{{MAIN}}}text"), marks[cell].text)
        drawing.append(_shape(cell, len(drawing), marks[cell].text))


def _write(text: Any, words: str) -> None:
    run = etree.SubElement(text, f"{{{MAIN}}}r")
    said = etree.SubElement(run, f"{{{MAIN}}}t")
    said.text = words
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _comments_of(package: Package, part: str) -> tuple[Any, str]:
    """The comments of a sheet, made where there are none, and the number of our author."""
    _name, path = package.related(part, "comments")
    if not path:
        path = _free(package, "xl/commentsW{}.xml")
        root = etree.Element(f"{{{MAIN}}}comments", nsmap=_PLAIN)
        etree.SubElement(root, f"{{{MAIN}}}authors")
        etree.SubElement(root, f"{{{MAIN}}}commentList")
        package.put(path, root, COMMENTS)
        package.relate(part, "comments", path)
    root = package.tree(path)
    authors = root.find(f"{{{MAIN}}}authors")
    etree.SubElement(authors, f"{{{MAIN}}}author").text = AUTHOR
    return root, str(len(authors) - 1)


def _drawing_of(package: Package, part: str) -> Any:
    """The drawing that holds the boxes of a sheet's comments, made where there is none."""
    _name, path = package.related(part, "vmlDrawing")
    if path:
        return package.tree(path)
    path = _free(package, "xl/drawings/vmlDrawingW{}.vml")
    root = etree.Element("xml", nsmap={"v": VML, "o": LAYOUT, "x": EXCEL})
    kind = etree.SubElement(root, f"{{{VML}}}shapetype", id="_x0000_t202", path=BOX)
    kind.set("coordsize", "21600,21600")
    kind.set(f"{{{LAYOUT}}}spt", "202")
    package.put(path, root)
    package.default_type("vml", DRAWING)
    link = etree.Element(f"{{{MAIN}}}legacyDrawing")
    link.set(f"{{{OFFICE}}}id", package.relate(part, "vmlDrawing", path))
    sheet = package.tree(part)
    behind = [n for n, one in enumerate(sheet) if etree.QName(one).localname in _BEHIND]
    sheet.insert(behind[0] if behind else len(sheet), link)
    return root


def _free(package: Package, pattern: str) -> str:
    return next(name for n in range(1, 10_000) if not package.has(name := pattern.format(n)))


def _shape(cell: str, number: int, text: str) -> Any:
    """The box of a comment, hidden until the pointer rests on its cell."""
    row, column = _row_of(cell) - 1, _column_of(cell)
    lines = sum(1 + len(line) // 18 for line in text.split("\n"))
    shape = etree.Element(
        f"{{{VML}}}shape", id=f"_x0000_wuhao{number}", type="#_x0000_t202", fillcolor="#ffffe1",
        style="position:absolute;visibility:hidden;width:220pt;height:90pt;z-index:1",
    )  # fmt: skip
    etree.SubElement(shape, f"{{{VML}}}fill", color2="#ffffe1")
    data = etree.SubElement(shape, f"{{{EXCEL}}}ClientData", ObjectType="Note")
    place = (column + 1, 15, row, 2, column + 4, 31, row + max(4, lines + 1), 1)
    for tag, words in (
        ("MoveWithCells", None), ("SizeWithCells", None), ("Anchor", ", ".join(map(str, place))),
        ("AutoFill", "False"), ("Row", str(row)), ("Column", str(column)),
    ):  # fmt: skip
        etree.SubElement(data, f"{{{EXCEL}}}{tag}").text = words
    return shape
