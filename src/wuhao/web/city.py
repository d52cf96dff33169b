"""The city's own words for a page's head: its name, its offices' short names and marks.

Everything is read from `city.yaml` of the city's folder; nothing here knows a city.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from wuhao.core import city
from wuhao.web.display import english, label_of


@dataclass(frozen=True)
class OfficeWords:
    """An office as pages name it: short name and the one character beside its figures."""

    short: str
    short_en: str
    mark: str

    @property
    def label(self) -> str:
        return label_of(self.short, self.short_en)


@dataclass(frozen=True)
class DemoUser:
    """A log-in that the demo offers."""

    username: str
    title: str
    said: str


def _file() -> dict[str, Any]:
    return city.read("city.yaml")


def city_name() -> str:
    """The city's name in the page's language."""
    entry = _file().get("city", {})
    return label_of(entry.get("name", ""), entry.get("name_en", ""))


def issuer_name() -> str:
    """The office that signs what is published."""
    entry = _file().get("letterhead", {})
    office = words_of(str(entry.get("office", "")))
    return label_of(entry.get("issuer", ""), office.short_en)


def telephone() -> str:
    """The telephone under which the issuer answers."""
    return str(_file().get("letterhead", {}).get("telephone", ""))


def words_of(code: str) -> OfficeWords:
    """How pages name an office; its code where the city does not list it."""
    for office in _file().get("offices", []):
        if office["code"] == code:
            short = office.get("short", office["name"])
            return OfficeWords(short, office.get("name_en", ""), office.get("mark", short[:1]))
    return OfficeWords(code, "", code[:1])


def office_label(short: str) -> str:
    """An office that rows name by its short name, in the page's language."""
    for office in _file().get("offices", []):
        if office.get("short", office["name"]) == short:
            return label_of(short, office.get("name_en", ""))
    return short


def title_of(batch: Mapping[str, Any]) -> str:
    """A batch's table in the page's language; as it was received where its template is gone."""
    name = f"templates/{batch['template']}.yaml"
    if not english() or not city.path_of(name).exists():
        return str(batch["title"])
    return label_of(batch["title"], city.read(name).get("title_en", ""))


def fact_label(code: str, label: str) -> str:
    """A fact's label in the page's language, as the city's catalogue of indicators has it."""
    if not english():
        return label
    known = {one["code"]: one for one in city.read("indicators.yaml").get("indicators", [])}
    return label_of(label, known.get(code, {}).get("label_en", ""))


def word_of(catalogue: str, code: str) -> str:
    """The word of a code of one of the city's catalogues; the code where it is not listed."""
    name = f"catalogues/{catalogue}.yaml"
    items = city.read(name)["items"] if city.path_of(name).exists() else []
    found = next((one for one in items if one["code"] == code), {"label": code})
    return label_of(found["label"], found.get("label_en", ""))


def demo_users() -> list[DemoUser]:
    """The log-ins of the demo, in the order of the file; none outside the demo."""
    if not settings.WUHAO_DEMO:
        return []
    return [
        DemoUser(
            user["username"],
            f"{words_of(user['office']).label} · {user['name']}",
            user.get("post", ""),
        )
        for user in _file().get("users", [])
    ]


def demo_password() -> str:
    """The password of the demo's log-ins; empty outside the demo."""
    return str(city.read("demo.yaml").get("password", "")) if settings.WUHAO_DEMO else ""
