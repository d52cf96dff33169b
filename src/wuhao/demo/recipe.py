"""The recipe of the demo: what `demo.yaml` of a city says about its made-up enterprises."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Sector:
    """A class of GB/T 4754-2017 and the trades (行业用词) that name its enterprises."""

    code: str
    label: str
    trades: tuple[str, ...]


@dataclass(frozen=True)
class Cluster:
    """Sectors that are alike, with their middle values (see the comment in `demo.yaml`)."""

    code: str
    middle: Mapping[str, float]
    sectors: tuple[Sector, ...]


@dataclass(frozen=True)
class ParkRecipe:
    """How many enterprises a park has, of which clusters, and how their names begin."""

    code: str
    district: str
    cadastral: str
    counts: Mapping[str, int]
    places: tuple[tuple[str, int], ...]
    clusters: Mapping[str, int]


@dataclass(frozen=True)
class CityWords:
    """What stands on the city's workbooks: names of the city, its offices and its parks."""

    name: str
    label: str
    offices: Mapping[str, str]
    parks: Mapping[str, str]
    short_parks: Mapping[str, str]
    files: Mapping[str, str]
    faulty_file: str
    waiting_file: str


@dataclass(frozen=True)
class Recipe:
    """The whole recipe; `cast` is kept as it is written.

    `stands` says which enterprise stands on a row of a template's workbook.
    """

    seed: int
    year: int
    code_prefix: str
    code_series: str
    characters: str
    endings: tuple[tuple[str, int], ...]
    parks: tuple[ParkRecipe, ...]
    clusters: Mapping[str, Cluster]
    cast: Mapping[str, Mapping[str, Any]]
    stands: Mapping[str, Mapping[int, str]]


def read_recipe(city: Path) -> Recipe:
    """Read `demo.yaml` in a city's folder. Raises KeyError where a part is not there."""
    raw = yaml.safe_load((city / "demo.yaml").read_text(encoding="utf-8"))
    return Recipe(
        seed=raw["seed"],
        year=raw["data_year"],
        code_prefix=raw["code"]["prefix"],
        code_series=raw["code"]["series"],
        characters=raw["names"]["characters"],
        endings=_weighted(raw["names"]["endings"]),
        parks=tuple(_park(entry) for entry in raw["parks"]),
        clusters={code: _cluster(code, entry) for code, entry in raw["clusters"].items()},
        cast=raw["cast"],
        stands=raw.get("stands", {}),
    )


def read_words(city: Path) -> CityWords:
    """Read the names in a city's folder. Raises KeyError where a part is not there."""
    texts = {
        stem: yaml.safe_load((city / f"{stem}.yaml").read_text(encoding="utf-8"))
        for stem in ("city", "parks", "demo")
    }
    return CityWords(
        name=texts["city"]["city"]["name"],
        label=texts["city"]["city"]["label"],
        offices={office["code"]: office["name"] for office in texts["city"]["offices"]},
        parks={park["code"]: park["name"] for park in texts["parks"]["parks"]},
        short_parks={park["code"]: park["short"] for park in texts["parks"]["parks"]},
        files=texts["demo"]["files"],
        faulty_file=texts["demo"]["faulty_file"],
        waiting_file=texts["demo"]["waiting"]["file"],
    )


def _weighted(pairs: list[list[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((str(word), int(weight)) for word, weight in pairs)


def _park(entry: Mapping[str, Any]) -> ParkRecipe:
    return ParkRecipe(
        code=entry["code"],
        district=entry["district"],
        cadastral=entry["cadastral"],
        counts={"above": entry["above"], "below": entry["below"]},
        places=_weighted(entry["places"]),
        clusters=entry["clusters"],
    )


def _cluster(code: str, entry: Mapping[str, Any]) -> Cluster:
    sectors = tuple(
        Sector(sector["code"], sector["label"], tuple(sector["trades"]))
        for sector in entry["sectors"]
    )
    return Cluster(code, entry["middle"], sectors)
