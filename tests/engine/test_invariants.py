"""What must hold for every population: the engine, on any number of threads, gives what the oracle
gives, to the last digit; and the invariants of a fair evaluation."""

import copy
import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.engine.build import facts, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import CONTENT, population, scales
from wuhao.engine.digest import table_digest
from wuhao.engine.evaluate import evaluate
from wuhao.engine.model import Scheme

# A seed does not get simpler by shrinking; the failing one is printed at once.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
fully = settings(phases=PHASES)
twice = settings(phases=PHASES, max_examples=settings.default.max_examples // 3)  # evaluates twice
pytestmark = [pytest.mark.property, pytest.mark.slow]
seeds = st.integers(0, 10**9)
sizes = st.one_of(st.integers(5, 60), st.integers(5, 500))
largest = st.sampled_from([3, 300, 10**6, 10**11, 10**15])


VARIANTS = ("include_up", "strict", "rank_on")


def variant(name: str) -> dict[str, Any]:
    made = copy.deepcopy(CONTENT)
    if name == "rank_on":
        made["rank_on"] = {"digits": 1}
    else:
        made["grades"]["tie"] = name
    return made


@pytest.fixture(scope="module")
def schemes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scheme]:
    return {n: scheme(tmp_path_factory.mktemp(n), variant(n)) for n in VARIANTS}


@fully
@given(name=st.sampled_from(VARIANTS), seed=seeds, n=sizes, most=largest)
def test_the_engine_gives_what_the_oracle_gives(
    schemes: dict[str, Scheme], name: str, seed: int, n: int, most: int
) -> None:
    made, rows = schemes[name], population(seed, n, most)
    found = evaluate(made, facts(made, rows), threads=random.Random(seed).choice([1, 2, 8]))
    expected = Oracle(variant(name), rows).table(found.results.schema, scales(made))
    if not expected.equals(found.results):
        pairs = zip(expected.to_pylist(), found.results.to_pylist(), strict=True)
        for left, right in pairs:
            assert left == right
    assert table_digest(expected) == found.result_digest


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Scheme:
    return scheme(tmp_path_factory.mktemp("plain"), CONTENT)


@twice
@given(seed=seeds, n=sizes, most=largest)
def test_the_order_of_rows_changes_nothing_and_grades_are_a_partition(
    plain: Scheme, seed: int, n: int, most: int
) -> None:
    rows = population(seed, n, most)
    first = evaluate(plain, facts(plain, rows), threads=2)
    random.Random(seed).shuffle(rows)
    second = evaluate(plain, facts(plain, rows), threads=1)
    assert (first.facts_digest, first.result_digest) == (second.facts_digest, second.result_digest)
    for row in first.results.to_pylist():
        assert (row["total"] is None) == (row["rank"] is None) == (row["original_grade"] is None)
        assert row["grade"] in ("A", "B", "C", "D") or row["total"] is None
        assert not (row["excluded"] and row["grade"])


@twice
@given(seed=seeds, n=st.integers(5, 120), most=largest)
def test_a_veto_never_improves_a_grade(plain: Scheme, seed: int, n: int, most: int) -> None:
    rows = population(seed, n, most)
    chosen = random.Random(seed).choice(rows)
    chosen["vetoed"] = 0
    before = evaluate(plain, facts(plain, rows), threads=1).row(chosen["subject"])
    chosen["vetoed"] = 1
    after = evaluate(plain, facts(plain, rows), threads=1).row(chosen["subject"])
    assert before is not None
    assert after is not None
    assert after["grade"] == (None if before["excluded"] else "D")


@twice
@given(seed=seeds, n=st.integers(5, 120), most=largest)
def test_more_of_a_good_thing_never_lowers_a_score(
    tmp_path_factory: pytest.TempPathFactory, seed: int, n: int, most: int
) -> None:
    fixed = {"kind": "fixed", "value": "1.2345", "status": "default"}
    changed = copy.deepcopy({**CONTENT, "benchmark": fixed})
    changed["indicators"]["tax_per_ton"]["benchmark"] = {"kind": "fixed", "value": "0.5"}
    made = scheme(tmp_path_factory.mktemp("fixed"), changed)
    rows = population(seed, n, most)
    before = evaluate(made, facts(made, rows), threads=1).results.to_pylist()
    for row in rows:
        if isinstance(row["tax_yuan"], int):
            row["tax_yuan"] += random.Random(seed).randrange(1, max(2, most // 5))
    after = evaluate(made, facts(made, rows), threads=1).results.to_pylist()
    for old, new in zip(before, after, strict=True):
        for code in made.indicators:
            measured = old[f"{code}__value"] is not None
            assert not measured or new[f"{code}__score"] >= old[f"{code}__score"]
