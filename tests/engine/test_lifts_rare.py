"""`lifts` where hardly anybody has a figure, and at the edge of what can be evaluated."""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.test_lifts import run, ways
from tests.engine.test_lifts_methods import METHODS, POINTS, plan, prove
from tests.engine.test_lifts_units import outcome
from tests.engine.test_units import TENANTS, content, firm
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import lifts

CODES = ("tax_yuan", "land_m2", "goal_yuan", "lifted", "mark_1", "mark_2", "mark_3", "mark_4")
HIGH = {
    "grades": {
        "kind": "thresholds",
        "order": ["high", "low"],
        "at_least": {"high": "100"},
        "status": "default",
    },
    "adjustments": [],
}


def sparse(seed: int, n: int) -> list[dict[str, Any]]:
    """Subjects of whom seven figures of ten are absent."""
    made = random.Random(seed)
    absent: list[Any] = [None, "zero", "n/a", 0]
    return [
        {"subject": f"S{at:02d}", "scale": made.choice(["big", "big", "big", "small"])}
        | {
            code: made.choice(absent) if made.random() < 0.7 else made.randint(1, 300)
            for code in CODES
        }
        for at in range(n)
    ]


@pytest.mark.parametrize(
    ("name", "absent", "grades", "seed", "n"),
    [
        ("the best is the benchmark", "group_mean_value", "shares", 800798, 7),
        ("steps from the least", "group_median_value", "counts", 286497, 4),
        ("distance to a number", "group_mean_value", "counts", 141628, 3),
    ],
)
def test_a_method_of_which_nobody_has_a_figure_is_lifted_as_the_oracle_says(
    tmp_path: Path, name: str, absent: Any, grades: str, seed: int, n: int
) -> None:
    content = plan(METHODS[name], absent, grades, points=POINTS)
    prove(tmp_path, content, sparse(seed, n))


def beyond_yard(**changes: Any) -> dict[str, Any]:
    """One item, over the land that is left beyond five square metres of yard."""
    content = one_item(**HIGH)
    content["facts"]["yard_m2"] = {"unit": "m2", "quantum": "0.01"}
    content["facts"]["past_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    content["indicators"]["tax"] |= changes
    return content


def plot(subject: str, tax: int, land: int, **more: int) -> dict[str, Any]:
    return {"subject": subject, "tax_yuan": tax, "land_m2": land, "yard_m2": 500, **more}


def test_less_land_does_not_lead_where_the_evaluation_is_refused(tmp_path: Path) -> None:
    """At five square metres nothing is left to divide by, and that may not be."""
    content = beyond_yard(denominator="land_m2 - yard_m2", absent="refuse")
    found = lifts(run(tmp_path, [plot("甲", 1, 600)], **content), "甲")
    assert ways(found)["land_m2"] == (None, "to_zero")
    found = lifts(run(tmp_path, [plot("甲", 100, 600)], **content), "甲")
    assert ways(found)["land_m2"] == (510, None)  # one yuan on a tenth of a square metre


def test_last_year_s_land_may_be_none_by_the_change_that_is_sought(tmp_path: Path) -> None:
    """Less land is less to divide by in this year, and none in the last year's quotient."""
    over = "land_m2 - yard_m2"
    past = {"kind": "previous_year", "of": "past_yuan", "over": over}
    for population in ("own", "group"):
        content = beyond_yard(benchmark={**past, "population": population})
        rows = [plot("甲", 1000, 600, past_yuan=1000), plot("乙", 1000, 600, past_yuan=1000)]
        for found in prove(tmp_path, content, rows):
            assert found.target == "high"


def test_a_unit_s_sum_is_not_led_beyond_64_bits(tmp_path: Path) -> None:
    most = 2**62
    rows = [firm("O", 300, 2**40), firm("T", most, 2**61, "O")]
    found = lifts(outcome(tmp_path, rows, TENANTS), "O")
    assert ways(found)["tax_yuan"][1] == "beyond"


def test_an_item_with_its_greatest_share_is_not_asked_for_more(tmp_path: Path) -> None:
    lines = [{"at_least": 5, "share": 1}, {"at_least": 2, "share": 0.5}]
    steps = {"kind": "interval", "table": lines}
    content = one_item(**HIGH)
    tax = content["indicators"]["tax"]
    land = {**tax, "score": steps}
    del land["benchmark"]
    content["indicators"]["land"] = land
    content["groups"]["all"]["weights"] = {"tax": 50, "land": 50}
    rows = [{"subject": "甲", "tax_yuan": 700, "land_m2": 100}]
    found = lifts(run(tmp_path, rows, **content), "甲")
    assert found.joint is not None
    assert [(change.fact, change.after) for change in found.joint.changes] == [("tax_yuan", 1000)]


@pytest.mark.parametrize(("least", "way"), [("0.5", (50, None)), ("0.51", (None, "leaves"))])
def test_a_head_may_leave_every_group_by_the_change_that_is_sought(
    tmp_path: Path, least: str, way: tuple[int | None, str | None]
) -> None:
    """Six yuan are ten on a square metre where the head has half of one beside its tenant's."""
    rows = [firm("O", 300, 60), firm("T", 300, 10, "O")]
    made = content(TENANTS) | HIGH
    made["groups"]["all"]["when"] = f"land_m2 >= {least}"
    built = scheme(tmp_path, made)
    found = lifts(evaluate(built, facts(built, rows), threads=1), "O")
    assert ways(found)["land_m2"] == way
