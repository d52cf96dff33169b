"""Means of whole columns: the harmonic one exact, the others bounded without being taken."""

import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.engine.build import one_item, scheme
from wuhao.engine.columns import AGGREGATES, column
from wuhao.engine.means_bounded import UNBOUNDED, bounded, bounds
from wuhao.engine.model import Part, Scheme
from wuhao.engine.verbs.decimals import geometric_mean, harmonic_mean, power_mean

WEIGHTS = (Fraction(40), Fraction(25, 2), Fraction(1, 3))


def branch(kind: str, exponent: Fraction = Fraction(1)) -> Part:
    parts = tuple(Part(f"i{at}", weight) for at, weight in enumerate(WEIGHTS))
    return Part("", Fraction(1), kind, parts=parts, exponent=exponent)


def scores(seed: int, n: int = 200) -> list[list[int]]:
    made = random.Random(seed)
    return [[made.choice([0, 1, made.randint(1, 10**8)]) for _ in range(n)] for _ in WEIGHTS]


@pytest.fixture
def some(tmp_path: Path) -> Scheme:
    return scheme(tmp_path, one_item())


@pytest.mark.parametrize("leaving", [False, True])
def test_harmonic_means_of_columns_are_those_of_rows(some: Scheme, leaving: bool) -> None:
    found, made = scores(1), random.Random(2)
    outs = [np.array([leaving and made.random() < 0.4 for _ in found[0]]) for _ in WEIGHTS]
    given = [out if leaving else None for out in outs]
    means = AGGREGATES["harmonic"](some, branch("harmonic"), [column(f) for f in found], given)
    for at, mean in enumerate(means.tolist()):
        kept = [n for n in range(len(WEIGHTS)) if not outs[n][at]]
        values, weights = [found[n][at] for n in kept], [WEIGHTS[n] for n in kept]
        assert mean == (harmonic_mean(values, weights, 6) if kept else 0)


@pytest.mark.parametrize(
    ("kind", "exponent"), [("geometric", "1"), ("power", "2"), ("power", "-1.5"), ("power", "0.5")]
)
@pytest.mark.parametrize("changed", [(), (0,), (1, 2), (0, 1, 2)])
def test_a_mean_lies_within_its_bounds(kind: str, exponent: str, changed: tuple[int, ...]) -> None:
    made, part = random.Random(3), branch(kind, Fraction(exponent))
    was, now = scores(4), scores(4)
    for at in changed:
        near = [max(0, round(score * made.choice([0.5, 0.99, 1, 1.01, 3]))) for score in now[at]]
        now[at] = [made.choice([score, score, 0, 7]) for score in near]

    def mean(values: tuple[int, ...]) -> int:
        if kind == "geometric":
            return geometric_mean(values, WEIGHTS, 6) or 0
        return power_mean(values, WEIGHTS, 6, Fraction(exponent)) or 0

    before, after = ([mean(row) for row in zip(*s, strict=True)] for s in (was, now))
    pairs = [column(s) for s in was], [column(s) for s in now]
    low, high = bounds(part, *pairs, column(before))
    rows = list(zip(low.tolist(), after, high.tolist(), strict=True))
    assert all(least <= exact <= most for least, exact, most in rows)
    close = [least for least, exact, most in rows if most < UNBOUNDED and most <= 3 * exact + 9]
    assert len(close) > 20


def test_only_means_over_items_alone_are_bounded() -> None:
    flat = branch("geometric")
    assert bounded(flat)
    assert not bounded(branch("harmonic"))
    assert not bounded(Part("", Fraction(1), "geometric", parts=(flat,)))
