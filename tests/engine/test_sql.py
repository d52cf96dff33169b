"""The SQL that runs: no float, nothing that engines do differently, windows end in the key."""

import re
from pathlib import Path

import pytest

from tests.engine.build import facts, scheme
from tests.engine.population import CONTENT, population
from tests.engine.test_methods import LATER_TOGETHER, TOGETHER, methods_together, people
from tests.engine.test_structure import parks, structure_together
from tests.paths import CITY
from wuhao.engine.evaluate import evaluate
from wuhao.engine.scheme import load_scheme

FORBIDDEN = (
    "double",
    "float",
    "real",
    "round",
    "avg",
    "median",
    "quantile",
    "percentile_cont",
    "percent_rank",
    "cume_dist",
    "least",
    "greatest",
    "random",
    "stddev",
    "sqrt",
    "ln",
    "exp",
    "power",
)


@pytest.fixture(
    scope="module", params=["population", "city", "structure", TOGETHER, LATER_TOGETHER]
)
def queries(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    if request.param == "city":
        made = load_scheme(CITY / "schemes" / "per_mu_benefit" / "2022.yaml")
        rows = [{"subject": f"S{i}", "scale": "above", "land_m2": 100 + i} for i in range(5)]
    elif request.param == "structure":
        made = scheme(tmp_path_factory.mktemp("sql"), structure_together())
        rows = parks(7, 50, 10**15)
    elif request.param == "population":
        made = scheme(tmp_path_factory.mktemp("sql"), CONTENT)
        rows = population(7, 50, 10**15)
    else:
        made = scheme(tmp_path_factory.mktemp("sql"), methods_together(request.param))
        rows = people(7, 50, 10**15)
    return evaluate(made, facts(made, rows), threads=1).sql


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_word_that_engines_compute_differently(queries: list[str], word: str) -> None:
    assert queries
    for query in queries:
        assert not re.search(rf"(?<![\w\"]){word}\b(?!\")", query, re.IGNORECASE), query


def test_no_division_but_the_one_of_the_engine(queries: list[str]) -> None:
    for query in queries:
        assert "/" not in re.sub(r"'[^']*'", "", query)


def test_names_are_lower_case(queries: list[str]) -> None:
    for query in queries:
        assert all(name == name.lower() for name in re.findall(r'"([^"]+)"', query))


def test_windows_have_a_frame_and_end_in_the_subject_key(queries: list[str]) -> None:
    windows = [w for q in queries for w in re.findall(r"OVER \((.*?)\n\s*\)", q, re.DOTALL)]
    assert windows
    for window in windows:
        assert "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW" in window
        assert re.search(r'"subject_no" ASC\s+ROWS', window)


def test_keys_of_a_window_are_never_null(tmp_path: Path) -> None:
    made = scheme(tmp_path, CONTENT)
    queries = evaluate(made, facts(made, population(3, 40, 100)), threads=1).sql
    [ranked] = [q for q in queries if "ROW_NUMBER" in q]
    for key in set(re.findall(r'"(key_\d+)" DESC', ranked)):
        assert re.search(
            rf"IS NULL\s+THEN -9223372036854775807\s+ELSE \S+\s+END AS \"{key}\"", ranked
        )
