"""`lifts` and `compare` through groups made by an attribute and items of a group's own: by the
oracle on random populations, and by hand where a subject would make or unmake a group."""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.test_compare_methods import check, later
from tests.engine.test_lifts import ways
from tests.engine.test_lifts_methods import METHODS, crew, plan, prove
from tests.engine.test_structure import parks, structure_together
from wuhao.engine.compare import compare
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import lifts
from wuhao.engine.outcome import Outcome

DEFAULT = {"status": "default"}
SECTORS = ["C33", "C33", "C33", "C34", "C41", "D44", None]
BY: dict[str, dict[str, Any]] = {
    "heads": {"attribute": "sector", "first": 3, "wider": [1], "min_size": 3},
    "fallback": {"attribute": "sector", "min_size": 3, "fallback": "rest"},
    "rest": {"attribute": "sector", "first": 1, "min_size": 4},
}
OWN: dict[str, dict[str, Any]] = {
    "min_max": {"score": {"kind": "min_max", "base": "0.2"}, "absent": "group_median_value"},
    "ranks": {"score": {"kind": "rank_steps", "step": "0.1"}, "absent": "zero"},
    "maximum": {"benchmark": {"kind": "maximum"}, "score": {"kind": "ratio", "cap": 1}},
    "reweigh": {"absent": "reweigh"},
}


def made(by: str, own: str, grades: str, method: str = "mean of all") -> dict[str, Any]:
    """The scheme of the methods, the large ones grouped by sector, the rest in its own way."""
    found = plan({**METHODS[method]}, "zero", grades)
    found["indicators"]["m"]["benchmark"] = {"kind": "total_over_total"}
    found["attributes"]["sector"] = {}
    big, rest = found["groups"]["big"], found["groups"]["rest"]
    big |= {"when": "lifted > 60", "by": BY[by]}
    items = {"m": {**OWN[own], **DEFAULT}}
    if by == "rest":
        big["by"] = {**BY[by], "own": {"C": {"items": items, **DEFAULT}}}
    else:
        rest["items"] = items
    return found


def sectored(rows: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    return [{**row, "sector": chance.choice(SECTORS)} for row in rows]


TURN = [("heads", "min_max", "shares"), ("fallback", "ranks", "counts"),
        ("rest", "maximum", "thresholds"), ("fallback", "reweigh", "shares")]  # fmt: skip


@pytest.mark.parametrize(("by", "own", "grades"), TURN)
def test_made_groups_and_own_items_are_lifted_as_the_oracle_says(
    tmp_path: Path, by: str, own: str, grades: str
) -> None:
    seed = len(by) + 3 * len(own)
    rows = sectored(crew(seed, 9, 120), seed)
    assert any(found.target for found in prove(tmp_path, made(by, own, grades), rows))


@pytest.mark.parametrize(("by", "own", "grades"), TURN)
def test_made_groups_and_own_items_are_split_as_the_oracle_does(
    tmp_path: Path, by: str, own: str, grades: str
) -> None:
    seed = len(by) + 3 * len(own)
    content = made(by, own, "shares" if grades == "counts" else grades)
    rows = sectored(crew(seed, 18, 120), seed)
    after = later(rows, seed, 120)
    assert check(tmp_path, content, rows, after, seed)


def trades(folder: Path, least: int, **moved: int) -> Outcome:
    """Who has more than 9 yuan is in its trade, if that has so many; all others are together."""
    content = one_item(attributes={"sector": {}}, adjustments=[])
    content["grades"] = {"kind": "thresholds", "order": ["high", "low"],
                         "at_least": {"high": "100"}, **DEFAULT}  # fmt: skip
    by = {"attribute": "sector", "min_size": least, "fallback": "others"}
    common = {"weights": {"tax": 100}, **DEFAULT}
    content["groups"] = {"trade": {"when": "tax_yuan > 9", "by": by, **common}, "others": common}
    built = scheme(folder, content)
    taxes = {"S": 800, "A": 950, "B": 1000, "C": 300, **moved}
    rows = [
        {"subject": name, "tax_yuan": tax, "land_m2": 100, "sector": "纺织"}
        for name, tax in taxes.items()
    ]
    return evaluate(built, facts(built, rows), threads=1)


def test_who_would_make_a_group_of_its_trade_would_leave(tmp_path: Path) -> None:
    """With S there would be three of the trade. Where four are asked for, S stays as it is."""
    found = lifts(trades(tmp_path, 3), "S")
    assert (found.group, ways(found)["tax_yuan"]) == ("others", (None, "leaves"))
    assert ways(found)["land_m2"] == (80, None)
    assert ways(lifts(trades(tmp_path, 4), "S"))["tax_yuan"] == (1000, None)


def test_who_is_in_a_made_group_stays_in_it(tmp_path: Path) -> None:
    found = lifts(trades(tmp_path, 2), "A")
    assert (found.group, ways(found)["tax_yuan"]) == ("trade:纺织", (1000, None))


def test_groups_are_made_anew_for_the_later_facts(tmp_path: Path) -> None:
    """S makes the group of three, and has left the others; C has not, and B has with S."""
    for name in "ab":
        (tmp_path / name).mkdir()
    before, after = trades(tmp_path / "a", 3), trades(tmp_path / "b", 3, S=1000)
    kinds = {move.subject: move.kind for move in compare(before, after).moves()}
    changed = {"A": "group_changed", "B": "group_changed", "S": "group_changed"}
    assert kinds == {**changed, "C": "split"}
    other = trades(tmp_path / "b", 2, C=400)
    moves = {move.subject: move for move in compare(before, other).moves()}
    assert (moves["C"].kind, moves["C"].own, moves["C"].rule) == ("split", 10_000_000, 0)
    assert (moves["A"].kind, moves["A"].grade_change) == ("group_changed", 0)


@pytest.mark.soak
@pytest.mark.property
@pytest.mark.parametrize("grades", ["shares", "counts", "thresholds"])
@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("by", BY)
def test_any_of_them_are_lifted_and_split_so(
    tmp_path: Path, by: str, own: str, grades: str
) -> None:
    chance = random.Random(f"{by} {own} {grades}")
    content, seed = made(by, own, grades), chance.randrange(10**9)
    most = chance.choice([90, 300, 10**6])
    rows = sectored(crew(seed, 11, most), seed)
    (tmp_path / "lifts").mkdir()
    prove(tmp_path / "lifts", content, rows)
    check(tmp_path, content, rows, later(rows, seed, most), seed)


@pytest.mark.parametrize("seed", [3, 8])
def test_every_part_of_structure_at_once_is_lifted_as_the_oracle_says(
    tmp_path: Path, seed: int
) -> None:
    """Units in groups by sector with items of their own, factors, floors, limits, steps up."""
    assert any(found.target for found in prove(tmp_path, structure_together(), parks(seed, 12, 40)))
