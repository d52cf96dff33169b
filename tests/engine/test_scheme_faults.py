"""Slips of the pen in a scheme that are rarer, each with what the reader is told."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.test_scheme import sentences
from wuhao.engine.evaluate import evaluate
from wuhao.engine.findings import SchemeError
from wuhao.engine.scheme import load_scheme


def excluded_when(when: str, **changes: Any) -> dict[str, Any]:
    rule = {"id": "out", "when": when, "status": "default"}
    return one_item(attributes={"scale": {"optional": True}}, scope={"exclude": [rule]}, **changes)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("tax_yuan + True > 5", "“True”不是数；算式只用 + - * /、数和括号。"),
        ("tax_yuan > 1e999", "算式里的数太大，超出能算的范围。"),
        ("tax_yuan > 'many 亩'", "“many 亩”不是带单位的数，应写成“5 亩”。"),
        ("tax_yuan > '1/0 元'", "“1/0 元”不是带单位的数，应写成“5 亩”。"),
        ("land_m2 > '5 园'", "不认识单位“园”。"),
        ("tax_yuan > land_m2", "比较的两边单位不同。"),
        ("tax_yuan is 5", "“tax_yuan is 5”用了不接受的比较。"),
        ("starts(scale)", '接受 starts(属性, "前缀", …) 和 missing(名称)。'),
        ("begins(scale, 'C')", '接受 starts(属性, "前缀", …) 和 missing(名称)。'),
        ("starts(scale, 5)", "“5”应是带引号的文字。"),
        ("scale == 5", "“5”应是带引号的文字。"),
        ("tax_yuan + 1 in ['甲']", '应写成：属性 in ["甲", "乙"]。'),
        ("scale in '甲'", '应写成：属性 in ["甲", "乙"]。'),
        ("tax_yuan in ['甲']", "“tax_yuan”不是属性；属性要先写在 attributes 里。"),
        ("missing(tax_yun)", "是否想写“tax_yuan”？"),
    ],
)
def test_a_condition_that_cannot_be_read_is_told(tmp_path: Path, when: str, told: str) -> None:
    [sentence] = sentences(tmp_path, excluded_when(when))
    assert sentence.split("：")[1] == "scope.exclude[1].when"
    assert told in sentence


@pytest.mark.parametrize(
    ("when", "out"),
    [
        ("-tax_yuan < -10", ["乙"]),
        ("not (tax_yuan > 10)", ["丙", "甲"]),  # what is not known is not above ten
        ("'大' == scale", ["甲"]),
        ("'大' != scale", ["乙"]),
        ("scale in ['小', '中']", ["乙"]),
        ("scale not in ('小', '中')", ["甲"]),
        ("starts(scale, '大', '中')", ["甲"]),
        ("missing(scale)", ["丙"]),
        ("land_m2 < '0.015 亩' and not missing(scale)", ["甲"]),  # ten square metres just that
        ("land_m2 < '0.0150000001 亩' and not missing(scale)", ["甲"]),
    ],
)
def test_a_condition_holds_for_whom_it_says(tmp_path: Path, when: str, out: list[str]) -> None:
    made = scheme(tmp_path, excluded_when(when))
    given = [
        {"subject": "甲", "tax_yuan": 1000, "land_m2": 999, "scale": "大"},
        {"subject": "乙", "tax_yuan": 2000, "land_m2": 1001, "scale": "小"},
        {"subject": "丙", "land_m2": 2000},
    ]
    found = evaluate(made, facts(made, given)).results
    excluded = zip(
        found.column("subject").to_pylist(), found.column("excluded").to_pylist(), strict=True
    )
    assert [subject for subject, why in excluded if why == "out"] == out


GRADES = one_item()["grades"]
BY = {"attribute": "scale", "min_size": 3, "fallback": "all"}


@pytest.mark.parametrize(
    ("changes", "key", "told"),
    [
        (
            {"attributes": {"tax_yuan": {}}},
            "attributes.tax_yuan",
            "“tax_yuan”已是数据项，属性请换一个代码。",
        ),
        (
            {"quantities": {"tax_yuan": "land_m2"}},
            "quantities.tax_yuan",
            "“tax_yuan”已是数据项或属性，请换一个代码。",
        ),
        (
            {"effective": {"from": "2022-01-01", "to": "2022-01-01"}},
            "effective.to",
            "结束日 2022-01-01 应晚于开始日 2022-01-01。",
        ),
        (
            {"grades": {**GRADES, "order": ["A", "A"]}},
            "grades",
            "order 要列出至少两个不同的档次，好的在前。",
        ),
        (
            {"grades": {**GRADES, "share": {"A": 30, "B": 65, "C": 10, "D": -5}}},
            "grades",
            "比例不能为负。",
        ),
        (
            {
                "groups": {
                    "all": {
                        "weights": {
                            "tax": 100,
                            "more": {
                                "weight": 0,
                                "weights": {"tax": 100},
                                "aggregate": "arithmetic",
                            },
                        },
                        "status": "default",
                    }
                }
            },
            "groups.all.weights",
            "指标“tax”在同一组里写了两次。",
        ),
        (
            {
                "groups": {
                    "all": {
                        "weights": {
                            "tax": {
                                "weight": 100,
                                "weights": {"tax": 100},
                                "aggregate": "arithmetic",
                            }
                        },
                        "status": "default",
                    }
                }
            },
            "groups.all.weights.tax",
            "“tax”已是指标，这一级请换一个代码。",
        ),
        ({"rank_on": {"digits": 7}}, "rank_on.digits", "6"),
        ({"rank_on": {"digit": 2}}, "rank_on.digit", "是否想写“digits”？"),
        (
            {"point_limits": [{"id": "most", "at_most": 3, "status": "default"}]},
            "point_limits[1]",
            "缺少“lines”。",
        ),
    ],
)
def test_a_part_of_a_scheme_that_does_not_hold_is_told(
    tmp_path: Path, changes: dict[str, Any], key: str, told: str
) -> None:
    found = sentences(tmp_path, one_item(**changes))
    assert [s for s in found if s.split("：")[1] == key and told in s]


@pytest.mark.parametrize(
    ("score", "told"),
    [
        ({"kind": "goalposts", "low": 5, "high": 5}, "low（5）应小于 high（5）。"),
        (
            {"kind": "goalposts", "low": 0, "high": 5, "transform": "ln"},
            "取对数时 low 应大于零，现为 0。",
        ),
        ({"kind": "ratio", "cap": 1, "floor": -1}, "floor（-1）不能小于零。"),
    ],
)
def test_a_score_whose_numbers_do_not_go_together_is_told(
    tmp_path: Path, score: dict[str, Any], told: str
) -> None:
    content = copy.deepcopy(one_item())
    content["indicators"]["tax"]["score"] = score
    if score["kind"] == "goalposts":
        del content["indicators"]["tax"]["benchmark"]
    [sentence] = sentences(tmp_path, content)
    assert told in sentence


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"wider": [2]}, "写了 wider 就要写 first（取编码的前几位）。"),
        ({"first": 3, "wider": [3]}, "3"),
        (
            {"first": 3, "own": {"大": {"weights": {"tax": 100}, "status": "default"}}},
            "“大”有 1 位，而 first 和 wider 没有这个位数。",
        ),
        ({"min_sise": 3}, "是否想写“min_size”？"),
    ],
)
def test_groups_by_attribute_that_do_not_hold_are_told(
    tmp_path: Path, own: dict[str, Any], told: str
) -> None:
    groups = {
        "each": {
            "when": "lifted == 1",
            "by": {**BY, **own},
            "weights": {"tax": 100},
            "status": "default",
        },
        "all": {"weights": {"tax": 100}, "status": "default"},
    }
    content = one_item(attributes={"scale": {"optional": True}}, groups=groups)
    assert any(told in sentence for sentence in sentences(tmp_path, content))


def test_items_of_a_group_that_change_nothing_are_told(tmp_path: Path) -> None:
    groups = {
        "all": {
            "weights": {"tax": 100},
            "items": {"tax": {"status": "default"}},
            "status": "default",
        }
    }
    [sentence] = sentences(tmp_path, one_item(groups=groups))
    assert "要写 benchmark、score、absent 中的至少一个，否则与其他组没有不同。" in sentence


def test_an_indicator_that_no_group_uses_is_told(tmp_path: Path) -> None:
    content = one_item()
    content["indicators"]["idle"] = content["indicators"]["tax"]
    [sentence] = sentences(tmp_path, content)
    assert "指标“idle”没有任何组使用，请删去或给它权重。" in sentence


def test_ways_that_are_not_given_one_way_alone_are_told(tmp_path: Path) -> None:
    lift = {"id": "up", "kind": "lift", "when": "lifted == 1", "status": "default"}
    both = {**lift, "to": "B", "up": 1}
    veto = {**lift, "kind": "veto", "up": 1}
    for rule, told in (
        (lift, "要写 to（不低于哪一档）或 up（提升几档），只写其一。"),
        (both, "要写 to（不低于哪一档）或 up（提升几档），只写其一。"),
        (veto, "up（提升几档）只用于 lift；接受 to。"),
    ):
        assert any(told in s for s in sentences(tmp_path, one_item(adjustments=[rule])))


def test_a_part_without_which_nothing_can_be_read_is_told_alone(tmp_path: Path) -> None:
    """What hangs on it is not also called wrong."""
    group = one_item()["groups"]["all"]
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"groups": {"all": {**group, "weights": {}}}}, ["groups.all.weights：至少要有一个指标。"]),
        ({"benchmark": "fixed"}, ["benchmark：要写 kind；接受 total_over_total"]),
        ({"item": {"score": {"cap": 1}}}, ["item.score：要写 kind；接受 ratio"]),
    ]
    for changes, told in cases:
        content = one_item(**changes)
        if "item" in changes:
            del content["indicators"]["tax"]["score"]
        found = sentences(tmp_path, content)
        assert all(any(part in s for s in found) for part in told), (changes, found)
        assert len(found) <= 2, found


def test_a_file_with_neither_a_name_nor_indicators_is_told_so(tmp_path: Path) -> None:
    content = one_item()
    del content["scheme"], content["indicators"]
    found = sentences(tmp_path, content)
    assert {"缺少“scheme”。", "缺少“indicators”。"} <= {s.split("：")[-1] for s in found}


def test_a_common_rule_may_give_the_score_alone(tmp_path: Path) -> None:
    content = one_item(item={"score": {"kind": "ratio", "cap": "1.2"}, "status": "default"})
    del content["indicators"]["tax"]["score"]
    assert str(scheme(tmp_path, content).indicators["tax"].score.params["cap"]) == "1.2"


def test_only_a_veto_may_leave_its_place(tmp_path: Path) -> None:
    rule = {"id": "cap", "kind": "cap", "when": "capped == 1", "to": "B", "status": "default"}
    [sentence] = sentences(tmp_path, one_item(adjustments=[{**rule, "uses_quota": False}]))
    assert sentence.split("：", 1)[1] == "adjustments[1].uses_quota：只有 veto 可以不占名额。"


def test_a_limit_without_a_name_is_told(tmp_path: Path) -> None:
    lines = [
        {"id": code, "kind": "bonus", "each": 1, "events": "capped", "status": "default"}
        for code in ("one", "two")
    ]
    limit = {"lines": ["one", "two"], "at_most": 1, "status": "default"}
    [sentence] = sentences(tmp_path, one_item(points=lines, point_limits=[limit]))
    assert sentence.endswith("point_limits[1]：缺少“id”。")


def test_marks_are_not_replaced_for_a_group_alone(tmp_path: Path) -> None:
    content = one_item()
    content["indicators"]["tax"] = {
        "unit": "1",
        "score": {"kind": "trimmed_mean", "marks": ["vetoed", "capped", "lifted"], "full": 10},
        "absent": "zero",
        "status": "default",
    }
    own = {"kind": "trimmed_mean", "marks": ["capped", "lifted", "vetoed"], "full": 10}
    content["groups"]["all"]["items"] = {"tax": {"score": own, "status": "default"}}
    [sentence] = sentences(tmp_path, content)
    assert "组内不能另定 trimmed_mean 的评分：它换了所计的数，请另写一个指标。" in sentence


def test_a_faulty_indicator_is_not_told_again_by_a_group_that_judges_it_otherwise(
    tmp_path: Path,
) -> None:
    content = one_item()
    content["indicators"]["tax"]["numerator"] = "tax_yun"
    own = {"benchmark": {"kind": "fixed", "value": "5"}, "status": "default"}
    content["groups"]["all"]["items"] = {"tax": own}
    [sentence] = sentences(tmp_path, content)
    assert "indicators.tax.numerator" in sentence


def test_a_made_group_whose_weights_cannot_be_read_is_told_by_them(tmp_path: Path) -> None:
    own = {"大": {"weights": {"tax": 90}, "status": "default"}}
    groups = {
        "each": {
            "when": "lifted == 1",
            "by": {**BY, "own": own},
            "weights": {"tax": 100},
            "status": "default",
        },
        "all": {"weights": {"tax": 100}, "status": "default"},
    }
    content = one_item(attributes={"scale": {"optional": True}}, groups=groups)
    [sentence] = sentences(tmp_path, content)
    assert "权重合计应为 100，现为 90。" in sentence


def test_a_group_that_makes_none_is_not_asked_for_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the group all makes no groups"):
        scheme(tmp_path, one_item()).group("all").made("大")


def test_a_file_in_another_encoding_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("label: 亩均".encode("gb18030"))
    with pytest.raises(SchemeError, match="不是 UTF-8 文本，请另存为 UTF-8。"):
        load_scheme(path)


def test_a_level_without_its_weights_is_told_by_what_it_lacks(tmp_path: Path) -> None:
    weights = {"level": {"weight": 100, "aggregate": "arithmetic"}}
    groups = {"all": {"weights": weights, "status": "default"}}
    found = sentences(tmp_path, one_item(groups=groups))
    assert any("groups.all.weights.level：缺少“weights”。" in sentence for sentence in found)


def test_what_is_wrong_with_the_head_is_told_beside_what_is_wrong_with_the_rules(
    tmp_path: Path,
) -> None:
    found = sentences(
        tmp_path,
        one_item(
            effective={"from": "2022-01-01", "to": "2021-01-01"},
            subject={"label": "代码"},
            input={"other_columns": "drop"},
            rank_on={"digits": 9},
            groups={"all": {"weights": {"tax": 99}, "status": "default"}},
        ),
    )
    assert sorted(sentence.split("：")[1] for sentence in found) == [
        "effective.to", "groups.all.weights", "input.other_columns", "rank_on.digits", "subject",
    ]  # fmt: skip
