"""`wuhao match`: two tables in, a row of answers for every name out."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.intake.books import book, credit_code
from wuhao.config.commands.match import match

REGISTER = f"""key,name,code,former_names
a,株洲联诚电子科技有限公司,{credit_code(1)},株洲第二电子厂；株洲联城电子厂
b,湖南天元精密机械有限公司,,
"""
NAMES = f"""序号,name,code
1,株洲第二电子厂,
2,株洲联成电子科技有限公司,
3,某某,{credit_code(1)}
4,内蒙古草原牧业合作社,
"""


def run(folder: Path, names: str = NAMES, register: str = REGISTER, *more: str):
    (folder / "names.csv").write_text(names, encoding="gb18030")
    (folder / "register.csv").write_text(register, encoding="utf-8-sig")
    paths = [str(folder / name) for name in ("names.csv", "register.csv")]
    return CliRunner().invoke(match, [*paths, "--out", str(folder / "out.csv"), *more])


def answers(folder: Path) -> list[dict[str, str]]:
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_name_has_its_answer_in_the_same_order(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.exit_code == 0
    assert "4 个名称：确定 1 个，存疑 2 个，没有 1 个。" in done.output
    found = answers(tmp_path)
    assert list(found[0]) == ["name", "key", "certainty", "reasons"]
    assert [(row["key"], row["certainty"]) for row in found] == [
        ("a", "certain"), ("a", "doubtful"), ("a", "doubtful"), ("", "none"),
    ]  # fmt: skip
    assert found[0]["reasons"] == "与曾用名相同"
    assert "；" in found[1]["reasons"]


def test_the_same_is_given_as_json(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, NAMES, REGISTER, "--json").output)
    assert told["counts"] == {"certain": 1, "doubtful": 2, "none": 1}
    assert told["answers"][0] == {
        "name": "株洲第二电子厂", "key": "a", "certainty": "certain", "reasons": ["与曾用名相同"],
    }  # fmt: skip


def test_workbooks_are_read_as_well(tmp_path: Path) -> None:
    (tmp_path / "n.xlsx").write_bytes(book([["name"], ["株洲第二电子厂"], [None]]))
    (tmp_path / "r.xlsx").write_bytes(book([["key", "name", "former_names"],
                                            [7, "新厂", "株洲第二电子厂"]]))  # fmt: skip
    paths = [str(tmp_path / name) for name in ("n.xlsx", "r.xlsx")]
    assert CliRunner().invoke(match, [*paths, "--out", str(tmp_path / "out.csv")]).exit_code == 0
    assert [row["key"] for row in answers(tmp_path)] == ["7"]


@pytest.mark.parametrize(
    ("names", "register", "told"),
    [
        ("nmae\n甲\n", REGISTER, "“names.csv”第 1 行里没有“name”这一列，是否想写“nmae”？"),
        (NAMES, "key\na\n", "“register.csv”第 1 行里没有“name”这一列"),
        (NAMES, "key,name\na,甲\na,乙\n", "第 3 行的 key“a”与第 2 行重复"),
        (NAMES, "key,name\n,甲\n", "第 2 行没有 key，请补填。"),
        ("", REGISTER, "空的"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_and_nothing_is_written(
    tmp_path: Path, names: str, register: str, told: str
) -> None:
    done = run(tmp_path, names, register)
    assert done.exit_code == 2
    assert told in done.output
    assert not (tmp_path / "out.csv").exists()


def test_a_file_that_is_absent_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(match, ["a.csv", "b.csv", "--out", str(tmp_path / "o.csv")])
    assert done.exit_code == 2
    assert "读不到文件“a.csv”" in done.output
