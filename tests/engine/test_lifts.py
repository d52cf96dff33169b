"""`lifts`: the answer, written into the facts, gives the grade by the slow oracle; one quantum less
does not; "not by this one" comes with its reason."""

import copy
import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.engine.build import facts, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import CONTENT, population
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import Lifts, lifts
from wuhao.engine.model import Scheme

VARIANTS = ("include_up", "strict", "rank_on", "average", "rules")
seeds = st.integers(0, 10**9)
largest = st.sampled_from([3, 300, 10**6, 10**11, 10**13])


def variant(name: str) -> dict[str, Any]:
    made = copy.deepcopy(CONTENT)
    if name == "rank_on":
        made["rank_on"] = {"digits": 1}
    elif name == "strict":
        made["grades"]["tie"] = name
    elif name == "average":
        made["item"]["absent"] = "group_average"
    elif name == "rules":
        small = {"id": "poor", "kind": "cap", "when": "tax_counted < 50000", "to": "C"}
        made["adjustments"].append({**small, "status": "default"})
        made["adjustments"][0]["uses_quota"] = True
        made["benchmark"] = {"kind": "mean_of_values", "status": "default"}
    return made


@pytest.fixture(scope="module")
def schemes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scheme]:
    return {n: scheme(tmp_path_factory.mktemp(n), variant(n)) for n in VARIANTS}


class Proof:
    """Asks the oracle what grade a subject gets when some of its facts are other ones."""

    def __init__(self, content: dict[str, Any], rows: list[dict[str, Any]], found: Lifts) -> None:
        self.content, self.rows, self.found = content, rows, found
        self.order = content["grades"]["order"]

    def reaches(self, values: dict[str, int]) -> bool:
        subject = self.found.subject
        rows = [{**r, **values} if r["subject"] == subject else r for r in self.rows]
        [row] = [r for r in Oracle(self.content, rows).run() if r["subject"] == subject]
        same = row["part"] == self.found.group
        assert self.found.target is not None
        return (
            same
            and row["grade"] is not None
            and self.order.index(row["grade"]) <= self.order.index(self.found.target)
        )

    def holds(self) -> None:
        seen = {way.change for item in self.found.items for way in item.ways if way.change}
        for change in seen:
            step = 1 if change.after > change.before else -1
            assert self.reaches({change.fact: change.after}), change
            less = change.after - step
            assert less == change.before or not self.reaches({change.fact: less}), change
        joint = self.found.joint
        if joint is not None and joint.share is not None:
            assert self.reaches({c.fact: c.after for c in joint.changes})


@pytest.mark.property
@pytest.mark.slow
@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(name=st.sampled_from(VARIANTS), seed=seeds, n=st.integers(5, 60), most=largest)
def test_the_answer_gives_the_grade_and_one_quantum_less_does_not(
    schemes: dict[str, Scheme], name: str, seed: int, n: int, most: int
) -> None:
    made, rows = schemes[name], population(seed, n, most)
    outcome = evaluate(made, facts(made, rows), threads=1)
    for subject in random.Random(seed).sample([row["subject"] for row in rows], 3):
        found = lifts(outcome, subject)
        if found.target is not None:
            Proof(variant(name), rows, found).holds()
