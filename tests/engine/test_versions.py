"""Two versions of a scheme in words: any single edit is told, no edit tells nothing."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.build import one_item, scheme
from tests.paths import CITY
from wuhao.engine.findings import EngineError, SchemeError
from wuhao.engine.marks import Sink, compose
from wuhao.engine.scheme import load_scheme
from wuhao.engine.scheme_words import KEYS, VALUES
from wuhao.engine.versions import SAME, differences, in_words
from wuhao.engine.vocabulary import (
    ABSENT,
    ADJUSTMENTS,
    AGGREGATES,
    BENCHMARKS,
    GRADINGS,
    POINTS,
    SCORES,
)

DEFAULT = CITY / "schemes" / "per_mu_benefit" / "2022.yaml"
Edit = tuple[tuple[Any, ...], str]


def content() -> dict[str, Any]:
    top = compose(DEFAULT, Sink("2022.yaml"))
    assert top is not None
    return dict(top.plain())


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[Edit]:
    """Every place of a tree with every edit that can be made there."""
    if path:
        yield path, "remove"
    if isinstance(node, dict):
        yield path, "add"
        for key, inner in node.items():
            yield from places(inner, (*path, key))
    elif isinstance(node, list):
        yield path, "add"
        if len(node) > 1:
            yield path, "turn"
        for at, inner in enumerate(node):
            yield from places(inner, (*path, at))
    else:
        yield path, "change"


def edited(tree: dict[str, Any], path: tuple[Any, ...], how: str) -> dict[str, Any]:
    made = copy.deepcopy(tree)
    parent: Any = made
    for step in path[:-1]:
        parent = parent[step]
    if how == "remove":
        del parent[path[-1]]
        return made
    node = parent[path[-1]] if path else made
    if how == "change":
        parent[path[-1]] = changed(node)
    elif how == "turn":
        node.reverse()
    elif isinstance(node, dict):
        node["added"] = "9"
    else:
        node.append(added(node[-1]))
    return made


def changed(value: str | None) -> str:
    return "新" if value is None else f"{int(value) + 1}" if value.isdigit() else f"{value}x"


def added(value: Any) -> Any:
    return {**value, "id": "added"} if isinstance(value, dict) else f"{value}y"


EDITS = list(places(content()))


def test_every_single_edit_of_the_default_scheme_is_told() -> None:
    tree = content()
    assert len(EDITS) > 700
    for path, how in EDITS:
        found = in_words(tree, edited(tree, path, how))
        assert found, (path, how)
        assert len(found) == len(set(found)), (path, how)


def test_no_edit_tells_nothing() -> None:
    assert in_words(content(), content()) == []
    assert differences(load_scheme(DEFAULT), load_scheme(DEFAULT)) == []


def test_every_edit_that_is_a_scheme_is_told_between_the_schemes(tmp_path: Path) -> None:
    old, loaded = load_scheme(DEFAULT), 0
    for at, (path, how) in enumerate(EDITS[::9]):
        file = tmp_path / f"{at}.yaml"
        text = yaml.safe_dump(edited(content(), path, how), allow_unicode=True, sort_keys=False)
        file.write_text(text, encoding="utf-8")
        try:
            new = load_scheme(file)
        except SchemeError:
            continue
        loaded += 1
        assert differences(old, new), (path, how)
    assert loaded > 20


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("groups", "above", "weights", "tax_per_mu"), "35", "规上：亩均税收权重 30 → 35"),
        (("grades", "share", "A"), "15", "A 档比例 20% → 15%"),
        (("grades", "rounding", "A"), "ceil", "A 档取整 向下取整 → 向上取整"),
        (("grades", "tie"), "strict", "定档的同分处理 并列从高 → 排到最后一个"),
        (("item", "score", "cap"), "1.3", "各指标共同规则的计分的封顶 1.5 → 1.3"),
        (("benchmark", "kind"), "mean_of_values", "基准值的方法 合计之比 → 各户平均"),
        (("effective", "to"), None, "有效期的止 2023-01-01 → 空"),
        (("doc", "no"), "株政发〔2022〕1号", "文件的文号 空 → 株政发〔2022〕1号"),
        (("digits", "score"), "4", "小数位数的计分 6 → 4"),
        (("facts", "land_m2", "quantum"), "1", "数据项“用地面积”的最小单位 0.01 → 1"),
        (("attributes", "scale", "values"), ["above"], "属性“规模”的可取值 above、below → above"),
        (("quantities", "emission"), "cod_kg",
         "算式“emission”的内容 cod_kg + nh3n_kg + so2_kg + nox_kg → cod_kg"),
        (("indicators", "tax_per_mu", "absent"), "zero",
         "指标“亩均税收”的没有值时 不定等级 → 记零分"),
        (("adjustments", 0, "to"), "C", "调整规则“较大及以上生产安全事故”的档次 D → C"),
        (("scope", "exclude", 2, "when"), "missing(sector)",
         '不参评规则“投产未满24个月”的条件 in_production_on > "2019-12-31" → missing(sector)'),
        (("tie_break",), ["total", "subject"],
         "同分排序 total、tax_per_mu、va_per_mu、tax_counted、subject → total、subject"),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence(path: tuple[Any, ...], value: Any, sentence: str) -> None:
    new = copy.deepcopy(content())
    parent: Any = new
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    assert in_words(content(), new) == [sentence]


def test_whole_parts_that_come_and_go_are_told_with_their_content() -> None:
    new = content()
    del new["facts"]["fraud"]
    new["facts"]["patents"] = {"label": "专利数", "unit": "1", "quantum": "1"}
    new["rank_on"] = {"digits": "2"}
    del new["scope"]
    found = in_words(content(), new)
    assert found[0].startswith("取消数据项“拒不填报或弄虚作假”：名称 拒不填报或弄虚作假，单位 1，")
    assert found[1] == "新增数据项“专利数”：名称 专利数，单位 1，最小单位 1"
    assert [s.split("：")[0] for s in found[2:6]] == [
        "取消不参评规则“公用事业（供电、供热、供气、供水、污水和垃圾处理）”",
        "取消不参评规则“合同期内在建”",
        "取消不参评规则“投产未满24个月”",
        "取消不参评规则“规下企业用地不足5亩”",
    ]
    assert found[6:] == ["排名依据 不写 → 小数位数 2"]


def test_the_order_of_rules_and_groups_has_a_meaning_and_is_told() -> None:
    new = content()
    new["groups"] = dict(reversed(new["groups"].items()))
    new["adjustments"].reverse()
    groups, rules = in_words(content(), new)
    assert groups == "评价组的顺序 规上、规下 → 规下、规上"
    assert rules.startswith("调整规则的顺序 较大及以上生产安全事故、")


def test_levels_between_items_and_total_are_told(tmp_path: Path) -> None:
    tree = one_item()
    inner = {"weight": "1", "label": "效益", "aggregate": "arithmetic", "weights": {"tax": "1"}}
    tree["groups"]["all"] = {
        "aggregate": "arithmetic",
        "weights": {"benefit": inner},
        "status": "default",
    }
    new = copy.deepcopy(tree)
    level = new["groups"]["all"]["weights"]["benefit"]
    level |= {"weight": "2", "aggregate": "geometric", "weights": {"tax": "3"}}
    assert in_words(tree, new) == [
        "all：benefit权重 1 → 2",
        "all：benefit合成方法 算术平均 → 几何平均",
        "all：tax权重 1 → 3",
    ]


def test_another_way_of_writing_the_same_is_no_change_of_rules(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("old", "new")]
    for folder in folders:
        folder.mkdir()
    contents = [one_item(), one_item()]
    contents[1]["groups"]["all"]["weights"]["tax"] = "100.0"
    old, new = (scheme(f, c) for f, c in zip(folders, contents, strict=True))
    assert differences(old, new) == [SAME]


def test_a_file_changed_after_it_was_read_is_refused(tmp_path: Path) -> None:
    old = scheme(tmp_path, one_item())
    (tmp_path / "scheme.yaml").write_text("scheme: other\n", encoding="utf-8")
    with pytest.raises(EngineError, match="在读入后被改动过"):
        differences(old, old)
    (tmp_path / "scheme.yaml").unlink()
    with pytest.raises(EngineError, match="在读入后被改动过"):
        differences(old, old)


def test_every_word_of_the_vocabulary_is_said_in_words() -> None:
    kinds = {*BENCHMARKS, *SCORES, *GRADINGS, *POINTS, *ADJUSTMENTS}
    words = {("kind", name) for name in kinds}
    words |= {("aggregate", name) for name in AGGREGATES} | {("absent", name) for name in ABSENT}
    assert words <= set(VALUES)
    params = {
        name
        for of in (BENCHMARKS, SCORES, GRADINGS)
        for word in of.values()
        for name in word.params
    }
    assert params <= set(KEYS)
