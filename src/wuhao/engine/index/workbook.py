"""results.xlsx of an index: every step in one sheet, what it means in another (口径说明)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from wuhao.engine import wording
from wuhao.engine.index.model import ROOT, Index, Step
from wuhao.engine.index.reasons import REASONS

VERBS = {
    "value": "数值",
    "denominate": "折算",
    "impute": "填补",
    "treat": "极端值处理",
    "normalise": "标准化",
    "weights": "赋权",
    "aggregate": "合成",
    "score": "得分",
}


@dataclass(frozen=True)
class _Shown:
    """A column of the sheet: heading, column of the results, decimals of a number."""

    heading: str
    name: str
    digits: int | None = None


def write_workbook(path: Path, index: Index, results: pa.Table, record: dict[str, Any]) -> None:
    """Write the workbook."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False})
    try:
        _results(book, _columns(index, results), results)
        sheet = book.add_worksheet("口径说明")
        sheet.set_column(0, 6, 30)
        for row, cells in enumerate(_meaning(index, record)):
            for at, cell in enumerate(cells):
                sheet.write_string(row, at, cell)
    finally:
        book.close()


def _columns(index: Index, results: pa.Table) -> list[_Shown]:
    """Return the columns as people want them: rank and total first, then levels, then the trace."""
    first = ["subject", "rank", ROOT, f"{ROOT}_note"]
    branches = [f"{b.code}__score" for b in index.root.below() if b.code != ROOT]
    ahead = [*first, *branches, *(f"{name}_note" for name in branches)]
    rest = [name for name in results.column_names if name not in ahead]
    return [_Shown(heading(index, name), name, _digits(index, name)) for name in [*ahead, *rest]]


def heading(index: Index, name: str) -> str:
    """Return a column of the results in words."""
    known = {"subject": index.subject_label or "主体代码", "rank": "名次", ROOT: index.root.label}
    known |= {code: attribute.label for code, attribute in index.attributes.items()}
    base = name.removesuffix("_note") if name not in known else name
    tail = "说明" if base != name else ""
    if base in known:
        return known[base] + tail
    code, _, key = base.partition("__")
    verb, _, count = key.partition("_")
    fact = index.facts.get(code)
    label = fact.label if fact is not None else index.branch(code).label
    unit = f"（{fact.unit}）" if fact is not None and key == "value" and not tail else ""
    return f"{label}{unit}·{VERBS[verb]}{count}{tail}"


def _digits(index: Index, name: str) -> int | None:
    if name == ROOT or name.endswith("__score"):
        return index.digits["score"]
    code, _, key = name.partition("__")
    if not key or name.endswith("_note") or code not in index.facts:
        return None
    return index.places(code, key)


def _results(book: Any, columns: list[_Shown], results: pa.Table) -> None:
    sheet = book.add_worksheet("指数结果")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 20 if at == 0 else 14)
        sheet.write_string(0, at, column.heading, bold)
    cells = [results.column(column.name).to_pylist() for column in columns]
    for row, values in enumerate(zip(*cells, strict=True), start=1):
        for at, (column, value) in enumerate(zip(columns, values, strict=True)):
            if isinstance(value, str):
                sheet.write_string(
                    row, at, REASONS[value] if column.name.endswith("_note") else value
                )
            elif value is not None:  # a spreadsheet holds binary numbers: results.parquet is exact
                sheet.write_number(row, at, value / 10 ** (column.digits or 0))


def _meaning(index: Index, record: dict[str, Any]) -> Iterator[list[str]]:
    yield ["指数", index.label, index.code]
    yield ["文件", str(index.doc.get("title") or ""), str(index.doc.get("no") or "无文号")]
    yield ["计算类别", "F（40 位十进制小数，末尾一次取整）"]
    yield ["说明", "表中数字未再取整；精确值以 results.parquet 为准。"]
    yield []
    yield ["步骤", "方法", "参数", "对象", "依据"]
    for step in index.steps:
        yield _step(index, step)
    yield []
    yield ["指标", "单位", "方向"]
    for item in index.items.values():
        yield [item.label, item.unit, "越小越好" if item.down else "越大越好"]
    yield []
    yield ["层级", "权重"]
    digits = index.digits["weight"]
    for branch in index.root.below():
        shares = (
            f"{_label(index, p)} {record['weights'][p] / 10**digits:.6g}" for p in branch.parts
        )
        yield [branch.label, "；".join(shares)]
    yield []
    for name in ("index_digest", "facts_digest", "result_digest"):
        yield [name, record[name]]
    for note in record["notes"]:
        yield ["注意", note]


def _label(index: Index, code: str) -> str:
    return index.items[code].label if code in index.items else index.branch(code).label


def _step(index: Index, step: Step) -> list[str]:
    params = "；".join(f"{name} {_plain(value)}" for name, value in step.params.items())
    over = "、".join(_label(index, code) for code in step.codes)
    basis = wording.basis_text(step.basis)
    return [VERBS[step.verb], step.method, params, over or "各层级", basis]


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    return "无" if value is None else str(value)
