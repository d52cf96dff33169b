"""Runs the cells of contracts.yaml: one evaluation for a method, each cell a group of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.engine.build import facts, scheme
from tests.paths import ROOT
from wuhao.engine.evaluate import evaluate
from wuhao.engine.facts_read import read_facts

CASES = ("zero", "negative", "missing", "constant", "tied", "infinite", "empty", "one")
CONTRACTS = yaml.safe_load((ROOT / "tests/engine/contracts.yaml").read_text(encoding="utf-8"))
METHODS: dict[str, dict[str, Any]] = CONTRACTS["methods"]
INPUTS = {"x": "元", "by": "㎡", "last": "元", "a": "1", "b": "1",
          "m1": "1", "m2": "1", "m3": "1", "m4": "1"}  # fmt: skip
ORDINARY = {"by": 1}
DIGITS = {"value": 6, "benchmark": 6, "ratio": 6, "score": 6}
Cell = dict[str, Any]
Rows = list[dict[str, Any]]


def content(name: str, cases: tuple[str, ...]) -> dict[str, Any]:
    """The scheme of a method; what the method does not say is ordinary."""
    groups = {case: {"when": f'cell == "{case}"', **rule(name)} for case in cases}
    every = {
        "item": {"score": {"kind": "ratio", "cap": "1.5"}, "absent": "zero", "status": "default"},
        "benchmark": {"kind": "mean_of_values", "status": "default"},
        "indicators": indicators(name),
        "groups": groups,
        "tie_break": ["total", next(iter(indicators(name))), "subject"],
    }
    return {
        "scheme": "degenerate",
        "label": "退化数据",
        "doc": {"title": "退化数据"},
        "effective": {"from": "2022-01-01", "to": None},
        "subject": {"column": "code"},
        "digits": DIGITS,
        "facts": {code: {"unit": unit, "quantum": "1"} for code, unit in INPUTS.items()},
        "attributes": {"cell": {}},
        **every,
        **graded(name),
    }


def indicators(name: str) -> dict[str, Any]:
    """The items of a method: x over by; beside it b; for means a and b."""
    call, kind = METHODS[name].get("call", {}), name.partition(".")[0]
    based = {"status": "default"}
    post = {"score": {"kind": "goalposts", "low": 0, "high": 10}, "unit": "1", **based}
    if kind == "aggregate":
        return {code: {"numerator": code, **post} for code in "ab"}
    item = {"numerator": "x", "denominator": "by", "unit": "元/㎡", **based}
    if "marks" in call.get("score", {}):
        item = {"unit": "1", **based}
    if kind == "grading":
        item |= {"score": {"kind": "goalposts", "low": 0, "high": 100}, "absent": "not_graded"}
        return {"x": item}
    if kind == "absent":
        return {"x": {**item, **call}, "b": {"numerator": "b", **post}}
    item = {**item, **call}
    return {"x": {key: part for key, part in item.items() if part is not None}}


def rule(name: str) -> dict[str, Any]:
    """Weights and mean of every group."""
    call, kind = METHODS[name].get("call", {}), name.partition(".")[0]
    weights = {"aggregate": {"a": 60, "b": 40}, "absent": {"x": 60, "b": 40}}.get(kind, {"x": 100})
    return {"weights": weights, "status": "default", **(call if kind == "aggregate" else {})}


def graded(name: str) -> dict[str, Any]:
    if not name.startswith("grading."):
        return {}
    return {"grades": {"order": ["A", "B", "C"], "status": "default", **METHODS[name]["call"]}}


def rows(case: str, cell: Cell) -> Rows:
    """A row for every subject of a cell."""
    given = {name: cell[name] for name in INPUTS if name in cell}
    size = len(next(iter(given.values())))
    made = []
    for at in range(size):
        row = {**dict.fromkeys(INPUTS), **ORDINARY, "cell": case, "subject": f"{case}{at}"}
        made.append({**row, **{name: column[at] for name, column in given.items()}})
    return made


def shown(name: str, row: Mapping[str, Any]) -> Any:
    """What a method shows of a subject."""
    kind = name.partition(".")[0]
    if kind == "grading":
        return row["grade"]
    column, digits = {"score": ("x__score", 6), "benchmark": ("x__benchmark", 6)}.get(
        kind, ("total", 6)
    )
    return None if row[column] is None else Decimal(row[column]).scaleb(-digits)


def why(name: str, row: Mapping[str, Any]) -> str | None:
    """The word that goes with it: the note of the item, or why there is no total."""
    if name.startswith(("aggregate.", "grading.")):
        return row["ungraded"].partition(":")[0] if row["ungraded"] else None
    note: str | None = row["x__note"]
    return note


def run(name: str, cells: Mapping[str, Cell]) -> dict[str, Rows]:
    """The results of some cells of a method, subject by subject."""
    made = [row for case, cell in cells.items() for row in rows(case, cell)]
    with TemporaryDirectory() as folder:
        built = scheme(Path(folder), content(name, tuple(cells)))
    found = evaluate(built, facts(built, made), threads=2).results.to_pylist()
    return {case: [row for row in found if row["group"] == case] for case in cells}


@cache
def results(name: str) -> dict[str, Rows]:
    """The results of every cell that is not refused."""
    cells = METHODS[name]["cells"]
    return run(name, {case: cell for case, cell in cells.items() if "refused" not in cell})


def read(name: str, cell: Cell) -> None:
    """Read the facts of a cell from a file, as a user gives them."""
    with TemporaryDirectory() as folder:
        built = scheme(Path(folder), content(name, ("infinite",)))
        table = rows("infinite", cell)
        head = ["code", "cell", *INPUTS]
        lines = [[row["subject"], "infinite", *(row[c] for c in INPUTS)] for row in table]
        text = [",".join("" if cell is None else str(cell) for cell in line) for line in lines]
        path = Path(folder) / "facts.csv"
        path.write_text("\n".join([",".join(head), *text]), encoding="utf-8")
        read_facts(path, built)
