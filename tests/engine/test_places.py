"""Grades by a number of places (`counts`), and a line that a place alone does not cross."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import scales
from wuhao.engine.digest import table_digest
from wuhao.engine.evaluate import evaluate
from wuhao.engine.findings import SchemeError
from wuhao.engine.outcome import Outcome

TOP_AND_LAST = {
    "order": ["A", "B", "C"],
    "kind": "counts",
    "count": {"A": 5, "B": "rest", "C": 5},
    "status": "default",
}
SHARES = {
    "order": ["A", "B", "C", "D"],
    "kind": "shares",
    "share": {"A": 30, "B": 40, "C": 30, "D": 0},
    "rounding": {"A": "floor", "B": "floor", "C": "rest", "D": "floor"},
    "at_least": {"A": 90, "C": 60},
    "status": "default",
}


def content(grades: dict[str, Any]) -> dict[str, Any]:
    score = {"kind": "ratio", "cap": "10", "floor": "0", "negative": "zero"}
    made = one_item(grades=grades, adjustments=[])
    made["indicators"]["tax"] |= {"score": score, "benchmark": {"kind": "fixed", "value": 1}}
    return made


def graded(folder: Path, grades: dict[str, Any], points: list[int]) -> Outcome:
    """Subjects with these totals; a subject's only item is worth its points."""
    rows = [{"subject": f"S{at:03d}", "tax_yuan": n, "land_m2": 100} for at, n in enumerate(points)]
    made = scheme(folder, content(grades))
    found = evaluate(made, facts(made, rows), threads=1)
    expected = Oracle(content(grades), rows).table(found.results.schema, scales(made))
    assert expected.to_pylist() == found.results.to_pylist()
    assert table_digest(expected) == found.result_digest
    return found


def letters(found: Outcome) -> dict[str, int]:
    return dict(Counter(row["grade"] for row in found.results.to_pylist()))


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, {}),
        (1, {"A": 1}),
        (5, {"A": 5}),
        (6, {"A": 5, "C": 1}),
        (10, {"A": 5, "C": 5}),
        (11, {"A": 5, "B": 1, "C": 5}),
        (122, {"A": 5, "B": 112, "C": 5}),
    ],
)
def test_the_first_and_the_last_five_of_a_list(
    tmp_path: Path, n: int, expected: dict[str, int]
) -> None:
    assert letters(graded(tmp_path, TOP_AND_LAST, [500 - at for at in range(n)])) == expected


def test_those_who_are_equal_at_the_fifth_place_are_all_among_the_first(tmp_path: Path) -> None:
    found = graded(tmp_path, TOP_AND_LAST, [9, 8, 7, 6, 5, 5, 5, 4, 3, 2, 1, 0])
    assert letters(found) == {"A": 7, "C": 5}


def test_strict_ties_give_just_as_many_places_as_are_stated(tmp_path: Path) -> None:
    strict = {**TOP_AND_LAST, "tie": "strict"}
    found = graded(tmp_path, strict, [9, 8, 7, 6, 5, 5, 5, 4, 3, 2, 1, 0])
    assert letters(found) == {"A": 5, "B": 2, "C": 5}


@pytest.mark.parametrize(("points", "grade"), [(89, "B"), (90, "A"), (91, "A")])
def test_a_place_among_the_first_is_not_enough_below_the_line(
    tmp_path: Path, points: int, grade: str
) -> None:
    found = graded(tmp_path, SHARES, [points, 80, 70, 60])
    assert found.row("S000")["grade"] == grade
    [line] = [line for line in found.lines if line.grade == "A"]
    assert line.standing == max(points, 90) * 10 ** found.scheme.digits["score"]


@pytest.mark.parametrize(("points", "grade"), [(59, "D"), (60, "C"), (61, "C")])
def test_the_last_share_ends_where_its_line_is(tmp_path: Path, points: int, grade: str) -> None:
    assert graded(tmp_path, SHARES, [95, 94, 80, points]).row("S003")["grade"] == grade


@given(
    st.lists(st.integers(0, 130), max_size=30),
    st.sampled_from(["include_up", "strict"]),
    st.sampled_from([SHARES, {**TOP_AND_LAST, "at_least": {"B": 50}}]),
)
@pytest.mark.property
def test_places_and_lines_are_those_of_the_oracle(
    tmp_path_factory: pytest.TempPathFactory,
    points: list[int],
    tie: str,
    grades: dict[str, Any],
) -> None:
    graded(tmp_path_factory.mktemp("places"), {**grades, "tie": tie}, points)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"count": {"A": 5, "B": 5, "C": 5}}, "恰有一档为 rest"),
        ({"count": {"A": 5, "B": "rest"}}, "应恰好给出这些档次：A、B、C；现有 A、B"),
        ({"count": {"A": -1, "B": "rest", "C": 5}}, "“-1”应是 0 到 1000000000 的整数"),
        ({"at_least": {"C": 5}}, "at_least 可写这些档次：A、B；不认识 C"),
        ({"at_least": {"A": 5, "B": 5}}, "at_least 应随档次下降而递减"),
    ],
)
def test_a_wrong_number_of_places_is_said(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(SchemeError, match=said):
        scheme(tmp_path, content({**TOP_AND_LAST, **change}))
