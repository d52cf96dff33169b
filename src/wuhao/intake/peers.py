"""Figures against those of the same sector and size: an order of magnitude off is asked about.

Quartiles, which a few wrong figures do not move, are taken by rank from exact fractions; a figure
is asked about that lies as many times above the upper, or below the lower quartile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from wuhao.core.exact import rounded
from wuhao.intake.findings import Finding

if TYPE_CHECKING:
    from wuhao.intake.checks import Row
    from wuhao.intake.templates import Column

GROUP_AT_LEAST = 12
"""In a smaller group there is nothing to be compared with; a wider one is taken."""
Group = tuple[str, str]
"""Sector and size class."""
Peers = Mapping[str, Group]
"""The group of an enterprise, by credit code."""
Values = Sequence[Fraction]


@dataclass(frozen=True)
class PeerCheck:
    """What is compared: a column, per another or by itself; how many times off is asked about."""

    code: str
    severity: str
    of: Column
    per: Column | None
    times: Fraction


@dataclass(frozen=True)
class _Figure:
    row: Row
    value: Fraction


def peer_findings(
    checks: Iterable[PeerCheck], key: str, rows: Sequence[Row], peers: Peers
) -> Iterator[Finding]:
    """A finding for every figure that is far from its group's; zeros are not compared."""
    for check in checks:
        groups: dict[Group, list[_Figure]] = defaultdict(list)
        for row in rows:
            figure = _figure(check, row)
            group = peers.get(_key(row, key))
            if figure is not None and group is not None:
                groups[group].append(_Figure(row, figure))
        for group, figures in sorted(groups.items()):
            yield from _far_ones(check, figures, *_compared_with(group, groups))


def _compared_with(group: Group, groups: Mapping[Group, list[_Figure]]) -> tuple[Group, Values]:
    """The narrowest group that is large enough: the sector, its section, or all of the size."""
    sector, size = group
    for begins in (sector, sector[:1], ""):
        values = [
            figure.value
            for (other, of_size), figures in groups.items()
            if of_size == size and other.startswith(begins)
            for figure in figures
        ]
        if len(values) >= GROUP_AT_LEAST:
            break
    return (begins, size), values


def _key(row: Row, key: str) -> str:
    cell = row.values.get(key)
    return str(cell.value) if cell is not None and cell.value is not None else ""


def _figure(check: PeerCheck, row: Row) -> Fraction | None:
    cell = row.values.get(check.of.code)
    if cell is None or not isinstance(cell.value, int) or cell.value <= 0:
        return None
    value = Fraction(cell.value) * Fraction(check.of.quantum)
    if check.per is None:
        return value
    below = row.values.get(check.per.code)
    if below is None or not isinstance(below.value, int) or below.value <= 0:
        return None
    return value / (below.value * Fraction(check.per.quantum))


def quartiles(values: Sequence[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Lower quartile, median and upper quartile by nearest rank."""
    ordered = sorted(values)
    count = len(ordered)
    lower, middle, upper = (ordered[(count * part + 3) // 4 - 1] for part in (1, 2, 3))
    return lower, middle, upper


def _far_ones(
    check: PeerCheck, figures: Sequence[_Figure], group: Group, values: Values
) -> Iterator[Finding]:
    if len(values) < GROUP_AT_LEAST:
        return
    lower, middle, upper = quartiles(values)
    for one in figures:
        if one.value >= upper * check.times or one.value * check.times <= lower:
            yield _finding(check, group, one, (middle, len(values)))


def _finding(check: PeerCheck, group: Group, one: _Figure, told: tuple[Fraction, int]) -> Finding:
    middle, count = told
    cell = f"{one.row.values[check.of.code].column}{one.row.row_no}"
    ratio = one.value / middle
    times = f"{_shown(ratio)} 倍" if ratio >= 1 else f"{_shown(1 / ratio)} 分之一"
    what = check.of.label if check.per is None else f"{check.of.label}与{check.per.label}之比"
    sentence = (
        f"{cell}：“{what}”是同行中位数的 {times}（{_named(group)}，{count} 户），"
        "请核对单位和小数点；确实如此请写明。"
    )
    label = check.of.label
    return Finding(one.row.sheet, cell, check.severity, check.code, sentence, one.row.row_no, label)


def _named(group: Group) -> str:
    sector, size = group
    return f"{sector} 类、{size}" if sector else size


def _shown(ratio: Fraction) -> str:
    return f"{rounded(ratio, 0 if ratio >= 10 else 1):,}"
