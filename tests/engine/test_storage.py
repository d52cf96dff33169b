"""How tables are stored changes no result: parts, bytes, dictionaries, packed integers."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.population import CONTENT, population
from wuhao.engine import backends, ir, outcome
from wuhao.engine.backends import Runner, open_backend, run
from wuhao.engine.digest import table_digest
from wuhao.engine.evaluate import evaluate
from wuhao.engine.facts import conform
from wuhao.engine.findings import FactsError
from wuhao.engine.outcome import Outcome


def test_a_population_taken_in_parts_gives_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = scheme(tmp_path, CONTENT)
    given = facts(made, population(5, 100, 10**6))
    whole = evaluate(made, given, threads=2)
    monkeypatch.setattr(backends, "PART_ROWS", 7)
    assert evaluate(made, given, threads=2).result_digest == whole.result_digest


def test_a_table_where_rows_meet_is_never_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "PART_ROWS", 2)
    table = pa.table({"key": [1, 1, 1, 2, 2], "value": [1, 2, 3, 4, 5]})
    summed = ir.Grouped(ir.Source("t"), "key", (("sum", ir.Aggregate("sum", ir.Col("value"))),))
    assert run(ir.Keep(summed, "sums"), {"t": table}).sort_by("key").to_pylist() == [
        {"key": 1, "sum": 6},
        {"key": 2, "sum": 9},
    ]


@pytest.mark.parametrize(
    ("most", "stored"),
    [
        (2**7 - 1, pa.int8()),
        (2**7, pa.int16()),
        (2**15 - 1, pa.int16()),
        (2**15, pa.int32()),
        (2**31 - 1, pa.int32()),
        (2**31, pa.int64()),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_integers_are_stored_in_the_fewest_bytes_and_computed_in_eight(
    most: int, stored: pa.DataType, sign: int
) -> None:
    table = pa.table({"n": pa.array([0, sign * most, None], pa.int64())})
    engine = open_backend("duckdb", 1)
    runner = Runner(engine, {"t": table})
    hundredfold = ir.times(ir.Col("n"), 100)
    node = ir.Extend(ir.Keep(ir.Source("t"), "kept"), (("hundredfold", hundredfold),))
    found = runner.run(node)
    assert runner.kept("kept").schema.types == [stored]
    assert found.column("hundredfold").to_pylist() == [0, sign * most * 100, None]
    assert found.column("n").type == pa.int64()
    engine.close()


def test_a_file_of_results_holds_eight_bytes_in_groups_of_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = scheme(tmp_path, CONTENT)
    found = evaluate(made, facts(made, population(3, 20, 10**6)), threads=1)
    assert found.results.schema.field("total").type == pa.int32()
    monkeypatch.setattr(outcome, "GROUP_ROWS", 7)
    found.write_results(tmp_path / "results.parquet")
    written = pq.read_table(tmp_path / "results.parquet")
    assert written.schema.field("total").type == pa.int64()
    assert pq.ParquetFile(tmp_path / "results.parquet").num_row_groups == 3
    assert table_digest(written) == found.result_digest


def test_a_node_that_stands_in_two_places_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[ir.Table] = []
    compiled = Runner._compiled

    def watched(self: Runner, node: ir.Table) -> Any:
        seen.append(node)
        return compiled(self, node)

    monkeypatch.setattr(Runner, "_compiled", watched)
    table = ir.Source("t")
    sums = ir.Keep(ir.Grouped(table, "key", (("n", ir.Aggregate("count", ir.Col("key"))),)), "n")
    found = run(ir.Matched(table, sums, "key", ("n",)), {"t": pa.table({"key": [1, 1]})})
    assert found.column("n").to_pylist() == [2, 2]
    assert seen.count(table) == 1


def test_a_dictionary_has_the_digest_of_its_texts() -> None:
    texts = pa.array(["A", None, "乙", "A"])
    assert table_digest(pa.table({"t": texts})) == table_digest(
        pa.table({"t": texts.dictionary_encode()})
    )


def test_other_programs_read_plain_integers_and_texts(tmp_path: Path) -> None:
    made = scheme(tmp_path, CONTENT)
    found = evaluate(made, facts(made, population(9, 60, 10**6)))
    found.write_results(tmp_path / "results.parquet")
    read = pq.read_table(tmp_path / "results.parquet")
    assert set(read.schema.types) == {pa.string(), pa.int64()}
    by_duckdb = duckdb.sql(f"from '{tmp_path}/results.parquet'").to_arrow_table()
    assert table_digest(read) == table_digest(by_duckdb) == found.result_digest


def test_more_rows_than_a_sheet_holds_are_kept_without_a_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = scheme(tmp_path, one_item())
    found = evaluate(made, facts(made, [{"subject": "甲", "tax_yuan": 1, "land_m2": 1}]))
    monkeypatch.setattr(outcome, "ROW_LIMIT", 0)
    found.save(tmp_path / "out")
    assert not (tmp_path / "out" / "results.xlsx").exists()
    assert Outcome.load(tmp_path / "out").result_digest == found.result_digest


@pytest.mark.parametrize("subjects", [["甲", "甲", "乙"], ["乙", "甲", "乙"]])
def test_a_repeated_subject_is_named_in_any_order(tmp_path: Path, subjects: list[str]) -> None:
    made = scheme(tmp_path, one_item())
    given = facts(made, [{"subject": s, "tax_yuan": 1, "land_m2": 1} for s in subjects])
    with pytest.raises(FactsError, match="出现了 2 次"):
        conform(given, made)


def test_words_beyond_a_byte_are_still_told_apart(tmp_path: Path) -> None:
    content = one_item()
    content["attributes"] = {"scale": {}}
    group = content["groups"].popitem()[1]
    content["groups"] = {f"g{at:03d}": {**group, "when": f'scale == "{at}"'} for at in range(150)}
    made = scheme(tmp_path, content)
    rows = [
        {"subject": f"S{at:03d}", "tax_yuan": 1, "land_m2": 1, "scale": str(at)}
        for at in range(150)
    ]
    found = evaluate(made, facts(made, rows)).results
    assert found.column("group").to_pylist() == [f"g{at:03d}" for at in range(150)]
