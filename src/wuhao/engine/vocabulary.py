"""The words a scheme may use, each with its parameters. A new method is a new word here and a
builder of the same name in `wuhao.engine.verbs`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wuhao.engine import words_more
from wuhao.engine.findings import listed, slip_of
from wuhao.engine.marks import Mark
from wuhao.engine.model import Kind
from wuhao.engine.word import Word, population_or_condition, positive


def _negative(mark: Mark) -> str:
    return mark.choice(["zero"])


def _transform(mark: Mark) -> str:
    return mark.choice(["none", "ln"])


def _goalposts(mark: Mark, found: dict[str, Any]) -> None:
    low, high = found["low"], found["high"]
    if low >= high:
        mark.wrong(f"low（{low}）应小于 high（{high}）。")
    if found["transform"] == "ln" and low <= 0:
        mark.wrong(f"取对数时 low 应大于零，现为 {low}。")


def _ratio(mark: Mark, found: dict[str, Any]) -> None:
    if found["floor"] > found["cap"]:
        mark.wrong(f"floor（{found['floor']}）不能大于 cap（{found['cap']}）。")
    if found["floor"] < 0:
        mark.wrong(f"floor（{found['floor']}）不能小于零。")


def numbers(mark: Mark) -> dict[str, Decimal]:
    """Read a number for each key."""
    return {name: inner.decimal() for name, inner in mark.items()}


def _roundings(mark: Mark) -> dict[str, str]:
    return {name: inner.choice(["floor", "ceil", "rest"]) for name, inner in mark.items()}


def _tie(mark: Mark) -> str:
    return mark.choice(["include_up", "strict"])


def _shares(mark: Mark, found: dict[str, Any]) -> None:
    total = sum(found["share"].values(), Decimal(0))
    if total != 100:
        mark.wrong(f"各档比例合计应为 100，现为 {total}。")
    if any(value < 0 for value in found["share"].values()):
        mark.wrong("比例不能为负。")
    rest = [grade for grade, how in found["rounding"].items() if how == "rest"]
    if len(rest) != 1:
        mark.wrong(f"rounding 中应恰有一档为 rest（其余各档取整后的余数），现为：{listed(rest)}。")
    if set(found["share"]) != set(found["rounding"]):
        mark.wrong("share 与 rounding 的档次应相同。")


def _counts(mark: Mark) -> dict[str, int | str]:
    """Read a number of places for each grade; for one of them `rest`."""
    return {
        name: inner.word_or(["rest"], lambda m: m.whole(0, 10**9)) for name, inner in mark.items()
    }


def _one_rest(mark: Mark, found: dict[str, Any]) -> None:
    rest = [grade for grade, places in found["count"].items() if places == "rest"]
    if len(rest) != 1:
        mark.wrong(f"count 中应恰有一档为 rest（其余各档定数后的余数），现为：{listed(rest)}。")


BENCHMARKS: dict[str, Word] = {
    "total_over_total": Word(
        {"times": positive, "population": population_or_condition}, (), {"times": Decimal(1)}
    ),
    "mean_of_values": Word(
        {"times": positive, "population": population_or_condition}, (), {"times": Decimal(1)}
    ),
    "fixed": Word({"value": words_more.by_group}, ("value",)),
    **words_more.BENCHMARKS,
}

SCORES: dict[str, Word] = {
    "ratio": Word(
        {"cap": positive, "floor": Mark.decimal, "negative": _negative},
        ("cap",),
        {"floor": Decimal(0), "negative": "zero"},
        _ratio,
    ),
    "goalposts": Word(
        {"low": Mark.decimal, "high": Mark.decimal, "transform": _transform},
        ("low", "high"),
        {"transform": "none"},
        _goalposts,
    ),
    **words_more.SCORES,
}

AGGREGATES = ("weighted_sum", "arithmetic", "geometric", "harmonic", "power")
ABSENT = ("zero", "group_average", "not_graded", *words_more.ABSENT)

GRADINGS: dict[str, Word] = {
    "shares": Word(
        {"share": numbers, "rounding": _roundings, "tie": _tie, "at_least": numbers},
        ("share", "rounding"),
        {"tie": "include_up"},
        _shares,
    ),
    "counts": Word(
        {"count": _counts, "tie": _tie, "at_least": numbers},
        ("count",),
        {"tie": "include_up"},
        _one_rest,
    ),
    "thresholds": Word({"at_least": numbers}, ("at_least",)),
}

STATUSES = ("in_force", "default", "draft")
"""What a rule may be without an article."""

DOC_STATUSES = (*STATUSES, "published", "excerpt", "reported", "text_not_found")
"""What a document may be, and how much of it is known."""

EXEMPTIONS = ("exempt", "deferred", "ungraded")

POINTS = ("bonus", "deduction", "factor")

ADJUSTMENTS = ("lift", "cap", "veto")


def read_kind(mark: Mark, words: Mapping[str, Word], extra: tuple[str, ...] = ()) -> Kind | None:
    """Read `{kind: word, …parameters}`; None after a finding when it cannot be read."""
    before = len(mark.sink.findings)
    params = dict.fromkeys(key for word in words.values() for key in word.params)
    named = mark.meant(["kind", *params, *extra]).get("kind")
    if named is None:
        mark.wrong(f"要写 kind；接受 {listed(words)}。")
        return None
    name = named.choice(words)
    if name not in (named.text(), slip_of(named.text(), words)):
        return None  # which parameters belong to it cannot be told
    word = words[name]
    accepted = [*word.params, *extra]
    found = mark.fields(["kind", *accepted], word.needed)
    made = {**word.defaults}
    made |= {key: read(found[key]) for key, read in word.params.items() if key in found}
    if len(mark.sink.findings) > before:
        return None
    if word.check:
        word.check(mark, made)
    return Kind(name, made)
