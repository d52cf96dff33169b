"""Medians, quantiles between two values, last year's numbers, populations by a condition;
completion, distance, level and growth, marks of experts: below, at and above every border."""

import copy
import statistics
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import half_up
from tests.engine.population import CONTENT, population
from tests.engine.test_method_borders import notes, ratios, scores
from tests.engine.test_scheme import sentences
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.outcome import Outcome

Rows = list[dict[str, Any]]
MARKS = ["m1", "m2", "m3", "m4", "m5"]


def plan(**item: Any) -> dict[str, Any]:
    """One item of one fact in yuan; the facts of last year, of area and of marks beside it."""
    content = one_item()
    tax = content["indicators"]["tax"]
    content["facts"]["last_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    content["facts"] |= {m: {"unit": "1", "quantum": "0.1", "optional": True} for m in MARKS}
    del tax["denominator"]
    if item.get("score", {}).get("kind") in ("distance", "trimmed_mean"):
        del tax["benchmark"]
    if item.get("score", {}).get("kind") == "trimmed_mean":
        del tax["numerator"]
        tax["unit"] = "1"
    else:
        tax["unit"] = "元"
    content["indicators"]["tax"] = {**tax, **item}
    return content


def run(folder: Path, rows: Rows, **item: Any) -> Outcome:
    made = scheme(folder, plan(**item))
    named = [{"subject": f"S{at}", **row} for at, row in enumerate(rows)]
    return evaluate(made, facts(made, named), threads=1)


def column(outcome: Outcome, name: str) -> list[Any]:
    found: list[Any] = outcome.results.column(name).to_pylist()
    return found


# ---- benchmarks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "parts", "at"),
    [
        ({"kind": "median"}, 2, 0),
        ({"kind": "quantile", "share": "0.37", "interpolation": "linear", "times": "3"}, 100, 36),
    ],
)
def test_a_linear_quantile_is_that_of_statistics(
    tmp_path: Path, rule: dict[str, str], parts: int, at: int
) -> None:
    content = copy.deepcopy(CONTENT)
    content["indicators"]["tax_per_mu"]["benchmark"] = rule
    made, rows = scheme(tmp_path, content), population(204, 90, 10**9)
    found = evaluate(made, facts(made, rows), threads=2).results.to_pylist()
    inside = [r for r in found if r["group"] == "above" and r["excluded"] is None]
    known = [r["tax_per_mu__value"] for r in inside if r["tax_per_mu__value"] is not None]
    cut = statistics.quantiles([Fraction(v, 10**4) for v in known], n=parts, method="inclusive")[at]
    quanta = half_up(cut * Fraction(rule.get("times", "1")) * 10**5)
    assert {row["tax_per_mu__benchmark"] for row in inside} == {quanta}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"kind": "median"}, "3"),
        ({"kind": "quantile", "share": "0.25", "interpolation": "linear"}, "1.75"),
        ({"kind": "quantile", "share": "0.25", "interpolation": "higher"}, "2"),
        ({"kind": "quantile", "share": "0", "interpolation": "linear"}, "1"),
        ({"kind": "quantile", "share": "1", "interpolation": "linear"}, "9"),
    ],
)
def test_a_quantile_of_four_values_by_hand(
    tmp_path: Path, rule: dict[str, str], expected: str
) -> None:
    rows: Rows = [{"tax_yuan": v} for v in (400, 900, None, 100, 200)]
    found = run(tmp_path, rows, benchmark=rule)
    assert column(found, "tax__benchmark") == [Fraction(expected) * 10**6] * 5


LAST = [
    {"tax_yuan": 600, "last_yuan": 400, "land_m2": 100},
    {"tax_yuan": 600, "last_yuan": 800, "land_m2": 300},
    {"tax_yuan": 600, "last_yuan": 0, "land_m2": 100},
    {"tax_yuan": 600, "last_yuan": None, "land_m2": 100},
    {"tax_yuan": 600, "last_yuan": 999, "land_m2": 0},
    {"tax_yuan": 600, "last_yuan": 999, "land_m2": -100},
]


def test_a_subject_is_compared_with_its_own_last_year(tmp_path: Path) -> None:
    found = run(tmp_path, LAST, benchmark={"kind": "previous_year", "of": "last_yuan"})
    assert column(found, "tax__benchmark")[:4] == [4_000_000, 8_000_000, None, None]
    assert notes(found)[:4] == [None, None, "no_benchmark", "missing"]
    assert scores(found)[:4] == ["150", "75", "0", None]


def last_per_area(**changes: str) -> dict[str, str]:
    return {"kind": "previous_year", "of": "last_yuan", "over": "land_m2", **changes}


def per_area(rule: dict[str, str]) -> dict[str, Any]:
    return {"denominator": "land_m2", "unit": "元/㎡", "benchmark": rule}


@pytest.mark.parametrize(
    ("population", "expected"),
    [
        ("own", ["4000000", "8000000/3", None, None, None, None]),
        ("group", ["12/5"] * 6),  # (4 + 8 + 0) / (1 + 3 + 1): three have both numbers
        ("all", ["12/5"] * 6),
        ("last_yuan > 0 and land_m2 > 0", ["3"] * 6),
        ("last_yuan > 100", [None] * 6),
    ],
)
def test_last_year_is_of_the_population_that_is_declared(
    tmp_path: Path, population: str, expected: list[str | None]
) -> None:
    found = run(tmp_path, LAST, **per_area(last_per_area(population=population)))
    scale = 1 if population == "own" else 10**6
    shown = [None if e is None else half_up(Fraction(e) * scale) for e in expected]
    assert column(found, "tax__benchmark") == shown


def test_a_published_number_of_last_year_stands_as_it_is(tmp_path: Path) -> None:
    found = run(tmp_path, LAST[:1], benchmark={"kind": "previous_year", "value": {"all": "8"}})
    assert scores(found) == ["75"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("maximum", 4), ("median", 3), ("mean_of_values", 3), ("total_over_total", 3)],
)
def test_a_population_may_be_those_for_whom_a_condition_holds(
    tmp_path: Path, kind: str, expected: int
) -> None:
    """Two, three and four are inside; the one at the border and the one unknown are not."""
    rows: Rows = [{"tax_yuan": v * 100, "land_m2": v * 100} for v in (1, 2, 3, 4)]
    rows += [{"tax_yuan": 9900}]
    rule = {"kind": kind, "population": 'land_m2 > "1 m2"'}
    found = run(tmp_path, rows, benchmark=rule)
    assert column(found, "tax__benchmark") == [expected * 10**6] * 5


# ---- scores ----------------------------------------------------------------------------------


def test_completion_ends_at_its_target(tmp_path: Path) -> None:
    rows: Rows = [{"tax_yuan": tax, "last_yuan": 1000} for tax in (-1, 0, 999, 1000, 1001)]
    target = {"kind": "target", "of": "last_yuan"}
    found = run(tmp_path, rows, benchmark=target, score={"kind": "completion"})
    assert scores(found) == ["0", "0", "999/10", "100", "100"]
    assert notes(found) == ["negative", None, None, None, "capped"]
    assert ratios(found) == ["0", "0", "0.999", "1", "1"]


def test_a_distance_is_full_at_the_ideal_and_nothing_from_reach_on(tmp_path: Path) -> None:
    rows: Rows = [{"tax_yuan": tax} for tax in (249, 250, 251, 500, 750, 1000, 1250, 1251)]
    found = run(tmp_path, rows, score={"kind": "distance", "ideal": "7.5", "reach": "5"})
    assert scores(found) == ["0", "0", "1/5", "50", "100", "50", "0", "0"]
    assert notes(found) == ["floored", *[None] * 6, "floored"]
    assert ratios(found) == ["0", "0", "0.002", "0.5", "1", "0.5", "0", "0"]
    assert column(found, "tax__ideal") == [7_500_000] * 8


@pytest.mark.parametrize(
    ("ideal", "expected"), [("highest", ["0", "60", "100"]), ("lowest", ["100", "20", "0"])]
)
def test_the_ideal_may_be_the_best_of_the_values(
    tmp_path: Path, ideal: str, expected: list[str]
) -> None:
    rows: Rows = [{"tax_yuan": tax} for tax in (100, 500, 700)]
    found = run(tmp_path, rows, score={"kind": "distance", "ideal": ideal, "reach": "5"})
    assert scores(found) == expected


def test_level_and_growth_are_two_shares_of_one_score(tmp_path: Path) -> None:
    score = {"kind": "level_growth", "level": "0.6", "cap": "1.2", "full_growth": "0.5",
             "previous": "last_yuan"}  # fmt: skip
    pairs = [(500, 400), (1000, 1000), (1200, 800), (1300, 800), (900, 1000), (500, 0), (500, -1)]
    rows: Rows = [{"tax_yuan": tax, "last_yuan": last} for tax, last in pairs]
    rows += [{"tax_yuan": 500}, {"tax_yuan": -500, "last_yuan": 100}]
    found = run(tmp_path, rows, score=score)
    assert scores(found) == ["50", "60", "112", "112", "54", "30", "30", None, "0"]
    why = [None, None, None, "capped", None, "no_growth", "no_growth", "missing", "negative"]
    assert notes(found) == why
    assert ratios(found) == ["0.5", "0.6", "1.12", "1.12", "0.54", "0.3", "0.3", None, "0"]
    assert column(found, "tax__level")[:3] == [50_000_000, 100_000_000, 120_000_000]
    assert column(found, "tax__growth")[:5] == [50_000_000, 0, 100_000_000, 100_000_000, 0]
    assert column(found, "tax__previous")[:2] == [4_000_000, 10_000_000]
    shown = explain(found.scheme, found.results.to_pylist()[3]).items[0]
    assert (shown.full, shown.cap) == (112, Fraction("1.12"))


def test_level_and_growth_need_a_benchmark(tmp_path: Path) -> None:
    score = {"kind": "level_growth", "level": "0.6", "full_growth": "1", "previous": "last_yuan"}
    rows: Rows = [{"tax_yuan": -100, "last_yuan": 100}]
    found = run(tmp_path, rows, score=score, benchmark={"kind": "maximum"})
    assert (scores(found), notes(found), ratios(found)) == (["0"], ["no_benchmark"], [None])
    assert column(found, "tax__growth") == [None]


TRIMMED = {"kind": "trimmed_mean", "marks": MARKS, "full": "10"}


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((90, 80, 70, 60, 100), "80"),
        ((90, 90, 90, 30, 30), "70"),  # one of three equal marks is dropped
        ((90, 90, 90, 90, 90), "90"),
        ((90, None, "n/a", 60, 100), "90"),
        ((0, "zero", 0, 0, 100), "0"),
        ((110, 120, 130, 10, 10), "80"),
        ((110, 120, 130, 140, 150), "100"),
        ((-10, -20, -30, -40, 50), "0"),
    ],
)
def test_the_highest_and_the_lowest_mark_do_not_count(
    tmp_path: Path, marks: tuple[Any, ...], expected: str
) -> None:
    found = run(tmp_path, [dict(zip(MARKS, marks, strict=True))], score=TRIMMED)
    assert half_up(Fraction(expected) * 10**6) == column(found, "tax__score")[0]


@pytest.mark.parametrize(
    ("marks", "fewest", "lack"),
    [
        ((90, 80, 70, None, None), 3, None),
        ((90, 80, None, None, "n/a"), 3, "missing"),
        ((90, 80, "n/a", "n/a", "n/a"), 3, "not_applicable"),
        ((90, 80, 70, None, None), 4, "missing"),
        ((90, 80, 70, 60, None), 4, None),
    ],
)
def test_too_few_marks_are_no_mean(
    tmp_path: Path, marks: tuple[Any, ...], fewest: int, lack: str | None
) -> None:
    rows: Rows = [dict(zip(MARKS, marks, strict=True))]
    found = run(tmp_path, rows, score={**TRIMMED, "fewest": fewest})
    assert notes(found) == [lack]
    assert (column(found, "tax__value")[0] is None) == (lack is not None)


# ---- faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"benchmark": {"kind": "previous_year"}}, "应恰好写一个"),
        ({"benchmark": {"kind": "previous_year", "value": "1", "of": "tax_yuan"}}, "恰好写一个"),
        ({"benchmark": {"kind": "previous_year", "value": "1", "over": "x"}}, "over 要与 of 一起"),
        ({"benchmark": {"kind": "previous_year", "of": "land_m2"}}, "单位对不上"),
        ({"benchmark": last_per_area(over="land_m3")}, "没有名为“land_m3”的数据项，是否想写"),
        ({"benchmark": {"kind": "median", "share": "0.4"}}, "不认识“share”"),
        ({"benchmark": {"kind": "median", "population": "grup"}}, "是否想写“group”？"),
        ({"benchmark": {"kind": "median", "population": "own"}}, "接受 group、all、一个条件"),
        ({"benchmark": {"kind": "median", "population": "land > 1"}}, "没有名为“land”的数据项"),
        ({"score": {"kind": "completion", "cap": "1", "floor": "2"}}, "应在 0 与 cap"),
        ({"score": {"kind": "distance", "ideal": "1"}}, "缺少“reach”"),
        ({"score": {"kind": "distance", "ideal": "1", "reach": "0"}}, "应大于零"),
        ({"score": {"kind": "distance", "ideal": "1.0000001", "reach": "2"}}, "digits.value"),
        (
            {"score": {"kind": "distance", "ideal": "1", "reach": "2", "population": "all"}},
            "ideal 是数时不写 population",
        ),
        ({"score": {"kind": "level_growth", "level": "0.5", "full_growth": "1"}}, "缺少“previous”"),
        ({"score": {**TRIMMED, "marks": ["m1", "m1", "m2"]}}, "写了两次"),
        ({"score": {**TRIMMED, "marks": ["m1", "m2"]}}, "少于 fewest 的 3 项"),
        ({"score": {**TRIMMED, "fewest": 2}}, "应是 3 到 99 的整数"),
        ({"score": {**TRIMMED, "marks": ["m1", "m2", "m6"]}}, "没有名为“m6”的数据项"),
        ({"score": {**TRIMMED, "marks": ["m1", "m2", "capped"]}}, "unit 与 quantum 应相同"),
        ({"score": TRIMMED, "numerator": "m1"}, "不写 numerator"),
        ({"score": {"kind": "complete"}}, "是否想写“completion”？"),
    ],
)
def test_a_word_is_refused(tmp_path: Path, item: dict[str, Any], expected: str) -> None:
    assert any(expected in sentence for sentence in sentences(tmp_path, plan(**item)))


def test_an_item_needs_a_numerator_where_no_marks_are_given(tmp_path: Path) -> None:
    content = plan()
    del content["indicators"]["tax"]["numerator"]
    assert any("缺少“numerator”" in sentence for sentence in sentences(tmp_path, content))
