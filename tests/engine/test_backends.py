"""Backends: what is stored once, and what a failure is called."""

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.engine.build import facts, one_item, scheme
from wuhao.engine import ir
from wuhao.engine.backends import Runner, Spark, open_backend
from wuhao.engine.evaluate import evaluate
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.findings import EngineError

TABLE = pa.table({"key": pa.array([1, 2], pa.int64()), "n": pa.array([3, 4], pa.int64())})
DOUBLE = ir.Extend(ir.Source("t"), (("twice", ir.times(ir.Col("n"), 2)),))


@pytest.fixture
def runner():
    engine = open_backend("duckdb", 1)
    yield Runner(engine, {"t": TABLE})
    engine.close()


def test_an_unknown_backend_is_told_with_those_that_there_are() -> None:
    with pytest.raises(EngineError, match="没有“polars”这个计算后端；接受 duckdb、spark。"):
        open_backend("polars", None)


def test_without_pyspark_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineError, match=r"请安装 wuhao\[spark\]，并备好 Java 17"):
        Spark()


def test_a_stored_table_is_computed_once_for_two_who_ask(runner: Runner) -> None:
    first = runner.run(ir.Keep(DOUBLE, "kept"))
    asked = len(runner.sql)
    again = runner.run(ir.Keep(DOUBLE, "kept"))
    assert (
        again.to_pylist()
        == first.to_pylist()
        == [
            {"key": 1, "n": 3, "twice": 6},
            {"key": 2, "n": 4, "twice": 8},
        ]
    )
    assert len(runner.sql) == asked


def test_what_is_computed_beside_the_engine_is_computed_once_too(runner: Runner) -> None:
    told: list[int] = []

    def squared(row: Any) -> list[int]:
        told.append(row["key"])
        return [row["n"] ** 2]

    def asked() -> ir.Host:
        return ir.Host(ir.Source("t"), "key", ("n",), ("square",), squared, "squares")

    for _ in range(2):
        rows = runner.run(asked()).sort_by("key").to_pylist()
        assert [row["square"] for row in rows] == [9, 16]
    assert told == [1, 2]


def test_a_failure_that_is_no_overflow_keeps_its_own_words(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = ir.Extend(ir.Source("t"), (("product", ir.Arith("*", ir.Col("n"), ir.Col("big"))),))
    big = TABLE.append_column("big", pa.array([2**62, 1], pa.int64()))
    asked = Runner(runner.backend, {"t": big})
    fetch = runner.backend.fetch

    def broken(sql: str) -> pa.Table:
        if "COUNT" not in sql:
            raise MemoryError("no memory left")
        return fetch(sql)

    monkeypatch.setattr(runner.backend, "fetch", broken)
    with pytest.raises(MemoryError, match="no memory left"):
        runner.run(DOUBLE)
    with pytest.raises(EngineError, match="“product”有 1 行超出 64 位整数"):
        asked.run(guarded)
    fits = TABLE.append_column("big", pa.array([2**60, 1], pa.int64()))
    with pytest.raises(MemoryError, match="no memory left"):
        Runner(runner.backend, {"t": fits.set_column(1, "n", pa.array([1, 2**60]))}).run(guarded)


def test_an_overflow_that_cannot_be_counted_is_still_named(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    big = TABLE.append_column("big", pa.array([2**62, 1], pa.int64()))
    asked = Runner(runner.backend, {"t": big})

    def broken(_sql: str) -> pa.Table:
        raise MemoryError("no memory left")

    monkeypatch.setattr(runner.backend, "fetch", broken)
    product = ir.Arith("*", ir.Col("n"), ir.Col("big"))
    with pytest.raises(EngineError, match="“product”溢出：no memory left"):
        asked.run(ir.Extend(ir.Source("t"), (("product", product),)))


def test_an_overflow_names_the_first_subject_concerned(tmp_path: Path) -> None:
    made = scheme(tmp_path, one_item())
    rows = [
        {"subject": "丙", "tax_yuan": INT64_MAX, "land_m2": 1},
        {"subject": "乙", "tax_yuan": INT64_MAX, "land_m2": 2},
        {"subject": "甲", "tax_yuan": 1, "land_m2": 1},
    ]
    with pytest.raises(EngineError, match="“tax__value”有 2 行（首个为 丙）超出 64 位整数"):
        evaluate(made, facts(made, rows))
