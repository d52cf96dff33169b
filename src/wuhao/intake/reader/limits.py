"""Limits on files, checked before anything is unpacked into memory."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from wuhao.intake.reader.model import UnreadableFile, column_index

MEGABYTE = 1024 * 1024
CHUNK = 256 * 1024
ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True)
class Limits:
    """How large a file may be: as received, unpacked, and in cells from A1 to the last one."""

    file_bytes: int = 64 * MEGABYTE
    unpacked_bytes: int = 768 * MEGABYTE
    entries: int = 4000
    cells: int = 12_000_000


DEFAULT = Limits()


@dataclass
class SheetScan:
    """What a sheet's XML says without a parser.

    Its extent, the cells that show an error, hidden rows (from 1) and columns (from 0), how many
    cells are formulas and which is the first.
    """

    rows: int = 0
    columns: int = 1
    errors: dict[str, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formulas: int = 0
    first_formula: str = ""


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse a file that is empty or larger than allowed. Raises UnreadableFile."""
    if not data:
        raise UnreadableFile("文件是空的，请检查后重新上传。")
    if len(data) > limits.file_bytes:
        raise UnreadableFile(
            f"文件有 {len(data) / MEGABYTE:.1f} MB，超过上限 {limits.file_bytes // MEGABYTE} MB，"
            "请删去图片和多余的工作表，或分成几个文件上传。"
        )


def scan_zip(data: bytes, limits: Limits) -> dict[str, SheetScan]:
    """Unpack a workbook in passing, counting what really comes out, and scan its sheets.

    Returns scans by part name (`xl/worksheets/sheet1.xml`). Raises UnreadableFile for a broken
    archive, one that unpacks to more than allowed whatever its directory claims, or a sheet
    whose far-off cell would make readers allocate a huge grid.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFile("文件已损坏，打不开，请在表格软件里另存一份再上传。") from error
    if len(infos) > limits.entries or sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise UnreadableFile(_too_much(limits))
    scans = {}
    unpacked = 0
    for info in infos:
        scan = _Scanner() if _is_sheet(info.filename) else None
        for chunk in _inflate(data, info):
            unpacked += len(chunk)
            if unpacked > limits.unpacked_bytes:
                raise UnreadableFile(_too_much(limits))
            if scan is not None:
                scan.feed(chunk)
        if scan is not None:
            scans[info.filename] = scan.result()
            _refuse_far_cell(data, info, scans[info.filename], limits)
    return scans


def _too_much(limits: Limits) -> str:
    size = limits.unpacked_bytes // MEGABYTE
    return f"文件解开后超过 {size} MB 或部件过多，不像正常的表格，没有读取；请另存一份再上传。"


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".xml")


def _inflate(data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """What an entry really holds, chunk by chunk; the size in the directory may lie."""
    start = info.header_offset
    try:
        name_length, extra_length = struct.unpack_from("<HH", data, start + 26)
    except struct.error as error:
        raise UnreadableFile("文件已损坏，打不开，请在表格软件里另存一份再上传。") from error
    begin = start + 30 + name_length + extra_length
    packed = memoryview(data)[begin : begin + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & 1:
        raise UnreadableFile("文件加了密码或用了少见的压缩方式，请去掉密码、另存一份再上传。")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        chunk = unpacker.decompress(packed, CHUNK)
        while chunk:
            yield chunk
            chunk = unpacker.decompress(unpacker.unconsumed_tail, CHUNK)
    except zlib.error as error:
        raise UnreadableFile("文件已损坏，打不开，请在表格软件里另存一份再上传。") from error


_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,9})"')
_WIDE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{2,4})\d')
_FAULT = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]+\d+)"[^>]*>(?:(?!</(?:\w+:)?c>).)*?'
    rb"<(?:\w+:)?v>([^<]*)",
    re.DOTALL,
)
_EMPTY_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b(?![^>]*\bt="str")[^>]*?\br="([A-Z]+\d+)"[^>]*><(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,9})"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b(?=[^>]*\bhidden="(?:1|true)")([^>]*)')
_SPAN = re.compile(rb'\b(min|max)="(\d{1,5})"')
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+\d+)"[^>]*><(?:\w+:)?f\b')
MOST_COLUMNS = 16_384
# Where none of these stands, no cell holds anything: empty cells with a border are skipped unread.
_CONTENT = (b"<v", b"<f", b"<is", b":v", b":f", b":is")
# Only cells that hold something; styled empty cells make the phantom rows that readers skip.
_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,4})(\d{1,9})"[^>]*[^/]>')


class _Scanner:
    """Finds the extent and the error cells of a sheet in chunks of XML."""

    def __init__(self) -> None:
        self._scan = SheetScan()
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        text = self._rest + chunk
        cut = text.rfind(b"<row") if b"<row" in text[1:] else 0
        if cut <= 0 and len(text) < 8 * MEGABYTE:
            self._rest = text
            return
        cut = cut if cut > 0 else len(text)
        self._look(text[:cut])
        self._rest = text[cut:]

    def result(self) -> SheetScan:
        self._look(self._rest)
        self._rest = b""
        return self._scan

    def _look(self, text: bytes) -> None:
        scan = self._scan
        if b"hidden=" in text:
            scan.hidden_rows += [int(number) for number in _HIDDEN_ROW.findall(text)]
            scan.hidden_columns += [
                n for found in _HIDDEN_COLUMN.findall(text) for n in _span(found)
            ]
        if not any(mark in text for mark in _CONTENT):
            return
        rows = [int(match) for match in _ROW.findall(text)]
        scan.rows = max([scan.rows, *rows])
        wide = {column_index(match.decode()) + 1 for match in set(_WIDE.findall(text))}
        scan.columns = max([scan.columns, *wide, 26])
        if b't="e"' in text:
            scan.errors.update({r.decode(): v.decode() for r, v in _FAULT.findall(text)})
        if b"<f" in text or b":f" in text:
            scan.errors.update({r.decode(): "" for r in _EMPTY_FORMULA.findall(text)})
            formulas = _FORMULA.findall(text)
            scan.formulas += len(formulas)
            scan.first_formula = scan.first_formula or (formulas[0].decode() if formulas else "")


def _span(attributes: bytes) -> range:
    """The columns, from 0, that a `col` element speaks of."""
    ends = {name: int(number) for name, number in _SPAN.findall(attributes)}
    return range(ends.get(b"min", 1) - 1, min(ends.get(b"max", 0), MOST_COLUMNS))


def _refuse_far_cell(data: bytes, info: zipfile.ZipInfo, scan: SheetScan, limits: Limits) -> None:
    """Refuse a sheet whose filled cells reach too far; the cheap bound spares the close look."""
    if scan.rows * scan.columns <= limits.cells:
        return
    rows = columns = 0
    for match in _FILLED.finditer(b"".join(_inflate(data, info))):
        columns = max(columns, column_index(match[1].decode()) + 1)
        rows = max(rows, int(match[2]))
    if rows * columns > limits.cells:
        raise UnreadableFile(
            f"有一张工作表从 A1 一直用到第 {rows} 行、第 {columns} 列，超过上限 "
            f"{limits.cells} 格；请删去远处多余的内容，或分成几个文件上传。"
        )
