"""Shapes that the templates print: plain rows of text, one shape a part of a page."""

from dataclasses import dataclass, field
from typing import Any

from wuhao.web.display import Shown


@dataclass(frozen=True)
class Refusal:
    """Why something was not shown or not done."""

    title: str
    sentences: list[str]
    back: str
    back_label: str


@dataclass(frozen=True)
class Link:
    """A link with its words; `main` marks the page's one main action."""

    url: str
    label: str
    main: bool = False
    rel: str = ""
    said: str = ""
    current: bool = False


@dataclass(frozen=True)
class Act(Link):
    """A button of the page's head."""


@dataclass(frozen=True)
class Stage:
    """A knot on the thread of the navigation."""

    url: str
    label: str
    current: bool = False
    waiting: int = 0


@dataclass(frozen=True)
class Wrong:
    """An error of a form: the sentence and the field it belongs to."""

    sentence: str
    field: str = ""


@dataclass(frozen=True)
class Entry:
    """A field of a form: kind is an input type, or select, area, file."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    value: str = ""
    error: str = ""
    unit: str = ""
    accept: str = ""
    autocomplete: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """A table's column: heading, unit, classes, and how it sorts."""

    label: str
    unit: str = ""
    css: str = ""
    sorted: str = ""
    sort_url: str = ""


@dataclass(frozen=True)
class Cell:
    """A table's cell; `main` marks the one that opens the row, `sub` stands small below it."""

    value: Shown
    css: str = ""
    main: bool = False
    sub: str = ""

    @property
    def text(self) -> str:
        return self.value.text

    @property
    def exact(self) -> str:
        return self.value.exact


@dataclass(frozen=True)
class Row:
    """A table's row and the page that it opens."""

    cells: list[Cell]
    url: str = ""


@dataclass(frozen=True)
class Fig:
    """A named number with its unit and denominator."""

    label: str
    text: str
    unit: str = ""
    of: str = ""
    exact: str = ""
    share: str | None = None


@dataclass(frozen=True)
class Item:
    """A line of a short list: title, words at the right or a light, and what is said below."""

    title: str
    url: str = ""
    right: str = ""
    said: str = ""
    light: str = ""
    light_words: str = ""
    grade: str = ""
    act: str = ""
    due: str = ""


@dataclass(frozen=True)
class Box:
    """A titled box of short lines, pairs or sentences."""

    title: str
    said: str = ""
    items: list[Item] = field(default_factory=list)
    pairs: list[tuple[str, Any]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    empty_say: str = ""
    more: Link | None = None


@dataclass(frozen=True)
class Fact:
    """A labelled value of a record."""

    label: str
    value: Shown
    wide: bool = False


@dataclass(frozen=True)
class FactGroup:
    """A titled group of facts."""

    title: str
    facts: list[Fact]
    said: str = ""
    more: Link | None = None


@dataclass(frozen=True)
class Table:
    """A small table inside a record."""

    title: str
    columns: list[Column]
    rows: list[Row]
    said: str = ""
    total: list[Cell] = field(default_factory=list)
    more: Link | None = None


@dataclass(frozen=True)
class Step:
    """A step of a run: done, now or still to come, with its day."""

    label: str
    css: str = ""
    day: str = ""


@dataclass(frozen=True)
class Finding:
    """A finding: how grave, where, the sentence, and the page that shows the cell.

    One that was found in several cells names them all.
    """

    css: str
    word: str
    place: str
    sentence: str
    said: str = ""
    url: str = ""
    cells: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Button:
    """A button of a form that carries a value."""

    value: str
    label: str
    css: str = ""
    disabled: bool = False


@dataclass(frozen=True)
class Form:
    """A form in the margin of a run; `warning` stands above its buttons."""

    url: str
    buttons: list[Button]
    fields: list[Entry] = field(default_factory=list)
    warning: str = ""
    title: str = ""


@dataclass(frozen=True)
class Decided:
    """What somebody decided: what, when, why and who; and by whom it was undone."""

    title: str
    when: str
    said: str
    undone: str = ""
