"""`lifts` under every method, on random populations: the answer, by the oracle, gives the grade and
no smaller change does."""

import os
import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.test_lifts import Proof
from tests.engine.test_methods import ABSENT, ITEMS, MEANS, turn
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import Lifts, lifts

POINTS = [
    {"id": "good", "kind": "bonus", "each": "1.5", "events": "lifted / 4",
     "at_most": "6", "status": "default"},
    {"id": "much", "kind": "bonus", "each": "4", "when": "tax_yuan > 1.5", "status": "default"},
    {"id": "bad", "kind": "deduction", "each": "5", "when": "land_m2 > 1", "status": "default"},
]  # fmt: skip
MARKS = ("mark_1", "mark_2", "mark_3", "mark_4")
SHOWN = 60 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 12
"""So many smaller changes are tried by the oracle, half of them near the answer."""
GRADES = {
    "shares": {
        "kind": "shares", "order": ["A", "B", "C"], "share": {"A": 30, "B": 40, "C": 30},
        "rounding": {"A": "ceil", "B": "rest", "C": "floor"}, "status": "default",
    },
    "counts": {
        "kind": "counts", "order": ["A", "B", "C"], "count": {"A": 2, "B": 2, "C": "rest"},
        "at_least": {"A": "60", "B": "50"}, "status": "default",
    },
    "thresholds": {
        "kind": "thresholds", "order": ["A", "B", "C"], "at_least": {"A": "75", "B": "45"},
        "status": "default",
    },
}  # fmt: skip


SOME = {
    'scale == "below"': 'scale == "big"',
    'scale == "above" and land_m2 > "3 亩"': 'scale == "big" and land_m2 > 1',
    "vetoed == 1": "tax_yuan > 1",
    "capped == 0": "lifted > 100",
    "vetoed == 0": "not land_m2 > 2",
}
"""Conditions of populations over the facts of this scheme, many of which an answer moves."""


def lifted(method: dict[str, Any]) -> dict[str, Any]:
    """A method over the facts of this scheme."""
    bench, score = method.get("benchmark", {}), method.get("score", {"kind": "ratio"})
    if "population" in bench:
        population = bench["population"]
        bench = {**bench, "population": SOME.get(population, population)}
    if "previous" in score:
        past = {"previous": "goal_yuan", "over": "land_m2 * 2"}
        score = {**score, **(past if "over" in score else {"previous": "goal_yuan / 3"})}
    if "marks" in score:
        score = {**score, "marks": list(MARKS)}
    if bench.get("kind") == "target":
        bench = {"kind": "target", "of": "goal_yuan / 2"}
    elif bench.get("kind") == "previous_year":
        own = {**bench, "of": "goal_yuan", "over": "land_m2 * 2"}
        stated = {"value": {"big": "1.5", "rest": "0.75"}}
        bench = {"kind": "previous_year", **(own if "of" in bench else stated)}
    stated = {"score": score} if "score" in method else {}
    return {**method, **stated, **({"benchmark": bench} if bench else {})}


def plan(method: dict[str, Any], absent: Any, grades: str, **changes: Any) -> dict[str, Any]:
    """A scheme of two groups and two items, one of them by the method."""
    made = one_item(adjustments=[], grades=GRADES[grades])
    made["attributes"] = {"scale": {}}
    made["facts"]["goal_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    made["facts"] |= {code: {"unit": "1", "quantum": "1"} for code in MARKS}
    target = method.get("benchmark", {}).get("kind") == "target"
    item = {"numerator": "tax_yuan", "unit": "元", "score": {"kind": "ratio", "cap": "1.4"}}
    if not target:
        item |= {"denominator": "land_m2", "unit": "元/㎡"}
    scored = method.get("score", {}).get("kind", "ratio")
    if scored in ("ratio", "reverse", "completion"):
        item["benchmark"] = {"kind": "total_over_total"}
    plain = {key: rule for key, rule in item.items() if key != "denominator"}
    if scored == "trimmed_mean":
        item = {"unit": "1"}
    made["indicators"] = {
        "m": {**item, **method, "absent": absent, "status": "default"},
        "plain": {
            **plain,
            "numerator": "lifted",
            "unit": "1",
            "absent": "zero",
            "benchmark": {"kind": "mean_of_values"},
            "status": "default",
        },
    }
    if absent == "reweigh":
        made["indicators"]["plain"]["absent"] = {
            "missing": "reweigh",
            "not_applicable": "zero",
            "zero_denominator": "zero",
            "negative_denominator": "zero",
        }
        made["item"] = {"absent": "reweigh", "status": "default"}
    weights = {"weights": {"m": "62.5", "plain": "37.5"}, "status": "default"}
    made["groups"] = {
        "big": {"when": 'scale == "big"', **weights},
        "rest": {**weights, "weights": {"m": "40", "plain": "60"}},
    }
    return {**made, "tie_break": ["total", "m", "subject"], **changes}


def crew(seed: int, n: int, most: int) -> list[dict[str, Any]]:
    """Subjects of whom some lack something; a small `most` makes ties."""
    made = random.Random(seed)
    gaps: list[Any] = [None, "zero", "n/a", 0]
    return [
        {"subject": f"S{at:02d}", "scale": made.choice(["big", "big", "big", "small"])}
        | {
            code: made.choice([*gaps, *[made.randint(1, most)] * 24])
            for code in ("tax_yuan", "land_m2", "goal_yuan", "lifted", *MARKS)
        }
        for at in range(n)
    ]


METHODS = {name: lifted(method) for name, method in ITEMS.items()}


def prove(folder: Path, plan: dict[str, Any], rows: list[dict[str, Any]]) -> list[Lifts]:
    """Apply every answer by the oracle, and every smaller change up to some number of steps."""
    made = scheme(folder, plan)
    outcome = evaluate(made, facts(made, rows), threads=1)
    answers = [lifts(outcome, row["subject"]) for row in rows]
    for found in answers:
        if found.target is not None:
            proof = Proof(plan, rows, found)
            proof.holds()
            _nothing_less(proof, next(r for r in rows if r["subject"] == found.subject))
    return answers


def _nothing_less(proof: Proof, now: dict[str, Any]) -> None:
    ways = {(way.fact, way.direction): way for item in proof.found.items for way in item.ways}
    for (fact, direction), way in ways.items():
        before = 0 if now[fact] in (None, "zero", "n/a") else now[fact]
        step = 1 if direction == "up" else -1
        end = way.change.after if way.change else before + step * SHOWN
        steps = range(before + step, max(end, -1), step)
        if way.change is not None or way.reason in ("beyond", "to_zero"):
            for value in {*steps[: SHOWN // 2], *steps[-SHOWN // 2 :]}:
                assert not proof.reaches({fact: value}), (way, value)


@pytest.mark.parametrize(("name", "absent"), turn(list(METHODS)), ids=str)
def test_a_method_is_lifted_as_the_oracle_says(tmp_path: Path, name: str, absent: Any) -> None:
    seed = len(name) * 7 + len(str(absent))
    made = random.Random(seed)
    points = {"points": POINTS} if seed % 2 else {}
    content = plan(METHODS[name], absent, made.choice(["shares", "counts"]), **points)
    found = prove(tmp_path, content, crew(seed, 7, 300))
    assert any(answer.target for answer in found)


@pytest.mark.parametrize(
    ("kind", "exponent", "absent"),
    [(*mean, ["zero", "reweigh", "group_mean_value"][at % 3]) for at, mean in enumerate(MEANS)],
)
def test_a_mean_is_lifted_as_the_oracle_says(
    tmp_path: Path, kind: str, exponent: str | None, absent: str
) -> None:
    content = plan({"score": {"kind": "min_max", "base": "0.1"}}, absent, "shares")
    for group in content["groups"].values():
        group |= {"aggregate": kind, **({"exponent": exponent} if exponent else {})}
        group["weights"] = {"m": "60", "plain": "40"}  # whose powers end in no exact half
    found = prove(tmp_path, content, crew(len(kind), 6, 40))
    assert any(answer.target for answer in found)


@pytest.mark.soak
@pytest.mark.property
@pytest.mark.parametrize("absent", ABSENT, ids=str)
@pytest.mark.parametrize("name", METHODS)
def test_any_population_is_lifted_so(tmp_path: Path, name: str, absent: Any) -> None:
    made = random.Random(f"{name} {absent}")
    grades = made.choice(list(GRADES))
    changes: dict[str, Any] = {"points": POINTS} if made.random() < 0.5 else {}
    content = plan(METHODS[name], absent, grades, **changes)
    if grades != "thresholds" and made.random() < 0.5:
        content["grades"] = {**content["grades"], "tie": "strict"}
    rows = crew(made.randrange(10**9), made.choice([3, 7, 12]), made.choice([5, 300, 10**6]))
    prove(tmp_path, content, rows)
