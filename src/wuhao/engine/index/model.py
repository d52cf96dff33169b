"""An index as data: what is read, how it hangs together, which steps it goes through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from wuhao.engine.model import Attribute, Basis, Fact

ROOT = "total"
"""The code of the topmost branch."""


@dataclass(frozen=True)
class Item:
    """An indicator (指标): a column of the facts, and whether more of it is better."""

    code: str
    label: str
    unit: str
    down: bool


@dataclass(frozen=True)
class Branch:
    """A level of the index: its parts in order, the weights the document gives them."""

    code: str
    label: str
    weights: Mapping[str, Decimal]
    branches: tuple[Branch, ...] = ()
    method: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The codes of the parts."""
        return tuple(self.weights)

    def below(self) -> Iterator[Branch]:
        """Go through the branches, children first, this one last."""
        for inner in self.branches:
            yield from inner.below()
        yield self


@dataclass(frozen=True)
class Step:
    """One verb with its parameters; `key` names its columns in the trace."""

    key: str
    verb: str
    method: str
    codes: tuple[str, ...]
    params: Mapping[str, Any]
    basis: Basis


@dataclass(frozen=True)
class Index:
    """A composite index (综合指数) as read from its file."""

    code: str
    label: str
    doc: Mapping[str, Any]
    effective: tuple[date | None, date | None]
    subject: str
    subject_label: str
    other_columns: str
    digits: Mapping[str, int]
    facts: dict[str, Fact]
    attributes: dict[str, Attribute]
    items: dict[str, Item]
    root: Branch
    steps: tuple[Step, ...]
    ties: tuple[str, ...]
    digest: str
    path: Path = field(compare=False)

    def quanta(self) -> dict[str, Decimal]:
        """Return the quantum of every fact."""
        return {code: Decimal(1).scaleb(-fact.digits) for code, fact in self.facts.items()}

    def down(self) -> list[str]:
        """Return the indicators of which less is better."""
        return [item.code for item in self.items.values() if item.down]

    def places(self, code: str, key: str) -> int:
        """Return the digits in which a step keeps a column.

        Facts stay in their quantum; then come digits.value, and from `normalise` on digits.score.
        """
        if key == "value":
            return self.facts[code].digits
        keys = [step.key for step in self.steps]
        done = [s.verb for s in self.steps[: keys.index(key) + 1] if code in s.codes]
        return self.digits["score" if "normalise" in done else "value"]

    def branch(self, code: str) -> Branch:
        """Return the branch with this code."""
        return next(branch for branch in self.root.below() if branch.code == code)
