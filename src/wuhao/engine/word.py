"""What a word of the vocabulary is, and how the parameters that many words share are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from wuhao.engine.marks import Mark

POPULATIONS = ("group", "all", "own")
"""The subject's group; all who use the item; the subject alone, where a word reads it of each."""


@dataclass(frozen=True)
class Word:
    """One word: how its parameters are read, which are needed, what else they take for granted."""

    params: Mapping[str, Callable[[Mark], Any]]
    needed: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    check: Callable[[Mark, dict[str, Any]], None] | None = None


def positive(mark: Mark) -> Decimal:
    """Read a number greater than zero."""
    value = mark.decimal()
    if value <= 0:
        mark.wrong(f"“{mark.text()}”应大于零。")
        return Decimal(1)
    return value


def share(mark: Mark) -> Decimal:
    """Read a number from 0 to 1."""
    value = mark.decimal()
    if not 0 <= value <= 1:
        mark.wrong(f"“{mark.text()}”应在 0 与 1 之间。")
        return Decimal(0)
    return value


def population(mark: Mark) -> str:
    """Read of whom a number is taken: the subject's group, or all who use the item."""
    return mark.choice(POPULATIONS[:2])


def population_or_condition(mark: Mark) -> str:
    """Read of whom a benchmark is taken: as `population`, or those for whom a condition holds."""
    return mark.text()


def better(mark: Mark) -> str:
    """Read which values are better."""
    return mark.choice(["more", "less"])
