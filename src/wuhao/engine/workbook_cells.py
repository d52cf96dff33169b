"""Cells of a workbook that would be read as empty although something stands in them.

The reader of workbooks gives nothing for #N/A, and nothing for a formula that no spreadsheet
program has computed; a firm would lack a fact that somebody meant to report.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

_SIGNS = re.compile(rb'<(\w+:)?c [^>]*t="e"|</(\w+:)?f>\s*(<v\s*/>|<v></v>|</)|<(\w+:)?f[^>]*/>')
_CHUNK = 1 << 20
_KEPT = 200
"""Bytes of a chunk that are looked at again with the next, so that no sign is cut in two."""


@dataclass(frozen=True)
class Unread:
    """Stands for such a cell; whoever reads it says the sentence."""

    sentence: str


def put_unread(path: Path, rows: list[list[Any]]) -> None:
    """Put an Unread into the rows of the first sheet wherever such a cell stands."""
    for line, column, sentence in _unread_cells(path):
        rows.extend([] for _ in range(line - len(rows)))
        row = rows[line - 1]
        row.extend(None for _ in range(column - len(row)))
        row[column - 1] = Unread(sentence)


def _unread_cells(path: Path) -> Iterator[tuple[int, int, str]]:
    """Give line, column (both from 1) and a sentence for each such cell of the first sheet."""
    with zipfile.ZipFile(path) as parts:
        name = _first_sheet(parts)
        if not _holds_sign(parts, name):
            return
        with parts.open(name) as stream:
            for _, cell in etree.iterparse(stream, tag="{*}c", resolve_entities=False):
                [(letters, line)] = re.findall(r"^([A-Z]+)(\d+)$", str(cell.get("r")))
                if sentence := _sentence(cell):
                    yield int(line), _number_of(letters), sentence
                cell.clear()


def _number_of(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _sentence(cell: etree._Element) -> str:
    """Say what is wrong with a cell, or nothing."""
    value, kind = cell.findtext("{*}v"), cell.get("t")
    if kind == "e":
        return f"这一格是错误值“{value or ''}”，请改正公式或数据；空缺请留空。"
    if cell.find("{*}f") is None or value or kind == "str":
        return ""  # a formula whose text is empty is an empty cell on purpose
    return "这一格的公式没有算出的值，请在表格软件里打开、保存后再用。"


def _first_sheet(parts: zipfile.ZipFile) -> str:
    """Return the part that holds the sheet that stands first in the book."""
    book = etree.fromstring(parts.read("xl/workbook.xml"))
    links = etree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    sheet = next(book.iter("{*}sheet"))
    named = next(text for key, text in sheet.items() if str(key).endswith("}id"))
    link = next(link for link in links if link.get("Id") == named)
    return posixpath.join("/xl", str(link.get("Target"))).lstrip("/")


def _holds_sign(parts: zipfile.ZipFile, name: str) -> bool:
    """Look for the signs of such cells in the bytes of a sheet: most sheets have none."""
    kept = b""
    with parts.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            if _SIGNS.search(kept + chunk):
                return True
            kept = chunk[-_KEPT:]
    return False
