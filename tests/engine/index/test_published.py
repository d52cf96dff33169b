"""Published indices reproduced: human development, logistics performance, happy planet."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.engine.index.build import content, written
from tests.paths import SHARED_DATA
from wuhao.config.commands.engine import evaluate
from wuhao.engine.index.normalise import normalise
from wuhao.engine.index.table import Column, Table

LPI = SHARED_DATA / "worldbank-lpi" / "lpi.csv"
HPI = SHARED_DATA / "compind" / "data_HPI.csv"
HDI = SHARED_DATA / "undp-hdi" / "HDR23-24_Composite_indices_complete_time_series.csv"
EDUCATION = {
    "label": "教育",
    "weight": 1,
    "aggregate": "arithmetic",
    "weights": {"eys": 1, "mys": 1},
}
COMPONENTS = (
    "Customs", "Infrastructure", "International Shipments", "Logistics Quality & Competence",
    "Tracking & Tracing", "Timeliness",
)  # fmt: skip
FOUND = {
    "2010": ("0.1686", "0.1408", "0.1967", "0.1668", "0.1570", "0.1701"),
    "2012": ("0.1675", "0.1492", "0.1889", "0.1653", "0.1568", "0.1721"),
    "2014": ("0.1599", "0.1512", "0.1925", "0.1681", "0.1682", "0.1602"),
    "2016": ("0.1690", "0.1492", "0.1859", "0.1681", "0.1548", "0.1728"),
}
"""The weights of each year, as least squares finds them in the published scores."""


def rows(path: Path, key: str = "", year: str = "") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if not key or row[key] == year]


def run(folder: Path, plain: dict[str, Any], facts: list[dict[str, str]]) -> dict[str, Any]:
    with (folder / "facts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(facts[0]))
        writer.writeheader()
        writer.writerows(facts)
    words = [str(written(folder, plain)), str(folder / "facts.csv"), "--out", str(folder / "out")]
    done = CliRunner().invoke(evaluate, words)
    assert done.exit_code == 0, done.output
    found = pq.read_table(folder / "out" / "results.parquet").to_pylist()
    return {row["subject"]: row for row in found}


def places(published: list[dict[str, str]], column: str, ties: str) -> list[int]:
    """Return places from the best, 1, by the verb that ranks."""
    scores = Column.of(Decimal(row[column]) for row in published)
    found = Table(tuple(str(at) for at in range(len(published))), {"x": scores})
    ranked = normalise(found, "x", method="rank", ties=ties).columns["x"].known()
    return [len(published) + 1 - int(place) for place in ranked]


@pytest.mark.real
@pytest.mark.skipif(not LPI.exists(), reason="the published LPI is not beside the project")
@pytest.mark.parametrize(
    ("year", "same"), [("2010", 145), ("2012", 135), ("2014", 138), ("2016", 138)]
)
def test_the_logistics_performance_index(tmp_path: Path, year: str, same: int) -> None:
    """Its components are published with two decimals, so the last places are not to be had."""
    published = rows(LPI, "Year", year)
    codes = {name: f"c{at}" for at, name in enumerate(COMPONENTS)}
    plain = content(
        subject={"column": "Code"},
        input={"other_columns": "ignore"},
        facts={},
        attributes={},
        indicators={
            code: {"label": name, "unit": "1-5", "direction": "up", "column": name}
            for name, code in codes.items()
        },
        hierarchy={"weights": dict(zip(codes.values(), FOUND[year], strict=True))},
        steps=[{"verb": "aggregate", "method": "arithmetic", "status": "default"}],
    )
    found = run(tmp_path, plain, published)
    apart = [found[row["Code"]]["rank"] - int(row["Overall LPI Rank"]) for row in published]
    for row in published:
        ours = found[row["Code"]]["total"] / 10**6
        assert abs(ours - float(row["Overall LPI Score"])) < 0.0083
    assert max(map(abs, apart)) <= 2
    assert apart.count(0) == same


@pytest.mark.real
@pytest.mark.skipif(not LPI.exists(), reason="the published LPI is not beside the project")
@pytest.mark.parametrize("year", FOUND)
def test_published_ranks_lie_within_the_ties_of_published_scores(year: str) -> None:
    published = rows(LPI, "Year", year)
    best, worst = (places(published, "Overall LPI Score", ties) for ties in ("max", "min"))
    for row, first, last in zip(published, best, worst, strict=True):
        assert first <= int(row["Overall LPI Rank"]) <= last
    alone = sum(first == last for first, last in zip(best, worst, strict=True))
    assert 60 < alone < len(published)


@pytest.mark.real
@pytest.mark.skipif(not HPI.exists(), reason="the published HPI is not beside the project")
@pytest.mark.parametrize(
    ("year", "made_of"),
    [
        ("2017", (0.779046254, 2.27376431, 56.8441078)),
        ("2018", (0.776119764, 2.26522291, 56.6305726)),
        ("2019", (0.775144268, 2.26237578, 56.5593944)),
    ],
)
def test_scores_and_ranks_of_the_happy_planet_index(
    tmp_path: Path, year: str, made_of: tuple[float, float, float]
) -> None:
    """Happy life years over the footprint plus 6.386; the constants are found in the table."""
    both, life, less = made_of
    published = {row["ISO"]: row for row in rows(HPI, "year", year)}
    facts = [
        {
            "code": iso,
            "x": f"{life_of * (both * float(row['Ladder_of_life']) + life) - less:.9f}",
            "people": f"{float(row['Ecological_Footprint']) + 6.38615174:.9f}",
        }
        for iso, row in published.items()
        for life_of in [float(row["Life_Expectancy"])]
    ]
    plain = content(
        digits={"value": 9, "score": 9, "weight": 9},
        indicators={"x": {"label": "幸福生命年", "unit": "年", "direction": "up"}},
        hierarchy={"weights": {"x": 1}},
        steps=[
            {"verb": "denominate", "by": "people", "status": "default"},
            {"verb": "aggregate", "method": "arithmetic", "status": "default"},
        ],
    )
    found = run(tmp_path, plain, facts)
    for iso, row in published.items():
        assert abs(found[iso]["total"] / 10**9 - float(row["HPI"])) < 1e-5
    order = sorted(published, key=lambda iso: -float(published[iso]["HPI"]))
    assert [found[iso]["rank"] for iso in order] == [*range(1, len(order) + 1)]


@pytest.mark.real
@pytest.mark.skipif(not HDI.exists(), reason="the published HDI is not beside the project")
def test_values_and_ranks_of_the_human_development_index(tmp_path: Path) -> None:
    """All 204 values to the three decimals published, and all 193 ranks."""
    published = rows(HDI)
    low, high = {"le": 20, "eys": 0, "mys": 0}, {"le": 85, "eys": 18, "mys": 15}
    columns = {"le": "le_2022", "eys": "eys_2022", "mys": "mys_2022", "gni": "gnipc_2022"}
    plain = content(
        subject={"column": "iso3"},
        input={"other_columns": "ignore", "excess": "half_up"},
        digits={"value": 9, "score": 9, "weight": 12},
        facts={},
        attributes={},
        indicators={
            code: {"label": code, "unit": "-", "direction": "up", "column": name}
            for code, name in columns.items()
        },
        hierarchy={"weights": {"le": 1, "education": EDUCATION, "gni": 1}},
        steps=[
            {"verb": "treat", "method": "ln", "columns": ["gni"], "status": "default"},
            {
                "verb": "normalise",
                "method": "goalposts",
                "low": {**low, "gni": str(Decimal(100).ln())},
                "high": {**high, "gni": str(Decimal(75000).ln())},
                "status": "default",
            },
            {"verb": "aggregate", "method": "geometric", "status": "default"},
        ],
    )
    found = run(
        tmp_path, plain, [{k: row[k] for k in ("iso3", *columns.values())} for row in published]
    )
    scored = [row for row in published if found[row["iso3"]]["total"] is not None]
    assert len(scored) == 204
    for row in scored:
        row["ours"] = f"{Decimal(found[row['iso3']]['total']).scaleb(-9):.3f}"
        assert row["ours"] == f"{float(row['hdi_2022']):.3f}"
    ranked = [row for row in scored if row["hdi_rank_2022"]]
    assert len(ranked) == 193
    assert places(ranked, "ours", "max") == [int(row["hdi_rank_2022"]) for row in ranked]
    absent = {
        row["iso3"]: found[row["iso3"]]["total_note"] for row in published if row not in scored
    }
    assert absent == {"PRK": "too_few", "MCO": "too_few"}
