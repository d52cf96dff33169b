"""`compare`: the parts add up exactly and are those of the slow oracle with things held; whoever
cannot be compared is named."""

import copy
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.engine.build import facts, scheme
from tests.engine.oracle import Oracle, half_up
from tests.engine.population import CONTENT, population
from wuhao.engine.compare import compare
from wuhao.engine.evaluate import evaluate
from wuhao.engine.model import Scheme

Rows = list[dict[str, Any]]
Numbers = dict[tuple[str, str], int | None]
ORDER = ["A", "B", "C", "D"]


class Held(Oracle):
    """The oracle with the benchmarks and the average scores of another run."""

    def __init__(
        self, content: Mapping[str, Any], rows: Rows, benchmarks: Numbers, averages: Numbers
    ) -> None:
        super().__init__(content, rows)
        self.benchmarks, self.averages = benchmarks, averages

    def benchmark(self, code: str, group: str, rows: Rows) -> int | None:
        return self.benchmarks[code, group]

    def score(self, code: str, group: str, rows: Rows) -> None:
        super().score(code, group, rows)
        absent = self.item_rule(code, "absent")
        for row in rows:
            lack = row[f"{code}__note"]
            averaged = lack == "no_average" or absent.get(lack) == "group_average"
            if row[f"{code}__value"] is None and averaged:
                row[f"{code}__score"] = self.averages[code, group] or 0


def numbers(content: Mapping[str, Any], rows: Rows) -> tuple[Numbers, Numbers]:
    """Benchmarks and average scores of every item and group, by the oracle."""
    oracle = Oracle(content, rows)
    found = oracle.run()
    benchmarks: Numbers = {}
    averages: Numbers = {}
    for group, rule in content["groups"].items():
        members = [row for row in found if row["part"] == group]
        for code in rule["weights"]:
            bench = benchmarks[code, group] = oracle.benchmark(code, group, members)
            scores = [row[f"{code}__score"] for row in members if row[f"{code}__value"] is not None]
            earned = bool(scores) and bench is not None
            averages[code, group] = half_up(Fraction(sum(scores), len(scores))) if earned else None
    return benchmarks, averages


def variant(name: str) -> dict[str, Any]:
    made = copy.deepcopy(CONTENT)
    if name == "strict":
        made["grades"]["tie"] = "strict"
    elif name == "average":
        made["item"]["absent"] = "group_average"
        made["rank_on"] = {"digits": 1}
    return made


def reformed(content: Mapping[str, Any]) -> dict[str, Any]:
    """A later scheme: other weights, a lower cap, other shares, one more digit, a new rule."""
    made = copy.deepcopy(dict(content))
    made["groups"]["above"]["weights"] = {"tax_per_mu": 40, "tax_per_ton": 60}
    made["item"]["score"]["cap"] = "1.2"
    made["grades"]["share"] = {"A": 15, "B": 55, "C": 20, "D": 10}
    made["digits"]["score"] = 6
    made["indicators"]["tax"]["benchmark"]["value"] = "20"
    return made


def later(rows: Rows, seed: int, most: int) -> Rows:
    """The same subjects a year on: some facts moved, some subjects gone, some new."""
    made = random.Random(seed)
    kept = [dict(row) for row in rows if made.random() > 0.1]
    for row in kept:
        for code in ("tax_yuan", "land_m2", "so2_kg"):
            if made.random() < 0.4:
                row[code] = made.choice([made.randint(1, most), made.randint(1, most), None])
        if made.random() < 0.1:
            row["vetoed"] = 1
    return [
        *kept,
        *({**row, "subject": f"{row['subject']}新"} for row in population(seed, 3, most)),
    ]


@pytest.fixture(scope="module")
def schemes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Scheme, Scheme]]:
    made = {}
    for name in ("include_up", "strict", "average"):
        contents = (variant(name), reformed(variant(name)))
        folders = [tmp_path_factory.mktemp(name) for _ in contents]
        old, new = (scheme(f, c) for f, c in zip(folders, contents, strict=True))
        made[name] = old, new
    return made


@pytest.mark.property
@pytest.mark.slow
@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    name=st.sampled_from(["include_up", "strict", "average"]),
    seed=st.integers(0, 10**9),
    n=st.integers(5, 25),
    most=st.sampled_from([3, 300, 10**6, 10**11]),
)
def test_the_parts_are_those_of_the_oracle_and_add_up(
    schemes: dict[str, tuple[Scheme, Scheme]], name: str, seed: int, n: int, most: int
) -> None:
    content, (old, new) = variant(name), schemes[name]
    rows = population(seed, n, most)
    changed = later(rows, seed, most)
    outcomes = [evaluate(s, facts(s, r), threads=1) for s, r in ((old, rows), (new, changed))]
    found = compare(*outcomes)
    benchmarks, averages = numbers(content, rows)
    moved, _ = numbers(content, changed)
    by_subject = {row["subject"]: row for row in changed}
    middle = {row["subject"]: row for row in Oracle(content, changed).run()}
    shifted = {r["subject"]: r for r in Held(content, changed, moved, averages).run()}
    for move in found.moves():
        if move.kind != "split":
            assert move.own is None
            continue
        assert move.total_before is not None
        assert move.total_after is not None
        own = [by_subject[r["subject"]] if r["subject"] == move.subject else r for r in rows]
        [alone] = [
            r
            for r in Held(content, own, benchmarks, averages).run()
            if r["subject"] == move.subject
        ]
        assert move.own == 10 * alone["total"] - move.total_before
        assert move.benchmark == 10 * (shifted[move.subject]["total"] - alone["total"])
        assert move.peers == 10 * (middle[move.subject]["total"] - shifted[move.subject]["total"])
        parts = (move.own, move.benchmark, move.peers, move.rule)
        assert sum(part or 0 for part in parts) == move.total_change
        assert move.grade_before is not None
        assert move.grade_own == ORDER.index(move.grade_before) - ORDER.index(alone["grade"])
        steps = (move.grade_own, move.grade_peers, move.grade_rule)
        assert sum(step or 0 for step in steps) == move.grade_change
