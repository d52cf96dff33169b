"""Scope: which rows and which classes of field a role reaches. Deny unless granted."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

PUBLIC_CLASS = "public"
INTERNAL = "internal"
SECRET = "secret"  # noqa: S105 - a class of data, not a password
PERSONAL = "personal"
CLASSES = (PUBLIC_CLASS, INTERNAL, SECRET, PERSONAL)


@dataclass(frozen=True)
class Grant:
    """What the matrix grants to a role."""

    label: str
    label_en: str
    rows: str
    classes: tuple[str, ...]
    own_columns: bool = False


NOTHING = Grant("", "", "none", ())


@cache
def matrix() -> dict[str, Grant]:
    """The role matrix: the house's own, with the city's `roles.yaml` laid over it."""
    granted: dict[str, Grant] = {}
    for path in (Path(__file__).with_name("roles.yaml"), settings.WUHAO_CITY / "roles.yaml"):
        if path.exists():
            entries = yaml.safe_load(path.read_text(encoding="utf-8"))
            granted |= {role: _grant(entry) for role, entry in entries.items()}
    return granted


def grant_of(role: str) -> Grant:
    """The grant of a role; an unknown role is granted nothing."""
    return matrix().get(role, NOTHING)


def _grant(entry: dict[str, object]) -> Grant:
    classes = entry["classes"]
    unknown = set(classes) - set(CLASSES)  # type: ignore[call-overload]
    if unknown:
        raise ValueError(f"roles.yaml names unknown classes {sorted(unknown)}")
    return Grant(
        label=str(entry["label"]),
        label_en=str(entry.get("label_en", "")),
        rows=str(entry["rows"]),
        classes=tuple(classes),  # type: ignore[arg-type]
        own_columns=bool(entry.get("own_columns", False)),
    )
