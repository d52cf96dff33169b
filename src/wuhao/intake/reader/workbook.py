"""Read a workbook: the one door of the reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wuhao.intake.reader.layout import find_tables
from wuhao.intake.reader.limits import DEFAULT, Limits
from wuhao.intake.reader.load import load
from wuhao.intake.reader.model import UnreadableFile, Workbook


def read_workbook(
    source: Path | bytes,
    name: str = "",
    known: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
) -> Workbook:
    """Read a file into sheets and tables.

    `known` are headings that the caller expects, as `words.bare_heading` gives them; they find
    the heading row where the look of the sheet leaves doubt. Raises UnreadableFile.
    """
    data = source if isinstance(source, bytes) else _bytes(source, limits)
    name = name or (source.name if isinstance(source, Path) else "")
    sheets = load(data, name, limits)
    return Workbook(name, [replace(sheet, tables=find_tables(sheet, known)) for sheet in sheets])


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes + 1)
    except OSError as error:
        raise UnreadableFile(f"读不到文件“{path.name}”：{error.strerror}。") from error
