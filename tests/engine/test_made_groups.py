"""Groups made by an attribute: as large as the scheme wants them, each with its own benchmark."""

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.agreement import assert_as_the_oracle
from tests.engine.build import facts, one_item, scheme
from tests.engine.population import CONTENT, population
from wuhao.engine.cases import load_cases, run_cases
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.findings import SchemeError
from wuhao.engine.outcome import Outcome

BY = {"attribute": "sector", "first": 3, "wider": [2, 1], "min_size": 3}
SECTORS = ["C33", "C33", "C34", "C39", "C391", "C392", "D44", "D45", "E", "", None, "纺织业", "c33"]


def content(by: dict[str, Any], **group: Any) -> dict[str, Any]:
    made = one_item(attributes={"sector": {}}, adjustments=[])
    made["indicators"]["tax"]["benchmark"] = {"kind": "mean_of_values"}
    rule = {"label": "行业", "by": by, "weights": {"tax": 100}, "status": "default", **group}
    return {**made, "groups": {"trade": rule}}


def outcome(folder: Path, sectors: list[Any], made: dict[str, Any]) -> Outcome:
    built = scheme(folder, made)
    rows = [
        {"subject": f"S{at:02d}", "tax_yuan": 100 * at + 100, "land_m2": 100, "sector": sector}
        for at, sector in enumerate(sectors)
    ]
    return evaluate(built, facts(built, rows), threads=1)


def groups(folder: Path, sectors: list[Any], by: dict[str, Any], **group: Any) -> list[str]:
    return list(outcome(folder, sectors, content(by, **group)).results.column("group").to_pylist())


@pytest.mark.parametrize(
    ("sectors", "expected"),
    [
        (["C33"] * 3, ["trade:C33"] * 3),
        (["C33"] * 2 + ["C34"], ["trade:C3"] * 3),
        (["C33"] * 3 + ["C34"] * 2, ["trade:C33"] * 3 + ["trade"] * 2),
        (["C331", "C332", "C33", "C34"], ["trade:C33"] * 3 + ["trade"]),
        (["C33", "C41", "C5", "C"], ["trade:C"] * 4),
        (["C33", "c33", "C33"], ["trade"] * 3),
        ([None, "", "C33"], ["trade"] * 3),
    ],
)
def test_a_value_with_too_few_goes_to_a_wider_one_and_at_last_to_the_rest(
    tmp_path: Path, sectors: list[Any], expected: list[str]
) -> None:
    assert groups(tmp_path, sectors, BY) == expected


def test_whole_values_are_groups_where_no_number_of_characters_is_written(tmp_path: Path) -> None:
    by = {"attribute": "sector", "min_size": 2}
    found = groups(tmp_path, ["纺织业", "纺织业", "纺织", "C1", "C1"], by)
    assert found == ["trade:纺织业", "trade:纺织业", "trade", "trade:C1", "trade:C1"]


def test_every_made_group_has_its_own_benchmark_and_ranks(tmp_path: Path) -> None:
    found = outcome(tmp_path, ["C33"] * 3 + ["D44"] * 3, content(BY))
    assert found.results.column("tax__benchmark").to_pylist() == [2_000_000] * 3 + [5_000_000] * 3
    assert found.results.column("rank").to_pylist() == [3, 2, 1] * 2
    assert list(found.benchmarks) == ["trade:C33", "trade:D44", "trade"]
    assert {line.group for line in found.lines} == {"trade:C33", "trade:D44", "trade"}
    assert [group.label for group in found.scheme.groups] == ["行业：C33", "行业：D44", "行业"]


def test_who_is_left_out_does_not_make_a_group_large_enough(tmp_path: Path) -> None:
    made = content(BY) | {
        "scope": {"exclude": [{"id": "poor", "when": "tax_yuan < 1.5", "status": "default"}]}
    }
    assert set(outcome(tmp_path, ["C33"] * 3, made).results.column("group").to_pylist()) == {
        "trade"
    }


def test_a_later_group_takes_those_of_too_small_groups(tmp_path: Path) -> None:
    made = content({**BY, "wider": [], "fallback": "others"}, when='sector != "X"')
    rest = {"when": 'sector == "X"', "weights": {"tax": 100}, "status": "default"}
    made["groups"]["others"] = rest
    found = outcome(tmp_path, ["C33"] * 3 + ["C34", "X", None], made).results
    assert found.column("group").to_pylist() == ["trade:C33"] * 3 + ["others", "others", None]


OWN = {
    "label": "金属制品业",
    "article": "第六条",
    "grades": {
        "kind": "thresholds", "at_least": {"A": 90, "B": 60, "C": 30}, "status": "default",
    },
}  # fmt: skip


def test_a_made_group_may_have_weights_and_grades_of_its_own(tmp_path: Path) -> None:
    made = content({**BY, "own": {"C33": {**OWN, "weights": {"tax": 60, "land": 40}}}})
    made["indicators"]["land"] = {**made["indicators"]["tax"], "numerator": "land_m2"}
    made["indicators"]["land"] |= {"unit": "1"}
    found = outcome(tmp_path, ["C33"] * 3 + ["D44"] * 3, made)
    rows = found.results.to_pylist()
    assert [row["land__score"] for row in rows] == [40_000_000] * 3 + [None] * 3
    assert [row["original_grade"] for row in rows] == ["B", "A", "A", "D", "C", "B"]
    shown = explain(found.scheme, rows[0])
    assert (shown.group_label, [item.code for item in shown.items]) == (
        "金属制品业",
        ["tax", "land"],
    )


def test_a_fixed_benchmark_may_be_that_of_a_value_or_of_the_pattern(tmp_path: Path) -> None:
    made = content(BY)
    value = {"trade": "10", "trade:C33": "20"}
    made["indicators"]["tax"]["benchmark"] = {"kind": "fixed", "value": value}
    found = outcome(tmp_path, ["C33"] * 3 + ["D44"] * 3, made).results
    assert found.column("tax__benchmark").to_pylist() == [20_000_000] * 3 + [10_000_000] * 3
    del value["trade"]
    with pytest.raises(SchemeError, match="benchmark 应给出这些组：trade；现有 trade:C33"):
        scheme(tmp_path, made)


def test_a_kept_outcome_has_the_groups_that_were_made(tmp_path: Path) -> None:
    found = outcome(tmp_path, ["C33"] * 3 + ["C41", "C52", "C6", "D4"], content(BY))
    found.save(tmp_path / "kept")
    again = Outcome.load(tmp_path / "kept")
    assert again.scheme.groups == found.scheme.groups
    row = again.row("S04")
    assert row is not None
    shown = explain(again.scheme, row, again.facts_row("S04"), again.lines)
    assert (shown.group, shown.group_label, len(shown.lines)) == ("trade:C", "行业：C", 3)
    assert explain(scheme(tmp_path, content(BY)), row).group_label == "行业：C"


@pytest.mark.parametrize("seed", range(6))
def test_made_groups_are_those_of_the_oracle(tmp_path: Path, seed: int) -> None:
    made, chance = copy.deepcopy(CONTENT), random.Random(seed)
    own = {
        "weights": {"tax_per_mu": "50", "tax_per_ton": "50"},
        "grades": {
            "kind": "thresholds", "at_least": {"A": 80, "B": 50, "C": 20}, "status": "default",
        },
        "status": "default",
    }  # fmt: skip
    by: dict[str, Any] = {
        "attribute": "sector", "first": 4, "wider": [3, 1],
        "min_size": [1, 2, 5, 9, 2, 400][seed], "own": {"C33": own},
    }  # fmt: skip
    if seed % 2:
        by["fallback"] = "below"
    if seed == 4:
        by = {"attribute": "sector", "min_size": 3, "own": {"C33": own}}
    made["groups"]["above"]["by"] = by
    rows = population(seed, 90, [3, 10**6, 10**11, 300, 10**4, 50][seed])
    for row in rows:
        row["sector"] = chance.choice(SECTORS)
    assert_as_the_oracle(scheme(tmp_path, made), made, rows)


def test_a_case_may_expect_a_made_group(tmp_path: Path) -> None:
    scheme(tmp_path, content({**BY, "min_size": 1}))
    cases = (
        "scheme: scheme.yaml\ncases:\n- name: 行业组\n  status: default\n"
        "  given: [{subject: S, tax_yuan: 5, land_m2: 1, sector: C33}]\n"
        '  expected: [{subject: S, group: "trade:C33", total: "100"}]\n'
    )
    (tmp_path / "c.yaml").write_text(cases, encoding="utf-8")
    [verdict] = run_cases(load_cases(tmp_path / "c.yaml"))
    assert verdict.differences == ()


def test_groups_that_were_too_small_are_named_in_the_notes(tmp_path: Path) -> None:
    notes = outcome(tmp_path, ["C33"] * 3 + ["C34", "D44"], content(BY)).notes
    assert "行业：C34、D44 不足 3 户，并入更宽的组。" in notes


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"attribute": "sectors"}, "是否想写“sector”？"),
        ({"attribute": None}, "缺少“attribute”"),
        ({"min_size": 0}, "“0”应是 1 到 1000000000 的整数"),
        ({"wider": [2, 2]}, "wider 应逐个变短，2 位不短于前一个的 2 位"),
        ({"first": None}, "写了 wider 就要写 first"),
        ({"fallback": "trade"}, "“trade”不在可选项内；接受 -"),
        ({"least": 3}, "不认识“least”；接受 attribute"),
        ({"own": {"C3": {}}}, "要写依据"),
        ({"own": {"C3345": {"status": "default"}}}, "“C3345”有 5 位，而 first 和 wider 没有"),
        (
            {"own": {"C3": {"aggregate": "arithmetic", "status": "default"}}},
            "写了 aggregate 就要写",
        ),
    ],
)
def test_faults_of_made_groups_are_named(
    tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    by = {key: value for key, value in {**BY, **change}.items() if value is not None}
    with pytest.raises(SchemeError) as refused:
        scheme(tmp_path, content(by))
    assert any(sentence in str(finding) for finding in refused.value.findings)


def test_a_level_has_the_same_parts_wherever_it_is_used(tmp_path: Path) -> None:
    made = content(BY)
    level = {"weight": 100, "aggregate": "arithmetic", "weights": {"tax": 1}}
    made["groups"]["trade"]["weights"] = {"economy": level}
    made["groups"]["others"] = {
        "weights": {"economy": {**level, "weights": {"tax": 2}}},
        "status": "default",
    }
    with pytest.raises(SchemeError, match="“economy”在“行业”与“others”两组里的构成不同"):
        scheme(tmp_path, made)
