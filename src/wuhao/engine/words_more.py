"""Words beside the first ones: scores by position, steps and tables; benchmarks by order and by
target; other means. `vocabulary` takes them in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wuhao.engine.findings import listed
from wuhao.engine.marks import Mark
from wuhao.engine.word import (
    Word,
    better,
    population,
    population_or_condition,
    positive,
    share,
)

UNBENCHED = ("goalposts", "min_max", "interval", "rank_steps", "distance", "trimmed_mean")
"""Scores that are not a comparison with a benchmark."""

IDEALS = ("highest", "lowest")
"""Values of the population that may be the ideal one."""

STATED = {
    "cap": "ratio",
    "floor": "ratio",
    "base": "ratio",
    "step": "ratio",
    "below": "ratio",
    "level": "ratio",
    "full_growth": "ratio",
    "low": "value",
    "high": "value",
    "ideal": "value",
    "reach": "value",
    "full": "value",
}
"""Numbers of a score, and which of the scheme's digits they must be exact at."""


def _interpolation(mark: Mark) -> str:
    return mark.choice(["lower", "higher", "linear"])


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


def by_group(mark: Mark) -> Decimal | dict[str, Decimal]:
    """Read one positive number, or one for each group."""
    if mark.is_mapping():
        return {name: positive(inner) for name, inner in mark.items()}
    return positive(mark)


def _previous_year(mark: Mark, found: dict[str, Any]) -> None:
    if ("value" in found) == ("of" in found):
        mark.wrong("value（公布的上年数）与 of（上年数的算式）应恰好写一个。")
    for name in ("over", "population"):
        if name in found and "of" not in found:
            mark.wrong(f"{name} 要与 of 一起写。")


def _limits(mark: Mark, found: dict[str, Any]) -> None:
    if not 0 <= found["floor"] <= found["cap"]:
        mark.wrong(f"floor（{found['floor']}）应在 0 与 cap（{found['cap']}）之间。")


def _ideal(mark: Mark) -> Decimal | str:
    """Read a number, or which of the values is the ideal one."""
    return mark.word_or(IDEALS, Mark.decimal)


def _distance(mark: Mark, found: dict[str, Any]) -> None:
    if "population" in found and found["ideal"] not in IDEALS:
        mark.wrong(f"ideal 是数时不写 population；它用于 {listed(IDEALS)}。")


def _codes(mark: Mark) -> tuple[str, ...]:
    return tuple(inner.text() for inner in mark.list())


def _fewest(mark: Mark) -> int:
    return mark.whole(3, 99)


def _trimmed(mark: Mark, found: dict[str, Any]) -> None:
    marks = found["marks"]
    if len(set(marks)) < len(marks):
        mark.wrong("marks 中有一项写了两次。")
    if len(marks) < found["fewest"]:
        mark.wrong(f"marks 只有 {len(marks)} 项，少于 fewest 的 {found['fewest']} 项。")


BENCHMARKS: dict[str, Word] = {
    "maximum": Word(
        {"times": positive, "population": population_or_condition}, (), {"times": Decimal(1)}
    ),
    "quantile": Word(
        {
            "share": share,
            "interpolation": _interpolation,
            "times": positive,
            "population": population_or_condition,
        },
        ("share", "interpolation"),
        {"times": Decimal(1)},
    ),
    "median": Word(
        {"times": positive, "population": population_or_condition},
        (),
        {"share": Decimal("0.5"), "interpolation": "linear", "times": Decimal(1)},
    ),
    "target": Word({"of": Mark.text}, ("of",)),
    "previous_year": Word(
        {
            "value": by_group,
            "of": Mark.text,
            "over": Mark.text,
            "population": population_or_condition,
        },
        (),
        {},
        _previous_year,
    ),
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
    "completion": Word(
        {"cap": positive, "floor": Mark.decimal},
        (),
        {"cap": Decimal(1), "floor": Decimal(0)},
        _limits,
    ),
    "distance": Word(
        {"ideal": _ideal, "reach": positive, "population": population},
        ("ideal", "reach"),
        {},
        _distance,
    ),
    "level_growth": Word(
        {
            "level": share,
            "cap": positive,
            "previous": Mark.text,
            "over": Mark.text,
            "full_growth": positive,
        },
        ("level", "previous", "full_growth"),
        {"cap": Decimal(1)},
    ),
    "trimmed_mean": Word(
        {"marks": _codes, "full": positive, "fewest": _fewest},
        ("marks", "full"),
        {"fewest": 3},
        _trimmed,
    ),
    "interval": Word({"table": _table, "below": _not_negative}, ("table",), {"below": Decimal(0)}),
    "rank_steps": Word(
        {"step": share, "floor": share, "better": better, "population": population},
        ("step",),
        {"floor": Decimal(0), "better": "more"},
    ),
}

ABSENT = ("reweigh", "group_mean_value", "group_median_value", "refuse")
