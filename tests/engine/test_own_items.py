"""Items that one group judges otherwise: its own benchmark, score, treatment of absence."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.engine.agreement import assert_as_the_oracle, assert_refused
from tests.engine.build import facts, one_item, scheme
from tests.engine.population import CONTENT, population
from wuhao.engine.cases import load_cases, run_cases
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.findings import FactsError
from wuhao.engine.outcome import Outcome
from wuhao.engine.workbook import write_workbook

FIXED = {"benchmark": {"kind": "fixed", "value": "5"}, "article": "第六条"}
STEPS = {"score": {"kind": "rank_steps", "step": "0.1"}, "status": "default"}


def content(**own: Any) -> dict[str, Any]:
    """Two groups; the small ones judge the only item in a way of their own."""
    made = one_item(attributes={"scale": {}}, adjustments=[])
    rule = {"weights": {"tax": 100}, "status": "default"}
    small = {**rule, "label": "规下", "when": 'scale == "below"', "items": {"tax": own}}
    return {**made, "groups": {"small": small, "others": rule}}


def firm(subject: str, tax: Any, land: Any = 100, scale: str = "below") -> dict[str, Any]:
    return {"subject": subject, "tax_yuan": tax, "land_m2": land, "scale": scale}


ROWS = [firm("A", 400), firm("B", 250), firm("C", 400, scale="above"), firm("D", None)]


def outcome(folder: Path, rows: list[dict[str, Any]], made: dict[str, Any]) -> Outcome:
    built = scheme(folder, made)
    return evaluate(built, facts(built, rows), threads=1)


def column(found: Outcome, name: str) -> list[Any]:
    return list(found.results.column(name).to_pylist())


def test_a_group_may_have_a_benchmark_of_its_own(tmp_path: Path) -> None:
    found = outcome(tmp_path, ROWS, content(**FIXED))
    assert column(found, "tax__benchmark") == [5 * 10**6, 5 * 10**6, 10**7, 5 * 10**6]
    assert column(found, "total") == [80 * 10**6, 50 * 10**6, 40 * 10**6, None]
    assert column(found, "ungraded") == [None, None, None, "missing:tax"]
    assert found.benchmarks == {"small": {"tax": 5 * 10**6}, "others": {"tax": 10**7}}
    assert [name for name in found.results.column_names if "own" in name] == []


def test_a_group_may_have_a_score_of_its_own_with_its_columns(tmp_path: Path) -> None:
    found = outcome(tmp_path, ROWS, content(**STEPS))
    assert column(found, "tax__rank") == [1, 2, None, None]
    assert column(found, "tax__benchmark") == [None, None, 10**7, None]
    assert column(found, "total") == [100 * 10**6, 90 * 10**6, 40 * 10**6, None]


def test_a_group_may_treat_an_absent_value_in_its_own_way(tmp_path: Path) -> None:
    rows = [*ROWS, firm("E", None, scale="above")]
    found = outcome(tmp_path, rows, content(absent={"missing": "zero"}, status="default"))
    assert column(found, "total")[3:] == [0, None]
    assert column(found, "tax__note")[3:] == ["missing", "missing"]
    with pytest.raises(FactsError, match="未报的有 1 户（D），方案规定“tax”不得缺值"):
        outcome(tmp_path, rows, content(absent="refuse", status="default"))


def test_ties_are_broken_by_the_value_of_whatever_way(tmp_path: Path) -> None:
    """Both are capped; the second has more of the item."""
    rows = [firm("A", 800), firm("B", 900), firm("C", 2000, scale="above")]
    found = outcome(tmp_path, rows, content(**FIXED))
    assert column(found, "rank") == [2, 1, 1]
    assert column(found, "tax__note") == ["capped"] * 3


def test_a_level_with_an_item_of_its_own_keeps_its_column(tmp_path: Path) -> None:
    made = content(**FIXED)
    level = {"weight": 100, "aggregate": "arithmetic", "weights": {"tax": 1}}
    for group in made["groups"].values():
        group["weights"] = {"economy": level}
    found = outcome(tmp_path, ROWS, made)
    assert column(found, "economy__score") == [800_000, 500_000, 400_000, None]
    assert column(found, "total") == [80_000_000, 50_000_000, 40_000_000, None]
    row = found.row("A")
    assert row is not None
    assert str(explain(found.scheme, row).branches[0].score) == "0.800000"


def test_a_made_group_may_have_an_item_of_its_own(tmp_path: Path) -> None:
    made = content(**FIXED)
    item = made["groups"]["small"].pop("items")
    by = {"attribute": "scale", "own": {"below": {"items": item, "status": "default"}}}
    made["groups"] = {"all": {"by": by, "weights": {"tax": 100}, "status": "default"}}
    found = outcome(tmp_path, ROWS, made)
    assert column(found, "tax__benchmark") == [5 * 10**6, 5 * 10**6, 10**7, 5 * 10**6]
    made["groups"]["all"]["items"] = item
    del by["own"]
    assert set(column(outcome(tmp_path, ROWS, made), "tax__benchmark")) == {5 * 10**6}


OWN = [
    {"benchmark": {"kind": "mean_of_values", "times": "0.7"}},
    {"score": {"kind": "min_max", "base": "0.2"}},
    {"score": {"kind": "rank_steps", "step": "0.03"}, "absent": "group_median_value"},
    {"absent": "group_average", "score": {"kind": "ratio", "cap": "3", "floor": "0.1"}},
    {"absent": {"missing": "reweigh", "zero_denominator": "group_mean_value"}},
    {"score": {"kind": "reverse"}, "absent": "zero"},
]


@pytest.mark.parametrize("seed", range(6))
def test_own_items_are_those_of_the_oracle(tmp_path: Path, seed: int) -> None:
    made = copy.deepcopy(CONTENT)
    made["groups"]["above"]["items"] = {
        "tax_per_ton": {**OWN[seed - 1], "status": "default"},
        "tax_per_mu": {**OWN[seed], "status": "default"},
    }
    made["groups"]["below"]["items"] = {"tax": {**OWN[(seed + 3) % 6], "status": "default"}}
    if seed in (2, 5):
        made["groups"]["below"]["items"]["tax_per_mu"] = {**OWN[seed], "status": "default"}
    rows = population(seed, 90, [3, 10**6, 10**11, 300, 10**4, 50][seed])
    for at, row in enumerate(rows):
        row["scale"] = ["above", "above", "below"][at % 3]
    assert_as_the_oracle(scheme(tmp_path, made), made, rows)


def test_own_items_are_explained_written_kept_and_expected(tmp_path: Path) -> None:
    found = outcome(tmp_path, ROWS, content(**FIXED, absent={"missing": "zero"}))
    found.save(tmp_path / "kept")
    again = Outcome.load(tmp_path / "kept")
    shown = explain(again.scheme, again.row("A") or {}).items[0]
    assert (str(shown.benchmark), shown.article) == ("5.000000", "第六条")
    assert explain(again.scheme, again.row("D") or {}).items[0].note_text == "数据未报，记零分"
    write_workbook(tmp_path / "r.xlsx", found.scheme, found.results, found.record())
    cases = (
        "scheme: scheme.yaml\ncases:\n- name: 规下\n  status: default\n"
        "  given: [{subject: S, tax_yuan: 4, land_m2: 1, scale: below}]\n"
        '  expected: [{subject: S, tax: {benchmark: "5", score: "80"}, total: "80"}]\n'
    )
    (tmp_path / "c.yaml").write_text(cases, encoding="utf-8")
    [verdict] = run_cases(load_cases(tmp_path / "c.yaml"))
    assert verdict.differences == ()


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"status": "default"}, "要写 benchmark、score、absent 中的至少一个"),
        ({"absent": "zero"}, "要写依据"),
        ({**STEPS, "weight": 3}, "不认识“weight”；接受 benchmark"),
        ({**STEPS, **FIXED}, "score 为 rank_steps 时不用 benchmark，请删去"),
        ({**FIXED, "benchmark": {"kind": "fixed", "value": {"small": 3}}}, "组内的 value 只写一个"),
        ({**FIXED, "benchmark": {"kind": "fixed", "value": "0.0000001"}}, "超过 digits.benchmark"),
        ({**FIXED, "benchmark": {"kind": "fixd"}}, "是否想写“fixed”？"),
        ({**FIXED, "benchmark": {"kind": "target", "of": "land_m2"}}, "单位对不上"),
        ({**STEPS, "score": {"kind": "min_max", "population": "all"}}, "用了 population: all"),
        ({**FIXED, "benchmark": {"kind": "median", "population": "tax_yuan > 1"}}, "或条件"),
    ],
)
def test_faults_of_own_items_are_named(tmp_path: Path, own: dict[str, Any], sentence: str) -> None:
    assert_refused(tmp_path, content(**own), sentence)


def test_a_group_cannot_judge_an_item_that_it_does_not_use(tmp_path: Path) -> None:
    made = content(**FIXED)
    made["groups"]["small"]["items"] = {"taxes": FIXED}
    assert_refused(tmp_path, made, "本组的 weights 里没有“taxes”，是否想写“tax”？")


def test_a_benchmark_must_be_written_where_the_common_score_takes_none(tmp_path: Path) -> None:
    made = content(score={"kind": "ratio", "cap": 2}, status="default")
    made["indicators"]["tax"] |= {"score": STEPS["score"]}
    del made["indicators"]["tax"]["benchmark"]
    assert_refused(tmp_path, made, "没有写 benchmark")


def test_a_way_of_its_own_keeps_the_benchmark_that_differs_by_group(tmp_path: Path) -> None:
    made = content(score={"kind": "ratio", "cap": "1.2"}, status="default")
    stated = {"kind": "fixed", "value": {"small": "2.5", "others": "8"}}
    made["indicators"]["tax"]["benchmark"] = stated
    found = outcome(tmp_path, ROWS, made)
    assert column(found, "tax__benchmark") == [2_500_000, 2_500_000, 8 * 10**6, 2_500_000]
    assert column(found, "total") == [120 * 10**6, 100 * 10**6, 50 * 10**6, None]


def test_a_level_without_such_an_item_is_the_level_of_all(tmp_path: Path) -> None:
    made = content(**FIXED)
    made["indicators"]["plain"] = copy.deepcopy(made["indicators"]["tax"])
    level = {"aggregate": "arithmetic"}
    weights = {
        "own": {**level, "weight": 60, "weights": {"tax": 1}},
        "shared": {**level, "weight": 40, "weights": {"plain": 1}},
    }
    for group in made["groups"].values():
        group |= {"weights": weights}
    found = outcome(tmp_path, ROWS[:3], made)
    # four yuan on a square metre: 0.8 of five and 0.4 of ten
    assert column(found, "own__score") == [800_000, 500_000, 400_000]
    assert column(found, "shared__score") == [400_000, 250_000, 400_000]
    assert column(found, "total") == [64 * 10**6, 40 * 10**6, 40 * 10**6]
