"""`wuhao evaluate INDEX FACTS`: results, workbook, record, exit codes; ranks, traces, overflow."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from tests.engine.index.build import content, written
from wuhao.config.commands.engine import evaluate
from wuhao.engine.digest import table_digest
from wuhao.engine.index import outcome

FACTS = "code,region,people,x,y\n丁,东,4,40,1\n丙,东,3,,2\n乙,西,0,20,9\n甲,西,2,30,不适用\n"
STEPS = [
    {"verb": "denominate", "by": "people", "columns": ["x"], "article": "第一条"},
    {"verb": "impute", "method": "mean", "group": "region", "article": "第二条"},
    {"verb": "treat", "method": "winsorise", "max_points": 1, "article": "第三条"},
    {"verb": "normalise", "method": "min_max", "status": "default"},
    {"verb": "weights", "method": "ahp", "judgements": {"x": {"y": 3}}, "branches": ["total"],
     "article": "第四条"},
    {"verb": "aggregate", "method": "arithmetic", "availability": 1, "status": "default"},
]  # fmt: skip


def run(folder: Path, plain: dict[str, Any], text: str = FACTS, *more: str) -> Result:
    (folder / "facts.csv").write_text(text, encoding="utf-8")
    words = [str(written(folder, plain)), str(folder / "facts.csv"), "--out", str(folder / "out")]
    return CliRunner().invoke(evaluate, [*words, *more])


def results(folder: Path) -> dict[str, dict[str, Any]]:
    found = pq.read_table(folder / "out" / "results.parquet").to_pylist()
    return {row["subject"]: row for row in found}


def test_every_step_leaves_a_trace(tmp_path: Path) -> None:
    done = run(tmp_path, content(steps=STEPS))
    assert done.exit_code == 0, done.output
    assert "4 个主体，4 个有名次" in done.output
    assert "一致性比率 0.000000" in done.output
    found = results(tmp_path)
    east = found["丙"]
    assert (east["x__value"], east["x__value_note"]) == (None, "missing")
    assert (east["x__denominate"], east["x__denominate_note"]) == (None, "missing")
    assert (east["x__impute"], east["x__impute_note"]) == (10_000_000, "imputed")
    assert found["乙"]["x__denominate_note"] == "zero_denominator"
    assert found["乙"]["x__impute"] == 15_000_000
    assert found["甲"]["y__value_note"] == "not_applicable"
    assert found["甲"]["y__impute"] == 9_000_000
    assert found["丁"]["x__normalise"] == 0
    assert found["丁"]["y__normalise"] == 100_000_000
    assert [found[s]["total"] for s in ("甲", "乙", "丁")] == [75_000_000, 75_000_000, 25_000_000]
    assert found["丁"]["region"] == "东"


def test_ties_are_broken_by_the_keys_and_then_by_the_code(tmp_path: Path) -> None:
    run(tmp_path, content(steps=STEPS))
    assert {s: row["rank"] for s, row in results(tmp_path).items()} == {
        "乙": 1, "甲": 2, "丁": 3, "丙": 4,
    }  # fmt: skip
    text = "code,people,x,y\n甲,1,1,1\n乙,1,2,2\n丙,1,1,2\n"
    plain = content(tie_break=["total", "x", "subject"])
    assert run(tmp_path, plain, text).exit_code == 0
    found = results(tmp_path)
    assert found["甲"]["total"] == found["乙"]["total"]
    assert {s: row["rank"] for s, row in found.items()} == {"乙": 1, "甲": 2, "丙": 3}


def test_an_absent_key_comes_after_all_and_no_total_has_no_rank(tmp_path: Path) -> None:
    steps = [
        {"verb": "normalise", "method": "rank", "status": "default"},
        {"verb": "aggregate", "method": "arithmetic", "availability": "0.5", "status": "default"},
    ]
    text = "code,people,x,y\n乙,1,,2\n甲,1,2,2\n丙,1,,\n丁,1,3,1\n"
    run(tmp_path, content(steps=steps, tie_break=["total", "x", "subject"]), text)
    found = results(tmp_path)
    assert found["丙"]["rank"] is None
    assert found["丙"]["total_note"] == "too_few"
    assert [s for s in "丁甲乙" if found[s]["rank"]] == ["丁", "甲", "乙"]
    assert (found["乙"]["total"], found["甲"]["total"]) == (1_000_000, 1_000_000)
    assert found["甲"]["rank"] < found["乙"]["rank"]


def test_the_record_and_the_workbook_say_how_it_was_done(tmp_path: Path) -> None:
    run(tmp_path, content(steps=STEPS))
    out = tmp_path / "out"
    assert sorted(p.name for p in out.iterdir()) == [
        "facts.parquet", "index.yaml", "results.parquet", "results.xlsx", "run.json",
    ]  # fmt: skip
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert record["result_digest"] == table_digest(pq.read_table(out / "results.parquet"))
    assert record["weights"] == {"x": 750_000_000_000, "y": 250_000_000_000}
    assert (record["class"], record["subjects"]) == ("F", 4)
    book = CalamineWorkbook.from_path(str(out / "results.xlsx"))
    heading, first, *_ = book.get_sheet_by_name("指数结果").to_python()
    assert heading[:4] == ["主体代码", "名次", "总指数", "总指数说明"]
    assert "产出（万元）·数值" in heading
    assert first[heading.index("产出·标准化")] == 0.0
    cells = [cell for row in book.get_sheet_by_name("口径说明").to_python() for cell in row]
    for words in (record["index_digest"], "第三条", "产出 0.75；能耗 0.25", "越小越好"):
        assert words in cells


def test_notes_of_the_workbook_are_sentences(tmp_path: Path) -> None:
    run(tmp_path, content(steps=STEPS))
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "results.xlsx"))
    heading, *body = book.get_sheet_by_name("指数结果").to_python()
    told = {row[0]: row[heading.index("产出·折算说明")] for row in body}
    assert told["乙"] == "分母为零"


def test_more_rows_than_a_sheet_holds_get_no_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcome, "ROW_LIMIT", 3)
    assert run(tmp_path, content(steps=STEPS)).exit_code == 0
    assert not (tmp_path / "out" / "results.xlsx").exists()
    assert (tmp_path / "out" / "run.json").exists()


def test_running_again_gives_the_same_bytes(tmp_path: Path) -> None:
    run(tmp_path, content(steps=STEPS))
    names = ("run.json", "results.parquet")
    first = [(tmp_path / "out" / name).read_bytes() for name in names]
    turned = "\n".join([FACTS.split("\n")[0], *sorted(FACTS.split("\n")[1:-1])]) + "\n"
    assert run(tmp_path, content(steps=STEPS), turned).exit_code == 0
    assert [(tmp_path / "out" / name).read_bytes() for name in names] == first


def test_bad_facts_end_with_2_list_every_fault_and_write_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, content(), FACTS + "丁,东,1,inf,1\n戊,东,1,x,1\n己,东,1,0.1234567,1\n")
    assert done.exit_code == 2
    for words in ("主体“丁”重复", "“inf”不是有限的数", "“x”不是有限的数", "小数超过 6 位",
                  "共 4 处，什么都没有写入。"):  # fmt: skip
        assert words in done.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["facts.csv", "index.yaml"]


def test_a_bad_index_ends_with_2_and_writes_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, content(steps=[], digits={}))
    assert done.exit_code == 2
    assert "共 4 处，什么都没有写入。" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([{"verb": "normalise", "method": "reference", "subject": "癸"}], "没有参照主体“癸”"),
        ([{"verb": "weights", "method": "entropy"}, {"verb": "normalise", "method": "rank"}],
         "“x”的“丙”没有值，请先填补"),
        ([{"verb": "normalise", "method": "z", "deviation": "1e17"}], "溢出"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_a_sentence(
    tmp_path: Path, steps: list[dict[str, Any]], words: str
) -> None:
    last = {"verb": "aggregate", "method": "arithmetic"}
    plain = content(steps=[{**step, "status": "default"} for step in [*steps, last]])
    done = run(tmp_path, plain)
    assert done.exit_code == 2
    assert words in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("more", [("--backend", "spark"), ("--threads", "2")])
def test_an_index_takes_no_engine_from_outside(tmp_path: Path, more: tuple[str, str]) -> None:
    done = run(tmp_path, content(), FACTS, *more)
    assert done.exit_code == 2
    assert "指数不用 --backend、--threads" in done.output


def test_weights_of_raw_columns_know_their_direction(tmp_path: Path) -> None:
    text = "code,people,x,y\n甲,1,1,9\n乙,1,2,3\n丙,1,5,4\n"
    critic = {"verb": "weights", "method": "critic", "status": "default"}
    normal = {"verb": "normalise", "method": "min_max", "status": "default"}
    last = {"verb": "aggregate", "method": "arithmetic", "status": "default"}
    found = []
    for steps in ([critic, normal, last], [normal, critic, last]):
        assert run(tmp_path, content(steps=steps), text).exit_code == 0
        record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
        found.append(record["weights"])
    assert found[0] == found[1]


@pytest.mark.parametrize("method", ["equal", "entropy"])
def test_levels_are_weighed_by_name(tmp_path: Path, method: str) -> None:
    text = "code,people,x,y\n甲,1,1,9\n乙,1,2,3\n丙,1,5,4\n"
    steps = [
        {"verb": "impute", "method": "constant", "value": 0, "status": "default"},
        {"verb": "treat", "method": "ln", "columns": ["x"], "status": "default"},
        {"verb": "normalise", "method": "min_max", "low": 1, "high": 2, "status": "default"},
        {"verb": "weights", "method": method, "branches": ["green"], "status": "default"},
        {"verb": "aggregate", "method": "harmonic", "status": "default"},
    ]
    tree = {"weights": {"x": 3, "green": {"weight": 1, "weights": {"y": 7}}}}
    assert run(tmp_path, content(steps=steps, hierarchy=tree), text).exit_code == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["weights"] == {"x": 75 * 10**10, "green": 25 * 10**10, "y": 10**12}
    row = results(tmp_path)["丙"]
    assert (row["x__normalise"], row["green__score"]) == (2_000_000, row["y__normalise"])
    expected = 1 / (0.75 / 2 + 0.25 / (row["green__score"] / 10**6))
    assert row["total"] == pytest.approx(expected * 10**6, abs=1)
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "results.xlsx"))
    assert "green·得分" in book.get_sheet_by_name("指数结果").to_python()[0]
