"""Which office's word goes first for a field, by the city's dated rule (authorities.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wuhao.core import city
from wuhao.engine.marks import Mark, optional, read_checked
from wuhao.registers.models import ClaimedField

FILE = "authorities.yaml"
DEFAULT = "default"
FIRST_YEAR, LAST_YEAR = 1990, 2999


@dataclass(frozen=True)
class Authority:
    """The offices whose word goes first for a field from a year on, and what the rule stands on.

    `status` is `default` where no document says so: then `document` is empty.
    """

    field: str = ""
    since: int = FIRST_YEAR
    offices: tuple[str, ...] = ()
    document: str = ""
    status: str = ""


NO_RULE = Authority()


def authority_of(field: str, year: int) -> Authority:
    """The rule for a field of a year: the latest that began by then; NO_RULE without.

    Raises Refused, with file and line, for a file with faults.
    """
    path = city.path_of(FILE)
    rules = _rules(path) if path.exists() else ()
    begun = [rule for rule in rules if rule.field == field and rule.since <= year]
    return max(begun, key=lambda rule: rule.since, default=NO_RULE)


@cache
def _rules(path: Path) -> tuple[Authority, ...]:
    return read_checked(path, _read)


def _read(mark: Mark, _path: Path) -> tuple[Authority, ...]:
    found = mark.fields(("rules",), ("rules",))
    return tuple(_rule(item) for item in found["rules"].list()) if "rules" in found else ()


def _rule(mark: Mark) -> Authority:
    found = mark.fields(("field", "since", "offices", "document", "status"),
                        ("field", "since", "offices"))  # fmt: skip
    rule = Authority(
        field=optional(found, "field", lambda m: m.choice(ClaimedField.values), ""),
        since=optional(found, "since", lambda m: m.whole(FIRST_YEAR, LAST_YEAR), FIRST_YEAR),
        offices=tuple(one.text() for one in found["offices"].list()) if "offices" in found else (),
        document=optional(found, "document", Mark.text, ""),
        status=optional(found, "status", lambda m: m.choice([DEFAULT]), ""),
    )
    if bool(rule.document) == bool(rule.status):
        mark.wrong("写明依据“document”；没有文件依据的，写“status: default”，两样只写一样。")
    return rule
