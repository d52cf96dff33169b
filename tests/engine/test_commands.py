"""`wuhao evaluate`, `explain`, `scheme check`: exit codes, sentences, nothing half-written."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from tests.engine.build import one_item, scheme
from tests.paths import CITY
from wuhao.config.commands.engine import evaluate, explain
from wuhao.config.commands.engine import scheme as scheme_group
from wuhao.engine.digest import table_digest
from wuhao.engine.outcome import Outcome

FACTS = "code,tax_yuan,land_m2,vetoed\n甲,12.00,1.00,1\n乙,11.00,1.00,\n丙,3.00,0,\n"


def run(folder: Path, text: str = FACTS) -> Result:
    scheme(folder, one_item())
    (folder / "facts.csv").write_text(text, encoding="utf-8")
    words = [str(folder / "scheme.yaml"), str(folder / "facts.csv"), "--out", str(folder / "out")]
    return CliRunner().invoke(evaluate, words)


def test_evaluate_writes_results_workbook_and_record(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.exit_code == 0, done.output
    results = pq.read_table(tmp_path / "out" / "results.parquet")
    assert results.column("subject").to_pylist() == ["丙", "乙", "甲"]
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert record["result_digest"] == table_digest(results)
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "results.xlsx"))
    assert book.sheet_names == ["评价结果", "口径说明"]
    heading, _, second, *_ = book.get_sheet_by_name("评价结果").to_python()
    assert second[heading.index("总分")] == 110.0
    meaning = [cell for row in book.get_sheet_by_name("口径说明").to_python() for cell in row]
    assert "(tax_yuan) / (land_m2)" in meaning
    assert record["scheme_digest"] in meaning


def test_running_again_replaces_the_folder_with_the_same_digest(tmp_path: Path) -> None:
    run(tmp_path)
    first = (tmp_path / "out" / "run.json").read_bytes()
    assert run(tmp_path).exit_code == 0
    assert (tmp_path / "out" / "run.json").read_bytes() == first


def test_bad_input_ends_with_2_lists_every_fault_and_writes_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, FACTS + "甲,x,1.00,\n")
    assert done.exit_code == 2
    assert "主体“甲”重复" in done.output
    assert "“x”不是有限的数" in done.output
    assert "共 2 处，什么都没有写入。" in done.output
    assert sorted(p.name for p in tmp_path.iterdir()) == ["facts.csv", "scheme.yaml"]


def test_explain_shows_facts_formula_and_reason(tmp_path: Path) -> None:
    run(tmp_path)
    out = str(tmp_path / "out")
    vetoed = CliRunner().invoke(explain, [out, "甲"]).output
    for words in ("tax_yuan 12.00 yuan", "值 12.000000 元/㎡，基准 10.000000，比值 1.20000000",
                  "总分 120.000000，第 1 名，同组 2 户", "一票否决 D", "等级 D"):  # fmt: skip
        assert words in vetoed
    assert "tax：分母为零，不定等级" in CliRunner().invoke(explain, [out, "丙"]).output


def test_explain_refuses_an_unknown_subject_and_a_changed_result(tmp_path: Path) -> None:
    run(tmp_path)
    out = tmp_path / "out"
    assert CliRunner().invoke(explain, [str(out), "丁"]).exit_code == 2
    results = pq.read_table(out / "results.parquet")
    pq.write_table(results.slice(1), out / "results.parquet")
    done = CliRunner().invoke(explain, [str(out), "甲"])
    assert done.exit_code == 2
    assert "可能被改动过" in done.output


def test_an_outcome_comes_back_from_its_folder(tmp_path: Path) -> None:
    run(tmp_path)
    found = Outcome.load(tmp_path / "out")
    assert found.row("乙") == {**(found.row("乙") or {}), "grade": "D", "total": 110_000_000}
    assert [line.grade for line in found.lines] == ["A", "B", "C"]


def test_scheme_check_names_the_defaults_of_the_city_s_scheme() -> None:
    path = CITY / "schemes" / "per_mu_benefit" / "2022.yaml"
    done = CliRunner().invoke(scheme_group, ["check", str(path)])
    assert done.exit_code == 0
    assert "暂用默认值：亩均税收" in done.output


@pytest.mark.parametrize("text", ["", "scheme: x\n", "- 1\n"])
def test_scheme_check_refuses_what_is_no_scheme(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(scheme_group, ["check", str(path)])
    assert done.exit_code == 2
    assert "bad.yaml" in done.output
