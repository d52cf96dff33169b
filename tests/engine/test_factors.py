"""Factors of a total, limits over several lines, floors, and lifts by a number of grades."""

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.agreement import assert_refused
from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import CONTENT, population, scales
from wuhao.engine.cases import load_cases, run_cases
from wuhao.engine.digest import table_digest
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.outcome import Outcome
from wuhao.engine.versions import differences
from wuhao.engine.workbook import write_workbook

SECTOR = {
    "id": "sector", "kind": "factor", "label": "行业系数", "by": "sector",
    "table": {"C39": "1.2", "C26": "0.8"}, "article": "第七条",
}  # fmt: skip
LARGE = {
    "id": "large",
    "kind": "factor",
    "times": "1.05",
    "when": "lifted > 1",
    "status": "default",
}
BONUS = {"id": "bonus", "kind": "bonus", "each": 4, "events": "lifted", "status": "default"}
OTHER = {"id": "other", "kind": "bonus", "each": 3, "events": "vetoed", "status": "default"}
FINE = {"id": "fine", "kind": "deduction", "each": 20, "events": "capped", "status": "default"}
BOTH = {
    "id": "both",
    "label": "加分合计",
    "lines": ["bonus", "other"],
    "at_most": 10,
    "article": "九",
}
UNIT = 10**6


def content(lines: list[dict[str, Any]], *limits: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = one_item(attributes={"sector": {}}, points=lines, adjustments=[], **more)
    return {**made, "point_limits": list(limits)} if limits else made


def outcome(folder: Path, rows: list[dict[str, Any]], made: dict[str, Any]) -> Outcome:
    built = scheme(folder, made)
    return evaluate(built, facts(built, rows), threads=1)


def one(folder: Path, made: dict[str, Any], **cells: Any) -> dict[str, Any]:
    """A subject with 50 points before the lines."""
    found = outcome(folder, [{"subject": "S", "tax_yuan": 500, "land_m2": 100, **cells}], made)
    row = found.row("S")
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("sector", "factor", "points"),
    [("C39", 12, 10), ("C26", 8, -10), ("D44", 10, 0), (None, 10, 0), ("c39", 10, 0)],
)
def test_a_table_gives_every_value_its_factor(
    tmp_path: Path, sector: str | None, factor: int, points: int
) -> None:
    row = one(tmp_path, content([SECTOR]), sector=sector)
    assert (row["sector__factor"], row["sector__points"]) == (factor * 10**7, points * UNIT)
    assert (row["base_total"], row["total"]) == (50 * UNIT, (50 + points) * UNIT)


def test_what_the_table_does_not_name_may_have_a_factor(tmp_path: Path) -> None:
    row = one(tmp_path, content([{**SECTOR, "otherwise": "0.9"}]), sector="D44")
    assert (row["sector__points"], row["total"]) == (-5 * UNIT, 45 * UNIT)


@pytest.mark.parametrize(
    ("lines", "changes"),
    [([BONUS, SECTOR], [8, "11.6"]), ([SECTOR, BONUS], [10, 8]), ([SECTOR, LARGE], [10, 3])],
)
def test_a_factor_multiplies_what_stands_before_it(
    tmp_path: Path, lines: list[dict[str, Any]], changes: list[Any]
) -> None:
    row = one(tmp_path, content(lines), sector="C39", lifted=2)
    found = [row[f"{line['id']}__points"] for line in lines]
    assert found == [int(float(change) * UNIT) for change in changes]
    assert row["total"] == row["base_total"] + sum(found)


def test_a_product_is_rounded_once_half_up_away_from_zero(tmp_path: Path) -> None:
    third = {**LARGE, "times": "1.00000001", "when": "land_m2 > 0"}
    assert one(tmp_path, content([third]))["large__points"] == 1  # of a half
    fine = {**FINE, "each": 100, "when": "land_m2 > 0"}
    row = one(tmp_path, content([fine, third]), capped=1)
    assert (row["total"], row["large__points"]) == (-50 * UNIT - 1, -1)


def test_without_a_total_there_is_nothing_to_multiply(tmp_path: Path) -> None:
    row = one(tmp_path, content([BONUS, SECTOR]), sector="C39", land_m2=None, lifted=1)
    assert [row[n] for n in ("bonus__points", "sector__factor", "sector__points", "total")] == [
        4 * UNIT, 12 * 10**7, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lifted", "vetoed", "cut"), [(1, 2, 0), (2, 1, -1), (0, 9, -17), (None, None, 0)]
)
def test_a_limit_takes_back_what_its_lines_give_beyond_it(
    tmp_path: Path, lifted: Any, vetoed: Any, cut: int
) -> None:
    row = one(tmp_path, content([BONUS, OTHER], BOTH), lifted=lifted, vetoed=vetoed)
    assert row["both__points"] == cut * UNIT
    assert row["total"] == min(60, 50 + 4 * (lifted or 0) + 3 * (vetoed or 0)) * UNIT


def test_a_limit_of_deductions_gives_back(tmp_path: Path) -> None:
    more = {**FINE, "id": "more", "each": 2, "events": "vetoed"}
    made = content([FINE, more], {**BOTH, "lines": ["fine", "more"]})
    row = one(tmp_path, made, capped=1, vetoed=3)
    assert (row["both__points"], row["total"]) == (16 * UNIT, 40 * UNIT)


def test_a_limit_stands_after_the_last_of_its_lines(tmp_path: Path) -> None:
    """The factor behind it multiplies what is left; the one between multiplies all."""
    cells = {"sector": "C39", "lifted": 2, "vetoed": 2}
    after = one(tmp_path, content([BONUS, OTHER, SECTOR], BOTH), **cells)
    between = one(tmp_path, content([BONUS, SECTOR, OTHER], BOTH), **cells)
    assert (after["total"], between["total"]) == (72 * UNIT, int(71.6 * UNIT))


@pytest.mark.parametrize(("floor", "capped", "total"), [(0, 2, 10), (0, 3, 0), (30, 2, 30)])
def test_a_deduction_takes_no_total_below_its_floor(
    tmp_path: Path, floor: int, capped: int, total: int
) -> None:
    row = one(tmp_path, content([{**FINE, "floor": floor}]), capped=capped)
    assert (row["fine__points"], row["total"]) == ((total - 50) * UNIT, total * UNIT)


def test_a_total_already_below_the_floor_stays_where_it_is(tmp_path: Path) -> None:
    lines = [FINE, {**FINE, "id": "second", "floor": 20}]
    row = one(tmp_path, content(lines), capped=2)
    assert (row["second__points"], row["total"]) == (0, 10 * UNIT)


RANK = {
    "kind": "thresholds", "order": ["A", "B", "C", "D"],
    "at_least": {"A": 90, "B": 60, "C": 30}, "status": "default",
}  # fmt: skip
UP = {"id": "up", "kind": "lift", "up": 1, "when": "lifted == 1", "status": "default"}


@pytest.mark.parametrize(
    ("tax", "cells", "grades"),
    [
        (500, {"lifted": 1}, ("C", "B")),
        (950, {"lifted": 1}, ("A", "A")),
        (100, {"lifted": 1}, ("D", "C")),
        (100, {}, ("D", "D")),
        (100, {"lifted": 1, "vetoed": 1}, ("D", "B")),
        (500, {"lifted": 1, "vetoed": 1}, ("C", "B")),
        (100, {"lifted": 1, "capped": 1}, ("D", "B")),
        (700, {"lifted": 1, "capped": 2}, ("B", "C")),
    ],
)
def test_a_lift_by_one_grade_keeps_the_original_and_does_not_add_up(
    tmp_path: Path, tax: int, cells: dict[str, int], grades: tuple[str, str]
) -> None:
    rules = [
        UP,
        {"id": "to_b", "kind": "lift", "to": "B", "when": "vetoed == 1", "status": "default"},
        {"id": "up_two", "kind": "lift", "up": 2, "when": "capped == 1", "status": "default"},
        {"id": "cap", "kind": "cap", "to": "C", "when": "capped == 2", "status": "default"},
    ]
    made = {**content([BONUS], grades=RANK), "adjustments": rules}
    del made["points"]
    row = one(tmp_path, made, tax_yuan=tax, **cells)
    assert (row["original_grade"], row["grade"]) == grades


def test_a_lift_by_one_grade_is_explained(tmp_path: Path) -> None:
    made = {**content([BONUS], grades=RANK), "adjustments": [{**UP, "label": "上市公司"}]}
    found = outcome(tmp_path, [{"subject": "S", "tax_yuan": 5, "land_m2": 1, "lifted": 1}], made)
    row = found.row("S")
    assert row is not None
    assert explain(found.scheme, row).adjustments[0].text == "上市公司：提升 1 档"


@pytest.mark.parametrize("seed", range(6))
def test_lines_are_those_of_the_oracle(tmp_path: Path, seed: int) -> None:
    made, chance = copy.deepcopy(CONTENT), random.Random(seed)
    lines = [
        BONUS, {**SECTOR, "table": {"C33": "1.25", "C26": "0.333333"}, "otherwise": "0.9"},
        {**FINE, "floor": "-3.5"}, OTHER, LARGE,
        {**FINE, "id": "last", "each": "0.00001", "events": "lifted / 3 + capped"},
        {**LARGE, "id": "shrink", "times": "0.25", "when": 'scale == "above"', "floor": 40},
    ]  # fmt: skip
    chance.shuffle(lines)
    made["points"] = lines
    made["point_limits"] = [BOTH, {**BOTH, "id": "fines", "lines": ["last", "fine"], "at_most": 7}]
    made["adjustments"] = [*made["adjustments"], {**UP, "when": "lifted == 1 or vetoed == 1"}]
    rows = population(seed, 90, [3, 10**6, 10**11, 300, 10**4, 50][seed])
    for row in rows:
        row["lifted"] = chance.choice([0, 1, 2, 3, None, "zero", "n/a"])
    expected = None
    for threads in (1, 8):
        found = evaluate(*_built(tmp_path, made, rows), threads=threads)
        if expected is None:
            expected = Oracle(made, rows).table(found.results.schema, scales(found.scheme))
        assert expected.to_pylist() == found.results.to_pylist()
        assert table_digest(expected) == found.result_digest


def _built(folder: Path, made: dict[str, Any], rows: list[dict[str, Any]]) -> tuple[Any, Any]:
    built = scheme(folder, made)
    return built, facts(built, rows)


def test_factors_and_limits_are_explained_written_and_expected(tmp_path: Path) -> None:
    cells = {"tax_yuan": 500, "land_m2": 100, "sector": "C39", "lifted": 2, "vetoed": 1}
    made = content([BONUS, OTHER, SECTOR, {**LARGE, "floor": 1}], BOTH)
    found = outcome(tmp_path, [{"subject": "S", **cells}], made)
    row = found.row("S")
    assert row is not None
    shown = explain(found.scheme, row)
    assert [(line.code, line.kind, str(line.points)) for line in shown.points] == [
        ("bonus", "bonus", "8.000000"), ("other", "bonus", "3.000000"),
        ("both", "limit", "-1.000000"), ("sector", "factor", "12.000000"),
        ("large", "factor", "3.600000"),
    ]  # fmt: skip
    assert [line.text for line in shown.points[2:]] == [
        "加分合计：合计至多 10 分",
        "行业系数：总分乘以 1.2",
        "large：总分乘以 1.05，总分不低于 1",
    ]
    write_workbook(tmp_path / "r.xlsx", found.scheme, found.results, found.record())
    cases = (
        "scheme: scheme.yaml\ncases:\n- name: 系数\n  status: default\n"
        "  given: [{subject: S, tax_yuan: 5, land_m2: 1, sector: C39, lifted: 2, vetoed: 1}]\n"
        '  expected: [{subject: S, sector__factor: "1.2", both__points: "-1.0", total: "75.6"}]\n'
    )
    (tmp_path / "c.yaml").write_text(cases, encoding="utf-8")
    [verdict] = run_cases(load_cases(tmp_path / "c.yaml"))
    assert verdict.differences == ()


def test_versions_say_what_changed_in_a_factor_and_a_limit(tmp_path: Path) -> None:
    made = []
    for at, (times, most) in enumerate([("1.2", 10), ("1.3", 8)]):
        folder = tmp_path / str(at)
        folder.mkdir()
        lines = [BONUS, OTHER, {**SECTOR, "table": {"C39": times}}]
        made.append(scheme(folder, content(lines, {**BOTH, "at_most": most})))
    assert differences(*made) == [
        "加减分“行业系数”的对照表的C39 1.2 → 1.3",
        "加减分合计上限“加分合计”的上限 10 → 8",
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({**LARGE, "times": None}, "系数要写 times（一个数），或 by 和 table"),
        ({**SECTOR, "times": "1.1"}, "只写其一"),
        ({**SECTOR, "by": None}, "by（按哪个属性）与 table（每个值的系数）要一起写"),
        ({**SECTOR, "by": "sectors"}, "是否想写“sector”？"),
        ({**SECTOR, "table": {}}, "至少要有一个值"),
        ({**LARGE, "otherwise": "1"}, "otherwise 只与 table 一起写"),
        ({**LARGE, "times": "0"}, "“0”应大于零"),
        ({**LARGE, "times": "1.000000001"}, "超过 digits.ratio 的 8 位小数"),
        ({**LARGE, "each": 2}, "不认识“each”；接受 id"),
        ({**LARGE, "floor": "0.0000001"}, "超过 digits.score 的 6 位小数"),
        ({**BONUS, "floor": 1}, "加分不会使总分变低，不用 floor"),
        ({**BONUS, "times": 2}, "不认识“times”；接受 id"),
    ],
)
def test_faults_of_factors_are_named(tmp_path: Path, line: dict[str, Any], sentence: str) -> None:
    kept = {key: value for key, value in line.items() if value is not None}
    assert_refused(tmp_path, content([kept]), sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lines": ["bonus", "others"]}, "没有名为“others”的加分或扣分，是否想写“other”？"),
        ({"lines": ["bonus", "sector"]}, "没有名为“sector”的加分或扣分"),
        ({"lines": ["bonus", "fine"]}, "lines 要列出两个以上不同的加分，或两个以上不同的扣分"),
        ({"lines": ["bonus", "bonus"]}, "lines 要列出两个以上不同的加分"),
        ({"lines": ["bonus"]}, "lines 要列出两个以上不同的加分"),
        ({"at_most": 0}, "“0”应大于零"),
        ({"at_most": None}, "缺少“at_most”"),
        ({"id": "bonus"}, "代码“bonus”用了两次"),
        ({"id": "Big"}, "代码“Big”应由小写字母"),
        ({"article": None}, "要写依据"),
        ({"line": []}, "不认识“line”；接受 id"),
    ],
)
def test_faults_of_limits_are_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    limit = {key: value for key, value in {**BOTH, **change}.items() if value is not None}
    assert_refused(tmp_path, content([BONUS, OTHER, FINE, SECTOR], limit), sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"up": 0}, "“0”应是 1 到 3 的整数"),
        ({"up": 4}, "“4”应是 1 到 3 的整数"),
        ({"up": None}, "要写 to（不低于哪一档）或 up（提升几档），只写其一"),
        ({"to": "B"}, "要写 to（不低于哪一档）或 up（提升几档），只写其一"),
        ({"kind": "cap"}, "up（提升几档）只用于 lift；接受 to"),
        ({"kind": "veto", "up": None}, "要写 to。"),
    ],
)
def test_faults_of_lifts_are_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    rule = {key: value for key, value in {**UP, **change}.items() if value is not None}
    assert_refused(tmp_path, {**content([BONUS]), "adjustments": [rule]}, sentence)
