"""Index files: every fault at once, with line, key, accepted words and the nearest name."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.engine.index.build import content, index, written
from wuhao.engine.findings import SchemeError
from wuhao.engine.index.load import is_index, load_index

LAST = {"verb": "aggregate", "method": "arithmetic", "status": "default"}
FIRST = {"verb": "normalise", "method": "min_max", "status": "default"}


def findings(folder: Path, plain: dict[str, Any]) -> str:
    with pytest.raises(SchemeError) as refused:
        index(folder, plain)
    return str(refused.value)


def step(**given: Any) -> dict[str, Any]:
    return content(steps=[{"status": "default", **given}, FIRST, LAST])


def test_an_index_is_read_whole(tmp_path: Path) -> None:
    made = index(
        tmp_path,
        content(
            hierarchy={
                "label": "总",
                "weights": {
                    "x": "2",
                    "green": {"label": "绿色", "weight": 1, "aggregate": "geometric",
                              "weights": {"y": 1}},
                },
            },
            tie_break=["total", "green", "x", "subject"],
        ),
    )  # fmt: skip
    assert [branch.code for branch in made.root.below()] == ["green", "total"]
    assert (made.branch("green").method, made.down()) == ("geometric", ["y"])
    assert [step.key for step in made.steps] == ["normalise", "aggregate"]
    assert made.ties == ("total", "green", "x", "subject")


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = (
        "index: bad\nlabel: 坏\ndoc: {title: 无}\neffective: {from: 2024-01-01}\n"
        "subject: {column: code}\ndigits: {value: 6, score: 6, weight: 30}\n"
        "indicators:\n  tax: {label: 税, unit: 元, direction: upp}\n  land: {label: 地, unit: 亩}\n"
        "hierarchy: {weights: {tax: 0, lend: 1}}\n"
        "steps:\n  - {verb: normalize, method: min_max, status: default}\n"
        "  - {verb: treat, method: winsorize, status: default}\n"
        "  - {verb: aggregate, method: arithmetic}\n"
    )
    path = tmp_path / "index.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemeError) as refused:
        load_index(path)
    told = [str(finding) for finding in refused.value.findings]
    for start, words in (
        ("index.yaml:6：digits.weight", "“30”应是 0 到 18 的整数"),
        ("index.yaml:8：indicators.tax.direction", "接受 up、down，是否想写“up”？"),
        ("index.yaml:9：indicators.land", "缺少“direction”"),
        ("index.yaml:10：hierarchy", "指标“land”在 hierarchy 里出现了 0 次"),
        ("index.yaml:10：hierarchy.weights.lend", "没有名为“lend”的指标，是否想写“land”？"),
        ("index.yaml:10：hierarchy.weights.tax", "权重应大于零，现为 0"),
        ("index.yaml:12：steps[1].verb", "是否想写“normalise”？"),
        ("index.yaml:13：steps[2].method", "是否想写“winsorise”？"),
        ("index.yaml:14：steps[3]", "要写依据：article（条款）或 status"),
    ):
        assert any(line.startswith(start) and words in line for line in told), (start, told)
    assert len(told) == 9, told


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"doc": {"status": "publishd"}}, "是否想写“published”？"),
        ({"steps": [FIRST, {**LAST, "status": "defualt"}]}, "是否想写“default”？"),
        ({"steps": [FIRST]}, "最后一步应是 aggregate"),
        ({"steps": []}, "最后一步应是 aggregate"),
        ({"steps": [FIRST, LAST, FIRST]}, "aggregate 之后不能再有别的步骤"),
        ({"steps": [FIRST, FIRST, LAST]}, "指标“x”已经标准化过"),
        ({"steps": [LAST]}, "指标“y”越小越好，合成之前要先标准化"),
        ({"steps": [{"method": "mean"}, FIRST, LAST]}, "要写 verb；接受 denominate"),
        ({"steps": ["mean", FIRST, LAST]}, "要写 verb；接受 denominate"),
        ({"steps": [{"verb": "impute"}, FIRST, LAST]}, "要写 method；接受 mean、median、constant"),
        ({"hierarchy": {"weights": {}}}, "至少要有一项"),
        ({"hierarchy": {"label": "总"}}, "缺少“weights”"),
        ({"hierarchy": {"weights": {"x": 1, "y": 1, "z": {"weight": 1}}}}, "缺少“weights”"),
        ({"hierarchy": {"weights": {"x": 1, "z": {"weight": 1, "weights": {"y": 1, "x": 1}}}}},
         "指标“x”在 hierarchy 里出现了 2 次"),
        ({"hierarchy": {"weights": {"p": {"weight": 1, "weights": {"x": 1}},
                                    "q": {"weight": 1, "weights": {
                                        "p": {"weight": 1, "weights": {"y": 1}}}}}}},
         "“p”这一级写了两次"),
        ({"hierarchy": {"weights": {"x": 1, "people": {"weight": 1, "weights": {"y": 1}}}}},
         "代码“people”已有别的含义"),
        ({"attributes": {"rank": {"label": "名"}}}, "代码“rank”已有别的含义"),
        ({"facts": {"x": {"label": "重", "unit": "元"}}}, "“x”已在 facts 里"),
        ({"facts": {"a": {"label": "甲", "unit": "元", "quantum": "0.3"}}}, "quantum 应是 1、0.1"),
        ({"tie_break": ["x", "subject"]}, "排序应以 total 开头"),
        ({"tie_break": ["total", "xx", "subject"]}, "没有名为“xx”的指标或层级"),
        ({"effective": {"from": "soon"}}, "不是日期"),
        ({"index": None, "label": None}, ""),
        ({"hierarchy": None}, "这里要写“键: 值”"),
        ({"indicators": {"rank": {"label": "名", "unit": "1", "direction": "up"}}},
         "indicators：代码“rank”已有别的含义"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    plain = content(**change)
    if words == "":
        del plain["index"], plain["hierarchy"], plain["steps"], plain["subject"]
        words = "缺少“hierarchy”"
    assert words in findings(tmp_path, plain)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"verb": "denominate", "by": "poeple"}, "没有名为“poeple”的数据项，是否想写“people”？"),
        ({"verb": "denominate"}, "缺少“by”"),
        ({"verb": "denominate", "by": "people", "columns": ["xx"]}, "没有名为“xx”的指标"),
        ({"verb": "denominate", "by": "people", "times": 0}, "应大于零"),
        ({"verb": "impute", "method": "mean", "group": "regoin"}, "是否想写“region”？"),
        ({"verb": "treat", "method": "winsorise", "max_points": 0}, "应是 1 到 10000 的整数"),
        ({"verb": "treat", "method": "ln", "columns": "x"}, "这里要写列表"),
        ({"verb": "weights", "method": "entropy", "branches": ["totl"]}, "是否想写“total”？"),
        ({"verb": "weights", "method": "ahp", "judgements": {"x": {"y": 3}}, "branches": []},
         "请用 branches 写明是哪一个"),
        ({"verb": "weights", "method": "ahp", "judgements": {"x": {"z": 3}}, "branches": ["total"]},
         "“z”不在这个层级之内"),
        ({"verb": "weights", "method": "ahp", "judgements": {"x": {"y": "1/0"}},
          "branches": ["total"]}, "不是数"),
        ({"verb": "weights", "method": "ahp", "judgements": {"x": {"y": 2}}, "limit": -1,
          "branches": ["total"]}, "不能小于零"),
    ],
)  # fmt: skip
def test_a_step_names_what_there_is(tmp_path: Path, given: dict[str, Any], words: str) -> None:
    assert words in findings(tmp_path, step(**given))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"method": "min_max", "low": 5, "high": 5}, "low（5）应小于 high（5）"),
        ({"method": "goalposts", "low": {"x": 0, "y": 9}, "high": 5}, "low（9）应小于 high（5）"),
        ({"method": "goalposts", "low": 0, "high": {"x": 0, "y": 5}}, "low（0）应小于 high（0）"),
        ({"method": "goalposts", "low": 0, "high": {"x": 5}}, "应恰好给出这些列：x、y；现有 x"),
        ({"method": "target", "value": {"z": 5}}, "应恰好给出这些列：x、y；现有 z"),
        ({"method": "target"}, "缺少“value”"),
        ({"method": "rank", "ties": "avg"}, "接受 min、mean、max"),
    ],
)
def test_the_parameters_of_a_normalisation_fit(
    tmp_path: Path, given: dict[str, Any], words: str
) -> None:
    normal = {"verb": "normalise", "status": "default", **given}
    assert words in findings(tmp_path, content(steps=[normal, LAST]))


def test_judgements_may_be_written_as_fractions(tmp_path: Path) -> None:
    weigh = {"verb": "weights", "method": "ahp", "judgements": {"x": {"y": "1/4"}}, "limit": "0.2",
             "branches": ["total"], "status": "default"}  # fmt: skip
    made = index(tmp_path, content(steps=[weigh, FIRST, LAST]))
    assert made.steps[0].params == {
        "judgements": {"x": {"y": Decimal("0.25")}},
        "limit": Decimal("0.2"),
    }


def test_an_aggregate_needs_a_share_between_nothing_and_one(tmp_path: Path) -> None:
    told = findings(tmp_path, content(steps=[FIRST, LAST | {"availability": 2}]))
    assert "应大于 0、不大于 1" in told


def test_weights_from_data_are_for_levels_of_indicators(tmp_path: Path) -> None:
    tree = {"weights": {"x": 1, "green": {"weight": 1, "weights": {"y": 1}}}}
    weigh = {"verb": "weights", "method": "critic", "status": "default"}
    made = index(tmp_path, content(hierarchy=tree, steps=[FIRST, weigh, LAST]))
    assert made.steps[1].codes == ("green",)
    named = weigh | {"branches": ["total"]}
    told = findings(tmp_path, content(hierarchy=tree, steps=[FIRST, named, LAST]))
    assert "critic 只用于下面全是指标的层级；接受 green" in told


def test_an_index_file_is_told_from_a_scheme(tmp_path: Path) -> None:
    assert is_index(written(tmp_path, content()))
    other = tmp_path / "scheme.yaml"
    other.write_text("scheme: x\n", encoding="utf-8")
    assert not is_index(other)
    assert not is_index(tmp_path / "nothing.yaml")
    with pytest.raises(SchemeError, match="读不到文件"):
        load_index(tmp_path / "nothing.yaml")
