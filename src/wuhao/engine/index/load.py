"""Read an index (综合指数) from YAML and check it: every fault at once, with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from wuhao.engine.digest import content_digest
from wuhao.engine.draft import check_identifier, each, read_attribute, read_doc
from wuhao.engine.exact import quantum_digits
from wuhao.engine.findings import nearest
from wuhao.engine.index.aggregate import METHODS
from wuhao.engine.index.load_steps import Names, read_steps
from wuhao.engine.index.model import ROOT, Branch, Index, Item
from wuhao.engine.marks import Mark, Sink, compose, optional, read_checked
from wuhao.engine.model import Attribute, Fact
from wuhao.engine.scheme import read_effective

TOP = (
    "index", "label", "doc", "effective", "subject", "input", "digits", "facts", "attributes",
    "indicators", "hierarchy", "steps", "tie_break",
)  # fmt: skip
NEEDED = ("index", "label", "doc", "effective", "subject", "digits", "indicators", "hierarchy",
          "steps")  # fmt: skip
DIGITS = ("value", "score", "weight")
RESERVED = ("subject", "rank", "total")


def is_index(path: Path | str) -> bool:
    """Return whether a file is meant to be an index: it has the key `index` at the top."""
    path = Path(path)
    top = compose(path, Sink(path.name))
    return top is not None and any(name == "index" for name, _ in top.items())


def load_index(path: Path | str) -> Index:
    """Read and check an index. Raises SchemeError with every finding of the file at once."""
    return read_checked(Path(path), _read)


@dataclass
class _Read:
    """What has been read so far; later parts refer to earlier ones."""

    digits: dict[str, int]
    excess: str
    facts: dict[str, Fact] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)


def _read(top: Mark, path: Path) -> Index | None:
    found = top.fields(TOP, NEEDED)
    doc = read_doc(found["doc"]) if "doc" in found else {}
    given = found["input"].fields(["other_columns", "excess"]) if "input" in found else {}
    read = _Read(_digits(found.get("digits")), _word(given, "excess", "refuse", "half_up"))
    read.attributes = each(found.get("attributes"), read_attribute)
    read.facts = each(found.get("facts"), lambda code, mark: _fact(code, mark, read))
    each(found.get("indicators"), lambda code, mark: _item(code, mark, read))
    root = _hierarchy(found.get("hierarchy"), read)
    _check_codes(found, read)
    names = Names(read.items, read.facts, read.attributes, read.branches)
    steps = read_steps(found["steps"], names) if "steps" in found else ()
    ties = _ties(found.get("tie_break"), [*read.items, *read.branches])
    subject = found["subject"].fields(["column", "label"], ["column"]) if "subject" in found else {}
    effective = read_effective(found["effective"]) if "effective" in found else (None, None)
    if top.sink.findings or root is None:
        return None
    return Index(
        code=found["index"].text(),
        label=found["label"].text(),
        doc=doc,
        effective=effective,
        subject=subject["column"].text(),
        subject_label=optional(subject, "label", Mark.text, ""),
        other_columns=_word(given, "other_columns", "refuse", "ignore"),
        digits=read.digits,
        facts=read.facts,
        attributes=read.attributes,
        items=read.items,
        root=root,
        steps=steps,
        ties=ties,
        digest=content_digest(top.plain()),
        path=path,
    )


def _word(found: Mapping[str, Mark], name: str, *words: str) -> str:
    return found[name].choice(words) if name in found else words[0]


def _digits(mark: Mark | None) -> dict[str, int]:
    found = mark.fields(DIGITS, DIGITS) if mark is not None else {}
    return {name: found[name].whole(0, 18) if name in found else 0 for name in DIGITS}


def _fact(code: str, mark: Mark, read: _Read) -> Fact:
    check_identifier(code, mark)
    found = mark.fields(["label", "unit", "column", "quantum"], ["label", "unit"])
    return _number(code, found, read)


def _number(code: str, found: dict[str, Mark], read: _Read) -> Fact:
    """Return what is read from a column, in its own quantum or that of digits.value."""
    return Fact(
        code=code,
        label=optional(found, "label", Mark.text, code),
        unit=optional(found, "unit", Mark.text, ""),
        digits=optional(found, "quantum", _quantum, read.digits["value"]),
        column=optional(found, "column", Mark.text, code),
        excess=read.excess,
    )


def _quantum(mark: Mark) -> int:
    try:
        return quantum_digits(mark.decimal())
    except ValueError:
        mark.wrong("quantum 应是 1、0.1、0.01 这样的十进小数。")
        return 0


def _item(code: str, mark: Mark, read: _Read) -> None:
    """Read an indicator: a fact with a direction."""
    check_identifier(code, mark)
    needed = ["label", "unit", "direction"]
    found = mark.fields([*needed, "column", "quantum"], needed)
    fact = _number(code, found, read)
    down = _word(found, "direction", "up", "down") == "down"
    if code in read.facts:
        mark.wrong(f"“{code}”已在 facts 里，请换一个代码。")
    read.items[code] = Item(code, fact.label, fact.unit, down)
    read.facts[code] = fact


def _hierarchy(mark: Mark | None, read: _Read) -> Branch | None:
    if mark is None:
        return None
    found = mark.fields(["label", "aggregate", "weights"], ["weights"])
    if "weights" not in found:
        return None
    root = _branch(ROOT, found, read)
    used = [part for branch in root.below() for part in branch.parts if part in read.items]
    for code in read.items:
        if used.count(code) != 1:
            mark.wrong(f"指标“{code}”在 hierarchy 里出现了 {used.count(code)} 次，应恰为一次。")
    return root


def _branch(code: str, found: dict[str, Mark], read: _Read) -> Branch:
    weights: dict[str, Decimal] = {}
    inner: list[Branch] = []
    for name, mark in found["weights"].items():
        if not mark.is_mapping():
            if name not in read.items:
                mark.wrong(f"没有名为“{name}”的指标{nearest(name, read.items)}")
            weights[name] = _weight(mark)
            continue
        below = mark.fields(["label", "weight", "aggregate", "weights"], ["weight", "weights"])
        if "weight" in below and "weights" in below:
            check_identifier(name, mark)
            weights[name] = _weight(below["weight"])
            inner.append(_branch(name, below, read))
    if not weights:
        found["weights"].wrong("至少要有一项。")
    label = optional(found, "label", Mark.text, "总指数" if code == ROOT else code)
    method = found["aggregate"].choice(METHODS) if "aggregate" in found else None
    branch = Branch(code, label, weights, tuple(inner), method)
    if code in read.branches:
        found["weights"].wrong(f"“{code}”这一级写了两次。")
    read.branches[code] = branch
    return branch


def _weight(mark: Mark) -> Decimal:
    value = mark.decimal()
    if value <= 0:
        mark.wrong(f"权重应大于零，现为 {mark.text()}。")
        return Decimal(1)
    return value


def _check_codes(found: Mapping[str, Mark], read: _Read) -> None:
    """Every code becomes columns of the results, so no two may be the same."""
    for part, code in _clashes(read):
        found[part].wrong(f"代码“{code}”已有别的含义，请换一个。")


def _clashes(read: _Read) -> Iterator[tuple[str, str]]:
    inner = [code for code in read.branches if code != ROOT]
    kinds = {
        "indicators": [*read.items],
        "facts": [code for code in read.facts if code not in read.items],
        "attributes": [*read.attributes],
        "hierarchy": inner,
    }
    seen: set[str] = set(RESERVED)
    for part, codes in kinds.items():
        for code in codes:
            if code in seen:
                yield part, code
            seen.add(code)


def _ties(mark: Mark | None, known: list[str]) -> tuple[str, ...]:
    """Read the order of ranking; without it the total decides, then the subject's code."""
    if mark is None:
        return (ROOT, "subject")
    words = list(mark.list())
    names = [word.text() for word in words]
    if names[:1] != [ROOT] or names[-1:] != ["subject"]:
        mark.wrong("排序应以 total 开头，以 subject（主体代码升序）结尾。")
    for word in words[1:-1]:
        if word.text() not in known:
            word.wrong(f"没有名为“{word.text()}”的指标或层级{nearest(word.text(), known)}")
    return tuple(names)
