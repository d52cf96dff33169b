"""`wuhao evaluate`, `explain`, `scheme check`: exit codes, sentences, nothing half-written."""

import errno
import json
import shutil
from pathlib import Path
from typing import Any

import click
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from tests.engine.build import one_item, scheme
from tests.paths import CITY
from wuhao.config.cli import LazyGroup, main
from wuhao.config.commands.engine import compare, evaluate, explain, lifts
from wuhao.config.commands.engine import scheme as scheme_group
from wuhao.engine.digest import table_digest
from wuhao.engine.outcome import Outcome

FACTS = "code,tax_yuan,land_m2,vetoed\n甲,12.00,1.00,1\n乙,11.00,1.00,\n丙,3.00,0,\n"


def run(folder: Path, text: str = FACTS, content: dict[str, Any] | None = None) -> Result:
    scheme(folder, content or one_item())
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


def test_what_an_index_left_in_the_folder_does_not_stay_beside_the_new_results(
    tmp_path: Path,
) -> None:
    run(tmp_path)
    (tmp_path / "out" / "index.yaml").write_text("index: old\n", encoding="utf-8")
    assert run(tmp_path).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "facts.parquet", "results.parquet", "results.xlsx", "run.json", "scheme.yaml",
    ]  # fmt: skip


def test_a_reader_who_has_seen_enough_is_told_nothing() -> None:
    @click.command()
    def telling() -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    class Group(LazyGroup):
        def get_command(self, ctx: click.Context, name: str) -> click.Command:
            return telling

    done = CliRunner().invoke(Group(), ["telling"])
    assert (done.exit_code, done.output) == (1, "")


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


def test_explain_and_the_workbook_tell_where_a_benchmark_comes_from(tmp_path: Path) -> None:
    content = one_item()
    content["indicators"]["tax"]["benchmark"]["article"] = "第七条"
    run(tmp_path, content=content)
    told = CliRunner().invoke(explain, [str(tmp_path / "out"), "甲"]).output
    assert "基准 10.000000（依据：第七条），比值" in told
    book = CalamineWorkbook.from_path(str(tmp_path / "out" / "results.xlsx"))
    meaning = [cell for row in book.get_sheet_by_name("口径说明").to_python() for cell in row]
    assert "固定值（数值 10）（第七条）" in meaning


def test_explain_refuses_an_unknown_subject_and_a_changed_result(tmp_path: Path) -> None:
    run(tmp_path)
    out = tmp_path / "out"
    assert CliRunner().invoke(explain, [str(out), "丁"]).exit_code == 2
    results = pq.read_table(out / "results.parquet")
    pq.write_table(results.slice(1), out / "results.parquet")
    done = CliRunner().invoke(explain, [str(out), "甲"])
    assert done.exit_code == 2
    assert "可能被改动过" in done.output


def test_without_grades_nobody_is_told_to_lack_one(tmp_path: Path) -> None:
    content = one_item(adjustments=[])
    del content["grades"]
    done = run(tmp_path, content=content)
    assert "方案不定等级；2 户有总分和名次" in done.output
    assert "未定级" not in done.output
    out = tmp_path / "out"
    told = [CliRunner().invoke(explain, [str(out), s]).output for s in ("甲", "丙")]
    assert told[0].endswith("总分 120.000000，第 1 名，同组 2 户\n")
    assert told[1].endswith("没有总分：tax：分母为零，不计总分\n")
    book = CalamineWorkbook.from_path(str(out / "results.xlsx"))
    heading = book.get_sheet_by_name("评价结果").to_python()[0]
    assert [name for name in heading if "等级" in name] == []
    assert "没有总分原因" in heading


def test_who_has_no_total_is_told_why_there_is_no_grade_and_no_line(tmp_path: Path) -> None:
    run(tmp_path, FACTS + "丁,1.00,0,1\n")
    out = str(tmp_path / "out")
    told = CliRunner().invoke(explain, [out, "丙"]).output
    assert told.endswith("不定等级\n没有等级：没有总分，不与各档的线比较\n")
    assert " 档线 " not in told
    assert " 档线 " in CliRunner().invoke(explain, [out, "乙"]).output
    vetoed = CliRunner().invoke(explain, [out, "丁"]).output
    assert vetoed.endswith("调整前 没有等级\n等级 D\n")


def test_the_summary_tells_who_has_no_grade_and_why(tmp_path: Path) -> None:
    rule = {"id": "big", "when": "land_m2 > 5", "status": "default"}
    done = run(tmp_path, FACTS + "丁,1.00,9,\n", one_item(scope={"exclude": [rule]}))
    assert "\nD 2，没有总分 1，不参评 1\n" in done.output


def test_every_absent_number_is_told_in_words(tmp_path: Path) -> None:
    content = one_item(
        attributes={"owner": {"optional": True}},
        evaluation_unit={
            "missing": {"default": "unknown", "land_m2": "known_only"},
            "rules": [{"id": "let", "kind": "tenants", "owner": "owner", "article": "四"}],
        },
    )
    content["facts"]["aid_yuan"] = {"unit": "yuan", "quantum": "0.01", "missing": "zero"}
    content["indicators"]["tax"] |= {"numerator": "tax_yuan - aid_yuan", "absent": "zero"}
    head = "code,tax_yuan,land_m2,aid_yuan,owner\n"
    rows = "甲,12,1,,\n乙,,1,不适用,\n丙,5,0,0,\n丁,5,1,0,\n戊,,,0,丁\n己,-5,1,0,\n"
    run(tmp_path, head + rows, content)
    for subject, words in (
        ("甲", ["aid_yuan 未报（按零计），tax_yuan 12.00 yuan", "1.20000000\n"]),
        (
            "乙",
            ["aid_yuan 不适用，tax_yuan 未报", "    没有值：数据未报，记零分；基准 10.000000\n"],
        ),
        ("丙", ["    没有值：分母为零，记零分；基准 10.000000\n"]),
        ("丁", ["tax_yuan 未报（评价单元有成员未报，不能合计）", "land_m2 1.00 m2"]),
        ("己", ["比值 0.00000000，值为负，按零计\n"]),
    ):
        told = CliRunner().invoke(explain, [str(tmp_path / "out"), subject]).output
        for word in words:
            assert word in told
        assert "—" not in told


@pytest.mark.parametrize("command", ["explain", "lifts", "compare"])
def test_a_folder_without_results_is_told_in_a_sentence(tmp_path: Path, command: str) -> None:
    run(tmp_path)
    out, half, damaged = tmp_path / "out", tmp_path / "half", tmp_path / "damaged"
    for copy in (half, damaged):
        shutil.copytree(out, copy)
    (half / "facts.parquet").unlink()
    (damaged / "facts.parquet").write_bytes(b"no")
    for folder, told in (
        (tmp_path / "none", "没有“{}”这个目录；请给出 wuhao evaluate 的 --out 所写的目录。"),
        (tmp_path / "facts.csv", "“{}”是文件，不是评价结果的目录；"),
        (tmp_path, "“{}”里没有 run.json，不是完整的评价结果目录；"),
        (half, "“{}”里没有 facts.parquet，不是完整的评价结果目录；"),
        (damaged, "“{}”里的文件已损坏，读不出来；请重新计算。"),
    ):
        words = [command, str(folder), "甲"]
        if command == "compare":
            words = [command, str(out), str(folder), "--json"]
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 2
        assert done.output.startswith(told.format(folder))
        assert "Errno" not in done.output


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


LADDER = "code,tax_yuan,land_m2\n" + "".join(f"S{n},{14 - n}.00,1.00\n" for n in range(10))


def test_lifts_tells_the_least_change_and_gives_it_as_json(tmp_path: Path) -> None:
    run(tmp_path, LADDER)
    words = [str(tmp_path / "out"), "S2"]
    told = CliRunner().invoke(lifts, words).output
    assert "S2：单独提升即可到 A 档的指标：tax。" in told
    assert "tax_yuan由 12.00 提高 1.00 yuan 到 13.00 yuan" in told
    found = json.loads(CliRunner().invoke(lifts, [*words, "--json"]).output)
    [way] = [way for way in found["items"][0]["ways"] if way["fact"] == "tax_yuan"]
    assert (way["change"]["before"], way["change"]["after"]) == (1200, 1300)
    assert CliRunner().invoke(lifts, [words[0], "S0"]).output == "S0：已是最高档 A。\n"


def test_lifts_refuses_unknown_subjects_and_folders(tmp_path: Path) -> None:
    run(tmp_path)
    for words in (str(tmp_path / "out"), "丁"), (str(tmp_path / "none"), "甲"):
        done = CliRunner().invoke(lifts, [*words])
        assert done.exit_code == 2
        assert "Traceback" not in done.output


def test_compare_writes_a_table_and_counts_who_moved(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("before", "after")]
    for folder, text in zip(folders, (LADDER, LADDER.replace("S2,12.00", "S2,14.00")), strict=True):
        folder.mkdir()
        run(folder, text)
    outs = [str(folder / "out") for folder in folders]
    done = CliRunner().invoke(compare, [*outs, "--out", str(tmp_path / "made" / "moved.csv")])
    assert done.exit_code == 0, done.output
    assert "两次都有总分 10 户" in done.output
    assert "升档 1 户，降档 1 户" in done.output
    rows = (tmp_path / "made" / "moved.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].startswith("主体代码,情况,前组别,后组别,前等级,后等级")
    assert rows[3].startswith("S2,两次都有总分,all,all,B,A,3,2,120.000000,140.000000,20.000000,20.")
    assert (
        CliRunner().invoke(compare, [*outs, "--out", str(tmp_path / "moved.xlsx")]).exit_code == 0
    )
    book = CalamineWorkbook.from_path(str(tmp_path / "moved.xlsx")).get_sheet_by_index(0)
    assert book.to_python()[3][9] == 140.0
    found = json.loads(CliRunner().invoke(compare, [*outs, "--json"]).output)
    assert (found["digits"], found["counts"]["split"], found["notes"]) == (6, 10, [])
    assert found["rows"][2]["own"] == 20_000_000


def test_compare_refuses_what_it_cannot_read_or_write(tmp_path: Path) -> None:
    run(tmp_path)
    out = str(tmp_path / "out")
    for words in ([out, out], [out, out, "--json", "--out", "x.csv"], [out, "none", "--json"],
                  [out, out, "--out", str(tmp_path / "x.txt")]):  # fmt: skip
        done = CliRunner().invoke(compare, words)
        assert done.exit_code == 2
        assert "Traceback" not in done.output


def test_scheme_diff_tells_what_changes(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, content in ((old, one_item()), (new, one_item(label="大方案"))):
        folder.mkdir()
        scheme(folder, content)
    paths = [str(folder / "scheme.yaml") for folder in (old, new)]
    assert CliRunner().invoke(scheme_group, ["diff", *paths]).output == "名称 小方案 → 大方案\n"
    same = CliRunner().invoke(scheme_group, ["diff", paths[0], paths[0]])
    assert same.output == "两份方案相同。\n"
    assert CliRunner().invoke(scheme_group, ["diff", paths[0], "none.yaml"]).exit_code == 2
