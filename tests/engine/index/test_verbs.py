"""Verbs of an index one at a time, beside scipy's statistics and numbers worked by hand."""

from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.engine.index.build import notes, number, table, values
from wuhao.engine.findings import EngineError
from wuhao.engine.index import moments
from wuhao.engine.index.aggregate import aggregate
from wuhao.engine.index.denominate import denominate
from wuhao.engine.index.impute import impute
from wuhao.engine.index.normalise import normalise
from wuhao.engine.index.table import Column, Table, quanta
from wuhao.engine.index.treat import log, winsorise
from wuhao.engine.index.weights import given as given_weights
from wuhao.engine.verbs.decimals import CONTEXT

NUMBERS = st.lists(st.integers(-(10**6), 10**6), min_size=4, max_size=16)


def shown(found: Table, code: str = "x", digits: int = 6) -> list[float | None]:
    return [None if v is None else round(float(v), digits) for v in values(found, code)]


@pytest.mark.property
@given(NUMBERS)
def test_moments_are_those_of_scipy(data: list[int]) -> None:
    exact = [Decimal(v) for v in data]
    if not moments.spread(exact):
        return
    with localcontext(CONTEXT):
        ours = [f(exact) for f in (moments.mean, moments.median, moments.deviation)]
        shape = [moments.skewness(exact), moments.kurtosis(exact)]
    floats = np.array(data, dtype=float)
    plain = [floats.mean(), np.median(floats), floats.std(ddof=1)]
    assert [float(v) for v in ours] == pytest.approx(plain, rel=1e-9)
    bias = [stats.skew(floats, bias=False), stats.kurtosis(floats, bias=False)]
    assert [float(v) for v in shape] == pytest.approx(bias, rel=1e-7, abs=1e-7)


@pytest.mark.property
@settings(max_examples=50)
@given(NUMBERS, st.sampled_from(["min", "mean", "max"]), st.booleans())
def test_ranks_are_those_of_scipy(data: list[int], ties: str, down: bool) -> None:
    codes = ["x"] if down else []
    found = normalise(table(x=data), "x", method="rank", down=codes, ties=ties)
    scipys = {"mean": "average"}.get(ties, ties)
    known = stats.rankdata([-v if down else v for v in data], method=scipys)
    flat = len(set(data)) == 1
    assert shown(found) == ([None] * len(data) if flat else list(known))


@pytest.mark.property
@given(NUMBERS, st.integers(1, 4))
def test_winsorising_only_ever_shrinks_and_keeps_its_limit(data: list[int], most: int) -> None:
    before = table(x=data)
    after = winsorise(before, "x", max_points=most, otherwise="winsorised")
    changed = [note for note in notes(after) if note == "winsorised"]
    assert len(changed) <= most
    known = [v for v in values(after) if v is not None]
    assert min(data) <= min(known)
    assert max(known) <= max(data)
    assert moments.spread(known) == (len(set(data)) > 1)


@pytest.mark.property
@given(NUMBERS)
def test_min_max_turns_over_with_the_direction(data: list[int]) -> None:
    posts: dict[str, Any] = {"low": Decimal(0), "high": Decimal(100)}
    up = normalise(table(x=data), "x", method="min_max", **posts)
    down = normalise(table(x=data), "x", method="min_max", down="x", **posts)
    for a, b in zip(values(up), values(down), strict=True):
        assert (a is None) == (b is None)
        assert a is None or b is None or abs(a + b - 100) < Decimal("1e-25")


@pytest.mark.property
@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=6))
def test_the_harmonic_mean_is_below_the_geometric_below_the_arithmetic(data: list[int]) -> None:
    codes = [f"c{at}" for at in range(len(data))]
    made = table(**{code: [v] for code, v in zip(codes, data, strict=True)})
    made = given_weights(made, {code: Decimal(at + 1) for at, code in enumerate(codes)})
    means = []
    for method in ("harmonic", "geometric", "arithmetic"):
        [mean] = values(aggregate(made, "m", codes, method=method), "m")
        assert mean is not None
        means.append(mean)
    for low, high in pairwise(means):
        assert low - high <= Decimal("1e-20")


@pytest.mark.parametrize(
    ("method", "params", "up", "down"),
    [
        ("z", {"mean": 50, "deviation": 10}, [40, 50, 60], [60, 50, 40]),
        ("goalposts", {"low": 0, "high": 20, "to": 100, "clip": True}, [10, 20, 30], [90, 80, 70]),
        ("target", {"value": 8, "cap": True}, [0, 0.5, 1.0], None),
        ("target", {"value": -2, "cap": False}, None, [1 / 4, 1 / 8, 0]),
        ("reference", {"subject": "乙", "cap": False}, [0.5, 1, 1.5], [1.5, 1, 0.5]),
        ("reference", {"subject": "乙", "cap": True}, [0.5, 1, 1], [1, 1, 0.5]),
        ("borda", {"ties": "min"}, [0, 1, 2], [2, 1, 0]),
        ("percentile", {"ties": "mean"}, [0, 0.5, 1], [1, 0.5, 0]),
    ],
)
def test_less_is_better_where_the_direction_is_down(
    method: str, params: dict[str, Any], up: list[float] | None, down: list[float] | None
) -> None:
    made = table(x=[2, 4, 6])
    call = {k: v if isinstance(v, bool | str) else number(v) for k, v in params.items()}
    if method == "target":
        base = Decimal(0) if up else Decimal(8)
        made = table(x=[0, 4, 8]) if base == 0 else table(x=[5.5, 6.75, 8])
    for expected, codes in ((up, ""), (down, "x")):
        if expected is not None:
            found = normalise(made, "x", method=method, down=codes, **call)
            assert shown(found) == pytest.approx(expected)


def test_a_target_that_is_not_better_than_the_worst_gives_no_value() -> None:
    for value, codes in ((0, ""), (9, "x")):
        found = normalise(
            table(x=[2, None, 9]), "x", method="target", down=codes, value=Decimal(value), cap=False
        )
        assert notes(found) == ["no_span", "missing", "no_span"]


def test_posts_beyond_which_nothing_is_clipped() -> None:
    posts: dict[str, Any] = {"low": Decimal(0), "high": Decimal(10), "to": Decimal(1)}
    found = normalise(table(x=[-5, 20]), "x", method="goalposts", clip=False, **posts)
    assert (shown(found), notes(found)) == ([-0.5, 2.0], [None, None])


def test_a_reference_that_nobody_is_refused() -> None:
    with pytest.raises(EngineError, match="没有参照主体“癸”"):
        normalise(table(x=[1, 2]), "x", method="reference", subject="癸", cap=False)


LONG = [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 50, 50]


@pytest.mark.parametrize(
    ("otherwise", "most", "last", "note"),
    [
        ("original", 1, 50, "outliers_remain"),
        ("winsorised", 1, 50, None),
        ("log_ct", 1, np.log(49 + 0.49), "logged"),
        ("log_ct_orig", 1, np.log(50), "logged"),
        ("log_gii", 1, np.log(50), "logged"),
        ("ln", 1, np.log(50), "logged"),
        ("original", 2, 3, "winsorised"),
    ],
)
def test_tied_outliers_are_shrunk_together_or_not_at_all(
    otherwise: str, most: int, last: float, note: str | None
) -> None:
    found = winsorise(table(x=LONG), "x", max_points=most, otherwise=otherwise)
    assert shown(found)[-1] == pytest.approx(last, abs=1e-6)
    assert notes(found)[-1] == note


def test_log_gii_that_would_turn_the_order_is_refused() -> None:
    with pytest.raises(EngineError, match=r"“x”最大值 0\.9 不大于 1"):
        log(table(x=["0.1", "0.9"]), "x", method="log_gii")


def test_a_reason_is_carried_from_step_to_step() -> None:
    made = table(x=[6, 6, 6], by=[0, 2, 3])
    made = denominate(made, "x", by="by", times=Decimal(10))
    made = normalise(made, "x", method="rank", ties="min")
    assert notes(made) == ["zero_denominator", None, None]


def test_a_verb_leaves_what_it_was_given_as_it_was() -> None:
    before = table({"g": ["a", "a"]}, x=[1, None])
    impute(before, "x", method="mean", group="g")
    assert values(before) == [Decimal(1), None]


def test_an_aggregate_skips_what_weighs_nothing_and_refuses_what_is_not_weighed() -> None:
    made = given_weights(table(a=[0, None], b=[4, 9]), {"a": Decimal(0), "b": Decimal(1)})
    found = aggregate(made, "m", "ab", method="geometric")
    assert (shown(found, "m"), notes(found, "m")) == ([4.0, 9.0], [None, None])
    with pytest.raises(EngineError, match="“m”下各项的权重全为零"):
        aggregate(made, "m", "a", method="arithmetic")
    with pytest.raises(EngineError, match="“c”没有权重"):
        aggregate(made, "m", "abc", method="arithmetic")


def test_numbers_are_quantised_half_up_away_from_zero_and_never_overflow() -> None:
    assert [quanta(Decimal(v), 1, "x") for v in ("0.25", "-0.25", "0.249")] == [3, -3, 2]
    assert quanta(Decimal(2**63 - 1), 0, "x") == 2**63 - 1
    with pytest.raises(EngineError, match="“x”溢出"):
        quanta(Decimal(2**63), 0, "x")


def test_a_column_of_another_length_is_an_error_of_the_program() -> None:
    with pytest.raises(ValueError, match="x has 1 of 2 rows"):
        Table(("甲", "乙"), {"x": Column.of([Decimal(1)])})
