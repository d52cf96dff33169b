"""Small facts and schemes for tests of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from wuhao.engine.facts import Facts, State
from wuhao.engine.model import Scheme
from wuhao.engine.scheme import load_scheme

ABSENT = {None: State.MISSING, "n/a": State.NOT_APPLICABLE, "zero": State.ZERO}


def facts(scheme: Scheme, rows: Sequence[Mapping[str, Any]]) -> Facts:
    """Facts from rows of quanta; None is missing, "zero" a confirmed zero, "n/a" not applicable.

    A fact that a row does not name is missing.
    """
    columns: dict[str, Any] = {"subject": pa.array([row["subject"] for row in rows], pa.string())}
    for code in scheme.attributes:
        columns[code] = pa.array([row.get(code) for row in rows], pa.string())
    for code in scheme.facts:
        cells = [row.get(code) for row in rows]
        states = [ABSENT.get(cell, State.VALUE) for cell in cells]
        values = [None if cell in ABSENT else cell for cell in cells]
        columns[code] = pa.array(values, pa.int64())
        columns[f"{code}__state"] = pa.array([int(state) for state in states], pa.int8())
    return Facts(pa.table(columns), scheme.quanta())


def scheme(folder: Path, content: Mapping[str, Any]) -> Scheme:
    """A scheme from plain content."""
    path = folder / "scheme.yaml"
    path.write_text(yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False), "utf-8")
    return load_scheme(path)


def one_item(**changes: Any) -> dict[str, Any]:
    """The content of the smallest scheme with shares: one indicator against a fixed benchmark."""
    content: dict[str, Any] = {
        "scheme": "small",
        "label": "小方案",
        "doc": {"title": "试验"},
        "effective": {"from": "2022-01-01", "to": None},
        "subject": {"column": "code"},
        "digits": {"value": 6, "benchmark": 6, "ratio": 8, "score": 6},
        "facts": {
            "tax_yuan": {"unit": "yuan", "quantum": "0.01"},
            "land_m2": {"unit": "m2", "quantum": "0.01"},
            "vetoed": {"unit": "1", "quantum": "1", "optional": True},
            "capped": {"unit": "1", "quantum": "1", "optional": True},
            "lifted": {"unit": "1", "quantum": "1", "optional": True},
        },
        "indicators": {
            "tax": {
                "numerator": "tax_yuan",
                "denominator": "land_m2",
                "unit": "元/㎡",
                "benchmark": {"kind": "fixed", "value": "10"},
                "score": {"kind": "ratio", "cap": "1.5"},
                "absent": "not_graded",
                "status": "default",
            }
        },
        "groups": {"all": {"weights": {"tax": 100}, "status": "default"}},
        "adjustments": [
            {"id": "veto", "kind": "veto", "when": "vetoed == 1", "to": "D", "status": "default"},
            {"id": "cap", "kind": "cap", "when": "capped == 1", "to": "C", "status": "default"},
            {"id": "lift", "kind": "lift", "when": "lifted == 1", "to": "B", "status": "default"},
        ],
        "tie_break": ["total", "tax", "subject"],
        "grades": {
            "kind": "shares",
            "order": ["A", "B", "C", "D"],
            "share": {"A": 20, "B": 55, "C": 20, "D": 5},
            "rounding": {"A": "floor", "B": "floor", "C": "rest", "D": "ceil"},
            "status": "default",
        },
    }
    return {**content, **changes}
