"""`lifts` by hand under distances, level and growth, marks of experts, and on the shipped park."""

from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.test_lifts import ways
from tests.paths import ROOT
from wuhao.engine.cases import load_cases
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import Lifts, changed, lifts
from wuhao.engine.outcome import Outcome

PARK = ROOT / "cities/zhuzhou/schemes/park_assessment/2022.cases.yaml"
MARKS = ["m1", "m2", "m3", "m4"]


def lifted(folder: Path, at_least: str, rows: list[dict[str, Any]], **item: Any) -> Lifts:
    """The first of the rows, who needs so many points of a hundred."""
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": at_least}}
    content = one_item(
        grades={**grades, "status": "default"}, adjustments=[], tie_break=["subject"]
    )
    content["tie_break"] = ["total", "subject"]
    content["facts"]["last_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    content["facts"] |= {m: {"unit": "1", "quantum": "0.1", "optional": True} for m in MARKS}
    content["indicators"] = {"tax": {"absent": "zero", "status": "default", "unit": "元", **item}}
    made = scheme(folder, content)
    named = [{"subject": f"S{at}", **row} for at, row in enumerate(rows)]
    return lifts(evaluate(made, facts(made, named), threads=1), "S0")


NEAR = {"numerator": "tax_yuan", "score": {"kind": "distance", "ideal": "10", "reach": "4"}}


@pytest.mark.parametrize(
    ("now", "after", "share"),
    [(700, 900, 663_334), (650, 900, 711_429), (1300, 1100, 663_334), (2000, 1100, 899_001)],
)
def test_a_distance_is_lessened_from_its_own_side(
    tmp_path: Path, now: int, after: int, share: int
) -> None:
    """75 points are one yuan from ten; the last cent is rounded up, so its share begins before."""
    found = lifted(tmp_path, "75", [{"tax_yuan": now}], **NEAR)
    assert ways(found) == {"tax_yuan": (after, None)}
    assert found.joint is not None
    assert found.joint.share == share
    assert [change.after for change in found.joint.changes] == [after]


GROWN = {
    "numerator": "tax_yuan",
    "benchmark": {"kind": "fixed", "value": "10"},
    "score": {"kind": "level_growth", "level": "0.6", "previous": "last_yuan", "full_growth": "1"},
}


def test_level_and_growth_rise_together(tmp_path: Path) -> None:
    """On 8 yuan of last year x yuan give 6x of level and 5 (x - 8) of growth: 70 at ten."""
    found = lifted(tmp_path, "70", [{"tax_yuan": 800, "last_yuan": 800}], **GROWN)
    assert ways(found) == {"tax_yuan": (1000, None)}
    # Above ten the level is full, and growth alone still earns: full at sixteen.
    full = lifted(tmp_path, "99", [{"tax_yuan": 800, "last_yuan": 800}], **GROWN)
    assert ways(full) == {"tax_yuan": (1580, None)}
    assert full.joint is not None
    assert (full.joint.share, full.joint.changes[0].after) == (973_751, 1580)


def test_without_growth_the_level_is_all_that_can_be_had(tmp_path: Path) -> None:
    rows = [{"tax_yuan": 500, "last_yuan": 0}]
    assert ways(lifted(tmp_path, "60", rows, **GROWN)) == {"tax_yuan": (1000, None)}
    assert ways(lifted(tmp_path, "60.01", rows, **GROWN)) == {"tax_yuan": (None, "beyond")}


EXPERTS = {"unit": "1", "score": {"kind": "trimmed_mean", "marks": MARKS, "full": 100}}


def test_marks_are_raised_until_they_are_the_highest(tmp_path: Path) -> None:
    """Of 50, 60, 70 and 80 the middle two count: 65. Above 80 a mark is left out itself."""
    marks = dict(zip(MARKS, (500, 600, 700, 800), strict=True))
    found = lifted(tmp_path, "70", [marks], **EXPERTS)
    assert ways(found) == {
        "m1": (700, None), "m2": (700, None), "m3": (800, None), "m4": (None, "beyond"),
    }  # fmt: skip
    assert found.joint is not None
    # Lacking 40 and 30, the middle two rise by 5.7 and 4.3, beyond 5.6 and 4.2 of 14%.
    assert found.joint.share == 140_001
    assert [change.after for change in found.joint.changes] == [571, 657, 743, 829]
    assert ways(lifted(tmp_path, "75.1", [marks], **EXPERTS))["m1"] == (None, "beyond")


def test_a_mark_that_is_not_known_is_no_way(tmp_path: Path) -> None:
    three = dict(zip(MARKS, (500, 600, 700, None), strict=True))
    found = lifted(tmp_path, "65", [three], **EXPERTS)
    assert ways(found) == {"m1": (650, None), "m2": (650, None), "m3": (None, "beyond")}
    two = lifted(tmp_path, "65", [{**three, "m3": None}], **EXPERTS)
    assert (two.items[0].ways, two.items[0].reason) == ((), "not_measured")


# ---- the shipped assessment of parks ---------------------------------------------------------


@pytest.fixture(scope="module")
def parks() -> Outcome:
    """The outcome of the case whose parks have cleared half of their land, or less."""
    file = load_cases(PARK)
    [case] = [case for case in file.cases if "用地清理不足任务一半" in case.name]
    return evaluate(file.scheme, case.facts, threads=1)


@pytest.mark.soak
@pytest.mark.property
def test_every_park_of_every_case_is_answered() -> None:
    file = load_cases(PARK)
    for case in file.cases:
        outcome = evaluate(file.scheme, case.facts, threads=1)
        for subject in outcome.results.column("subject").to_pylist():
            row, found = outcome.row(subject), lifts(outcome, subject)
            assert row is not None
            assert (found.grade, found.target is None) == (row["grade"], row["grade"] == "优秀")


@pytest.mark.slow
def test_an_answer_for_a_park_gives_the_grade_and_a_quantum_less_does_not(parks: Outcome) -> None:
    """The tax of a park serves its growth, its places and its level and growth on a mu of land."""
    found = lifts(parks, "半")
    after = ways(found)["tax_yuan"][0]
    assert after is not None
    grades = []
    for value in (after, after - 1):
        moved = changed(parks.facts, "半", {"tax_yuan": value})
        row = evaluate(parks.scheme, moved, threads=1).row("半")
        grades.append(row and row["grade"])
    assert grades == ["优秀", "良好"]


def test_what_a_park_is_told_is_what_can_be_worked_out_by_hand(parks: Outcome) -> None:
    """Half of the task of clearing land lifts the veto: 5 of 10 hectares, one step of 0.01 m2."""
    found = lifts(parks, "少")
    assert found.items[-1].sentence == (
        "三类用地处置率：已处置三类用地由 49999.99 提高 0.01 m2 到 50000.00 m2"
        "（该项达到 75.000000 亩），可到 合格 档。"
    )


def test_the_parks_of_a_case_are_answered(parks: Outcome) -> None:
    told = {name: lifts(parks, name) for name in parks.results.column("subject").to_pylist()}
    assert {name: (found.target, found.reason) for name, found in told.items()} == {
        "假": ("合格", "rule"), "半": ("优秀", None), "少": ("合格", None),
    }  # fmt: skip
