"""Lishui's published per-mu board of 2019: classes of 942 firms, tax and added value per mu.

The board shows no firm of its own, so its ranking cannot be had; what it shows are shares, counts
and totals. Firms in a row, graded by the published shares, must give the published counts.
"""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.paths import SHARED_DATA
from wuhao.engine.evaluate import evaluate
from wuhao.engine.exact import div
from wuhao.engine.index.denominate import denominate
from wuhao.engine.index.table import Column, Table

BOARD = SHARED_DATA / "per-mu-published" / "lishui_2019.json"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not BOARD.exists(), reason="the published board is not beside the project"),
]


@pytest.fixture(scope="module")
def board() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BOARD.read_text(encoding="utf-8"))
    return found


def number(label: str, shown: list[dict[str, str]]) -> Decimal:
    [text] = [row["label_value"] for row in shown if row["label_name"].startswith(label)]
    return Decimal(text.replace(",", ""))


def graded(folder: Path, board: dict[str, Any], last: str) -> Counter[str]:
    """As many firms as the board counts, one better than the next, in its shares of classes."""
    firms = int(number("规上企业数", board["middleData"]))
    share = {row["name"][0]: row["rate"].rstrip("%") for row in board["rightTwo"]}
    made = scheme(
        folder,
        one_item(
            grades={
                "kind": "shares",
                "order": ["A", "B", "C", "D"],
                "share": share,
                "rounding": {"A": "floor", "B": "floor", "C": "rest", "D": last},
                "status": "default",
            }
        ),
    )
    rows = [
        {"subject": f"{at:04d}", "tax_yuan": 14_000 - at, "land_m2": 1000} for at in range(firms)
    ]
    return Counter(evaluate(made, facts(made, rows), threads=1).results["grade"].to_pylist())


def test_the_published_shares_give_the_published_counts(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    published = {row["name"][0]: row["value"] for row in board["rightTwo"]}
    assert published == {"A": 258, "B": 534, "C": 135, "D": 15}
    assert graded(tmp_path, board, "floor") == published


def test_a_last_class_rounded_up_would_have_one_firm_more(
    tmp_path: Path, board: dict[str, Any]
) -> None:
    assert graded(tmp_path, board, "ceil") == {"A": 258, "B": 534, "C": 134, "D": 16}


def test_shares_of_classes_and_counties_are_the_counts_over_all(board: dict[str, Any]) -> None:
    firms = int(number("规上企业数", board["middleData"]))
    for shown, digits in ((board["rightTwo"], 1), (board["rightThree"], 2)):
        assert sum(row["value"] for row in shown) == firms
        for row in shown:
            ours = Decimal(div(row["value"] * 10 ** (digits + 2), firms)).scaleb(-digits)
            assert f"{ours}%" == row["rate"]


def test_tax_and_added_value_per_mu(board: dict[str, Any]) -> None:
    """The board shows 73.71 for 73.7156…: it cuts where we round."""
    totals, shown = board["middleData"], board["upEnterpriseAverageBenefitData"]
    columns = {
        "tax": Column.of([number("税收实际贡献", totals)]),
        "added": Column.of([number("工业增加值", totals)]),
        "land": Column.of([number("用地面积", totals)]),
    }
    found = denominate(Table(("丽水",), columns), ["tax", "added"], by="land").columns
    [tax], [added] = found["tax"].known(), found["added"].known()
    assert round(tax, 1) == number("亩均税收", shown) == Decimal("18.9")
    assert (round(added, 2), number("亩均增加值", shown)) == (Decimal("73.72"), Decimal("73.71"))
    assert int(added * 100) == number("亩均增加值", shown) * 100
