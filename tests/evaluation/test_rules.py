"""A ratio in words, for those who may not see the numbers it follows from."""

from decimal import Decimal

import pytest

from wuhao.evaluation.rules import band


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (None, "未报"),
        ("0", "不到基准的一半"),
        ("0.499999", "不到基准的一半"),
        ("0.5", "低于基准，在一半以上"),
        ("0.999999", "低于基准，在一半以上"),
        ("1", "达到基准"),
        ("1.499999", "达到基准"),
        ("1.5", "达到基准的 1.5 倍及以上"),
        ("9", "达到基准的 1.5 倍及以上"),
    ],
)
def test_bands_change_just_at_their_borders(ratio: str | None, words: str):
    assert band(None if ratio is None else Decimal(ratio)) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        ("0.499999", "不到该项权数的一半"),
        ("0.5", "得到该项权数的一半以上"),
        ("1", "得到该项全部权数"),
    ],
)
def test_scores_that_are_no_ratio_to_a_benchmark_are_banded_by_points(ratio: str, words: str):
    assert band(Decimal(ratio), "min_max") == words
