"""What a reader of a scheme's words accepts: it is given a mark that notes what is read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

import yaml

from wuhao.engine.marks import Mark, Sink

Schema = dict[str, Any]
T = TypeVar("T")

TEXT: Schema = {"type": ["string", "number", "boolean"]}
NUMBER: Schema = {
    "type": ["number", "string"],
    "pattern": r"^\s*[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?\s*$",
}
FLAG: Schema = {"enum": [True, False, "true", "false"]}


def obj(
    properties: dict[str, Schema], needed: Iterable[str] = (), more: Schema | None = None
) -> Schema:
    """Return the schema of a mapping; without `more`, other keys are refused."""
    made: Schema = {"type": "object", "properties": properties}
    made["additionalProperties"] = False if more is None else more
    return {**made, "required": list(needed)} if needed else made


@dataclass(frozen=True)
class Probe(Mark):
    """A mark without a file: every question is noted in `schema` and answered with something."""

    schema: Schema = field(default_factory=dict)
    mapping: bool = False
    asked: set[str] = field(default_factory=set)

    @staticmethod
    def new(mapping: bool = False) -> Probe:
        """Begin with nothing noted; `mapping` is the answer to whether there are keys."""
        node = yaml.ScalarNode("tag:yaml.org,2002:str", "1")
        return Probe(node, "", Sink(""), mapping=mapping)

    def wrong(self, sentence: str) -> None:
        """Take no offence: the answers are made up."""

    def is_mapping(self) -> bool:
        """Answer as told, and note that the question was put."""
        self.asked.add("mapping")
        return self.mapping

    def text(self) -> str:
        """Note a text."""
        self.schema.update(TEXT)
        return "1"

    def decimal(self) -> Decimal:
        """Note a number."""
        self.schema.update(NUMBER)
        return Decimal(1)

    def choice(self, accepted: Iterable[str]) -> str:
        """Note the words."""
        words = list(accepted)
        self.schema.update(FLAG if words == ["true", "false"] else {"enum": words})
        return words[0]

    def word_or(self, words: Iterable[str], read: Callable[[Mark], T]) -> str | T:
        """Note the words and what else is read."""
        other = Probe.new()
        found = read(other)
        self.schema.update({"anyOf": [{"enum": list(words)}, other.schema]})
        return found

    def list(self) -> Iterator[Mark]:
        """Note a list and what one of its values is."""
        inner = Probe.new()
        yield inner
        self.schema.update({"type": "array", "items": inner.schema})

    def items(self) -> Iterator[tuple[str, Mark]]:
        """Note keys of any name and what one of their values is."""
        inner = Probe.new()
        yield "any", inner
        self.schema.update(obj({}, more=inner.schema))

    def fields(self, accepted: Iterable[str], needed: Iterable[str] = ()) -> dict[str, Mark]:
        """Note the keys; what is read of them is noted in place."""
        inner = {name: Probe.new() for name in accepted}
        self.schema.update(obj({name: p.schema for name, p in inner.items()}, needed))
        return dict(inner)


METHODS: dict[Any, Schema] = {Mark.text: TEXT, Mark.decimal: NUMBER, Mark.flag: FLAG}


def accepted_by(reader: Callable[[Mark], Any]) -> Schema:
    """Return the JSON Schema of what a reader accepts."""
    if reader in METHODS:
        return METHODS[reader]
    found: list[Schema] = []
    for mapping in (False, True):
        probe = Probe.new(mapping)
        reader(probe)
        found.append(probe.schema)
        if not probe.asked:
            return found[0]
    return {"anyOf": found}
