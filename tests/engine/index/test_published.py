"""Published indices reproduced: the Logistics Performance Index, the Happy Planet Index."""

import csv
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.engine.index.build import content, written
from tests.paths import SHARED_DATA
from wuhao.config.commands.engine import evaluate

LPI = SHARED_DATA / "worldbank-lpi" / "lpi.csv"
HPI = SHARED_DATA / "compind" / "data_HPI.csv"
COMPONENTS = {
    "Customs": "0.1675", "Infrastructure": "0.1492", "International Shipments": "0.1889",
    "Logistics Quality & Competence": "0.1653", "Tracking & Tracing": "0.1568",
    "Timeliness": "0.1721",
}  # fmt: skip
"""The weights of 2012 as least squares finds them in the published scores."""


def rows(path: Path, key: str, year: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row[key] == year]


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


@pytest.mark.real
@pytest.mark.skipif(not LPI.exists(), reason="the published LPI is not beside the project")
def test_the_ranks_of_the_logistics_performance_index(tmp_path: Path) -> None:
    published = rows(LPI, "Year", "2012")
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
        hierarchy={"weights": {code: COMPONENTS[name] for name, code in codes.items()}},
        steps=[{"verb": "aggregate", "method": "arithmetic", "status": "default"}],
    )
    found = run(tmp_path, plain, published)
    assert len(found) == 155
    for row in published:
        ours = found[row["Code"]]
        assert abs(ours["total"] / 10**6 - float(row["Overall LPI Score"])) < 0.0082
    scores = sorted(published, key=lambda row: found[row["Code"]]["rank"])
    for better, worse in zip(scores, scores[5:], strict=False):
        assert int(better["Overall LPI Rank"]) < int(worse["Overall LPI Rank"]) + 3
    assert [row["Code"] for row in scores[:2]] == ["SGP", "HKG"]


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
