"""Works of a composite index by each library: the verbs of Wuhao, pymcdm, scikit-criteria.

A way is given values, all above zero and better when more, in the form that it works on. Each work
returns numbers that can be compared: weights, or totals.
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable
from decimal import Decimal
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Work = Callable[[], list[float]]
SEED, INDICATORS = 7, 12
NORMALISE, ENTROPY, CRITIC = "min-max", "entropy weights", "CRITIC weights"
WHOLE = "min-max, CRITIC weights, weighted means, ranks"
SAME = (NORMALISE, ENTROPY, CRITIC, WHOLE)
PAIRWISE_ROWS = 1_000


def data(rows: int) -> Matrix:
    """Return log-normal values of six decimals, the same on every machine."""
    drawn = np.random.default_rng(SEED).lognormal(3, 1, (rows, INDICATORS))
    return np.asarray(np.round(drawn, 6))


def wuhao(matrix: Matrix) -> dict[str, Work]:
    """The verbs of an index, in 40-digit decimals."""
    from wuhao.engine.index.aggregate import aggregate
    from wuhao.engine.index.normalise import normalise
    from wuhao.engine.index.table import Column, Table
    from wuhao.engine.index.weights import critic, entropy

    codes = [f"item{at:02d}" for at in range(matrix.shape[1])]
    columns = {
        code: Column.of(Decimal(repr(value)) for value in matrix[:, at].tolist())
        for at, code in enumerate(codes)
    }
    table = Table(tuple(str(at) for at in range(len(matrix))), columns)

    def scores(found: Table = table) -> Table:
        return normalise(found, codes, method="min_max", low=Decimal(0), high=Decimal(1))

    def weights(found: Table) -> list[float]:
        return [float(found.weights[code]) for code in codes]

    def whole() -> list[float]:
        found = aggregate(scores(critic(table, codes)), "total", codes, method="arithmetic")
        normalise(found, ["total"], method="rank", ties="min")
        return [float(total) for total in found.columns["total"].known()]

    return {
        NORMALISE: lambda: [float(v) for v in scores().columns[codes[0]].known()],
        ENTROPY: lambda: weights(entropy(table, codes)),
        CRITIC: lambda: weights(critic(table, codes)),
        WHOLE: whole,
    }


def in_pymcdm(matrix: Matrix) -> dict[str, Work]:
    """Functions of pymcdm; of those that compare pairs three, where there are few subjects."""
    from pymcdm.helpers import normalize_matrix, rrankdata
    from pymcdm.methods import CODAS, PROMETHEE_II, WSM
    from pymcdm.normalizations import minmax_normalization
    from pymcdm.weights import critic_weights, entropy_weights, gini_weights

    more = np.ones(matrix.shape[1])

    def whole() -> list[float]:
        totals = WSM(minmax_normalization)(matrix, critic_weights(matrix), more)
        rrankdata(totals)
        return totals.tolist()  # type: ignore[no-any-return]

    made: dict[str, Work] = {
        NORMALISE: lambda: normalize_matrix(matrix, minmax_normalization, more)[:, 0].tolist(),
        ENTROPY: lambda: entropy_weights(matrix).tolist(),
        CRITIC: lambda: critic_weights(matrix).tolist(),
        WHOLE: whole,
    }
    if len(matrix) <= PAIRWISE_ROWS:
        equal = np.full(matrix.shape[1], 1 / matrix.shape[1])
        made |= {
            "pymcdm Gini weights": lambda: gini_weights(matrix).tolist(),
            "pymcdm CODAS": lambda: CODAS()(matrix, equal, more).tolist(),
            "pymcdm PROMETHEE II": lambda: PROMETHEE_II("usual")(matrix, equal, more).tolist(),
        }
    return made


def in_scikit_criteria(matrix: Matrix) -> dict[str, Work]:
    """Classes of scikit-criteria; of its methods that compare pairs one, where there are few."""
    import skcriteria
    from skcriteria.agg.electre import ELECTRE2
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.preprocessing.scalers import MinMaxScaler
    from skcriteria.preprocessing.weighters import CRITIC as Critic
    from skcriteria.preprocessing.weighters import EntropyWeighter

    importlib.metadata = sys.modules["importlib.metadata"]  # skcriteria takes it from everybody
    made = skcriteria.mkdm(matrix, [max] * matrix.shape[1])
    scaled = MinMaxScaler("matrix")

    def whole() -> list[float]:
        weighed = scaled.transform(Critic().transform(made))
        result = WeightedSumModel().evaluate(weighed)
        return result.e_.score.tolist()  # type: ignore[no-any-return]

    works: dict[str, Work] = {
        NORMALISE: lambda: scaled.transform(made).matrix.to_numpy()[:, 0].tolist(),
        ENTROPY: lambda: EntropyWeighter().transform(made).weights.tolist(),
        CRITIC: lambda: Critic().transform(made).weights.tolist(),
        WHOLE: whole,
    }
    if len(matrix) <= PAIRWISE_ROWS:
        works |= {
            "scikit-criteria ELECTRE II": lambda: ELECTRE2().evaluate(made).rank_.tolist(),
        }
    return works


WAYS: dict[str, Callable[[Matrix], dict[str, Work]]] = {
    "wuhao": wuhao,
    "pymcdm": in_pymcdm,
    "scikit-criteria": in_scikit_criteria,
}
NEEDS = {"pymcdm": "pymcdm", "scikit-criteria": "skcriteria"}


def ways() -> list[str]:
    """Return the ways whose libraries are installed."""
    return [name for name in WAYS if name not in NEEDS or find_spec(NEEDS[name])]
