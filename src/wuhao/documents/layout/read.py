"""Read the bound figures of a .docx back, whatever else was edited since."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from wuhao.documents.layout.content import Slot
from wuhao.documents.layout.ooxml import Element, qualified
from wuhao.documents.layout.slots import NAMESPACE, slot_of

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


def read_slots(path: Path) -> list[SlotRead]:
    """Every bound figure in reading order. Raises Unreadable."""
    with _opened(path) as package:
        frozen = {slot.digest: slot for slot in _frozen(package)}
        document = _parsed(package, "word/document.xml")
    found = (_slot_read(control, frozen) for control in document.iter(qualified("w:sdt")))
    return [slot for slot in found if slot is not None]


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


def _frozen(package: zipfile.ZipFile) -> Iterator[Slot]:
    """The slots kept in the package; one whose digest no longer fits what it says is left out."""
    for name in package.namelist():
        if re.fullmatch(r"customXml/item\d+\.xml", name):
            for figure in _parsed(package, name).iter(f"{{{NAMESPACE}}}figure"):
                if (slot := _intact(figure)) is not None:
                    yield slot


def _intact(figure: Element) -> Slot | None:
    try:
        slot = slot_of(figure)
    except (ArithmeticError, ValueError):
        return None
    return slot if slot.digest == figure.get("digest") else None


def _slot_read(control: Element, frozen: dict[str, Slot]) -> SlotRead | None:
    tag = control.find(f"{qualified('w:sdtPr')}/{qualified('w:tag')}")
    match = TAG.fullmatch(tag.get(qualified("w:val"), "")) if tag is not None else None
    content = control.find(qualified("w:sdtContent"))
    if match is None or content is None:
        return None
    slot = frozen.get(match["digest"])
    kept = slot if slot is not None and slot.code == match["code"] else None
    return SlotRead(match["code"], match["digest"], _text(content), kept)


def _text(element: Element) -> str:
    return "".join(piece.text or "" for piece in element.iter(qualified("w:t")))
