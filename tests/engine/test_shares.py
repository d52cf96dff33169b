"""Golden test of the shares: A and B rounded down, D up, C the rest; ties at a border go up."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from wuhao.engine.evaluate import evaluate


def graded(folder: Path, rows: list[dict[str, Any]], **changes: Any) -> dict[str, dict[str, Any]]:
    made = scheme(folder, one_item(**changes))
    results = evaluate(made, facts(made, rows), threads=1).results.to_pylist()
    return {row["subject"]: row for row in results}


def ladder(n: int) -> list[dict[str, Any]]:
    """n subjects, the first with the highest total; every total is below the cap."""
    return [{"subject": f"S{i:03d}", "tax_yuan": 1400 - i, "land_m2": 100} for i in range(n)]


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (100, {"A": 20, "B": 55, "C": 20, "D": 5}),
        (37, {"A": 7, "B": 20, "C": 8, "D": 2}),
        (10, {"A": 2, "B": 5, "C": 2, "D": 1}),
        (3, {"B": 1, "C": 1, "D": 1}),
        (1, {"D": 1}),
        (0, {}),
    ],
)
def test_shares_are_rounded_as_the_scheme_says(
    tmp_path: Path, n: int, expected: dict[str, int]
) -> None:
    rows = graded(tmp_path, ladder(n))
    assert Counter(row["grade"] for row in rows.values()) == expected


def test_a_small_group_is_named_in_the_notes(tmp_path: Path) -> None:
    made = scheme(tmp_path, one_item())
    [note] = evaluate(made, facts(made, ladder(3)), threads=1).notes
    assert note.endswith("只有 3 户占名额，样本过小：按比例取整后，A 档没有名额。")
    assert evaluate(made, facts(made, ladder(100)), threads=1).notes == []


def test_a_small_group_is_named_although_its_last_subject_has_no_total(tmp_path: Path) -> None:
    content = one_item()
    content["indicators"]["tax"]["absent"] = "not_graded"
    made = scheme(tmp_path, content)
    rows = [*ladder(3), {"subject": "S_last", "tax_yuan": 1, "land_m2": None}]
    [note] = evaluate(made, facts(made, rows), threads=1).notes
    assert "只有 3 户占名额" in note


def test_a_vetoed_first_is_graded_d_and_takes_nobody_s_place(tmp_path: Path) -> None:
    plain = graded(tmp_path, ladder(100))
    rows = [{"subject": "S_top", "tax_yuan": 1499, "land_m2": 100, "vetoed": 1}, *ladder(100)]
    with_veto = graded(tmp_path, rows)
    top = with_veto.pop("S_top")
    assert (top["rank"], top["original_grade"], top["grade"]) == (1, "A", "D")
    assert top["adjustments"] == "veto"
    assert {s: r["grade"] for s, r in with_veto.items()} == {
        s: r["grade"] for s, r in plain.items()
    }
    assert [r["rank"] for r in with_veto.values()] == [r["rank"] + 1 for r in plain.values()]


def test_a_veto_that_uses_the_quota_pushes_another_up(tmp_path: Path) -> None:
    veto = {"id": "veto", "kind": "veto", "when": "vetoed == 1", "to": "D", "status": "default"}
    rows = ladder(100)
    rows[99]["vetoed"] = 1
    out = graded(tmp_path, rows)
    inside = graded(tmp_path, rows, adjustments=[{**veto, "uses_quota": True}])
    assert Counter(r["grade"] for r in out.values())["D"] == 6
    assert Counter(r["grade"] for r in inside.values())["D"] == 5


def test_equal_totals_at_a_border_all_go_up(tmp_path: Path) -> None:
    rows = ladder(10)
    rows[2]["tax_yuan"] = rows[1]["tax_yuan"]
    rows[9]["tax_yuan"] = rows[8]["tax_yuan"]
    grades = [r["grade"] for r in graded(tmp_path, rows).values()]
    assert grades == ["A", "A", "A", "B", "B", "B", "B", "C", "C", "C"]


def test_strict_ties_follow_the_order_to_the_end(tmp_path: Path) -> None:
    rows = ladder(10)
    rows[2]["tax_yuan"] = rows[1]["tax_yuan"]
    grades = {**one_item()["grades"], "tie": "strict"}
    found = graded(tmp_path, rows, grades=grades)
    assert [r["grade"] for r in found.values()][:3] == ["A", "A", "B"]
    assert [r["rank"] for r in found.values()][:3] == [1, 2, 3]


def test_cap_lift_and_veto_keep_the_original_grade(tmp_path: Path) -> None:
    rows = ladder(20)
    rows[0]["capped"] = 1
    rows[19] |= {"lifted": 1}
    rows[18] |= {"lifted": 1, "vetoed": 1}
    found = graded(tmp_path, rows)
    assert (found["S000"]["original_grade"], found["S000"]["grade"]) == ("A", "C")
    assert (found["S019"]["original_grade"], found["S019"]["grade"]) == ("D", "B")
    assert found["S018"]["grade"] == "D"
    assert found["S018"]["adjustments"] == "veto,lift"


def test_a_veto_reaches_a_subject_that_reported_nothing(tmp_path: Path) -> None:
    rows = [{"subject": "S_silent", "vetoed": 1}, *ladder(10)]
    row = graded(tmp_path, rows)["S_silent"]
    assert (row["total"], row["original_grade"], row["grade"]) == (None, None, "D")
    assert row["ungraded"] == "missing:tax"


@pytest.mark.parametrize("land", [None, "zero", 0, -100, "n/a"])
def test_unknown_or_no_land_is_never_graded(tmp_path: Path, land: object) -> None:
    rows = [{"subject": "S_no_land", "tax_yuan": 10**9, "land_m2": land}, *ladder(10)]
    row = graded(tmp_path, rows)["S_no_land"]
    assert (row["total"], row["rank"], row["grade"]) == (None, None, None)
    assert row["ungraded"].endswith(":tax")
