"""`lifts` and `compare` of evaluation units: a change of the head's own facts, the members' as they
are, the unit still the same; by the oracle on random populations, and by hand."""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, scheme
from tests.engine.test_compare_methods import check, later
from tests.engine.test_lifts import ways
from tests.engine.test_lifts_methods import METHODS, crew, plan, prove
from tests.engine.test_units import SAME, TENANTS, content, firm
from wuhao.engine.compare import Move, compare
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import Lifts, lifts
from wuhao.engine.outcome import Outcome

DEFAULT = {"status": "default"}
RULES = {
    "tenants": [{"id": "t", "kind": "tenants", "owner": "landlord", "unless": "lifted > 90"}],
    "sites": [{"id": "s", "kind": "together", "by": ["firm"], "head": "land_m2",
               "unless": "tax_yuan > 2"}],
}  # fmt: skip
RULES["both"] = [*RULES["tenants"], *RULES["sites"]]
RULES["apart"] = [*RULES["tenants"], {**RULES["sites"][0], "separately": True}]


def united(rules: str, method: str, grades: str) -> dict[str, Any]:
    """The scheme of the methods with units; a part of the facts is added up, a part is not."""
    made = plan(METHODS[method], "zero", grades)
    made["attributes"] |= {"landlord": {}, "firm": {}}
    made["evaluation_unit"] = {
        "missing": {"default": "known_only", "land_m2": "unknown"},
        "facts": {"lifted": "max", "goal_yuan": "head"},
        "rules": [{**rule, **DEFAULT} for rule in RULES[rules]],
    }
    made["scope"] = {"exclude": [{"id": "tiny", "when": "land_m2 < 0.1", **DEFAULT}]}
    return made


def housed(rows: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    names = [row["subject"] for row in rows]
    return [
        {**row, "landlord": chance.choice([None, None, None, *names[:3]]),
         "firm": chance.choice([None, "a", "b"])}
        for row in rows
    ]  # fmt: skip


TURN = [("tenants", "from a base up", "shares"), ("sites", "steps by rank", "counts"),
        ("both", "the mean of some", "thresholds"), ("apart", "the group's last year", "shares"),
        ("both", "distance to the highest", "shares")]  # fmt: skip


@pytest.mark.parametrize(("rules", "method", "grades"), TURN)
def test_units_are_lifted_as_the_oracle_says(
    tmp_path: Path, rules: str, method: str, grades: str
) -> None:
    seed = len(rules) + len(method)
    rows = housed(crew(seed, 9, 120), seed)
    assert any(found.target for found in prove(tmp_path, united(rules, method, grades), rows))


@pytest.mark.parametrize(("rules", "method", "grades"), TURN)
def test_units_are_split_as_the_oracle_does(
    tmp_path: Path, rules: str, method: str, grades: str
) -> None:
    seed = len(rules) + len(method)
    made = united(rules, method, "shares" if grades == "counts" else grades)
    rows = housed(crew(seed, 18, 120), seed)
    assert check(tmp_path, made, rows, later(rows, seed, 120), seed)


@pytest.mark.soak
@pytest.mark.property
@pytest.mark.parametrize("at", range(10))
@pytest.mark.parametrize("rules", RULES)
def test_any_units_are_lifted_and_split_so(tmp_path: Path, rules: str, at: int) -> None:
    chance = random.Random(f"{rules} {at}")
    method = chance.choice(list(METHODS))
    made = united(rules, method, chance.choice(["shares", "counts", "thresholds"]))
    seed, most = chance.randrange(10**9), chance.choice([90, 300, 10**6])
    rows = housed(crew(seed, 11, most), seed)
    (tmp_path / "lifts").mkdir()
    prove(tmp_path / "lifts", made, rows)
    check(tmp_path, made, rows, later(rows, seed, most), seed)


# ---- by hand ---------------------------------------------------------------------------------


def outcome(folder: Path, rows: list[dict[str, Any]], *rules: dict[str, Any]) -> Outcome:
    """Ten yuan on a square metre are a hundred points, and high."""
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": "100"}}
    made = content(*rules)
    made |= {"grades": {**grades, **DEFAULT}, "adjustments": []}
    folder.mkdir(exist_ok=True)
    built = scheme(folder, made)
    return evaluate(built, facts(built, rows), threads=1)


def lifted(folder: Path, subject: str, rows: list[dict[str, Any]], *rules: dict[str, Any]) -> Lifts:
    return lifts(outcome(folder, rows, *rules), subject)


HOUSE = [firm("O", 400, 90, vetoed=0), firm("T", 300, 10, "O", vetoed=0)]


def test_the_owner_makes_up_for_its_tenant(tmp_path: Path) -> None:
    """700 on 100 lack 300, which the owner earns; or 30 of the land, which it has."""
    found = lifted(tmp_path, "O", HOUSE, TENANTS)
    assert ways(found) == {"tax_yuan": (700, None), "land_m2": (60, None)}
    assert found.sentence == (
        "单独提升即可到 high 档的指标：tax。"
        "评价单元共 2 户，所说的是牵头主体自己的数据，其他成员的不变。"
    )
    assert found.joint is not None
    assert [change.after for change in found.joint.changes] == [700]
    small = [firm("O", 1, 10, vetoed=0), firm("T", 300, 90, "O", vetoed=0)]
    assert ways(lifted(tmp_path, "O", small, TENANTS))["land_m2"] == (None, "to_zero")


def test_a_member_is_sent_to_the_head(tmp_path: Path) -> None:
    found = lifted(tmp_path, "T", HOUSE, TENANTS)
    assert found.reason == "excluded"
    assert found.sentence == "承租并入（并入评价），等级随评价单元“O”，请查“O”。"


def test_what_a_head_has_not_reported_itself_is_no_way(tmp_path: Path) -> None:
    rows = [{**HOUSE[0], "tax_yuan": None}, HOUSE[1]]
    made = content(TENANTS, missing="known_only")
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": "100"}}
    made |= {"grades": {**grades, **DEFAULT}, "adjustments": []}
    made["indicators"]["tax"] |= {"unit": "元"}
    del made["indicators"]["tax"]["denominator"]
    built = scheme(tmp_path, made)
    found = lifts(evaluate(built, facts(built, rows), threads=1), "O")
    assert (ways(found), found.items[0].reason) == ({}, "own_unknown")
    assert "本主体自己没有该项的数据，须先补报" in found.items[0].sentence


def test_who_would_not_head_its_site_any_more_would_leave(tmp_path: Path) -> None:
    """With less than 60 of the land the other is the head. Where it has less, there is room."""
    site = {"firm": "F", "site": "S", "vetoed": 0}
    rows = [firm("A", 400, 90, **site), firm("B", 300, 60, **site)]
    assert ways(lifted(tmp_path, "A", rows, SAME))["land_m2"] == (None, "leaves")
    rows = [firm("A", 400, 90, **site), firm("B", 300, 35, **site)]
    assert ways(lifted(tmp_path, "A", rows, SAME))["land_m2"] == (35, None)


def test_a_rule_that_could_link_nobody_is_no_bar(tmp_path: Path) -> None:
    """From ten yuan on a rule would leave it alone; it has no owner, and nobody on its site."""
    rule = {**TENANTS, "unless": "tax_yuan >= 10"}
    rows = [firm("X", 900, 100, firm="F", site="S")]
    both = [rule, {**SAME, "unless": "tax_yuan >= 10"}]
    assert ways(lifted(tmp_path, "X", rows, *both))["tax_yuan"] == (1000, None)
    # Of two owners of each other neither is merged, until one of them is left alone.
    pair = [firm("X", 900, 100, "Y", vetoed=0), firm("Y", 500, 100, "X", vetoed=0)]
    assert ways(lifted(tmp_path, "X", pair, rule))["tax_yuan"] == (None, "leaves")


def test_what_a_tenant_brings_is_the_unit_s_own(tmp_path: Path) -> None:
    def moved(*rows: dict[str, Any]) -> dict[str, Move]:
        before = outcome(tmp_path / "a", HOUSE, TENANTS)
        found = compare(before, outcome(tmp_path / "b", list(rows), TENANTS))
        return {move.subject: move for move in found.moves()}

    richer = moved(HOUSE[0], {**HOUSE[1], "tax_yuan": 500})
    assert (richer["O"].own, richer["O"].total_change) == (20_000_000, 20_000_000)
    assert richer["T"].kind == "out_of_scope"
    apart = moved(HOUSE[0], {**HOUSE[1], "landlord": None})
    assert (apart["O"].kind, apart["T"].kind) == ("split", "included")
    assert apart["O"].own == apart["O"].total_change == 44_444_440 - 70_000_000
