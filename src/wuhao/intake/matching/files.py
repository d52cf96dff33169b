"""Tables of names and of a register in, a table of answers out."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from wuhao.engine.findings import nearest
from wuhao.intake.matching.match import Answer, Record
from wuhao.intake.reader.limits import DEFAULT
from wuhao.intake.reader.load import load
from wuhao.intake.reader.model import UnreadableFile
from wuhao.intake.reader.words import blank, shown

PARTED = "；"
"""Between former names, and between reasons."""
NAMES = ("name", "code")
REGISTER = ("key", "name", "code", "former_names")


def read_names(path: Path) -> list[tuple[str, str]]:
    """Names with their codes, as `name` and `code` give them. Raises UnreadableFile."""
    return [(row["name"], row.get("code", "")) for row in _rows(path, NAMES, ("name",))]


def read_register(path: Path) -> list[Record]:
    """Records of a register; every key once. Raises UnreadableFile."""
    records = [
        Record(row["key"], row["name"], row.get("code", ""), _parts(row.get("former_names", "")))
        for row in _rows(path, REGISTER, ("key", "name"))
    ]
    seen: dict[str, int] = {}
    for at, record in enumerate(records, start=2):
        if not record.key:
            raise UnreadableFile(f"“{path.name}”第 {at} 行没有 key，请补填。")
        if record.key in seen:
            first = seen[record.key]
            raise UnreadableFile(
                f"“{path.name}”第 {at} 行的 key“{record.key}”与第 {first} 行重复，请改其中一个。"
            )
        seen[record.key] = at
    return records


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for word in text.replace(";", PARTED).split(PARTED) if (part := word.strip()))


def _rows(path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterable[dict[str, str]]:
    """The rows of a table whose first row names its columns."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"读不到文件“{path.name}”：{error.strerror}。") from error
    cells = load(data, path.name, DEFAULT)[0].cells
    heading = [shown(value).lower() for value in cells[0]] if cells else []
    places = {name: heading.index(name) for name in columns if name in heading}
    for name in needed:
        if name not in places:
            hint = nearest(name, [word for word in heading if word])
            raise UnreadableFile(f"“{path.name}”第 1 行里没有“{name}”这一列{hint}")
    return [
        {name: shown(row[at]) for name, at in places.items()}
        for row in cells[1:]
        if not all(blank(value) for value in row)
    ]


def write_answers(path: Path, asked: Sequence[tuple[str, str]], answers: Sequence[Answer]) -> None:
    """A row for every name, in the same order."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "key", "certainty", "reasons"])
        for (name, _code), answer in zip(asked, answers, strict=True):
            writer.writerow([name, answer.key, answer.certainty, PARTED.join(answer.reasons)])
