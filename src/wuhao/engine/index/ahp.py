"""weights by AHP (层次分析法): the principal eigenvector of a matrix of pairwise judgements.

The consistency ratio is Saaty's: (λ - n) / (n - 1) over that of random judgements. A matrix beyond
the limit (0.1 unless stated) is refused: the judgements contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from wuhao.engine.findings import EngineError
from wuhao.engine.index.table import Table, forty_digits

RANDOM = ("0", "0", "0.58", "0.90", "1.12", "1.24", "1.32", "1.41", "1.45", "1.49",
          "1.51", "1.48", "1.56", "1.57", "1.59")  # fmt: skip
"""Saaty's mean consistency index of random judgements among 1 to 15 items."""

ONE = Decimal(1)
ROUNDS = 1_000
Judgements = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True)
class Judged:
    """Weights, the largest eigenvalue and the consistency ratio of a matrix."""

    weights: dict[str, Decimal]
    eigenvalue: Decimal
    ratio: Decimal


@forty_digits
def ahp(
    table: Table, codes: Sequence[str], *, judgements: Judgements, limit: Decimal = Decimal("0.1")
) -> Table:
    """Weigh by judgements: `judgements[a][b]` says how many times a matters more than b."""
    found = judge(codes, judgements)
    if found.ratio > limit:
        raise EngineError(f"AHP：一致性比率 {found.ratio:.4f} 超过 {limit}，请重新两两比较。")
    shown = f"最大特征根 {found.eigenvalue:.6f}，一致性比率 {found.ratio:.6f}"
    said = f"AHP（{'、'.join(codes)}）：{shown}。"
    return table.weigh(found.weights, said)


@forty_digits
def judge(codes: Sequence[str], judgements: Judgements) -> Judged:
    """Return weights and consistency, without judging the latter."""
    if not 0 < len(codes) <= len(RANDOM):
        raise EngineError(f"AHP：有 {len(codes)} 项，应为 1 至 {len(RANDOM)} 项；多则请分层比较。")
    matrix = [[_judgement(judgements, a, b) for b in codes] for a in codes]
    vector, eigenvalue = _principal(matrix)
    n = len(codes)
    ratio = Decimal(0)
    if n > 2:
        ratio = max(eigenvalue - n, Decimal(0)) / (n - 1) / Decimal(RANDOM[n - 1])
    return Judged(dict(zip(codes, vector, strict=True)), eigenvalue, ratio)


def _judgement(judgements: Judgements, a: str, b: str) -> Decimal:
    """Return a over b: as stated, or the reverse of b over a."""
    if a == b:
        return ONE
    there, back = judgements.get(a, {}).get(b), judgements.get(b, {}).get(a)
    if there is None and back is None:
        raise EngineError(f"AHP：没有比较“{a}”与“{b}”。")
    for value in (there, back):
        if value is not None and (not value.is_finite() or value <= 0):
            raise EngineError(f"AHP：“{a}”与“{b}”之比 {value} 应是大于零的有限数。")
    if there is not None and back is not None:
        raise EngineError(f"AHP：“{a}”与“{b}”比较了两次，请删去一个。")
    return there if there is not None else ONE / (back or ONE)


def _principal(matrix: list[list[Decimal]]) -> tuple[list[Decimal], Decimal]:
    """Return the eigenvector of the largest eigenvalue, its parts summing to one."""
    n = len(matrix)
    vector, value = [ONE / n] * n, Decimal(n)
    for _ in range(ROUNDS):
        made = [
            sum((a * x for a, x in zip(row, vector, strict=True)), Decimal(0)) for row in matrix
        ]
        value = sum(made, Decimal(0))
        after = [x / value for x in made]
        moved = max(abs(x - y) for x, y in zip(after, vector, strict=True))
        vector = after
        if moved < Decimal("1e-36"):
            return vector, value
    raise EngineError("AHP：迭代没有收敛，请检查判断矩阵。")
