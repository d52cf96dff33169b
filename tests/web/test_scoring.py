"""Every score and every benchmark has a sentence of its own, in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from django.utils import translation

from tests.web.test_waterfall import ORIGIN, PER_MU
from wuhao.engine.explain import ItemShown, MethodShown
from wuhao.engine.vocabulary import BENCHMARKS as BENCHMARK_WORDS
from wuhao.engine.vocabulary import SCORES as SCORE_WORDS
from wuhao.web.formulas import Step, formulas
from wuhao.web.scoring import compared

PLACES = ("lowest", "highest", "rank", "ideal", "level", "growth")
MINUS = "\N{MINUS SIGN}"
LESS = {"base": D("0.2"), "better": "less", "population": "all"}
MORE = {"base": D(0), "better": "more"}
GOAL = {"low": D(1), "high": D("20.5"), "transform": "none"}
TABLE = {"table": {D(10): D(1), D("5.5"): D("0.6")}, "below": D("0.1")}
STEPS = {"step": D("0.05"), "floor": D("0.1"), "better": "more"}


def shown(score: str, params: dict[str, Any], **changes: Any) -> ItemShown:
    found = {name: changes.pop(name) for name in PLACES if name in changes}
    return replace(PER_MU, method=MethodShown(score, params, **found), **changes)


def step_of(item: ItemShown) -> Step:
    return formulas([item], ORIGIN)[0].steps[1]


SAID: list[tuple[ItemShown, str, str]] = [
    (
        PER_MU,
        "与基准比，最多算 1.5 倍",
        "Against the benchmark, at most 1.5 times",
    ),
    (
        shown("reverse", {"cap": D("1.20"), "floor": D(0)}),
        "越小越好：2 减去与基准之比，最高 1.2，最低 0",
        "Less is better: 2 less the ratio to the benchmark, at most 1.2, at least 0",
    ),
    (
        shown("goalposts", GOAL),
        "在下限 1 与上限 20.5 之间的位置",
        "The place between the lower bound 1 and the upper bound 20.5",
    ),
    (
        shown("goalposts", {**GOAL, "transform": "ln"}),
        "取对数后，在下限 1 与上限 20.5 之间的位置",
        "By logarithms, the place between the lower bound 1 and the upper bound 20.5",
    ),
    (
        shown("min_max", MORE, lowest=D(1), highest=D(9)),
        "在同组最低 1.0000 与最高 9.0000 之间的位置",
        "The place between the least of the group, 1.0000, and the greatest, 9.0000",
    ),
    (
        shown("min_max", {**MORE, "population": "all"}, lowest=D(1), highest=D(9)),
        "在全部参评企业最低 1.0000 与最高 9.0000 之间的位置",
        "The place between the least of all, 1.0000, and the greatest, 9.0000",
    ),
    (
        shown("min_max", LESS, lowest=D(1), highest=D(9)),
        "越小越好：在全部参评企业最低 1.0000 与最高 9.0000 之间的位置，最差的得 20%",
        "Less is better: the place between the least of all, 1.0000, and the greatest, 9.0000; "
        "the worst gets 20%",
    ),
    (
        shown("min_max", {**MORE, "better": "less"}, lowest=D(1), highest=D(9)),
        "越小越好：在同组最低 1.0000 与最高 9.0000 之间的位置",
        "Less is better: the place between the least of the group, 1.0000, and the greatest, "
        "9.0000",
    ),
    (
        shown("min_max", MORE, lowest=D(5), highest=D(5)),
        "各家的值都相同，都得满分",
        "All have the same value and get full marks",
    ),
    (
        shown("interval", TABLE, value=D(7)),
        "按分段表：达到 5.5 的得 60%",
        "By the table: from 5.5 on, 60%",
    ),
    (
        shown("interval", TABLE, value=D(5)),
        "按分段表：低于 5.5 的得 10%",
        "By the table: below 5.5, 10%",
    ),
    (
        shown("rank_steps", STEPS, rank=4),
        "同组第 4 名：第一名得满分，每后一名少 5%，最低 10%",
        "Number 4 of the group: the first gets full marks, each one behind 5% less, at least 10%",
    ),
    (
        shown("rank_steps", {**STEPS, "population": "all"}, rank=4),
        "全部参评企业第 4 名：第一名得满分，每后一名少 5%，最低 10%",
        "Number 4 of all: the first gets full marks, each one behind 5% less, at least 10%",
    ),
    (
        shown("completion", {"cap": D(1), "floor": D(0)}, cap=D(1)),
        "与基准比，最多算 1 倍",
        "Against the benchmark, at most 1 times",
    ),
    (
        shown("distance", {"ideal": "highest", "reach": D("7.5")}, ideal=D(9)),
        "离理想值 9.0000 越近越好，相差 7.5 及以上不得分",
        "The nearer to the ideal 9.0000 the better; 7.5 away or more gets nothing",
    ),
    (
        shown("level_growth", {"level": D("0.6")}, level=D("0.5"), growth=D("0.25")),
        "与基准比的水平占 60%，比上年的增长占 40%",
        "The level against the benchmark counts 60%, growth over last year 40%",
    ),
    (
        shown("trimmed_mean", {"full": D(90)}),
        "专家评分去掉最高分和最低分后的平均，满分 90",
        "Mean of the experts' marks without the highest and the lowest, full marks 90",
    ),
    (
        shown("a later word", {}),
        "按方案的计分办法",
        "As the scheme scores it",
    ),
]


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(("item", "chinese", "_english"), SAID, ids=lambda _: "")
def test_a_score_is_told_by_its_own_sentence(item: ItemShown, chinese: str, _english: str) -> None:
    assert step_of(item).say == chinese


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("item", "_chinese", "english_words"), SAID, ids=lambda _: "")
def test_it_is_so_in_english(item: ItemShown, _chinese: str, english_words: str) -> None:
    assert step_of(item).say == english_words


def test_every_word_has_a_sentence() -> None:
    assert set(SCORE_WORDS) == {item.method.score for item, _, _ in SAID} - {"a later word"}


def test_numbers_stand_as_they_are_computed() -> None:
    reverse = step_of(shown("reverse", {"cap": D(2), "floor": D(0)}))
    assert reverse.left == f"2 {MINUS} 5.2299 ÷ 12.8600"
    assert (reverse.top, reverse.result) == ("", "0.4067")
    more = step_of(shown("min_max", MORE, lowest=D(1), highest=D(9)))
    assert (more.top, more.bottom) == (f"5.2299 {MINUS} 1.0000", f"9.0000 {MINUS} 1.0000")
    less = step_of(shown("min_max", LESS, lowest=D(1), highest=D(9)))
    assert less.left == (f"20% + 80% × (9.0000 {MINUS} 5.2299) ÷ (9.0000 {MINUS} 1.0000)")
    logs = step_of(shown("goalposts", {**GOAL, "transform": "ln"}))
    assert logs.left == f"(ln 5.2299 {MINUS} ln 1) ÷ (ln 20.5 {MINUS} ln 1)"
    assert step_of(shown("rank_steps", STEPS, rank=4)).left == f"100% {MINUS} 3 × 5%"
    near = step_of(shown("distance", {"reach": D("7.5")}, ideal=D(9)))
    assert near.left == f"1 {MINUS} |5.2299 {MINUS} 9.0000| ÷ 7.5"
    both = step_of(shown("level_growth", {"level": D("0.6")}, level=D("0.5"), growth=D("0.25")))
    assert both.left == "0.5000 × 60% + 0.2500 × 40%"
    marks = step_of(shown("trimmed_mean", {"full": D(90)}))
    assert (marks.top, marks.bottom) == ("5.2299", "90")
    ratio = step_of(PER_MU)
    assert (ratio.top, ratio.bottom) == ("5.2299", "12.8600")


def benched(kind: str, score: str = "ratio", **params: Any) -> ItemShown:
    limits = {"cap": D("1.5"), "floor": D(0)}
    method = MethodShown(score, limits, benchmark=kind, benchmark_params=params)
    return replace(PER_MU, method=method)


def test_a_target_is_no_benchmark_of_the_group() -> None:
    assert step_of(benched("target")).say == "与目标比，最多算 1.5 倍"
    reverse = step_of(benched("target", "reverse"))
    assert reverse.say == "越小越好：2 减去与目标之比，最高 1.5，最低 0"
    assert formulas([benched("target")], ORIGIN)[0].benchmark_label == "目标"


@pytest.mark.parametrize(
    ("kind", "params", "said"),
    [
        ("total_over_total", {}, "同组 3 家合计之比"),
        ("total_over_total", {"population": "all"}, "全部参评企业合计之比"),
        ("mean_of_values", {"times": D("2.0")}, "同组企业的平均值的 2 倍"),
        ("mean_of_values", {"population": "all"}, "全部参评企业的平均值"),
        ("maximum", {}, "同组企业的最高值"),
        ("maximum", {"population": "all"}, "全部参评企业的最高值"),
        ("quantile", {"share": D("0.75")}, "同组企业从低到高 75% 处的值"),
        ("quantile", {"share": D("0.75"), "population": "all"}, "全部参评企业从低到高 75% 处的值"),
        ("median", {}, "同组企业的中位值"),
        ("mean_of_values", {"population": "vetoed == 0"}, "方案所指的企业的平均值"),
        ("previous_year", {"value": D(3)}, "公布的上年数"),
        ("previous_year", {"of": "x"}, "本企业的上年数"),
        ("previous_year", {"of": "x", "population": "group"}, "同组企业上年合计之比"),
        ("fixed", {}, "方案规定的数"),
        ("target", {}, "本企业的目标"),
        ("a later word", {}, "按方案的规定"),
    ],
)
def test_a_benchmark_is_told_by_its_own_sentence(
    kind: str, params: dict[str, Any], said: str
) -> None:
    assert compared(benched(kind, **params), ORIGIN.base) == said
    assert kind in BENCHMARK_WORDS or said == "按方案的规定"
