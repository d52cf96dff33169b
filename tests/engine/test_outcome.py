"""A folder of results that is not whole, not ours or not of a scheme is refused in words."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.engine.build import facts, one_item, scheme
from wuhao.engine import workbook
from wuhao.engine.digest import _bytes, table_digest
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.findings import EngineError
from wuhao.engine.outcome import Outcome

ROWS = [
    {"subject": "甲", "tax_yuan": 500, "land_m2": 100},
    {"subject": "乙", "tax_yuan": 300, "land_m2": 100},
]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    made = scheme(tmp_path, one_item())
    evaluate(made, facts(made, ROWS)).save(tmp_path / "out")
    return tmp_path / "out"


def refused(folder: Path) -> str:
    with pytest.raises(EngineError) as told:
        Outcome.load(folder)
    return str(told.value).replace(str(folder), "out")


def test_a_record_that_cannot_be_opened_is_told_with_the_reason(saved: Path) -> None:
    (saved / "run.json").unlink()
    (saved / "run.json").mkdir()
    assert refused(saved) == "“out”里的文件读不到：这是目录，不是文件。"


def test_another_table_in_place_of_the_results_is_told(saved: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), saved / "results.parquet")
    assert refused(saved) == "“out/results.parquet”不是评价结果的表；请重新计算。"


def test_a_table_in_place_of_the_snapshot_is_no_snapshot(saved: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), saved / "facts.parquet")
    assert refused(saved) == "“out/facts.parquet”不是数据快照。"


@pytest.mark.parametrize("record", [[], {"format": 1}, "x"])
def test_a_record_of_something_else_is_no_record(saved: Path, record: object) -> None:
    (saved / "run.json").write_text(json.dumps(record), encoding="utf-8")
    assert refused(saved) == "“out/run.json”不是评价结果的记录，请重新计算。"


def test_results_are_not_written_over_a_file_or_beside_other_files(tmp_path: Path) -> None:
    made = scheme(tmp_path, one_item())
    found = evaluate(made, facts(made, ROWS))
    (tmp_path / "a").write_text("kept", encoding="utf-8")
    with pytest.raises(EngineError, match="是文件，不是目录；请换一个 --out。"):
        found.save(tmp_path / "a")
    with pytest.raises(EngineError, match="里有别的文件，不会覆盖"):
        found.save(tmp_path)
    assert (tmp_path / "a").read_text(encoding="utf-8") == "kept"


def test_more_rows_than_a_sheet_holds_are_refused_by_the_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = scheme(tmp_path, one_item())
    found = evaluate(made, facts(made, ROWS))
    monkeypatch.setattr(workbook, "ROW_LIMIT", 1)
    with pytest.raises(EngineError, match="结果有 2 行，超过一张工作表的 1 行。"):
        workbook.write_workbook(tmp_path / "a.xlsx", made, found.results, found.record())
    monkeypatch.setattr(workbook, "ROW_LIMIT", 2)
    workbook.write_workbook(tmp_path / "a.xlsx", made, found.results, found.record())
    assert (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize("score", ["ratio", "reverse", "completion"])
def test_without_a_benchmark_no_ratio_is_explained(tmp_path: Path, score: str) -> None:
    content = one_item()
    content["indicators"]["tax"] |= {
        "score": {"kind": score, "cap": "1.5"},
        "benchmark": {"kind": "total_over_total"},
    }
    made = scheme(tmp_path, content)
    rows = [{**row, "tax_yuan": -row["tax_yuan"]} for row in ROWS]
    found = evaluate(made, facts(made, rows))
    shown = explain(made, found.row("甲") or {}, found.facts_row("甲"))
    item = shown.items[0]
    assert (item.benchmark, item.ratio, item.score) == (None, None, 0)
    assert item.note_text == "没有大于零的基准值可比，该项人人得零分"


def test_a_digest_is_taken_of_integers_and_texts_alone() -> None:
    with pytest.raises(TypeError, match="not double"):
        table_digest(pa.table({"a": [1.5]}))


def test_a_column_in_pieces_has_the_digest_of_the_whole() -> None:
    whole = pa.table({"a": pa.array(["甲", None, "乙丙"]), "n": pa.array([1, None, 3])})
    empty = whole.slice(0, 0)
    pieces = pa.concat_tables([empty, whole.slice(0, 1), empty, whole.slice(1, 2)])
    assert table_digest(pieces) == table_digest(whole)
    assert table_digest(empty) != table_digest(whole)
    assert _bytes(pa.array([], pa.large_string())) == b""
    assert _bytes(pa.array(["甲", "乙丙", "丁"], pa.large_string()).slice(1, 1)) == "乙丙".encode()
