"""The parts of an .xlsx file (ECMA-376), read when asked for and written back as they were."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CONTENT_TYPES = "[Content_Types].xml"
NEEDED = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", CONTENT_TYPES)
_PLAIN: Any = {None: RELATIONS}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


class Package:
    """An .xlsx file whose parts can be changed."""

    def __init__(self, data: bytes) -> None:
        """Open the file."""
        self._zip = zipfile.ZipFile(BytesIO(data))
        self._changed: dict[str, bytes] = {}
        self._trees: dict[str, Any] = {}

    @property
    def is_plain(self) -> bool:
        """Whether it is a workbook by the transitional rules, the ones that offices write."""
        there = all(self.has(part) for part in NEEDED)
        return there and self.tree(NEEDED[0]).tag == f"{{{MAIN}}}workbook"

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self._changed or part in self._zip.namelist()

    def tree(self, part: str) -> Any:
        """The root of an XML part; changes to it are kept."""
        if part not in self._trees:
            content = self._changed.get(part) or self._zip.read(part)
            self._trees[part] = etree.fromstring(content, _PARSER)
        return self._trees[part]

    def put(self, part: str, root: Any, content_type: str = "") -> None:
        """Add an XML part, and say what it is."""
        self._trees[part] = root
        self._changed[part] = b""
        if content_type:
            types = self.tree(CONTENT_TYPES)
            etree.SubElement(
                types, f"{{{TYPES}}}Override", PartName=f"/{part}", ContentType=content_type
            )

    def default_type(self, extension: str, content_type: str) -> None:
        """Say what parts of an extension are."""
        types = self.tree(CONTENT_TYPES)
        found = types.findall(f"{{{TYPES}}}Default")
        if extension not in {one.get("Extension") for one in found}:
            made = etree.Element(
                f"{{{TYPES}}}Default", Extension=extension, ContentType=content_type
            )
            types.insert(0, made)

    def related(self, part: str, kind: str) -> tuple[str, str]:
        """Id and part of the first relation of a kind; empty where there is none."""
        path = _relations_of(part)
        if not self.has(path):
            return "", ""
        for one in self.tree(path):
            if one.get("Type", "").endswith(f"/{kind}"):
                return one.get("Id"), _target(part, one.get("Target"))
        return "", ""

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation and return its id."""
        path = _relations_of(part)
        if not self.has(path):
            self.put(path, etree.Element(f"{{{RELATIONS}}}Relationships", nsmap=_PLAIN))
        root = self.tree(path)
        used = {one.get("Id") for one in root}
        name = next(f"rIdW{n}" for n in range(1, len(used) + 2) if f"rIdW{n}" not in used)
        etree.SubElement(
            root,
            f"{{{RELATIONS}}}Relationship",
            Id=name,
            Type=f"{OFFICE}/{kind}",
            Target=f"/{target}",
        )
        return name

    def sheets(self) -> dict[str, str]:
        """Name → part of every sheet, in their order."""
        links = {
            one.get("Id"): _target("xl/workbook.xml", one.get("Target"))
            for one in self.tree("xl/_rels/workbook.xml.rels")
        }
        found = self.tree("xl/workbook.xml").iter(f"{{{MAIN}}}sheet")
        return {one.get("name"): links[one.get(f"{{{OFFICE}}}id")] for one in found}

    def written(self) -> bytes:
        """The file with what was changed."""
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for name in dict.fromkeys([*self._zip.namelist(), *self._changed]):
                made.writestr(name, self._content(name))
        return stream.getvalue()

    def _content(self, name: str) -> bytes:
        if name in self._trees:
            return bytes(
                etree.tostring(
                    self._trees[name], xml_declaration=True, encoding="UTF-8", standalone=True
                )
            )
        return self._zip.read(name)


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _target(part: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
