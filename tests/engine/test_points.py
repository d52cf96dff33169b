"""Bonus and deduction points: a line each, the total before them kept, ranks by what comes out."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import CONTENT, population, scales
from wuhao.engine.cases import load_cases, run_cases
from wuhao.engine.compare import compare
from wuhao.engine.digest import table_digest
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.findings import SchemeError
from wuhao.engine.outcome import Outcome
from wuhao.engine.versions import differences
from wuhao.engine.workbook import write_workbook

PLATFORMS = {
    "id": "platforms", "kind": "bonus", "label": "国家级平台", "each": "1.5", "events": "lifted",
    "at_most": 4, "status": "default",
}  # fmt: skip
FINES = {"id": "fines", "kind": "deduction", "each": 3, "events": "vetoed * 2", "article": "第八条"}
LATE = {"id": "late", "kind": "deduction", "each": 5, "when": "capped == 1", "status": "default"}
LINES = [PLATFORMS, FINES, LATE]
UNIT = 10**6


def content(lines: Any = LINES) -> dict[str, Any]:
    return one_item(points=lines, adjustments=[])


def outcome(folder: Path, rows: list[dict[str, Any]], made: dict[str, Any]) -> Outcome:
    built = scheme(folder, made)
    return evaluate(built, facts(built, rows), threads=1)


def one(folder: Path, **cells: Any) -> dict[str, Any]:
    """A subject with 50 points before bonus and deduction."""
    found = outcome(folder, [{"subject": "S", "tax_yuan": 500, "land_m2": 100, **cells}], content())
    row = found.row("S")
    assert row is not None
    assert row["base_total"] in (50 * UNIT, None)
    return row


@pytest.mark.parametrize(
    ("count", "points"),
    [(0, 0), (1, 15), (2, 30), (3, 40), (4, 40), (-1, 0), (None, 0), ("n/a", 0), ("zero", 0)],
)
def test_every_event_earns_up_to_the_limit(tmp_path: Path, count: object, points: int) -> None:
    row = one(tmp_path, lifted=count)
    assert row["platforms__points"] == points * UNIT // 10
    assert row["total"] == (500 + points) * UNIT // 10


@pytest.mark.parametrize("count", [0, 1, 8, 9])
def test_a_deduction_without_a_limit_may_take_a_total_below_zero(
    tmp_path: Path, count: int
) -> None:
    row = one(tmp_path, vetoed=count)
    assert row["fines__points"] == -6 * count * UNIT
    assert row["total"] == (50 - 6 * count) * UNIT


def test_points_without_events_are_given_once_where_the_condition_holds(tmp_path: Path) -> None:
    points = [one(tmp_path, capped=flag)["late__points"] for flag in (1, 0, 2, None)]
    assert points == [-5 * UNIT, 0, 0, 0]


def test_points_do_not_make_a_total_where_there_is_none(tmp_path: Path) -> None:
    row = one(tmp_path, land_m2=None, lifted=2)
    assert (row["platforms__points"], row["base_total"], row["total"]) == (3 * UNIT, None, None)


def test_points_come_before_the_rank(tmp_path: Path) -> None:
    rows = [
        {"subject": f"S{at}", "tax_yuan": tax, "land_m2": 100, "lifted": lifted}
        for at, (tax, lifted) in enumerate([(500, 0), (485, 1), (484, 1), (470, 2)])
    ]
    found = outcome(tmp_path, rows, content()).results
    assert found.column("total").to_pylist() == [50 * UNIT, 50 * UNIT, 49_900_000, 50 * UNIT]
    assert found.column("rank").to_pylist() == [1, 2, 4, 3]


@pytest.mark.parametrize("seed", range(4))
def test_points_are_those_of_the_oracle(tmp_path: Path, seed: int) -> None:
    made = copy.deepcopy(CONTENT)
    third = {**PLATFORMS, "id": "third", "each": "0.00001", "events": "lifted / 3 + vetoed"}
    only = {**FINES, "id": "only", "when": 'scale == "below"'}
    made |= {"points": [*LINES, third, only]}
    if seed % 2:
        made["rank_on"] = {"digits": 0}
    rows = population(seed, 90, [3, 10**6, 10**11, 300][seed])
    found = outcome(tmp_path, rows, made)
    expected = Oracle(made, rows).table(found.results.schema, scales(found.scheme))
    assert expected.to_pylist() == found.results.to_pylist()
    assert table_digest(expected) == found.result_digest


def test_a_scheme_without_points_has_no_such_columns(tmp_path: Path) -> None:
    found = outcome(tmp_path, [{"subject": "S"}], one_item()).results
    assert not [n for n in found.column_names if n.endswith("__points") or n == "base_total"]


def test_points_are_explained_line_by_line(tmp_path: Path) -> None:
    rows = [{"subject": "S", "tax_yuan": 500, "land_m2": 100, "lifted": 3, "vetoed": 1}]
    found = outcome(tmp_path, rows, content())
    row = found.row("S")
    assert row is not None
    shown = explain(found.scheme, row)
    assert [str(line.points) for line in shown.points] == ["4.000000", "-6.000000", "0.000000"]
    texts = ["国家级平台：每次加 1.5 分，至多 4 分", "fines：每次扣 3 分", "late：扣 5 分"]
    assert [line.text for line in shown.points] == texts
    assert (shown.points[1].article, str(shown.base_total)) == ("第八条", "50.000000")
    write_workbook(tmp_path / "r.xlsx", found.scheme, found.results, found.record())
    cases = (
        "scheme: scheme.yaml\ncases:\n- name: 加减分\n  status: default\n"
        "  given: [{subject: S, tax_yuan: 5, land_m2: 1, lifted: 3, vetoed: 1}]\n"
        '  expected: [{subject: S, platforms__points: "4.0", base_total: "50.00", total: "48"}]\n'
    )
    (tmp_path / "c.yaml").write_text(cases, encoding="utf-8")
    [verdict] = run_cases(load_cases(tmp_path / "c.yaml"))
    assert verdict.differences == ()


def test_compare_counts_points_as_the_subject_s_own_change(tmp_path: Path) -> None:
    before = [{"subject": f"S{n}", "tax_yuan": 500 + n, "land_m2": 100} for n in range(5)]
    after = [dict(row) for row in before]
    after[0]["lifted"] = 2
    built = scheme(tmp_path, content())
    found = compare(*(evaluate(built, facts(built, rows), threads=1) for rows in (before, after)))
    move = found.move("S0")
    assert move is not None
    assert (move.total_change, move.own) == (3 * UNIT, 3 * UNIT)


def test_versions_say_what_changed_in_a_line(tmp_path: Path) -> None:
    made = []
    for each in ("1.5", "2"):
        (tmp_path / each).mkdir()
        made.append(scheme(tmp_path / each, content([{**PLATFORMS, "each": each}])))
    assert differences(*made) == ["加减分“国家级平台”的每次分值 1.5 → 2"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "bonuss"}, "是否想写“bonus”？"),
        ({"each": "0"}, "“0”应大于零"),
        ({"each": "0.0000001"}, "超过 digits.score 的 6 位小数"),
        ({"events": "land_m2"}, "events 是次数，单位应为 1，现为 m2"),
        ({"events": "lift"}, "没有名为“lift”的数据项"),
        ({"events": None}, "要写 when（何时加减分）或 events（次数）"),
        ({"each": None}, "缺少“each”"),
        ({"id": None}, "缺少“id”"),
        ({"id": "Big"}, "代码“Big”应由小写字母"),
        ({"id": "late"}, "代码“late”用了两次"),
        ({"kind": None}, "缺少“kind”"),
        ({"status": None}, "要写依据"),
    ],
)
def test_faults_of_points_are_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    line = {key: value for key, value in {**PLATFORMS, **change}.items() if value is not None}
    with pytest.raises(SchemeError) as refused:
        scheme(tmp_path, content([line, LATE]))
    assert any(sentence in str(finding) for finding in refused.value.findings)
