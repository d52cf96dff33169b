"""Small tables and index files for tests."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from wuhao.engine.index.load import load_index
from wuhao.engine.index.model import Index
from wuhao.engine.index.table import Column, Table

SUBJECTS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"


def number(cell: Any) -> Decimal | None:
    """Return a cell of a test as a decimal."""
    return None if cell is None else Decimal(str(cell))


def table(groups: dict[str, Sequence[str | None]] | None = None, **columns: Any) -> Table:
    """Return a table of subjects 甲, 乙, 丙 … with these columns."""
    made = {code: Column.of(number(cell) for cell in cells) for code, cells in columns.items()}
    rows = max(len(column.values) for column in made.values())
    texts = {code: tuple(members) for code, members in (groups or {}).items()}
    return Table(tuple(SUBJECTS[at] for at in range(rows)), made, texts)


def values(found: Table, code: str = "x") -> list[Decimal | None]:
    """Return the numbers of a column."""
    return list(found.columns[code].values)


def notes(found: Table, code: str = "x") -> list[str | None]:
    """Return what stands beside them."""
    return list(found.columns[code].notes)


def content(**changes: Any) -> dict[str, Any]:
    """Return a small index: two indicators, one of which is better when less."""
    plain: dict[str, Any] = {
        "index": "example",
        "label": "示例指数",
        "doc": {"title": "示例"},
        "effective": {"from": "2024-01-01", "to": None},
        "subject": {"column": "code"},
        "digits": {"value": 6, "score": 6, "weight": 12},
        "attributes": {"region": {"label": "片区", "optional": "true"}},
        "facts": {"people": {"label": "人口", "unit": "人"}},
        "indicators": {
            "x": {"label": "产出", "unit": "万元", "direction": "up"},
            "y": {"label": "能耗", "unit": "吨", "direction": "down"},
        },
        "hierarchy": {"weights": {"x": 1, "y": 1}},
        "steps": [
            {"verb": "normalise", "method": "min_max", "status": "default"},
            {"verb": "aggregate", "method": "arithmetic", "status": "default"},
        ],
    }
    return plain | changes


def index(folder: Path, plain: dict[str, Any]) -> Index:
    """Write an index file and load it."""
    return load_index(written(folder, plain))


def written(folder: Path, plain: dict[str, Any]) -> Path:
    """Write an index file."""
    path = folder / "index.yaml"
    path.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path
