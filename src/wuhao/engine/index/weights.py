"""weights (赋权): given, equal, by entropy (熵值法), by CRITIC. Each sums to one.

Weights that come from the data need all of it: an absent value is refused, as is data in which no
column tells subjects apart. A constant column weighs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from wuhao.engine.findings import EngineError
from wuhao.engine.index.moments import correlations, deviation, spread
from wuhao.engine.index.table import Table, forty_digits

ZERO, ONE = Decimal(0), Decimal(1)


@forty_digits
def given(table: Table, weights: Mapping[str, Decimal]) -> Table:
    """Weigh as the document states; parts of the sum, so any scale will do."""
    for code, weight in weights.items():
        if not weight.is_finite() or weight < 0:
            raise EngineError(f"“{code}”的权重 {weight} 应是不小于零的有限数。")
    if not sum(weights.values()):
        raise EngineError("各项权重全为零。")
    return table.weigh(shared(weights))


@forty_digits
def equal(table: Table, codes: Sequence[str]) -> Table:
    """Weigh all the same."""
    return table.weigh(shared(dict.fromkeys(codes, ONE)))


@forty_digits
def entropy(table: Table, codes: Sequence[str]) -> Table:
    """Weigh by 1 - e, where e is the entropy of the column's shares over that of equal shares.

    A zero adds nothing to the entropy (the limit of p ln p). Negative values have no shares.
    """
    data = _complete(table, codes, "entropy")
    for code, values in data.items():
        for subject, value in zip(table.subjects, values, strict=True):
            if value < 0:
                raise EngineError(
                    f"“{code}”：“{subject}”为负（{value}），熵值法要先标准化为非负数。"
                )
    return table.weigh(shared({code: _divergence(values) for code, values in data.items()}))


def _divergence(values: Sequence[Decimal]) -> Decimal:
    if not spread(values):
        return ZERO
    total = sum(values, ZERO)
    shares = [value / total for value in values if value]
    return ONE + sum((p * p.ln() for p in shares), ZERO) / Decimal(len(values)).ln()


@forty_digits
def critic(table: Table, codes: Sequence[str], *, down: Sequence[str] = ()) -> Table:
    """Weigh by the spread of the min-max scores times their disagreement with the other columns.

    Columns in `down` (less is better) are turned before they are correlated.
    """
    data = _complete(table, codes, "critic")
    scores = {c: _scaled(values, c in down) for c, values in data.items() if spread(values)}
    alike = correlations(scores)
    contrast = {
        code: deviation(own) * sum((ONE - alike[code, o] for o in scores if o != code), ZERO)
        for code, own in scores.items()
    }
    if len(scores) == 1:
        contrast = dict.fromkeys(scores, ONE)
    elif all(abs(value) < Decimal("1e-30") for value in contrast.values()):
        raise EngineError("CRITIC：各指标完全同向相关，分不出权重。")
    return table.weigh(shared(dict.fromkeys(codes, ZERO) | contrast))


def _scaled(values: Sequence[Decimal], down: bool) -> list[Decimal]:
    low, high = min(values), max(values)
    return [((high - v) if down else (v - low)) / (high - low) for v in values]


def _complete(table: Table, codes: Sequence[str], method: str) -> dict[str, list[Decimal]]:
    """Return the columns, none of whose cells may be absent and not all of which are constant."""
    for code in codes:
        for subject, value in zip(table.subjects, table.columns[code].values, strict=True):
            if value is None:
                raise EngineError(f"{method}：“{code}”的“{subject}”没有值，请先填补（impute）。")
    data = {code: table.columns[code].known() for code in codes}
    if len(table.subjects) < 2:
        raise EngineError(f"{method}：只有 {len(table.subjects)} 个主体，至少要两个。")
    if not any(spread(values) for values in data.values()):
        raise EngineError(f"{method}：各指标的值全都相同，分不出权重。")
    return data


def shared(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return weights as parts of one."""
    total = sum(weights.values(), ZERO)
    return {code: weight / total for code, weight in weights.items()}
