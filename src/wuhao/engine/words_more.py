"""Words beside the first ones: scores by position, steps and tables; benchmarks by order and by
target; other means. `vocabulary` takes them in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wuhao.engine.marks import Mark
from wuhao.engine.word import Word, better, population, positive, share

UNBENCHED = ("goalposts", "min_max", "interval", "rank_steps")
"""Scores that are not a comparison with a benchmark."""


def _interpolation(mark: Mark) -> str:
    return mark.choice(["lower", "higher"])


def _table(mark: Mark) -> dict[Decimal, Decimal]:
    """Read a list of {at_least, share}, the best first."""
    made: dict[Decimal, Decimal] = {}
    for line in mark.list():
        found = line.fields(["at_least", "share"], ["at_least", "share"])
        if len(found) < 2:
            continue
        bound = found["at_least"].decimal()
        if made and bound >= min(made):
            line.wrong(f"at_least 应逐行递减，{bound} 不小于上一行。")
        made[bound] = _not_negative(found["share"])
    if not made:
        mark.wrong("至少要有一行。")
    return made


def _not_negative(mark: Mark) -> Decimal:
    value = mark.decimal()
    if value < 0:
        mark.wrong(f"“{mark.text()}”不能小于零。")
    return value


def _reverse(mark: Mark, found: dict[str, Any]) -> None:
    if found["cap"] > 2:
        mark.wrong(f"cap（{found['cap']}）不能大于 2：值为零时即为 2。")
    if not 0 <= found["floor"] <= found["cap"]:
        mark.wrong(f"floor（{found['floor']}）应在 0 与 cap（{found['cap']}）之间。")


BENCHMARKS: dict[str, Word] = {
    "maximum": Word({"times": positive, "population": population}, (), {"times": Decimal(1)}),
    "quantile": Word(
        {
            "share": share,
            "interpolation": _interpolation,
            "times": positive,
            "population": population,
        },
        ("share", "interpolation"),
        {"times": Decimal(1)},
    ),
    "target": Word({"of": Mark.text}, ("of",)),
}

SCORES: dict[str, Word] = {
    "min_max": Word(
        {"base": share, "better": better, "population": population},
        (),
        {"base": Decimal(0), "better": "more"},
    ),
    "reverse": Word(
        {"cap": positive, "floor": Mark.decimal},
        (),
        {"cap": Decimal(2), "floor": Decimal(0)},
        _reverse,
    ),
    "interval": Word({"table": _table, "below": _not_negative}, ("table",), {"below": Decimal(0)}),
    "rank_steps": Word(
        {"step": share, "floor": share, "better": better, "population": population},
        ("step",),
        {"floor": Decimal(0), "better": "more"},
    ),
}

ABSENT = ("reweigh", "group_mean_value", "group_median_value", "refuse")
