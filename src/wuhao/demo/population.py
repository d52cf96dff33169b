"""A made-up population of enterprises, the same for the same seed.

Nothing in it belongs to a real enterprise: names are invented words, credit codes come from a
series that is not issued, figures are drawn. What their plausibility rests on is said in
`wuhao.demo.figures`; which cases are dealt out on purpose, in `wuhao.demo.traits`; how land hangs
together, in `wuhao.demo.land`. All that differs from city to city is read from `demo.yaml`.
Each enterprise has a random source of its own, so a smaller demo is a part of the larger one up to
the cases dealt and the leases.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random
from typing import Any

from wuhao.core.codes import USCC_ALPHABET, completed_uscc
from wuhao.demo import figures
from wuhao.demo.land import Parcels
from wuhao.demo.recipe import ParkRecipe, Recipe, Sector, read_recipe, read_words
from wuhao.demo.shapes import (
    ABOVE,
    BELOW,
    Amount,
    Blank,
    CastMember,
    Enterprise,
    Population,
    Tenure,
)
from wuhao.demo.traits import deal

_MU_M2 = Decimal(2000) / 3
_CENT = Decimal("0.01")


@dataclass
class _Draw:
    """What is drawn so far: names and codes in use, and the land each enterprise must count."""

    recipe: Recipe
    names: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    land: dict[str, Decimal] = field(default_factory=dict)


def generate(city: Path, scale: Decimal = Decimal(1)) -> Population:
    """Make up the population of a city's folder; `scale` shrinks or multiplies every count.

    Enterprises come in the order of parks, above scale first. Raises KeyError where `demo.yaml`
    lacks a part.
    """
    recipe = read_recipe(city)
    draw = _Draw(recipe)
    cast = [_cast_enterprise(draw, entry) for entry in recipe.cast.values()]
    drawn = [
        enterprise
        for park in recipe.parks
        for size in (ABOVE, BELOW)
        for enterprise in _of_park(draw, park, size, scale, cast)
    ]
    spared = {member.uscc for member in cast}
    enterprises = deal(recipe.seed, recipe.year, drawn, spared)
    return Population(
        year=recipe.year,
        words=read_words(city),
        enterprises=tuple(enterprises),
        tenures=tuple(_tenures(draw, enterprises, spared)),
        cast=tuple(
            CastMember(code, entry["uscc"], entry["row"]) for code, entry in recipe.cast.items()
        ),
        stands=recipe.stands,
    )


def _of_park(
    draw: _Draw, park: ParkRecipe, size: str, scale: Decimal, cast: list[Enterprise]
) -> list[Enterprise]:
    """The cast members of a park and size class, then as many drawn ones as the count leaves."""
    members = [member for member in cast if (member.park, member.scale) == (park.code, size)]
    scaled = (park.counts[size] * scale).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    wanted = max(1, int(scaled))
    drawn = [_enterprise(draw, park, size, place) for place in range(len(members), wanted)]
    return members + drawn


def _enterprise(draw: _Draw, park: ParkRecipe, size: str, place: int) -> Enterprise:
    rng = Random(f"{draw.recipe.seed}/{park.code}/{size}/{place}")
    clusters = list(park.clusters)
    cluster = draw.recipe.clusters[rng.choices(clusters, list(park.clusters.values()))[0]]
    sector = rng.choice(cluster.sectors)
    drawn = figures.draw_size(rng, cluster.middle, size)
    uscc = _uscc(draw, rng)
    draw.land[uscc] = (Decimal(str(drawn.mu)) * _MU_M2).quantize(_CENT)
    founded = date(1996, 1, 4) + timedelta(days=rng.randrange(24 * 365))
    facts: dict[str, Amount] = dict(figures.taxes(rng, cluster.middle, drawn))
    if size == ABOVE:
        facts |= figures.statistics(rng, cluster.middle, drawn)
    facts |= figures.energy(rng, cluster.middle, drawn, size)
    facts |= figures.emissions(rng, cluster.middle, drawn)
    return Enterprise(
        uscc=uscc,
        name=_name(draw, rng, park, sector),
        park=park.code,
        district=park.district,
        sector=sector.code,
        sector_label=sector.label,
        scale=size,
        established_on=founded,
        in_production_on=_production_day(rng, founded, draw.recipe.year),
        construction_state="in_production",
        env_credit="qualified",
        accounts=_accounts(rng),
        facts=facts,
    )


def _production_day(rng: Random, founded: date, year: int) -> date | Blank:
    """Six to thirty months after founding, before the last two years; sometimes not reported."""
    day = min(founded + timedelta(days=rng.randrange(180, 900)), date(year - 2, 12, 1))
    return Blank.MISSING if rng.random() < 0.005 else max(day, founded)


def _uscc(draw: _Draw, rng: Random) -> str:
    series = draw.recipe.code_series
    while True:
        serial = "".join(rng.choices(USCC_ALPHABET, k=8 - len(series)))
        code = completed_uscc(draw.recipe.code_prefix + series + serial)
        if code not in draw.codes:
            draw.codes.add(code)
            return code


def _name(draw: _Draw, rng: Random, park: ParkRecipe, sector: Sector) -> str:
    """Place, invented word, trade, ending; no two share word and trade."""
    places, weights = zip(*park.places, strict=True)
    endings, ending_weights = zip(*draw.recipe.endings, strict=True)
    while True:
        word = "".join(rng.sample(draw.recipe.characters, 2))
        stem = word + rng.choice(sector.trades)
        if stem not in draw.names:
            draw.names.add(stem)
            place = rng.choices(places, weights)[0]
            return f"{place}{stem}{rng.choices(endings, ending_weights)[0]}"


def _accounts(rng: Random) -> tuple[str, ...]:
    return tuple(f"43{rng.randrange(10**8):08d}" for _ in range(rng.choice((1, 1, 1, 2))))


def _cast_enterprise(draw: _Draw, entry: Any) -> Enterprise:
    """A member of the cast, as `demo.yaml` writes it."""
    facts: dict[str, Amount] = {
        code: Blank(value) if value in {"missing", "not_applicable"} else Decimal(value)
        for code, value in entry["facts"].items()
    }
    draw.codes.add(entry["uscc"])
    return Enterprise(
        uscc=entry["uscc"],
        name=entry["name"],
        park=entry["park"],
        district=entry["district"],
        sector=entry["sector"],
        sector_label=entry["sector_label"],
        scale=entry["scale"],
        established_on=entry["established_on"],
        in_production_on=entry["in_production_on"],
        construction_state="in_production",
        env_credit=entry["env_credit"],
        accounts=tuple(entry["accounts"]),
        facts=facts,
    )


def _tenures(draw: _Draw, enterprises: list[Enterprise], spared: set[str]) -> list[Tenure]:
    found = [
        Tenure(
            row["parcel"],
            entry["uscc"],
            Decimal(row["area_m2"]),
            row["right"],
            row["started_on"],
            row.get("ended_on"),
        )
        for entry in draw.recipe.cast.values()
        for row in entry["tenures"]
    ]
    for park in draw.recipe.parks:
        rng = Random(f"{draw.recipe.seed}/land/{park.code}")
        holders = [e for e in enterprises if e.park == park.code and e.uscc not in spared]
        found += Parcels(rng, park.cadastral, draw.recipe.year).tenures(holders, draw.land)
    return found
