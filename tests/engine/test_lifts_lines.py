"""`lifts` and `compare` through limits, floors, factors and lifts by a number of grades: by hand,
and by the oracle on random populations."""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.test_compare_methods import check, later
from tests.engine.test_lifts import ladder, ways
from tests.engine.test_lifts_methods import METHODS, crew, plan, prove
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import Lifts, lifts

DEFAULT = {"status": "default"}
GOOD = {"id": "good", "kind": "bonus", "each": "1.5", "events": "lifted / 40", **DEFAULT}
MUCH = {"id": "much", "kind": "bonus", "each": "4", "when": "tax_yuan > 1.5", **DEFAULT}
FINE = {"id": "fine", "kind": "deduction", "each": "50", "when": "land_m2 > 1",
        "floor": "20", **DEFAULT}  # fmt: skip
LATE = {"id": "late", "kind": "deduction", "each": "0.1", "events": "mark_1 / 7",
        **DEFAULT}  # fmt: skip
SIZE = {"id": "size", "kind": "factor", "by": "scale", "table": {"big": "1.2"},
        "otherwise": "0.85", "floor": "-1", **DEFAULT}  # fmt: skip
RICH = {"id": "rich", "kind": "factor", "times": "1.05", "when": "lifted > 150", **DEFAULT}
BONUS = {"id": "bonus", "lines": ["good", "much"], "at_most": "9", **DEFAULT}
MINUS = {"id": "minus", "lines": ["fine", "late"], "at_most": "30", **DEFAULT}
UPS = [
    {"id": "up", "kind": "lift", "up": 1, "when": "lifted > 200", **DEFAULT},
    {"id": "lift", "kind": "lift", "to": "B", "when": "tax_yuan > 2.5", **DEFAULT},
]
CHANGES: dict[str, dict[str, Any]] = {
    "limits": {"points": [GOOD, MUCH, LATE, {**FINE, "floor": "-99"}],
               "point_limits": [BONUS, MINUS]},
    "floors": {"points": [FINE, GOOD, {**LATE, "floor": "40"}]},
    "factors": {"points": [RICH, LATE, SIZE]},
    "ups": {"adjustments": UPS},
    "all": {"points": [GOOD, RICH, FINE, MUCH, SIZE, LATE],
            "point_limits": [BONUS, MINUS], "adjustments": UPS},
}  # fmt: skip
TURN = [("limits", "shares"), ("floors", "counts"), ("factors", "thresholds"),
        ("ups", "shares"), ("all", "thresholds"), ("all", "shares")]  # fmt: skip


@pytest.mark.parametrize(("name", "grades"), TURN)
def test_lines_are_lifted_as_the_oracle_says(tmp_path: Path, name: str, grades: str) -> None:
    method = METHODS["from a base up"]
    content = plan(method, "zero", grades, **CHANGES[name])
    answers = prove(tmp_path, content, crew(len(name) + len(grades), 6, 300))
    assert any(answer.target for answer in answers)


@pytest.mark.parametrize(("name", "grades"), TURN)
def test_lines_are_split_as_the_oracle_does(tmp_path: Path, name: str, grades: str) -> None:
    content = plan(METHODS["the best is the benchmark"], "zero", grades, **CHANGES[name])
    seed = len(name) + len(grades)
    rows = crew(seed, 12, 300)
    assert check(tmp_path, content, rows, later(rows, seed, 300), seed)


@pytest.mark.soak
@pytest.mark.property
@pytest.mark.parametrize("grades", ["shares", "counts", "thresholds"])
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("method", ["reverse", "steps by rank", "level and growth"])
def test_any_lines_are_lifted_and_split_so(
    tmp_path: Path, method: str, name: str, grades: str
) -> None:
    made = random.Random(f"{method} {name} {grades}")
    content = plan(METHODS[method], "group_average", grades, **CHANGES[name])
    seed, most = made.randrange(10**9), made.choice([5, 300, 10**6])
    rows = crew(seed, 7, most)
    (tmp_path / "lifts").mkdir()
    prove(tmp_path / "lifts", content, rows)
    check(tmp_path, content, rows, later(rows, seed, most), seed)


# ---- by hand ---------------------------------------------------------------------------------


def lifted(folder: Path, at_least: str, row: dict[str, Any], **changes: Any) -> Lifts:
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": at_least}}
    made = scheme(folder, one_item(grades={**grades, **DEFAULT}, adjustments=[], **changes))
    rows = [{"subject": "S", "land_m2": 100, **row}]
    return lifts(evaluate(made, facts(made, rows), threads=1), "S")


EVENTS = {"kind": "bonus", "events": "lifted", **DEFAULT}
LINES = [{"id": "a", "each": 1, **EVENTS}, {"id": "b", "each": 2, **EVENTS, "events": "vetoed"}]
FIVE = [{"id": "five", "lines": ["a", "b"], "at_most": 5, **DEFAULT}]


def test_a_limit_holds_what_two_lines_may_give(tmp_path: Path) -> None:
    """Without a limit ten honours would be ten points; five are all, the rest is taxes."""
    rules: dict[str, Any] = {"points": LINES, "point_limits": FIVE}
    found = lifted(tmp_path, "60", {"tax_yuan": 500, "lifted": 10, "vetoed": 0}, **rules)
    assert ways(found)["tax_yuan"] == (550, None)


def measured_honours(at_least: str, folder: Path) -> tuple[int | None, str | None]:
    """Two honours of two points each, and an item of one in a hundred honours."""
    item = {"numerator": "lifted", "unit": "1", "absent": "zero", **DEFAULT,
            "benchmark": {"kind": "fixed", "value": 100},
            "score": {"kind": "ratio", "cap": "1"}}  # fmt: skip
    rules: dict[str, Any] = {"points": LINES, "point_limits": FIVE, "indicators": {"tax": item}}
    return ways(lifted(folder, at_least, {"lifted": 1, "vetoed": 2}, **rules))["lifted"]


def test_a_fact_leads_past_a_limit_through_its_item_alone(tmp_path: Path) -> None:
    """The first honour fills the limit of five; from there on each is a point of the item."""
    assert measured_honours("25", tmp_path) == (20, None)
    assert measured_honours("105.01", tmp_path) == (None, "capped")


def test_a_floor_keeps_what_a_deduction_would_take(tmp_path: Path) -> None:
    """A fine of 50 leaves 20 of anything between 20 and 70; 30 need 80 before it."""
    fine = {**FINE, "when": "land_m2 > 0"}
    found = lifted(tmp_path, "30", {"tax_yuan": 300}, points=[fine])
    assert ways(found)["tax_yuan"] == (800, None)


def test_a_factor_multiplies_what_is_missing(tmp_path: Path) -> None:
    """75 at a factor of 1.2 are 90; the item alone is enough with 7.5 yuan."""
    factor = {"id": "f", "kind": "factor", "times": "1.2", "when": "land_m2 > 0", **DEFAULT}
    found = lifted(tmp_path, "90", {"tax_yuan": 300}, points=[factor])
    assert ways(found)["tax_yuan"] == (750, None)


def test_a_lift_by_a_grade_is_added_to_the_place(tmp_path: Path) -> None:
    """The last is lifted from D to C; with the place of C, 6 yuan like S8, it is in B."""
    up = {"id": "up", "kind": "lift", "up": 1, "when": "lifted == 1", **DEFAULT}
    made = scheme(tmp_path, one_item(adjustments=[up]))
    outcome = evaluate(made, facts(made, ladder(S9={"lifted": 1})), threads=1)
    found = lifts(outcome, "S9")
    assert (found.grade, found.target) == ("C", "B")
    assert ways(found)["tax_yuan"] == (600, None)
