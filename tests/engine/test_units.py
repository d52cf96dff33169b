"""Evaluation units: tenants with their owner, firms of a group on a site, and once more apart."""

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.agreement import assert_as_the_oracle, assert_refused
from tests.engine.build import facts, one_item, scheme
from tests.engine.population import CONTENT, population
from wuhao.engine.cases import load_cases, run_cases
from wuhao.engine.evaluate import evaluate
from wuhao.engine.explain import explain
from wuhao.engine.findings import EngineError
from wuhao.engine.outcome import Outcome
from wuhao.engine.versions import differences
from wuhao.engine.workbook import write_workbook

TENANTS = {
    "id": "tenants", "kind": "tenants", "label": "承租并入", "owner": "landlord",
    "unless": 'scale == "above"', "article": "第四条",
}  # fmt: skip
SAME = {
    "id": "same", "kind": "together", "label": "集团同址", "by": ["firm", "site"],
    "head": "land_m2", "status": "default",
}  # fmt: skip
ATTRIBUTES = {"scale": {}, "landlord": {}, "firm": {}, "site": {}}
EXEMPT = {"id": "utility", "when": 'site == "W"', "class": "exempt", "status": "default"}


def content(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    unit = {"missing": "unknown", "facts": {"vetoed": "max"}, "rules": list(rules)}
    made = one_item(attributes=ATTRIBUTES, evaluation_unit={**unit, **more})
    return {**made, "scope": {"exclude": [EXEMPT]}}


def firm(subject: str, tax: Any, land: Any, landlord: Any = None, **cells: Any) -> dict[str, Any]:
    return {"subject": subject, "tax_yuan": tax, "land_m2": land, "landlord": landlord, **cells}


def outcome(folder: Path, rows: list[dict[str, Any]], made: dict[str, Any]) -> Outcome:
    built = scheme(folder, made)
    return evaluate(built, facts(built, rows), threads=1)


def units(folder: Path, rows: list[dict[str, Any]], *rules: dict[str, Any]) -> dict[str, str]:
    found = outcome(folder, rows, content(*rules or (TENANTS,))).results.to_pylist()
    return {row["subject"]: row["unit"] for row in found}


def test_a_tenant_s_figures_are_added_to_the_owner_s_and_it_shares_the_result(
    tmp_path: Path,
) -> None:
    rows = [firm("O", 300, 100), firm("T", 500, 0, "O"), firm("X", 900, 100)]
    found = outcome(tmp_path, rows, content(TENANTS))
    owner, tenant, alone = found.results.to_pylist()
    assert (owner["tax__value"], owner["total"], owner["rank"]) == (8 * 10**6, 80 * 10**6, 2)
    assert (owner["group_size"], owner["unit_members"], owner["unit"]) == (2, "O,T", "O")
    assert (tenant["excluded"], tenant["total"], tenant["rank"]) == ("tenants", None, None)
    assert (tenant["grade"], tenant["unit_grade"]) == (None, owner["grade"])
    assert (tenant["unit"], tenant["unit_total"], tenant["unit_rank"]) == ("O", 80 * 10**6, 2)
    assert [alone[n] for n in ("unit", "unit_total", "unit_rank", "unit_grade")] == [None] * 4


def test_a_large_tenant_is_evaluated_by_itself(tmp_path: Path) -> None:
    rows = [firm("O", 300, 100), firm("T", 500, 100, "O", scale="above")]
    assert units(tmp_path, rows) == {"O": None, "T": None}


def test_a_tenant_of_a_tenant_is_in_the_unit_of_the_last_owner(tmp_path: Path) -> None:
    rows = [firm("A", 1, 0, "B"), firm("B", 2, 0, "C"), firm("C", 400, 100)]
    found = outcome(tmp_path, rows, content(TENANTS))
    assert found.results.column("unit").to_pylist() == ["C", "C", "C"]
    assert found.results.column("tax__num").to_pylist() == [None, None, 403]


def test_a_tenant_of_a_large_tenant_is_in_the_large_tenant_s_unit(tmp_path: Path) -> None:
    rows = [firm("A", 1, 0, "B"), firm("B", 2, 9, "C", scale="above"), firm("C", 400, 100)]
    assert units(tmp_path, rows) == {"A": "B", "B": "B", "C": None}


def test_a_chain_may_be_long(tmp_path: Path) -> None:
    rows = [firm(f"{n:04d}", 1, 1, f"{n + 1:04d}") for n in range(4_000)]
    rows[-1]["landlord"] = None
    for order in (rows, [{**row, "subject": f"{4_000 - n:04d}"} for n, row in enumerate(rows)]):
        for at, row in enumerate(order[:-1]):
            row["landlord"] = order[at + 1]["subject"]
        found = outcome(tmp_path, order, content(TENANTS)).results
        assert set(found.column("unit").to_pylist()) == {order[-1]["subject"]}
        assert found.column("tax__num").drop_null().to_pylist() == [4_000]


@pytest.mark.parametrize(
    ("owners", "expected", "named"),
    [
        ({"A": "B", "B": "A"}, {"A": None, "B": None}, "A、B"),
        ({"A": "B", "B": "C", "C": "B"}, {"A": "B", "B": "B", "C": None}, "B、C"),
        ({"A": "B", "B": "C", "C": "A"}, {"A": None, "B": None, "C": None}, "A、B、C"),
    ],
)
def test_subjects_that_own_each_other_stay_alone_and_are_named(
    tmp_path: Path, owners: dict[str, str], expected: dict[str, Any], named: str
) -> None:
    rows = [firm(subject, 100, 100, owner) for subject, owner in owners.items()]
    found = outcome(tmp_path, rows, content(TENANTS))
    assert {r["subject"]: r["unit"] for r in found.results.to_pylist()} == expected
    n = named.count("、") + 1
    assert f"承租并入：{n} 户（{named}）互相所属，分不出以谁为主，单独评价。" in found.notes


def test_who_owns_itself_or_names_nobody_is_alone_without_a_note(tmp_path: Path) -> None:
    found = outcome(tmp_path, [firm("A", 1, 1, "A"), firm("B", 1, 1, "")], content(TENANTS))
    assert found.results.column("unit").to_pylist() == [None, None]
    assert not [note for note in found.notes if "承租" in note]


def test_an_owner_that_is_not_in_the_table_leaves_its_tenants_alone(tmp_path: Path) -> None:
    rows = [firm(f"T{n}", 100, 100, "gone") for n in range(7)]
    found = outcome(tmp_path, rows, content(TENANTS))
    assert found.results.column("total").to_pylist() == [10 * 10**6] * 7
    assert "承租并入：7 户（T0、T1、T2、T3、T4 等）所属的主体不在数据中，单独评价。" in found.notes


@pytest.mark.parametrize("chain", [False, True])
def test_an_owner_that_is_exempt_leaves_its_tenants_alone(tmp_path: Path, chain: bool) -> None:
    """Where the last owner of a chain is exempt, the one before it heads the unit."""
    rows = [firm("O", 900, 100, site="W"), firm("T", 300, 100, "O")]
    rows += [firm("U", 200, 0, "T")] if chain else []
    found = outcome(tmp_path, rows, content(TENANTS))
    told = found.results.to_pylist()
    assert (told[0]["excluded"], told[0]["exemption"]) == ("utility", "exempt")
    assert [row["unit"] for row in told[1:]] == (["T", "T"] if chain else [None])
    assert told[1]["tax__num"] == (500 if chain else 300)
    assert "承租并入：1 户（T）所属的主体不参评，单独评价。" in found.notes


def test_a_tenant_that_is_left_out_by_itself_is_merged_all_the_same(tmp_path: Path) -> None:
    rows = [firm("O", 300, 100), firm("T", 500, 0, "O", site="W")]
    found = outcome(tmp_path, rows, content(TENANTS)).results.to_pylist()
    assert (found[0]["tax__num"], found[1]["excluded"]) == (800, "tenants")
    assert found[1]["exemption"] is None


def test_firms_of_a_group_on_a_site_are_one_under_the_one_with_most_land(tmp_path: Path) -> None:
    rows = [
        firm("A", 1, 50, firm="F", site="S"), firm("B", 2, 60, firm="F", site="S"),
        firm("C", 4, 60, firm="F", site="S"), firm("D", 8, 99, firm="F", site="Z"),
        firm("E", 8, 99, firm="F"), firm("G", 8, 99, site="S"),
        firm("H", 8, None, firm="F", site="S"),
    ]  # fmt: skip
    expected = {"A": "B", "B": "B", "C": "B", "D": None, "E": None, "G": None, "H": "B"}
    assert units(tmp_path, rows, SAME) == expected
    by_code = {key: rule for key, rule in SAME.items() if key != "head"}
    assert units(tmp_path, rows, by_code) == {**expected, "A": "A", "B": "A", "C": "A", "H": "A"}


def test_nobody_heads_a_group_of_which_nobody_is_in_scope(tmp_path: Path) -> None:
    rows = [firm(s, 1, 50, firm="F", site="W") for s in ("A", "B")]
    assert units(tmp_path, rows, SAME) == {"A": None, "B": None}


def test_the_first_rule_that_merges_counts_and_units_join_under_later_ones(tmp_path: Path) -> None:
    rows = [
        firm("T", 1, 0, "O", firm="G", site="S"), firm("O", 2, 40, firm="F", site="S"),
        firm("P", 4, 50, firm="F", site="S"), firm("Q", 4, 50, firm="G", site="S"),
    ]  # fmt: skip
    assert units(tmp_path, rows, TENANTS, SAME) == {"T": "P", "O": "P", "P": "P", "Q": None}
    back = [firm("H", 1, 90, "M", firm="F", site="S"), firm("M", 1, 10, firm="F", site="S")]
    assert units(tmp_path, back, SAME, TENANTS) == {"H": "H", "M": "H"}


@pytest.mark.parametrize(
    ("cells", "missing", "land"),
    [
        ((100, 50), "unknown", 150),
        ((100, None), "unknown", "missing"),
        ((100, None), "known_only", 100),
        ((100, None), {"default": "unknown", "land_m2": "known_only"}, 100),
        ((100, None), {"default": "known_only", "land_m2": "unknown"}, "missing"),
        ((100, "n/a"), "unknown", 100),
        ((None, None), "known_only", "missing"),
        (("n/a", None), "known_only", "missing"),
        (("n/a", "n/a"), "unknown", "not_applicable"),
        (("zero", "n/a"), "unknown", "zero_denominator"),
        (("zero", "zero"), "unknown", "zero_denominator"),
        ((100, -100), "unknown", "zero_denominator"),
        ((100, "zero"), "unknown", 100),
    ],
)
def test_a_fact_that_a_member_lacks_is_treated_as_the_scheme_says(
    tmp_path: Path, cells: tuple[Any, Any], missing: Any, land: Any
) -> None:
    rows = [firm("O", 300, cells[0]), firm("T", 500, cells[1], "O")]
    found = outcome(tmp_path, rows, content(TENANTS, missing=missing))
    row = found.results.to_pylist()[0]
    assert (row["tax__note"] if isinstance(land, str) else row["tax__den"]) == land


def test_a_fact_may_be_the_maximum_or_the_head_s_own(tmp_path: Path) -> None:
    """Two members with an accident are one veto, not a number that no rule knows."""
    rows = [firm("O", 300, 100, vetoed=1), firm("T", 500, 70, "O", vetoed=1)]
    made = content(TENANTS, facts={"vetoed": "max", "land_m2": "head"})
    row = outcome(tmp_path, rows, made).results.to_pylist()[0]
    assert (row["tax__den"], row["adjustments"], row["grade"]) == (100, "veto", "D")
    made = content(TENANTS, facts=dict.fromkeys(made["facts"], "head"))
    assert outcome(tmp_path, rows, made).results.to_pylist()[0]["tax__num"] == 300


def test_a_sum_beyond_64_bits_is_an_error_that_names_the_fact(tmp_path: Path) -> None:
    rows = [firm("O", 2**62, 1), firm("T", 2**62, 1, "O"), firm("U", 2**62, 1, "O")]
    with pytest.raises(EngineError, match="“tax_yuan”有 1 行（首个为 O）超出 64 位整数"):
        outcome(tmp_path, rows, content(TENANTS))


APART = {**SAME, "separately": True}


def test_members_may_be_evaluated_each_and_once_more_together(tmp_path: Path) -> None:
    rows = [
        firm("A", 900, 100, firm="F", site="S"), firm("B", 100, 100, firm="F", site="S"),
        firm("C", 600, 100), firm("T", 200, 0, "B"),
    ]  # fmt: skip
    found = outcome(tmp_path, rows, content(TENANTS, APART)).results.to_pylist()
    assert [row["total"] for row in found] == [90 * 10**6, 30 * 10**6, 60 * 10**6, None]
    assert [row["rank"] for row in found] == [1, 3, 2, None]
    assert [row["unit"] for row in found] == [None, "B", None, "B"]
    assert [row["joint"] for row in found] == ["A", "A", None, "A"]
    assert [row["joint_total"] for row in found] == [60 * 10**6, 60 * 10**6, None, 60 * 10**6]
    assert [row["joint_rank"] for row in found] == [1, 1, None, 1]
    assert [row["joint_members"] for row in found] == ["A,B,T", None, None, None]


@pytest.mark.parametrize("seed", range(8))
def test_units_are_those_of_the_oracle(tmp_path: Path, seed: int) -> None:
    made, chance = copy.deepcopy(CONTENT), random.Random(seed)
    made["attributes"] |= {"landlord": {}, "firm": {}, "site": {}}
    rules = [
        {**TENANTS, "unless": "lifted == 1"},
        {**SAME, "separately": seed % 3 == 0, "unless": "capped == 1"},
    ]
    made["evaluation_unit"] = {
        "missing": ["unknown", {"default": "known_only", "cod_kg": "unknown"}][seed % 2],
        "facts": {"vetoed": "max", "capped": "max", "lifted": "head"},
        "rules": rules if seed % 4 < 2 else rules[::-1],
    }
    rows = population(seed, 90, [3, 10**6, 10**11, 300, 10**4, 50, 10**15, 900][seed])
    for row in rows:
        others = [chance.choice(rows)["subject"] for _ in range(2)]
        row["landlord"] = chance.choice([None, None, "", "gone", *others])
        row["firm"], row["site"] = (chance.choice([None, "", *"abcdefgh"]) for _ in range(2))
    found = assert_as_the_oracle(scheme(tmp_path, made), made, rows)
    assert found.results.column("unit").null_count < len(rows)


def test_units_are_explained_written_kept_and_expected(tmp_path: Path) -> None:
    rows = [firm("O", 300, 100), firm("T", 500, "zero", "O", capped=1), firm("X", 900, 100)]
    found = outcome(tmp_path, rows, content(TENANTS))
    found.save(tmp_path / "kept")
    for one in (found, Outcome.load(tmp_path / "kept")):
        row, facts_row = one.row("O"), one.facts_row("O")
        assert row is not None
        assert facts_row is not None
        assert (facts_row["tax_yuan"], facts_row["land_m2"]) == (800, 100)
        shown = explain(one.scheme, row, facts_row)
        assert (shown.units[0].head, shown.units[0].members) == ("O", ("O", "T"))
        assert str(shown.items[0].numerator[0].value) == "8.00"
        tenant = explain(one.scheme, one.row("T") or {}, one.facts_row("T"))
        assert (tenant.excluded_text, tenant.units[0].grade) == (
            "承租并入（并入评价）",
            row["grade"],
        )
    assert explain(found.scheme, found.row("X") or {}).units == ()
    write_workbook(tmp_path / "r.xlsx", found.scheme, found.results, found.record())
    cases = (
        "scheme: scheme.yaml\ncases:\n- name: 承租\n  status: default\n"
        "  given:\n  - {subject: O, tax_yuan: 3, land_m2: 1}\n"
        "  - {subject: T, tax_yuan: 5, land_m2: 0, landlord: O}\n"
        '  expected:\n  - {subject: O, total: "80.0", unit_members: "O,T"}\n'
        '  - {subject: T, excluded: tenants, unit: O, unit_total: "80", unit_rank: 1}\n'
    )
    (tmp_path / "c.yaml").write_text(cases, encoding="utf-8")
    [verdict] = run_cases(load_cases(tmp_path / "c.yaml"))
    assert verdict.differences == ()


@pytest.mark.parametrize("seed", range(3))
def test_the_facts_shown_of_a_unit_are_those_it_was_measured_by(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    made = content(TENANTS, facts={"vetoed": "max", "lifted": "head"})
    made["facts"]["tax_yuan"]["missing"] = "zero"
    cells = [None, "zero", "n/a", 0, -5, 70, 900]
    rows = [
        {
            **firm(f"S{n}", chance.choice(cells), chance.choice(cells), f"S{n - n % 4}"),
            "vetoed": chance.choice([0, 1, None]),
        }
        for n in range(40)
    ]
    found = outcome(tmp_path, rows, made)
    seen = 0
    for row in found.results.to_pylist():
        shown = found.facts_row(row["subject"]) or {}
        if row["unit_members"]:
            seen += 1
            zero = shown["tax_yuan__state"] in (1, 2)
            assert row["tax__num"] == (0 if zero else shown["tax_yuan"])
            assert (row["adjustments"] == "veto") == (shown["vetoed"] == 1)
    assert seen > 3


def test_a_scheme_without_units_has_no_such_columns(tmp_path: Path) -> None:
    found = outcome(tmp_path, [{"subject": "S"}], one_item()).results
    assert not [name for name in found.column_names if name.startswith(("unit", "joint"))]


def test_versions_say_what_changed_in_a_rule_of_units(tmp_path: Path) -> None:
    made = []
    for at, more in enumerate([{}, {"separately": True}]):
        (tmp_path / str(at)).mkdir()
        made.append(scheme(tmp_path / str(at), content({**TENANTS, **more})))
    assert differences(*made) == ["评价单元规则“承租并入”的也分别评价 不写 → 是"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "tenant"}, "是否想写“tenants”？"),
        ({"owner": "landlords"}, "是否想写“landlord”？"),
        ({"owner": None}, "缺少“owner”"),
        ({"by": ["firm"]}, "不认识“by”；接受 id"),
        ({"kind": "together", "owner": None}, "缺少“by”"),
        ({"kind": "together", "owner": None, "by": []}, "至少要有一个属性；接受 scale"),
        ({"kind": "together", "owner": None, "by": ["firms"]}, "是否想写“firm”？"),
        ({"unless": "scale"}, "“scale”不是条件"),
        ({"separately": "yes"}, "“yes”不在可选项内；接受 true、false"),
        ({"id": "Big"}, "代码“Big”应由小写字母"),
        ({"id": "utility"}, "代码“utility”用了两次"),
        ({"id": None}, "缺少“id”"),
        ({"article": None}, "要写依据"),
    ],
)
def test_faults_of_rules_are_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    rule = {key: value for key, value in {**TENANTS, **change}.items() if value is not None}
    assert_refused(tmp_path, content(rule), sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"missing": "unkown"}, "是否想写“unknown”？"),
        ({"missing": {"land_m2": "unknown"}}, "缺少“default”"),
        ({"missing": {"default": "unknown", "land": "unknown"}}, "是否想写“land_m2”？"),
        ({"facts": {"land": "sum"}}, "没有名为“land”的数据项，是否想写“land_m2”？"),
        ({"facts": {"land_m2": "mean"}}, "“mean”不在可选项内；接受 sum、max、head"),
        ({"rules": []}, "至少要有一条规则"),
    ],
)
def test_faults_of_units_are_named(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    assert_refused(tmp_path, content(TENANTS, **change), sentence)


def test_what_becomes_of_a_fact_that_is_lacking_must_be_written(tmp_path: Path) -> None:
    made = content(TENANTS)
    del made["evaluation_unit"]["missing"]
    assert_refused(tmp_path, made, "缺少“missing”")
