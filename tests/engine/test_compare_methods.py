"""`compare` under every method: the parts are those of the slow oracle with things held, and add up
exactly."""

import copy
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import Oracle
from tests.engine.oracle_held import HeldMethods, Rows
from tests.engine.oracle_units import merged_rows
from tests.engine.test_lifts import ladder
from tests.engine.test_lifts_methods import METHODS, crew, plan
from tests.engine.test_methods import ABSENT, MEANS, turn
from wuhao.engine.compare import Move, compare
from wuhao.engine.evaluate import evaluate


def later(rows: Rows, seed: int, most: int) -> Rows:
    """The same subjects a year on: some facts moved or lost, one subject gone, two new."""
    made = random.Random(seed)
    kept = [dict(row) for row in rows[1:]]
    for row in kept:
        for code in ("tax_yuan", "land_m2", "lifted", "goal_yuan", "mark_1", "mark_2"):
            if made.random() < 0.4:
                row[code] = made.choice([*[made.randint(1, most)] * 4, None, 0])
    new = [{**row, "subject": f"{row['subject']}新"} for row in crew(seed + 1, 2, most)]
    return [*kept, *new]


def reformed(content: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(content)
    made["groups"]["big"]["weights"] = {"m": "30", "plain": "70"}
    return made


def check(folder: Path, content: dict[str, Any], rows: Rows, after: Rows, seed: int) -> list[Move]:
    """Compare two outcomes, and every part of a few subjects with the oracle's."""
    outcomes = []
    for name, written, facts_of in (("a", content, rows), ("b", reformed(content), after)):
        (folder / name).mkdir()
        made = scheme(folder / name, written)
        outcomes.append(evaluate(made, facts(made, facts_of), threads=1))
    if "evaluation_unit" in content:
        rows, after = (merged_rows(Oracle(content, r)) for r in (rows, after))
        content = {key: rule for key, rule in content.items() if key != "evaluation_unit"}
    was, now = (Oracle(content, r).run() for r in (rows, after))
    middle = {r["subject"]: r for r in now}
    shifted = {r["subject"]: r for r in HeldMethods(content, after, now, was).run()}
    by_subject = {row["subject"]: row for row in after}
    split = [move for move in compare(*outcomes).moves() if move.kind == "split"]
    for move in random.Random(seed).sample(split, min(4, len(split))):
        name = move.subject
        own = [by_subject[name] if r["subject"] == name else r for r in rows]
        [alone] = [r for r in HeldMethods(content, own, was, was).run() if r["subject"] == name]
        assert move.total_before is not None
        totals = [move.total_before, *(r["total"] for r in (alone, shifted[name], middle[name]))]
        parts = [new - old for old, new in pairwise(totals)]
        assert [move.own, move.benchmark, move.peers] == parts, move
        assert move.rule == move.total_after - middle[name]["total"]
        order = content["grades"]["order"]
        steps = order.index(move.grade_before) - order.index(alone["grade"])
        assert move.grade_own == steps, move
    return split


@pytest.mark.parametrize(("name", "absent"), turn(list(METHODS)), ids=str)
def test_a_method_is_split_as_the_oracle_does(tmp_path: Path, name: str, absent: Any) -> None:
    seed = len(name) * 7 + len(str(absent))
    rows = crew(seed, 12, 300)
    content = plan(METHODS[name], absent, random.Random(seed).choice(["shares", "thresholds"]))
    assert check(tmp_path, content, rows, later(rows, seed, 300), seed)


@pytest.mark.parametrize(
    ("kind", "exponent", "absent"),
    [(*mean, ["zero", "reweigh", "group_mean_value"][at % 3]) for at, mean in enumerate(MEANS)],
)
def test_a_mean_is_split_as_the_oracle_does(
    tmp_path: Path, kind: str, exponent: str | None, absent: str
) -> None:
    content = plan({"score": {"kind": "min_max", "base": "0.1"}}, absent, "shares")
    for group in content["groups"].values():
        group |= {"aggregate": kind, **({"exponent": exponent} if exponent else {})}
        group["weights"] = {"m": "60", "plain": "40"}  # whose powers end in no exact half
    rows = crew(len(kind), 12, 300)
    assert check(tmp_path, content, rows, later(rows, 5, 300), 5)


@pytest.mark.parametrize("name", ["steps by rank", "steps from the least"])
@pytest.mark.parametrize("absent", ["group_mean_value", "group_median_value"])
def test_what_nobody_had_in_the_first_year_is_split_as_the_oracle_does(
    tmp_path: Path, name: str, absent: str
) -> None:
    """Nothing stands in for the absent in a year in which all are absent."""
    made = random.Random(f"{name} {absent}")
    content = plan(METHODS[name], absent, "thresholds")
    rows = [
        {**row, "scale": "big", "tax_yuan": made.choice([None, "n/a"]), "lifted": at + 1}
        for at, row in enumerate(crew(5, 7, 300))
    ]
    after = [
        {**row, "tax_yuan": made.choice([None, 3, 3, 7]) if at else 5, "land_m2": at + 2}
        for at, row in enumerate(rows)
    ]
    assert check(tmp_path, content, rows, after, 5)


@pytest.mark.parametrize(
    ("score", "own", "benchmark"),
    [
        # 9 between 5 and 14; 14 there is full marks; 14 between 5 and 19.
        ({"kind": "min_max"}, 100_000_000 - 44_444_444, 64_285_714 - 100_000_000),
        # The sixth; then the first, beside the one of before; then the second.
        ({"kind": "rank_steps", "step": "0.1"}, 50_000_000, -10_000_000),
    ],
)
def test_extremes_and_places_of_the_others_are_the_benchmark(
    tmp_path: Path, score: dict[str, Any], own: int, benchmark: int
) -> None:
    item = {**one_item()["indicators"]["tax"], "score": score}
    del item["benchmark"]
    outcomes = []
    for name, changes in (("a", {}), ("b", {"S5": {"tax_yuan": 1400}, "S0": {"tax_yuan": 1900}})):
        (tmp_path / name).mkdir()
        made = scheme(tmp_path / name, one_item(indicators={"tax": item}))
        outcomes.append(evaluate(made, facts(made, ladder(**changes)), threads=1))
    move = compare(*outcomes).move("S5")
    assert (move.own, move.benchmark, move.peers, move.rule) == (own, benchmark, 0, 0)


@pytest.mark.soak
@pytest.mark.property
@pytest.mark.parametrize("absent", ABSENT, ids=str)
@pytest.mark.parametrize("name", METHODS)
def test_any_population_is_split_so(tmp_path: Path, name: str, absent: Any) -> None:
    made = random.Random(f"{name} {absent}")
    seed, most = made.randrange(10**9), made.choice([3, 300, 10**9])
    rows = crew(seed, made.choice([4, 9, 20]), most)
    content = plan(METHODS[name], absent, made.choice(["shares", "thresholds"]))
    check(tmp_path, content, rows, later(rows, seed, most), seed)
