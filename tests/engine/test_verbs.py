"""Verbs one at a time, on tables of a few rows; bounds and overflow."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.population import CONTENT, population
from wuhao.engine import backends, ir
from wuhao.engine.backends import run
from wuhao.engine.evaluate import evaluate
from wuhao.engine.exact import INT64_MAX, div
from wuhao.engine.facts import conform
from wuhao.engine.findings import EngineError
from wuhao.engine.model import Scheme
from wuhao.engine.verbs.benchmark import benchmark
from wuhao.engine.verbs.decimals import geometric_mean, log_position
from wuhao.engine.verbs.grade import grade
from wuhao.engine.verbs.measure import adjust, measure
from wuhao.engine.verbs.rank import rank


def source(made: Scheme, rows: list[dict[str, Any]]) -> dict[str, pa.Table]:
    table = conform(facts(made, rows), made).table
    return {"facts": table.append_column("subject_no", pa.array(range(len(rows)), pa.int64()))}


def test_measure_names_what_is_lacking(tmp_path: Path) -> None:
    made = scheme(tmp_path, one_item())
    lands = [100, None, "n/a", "zero", -1]
    rows = [{"subject": f"S{at}", "tax_yuan": 50, "land_m2": land} for at, land in enumerate(lands)]
    found = run(measure(made, ir.Source("facts")), source(made, rows))
    assert found.column("tax__lack").to_pylist() == [0, 1, 2, 3, 4]
    assert found.column("tax__value").to_pylist() == [500_000, None, None, None, None]


def test_adjust_sets_a_bit_for_every_rule_that_applies(tmp_path: Path) -> None:
    made = scheme(tmp_path, one_item())
    rows = [{"subject": "S0", "vetoed": 1, "lifted": 1}, {"subject": "S1", "capped": 1}]
    found = run(adjust(made, measure(made, ir.Source("facts"))), source(made, rows))
    assert found.column("rules").to_pylist() == [0b101, 0b010]
    assert found.column("in_base").to_pylist() == [0, 1]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"kind": "total_over_total"}, div(10**6 * 60, 50)),
        ({"kind": "total_over_total", "times": "2"}, div(2 * 10**6 * 60, 50)),
        ({"kind": "mean_of_values"}, div(div(10**6 * 10, 10) + div(10**6 * 50, 40), 2)),
        ({"kind": "fixed", "value": "7.25"}, 7_250_000),
    ],
)
def test_benchmark_is_of_those_who_have_a_value(
    tmp_path: Path, rule: dict[str, str], expected: int
) -> None:
    content = one_item()
    content["indicators"]["tax"]["benchmark"] = rule
    made = scheme(tmp_path, content)
    rows = [
        {"subject": "S0", "tax_yuan": 10, "land_m2": 10},
        {"subject": "S1", "tax_yuan": 50, "land_m2": 40},
        {"subject": "S2", "tax_yuan": 900, "land_m2": None},
    ]
    found = run(benchmark(made, measure(made, ir.Source("facts"))), source(made, rows))
    assert found.column("tax__benchmark").to_pylist() == [expected] * 3


def test_rank_and_grade_work_on_a_table_of_standings(tmp_path: Path) -> None:
    made = scheme(tmp_path, one_item())
    standings = [5, 9, None, 9, 1]
    table = pa.table({
        "subject_no": [0, 1, 2, 3, 4], "part": [1, 1, 1, 1, 1], "standing": standings,
        "total": standings, "in_base": [1, 1, 1, 1, 1], "rules": [0, 0, 0, 0, 0],
        "tax__value": [0, 3, 0, 4, 0],
    })  # fmt: skip
    found = run(grade(made, rank(made, ir.Source("t"))), {"t": table}).sort_by("subject_no")
    assert found.column("rank").to_pylist() == [3, 2, None, 1, 4]
    assert found.column("grade_no").to_pylist() == [3, 2, 0, 2, 4]


def test_many_groups_are_joined_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = scheme(tmp_path, CONTENT)
    given = facts(made, population(11, 200, 10**6))
    inline = evaluate(made, given, threads=2)
    monkeypatch.setattr(backends, "INLINE_ROWS", 0)
    joined = evaluate(made, given, threads=2)
    assert any("JOIN" in query for query in joined.sql)
    assert joined.result_digest == inline.result_digest


@pytest.mark.parametrize(
    ("n", "d", "quotient"),
    [(1, 2, 1), (-1, 2, -1), (1, 3, 0), (5, 2, 3), (-5, 2, -3), (0, 7, 0),
     (INT64_MAX, 1, INT64_MAX), (INT64_MAX, 2, 2**62), (-INT64_MAX, 3, -3074457345618258602)],
)  # fmt: skip
def test_division_rounds_half_up_away_from_zero(n: int, d: int, quotient: int) -> None:
    table = pa.table({"n": pa.array([n], pa.int64()), "d": pa.array([d], pa.int64())})
    node = ir.Extend(ir.Source("t"), (("q", ir.Div(ir.Col("n"), ir.Col("d"))),))
    assert div(n, d) == quotient
    assert run(node, {"t": table}).column("q").to_pylist() == [quotient]


def test_a_value_beyond_64_bits_is_an_error_that_names_the_node(tmp_path: Path) -> None:
    made = scheme(tmp_path, one_item())
    given = facts(made, [{"subject": "甲", "tax_yuan": INT64_MAX, "land_m2": 1}])
    with pytest.raises(EngineError, match="“tax__value”有 1 行（首个为 甲）超出 64 位整数"):
        evaluate(made, given)


def test_a_node_that_could_leave_38_digits_is_refused_before_it_runs() -> None:
    table = pa.table({"a": pa.array([INT64_MAX], pa.int64())})
    cube = ir.Arith("*", ir.Col("a"), ir.Arith("*", ir.Col("a"), ir.Col("a")))
    with pytest.raises(EngineError, match="“cube”的中间值可能达到"):
        run(ir.Extend(ir.Source("t"), (("cube", cube),)), {"t": table})


def test_decimals_of_class_f_at_their_borders() -> None:
    assert [log_position(v, 100, 75_000, 6) for v in (None, 0, 100, 75_000, 90_000)] == [
        None, 0, 0, 10**6, 10**6,
    ]  # fmt: skip
    third: list[Any] = [1, 1]
    assert geometric_mean([4 * 10**6, 9 * 10**6], third, 6) == 6 * 10**6
    assert geometric_mean([0, 9 * 10**6], third, 6) == 0
    assert geometric_mean([None, 9 * 10**6], third, 6) is None


def test_a_level_in_a_weighted_sum_may_have_a_weight_with_decimals(tmp_path: Path) -> None:
    """0.5 of 33.5 points and 0.5 of 66.5; halves are rounded up."""
    content = one_item(adjustments=[], tie_break=["total", "subject"])
    content["indicators"]["plain"] = content["indicators"]["tax"]
    level = {"aggregate": "arithmetic", "weight": "33.5", "weights": {"tax": 1}}
    content["groups"]["all"]["weights"] = {"level": level, "plain": "66.5"}
    made = scheme(tmp_path, content)
    rows = [
        {"subject": "甲", "tax_yuan": 500, "land_m2": 100},
        {"subject": "乙", "tax_yuan": 1, "land_m2": 100_000},
    ]
    found = evaluate(made, facts(made, rows)).results.to_pydict()
    assert found["level__score"] == [1, 500_000]
    assert found["plain__score"] == [67, 33_250_000]
    assert found["total"] == [34 + 67, 50 * 10**6]
