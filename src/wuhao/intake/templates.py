"""Templates (报送模板): YAML that says what a workbook holds, loaded with all errors at once."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from wuhao.core.units import Unit, unit_named
from wuhao.engine.digest import content_digest
from wuhao.engine.expression import (
    ExpressionError,
    Names,
    Polynomial,
    condition_names,
    parse_condition,
)
from wuhao.engine.facts import State
from wuhao.engine.findings import Finding, Refused
from wuhao.engine.marks import Mark, Sink, compose, compose_text, optional
from wuhao.intake.conditions import Predicate, compiled, differing
from wuhao.intake.findings import SEVERITIES
from wuhao.intake.peers import PeerCheck
from wuhao.intake.reader.words import bare_heading, heading_key
from wuhao.intake.values import half_width

TEXT_KINDS = ("uscc", "text", "choice", "code")
NUMBER_KINDS = ("amount", "integer")
KINDS = (*TEXT_KINDS, *NUMBER_KINDS, "date")
PERIODS = ("year", "quarter", "month")
# What offices write for "not reported"; a template's own words come on top and win.
COMMON_WORDS = {
    word: State.MISSING
    for word in (
        "",
        "na",
        "n/a",
        "#n/a",
        "nan",
        "nah",
        "null",
        "none",
        "不详",
        "未知",
        "暂无",
        "空",
    )
}
_TEMPLATE_KEYS = (
    "template", "title", "title_en", "owner", "also_from", "parks", "effect", "period", "key",
    "words", "columns", "checks", "peers",
)  # fmt: skip
_COLUMN_KEYS = (
    "code", "label", "label_en", "accepts", "kind", "unit", "base", "quantum", "required", "fact",
    "attribute", "match", "calendar", "min", "max", "pattern", "choices", "cls", "rounding",
    "words", "registered", "options",
)  # fmt: skip
_CHECK_KEYS = ("code", "expression", "with", "differ", "severity", "sentence", "sentence_en")
_PEER_KEYS = ("code", "of", "per", "times", "severity")
_STATES = {
    "zero": State.ZERO,
    "missing": State.MISSING,
    "not_applicable": State.NOT_APPLICABLE,
}


class TemplateError(Refused):
    """The template is refused; `findings` holds every fault with its line."""


@dataclass(frozen=True)
class Choice:
    """A word of a code list: its code, and the number it stands for where the column is a fact."""

    code: str
    label: str
    value: int | None = None


@dataclass(frozen=True)
class Column:
    """A column: what it is called, what it holds, in which unit, and where it goes."""

    code: str
    label: str
    kind: str
    label_en: str = ""
    accepts: tuple[str, ...] = ()
    required: bool = False
    unit: Unit | None = None
    quantum: Decimal = Decimal(1)
    fact: str = ""
    attribute: str = ""
    match: str = ""
    calendar: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str = ""
    choices: Mapping[str, Choice] = field(default_factory=dict)
    cls: str = "internal"
    rounding: str = "note"
    words: Mapping[str, State] = field(default_factory=dict)
    registered: bool = True

    @property
    def is_number(self) -> bool:
        """Whether its values are counts of a quantum."""
        return self.kind in NUMBER_KINDS or bool(self.fact and self.choices)

    @property
    def headings(self) -> list[str]:
        """Every heading that names this column."""
        return [self.label, *self.accepts]

    def factor(self, unit: Unit | None) -> Fraction:
        """How many quanta of the base unit one of the given unit makes."""
        return (unit.factor if unit else Fraction(1)) / Fraction(self.quantum)


@dataclass(frozen=True)
class Check:
    """A condition that every row must meet; unknown values leave it unasked.

    others: facts that other departments reported of the same enterprise and period.
    """

    code: str
    severity: str
    sentence: str
    sentence_en: str
    columns: tuple[str, ...]
    holds: Predicate
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A template as loaded; `digest` is taken over its content.

    owner: the office that answers for it; also_from: others that may hand it in, as may the parks
    where `parks` is set.
    """

    code: str
    title: str
    title_en: str
    owner: str
    also_from: tuple[str, ...]
    parks: bool
    effect: str
    period: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    peers: tuple[PeerCheck, ...]
    digest: str

    def column(self, code: str) -> Column:
        """The column of a code. Raises KeyError."""
        for column in self.columns:
            if column.code == code:
                return column
        raise KeyError(code)

    @property
    def facts(self) -> list[str]:
        """The facts that its columns bring."""
        return [column.fact for column in self.columns if column.fact]

    @property
    def others(self) -> list[str]:
        """The facts of other departments that its checks speak of."""
        return list(dict.fromkeys(fact for check in self.checks for fact in check.others))

    def codes_of(self, name: Column) -> Column | None:
        """The code column to which a column of names belongs: the last one before it."""
        before = self.columns[: self.columns.index(name)]
        return next((c for c in reversed(before) if c.kind == "uscc"), None)

    def known_headings(self) -> frozenset[str]:
        """Every accepted heading, as the reader compares headings."""
        words = [word for column in self.columns for word in column.headings]
        return frozenset(key for word in words for key in (heading_key(word), bare_heading(word)))


def load_template(path: Path) -> Template:
    """Read a template; code lists are read from the city's folder, the parent of its own.

    Raises TemplateError with every fault, each with file and line.
    """
    sink = Sink(path.name)
    mark = compose(path, sink)
    template = _template(mark, path.parent.parent) if mark is not None else None
    if sink.findings or template is None:
        raise TemplateError(sink.findings)
    return template


def load_text(text: str, name: str, city: Path) -> Template:
    """Read a template that lies in no file, as that of a collection. Raises TemplateError."""
    sink = Sink(name)
    mark = compose_text(text, sink)
    template = _template(mark, city) if mark is not None else None
    if sink.findings or template is None:
        raise TemplateError(sink.findings)
    return template


def load_templates(folder: Path) -> dict[str, Template]:
    """Every template of a folder by code. Raises TemplateError with the faults of all files."""
    found: dict[str, Template] = {}
    faults: list[Finding] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            template = load_template(path)
        except TemplateError as error:
            faults += error.findings
            continue
        if template.code in found:
            faults.append(Finding(path.name, 1, "template", f"模板代码“{template.code}”用了两次。"))
        found[template.code] = template
    if faults:
        raise TemplateError(faults)
    return found


def _template(mark: Mark, city: Path) -> Template:
    needed = ("template", "title", "owner", "effect", "period", "key", "columns")
    found = mark.fields(_TEMPLATE_KEYS, needed)
    words = COMMON_WORDS | (_words(found["words"]) if "words" in found else {})
    columns = [_column(item, city, words) for item in _items(found, "columns")]
    _unique(columns, found)
    by_code = {column.code: column for column in columns}
    return Template(
        code=optional(found, "template", Mark.text, ""),
        title=optional(found, "title", Mark.text, ""),
        title_en=optional(found, "title_en", Mark.text, ""),
        owner=optional(found, "owner", Mark.text, ""),
        also_from=tuple(item.text() for item in _items(found, "also_from")),
        parks=optional(found, "parks", Mark.flag, False),
        effect=optional(found, "effect", Mark.text, ""),
        period=optional(found, "period", lambda m: m.choice(PERIODS), "year"),
        key=tuple(item.choice(list(by_code)) for item in _items(found, "key") if by_code),
        columns=tuple(columns),
        checks=tuple(c for item in _items(found, "checks") if (c := _check(item, by_code, city))),
        peers=tuple(p for item in _items(found, "peers") if (p := _peer(item, by_code))),
        digest=content_digest(mark.plain()),
    )


def _items(found: Mapping[str, Mark], name: str) -> list[Mark]:
    return list(found[name].list()) if name in found else []


def _words(mark: Mark) -> dict[str, State]:
    return {
        half_width(word.text()).lower(): _STATES[state]
        for state, words in mark.fields(list(_STATES)).items()
        for word in words.list()
    }


def _unique(columns: list[Column], found: Mapping[str, Mark]) -> None:
    """Refuse a code twice, and a heading that would name two columns."""
    owners: dict[str, str] = {}
    codes = [column.code for column in columns]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        found["columns"].wrong(f"列代码“{code}”用了两次，请改其中一个。")
    for column in columns:
        for word in dict.fromkeys(heading_key(heading) for heading in column.headings):
            other = owners.setdefault(word, column.code)
            if other != column.code:
                found["columns"].wrong(
                    f"表头“{word}”既是“{other}”又是“{column.code}”，请从一列里删去。"
                )


def _column(mark: Mark, city: Path, words: Mapping[str, State]) -> Column:
    found = mark.fields(_COLUMN_KEYS, ("code", "label", "kind"))
    kind = optional(found, "kind", lambda m: m.choice(KINDS), "text")
    unit = optional(found, "unit", _unit, None)
    if kind == "amount" and "unit" not in found:
        mark.wrong("数量列要写明单位“unit”，如 元、千元、㎡。")
    return Column(
        code=optional(found, "code", _identifier, ""),
        label=optional(found, "label", Mark.text, ""),
        kind=kind,
        label_en=optional(found, "label_en", Mark.text, ""),
        accepts=tuple(item.text() for item in _items(found, "accepts")),
        required=optional(found, "required", Mark.flag, False),
        unit=_based(unit, found),
        quantum=optional(found, "quantum", _quantum, Decimal(1)),
        fact=optional(found, "fact", Mark.text, ""),
        attribute=optional(found, "attribute", Mark.text, ""),
        match=optional(found, "match", lambda m: m.choice(["name"]), ""),
        calendar=optional(found, "calendar", lambda m: m.choice(["roc"]), ""),
        minimum=optional(found, "min", Mark.decimal, None),
        maximum=optional(found, "max", Mark.decimal, None),
        pattern=optional(found, "pattern", _pattern, ""),
        choices=_choices(found, mark, kind, city),
        cls=optional(found, "cls", lambda m: m.choice(_CLASSES), "internal"),
        rounding=optional(found, "rounding", lambda m: m.choice(["note", "error"]), "note"),
        words={**words, **(_words(found["words"]) if "words" in found else {})},
        registered=optional(found, "registered", Mark.flag, True),
    )


_CLASSES = ("public", "internal", "secret", "personal")


def _identifier(mark: Mark) -> str:
    text = mark.text()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", text) or "__" in text or text in ("row", "sheet"):
        mark.wrong(f"“{text}”不能作列代码；用小写字母、数字和单个下划线，不用 row、sheet。")
    return text


def _unit(mark: Mark) -> Unit | None:
    unit = unit_named(mark.text())
    if unit is None:
        mark.wrong(f"不认识单位“{mark.text()}”；如 元、千元、万元、㎡、亩、千瓦时、吨标准煤、人。")
    return unit


def _based(unit: Unit | None, found: Mapping[str, Mark]) -> Unit | None:
    if unit is not None and "base" in found and found["base"].text() != unit.base:
        found["base"].wrong(f"“{unit.label}”的基本单位是“{unit.base}”，请改。")
    return unit


def _quantum(mark: Mark) -> Decimal:
    value = mark.decimal()
    if value <= 0 or value.normalize().as_tuple().digits != (1,) or value > 1:
        mark.wrong(f"“{mark.text()}”不能作最小量；应是 1、0.1、0.01 这样的数。")
        return Decimal(1)
    return value


def _pattern(mark: Mark) -> str:
    try:
        re.compile(mark.text())
    except re.error as error:
        mark.wrong(f"不是合格的正则式：{error}。")
        return ""
    return mark.text()


def _choices(found: Mapping[str, Mark], mark: Mark, kind: str, city: Path) -> dict[str, Choice]:
    if kind != "choice":
        return {}
    if "options" in found:
        words = [item.text() for item in found["options"].list()]
        return {choice_key(word): Choice(word, word) for word in words}
    if "choices" not in found:
        mark.wrong("选项列要写“choices”：哪个文件、哪个列表、哪个键作名称；或“options”：几个词。")
        return {}
    place = found["choices"].fields(["file", "list", "label"], ["file", "list", "label"])
    if len(place) < 3:
        return {}
    return _read_choices(place, city)


def _read_choices(place: Mapping[str, Mark], city: Path) -> dict[str, Choice]:
    sink = Sink(place["file"].text())
    content = compose(city / place["file"].text(), sink)
    lists = dict(content.items()) if content is not None else {}
    if place["list"].text() not in lists:
        place["file"].wrong(f"在“{place['file'].text()}”里找不到列表“{place['list'].text()}”。")
        return {}
    choices: dict[str, Choice] = {}
    for item in lists[place["list"].text()].list():
        entry = dict(item.items())
        label = entry[place["label"].text()].text() if place["label"].text() in entry else ""
        value = entry["value"].whole(-(2**31), 2**31) if "value" in entry else None
        choice = Choice(optional(entry, "code", Mark.text, label), label, value)
        short = [entry["short"].text()] if "short" in entry else []
        accepted = [word.text() for word in _items(entry, "accepts")]
        for word in (label, choice.code, *short, *accepted):
            choices.setdefault(choice_key(word), choice)
    return choices


def choice_key(word: str) -> str:
    """A word of a code list as it is compared: half width, no space, lower case."""
    return half_width(word).replace(" ", "").lower()


def _check(mark: Mark, columns: Mapping[str, Column], city: Path) -> Check | None:
    needed = ("code", "severity", "sentence")
    found = mark.fields(_CHECK_KEYS, needed)
    if any(name not in found for name in needed):
        return None
    if ("expression" in found) == ("differ" in found):
        mark.wrong("核对要写“expression”（条件）或“differ”（两列应不同），两样选一样。")
        return None
    others = _others(found, columns, city)
    asked = (
        _differing(found["differ"], columns)
        if "differ" in found
        else _asked(found, columns, others)
    )
    if asked is None:
        return None
    used, holds = asked
    return Check(
        code=found["code"].text(),
        severity=found["severity"].choice(SEVERITIES),
        sentence=found["sentence"].text(),
        sentence_en=optional(found, "sentence_en", Mark.text, ""),
        columns=tuple(code for code in columns if code in used),
        holds=holds,
        others=tuple(others),
    )


_Asked = tuple[set[str], Predicate]


def _others(
    found: Mapping[str, Mark], columns: Mapping[str, Column], city: Path
) -> dict[str, Decimal]:
    """The quantum of each fact of another department that a check speaks of."""
    wanted = _items(found, "with")
    if not wanted:
        return {}
    sink = Sink("indicators.yaml")
    content = compose(city / "indicators.yaml", sink)
    catalogue = dict(content.items())["indicators"].list() if content is not None else []
    known = {dict(item.items())["code"].text(): dict(item.items())["quantum"] for item in catalogue}
    quanta = {}
    for mark in wanted:
        code = mark.text()
        if code not in known or code in columns:
            mark.wrong(f"“{code}”不是指标目录里别的部门的指标，请核对。")
            continue
        quanta[code] = known[code].decimal()
    return quanta


def _asked(
    found: Mapping[str, Mark], columns: Mapping[str, Column], others: Mapping[str, Decimal]
) -> _Asked | None:
    """The columns of an expression and its predicate."""
    texts = [code for code, column in columns.items() if column.kind in TEXT_KINDS]
    names = {*columns, *others}
    try:
        condition = parse_condition(
            found["expression"].text(), Names(texts, lambda name: _variable(name, names))
        )
    except ExpressionError as error:
        found["expression"].wrong(str(error))
        return None
    quanta = {code: column.quantum for code, column in columns.items()}
    return condition_names(condition), compiled(condition, {**quanta, **others})


def _peer(mark: Mark, columns: Mapping[str, Column]) -> PeerCheck | None:
    found = mark.fields(_PEER_KEYS, ("code", "of", "times", "severity"))
    if len(found.keys() & {"code", "of", "times", "severity"}) < 4:
        return None
    numbers = [code for code, column in columns.items() if column.is_number]
    of = found["of"].choice(numbers)
    per = found["per"].choice(numbers) if "per" in found else ""
    times = found["times"].decimal()
    if times <= 1:
        found["times"].wrong("倍数要大于 1，例如 10。")
    if of not in columns or (per and per not in columns):
        return None
    return PeerCheck(
        code=found["code"].text(),
        severity=found["severity"].choice(SEVERITIES),
        of=columns[of],
        per=columns[per] if per else None,
        times=Fraction(times),
    )


def _differing(mark: Mark, columns: Mapping[str, Column]) -> _Asked | None:
    """Two columns that may not hold the same, such as the parties of a lease."""
    codes = [item.choice(list(columns)) for item in mark.list()]
    if len(codes) != 2:
        mark.wrong("“differ”要写两列，如 [lessor_uscc, lessee_uscc]。")
        return None
    one, other = codes
    return {one, other}, differing(one, other)


def _variable(name: str, names: Container[str]) -> Polynomial:
    if name not in names:
        raise ExpressionError(f"没有“{name}”这一列。")
    return Polynomial.of({(name,): Fraction(1)})
