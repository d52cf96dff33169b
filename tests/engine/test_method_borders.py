"""Each new method below, at and above every border it has: worked out by hand."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.test_scheme import sentences
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.findings import FactsError
from wuhao.engine.outcome import Outcome
from wuhao.engine.verbs.decimals import (
    geometric_mean,
    harmonic_mean,
    log_position,
    power_mean,
)

ONE = 10**8


def run(folder: Path, taxes: list[Any], **item: Any) -> Outcome:
    """One item of one fact in yuan, against ten yuan unless the item says otherwise."""
    made = scheme(folder, plan(**item))
    rows = [{"subject": f"S{at}", "tax_yuan": tax} for at, tax in enumerate(taxes)]
    return evaluate(made, facts(made, rows), threads=1)


def plan(**item: Any) -> dict[str, Any]:
    content = one_item()
    tax = content["indicators"]["tax"]
    del tax["denominator"]
    if item.get("score", {}).get("kind") in ("min_max", "interval", "rank_steps"):
        del tax["benchmark"]
    content["indicators"]["tax"] = {**tax, "unit": "元", **item}
    return content


def scores(outcome: Outcome) -> list[str | None]:
    """Scores as points of a weight of 100, without zeros at the end."""
    cells = outcome.results.column("tax__score").to_pylist()
    return [None if cell is None else str(Fraction(cell, 10**6)) for cell in cells]


def notes(outcome: Outcome) -> list[str | None]:
    return [str(note) if note else None for note in outcome.results.column("tax__note").to_pylist()]


def ratios(outcome: Outcome) -> list[Any]:
    shown = [explain(outcome.scheme, row) for row in outcome.results.to_pylist()]
    return [
        None if s.items[0].ratio is None else f"{s.items[0].ratio.normalize():f}" for s in shown
    ]


def test_min_max_goes_from_the_base_to_one(tmp_path: Path) -> None:
    found = run(tmp_path, [1000, 1100, 1400, None], score={"kind": "min_max", "base": "0.2"})
    assert scores(found) == ["20", "40", "100", None]
    assert ratios(found) == ["0.2", "0.4", "1", None]
    assert found.results.column("tax__lowest").to_pylist() == [10_000_000] * 4
    assert found.results.column("tax__highest").to_pylist() == [14_000_000] * 4


def test_min_max_the_other_way_round_gives_the_least_full_marks(tmp_path: Path) -> None:
    found = run(tmp_path, [-100, 0, 300], score={"kind": "min_max", "better": "less"})
    assert scores(found) == ["100", "75", "0"]
    assert ratios(found) == ["1", "0.75", "0"]


def test_equal_values_all_get_full_marks(tmp_path: Path) -> None:
    found = run(tmp_path, [700, 700], score={"kind": "min_max"})
    assert (scores(found), ratios(found)) == (["100", "100"], ["1", "1"])


def test_reverse_is_full_at_the_benchmark_and_nothing_at_twice_of_it(tmp_path: Path) -> None:
    taxes = [-1, 0, 500, 999, 1000, 1001, 1999, 2000, 2001]
    found = run(tmp_path, taxes, score={"kind": "reverse"})
    assert scores(found) == ["200", "200", "150", "1001/10", "100", "999/10", "1/10", "0", "0"]
    assert notes(found) == ["negative", *[None] * 7, "floored"]
    assert ratios(found)[:3] == ["2", "2", "1.5"]
    again = run(
        tmp_path, [799, 800, 801, 1900], score={"kind": "reverse", "cap": "1.2", "floor": "0.1"}
    )
    assert scores(again) == ["120", "120", "1199/10", "10"]
    assert notes(again) == ["capped", None, None, None]


def test_reverse_rounds_once(tmp_path: Path) -> None:
    """2 - 0.000000005 is two, half up; 0.000000005 rounded first would leave 1.99999999."""
    bench = {"kind": "fixed", "value": "2000000"}
    found = run(tmp_path, [1], score={"kind": "reverse"}, benchmark=bench)
    assert (scores(found), ratios(found)) == (["200"], ["2"])


def test_intervals_begin_at_their_bound(tmp_path: Path) -> None:
    table = [{"at_least": "10", "share": "1"}, {"at_least": "5", "share": "0.5"}]
    score = {"kind": "interval", "table": table, "below": "0.1"}
    found = run(tmp_path, [1000, 999, 500, 499, -5, "n/a"], score=score)
    assert scores(found) == ["100", "50", "50", "10", "10", None]
    assert ratios(found) == ["1", "0.5", "0.5", "0.1", "0.1", None]


def test_rank_steps_share_a_rank_among_equals_and_end_at_the_floor(tmp_path: Path) -> None:
    score = {"kind": "rank_steps", "step": "0.3", "floor": "0.1"}
    found = run(tmp_path, [500, 900, 900, 100, 50, None], score=score)
    assert found.results.column("tax__rank").to_pylist() == [3, 1, 1, 4, 5, None]
    assert scores(found) == ["40", "100", "100", "10", "10", None]
    assert notes(found) == [None, None, None, None, "floored", "missing"]
    assert ratios(found) == ["0.4", "1", "1", "0.1", "0.1", None]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"kind": "maximum"}, 9_000_000),
        ({"kind": "maximum", "times": "0.5"}, 4_500_000),
        ({"kind": "quantile", "share": "0", "interpolation": "lower"}, 1_000_000),
        ({"kind": "quantile", "share": "1", "interpolation": "higher"}, 9_000_000),
        ({"kind": "quantile", "share": "0.5", "interpolation": "lower"}, 2_000_000),
        ({"kind": "quantile", "share": "0.5", "interpolation": "higher"}, 4_000_000),
        ({"kind": "quantile", "share": "0.333333", "interpolation": "lower"}, 1_000_000),
        ({"kind": "quantile", "share": "0.333334", "interpolation": "lower"}, 2_000_000),
    ],
)
def test_a_benchmark_by_order_is_a_value_of_somebody(
    tmp_path: Path, rule: dict[str, str], expected: int
) -> None:
    found = run(tmp_path, [400, 100, None, 900, 200], benchmark=rule)
    assert found.results.column("tax__benchmark").to_pylist() == [expected] * 5
    assert found.benchmarks == {"all": {"tax": expected}}


def test_a_benchmark_of_all_is_the_same_for_every_group(tmp_path: Path) -> None:
    content = plan(benchmark={"kind": "maximum", "population": "all"})
    weights = {"weights": {"tax": 100}, "status": "default"}
    content["groups"] = {"small": {"when": "land_m2 == 1", **weights}, "rest": weights}
    made = scheme(tmp_path, content)
    rows = [
        {"subject": f"S{at}", "tax_yuan": 100 * at, "land_m2": 100 * (at % 2)} for at in range(4)
    ]
    found = evaluate(made, facts(made, rows), threads=1)
    assert found.results.column("tax__benchmark").to_pylist() == [3_000_000] * 4
    assert found.benchmarks == {"small": {"tax": 3_000_000}, "rest": {"tax": 3_000_000}}


def test_a_target_is_of_each_and_who_has_none_lacks_the_item(tmp_path: Path) -> None:
    content = plan(benchmark={"kind": "target", "of": "goal"})
    content["facts"]["goal"] = {"unit": "万元", "quantum": "0.0001"}
    made = scheme(tmp_path, content)
    rows = [
        {"subject": f"S{at}", "tax_yuan": 600, "goal": goal}
        for at, goal in enumerate([5, 6, 4, 3, 0, None, "n/a"])
    ]
    found = evaluate(made, facts(made, rows), threads=1)
    assert scores(found) == ["120", "100", "150", "150", "0", None, None]
    assert notes(found)[3:] == ["capped", "no_benchmark", "missing", "not_applicable"]
    assert found.benchmarks == {}


@pytest.mark.parametrize(
    ("rule", "taxes", "expected"),
    [
        ("group_mean_value", [100, 200, 600, None], "30"),
        ("group_median_value", [100, 200, 600, None], "20"),
        ("group_median_value", [100, 200, 300, 600, None], "25"),
        ("group_median_value", [-100, 100, None], "0"),
        ("group_mean_value", [None, None], "0"),
    ],
)
def test_a_value_stands_in_for_an_absent_one(
    tmp_path: Path, rule: str, taxes: list[Any], expected: str
) -> None:
    found = run(tmp_path, taxes, absent=rule)
    assert scores(found)[-1] == expected
    assert notes(found)[-1] == ("missing" if taxes[0] is not None else "no_average")
    assert found.results.column("tax__value").to_pylist()[-1] is None


def test_an_item_left_out_raises_the_weights_of_the_rest(tmp_path: Path) -> None:
    content = plan(absent="reweigh")
    second = {**content["indicators"]["tax"], "numerator": "land_m2", "unit": "㎡"}
    content["indicators"]["land"] = second
    content["groups"]["all"]["weights"] = {"tax": 60, "land": 40}
    made = scheme(tmp_path, content)
    pairs = [(500, 1000), (500, None), (None, 1000), (None, None)]
    rows = [{"subject": f"S{at}", "tax_yuan": t, "land_m2": a} for at, (t, a) in enumerate(pairs)]
    found = evaluate(made, facts(made, rows), threads=1)
    totals = [70_000_000, 50_000_000, 100_000_000, None]
    assert found.results.column("total").to_pylist() == totals
    assert found.results.column("ungraded").to_pylist() == [None, None, None, "missing:tax"]


@pytest.mark.parametrize("kind", ["arithmetic", "geometric", "harmonic", "power"])
def test_a_level_whose_items_are_all_left_out_is_left_out_itself(tmp_path: Path, kind: str) -> None:
    content = plan(absent="reweigh")
    base = content["indicators"]["tax"]
    content["indicators"]["land"] = {**base, "numerator": "land_m2", "unit": "㎡"}
    content["indicators"]["cap"] = {
        **base,
        "numerator": "capped",
        "unit": "1",
        "absent": "not_graded",
    }
    level = {"weight": 40, "aggregate": kind, "weights": {"land": 1, "cap_free": 1}}
    content["indicators"]["cap_free"] = {**base, "numerator": "lifted", "unit": "1"}
    if kind == "power":
        level["exponent"] = "2"
    content["groups"]["all"]["weights"] = {"cap": 60, "level": level}
    del content["indicators"]["tax"]
    content["tie_break"] = ["total", "subject"]
    made = scheme(tmp_path, content)
    rows = [
        {"subject": "S0", "capped": 10, "land_m2": None, "lifted": None},
        {"subject": "S1", "capped": 10, "land_m2": 500, "lifted": None},
        {"subject": "S2", "capped": 10, "land_m2": 500, "lifted": 5},
        {"subject": "S3", "capped": None, "land_m2": 500, "lifted": 5},
    ]
    found = evaluate(made, facts(made, rows), threads=1).results
    assert found.column("level__score").to_pylist() == [None, 500_000, 500_000, 500_000]
    assert found.column("total").to_pylist()[0] == 100_000_000
    assert found.column("total").to_pylist()[3] is None


def test_an_evaluation_is_refused_while_a_value_is_lacking(tmp_path: Path) -> None:
    rule = {"missing": "refuse", "not_applicable": "zero", "zero_denominator": "zero",
            "negative_denominator": "zero"}  # fmt: skip
    assert scores(run(tmp_path, [500, "n/a"], absent=rule)) == ["50", "0"]
    with pytest.raises(FactsError, match="数据未报的有 2 户（S1、S2），方案规定“tax”不得缺值"):
        run(tmp_path, [500, None, None], absent=rule)
    with pytest.raises(FactsError, match="有 7 户（S0、S1、S2、S3、S4 等）"):
        run(tmp_path, [None] * 7, absent=rule)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"score": {"kind": "min_max", "base": "1.1"}}, "应在 0 与 1 之间"),
        ({"score": {"kind": "min_max", "base": "0.123456789"}}, "超过 digits.ratio"),
        ({"score": {"kind": "reverse", "cap": "2.1"}}, "不能大于 2"),
        ({"score": {"kind": "reverse", "floor": "-1"}}, "应在 0 与 cap"),
        ({"score": {"kind": "interval", "table": []}}, "至少要有一行"),
        ({"score": {"kind": "interval", "table": [{"share": "1"}]}}, "缺少“at_least”"),
        (
            {"score": {"kind": "interval", "table": [{"at_least": "1", "share": "-1"}]}},
            "不能小于零",
        ),
        (
            {"score": {"kind": "interval", "table": [{"at_least": "1", "share": "1"}] * 2}},
            "应逐行递减",
        ),
        ({"score": {"kind": "rank_steps"}}, "缺少“step”"),
        ({"benchmark": {"kind": "quantile", "share": "0.5"}}, "缺少“interpolation”"),
        ({"benchmark": {"kind": "target", "of": "land_m2"}}, "单位对不上"),
        ({"benchmark": {"kind": "target", "of": "nothing"}}, "没有名为“nothing”的数据项"),
        ({"benchmark": {"kind": "maximum", "population": "some"}}, "不在可选项内"),
    ],
)
def test_a_method_is_refused(tmp_path: Path, item: dict[str, Any], expected: str) -> None:
    assert any(expected in sentence for sentence in sentences(tmp_path, plan(**item)))


def test_a_target_may_be_the_benchmark_of_the_whole_scheme(tmp_path: Path) -> None:
    content = plan()
    del content["indicators"]["tax"]["benchmark"]
    target = {"kind": "target", "of": "tax_yuan * 2", "status": "default"}
    made = scheme(tmp_path, {**content, "benchmark": target})
    found = evaluate(made, facts(made, [{"subject": "S0", "tax_yuan": 700}]), threads=1)
    assert scores(found) == ["50"]


def test_a_benchmark_beside_a_score_without_one_is_refused(tmp_path: Path) -> None:
    item = {"score": {"kind": "min_max"}, "benchmark": {"kind": "maximum"}}
    assert any("score 为 min_max 时不用 benchmark" in s for s in sentences(tmp_path, plan(**item)))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"aggregate": "power"}, "要一起写"),
        ({"aggregate": "harmonic", "exponent": "2"}, "要一起写"),
        ({"aggregate": "power", "exponent": "0"}, "不能为零"),
    ],
)
def test_an_exponent_belongs_to_power(
    tmp_path: Path, change: dict[str, str], expected: str
) -> None:
    content = plan()
    content["groups"]["all"] |= change
    assert any(expected in sentence for sentence in sentences(tmp_path, content))


def test_means_lie_in_their_order_and_meet_where_all_are_equal() -> None:
    values: list[int | None] = [2 * ONE, 8 * ONE]
    even = [Fraction(1), Fraction(1)]
    found = [power_mean(values, even, 8, Fraction(p)) for p in (-1, 1, 2)]
    assert found == [harmonic_mean(values, even, 8), 5 * ONE, 583_095_189]
    assert found[0] == 320_000_000
    assert geometric_mean(values, even, 8) == 4 * ONE
    for p in (-3, 1, 4):
        assert power_mean([7 * ONE, 7 * ONE], even, 8, Fraction(p)) == 7 * ONE


def test_means_with_a_zero_or_an_unknown() -> None:
    even = [Fraction(1), Fraction(3)]
    assert harmonic_mean([0, ONE], even, 8) == 0
    assert harmonic_mean([None, ONE], even, 8) is None
    assert harmonic_mean([-1, ONE], even, 8) is None
    assert power_mean([0, ONE], even, 8, Fraction(-1)) == 0
    assert power_mean([0, 4], even, 0, Fraction(2)) == 3  # the root of (0 + 3 x 16) / 4 is 3.46
    assert power_mean([0, 0], even, 8, Fraction(2)) == 0
    assert power_mean([None, ONE], even, 8, Fraction(2)) is None


def test_a_half_that_a_root_only_comes_near_is_rounded_up() -> None:
    # Weighted 1 and 3, the squares of 1 and 4 have the mean 12.25, whose root is 3.5 quanta.
    assert power_mean([1, 4], [Fraction(1), Fraction(3)], 6, Fraction(2)) == 4
    # ln 2 / ln 4 is one half, of which 40 digits of each are only near.
    assert [log_position(value, 1, 4, 0) for value in (1, 2, 4)] == [0, 1, 1]
