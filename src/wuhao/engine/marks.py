"""YAML read with its line numbers; every fault is collected instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml

from wuhao.engine.exact import parse_decimal
from wuhao.engine.findings import Finding, SchemeError, listed, nearest, slip_of, slips, why

T = TypeVar("T")


@dataclass
class Sink:
    """Collects the findings of one file."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    told: set[tuple[int, int, str]] = field(default_factory=set)

    def add(self, line: int, key: str, sentence: str, column: int = 0) -> None:
        """Keep one finding; a place that is read twice, as under an alias, is told once."""
        if (line, column, sentence) not in self.told:
            self.told.add((line, column, sentence))
            self.findings.append(Finding(self.file, line, key, sentence))


@dataclass(frozen=True)
class Mark:
    """One value of the file: its YAML node, the dotted key that leads to it, its line."""

    node: yaml.Node
    key: str
    sink: Sink

    @property
    def line(self) -> int:
        """The line of the value, counted from 1."""
        return int(self.node.start_mark.line) + 1

    def wrong(self, sentence: str) -> None:
        """Report a fault at this value."""
        self.sink.add(self.line, self.key, sentence, int(self.node.start_mark.column) + 1)

    def is_null(self) -> bool:
        """Return whether the value is an explicit null."""
        return self.node.tag == "tag:yaml.org,2002:null"

    def is_mapping(self) -> bool:
        """Return whether the value has keys."""
        return isinstance(self.node, yaml.MappingNode)

    def names(self) -> set[str]:
        """Return the keys of a mapping; none where it is not one."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else ()
        return {str(key.value) for key, _ in pairs}

    def items(self) -> Iterator[tuple[str, Mark]]:
        """Go through the keys of a mapping; a repeated key is reported."""
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong("这里要写“键: 值”。")
            return
        seen: set[str] = set()
        for key_node, value_node in self.node.value:
            name = str(key_node.value)
            inner = Mark(value_node, f"{self.key}.{name}" if self.key else name, self.sink)
            if name in seen:
                self.sink.add(
                    key_node.start_mark.line + 1, inner.key, f"“{name}”写了两次，请删去一个。"
                )
                continue
            seen.add(name)
            yield name, inner

    def list(self) -> Iterator[Mark]:
        """Go through the values of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong("这里要写列表（每项前加“- ”，或用方括号）。")
            return
        for at, node in enumerate(self.node.value):
            yield Mark(node, f"{self.key}[{at + 1}]", self.sink)

    def fields(self, accepted: Iterable[str], needed: Iterable[str] = ()) -> dict[str, Mark]:
        """Return the keys of a mapping; unknown and missing ones are reported.

        A slip of the pen is reported once and read as the key that was meant.
        """
        accepted = list(accepted)
        for name, inner in self.items():
            if name not in accepted:
                inner.wrong(f"不认识“{name}”；接受 {listed(accepted)}{nearest(name, accepted)}")
        found = self.meant(accepted)
        for name in needed:
            if name not in found and self.is_mapping():
                self.wrong(f"缺少“{name}”。")
        return found

    def meant(self, accepted: Iterable[str]) -> dict[str, Mark]:
        """Return the keys of a mapping as `fields` reads them, without reporting any."""
        given = dict(self.items()) if self.is_mapping() else {}
        accepted = list(accepted)
        found = {name: inner for name, inner in given.items() if name in accepted}
        unknown = [name for name in given if name not in accepted]
        for name, word in slips(unknown, [word for word in accepted if word not in found]).items():
            found[word] = given[name]
        return found

    def text(self) -> str:
        """Return a scalar as text."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.wrong("这里要写一个值，不是列表或“键: 值”。")
            return ""
        return str(self.node.value)

    def choice(self, accepted: Iterable[str]) -> str:
        """Return a word that must be one of those accepted."""
        accepted, word = list(accepted), self.text()
        if word not in accepted:
            self.wrong(f"“{word}”不在可选项内；接受 {listed(accepted)}{nearest(word, accepted)}")
            return slip_of(word, accepted) or accepted[0]
        return word

    def word_or(self, words: Iterable[str], read: Callable[[Mark], T]) -> str | T:
        """Return one of some words, or what else is read here."""
        return self.text() if self.text() in words else read(self)

    def flag(self) -> bool:
        """Return true or false."""
        return self.choice(["true", "false"]) == "true"

    def decimal(self) -> Decimal:
        """Return an exact decimal number."""
        value = parse_decimal(self.text())
        if value is None:
            self.wrong(f'“{self.text()}”不是数，应写成 "1.5" 这样的小数。')
            return Decimal(0)
        return value

    def whole(self, lo: int, hi: int) -> int:
        """Return a whole number within lo..hi."""
        value = self.decimal()
        if value != int(value) or not lo <= value <= hi:
            self.wrong(f"“{self.text()}”应是 {lo} 到 {hi} 的整数。")
            return lo
        return int(value)

    def day(self) -> date | None:
        """Return a day written YYYY-MM-DD, or None for null."""
        if self.is_null():
            return None
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.wrong(f"“{self.text()}”不是日期，应写成 2022-01-01。")
            return None

    def saying(self, text: str) -> Mark:
        """Return this place with a text that stands elsewhere: what is wrong is said here."""
        node = yaml.ScalarNode("tag:yaml.org,2002:str", text, self.node.start_mark)
        return Mark(node, self.key, self.sink)

    def plain(self) -> Any:
        """Return the content as plain lists, dicts and texts, for the digest."""
        if isinstance(self.node, yaml.MappingNode):
            return {name: inner.plain() for name, inner in self.items()}
        if isinstance(self.node, yaml.SequenceNode):
            return [inner.plain() for inner in self.list()]
        return None if self.is_null() else self.node.value


def optional(found: dict[str, Mark], name: str, read: Callable[[Mark], T], default: T) -> T:
    """Read a key where it is present."""
    return read(found[name]) if name in found else default


def compose(path: Path, sink: Sink) -> Mark | None:
    """Read a YAML file; None when it is not YAML or not a mapping (then a finding says so)."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        sink.add(0, "", f"读不到文件：{why(error)}。")
        return None
    except UnicodeDecodeError:
        sink.add(0, "", "不是 UTF-8 文本，请另存为 UTF-8。")
        return None
    return compose_text(text, sink)


def compose_text(text: str, sink: Sink) -> Mark | None:
    """Read YAML that lies in no file; as `compose` does."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", "")
        sink.add(mark.line + 1 if mark else 0, "", f"不是合格的 YAML：{problem}。")
        return None
    if not isinstance(node, yaml.MappingNode):
        sink.add(1, "", "方案文件应由“键: 值”组成。")
        return None
    return Mark(node, "", sink)


def read_checked(path: Path, read: Callable[[Mark, Path], T | None]) -> T:
    """Read a file whole. Raises SchemeError with every finding of it at once."""
    sink = Sink(path.name)
    top = compose(path, sink)
    found = read(top, path) if top is not None else None
    if sink.findings or found is None:
        raise SchemeError(sink.findings)
    return found
