"""Every part of a scheme's structure at once: units, made groups, own items, factors, limits, steps
up. On random populations the engine, on any number of threads, gives what the oracle gives."""

import copy
import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.engine.agreement import assert_as_the_oracle
from tests.engine.build import facts, scheme
from tests.engine.population import CONTENT, population
from wuhao.engine.evaluate import evaluate
from wuhao.engine.model import Scheme

DEFAULT = {"status": "default"}
LINES: list[dict[str, Any]] = [
    {"id": "honours", "kind": "bonus", "each": "1.5", "events": "lifted * 3"},
    {"id": "platforms", "kind": "bonus", "each": 4, "events": "capped"},
    {
        "id": "sector_factor", "kind": "factor", "by": "sector",
        "table": {"C33": "1.2", "C26": "0.85"}, "otherwise": "0.999999",
    },
    {"id": "fines", "kind": "deduction", "each": 30, "events": "vetoed", "floor": 0},
]  # fmt: skip
RULES: list[dict[str, Any]] = [
    {"id": "tenants", "kind": "tenants", "owner": "landlord", "unless": "lifted == 1"},
    {
        "id": "site", "kind": "together", "by": ["firm", "site"], "head": "land_m2",
        "separately": True,
    },
]  # fmt: skip


def structure_together() -> dict[str, Any]:
    """The scheme of the populations with every part of structure."""
    made = copy.deepcopy(CONTENT)
    made["attributes"] |= {"landlord": {}, "firm": {}, "site": {}}
    made["evaluation_unit"] = {
        "missing": {"default": "known_only", "tax_yuan": "unknown"},
        "facts": {"vetoed": "max", "capped": "max", "lifted": "head"},
        "rules": [{**rule, **DEFAULT} for rule in RULES],
    }
    own = {"score": {"kind": "min_max", "base": "0.2"}, "absent": "group_average", **DEFAULT}
    made["groups"]["above"] |= {
        "by": {"attribute": "sector", "first": 3, "wider": [1], "min_size": 5},
        "items": {"tax_per_ton": own},
    }
    made["groups"]["above"]["by"]["own"] = {
        "C33": {"items": {"tax_per_mu": {"absent": "zero", **DEFAULT}}, **DEFAULT}
    }
    made["points"] = [{**line, **DEFAULT} for line in LINES]
    made["point_limits"] = [
        {"id": "together", "lines": ["honours", "platforms"], "at_most": 5, **DEFAULT}
    ]
    up = {"id": "up", "kind": "lift", "up": 1, "when": "capped == 1", **DEFAULT}
    made["adjustments"] = [*made["adjustments"], up]
    return made


def parks(seed: int, n: int, most: int) -> list[dict[str, Any]]:
    """A population with owners, groups and sites."""
    rows, chance = population(seed, n, most), random.Random(seed)
    for row in rows:
        others = [chance.choice(rows)["subject"] for _ in range(2)]
        row["landlord"] = chance.choice([None, None, None, "", "gone", *others])
        row["firm"], row["site"] = (chance.choice([None, "", *"abcde甲"]) for _ in range(2))
        row["sector"] = chance.choice(["C33", "C33", "C26", "C3", "c33", "D44", "X", None])
    return rows


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    return scheme(tmp_path_factory.mktemp("structure"), structure_together())


@pytest.mark.parametrize(("n", "most"), [(1, 300), (2, 3), (7, 10**6), (60, 3), (150, 10**11)])
def test_all_parts_together_are_those_of_the_oracle(built: Scheme, n: int, most: int) -> None:
    assert_as_the_oracle(built, structure_together(), parks(n, n, most))


@pytest.mark.property
@pytest.mark.slow
@settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=settings.default.max_examples // 5,  # every one asks three times of a backend
)
@given(
    seed=st.integers(0, 10**9),
    n=st.one_of(st.integers(1, 60), st.integers(1, 300)),
    most=st.sampled_from([3, 300, 10**6, 10**11, 10**15]),
)
def test_they_are_so_for_any_size_and_magnitude(
    built: Scheme, seed: int, n: int, most: int
) -> None:
    assert_as_the_oracle(
        built, structure_together(), parks(seed, n, most), [random.Random(seed).choice([1, 2, 8])]
    )


def test_the_order_of_the_rows_and_a_second_run_change_nothing(built: Scheme) -> None:
    rows = parks(5, 80, 10**6)
    digests = {
        evaluate(built, facts(built, found), threads=2).result_digest
        for found in (rows, rows[::-1], sorted(rows, key=lambda row: str(row["tax_yuan"])))
    }
    assert len(digests) == 1


def test_every_place_in_the_shares_is_taken_once(built: Scheme) -> None:
    """Merged members have no grade of their own and are not counted in any group."""
    found = evaluate(built, facts(built, parks(11, 150, 10**6)), threads=1).results.to_pylist()
    merged = [row for row in found if row["excluded"] == "tenants"]
    assert merged
    assert {row["grade"] for row in merged} == {None}
    for group in {row["group"] for row in found}:
        ranked = [row for row in found if row["group"] == group and row["rank"]]
        assert sorted(row["rank"] for row in ranked) == list(range(1, len(ranked) + 1))
        assert {row["group_size"] for row in ranked} <= {len(ranked)}
