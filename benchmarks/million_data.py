"""The scheme and the facts of the benchmark: enterprises in two groups, 12 indicators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

ITEMS = 12
DENOMINATORS = ("land", "energy", "staff", "revenue")
WEIGHTS = {
    "above": [20, 12, 10, 10, 8, 8, 8, 6, 6, 5, 4, 3],
    "below": [30, 10, 8, 8, 8, 8, 8, 6, 5, 4, 3, 2],
}
AVERAGED = (5, 9)  # items whose absence is filled with the group's average score


def items() -> list[tuple[str, str, str]]:
    """Return (item, numerator fact, denominator fact)."""
    return [(f"item{i:02d}", f"n{i:02d}", DENOMINATORS[i % 4]) for i in range(1, ITEMS + 1)]


def scheme_content() -> dict[str, Any]:
    """The scheme of the benchmark."""
    codes = [f"n{i:02d}" for i in range(1, ITEMS + 1)] + list(DENOMINATORS)
    return {
        "scheme": "million",
        "label": "百万户",
        "doc": {"title": "benchmark"},
        "effective": {"from": "2022-01-01", "to": None},
        "subject": {"column": "subject"},
        "digits": {"value": 6, "benchmark": 6, "ratio": 8, "score": 6},
        "facts": {code: {"unit": "1", "quantum": "0.01"} for code in codes},
        "attributes": {"scale": {}},
        "benchmark": {"kind": "total_over_total", "status": "default"},
        "item": {
            "score": {"kind": "ratio", "cap": "1.5", "floor": "0"},
            "absent": "zero",
            "status": "default",
        },
        "indicators": {
            name: {
                "numerator": num,
                "denominator": den,
                "unit": "1",
                "status": "default",
                **({"absent": "group_average"} if int(name[4:]) in AVERAGED else {}),
                **({"absent": "not_graded"} if name == "item01" else {}),
            }
            for name, num, den in items()
        },
        "groups": {
            group: {
                "when": f'scale == "{group}"',
                "weights": {f"item{i:02d}": w for i, w in enumerate(weights, start=1)},
                "status": "default",
            }
            for group, weights in WEIGHTS.items()
        },
        "tie_break": ["total", "item01", "item02", "subject"],
        "grades": {
            "kind": "shares",
            "order": ["A", "B", "C", "D"],
            "share": {"A": 20, "B": 55, "C": 20, "D": 5},
            "rounding": {"A": "floor", "B": "floor", "C": "rest", "D": "ceil"},
            "status": "default",
        },
    }


def make_data(folder: Path, rows: int) -> None:
    """Write scheme.yaml and facts.parquet (a snapshot: 2 % missing, 1 % confirmed zero)."""
    content = scheme_content()
    (folder / "scheme.yaml").write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    made = np.random.default_rng(20220628)
    scale = np.where(made.random(rows) < 0.7, "above", "below")
    columns: dict[str, Any] = {
        "subject": pa.array([f"91430200{i:010d}" for i in range(rows)]),
        "scale": pa.array(scale),
    }
    for code in content["facts"]:
        draw = made.random(rows)
        state = np.where(draw < 0.02, 2, np.where(draw < 0.03, 1, 0)).astype("int8")
        value = np.exp(made.normal(13, 1.2, rows)).astype("int64") + 1
        columns[code] = pa.array(value, mask=state != 0)
        columns[f"{code}__state"] = pa.array(state)
    quanta = json.dumps({"quanta": dict.fromkeys(content["facts"], "0.01")})
    table = pa.table(columns).replace_schema_metadata({b"wuhao": quanta.encode()})
    pq.write_table(table, folder / "facts.parquet", compression="zstd")
