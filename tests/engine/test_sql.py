"""The SQL that runs: no float, nothing that engines do differently, windows end in the key."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

from tests.engine.build import facts, scheme
from tests.engine.population import CONTENT, population
from tests.engine.test_methods import LATER_TOGETHER, TOGETHER, methods_together, people
from tests.engine.test_structure import parks, structure_together
from tests.paths import CITY
from wuhao.engine import ir
from wuhao.engine.backends import Runner, open_backend, run
from wuhao.engine.evaluate import evaluate
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.findings import EngineError
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
    windows = [w for q in queries for w in re.findall(r"OVER \((.*?)\)", q)]
    assert windows
    for window in windows:
        assert "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW" in window
        assert re.search(r'"subject_no" ASC\s+ROWS', window)


def test_keys_of_a_window_are_never_null(tmp_path: Path) -> None:
    made = scheme(tmp_path, CONTENT)
    queries = evaluate(made, facts(made, population(3, 40, 100)), threads=1).sql
    [ranked] = [q for q in queries if "ROW_NUMBER" in q]
    for key in set(re.findall(r'"(key_\d+)" DESC', ranked)):
        least = re.escape("CAST(-9223372036854775807 AS BIGINT)")
        assert re.search(rf"IS NULL\) THEN {least} ELSE \S+ END AS \"{key}\"", ranked)


TEXTS = ["it's", "a\\b", "a\\'b", "{}", "50%_", '"', "''", "\\", "甲"]


def told_apart(backend: str) -> list[tuple[str, str]]:
    """Ask of every text whether it is, and whether it begins, with each of them."""
    table = pa.table({"text": pa.array(TEXTS, pa.string())})
    columns = []
    for at, text in enumerate(TEXTS):
        same = ir.Cmp("==", ir.Col("text"), ir.Text(text))
        begins = ir.Prefix(ir.Col("text"), text)
        for name, condition in (("same", same), ("begins", begins)):
            columns.append((f"{name}_{at}", ir.Case(((condition, ir.Int(1)),), ir.Int(0))))
    found = run(ir.Extend(ir.Source("t"), tuple(columns)), {"t": table}, backend).to_pylist()
    return [
        (row["text"], text)
        for row in found
        for at, text in enumerate(TEXTS)
        if (row[f"same_{at}"], row[f"begins_{at}"])
        != (int(row["text"] == text), int(row["text"].startswith(text)))
    ]


def test_texts_of_any_characters_are_compared_as_they_are() -> None:
    assert told_apart("duckdb") == []


def test_a_table_that_is_read_twice_is_written_once() -> None:
    table = pa.table({"key": pa.array([1, 1, 2], pa.int64())})
    sums = ir.Grouped(ir.Source("t"), "key", (("n", ir.Aggregate("count", ir.Col("key"))),))
    twice = ir.Extend(sums, (("m", ir.Arith("*", ir.Col("n"), ir.Int(2))),))
    queries: list[str] = []
    engine = open_backend("duckdb", 1)
    runner = Runner(engine, {"t": table}, queries)
    both = ir.Matched(twice, ir.Extend(sums, (("k", ir.Col("n")),)), "key", ("k",))
    found = runner.run(both).sort_by("key").to_pylist()
    engine.close()
    assert found == [{"key": 1, "n": 2, "m": 4, "k": 2}, {"key": 2, "n": 1, "m": 2, "k": 1}]
    [query] = queries
    assert query.startswith("WITH shared_0 AS (SELECT")
    assert query.count("GROUP BY") == 1


def sums(backend: str, left: int, right: int) -> list[int]:
    """Add two numbers whose sum may leave bigint, between two that cannot."""
    table = pa.table({name: pa.array([v], pa.int64()) for name, v in (("a", left), ("b", right))})
    node = ir.Extend(ir.Source("t"), (("sum", ir.Arith("+", ir.Col("a"), ir.Col("b"))),))
    return list(run(node, {"t": table}, backend).column("sum").to_pylist())


BORDERS = [(INT64_MAX - 1, 1, True), (INT64_MAX, 1, False), (1 - INT64_MAX, -1, True),
           (-INT64_MAX, -1, False), (-INT64_MAX, -2, False)]  # fmt: skip


def assert_borders_hold(backend: str) -> None:
    for left, right, fits in BORDERS:
        if fits:
            assert sums(backend, left, right) == [left + right]
        else:
            with pytest.raises(EngineError, match="“sum”有 1 行超出 64 位整数"):
                sums(backend, left, right)


def test_the_last_number_of_64_bits_is_taken_and_the_next_is_not() -> None:
    assert_borders_hold("duckdb")


def wide_quotients(backend: str) -> list[int]:
    """Divide numbers whose quotient leaves bigint, and let a bound bring it back."""
    values = [3, 10**12, -(10**12), 2]
    table = pa.table({"a": pa.array(values, pa.int64())})
    square = ir.Arith("*", ir.Col("a"), ir.Col("a"))
    bound = ir.Limit("at_most", ir.Div(square, ir.Int(2)), ir.Int(5))
    found = run(ir.Extend(ir.Source("t"), (("q", bound),)), {"t": table}, backend)
    return list(found.column("q").to_pylist())


def test_a_quotient_beyond_64_bits_may_be_bounded_again() -> None:
    assert wide_quotients("duckdb") == [5, 5, 5, 2]
