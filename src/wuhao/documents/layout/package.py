"""The .docx package: its parts, their types and relations, written the same way every time."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from wuhao.documents.layout.ooxml import Element, to_bytes

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bytes for the same document


@dataclass(frozen=True)
class Part:
    """A part: its path in the package, its content type and its root element."""

    path: str
    content_type: str
    root: Element


def _root(tag: str, uri: str) -> Element:
    return etree.fromstring(f'<{tag} xmlns="{uri}"/>')


def types_part(parts: Mapping[str, Part]) -> Element:
    """`[Content_Types].xml`."""
    root = _root("Types", TYPES)
    for extension, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(root, f"{{{TYPES}}}Default", Extension=extension, ContentType=kind)
    for part in parts.values():
        if part.content_type:
            attrs = {"PartName": f"/{part.path}", "ContentType": part.content_type}
            etree.SubElement(root, f"{{{TYPES}}}Override", attrs)
    return root


def relations_part(relations: Mapping[str, tuple[str, str]]) -> Element:
    """A `.rels` part from id → (type, target)."""
    root = _root("Relationships", RELATIONS)
    for key, (kind, target) in relations.items():
        attrs = {"Id": key, "Type": kind, "Target": target}
        etree.SubElement(root, f"{{{RELATIONS}}}Relationship", attrs)
    return root


def save(path: Path, parts: Mapping[str, Part]) -> None:
    """Write the package: content types first, then the parts in the order given."""
    files = {"[Content_Types].xml": types_part(parts)} | {p.path: p.root for p in parts.values()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, root in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, to_bytes(root))
