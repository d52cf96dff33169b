"""Weights from data beside pymcdm, scikit-criteria and numpy; AHP beside numpy's eigenvalues."""

import importlib.metadata
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from openpyxl import load_workbook

from tests.engine.index.build import table
from tests.paths import SHARED_DATA
from wuhao.engine.findings import EngineError
from wuhao.engine.index.ahp import ahp, judge
from wuhao.engine.index.normalise import normalise
from wuhao.engine.index.table import Column, Table
from wuhao.engine.index.weights import critic, entropy, equal, given

PANEL = SHARED_DATA / "entropy-panel-cn" / "entropy_panel_2014_2019.xlsx"
Matrix = npt.NDArray[np.float64]
real = pytest.mark.skipif(not PANEL.exists(), reason=f"the real data {PANEL.name} is not there")


def numpy_entropy(data: Matrix) -> Matrix:
    shares = data / data.sum(axis=0)
    gone = 1 + (shares * np.log(shares)).sum(axis=0) / np.log(len(data))
    return np.asarray(gone / gone.sum())


def numpy_critic(data: Matrix) -> Matrix:
    low, high = data.min(axis=0), data.max(axis=0)
    scores = (data - low) / (high - low)
    told = scores.std(axis=0, ddof=1) * (1 - np.corrcoef(scores.T)).sum(axis=0)
    return np.asarray(told / told.sum())


def pymcdm_weights(name: str) -> Callable[[Matrix], Matrix]:
    from pymcdm import weights

    return getattr(weights, f"{name}_weights")  # type: ignore[no-any-return]


def criteria_weights(name: str) -> Callable[[Matrix], Matrix]:
    """scikit-criteria is compared where it installs: under a Python older than 3.13."""
    weighters = pytest.importorskip(
        "skcriteria.preprocessing.weighters", reason="scikit-criteria is not installed"
    )
    importlib.metadata = sys.modules["importlib.metadata"]  # it takes it from everybody
    if name == "entropy":
        return weighters.entropy_weights  # type: ignore[no-any-return]
    return lambda data: weighters.critic_weights(
        data, [1] * data.shape[1], correlation="pearson", scale=True
    )


OTHERS = {"numpy": lambda name: {"entropy": numpy_entropy, "critic": numpy_critic}[name],
          "pymcdm": pymcdm_weights, "scikit-criteria": criteria_weights}  # fmt: skip
OURS = {"entropy": entropy, "critic": critic}


def panel() -> Table:
    """The 96 rows and nine variables of the panel."""
    sheet = load_workbook(PANEL, read_only=True).worksheets[0]
    heading, *body = sheet.iter_rows(values_only=True)
    subjects = tuple(f"{row[0]} {row[1]}" for row in body)
    columns = {
        str(code): Column.of(Decimal(repr(row[at])) for row in body)
        for at, code in enumerate(heading)
        if at > 1
    }
    return Table(subjects, columns)


def matrix(found: Table, codes: Sequence[str]) -> Matrix:
    return np.array([[float(v) for v in found.columns[c].known()] for c in codes]).T


def prepared(which: str) -> tuple[Table, list[str]]:
    """The columns that are positive as they are, or all nine on 1…100."""
    found = panel()
    if which == "as they are":
        return found, [c for c, column in found.columns.items() if min(column.known()) > 0]
    codes = [*found.columns]
    turned = normalise(
        found, codes, method="min_max", down=["var3"], low=Decimal(1), high=Decimal(100)
    )
    return turned, codes


@real
@pytest.mark.real
@pytest.mark.parametrize("which", ["as they are", "min-max"])
@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("other", OTHERS)
def test_weights_of_the_entropy_panel_agree_to_twelve_digits(
    other: str, name: str, which: str
) -> None:
    found, codes = prepared(which)
    assert len(codes) >= 7
    known = OTHERS[other](name)(matrix(found, codes))
    ours = OURS[name](found, codes).weights
    assert max(abs(float(ours[c]) - w) for c, w in zip(codes, known, strict=True)) < 1e-12


FIRMS: dict[str, Any] = {
    "tax": [24, 18, 30, 12, 22, 27],
    "rd": ["0.030", "0.028", "0.031", "0.020", "0.029", "0.033"],
    "added": ["2.7", "2.1", "3.3", "1.2", "2.2", "2.9"],
}


def rounded(found: Table) -> list[float]:
    return [round(float(found.weights[code]), 3) for code in FIRMS]


def test_six_firms_have_the_weights_that_other_libraries_give() -> None:
    assert rounded(entropy(table(**FIRMS), [*FIRMS])) == [0.413, 0.122, 0.465]
    assert rounded(critic(table(**FIRMS), [*FIRMS], down=["added"])) == [0.265, 0.247, 0.488]


def test_a_zero_adds_nothing_to_the_entropy() -> None:
    zero = FIRMS | {"rd": ["0.030", "0.028", "0.031", "0", "0.029", "0.033"]}
    assert rounded(entropy(table(**zero), [*zero])) == [0.143, 0.696, 0.161]


def test_a_constant_column_is_left_out_of_critic() -> None:
    flat = FIRMS | {"added": [5] * 6}
    assert rounded(critic(table(**flat), [*flat])) == [0.509, 0.491, 0.0]


@pytest.mark.parametrize("weigh", [entropy, critic])
def test_data_that_tell_nobody_apart_are_refused(weigh: Callable[..., Table]) -> None:
    with pytest.raises(EngineError, match="各指标的值全都相同"):
        weigh(table(a=[5, 5], b=[3, 3]), "ab")


def test_weights_sum_to_one_and_keep_those_of_other_branches() -> None:
    found = equal(given(table(a=[1]), {"p": Decimal(2), "q": Decimal(6)}), "abc")
    assert (found.weights["p"], found.weights["q"]) == (Decimal("0.25"), Decimal("0.75"))
    assert sum(found.weights[c] for c in "abc") == pytest.approx(Decimal(1), abs=Decimal("1e-27"))


JUDGED = {"a": {"b": "3", "c": "5", "d": "7"}, "b": {"c": "2", "d": "4"}, "c": {"d": "2"}}


def test_ahp_weights_are_the_principal_eigenvector() -> None:
    codes = "abcd"
    judged = {a: {b: Decimal(v) for b, v in row.items()} for a, row in JUDGED.items()}
    full = np.ones((4, 4))
    for a, row in JUDGED.items():
        for b, v in row.items():
            full[codes.index(a), codes.index(b)] = float(v)
            full[codes.index(b), codes.index(a)] = 1 / float(v)
    roots, vectors = np.linalg.eig(full)
    at = int(np.argmax(roots.real))
    vector = vectors[:, at].real / vectors[:, at].real.sum()
    found = judge(codes, judged)
    assert float(found.eigenvalue) == pytest.approx(roots[at].real, abs=1e-12)
    assert [float(w) for w in found.weights.values()] == pytest.approx(list(vector), abs=1e-12)
    ratio = (roots[at].real - 4) / 3 / 0.90
    assert float(found.ratio) == pytest.approx(ratio, abs=1e-12)
    [said] = ahp(table(z=[1]), codes, judgements=judged).said
    assert f"一致性比率 {ratio:.6f}" in said


def test_judgements_that_contradict_each_other_are_refused() -> None:
    circle = {"a": {"b": Decimal(5)}, "b": {"c": Decimal(5)}, "c": {"a": Decimal(5)}}
    with pytest.raises(EngineError, match=r"超过 0\.1，请重新两两比较"):
        ahp(table(z=[1]), "abc", judgements=circle)
    found = ahp(table(z=[1]), "abc", judgements=circle, limit=Decimal(9))
    assert [round(found.weights[c], 6) for c in "abc"] == [Decimal("0.333333")] * 3


def test_a_pair_judged_twice_is_refused() -> None:
    twice = {"a": {"b": Decimal(5)}, "b": {"a": Decimal(5)}}
    with pytest.raises(EngineError, match="“a”与“b”比较了两次"):
        judge("ab", twice)
    with pytest.raises(EngineError, match="有 16 项，应为 1 至 15 项"):
        judge([str(n) for n in range(16)], {})


def test_judgements_too_far_apart_to_settle_are_refused() -> None:
    far = {"a": {"b": Decimal("1e30")}, "b": {"c": Decimal("1e30")}, "c": {"a": Decimal("1e30")}}
    wild = {**far, "d": {"a": Decimal("1e30"), "b": Decimal("1e-30"), "c": Decimal(1)}}
    with pytest.raises(EngineError, match="迭代没有收敛"):
        judge("abcd", wild)


def test_a_zero_weighs_as_in_scikit_criteria_where_pymcdm_refuses_it() -> None:
    zero = FIRMS | {"rd": ["0.030", "0.028", "0.031", "0", "0.029", "0.033"]}
    found = table(**zero)
    data = matrix(found, [*zero])
    ours = [float(weight) for weight in entropy(found, [*zero]).weights.values()]
    assert ours == pytest.approx(list(criteria_weights("entropy")(data)), abs=1e-12)
    with pytest.raises(ValueError, match="positive"):
        pymcdm_weights("entropy")(data)


def test_scikit_criteria_leaves_the_versions_of_packages_to_be_asked_for() -> None:
    """It deletes importlib.metadata as it is imported; others, in the same process, need it."""
    criteria_weights("entropy")
    assert importlib.metadata.version("duckdb")
