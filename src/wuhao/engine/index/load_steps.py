"""Read the steps of an index: verbs with parameters, each with an article or a status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wuhao.engine.draft import BASIS, read_basis
from wuhao.engine.findings import listed, nearest
from wuhao.engine.index.model import Branch, Item, Step
from wuhao.engine.index.words import VERBS
from wuhao.engine.marks import Mark
from wuhao.engine.model import Attribute, Fact
from wuhao.engine.word import Word

LEAF_ONLY = ("entropy", "critic")


@dataclass(frozen=True)
class Names:
    """What a step may refer to."""

    items: Mapping[str, Item]
    facts: Mapping[str, Fact]
    attributes: Mapping[str, Attribute]
    branches: Mapping[str, Branch]


def read_steps(mark: Mark, names: Names) -> tuple[Step, ...]:
    """Read the steps in their order and check that together they make an index."""
    made: list[Step] = []
    marks: list[Mark] = []
    for inner in mark.list():
        step = _step(inner, names, made)
        if step is not None:
            made.append(step)
            marks.append(inner)
    _check_order(mark, marks, made, names)
    return tuple(made)


def _step(mark: Mark, names: Names, before: Sequence[Step]) -> Step | None:
    given = dict(mark.items()) if mark.is_mapping() else {}
    if "verb" not in given:
        mark.wrong(f"要写 verb；接受 {listed(VERBS)}。")
        return None
    faults = len(mark.sink.findings)
    verb = given["verb"].choice(VERBS)
    if len(mark.sink.findings) > faults:
        return None
    method = _method(mark, given, VERBS[verb])
    if len(mark.sink.findings) > faults:
        return None
    codes, params, basis = _parts(mark, verb, method, names)
    if len(mark.sink.findings) > faults:
        return None
    count = sum(step.verb == verb for step in before) + 1
    return Step(verb if count == 1 else f"{verb}_{count}", verb, method, codes, params, basis)


def _method(mark: Mark, given: Mapping[str, Mark], methods: Mapping[str, Word]) -> str:
    """Return the method named; a verb with a single method needs no name for it."""
    first = next(iter(methods))
    if len(methods) == 1:
        return first
    if "method" not in given:
        mark.wrong(f"要写 method；接受 {listed(methods)}。")
        return first
    return given["method"].choice(methods)


def _parts(
    mark: Mark, verb: str, method: str, names: Names
) -> tuple[tuple[str, ...], dict[str, Any], Any]:
    word = VERBS[verb][method]
    over = {"weights": ["branches"], "aggregate": []}.get(verb, ["columns"])
    named = ["method"] if len(VERBS[verb]) > 1 else []
    found = mark.fields(["verb", *named, *over, *word.params, *BASIS], word.needed)
    basis = read_basis(mark, found)
    params = {**word.defaults}
    params |= {key: read(found[key]) for key, read in word.params.items() if key in found}
    codes = _branches(mark, found, method, names) if verb == "weights" else _columns(found, names)
    if all(name in params for name in word.needed):
        if word.check is not None:
            word.check(mark, params)
        _check_names(found, params, names)
        _check_columns(found, params, codes)
        if method == "ahp":
            _check_judgements(found["judgements"], params, codes, names)
    return codes, params, basis


def _named(mark: Mark, known: Mapping[str, Any], kind: str) -> None:
    if mark.text() not in known:
        mark.wrong(f"没有名为“{mark.text()}”的{kind}{nearest(mark.text(), known)}")


def _columns(found: Mapping[str, Mark], names: Names) -> tuple[str, ...]:
    """Return the columns that a step takes: those listed, else every indicator."""
    if "columns" not in found:
        return tuple(names.items)
    listed_here = list(found["columns"].list())
    for word in listed_here:
        _named(word, names.items, "指标")
    return tuple(dict.fromkeys(word.text() for word in listed_here))


def _branches(mark: Mark, found: Mapping[str, Mark], method: str, names: Names) -> tuple[str, ...]:
    """Return the branches to weigh: those listed, else every one that the method can weigh."""
    leafy = [b.code for b in names.branches.values() if all(p in names.items for p in b.parts)]
    if "branches" not in found:
        codes = leafy if method in LEAF_ONLY else [*names.branches]
    else:
        words = list(found["branches"].list())
        for word in words:
            _named(word, names.branches, "层级")
            if word.text() in names.branches and method in LEAF_ONLY and word.text() not in leafy:
                word.wrong(f"{method} 只用于下面全是指标的层级；接受 {listed(leafy)}。")
        codes = list(dict.fromkeys(word.text() for word in words))
    if method == "ahp" and len(codes) != 1:
        mark.wrong("ahp 的两两比较属于一个层级，请用 branches 写明是哪一个。")
    return tuple(codes)


def _check_names(found: Mapping[str, Mark], params: dict[str, Any], names: Names) -> None:
    if "by" in found:
        _named(found["by"], names.facts, "数据项")
    if "group" in found:
        _named(found["group"], names.attributes, "属性")


def _check_columns(found: Mapping[str, Mark], params: dict[str, Any], codes: Sequence[str]) -> None:
    """A parameter with a number for each column must name the columns of the step, no others."""
    for name in ("low", "high", "value"):
        value = params.get(name)
        if isinstance(value, dict) and set(value) != set(codes):
            found[name].wrong(f"应恰好给出这些列：{listed(codes)}；现有 {listed(value)}。")


def _check_judgements(
    mark: Mark, params: dict[str, Any], codes: Sequence[str], names: Names
) -> None:
    parts = [
        part for code in codes if code in names.branches for part in names.branches[code].parts
    ]
    for a, row in mark.items():
        for b, inner in [(a, mark), *row.items()]:
            if b not in parts:
                inner.wrong(f"“{b}”不在这个层级之内{nearest(b, parts)}")


def _check_order(mark: Mark, marks: list[Mark], steps: list[Step], names: Names) -> None:
    verbs = [step.verb for step in steps]
    if len(marks) == len(list(mark.list())) and verbs[-1:] != ["aggregate"]:
        mark.wrong("最后一步应是 aggregate。")
    normalised: set[str] = set()
    for at, (inner, step) in enumerate(zip(marks, steps, strict=True)):
        if step.verb == "aggregate" and at + 1 < len(steps):
            inner.wrong("aggregate 之后不能再有别的步骤。")
        if step.verb == "normalise":
            for code in step.codes:
                if code in normalised:
                    inner.wrong(f"指标“{code}”已经标准化过，不能再次标准化。")
            normalised |= set(step.codes)
        if step.verb == "aggregate":
            for code, item in names.items.items():
                if item.down and code not in normalised:
                    inner.wrong(f"指标“{code}”越小越好，合成之前要先标准化（normalise）。")
