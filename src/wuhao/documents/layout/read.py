"""Read the bound figures of a .docx back, whatever else was edited since."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from wuhao.documents.layout.content import Slot
from wuhao.documents.layout.ooxml import Element, qualified
from wuhao.documents.layout.slots import NAMESPACE, STORE_ID, slot_of

BOUND = re.compile(r"/f:figures\[1\]/f:figure\[(?P<place>\d+)\]/f:text\[1\]")
TAG = re.compile(r"(?P<code>[a-z][a-z0-9_]*)@(?P<digest>[0-9a-f]{16})")
LARGEST_PART = 64 * 2**20


class Unreadable(ValueError):
    """The file is not a document that can be read; says why."""


@dataclass(frozen=True)
class SlotRead:
    """A figure found in a file: code and digest from its tag, the text that stands there now.

    `frozen` is what the file keeps of the moment of freezing; None where that part is lost or was
    altered.
    """

    code: str
    digest: str
    text: str
    frozen: Slot | None

    @property
    def edited(self) -> bool:
        """Whether somebody typed over the figure."""
        return self.frozen is not None and self.frozen.text != self.text


@dataclass(frozen=True)
class FigureKept:
    """A figure that the file itself lists as frozen; `frozen` is None where it was altered."""

    code: str
    digest: str
    frozen: Slot | None


@dataclass(frozen=True)
class FiguresRead:
    """The figures bound in a file's text, and those that the file lists as frozen."""

    slots: list[SlotRead]
    kept: list[FigureKept]


def read_figures(path: Path) -> FiguresRead:
    """Every bound figure in reading order, beside what the file lists. Raises Unreadable."""
    with _opened(path) as package:
        figures = list(_figures(package))
        document = _parsed(package, "word/document.xml")
    found = (_slot_read(control, figures) for control in document.iter(qualified("w:sdt")))
    kept = [FigureKept(f.get("code", ""), f.get("digest", ""), _intact(f)) for f in figures]
    return FiguresRead([slot for slot in found if slot is not None], kept)


def read_slots(path: Path) -> list[SlotRead]:
    """Every bound figure in reading order. Raises Unreadable."""
    return read_figures(path).slots


def read_text(path: Path) -> list[str]:
    """The text of every paragraph of the body. Raises Unreadable."""
    with _opened(path) as package:
        document = _parsed(package, "word/document.xml")
    return [_text(paragraph) for paragraph in document.iter(qualified("w:p"))]


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise Unreadable(f"找不到文件 {path.name}。") from None
    except (zipfile.BadZipFile, OSError):
        raise Unreadable(f"{path.name} 不是 .docx 文件，请用 WPS 或 Word 另存为 .docx。") from None


def _parsed(package: zipfile.ZipFile, name: str) -> Element:
    file = Path(package.filename or "").name
    try:
        if package.getinfo(name).file_size > LARGEST_PART:
            raise Unreadable(f"{file} 的正文超过 64 兆字节，不像一份公文。")
        # Entities stay unresolved: the file comes from outside.
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        return etree.fromstring(package.read(name), parser)
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError):
        raise Unreadable(f"{file} 缺正文或正文已损坏，请重新另存为 .docx。") from None


def _figures(package: zipfile.ZipFile) -> Iterator[Element]:
    for name in package.namelist():
        if re.fullmatch(r"customXml/item\d+\.xml", name):
            yield from _parsed(package, name).iter(f"{{{NAMESPACE}}}figure")


def _slot_read(control: Element, figures: Sequence[Element]) -> SlotRead | None:
    content = control.find(qualified("w:sdtContent"))
    tag = _tagged(control) or _bound(control, figures)
    if content is None or tag is None:
        return None
    kept = (_intact(figure) for figure in figures if figure.get("digest") == tag["digest"])
    frozen = next((slot for slot in kept if slot is not None and slot.code == tag["code"]), None)
    return SlotRead(tag["code"], tag["digest"], _text(content), frozen)


def _tagged(control: Element) -> re.Match[str] | None:
    tag = control.find(f"{qualified('w:sdtPr')}/{qualified('w:tag')}")
    return None if tag is None else TAG.fullmatch(tag.get(qualified("w:val"), ""))


def _bound(control: Element, figures: Sequence[Element]) -> re.Match[str] | None:
    """The tag of the figure that a control is bound to, for programs that drop tags on saving."""
    binding = control.find(f"{qualified('w:sdtPr')}/{qualified('w:dataBinding')}")
    if binding is None or binding.get(qualified("w:storeItemID")) != STORE_ID:
        return None
    place = BOUND.fullmatch(binding.get(qualified("w:xpath"), ""))
    index = int(place["place"]) - 1 if place else -1
    if not 0 <= index < len(figures):
        return None
    return TAG.fullmatch(f"{figures[index].get('code')}@{figures[index].get('digest')}")


def _intact(figure: Element) -> Slot | None:
    """A slot as it was frozen; None where its digest no longer fits what it says."""
    try:
        slot = slot_of(figure)
    except (ArithmeticError, ValueError):
        return None
    return slot if slot.digest == figure.get("digest") else None


def _text(element: Element) -> str:
    return "".join(piece.text or "" for piece in element.iter(qualified("w:t")))
