"""The verbs that an index file may name, their methods, and how the parameters are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from wuhao.engine.index.impute import STATISTICS
from wuhao.engine.index.treat import LOGS
from wuhao.engine.marks import Mark
from wuhao.engine.word import Word, positive

ONE, ZERO = Decimal(1), Decimal(0)


def at_least_zero(mark: Mark) -> Decimal:
    """Read a number that is not negative."""
    value = mark.decimal()
    if value < 0:
        mark.wrong(f"“{mark.text()}”不能小于零。")
    return value


def share(mark: Mark) -> Decimal:
    """Read a share above zero, at most one."""
    value = mark.decimal()
    if not 0 < value <= 1:
        mark.wrong(f"“{mark.text()}”应大于 0、不大于 1。")
    return value


def by_column(mark: Mark) -> Decimal | dict[str, Decimal]:
    """Read one number, or one for each column."""
    if mark.is_mapping():
        return {name: inner.decimal() for name, inner in mark.items()}
    return mark.decimal()


def judgements(mark: Mark) -> dict[str, dict[str, Decimal]]:
    """Read how many times each part matters more than others; `1/3` may be written so."""
    return {a: {b: ratio(inner) for b, inner in row.items()} for a, row in mark.items()}


def ratio(mark: Mark) -> Decimal:
    """Read a positive number or a fraction such as 1/3."""
    top, slash, below = mark.text().partition("/")
    if slash and top.strip().isdecimal() and below.strip().isdecimal() and int(below):
        return Decimal(top.strip()) / Decimal(below.strip())
    return positive(mark)


def _points(mark: Mark) -> int:
    return mark.whole(1, 10_000)


def _one_of(*words: str) -> Callable[[Mark], str]:
    return lambda mark: mark.choice(words)


def _pairs(low: Any, high: Any) -> list[tuple[Decimal, Decimal]]:
    codes = [*low] if isinstance(low, Mapping) else [*high] if isinstance(high, Mapping) else [""]
    of = [[v.get(c) if isinstance(v, Mapping) else v for c in codes] for v in (low, high)]
    return [(a, b) for a, b in zip(*of, strict=True) if a is not None and b is not None]


def _ordered(mark: Mark, found: dict[str, Any]) -> None:
    for low, high in _pairs(found["low"], found["high"]):
        if low >= high:
            mark.wrong(f"low（{low}）应小于 high（{high}）。")


_TIES = Word({"ties": _one_of("min", "mean", "max")}, (), {"ties": "min"})
_IMPUTE = Word(
    {"group": Mark.text, "otherwise": _one_of("missing", "all")},
    (),
    {"group": None, "otherwise": "missing"},
)
_AGGREGATE = Word({"availability": share}, (), {"availability": ONE})

VERBS: dict[str, dict[str, Word]] = {
    "denominate": {"over": Word({"by": Mark.text, "times": positive}, ("by",), {"times": ONE})},
    "impute": {
        **dict.fromkeys(STATISTICS, _IMPUTE),
        "constant": Word({"value": Mark.decimal}, ("value",)),
    },
    "treat": {
        "winsorise": Word(
            {
                "max_points": _points,
                "skewness": positive,
                "kurtosis": Mark.decimal,
                "otherwise": _one_of("original", "winsorised", *LOGS),
            },
            ("max_points",),
            {"skewness": Decimal(2), "kurtosis": Decimal("3.5"), "otherwise": "original"},
        ),
        **dict.fromkeys(LOGS, Word({})),
    },
    "normalise": {
        "min_max": Word(
            {"low": Mark.decimal, "high": Mark.decimal},
            (),
            {"low": ZERO, "high": Decimal(100)},
            _ordered,
        ),
        "z": Word(
            {"mean": Mark.decimal, "deviation": positive}, (), {"mean": ZERO, "deviation": ONE}
        ),
        "goalposts": Word(
            {"low": by_column, "high": by_column, "to": positive, "clip": Mark.flag},
            ("low", "high"),
            {"to": ONE, "clip": True},
            _ordered,
        ),
        "target": Word({"value": by_column, "cap": Mark.flag}, ("value",), {"cap": False}),
        "reference": Word({"subject": Mark.text, "cap": Mark.flag}, ("subject",), {"cap": False}),
        "rank": _TIES,
        "borda": _TIES,
        "percentile": _TIES,
    },
    "weights": {
        "equal": Word({}),
        "entropy": Word({}),
        "critic": Word({}),
        "ahp": Word(
            {"judgements": judgements, "limit": at_least_zero},
            ("judgements",),
            {"limit": Decimal("0.1")},
        ),
    },
    "aggregate": {
        "arithmetic": _AGGREGATE,
        "geometric": _AGGREGATE,
        "harmonic": _AGGREGATE,
    },
}
