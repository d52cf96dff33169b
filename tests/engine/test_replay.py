"""What lies under `lifts` and `compare`: columns are exact at any size, a row answers for ranges
only what holds everywhere in them, grades follow from places."""

import random
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.build import facts, one_item, scheme
from wuhao.engine.bounds import Range
from wuhao.engine.columns import SAFE, added, column, scaled, times, wide
from wuhao.engine.evaluate import evaluate
from wuhao.engine.exact import INT64_MAX, div
from wuhao.engine.facts import State
from wuhao.engine.grading import by_place, last_places
from wuhao.engine.model import LACKS, Scheme
from wuhao.engine.replay import Replay
from wuhao.engine.row import Row


@pytest.mark.parametrize(
    ("factor", "by"),
    [(1, 3), (10**8, 7), (10**12, 10**9), (10**12, 10**17), (10**8, SAFE // 5), (3, SAFE)],
)
def test_scaled_columns_are_what_div_gives_one_by_one(factor: int, by: int) -> None:
    made = random.Random(factor % 97 + by % 89)
    most = min(INT64_MAX, INT64_MAX * by // factor)
    values = [0, 1, most // 2, *(made.randint(0, most // 4) for _ in range(50))]
    expected = [div(value * factor, by) for value in values]
    assert scaled(column(values), factor, by).tolist() == expected
    assert scaled(wide(values), factor, by).tolist() == expected


def test_halves_are_rounded_up() -> None:
    assert scaled(column([1, 3, 5]), 1, 2).tolist() == [1, 2, 3]
    assert scaled(column([25, 35]), 1, 10).tolist() == [3, 4]


def test_products_and_sums_leave_64_bits_without_loss() -> None:
    assert times(column([2**40, -(2**41)]), 2**30).tolist() == [2**70, -(2**71)]
    assert times(column([]), 5).tolist() == []
    assert times(column([2, -3]), 5).dtype == np.int64
    assert added(column([INT64_MAX] * 3)) == 3 * INT64_MAX
    assert added(column([])) == 0
    assert column([2**70]).dtype == object


@pytest.fixture
def made(tmp_path: Path) -> Scheme:
    item: dict[str, Any] = one_item()["indicators"]["tax"]
    texts = {
        "is_c": 'sector == "C"', "in": 'sector in ["C", "D"]', "not_c": 'sector != "C"',
        "late": 'sector >= "D"', "starts": 'starts(sector, "C", "N")',
        "no_sector": "missing(sector)",
        "no_tax": "missing(tax_yuan)", "rich": 'tax_yuan > "0.0005 万元"', "even": "tax_yuan == 5",
        "other": "tax_yuan != 5", "poor": "not tax_yuan > 5", "small": "land_m2 <= 1",
        "both": "tax_yuan > 5 and land_m2 > 1", "either": "tax_yuan > 5 or land_m2 > 1",
    }  # fmt: skip
    cap = {"kind": "cap", "to": "C", "status": "default"}
    rules = [{**cap, "id": name, "when": when} for name, when in texts.items()]
    content = one_item(attributes={"sector": {}}, adjustments=rules)
    content["facts"]["land_m2"]["not_applicable"] = "zero"
    content["indicators"]["tax"] = {**item, "denominator": "land_m2 - capped"}
    content["facts"]["capped"] = {"unit": "m2", "quantum": "0.01"}
    return scheme(tmp_path, content)


def answers(made: Scheme, row: dict[str, Any], **box: Range) -> dict[str, bool | None]:
    table = facts(made, [{"subject": "甲", **row}]).table
    found = Row.of(made, table.to_pylist()[0]).moved(box)
    return {rule.code: found.holds(rule.when) for rule in made.adjustments}


def test_conditions_answer_as_the_engine_does(made: Scheme) -> None:
    cells: dict[str, list[Any]] = {
        "sector": ["C", "D4", "N", None],
        "tax_yuan": [499, 500, 501, None, "zero"],
        "land_m2": [100, 101, None, "n/a"],
    }
    rows = [
        {"subject": f"{at:03d}", "sector": s, "tax_yuan": t, "land_m2": n, "capped": "zero"}
        for at, (s, t, n) in enumerate(
            (s, t, n) for s in cells["sector"] for t in cells["tax_yuan"] for n in cells["land_m2"]
        )
    ]
    results = evaluate(made, facts(made, rows), threads=1).results.to_pylist()
    assert len(results) == prod(map(len, cells.values()))
    for row, result in zip(rows, results, strict=True):
        held = [code for code, answer in answers(made, row).items() if answer]
        assert (result["adjustments"] or "").split(",") == (held or [""])


def test_a_condition_that_holds_in_part_of_a_range_is_unsure(made: Scheme) -> None:
    row = {"sector": "C", "tax_yuan": None, "land_m2": 100}
    wide_box = answers(made, row, tax_yuan=Range(400, 600))
    unsure = [code for code, answer in wide_box.items() if answer is None]
    assert unsure == ["rich", "even", "other", "poor", "either"]
    assert (wide_box["no_tax"], wide_box["both"], wide_box["small"]) == (False, False, True)
    above = answers(made, row, tax_yuan=Range(501, 600))
    assert None not in above.values()
    assert (above["rich"], above["other"], above["even"], above["poor"]) == (
        True,
        True,
        False,
        False,
    )


def test_a_range_over_zero_is_unsure_whether_there_is_a_denominator(made: Scheme) -> None:
    item = made.indicators["tax"]
    cells = {"sector": None, "tax_yuan": 5, "land_m2": 100, "capped": 0}
    row = Row.of(made, facts(made, [{"subject": "甲", **cells}]).table.to_pylist()[0])
    lacks = {
        name: row.moved({"capped": span}).lack(item)
        for name, span in {
            "some": Range(0, 99), "zero": Range(100, 100), "negative": Range(101, 200),
            "unsure": Range(99, 101),
        }.items()
    }  # fmt: skip
    zero, negative = (1 + LACKS.index(f"{word}_denominator") for word in ("zero", "negative"))
    assert lacks == {"some": 0, "zero": zero, "negative": negative, "unsure": None}
    silent = facts(made, [{"subject": "甲", "tax_yuan": "n/a", "land_m2": 1, "capped": 0}])
    silent_row = Row.of(made, silent.table.to_pylist()[0])
    assert silent_row.states["tax_yuan"] is State.NOT_APPLICABLE
    assert silent_row.lack(item) == 1 + LACKS.index("not_applicable")
    assert silent_row.sum(item.numerator.terms) is None


def replay(folder: Path, rows: list[dict[str, Any]], subject: str, **changes: Any) -> Replay:
    found = scheme(folder, one_item(**changes))
    outcome = evaluate(found, facts(found, rows), threads=1)
    assert found.grades is not None
    return Replay(outcome, subject, found.grades)


@pytest.mark.parametrize(
    ("box", "grade", "still"),
    [
        pytest.param({"tax_yuan": Range(1, 10**6)}, 1, False, id="all grades are in it"),
        pytest.param({"land_m2": Range(-5, 5)}, 1, False, id="land may be none"),
        pytest.param({"land_m2": Range(0, 0)}, 0, True, id="no land, no grade"),
        pytest.param({"vetoed": Range(0, 1)}, 1, False, id="a rule may apply"),
        pytest.param({"vetoed": Range(1, 1)}, 4, True, id="a rule applies"),
        pytest.param({"lifted": Range(5, 9)}, 0, True, id="out of scope"),
        pytest.param({"lifted": Range(3, 9)}, 1, False, id="perhaps out of scope"),
        pytest.param({"capped": Range(7, 7)}, 0, True, id="in another group"),
        pytest.param({"capped": Range(2, 9)}, 1, False, id="perhaps in another group"),
        pytest.param({"tax_yuan": Range(2**62, 2**62), "land_m2": Range(1, 1)}, 0, True,
                     id="too much"),
    ],
)  # fmt: skip
def test_a_box_is_bounded_by_what_may_be_in_it(
    tmp_path: Path, box: dict[str, Range], grade: int, still: bool
) -> None:
    rows = [{"subject": f"S{n}", "tax_yuan": 1400 - 100 * n, "land_m2": 100, "lifted": 0,
             "capped": 0, "vetoed": 0} for n in range(10)]  # fmt: skip
    groups = {
        "first": {"when": "capped > 5", "weights": {"tax": 100}, "status": "default"},
        "rest": {"weights": {"tax": 100}, "status": "default"},
    }
    scope = {"exclude": [{"id": "out", "when": "lifted > 4", "status": "default"}]}
    adjustments = one_item()["adjustments"][:1]
    for benchmark in ({"kind": "fixed", "value": "10"}, {"kind": "mean_of_values"}):
        item = {"tax": {**one_item()["indicators"]["tax"], "benchmark": benchmark}}
        rules = {"groups": groups, "scope": scope, "adjustments": adjustments, "indicators": item}
        found = replay(tmp_path, rows, "S5", **rules).reach(box)
        assert (found.grade, found.still) == (grade, still)


def test_a_benchmark_that_may_be_none_is_unsure(tmp_path: Path) -> None:
    item = {**one_item()["indicators"]["tax"], "benchmark": {"kind": "total_over_total"}}
    rows = [{"subject": s, "tax_yuan": t, "land_m2": 100} for s, t in (("甲", 10), ("乙", -500))]
    grades = {
        "kind": "thresholds",
        "order": ["A", "B"],
        "at_least": {"A": "1"},
        "status": "default",
    }
    rules = {"indicators": {"tax": item}, "grades": grades, "adjustments": []}
    found = replay(tmp_path, rows, "甲", **rules)
    assert found.reach({"tax_yuan": Range(1, 400)}).grade == 2
    assert found.reach({"tax_yuan": Range(400, 600)}).grade == 1
    assert not found.reach({"tax_yuan": Range(400, 600)}).still
    assert found.full({"tax_yuan": Range(400, 600)}).grade == 1
    assert found.full({"tax_yuan": Range(2**62, 2**62), "land_m2": Range(1, 1)}).grade == 0
    assert found.value_at("tax", {"land_m2": Range(0, 0)}) is None


@pytest.mark.parametrize(
    ("base", "expected"),
    [(100, [20, 75, 95]), (37, [7, 27, 35]), (10, [2, 7, 9]), (3, [0, 1, 2]), (0, [0, 0, 0])],
)
def test_last_places_are_those_of_the_published_rounding(
    tmp_path: Path, base: int, expected: list[int]
) -> None:
    grades = scheme(tmp_path, one_item()).grades
    assert grades is not None
    assert last_places(grades, base) == expected
    reached = [by_place(grades, ahead, base) for ahead in range(base)]
    assert [sum(grade <= at for grade in reached) for at in (1, 2, 3)] == expected
    assert Fraction(grades.kind.params["share"]["A"]) == 20


@pytest.mark.parametrize("kind", ["total_over_total", "mean_of_values"])
@pytest.mark.parametrize("others", [0, 3])
@pytest.mark.parametrize("absent", ["zero", "group_average"])
def test_a_subject_that_loses_its_value_is_graded_as_evaluate_does(
    tmp_path: Path, kind: str, others: int, absent: str
) -> None:
    item = {**one_item()["indicators"]["tax"], "benchmark": {"kind": kind}, "absent": absent}
    grades = {
        "kind": "thresholds",
        "order": ["A", "B"],
        "at_least": {"A": "90"},
        "status": "default",
    }
    rows = [{"subject": f"S{n}", "tax_yuan": 900 + n, "land_m2": 100} for n in range(others + 1)]
    for changes in ({"grades": grades, "adjustments": []}, {}):
        shown = {"indicators": {"tax": item}, **changes}
        found = replay(tmp_path, rows, "S0", **shown).reach({"land_m2": Range(0, 0)})
        lost = [{**rows[0], "land_m2": 0}, *rows[1:]]
        made = scheme(tmp_path, one_item(**shown))
        assert made.grades is not None
        row = evaluate(made, facts(made, lost), threads=1).row("S0")
        assert row is not None
        assert made.grades.order[found.grade - 1] == row["grade"]


def test_an_item_without_denominator_is_replayed(tmp_path: Path) -> None:
    item = {**one_item()["indicators"]["tax"], "unit": "元"}
    del item["denominator"]
    rows = [{"subject": s, "tax_yuan": t} for s, t in (("甲", 500), ("乙", 900), ("丙", 700))]
    found = replay(tmp_path, rows, "甲", indicators={"tax": item})
    assert [found.reach({"tax_yuan": Range(t, t)}).grade for t in (699, 700, 900)] == [4, 3, 2]
    assert found.value_at("tax", {"tax_yuan": Range(700, 700)}) == 7_000_000
