"""Spark gives what DuckDB gives, digest for digest. Skipped where pyspark or Java is absent."""

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, scheme
from tests.engine.population import CONTENT
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


@pytest.mark.parametrize("content", [CONTENT, structure_together()], ids=["plain", "structure"])
def test_duckdb_on_1_2_and_8_threads_and_spark_give_equal_digests(
    tmp_path: Path, content: dict[str, Any]
) -> None:
    made = scheme(tmp_path, content)
    given = facts(made, parks(20220628, 300, 10**15))
    digests = {evaluate(made, given, threads=n).result_digest for n in (1, 2, 8)}
    assert digests == {evaluate(made, given, backend="spark").result_digest}
