"""The engine's first real input: the Human Development Index of 2022, 204 published values."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.paths import ROOT, SHARED_DATA
from wuhao.config.commands.engine import evaluate, explain
from wuhao.engine.exact import div

REAL = SHARED_DATA / "undp-hdi" / "HDR23-24_Composite_indices_complete_time_series.csv"
SCHEME = ROOT / "examples" / "hdi" / "hdi_2022.yaml"
GROUPS = {"Very High": "very_high", "High": "high", "Medium": "medium", "Low": "low"}
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not REAL.exists(), reason=f"the real data {REAL.name} is not beside the project"
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hdi") / "out"
    done = CliRunner().invoke(evaluate, [str(SCHEME), str(REAL), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out


def test_every_published_value_is_reproduced_to_three_decimals(folder: Path) -> None:
    with REAL.open(encoding="utf-8-sig") as file:
        published = {row["iso3"]: row for row in csv.DictReader(file)}
    rows = pq.read_table(folder / "results.parquet").to_pylist()
    graded = [row for row in rows if row["total"] is not None]
    assert len(graded) == 204
    for row in graded:
        known = published[row["subject"]]
        assert f"{div(row['total'], 10**6) / 1000:.3f}" == f"{float(known['hdi_2022']):.3f}"
        assert not known["hdicode"] or GROUPS[known["hdicode"]] == row["grade"]
    assert {row["subject"]: row["ungraded"] for row in rows if row["total"] is None} == {
        "PRK": "missing:expected_schooling",
        "MCO": "missing:mean_schooling",
    }


def test_the_run_says_that_it_is_of_the_float_class(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (record["class"], record["subjects"]) == ("F", 206)


def test_one_country_is_explained(folder: Path) -> None:
    done = CliRunner().invoke(explain, [str(folder), "CHN"])
    assert done.exit_code == 0
    assert "总分 0.788410833" in done.output
    assert "等级 high" in done.output
