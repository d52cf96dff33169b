"""The ASEM Sustainable Connectivity index: every step of COINr reproduced to 1e-9."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner

from tests.paths import SHARED_DATA
from wuhao.config.commands.engine import evaluate
from wuhao.engine.facts_read import read_facts
from wuhao.engine.index.load import load_index
from wuhao.engine.index.run import apply, read_table
from wuhao.engine.index.table import Table

PUBLISHED = SHARED_DATA / "asem-coinr" / "expected"
DENOMINATORS = ("Den_GDP", "Den_Pop", "Den_Area", "Den_Energy")
STEPS = {"denominate": "Denominated", "impute": "Imputed", "treat": "Treated",
         "normalise": "Normalised", "aggregate": "Aggregated"}  # fmt: skip
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not PUBLISHED.exists(), reason="the published ASEM sets are not beside the project"
    ),
]


def rows(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def method() -> dict[str, Any]:
    """The published metadata as an index file."""
    items = rows("IndMeta")
    facts = {
        code.lower(): {"label": code, "unit": "-", "column": code, "quantum": "0.0000000001"}
        for code in DENOMINATORS
    }
    tree: dict[str, Any] = {}
    for item in items:
        top = tree.setdefault(item["Agg2"].lower(), {"weight": 1, "weights": {}})
        pillar = top["weights"].setdefault(item["Agg1"].lower(), {"weight": 1, "weights": {}})
        pillar["weights"][item["IndCode"].lower()] = item["IndWeight"]
    return {
        "index": "asem",
        "label": "亚欧可持续联通指数",
        "doc": {"title": "ASEM Sustainable Connectivity"},
        "effective": {"from": "2018-01-01", "to": None},
        "subject": {"column": "UnitCode"},
        "input": {"other_columns": "ignore"},
        "digits": {"value": 12, "score": 12, "weight": 15},
        "attributes": {"region": {"label": "洲", "column": "Group_EurAsia"}},
        "facts": facts,
        "indicators": {
            item["IndCode"].lower(): {
                "label": item["IndName"],
                "unit": item["IndUnit"],
                "direction": "up" if float(item["Direction"]) > 0 else "down",
                "column": item["IndCode"],
            }
            for item in items
        },
        "hierarchy": {"weights": tree},
        "steps": [*steps(items)],
    }


def steps(items: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    for below in DENOMINATORS:
        over = [item["IndCode"].lower() for item in items if item["Denominator"] == below]
        yield {"verb": "denominate", "by": below.lower(), "columns": over, "article": "denominate"}
    yield {"verb": "impute", "method": "mean", "group": "region", "article": "indgroup_mean"}
    yield {"verb": "treat", "method": "winsorise", "max_points": 6, "article": "winmax = 6"}
    yield {"verb": "normalise", "method": "min_max", "article": "minmax"}
    yield {"verb": "aggregate", "method": "arithmetic", "article": "arith_mean"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index, the raw data with its denominators beside it, and the results of the command."""
    made = tmp_path_factory.mktemp("asem")
    (made / "asem.yaml").write_text(yaml.safe_dump(method(), allow_unicode=True), encoding="utf-8")
    below = {row["UnitCode"]: row for row in rows("Denominators")}
    raw = [row | {d: below[row["UnitCode"]][d] for d in DENOMINATORS} for row in rows("Raw")]
    with (made / "raw.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(raw[0]))
        writer.writeheader()
        writer.writerows(raw)
    words = [str(made / "asem.yaml"), str(made / "raw.csv"), "--out", str(made / "out")]
    done = CliRunner().invoke(evaluate, words)
    assert done.exit_code == 0, done.output
    return made


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, Table]:
    """The table after each verb, in 40 digits."""
    index = load_index(folder / "asem.yaml")
    found = {"value": read_table(index, read_facts(folder / "raw.csv", index))}
    for step in index.steps:
        found[step.verb] = apply(index, step, [*found.values()][-1])
    return found


def gap(ours: Decimal | None, published: str) -> Decimal:
    """The difference from a published number, relative where the number is large."""
    if published == "" or ours is None:
        assert (published == "") is (ours is None)
        return Decimal(0)
    known = Decimal(published)
    return abs(ours - known) / max(abs(known), Decimal(1))


@pytest.mark.parametrize("verb", STEPS)
def test_every_step_is_what_was_published(tables: dict[str, Table], verb: str) -> None:
    found, compared = tables[verb], 0
    codes = {code: code.lower() for code in rows("Aggregated")[0] if code.lower() in found.columns}
    codes["Index"] = "total"
    for row in rows(STEPS[verb]):
        at = found.subjects.index(row["UnitCode"])
        for published, code in codes.items():
            if published in row:
                assert gap(found.columns[code].values[at], row[published]) < Decimal("1e-12"), code
                compared += 1
    assert compared >= 51 * 49


def test_small_quotients_agree_in_their_leading_digits(tables: dict[str, Table]) -> None:
    for row in rows("Treated"):
        at = tables["treat"].subjects.index(row["UnitCode"])
        for item in rows("IndMeta"):
            ours = tables["treat"].columns[item["IndCode"].lower()].values[at]
            known = Decimal(row[item["IndCode"]])
            assert ours is not None
            assert abs(ours - known) <= abs(known) * Decimal("1e-12")


def test_the_same_points_are_winsorised(tables: dict[str, Table]) -> None:
    ours = {
        item["IndCode"]: tables["treat"].columns[item["IndCode"].lower()].notes.count("winsorised")
        for item in rows("IndMeta")
    }
    published = {
        row["IndCode"]: float(row["Low"]) + float(row["High"]) for row in rows("TreatSummary")
    }
    assert ours == published
    assert sum(count > 0 for count in ours.values()) == 15


def test_the_command_gives_the_published_index_and_ranks(folder: Path) -> None:
    results = {
        row["subject"]: row for row in pq.read_table(folder / "out/results.parquet").to_pylist()
    }
    places = {row["UnitCode"]: row for row in rows("AggregatesRank")}
    for row in rows("Aggregated"):
        ours = results[row["UnitCode"]]
        assert abs(ours["total"] - float(row["Index"]) * 10**12) < 1000
        assert ours["rank"] == int(places[row["UnitCode"]]["Index"])
    assert [k for k, row in sorted(results.items(), key=lambda r: r[1]["rank"])][:3] == [
        "CHE",
        "NLD",
        "DNK",
    ]
