"""results.xlsx: raw numbers in one sheet, what they mean in another (口径说明)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from wuhao.engine import wording
from wuhao.engine.findings import EngineError
from wuhao.engine.model import Indicator, Part, PointLimit, Points, Scheme
from wuhao.engine.scheme_words import kind_text

ROW_LIMIT = 1_048_575


@dataclass(frozen=True)
class _Column:
    """A column of the sheet: heading, column of the results, how a cell is shown, decimals."""

    heading: str
    name: str
    show: Callable[[Any], Any]
    places: int | None = None


def write_workbook(path: Path, scheme: Scheme, results: pa.Table, record: dict[str, Any]) -> None:
    """Write the workbook. Raises EngineError when there are more rows than a sheet can hold."""
    if results.num_rows > ROW_LIMIT:
        raise EngineError(f"结果有 {results.num_rows} 行，超过一张工作表的 {ROW_LIMIT} 行。")
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False})
    try:
        _results(book, scheme, results)
        _meaning(book, scheme, record)
    finally:
        book.close()


def _columns(scheme: Scheme) -> list[_Column]:
    groups = {group.code: group.label for group in scheme.groups}
    score = scheme.digits["score"]
    no_total = "不定等级原因" if scheme.grades else "没有总分原因"
    made = [
        _Column(scheme.subject_label or "主体代码", "subject", str),
        _Column("组别", "group", lambda code: groups.get(code, "")),
        *_grade_columns(scheme),
        _Column("总分", "total", _number(score), score),
        _Column("名次", "rank", _same),
        _Column("同组户数", "group_size", _same),
        _Column("不参评原因", "excluded", lambda code: wording.excluded_text(scheme, code)),
        _Column(no_total, "ungraded", lambda code: wording.ungraded_text(scheme, code)),
        _Column("调整规则", "adjustments", lambda codes: _rules(scheme, codes)),
    ]
    if scheme.exempts():
        made.append(_Column("免评类别", "exemption", lambda c: wording.EXEMPTIONS.get(c, "")))
        made.append(_Column("计为", "counts_as", _text))
    made += _unit_columns(scheme)
    for item in scheme.indicators.values():
        made += _item_columns(scheme, item)
    for branch in scheme.branches():
        made.append(_Column(branch.label, f"{branch.code}__score", _number(score), score))
    for line in scheme.point_lines():
        if isinstance(line, Points) and line.factor:
            places = scheme.digits["ratio"]
            factor = _Column(f"{line.label}系数", f"{line.code}__factor", _number(places), places)
            made.append(factor)
        made.append(_Column(line.label, f"{line.code}__points", _number(score), score))
    if scheme.points:
        made.append(_Column("加减分前总分", "base_total", _number(score), score))
    return [*made, _Column("提示", "flag", lambda flag: "接近档次界限" if flag else "")]


def _grade_columns(scheme: Scheme) -> list[_Column]:
    """Nothing where the scheme gives no grades: empty cells would be read as a verdict."""
    if scheme.grades is None:
        return []
    return [_Column("等级", "grade", _text), _Column("调整前等级", "original_grade", _text)]


def _unit_columns(scheme: Scheme) -> list[_Column]:
    rules, made = wording.units_of(scheme), []
    words = [("unit", "评价单元")] if rules else []
    words += [("joint", "合并评价单元")] if any(rule.separately for rule in rules) else []
    score = scheme.digits["score"]
    for name, word in words:
        grade = [_Column(f"{word}等级", f"{name}_grade", _text)] if scheme.grades else []
        made += [
            _Column(word, name, _text),
            *grade,
            _Column(f"{word}总分", f"{name}_total", _number(score), score),
            _Column(f"{word}名次", f"{name}_rank", _same),
            _Column(f"{word}成员", f"{name}_members", _text),
        ]
    return made


def _item_columns(scheme: Scheme, item: Indicator) -> list[_Column]:
    digits = scheme.digits
    made = [
        _Column(
            f"{item.label}（{item.unit}）",
            f"{item.code}__value",
            _number(digits["value"]),
            digits["value"],
        )
    ]
    if any(way.benchmark.name != "none" for way in scheme.ways(item.code)):
        places = digits["benchmark"]
        name = f"{item.code}__benchmark"
        made.append(_Column(f"{item.label}基准值", name, _number(places), places))
    places = digits["score"]
    made.append(_Column(f"{item.label}得分", f"{item.code}__score", _number(places), places))
    # What is done about an absent value may hang on the group: the sheet of meanings says it.
    same = all(way.absent == item.absent for way in scheme.ways(item.code))
    tell = (lambda n: wording.note_text(item, n)) if same else wording.bare_note
    note = _Column(f"{item.label}说明", f"{item.code}__note", tell)
    return [*made, note]


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    return value or ""


def _number(digits: int) -> Callable[[Any], Any]:
    """A spreadsheet holds binary numbers: the exact ones are in results.parquet."""
    return lambda quanta: None if quanta is None else quanta / 10**digits


def _rules(scheme: Scheme, codes: str | None) -> str:
    labels = {rule.code: wording.adjustment_text(rule) for rule in scheme.adjustments}
    return "；".join(labels[code] for code in codes.split(",")) if codes else ""


def _results(book: Any, scheme: Scheme, results: pa.Table) -> None:
    sheet = book.add_worksheet("评价结果")
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    columns = _columns(scheme)
    formats = {
        places: book.add_format({"num_format": "0." + "0" * places if places else "0"})
        for places in {c.places for c in columns if c.places is not None}
    }
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 20 if at == 0 else 14)
        sheet.write_string(0, at, column.heading, bold)
    cells = [results.column(column.name).to_pylist() for column in columns]
    for row, values in enumerate(zip(*cells, strict=True), start=1):
        for at, (column, value) in enumerate(zip(columns, values, strict=True)):
            shown = column.show(value)
            if isinstance(shown, str):
                if shown:
                    sheet.write_string(row, at, shown)
            elif shown is not None:
                style = formats.get(column.places) if column.places is not None else None
                sheet.write_number(row, at, shown, style)


def _meaning(book: Any, scheme: Scheme, record: dict[str, Any]) -> None:
    sheet = book.add_worksheet("口径说明")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 6, 30)
    for row, cells in enumerate(_lines(scheme, record)):
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell)


def _lines(scheme: Scheme, record: dict[str, Any]) -> Iterator[list[str]]:
    yield ["方案", scheme.label, scheme.code]
    yield ["文件", str(scheme.doc.get("title") or ""), str(scheme.doc.get("no") or "无文号")]
    yield ["文件状态", wording.STATUSES.get(str(scheme.doc.get("status")), "")]
    yield [
        "计算类别",
        "E（整数，逐位相同）" if record["class"] == "E" else "F（含对数或非线性平均）",
    ]
    yield ["说明", "表中数字未再取整；精确值以 results.parquet 为准。"]
    yield []
    yield ["指标", "算式", "单位", "基准值", "计分", "无值时", "依据"]
    labels = _labels(scheme)
    yield from (_item_line(item.label, item, labels) for item in scheme.indicators.values())
    for group in scheme.groups:
        for own in group.items.values():
            yield _item_line(f"{own.label}（{group.label}）", own, labels)
    yield []
    for group in scheme.groups:
        yield [f"权重：{group.label}", "；".join(_weights(group.root))]
    yield from _grading(scheme)
    yield []
    for name in ("scheme_digest", "facts_digest", "result_digest"):
        yield [name, record[name]]
    for note in record["notes"]:
        yield ["注意", note]


def _labels(scheme: Scheme) -> dict[str, str]:
    """Return the labels of groups by code, as a parameter by group names them."""
    return {group.code: group.label for group in scheme.groups}


def _item_line(label: str, item: Indicator, labels: Mapping[str, str]) -> list[str]:
    absent = "；".join(
        f"{wording.NOTES[lack]}：{wording.TREATMENTS[how]}" for lack, how in item.absent.items()
    )
    benchmark = "" if item.benchmark.name == "none" else kind_text(item.benchmark, labels)
    if own := wording.benchmark_basis_text(item):
        benchmark += f"（{own}）"
    score, basis = kind_text(item.score, labels), wording.basis_text(item.basis)
    return [label, wording.formula_text(item), item.unit, benchmark, score, absent, basis]


def _weights(part: Part) -> Iterator[str]:
    for inner in part.parts:
        yield f"{inner.label} {float(inner.weight):g}"
        if inner.parts:
            yield f"（其中 {'，'.join(_weights(inner))}）"


def _hangs_on(line: Points | PointLimit) -> str:
    """Return of what the points of a line depend."""
    if isinstance(line, PointLimit):
        return "、".join(line.lines)
    return "；".join(text for text in (line.events and line.events.text, line.text) if text)


def _grading(scheme: Scheme) -> Iterator[list[str]]:
    own = [(f"定级：{group.label}", group.grades) for group in scheme.groups]
    for heading, grades in (("定级", scheme.grades), *own):
        if grades is not None:
            shown, basis = kind_text(grades.kind, _labels(scheme)), wording.basis_text(grades.basis)
            yield [heading, "、".join(grades.order), shown, basis]
    for unit in wording.units_of(scheme):
        yield ["评价单元", wording.unit_text(unit), unit.text, wording.basis_text(unit.basis)]
    for rule in scheme.exclusions:
        label = rule.label + wording.exemption_text(rule)
        yield ["不参评", label, rule.text, wording.basis_text(rule.basis)]
    for line in scheme.point_lines():
        yield ["加减分", wording.points_text(line), _hangs_on(line), wording.basis_text(line.basis)]
    for change in scheme.adjustments:
        basis = wording.basis_text(change.basis)
        yield ["调整", wording.adjustment_text(change), change.text, basis]
