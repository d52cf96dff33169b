"""Spark gives what DuckDB gives, digest for digest. Skipped where pyspark or Java is absent."""

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.engine.agreement import assert_as_the_oracle
from tests.engine.build import facts, scheme
from tests.engine.population import CONTENT
from tests.engine.test_methods import LATER_TOGETHER, methods_together, people
from tests.engine.test_sql import assert_borders_hold, told_apart, wide_quotients
from tests.engine.test_structure import parks, structure_together
from wuhao.engine.evaluate import evaluate

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None,
        reason="pyspark is not installed (wuhao[spark])",
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed"),
]


CONTENTS = {
    "plain": CONTENT,
    "structure": structure_together(),
    "methods": methods_together(),
    "later methods": methods_together(LATER_TOGETHER),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_the_oracle_duckdb_on_1_2_and_8_threads_and_spark_give_equal_digests(
    tmp_path: Path, name: str
) -> None:
    content = CONTENTS[name]
    made = scheme(tmp_path, content)
    rows = subjects(20220628, 300, 10**15)
    found = assert_as_the_oracle(made, content, rows, threads=(1, 2, 8))
    spark = evaluate(made, facts(made, rows), backend="spark")
    assert spark.result_digest == found.result_digest


def subjects(seed: int, n: int, most: int) -> list[dict[str, Any]]:
    """A population that has what every one of the schemes asks for."""
    pairs = zip(people(seed, n, most), parks(seed, n, most), strict=True)
    return [{**person, **park} for person, park in pairs]


def test_spark_compares_texts_of_any_characters_as_they_are() -> None:
    assert told_apart("spark") == []


def test_spark_refuses_what_leaves_64_bits_and_names_the_node() -> None:
    assert_borders_hold("spark")


def test_spark_bounds_a_quotient_beyond_64_bits_as_duckdb_does() -> None:
    assert wide_quotients("spark") == [5, 5, 5, 2]
