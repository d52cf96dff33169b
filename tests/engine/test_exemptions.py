"""Exemptions: left out by a class, counting as a grade that the rule states."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import CONTENT, population, scales
from wuhao.engine.cases import load_cases, run_cases
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.findings import SchemeError
from wuhao.engine.outcome import Outcome
from wuhao.engine.workbook import write_workbook

NEW = {
    "id": "new", "label": "投产不满一年", "when": "vetoed < 3", "class": "exempt",
    "counts_as": "B", "years": 2, "status": "default",
}  # fmt: skip
MOVING = {"id": "moving", "when": "lifted == 1", "class": "deferred", "status": "default"}
BARE = {"id": "bare", "when": "capped == 1", "status": "default"}
RULES = [NEW, MOVING, BARE]


def outcome(folder: Path, rows: list[dict[str, Any]], rules: Any = RULES) -> Outcome:
    made = scheme(folder, one_item(scope={"exclude": rules}))
    return evaluate(made, facts(made, rows), threads=1)


@pytest.mark.parametrize(("months", "exempted"), [(2, True), (3, False), (4, False)])
def test_an_exempted_subject_counts_as_the_grade_of_its_rule(
    tmp_path: Path, months: int, exempted: bool
) -> None:
    found = outcome(tmp_path, [{"subject": "S", "tax_yuan": 1, "land_m2": 1, "vetoed": months}])
    row = found.row("S")
    assert row is not None
    expected = ("new", "exempt", "B", None) if exempted else (None, None, None, "D")
    assert (row["excluded"], row["exemption"], row["counts_as"], row["grade"]) == expected
    shown = explain(found.scheme, row)
    assert (shown.exemption, shown.counts_as) == expected[1:3]
    assert shown.excluded_text == ("投产不满一年（免评，计为 B，不超过 2 年）" if exempted else "")


def test_a_rule_without_a_class_leaves_both_columns_empty(tmp_path: Path) -> None:
    rows = [{"subject": "S0", "capped": 1}, {"subject": "S1", "lifted": 1}]
    found = outcome(tmp_path, rows).results
    assert found.column("excluded").to_pylist() == ["bare", "moving"]
    assert found.column("exemption").to_pylist() == [None, "deferred"]
    assert found.column("counts_as").to_pylist() == [None, None]


def test_a_scheme_without_classes_has_no_such_columns(tmp_path: Path) -> None:
    found = outcome(tmp_path, [{"subject": "S", "capped": 1}], [BARE])
    assert not {"exemption", "counts_as"} & set(found.results.column_names)


def test_a_scheme_without_grades_may_exempt(tmp_path: Path) -> None:
    content = one_item(scope={"exclude": [MOVING]})
    for key in ("grades", "adjustments"):
        del content[key]
    made = scheme(tmp_path, content)
    row = evaluate(made, facts(made, [{"subject": "S", "lifted": 1}]), threads=1).row("S")
    assert row is not None
    assert (row["exemption"], row["counts_as"]) == ("deferred", None)
    content["scope"] = {"exclude": [NEW]}
    with pytest.raises(SchemeError, match="方案没有 grades，counts_as 无档次可写，请先写 grades"):
        scheme(tmp_path, content)


@pytest.mark.parametrize("seed", range(3))
def test_exemptions_are_those_of_the_oracle(tmp_path: Path, seed: int) -> None:
    content = copy.deepcopy(CONTENT)
    content["scope"]["exclude"] += RULES
    made, rows = scheme(tmp_path, content), population(seed, 80, 10**6)
    found = evaluate(made, facts(made, rows), threads=2).results
    assert Oracle(content, rows).table(found.schema, scales(made)).to_pylist() == found.to_pylist()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"class": "exemt"}, "是否想写“exempt”？"),
        ({"counts_as": "E"}, "“E”不在可选项内；接受 A、B、C、D"),
        ({"years": 0}, "“0”应是 1 到 99 的整数"),
        ({"class": None}, "写了 counts_as 或 years 就要写 class"),
    ],
)
def test_faults_of_an_exemption_are_named(
    tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    rule = {key: value for key, value in {**NEW, **change}.items() if value is not None}
    with pytest.raises(SchemeError) as refused:
        scheme(tmp_path, one_item(scope={"exclude": [rule]}))
    assert any(sentence in str(finding) for finding in refused.value.findings)


def test_the_workbook_and_the_cases_know_the_columns(tmp_path: Path) -> None:
    found = outcome(tmp_path, [{"subject": "S", "vetoed": 1}])
    write_workbook(tmp_path / "r.xlsx", found.scheme, found.results, found.record())
    assert (tmp_path / "r.xlsx").stat().st_size > 0
    text = (
        "scheme: scheme.yaml\ncases:\n- name: 新投产\n  status: default\n"
        "  given: [{subject: S, vetoed: 1}]\n"
        "  expected: [{subject: S, exemption: exempt, counts_as: B}]\n"
    )
    (tmp_path / "c.yaml").write_text(text, encoding="utf-8")
    [verdict] = run_cases(load_cases(tmp_path / "c.yaml"))
    assert verdict.holds
    assert [e.column for e in verdict.case.expected] == ["exemption", "counts_as"]
