"""`lifts`: the answer, written into the facts, gives the grade by the slow oracle; one quantum less
does not; "not by this one" comes with its reason."""

import copy
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.engine import oracle_units as units
from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import CONTENT, population
from wuhao.engine import lifts as module
from wuhao.engine.bounds import Range
from wuhao.engine.evaluate import evaluate
from wuhao.engine.findings import EngineError
from wuhao.engine.lifts import Change, Lifts, changed, least, lifts, part
from wuhao.engine.model import Kind, Scheme
from wuhao.engine.outcome import Outcome
from wuhao.engine.replay import Reach, Replay

VARIANTS = ("include_up", "strict", "rank_on", "average", "rules")
seeds = st.integers(0, 10**9)
largest = st.sampled_from([3, 300, 10**6, 10**11, 10**13])


def variant(name: str) -> dict[str, Any]:
    made = copy.deepcopy(CONTENT)
    if name == "rank_on":
        made["rank_on"] = {"digits": 1}
    elif name == "strict":
        made["grades"]["tie"] = name
    elif name == "average":
        made["item"]["absent"] = "group_average"
    elif name == "rules":
        small = {"id": "poor", "kind": "cap", "when": "tax_counted < 50000", "to": "C"}
        made["adjustments"].append({**small, "status": "default"})
        made["adjustments"][0]["uses_quota"] = True
        made["benchmark"] = {"kind": "mean_of_values", "status": "default"}
    return made


@pytest.fixture(scope="module")
def schemes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scheme]:
    return {n: scheme(tmp_path_factory.mktemp(n), variant(n)) for n in VARIANTS}


class Proof:
    """Asks the oracle what grade a subject gets when some of its facts are other ones."""

    def __init__(self, content: dict[str, Any], rows: list[dict[str, Any]], found: Lifts) -> None:
        self.content, self.rows, self.found = content, rows, found
        self.order = content["grades"]["order"]
        self.members = self.row({}).get("unit_members")

    def row(self, values: dict[str, int]) -> dict[str, Any]:
        """The subject's result with other facts."""
        subject = self.found.subject
        rows = [{**r, **values} if r["subject"] == subject else r for r in self.rows]
        oracle = Oracle(self.content, rows)
        found = units.run(oracle) if "evaluation_unit" in self.content else oracle.run()
        [row] = [r for r in found if r["subject"] == subject]
        return row

    def reaches(self, values: dict[str, int]) -> bool:
        row = self.row(values)
        same = row["part"] == self.found.group and row.get("unit_members") == self.members
        assert self.found.target is not None
        return (
            same
            and row["grade"] is not None
            and self.order.index(row["grade"]) <= self.order.index(self.found.target)
        )

    def holds(self) -> None:
        seen = {way.change for item in self.found.items for way in item.ways if way.change}
        for change in seen:
            step = 1 if change.after > change.before else -1
            assert self.reaches({change.fact: change.after}), change
            less = change.after - step
            assert less == change.before or not self.reaches({change.fact: less}), change
        joint = self.found.joint
        if joint is not None and joint.share is not None:
            assert self.reaches({c.fact: c.after for c in joint.changes})


@pytest.mark.property
@pytest.mark.slow
@settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=settings.default.max_examples // 2,
)
@given(name=st.sampled_from(VARIANTS), seed=seeds, n=st.integers(5, 40), most=largest)
def test_the_answer_gives_the_grade_and_one_quantum_less_does_not(
    schemes: dict[str, Scheme], name: str, seed: int, n: int, most: int
) -> None:
    made, rows = schemes[name], population(seed, n, most)
    outcome = evaluate(made, facts(made, rows), threads=1)
    for subject in random.Random(seed).sample([row["subject"] for row in rows], 2):
        found = lifts(outcome, subject)
        if found.target is not None:
            Proof(variant(name), rows, found).holds()


@pytest.mark.property
@pytest.mark.slow
@settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=settings.default.max_examples // 4,
)
@given(name=st.sampled_from(VARIANTS), seed=seeds, n=st.integers(5, 12))
def test_no_smaller_change_at_all_gives_the_grade(
    schemes: dict[str, Scheme], name: str, seed: int, n: int
) -> None:
    made, rows = schemes[name], population(seed, n, 300)
    outcome = evaluate(made, facts(made, rows), threads=1)
    found = lifts(outcome, random.Random(seed).choice(rows)["subject"])
    proof = Proof(variant(name), rows, found)
    for way in {way.fact: way for item in found.items for way in item.ways if way.change}.values():
        assert way.change is not None
        step = 1 if way.direction == "up" else -1
        for value in range(way.change.before + step, way.change.after, step)[:150]:
            assert not proof.reaches({way.fact: value})
    for way in {way.fact: way for item in found.items for way in item.ways}.values():
        if way.reason == "to_zero":
            now = next(row[way.fact] for row in rows if row["subject"] == found.subject)
            less = range(now)[:150] if isinstance(now, int) else ()  # nothing is below a zero
            assert not any(proof.reaches({way.fact: value}) for value in less)


# ---- by hand ---------------------------------------------------------------------------------

TOTALS = {"kind": "total_over_total"}


def run(folder: Path, rows: list[dict[str, Any]], **changes: Any) -> Outcome:
    made = scheme(folder, one_item(**changes))
    return evaluate(made, facts(made, rows), threads=1)


def indicator(**changes: Any) -> dict[str, Any]:
    return {"tax": {**one_item()["indicators"]["tax"], **changes}}


def ladder(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Ten subjects S0…S9 with 14…5 yuan on a square metre each: two A, five B, two C, one D."""
    return [
        {"subject": f"S{n}", "tax_yuan": 1400 - 100 * n, "land_m2": 100, **changes.get(f"S{n}", {})}
        for n in range(10)
    ]


def ways(found: Lifts) -> dict[str, tuple[int | None, str | None]]:
    return {
        way.fact: (way.change and way.change.after, way.reason)
        for item in found.items
        for way in item.ways
    }


def test_a_tie_at_the_border_is_enough_where_ties_go_up(tmp_path: Path) -> None:
    found = lifts(run(tmp_path, ladder()), "S2")
    # 13 yuan on a square metre like S1; or 12 yuan on 12 / 13 m2 = 0.923…, and 0.92 is the next.
    assert ways(found) == {"land_m2": (92, None), "tax_yuan": (1300, None)}
    assert (found.grade, found.target) == ("B", "A")
    assert found.sentence == "单独提升即可到 A 档的指标：tax。"
    assert found.items[0].sentence == (
        "tax：land_m2由 1.00 减少 0.08 m2 到 0.92 m2（该项达到 13.043478 元/㎡）；"
        "或tax_yuan由 12.00 提高 1.00 yuan 到 13.00 yuan（该项达到 13.000000 元/㎡），可到 A 档。"
    )


def test_a_strict_border_takes_the_tie_keys_and_the_subject_into_account(tmp_path: Path) -> None:
    grades = {**one_item()["grades"], "tie": "strict"}
    content: dict[str, Any] = {
        "grades": grades,
        "tie_break": ["total", "tax", "tax_yuan", "subject"],
    }
    # S2 ties with S1 in all keys; the subject decides for S1. One cent more is needed.
    assert ways(lifts(run(tmp_path, ladder(), **content), "S2"))["tax_yuan"] == (1301, None)
    last = [row for row in ladder(S1={"subject": "S9z"})]
    assert ways(lifts(run(tmp_path, last, **content), "S2"))["tax_yuan"] == (1300, None)
    unknown = {"S1": {"land_m2": 200, "tax_yuan": 2600}}
    outcome = run(tmp_path, ladder(**unknown), **content)
    assert ways(lifts(outcome, "S2"))["tax_yuan"] == (1301, None)


def test_the_benchmark_moves_with_the_own_change(tmp_path: Path) -> None:
    outcome = run(tmp_path, ladder(), indicators=indicator(benchmark=TOTALS))
    found = lifts(outcome, "S9")
    [way] = [way for way in found.items[0].ways if way.fact == "tax_yuan"]
    assert way.change == Change("tax_yuan", "tax_yuan", "yuan", 2, 500, 600)
    for after, grade in ((600, "C"), (599, "D")):
        row = evaluate(
            outcome.scheme, changed(outcome.facts, "S9", {"tax_yuan": after}), threads=1
        ).row("S9")
        assert row is not None
        assert row["grade"] == grade


def test_thresholds_are_reached_to_the_cent(tmp_path: Path) -> None:
    grades = {"kind": "thresholds", "order": ["high", "medium", "low"],
              "at_least": {"high": "150", "medium": "50.05"}, "status": "default"}  # fmt: skip
    rows = [{"subject": "甲", "tax_yuan": 100, "land_m2": 100}]
    found = lifts(run(tmp_path, rows, grades=grades, adjustments=[]), "甲")
    assert ways(found) == {"land_m2": (19, None), "tax_yuan": (501, None)}
    rows[0]["tax_yuan"] = 1000
    found = lifts(run(tmp_path, rows, grades=grades, adjustments=[]), "甲")
    assert ways(found) == {"land_m2": (66, None), "tax_yuan": (1500, None)}
    assert found.joint is not None
    assert (found.joint.share, found.joint.changes[0].after) == (998_001, 1500)
    assert found.joint.sentence.startswith(
        "各项同时补上离满分差距的 99.8001%，可到 high 档：tax_yuan"
    )


def test_the_joint_change_closes_every_shortfall_by_the_same_share(tmp_path: Path) -> None:
    content = one_item()
    second = {**content["indicators"]["tax"], "numerator": "rd_yuan", "label": "研发"}
    content["facts"]["rd_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    content["indicators"]["rd"] = second
    content["groups"]["all"]["weights"] = {"tax": 50, "rd": 50}
    rows = [{**row, "rd_yuan": 500} for row in ladder(S9={"tax_yuan": 700})]
    made = scheme(tmp_path, content)
    outcome = evaluate(made, facts(made, rows), threads=1)
    joint = lifts(outcome, "S9").joint
    assert joint is not None
    # Lacking 8 and 10 yuan; S6 with 8 + 5 is the last of B: 1 yuan in 18 together.
    assert joint.share == 55_001
    after = {change.fact: change.after for change in joint.changes}
    assert after == {"tax_yuan": 700 + part(800, joint.share), "rd_yuan": 500 + part(1000, 55_001)}
    Proof(content, rows, lifts(outcome, "S9")).holds()


@pytest.mark.parametrize(
    ("changes", "subject", "reason", "sentence"),
    [
        pytest.param({}, "S0", "best", "已是最高档 A。", id="the best grade"),
        pytest.param({"S3": {"land_m2": 0}}, "S3", "ungraded",
                     "没有定档：tax：分母为零，不定等级，须先补齐数据。", id="no grade"),
        pytest.param({"S3": {"vetoed": 1}}, "S3", "rule",
                     "各项都不能使它升到 C 档：有一票否决或最高档次的规则在先。", id="a veto"),
        pytest.param({"S0": {"capped": 1}}, "S0", "rule",
                     "各项都不能使它升到 B 档：有一票否决或最高档次的规则在先。", id="a cap"),
    ],
)  # fmt: skip
def test_where_nothing_can_be_reached_the_reason_is_told(
    tmp_path: Path, changes: dict[str, Any], subject: str, reason: str, sentence: str
) -> None:
    found = lifts(run(tmp_path, ladder(**changes)), subject)
    assert (found.reason, found.sentence) == (reason, sentence)
    assert all(not item.reached() and item.reason == reason for item in found.items)
    assert found.joint is None or (found.joint.share, found.joint.reason) == (None, reason)


def test_a_subject_out_of_scope_has_nothing_to_reach(tmp_path: Path) -> None:
    rule = {"id": "big", "label": "大户", "when": "land_m2 > 5", "status": "default"}
    outcome = run(tmp_path, ladder(S3={"land_m2": 600}), scope={"exclude": [rule]})
    assert lifts(outcome, "S3").sentence == "不参评：大户。"
    found = lifts(run(tmp_path, ladder(S3={"land_m2": 400}), scope={"exclude": [rule]}), "S3")
    assert ways(found)["land_m2"][0] is not None


def test_a_grade_without_places_cannot_be_reached(tmp_path: Path) -> None:
    found = lifts(run(tmp_path, ladder()[:3]), "S0")
    assert (found.grade, found.target, found.reason) == ("B", "A", "no_quota")
    assert found.items[0].ways[0].reason == "no_quota"


def two_items(tmp_path: Path, rows: list[dict[str, Any]], **second: Any) -> Outcome:
    """One item of weight 1, a second of weight 99."""
    content = one_item()
    content["facts"] |= {
        "rd_yuan": {"unit": "yuan", "quantum": "0.01"},
        "staff_person": {"unit": "person", "quantum": "1"},
    }
    item = {**indicator()["tax"], "numerator": "rd_yuan", "denominator": "staff_person"}
    content["indicators"]["rd"] = {**item, "unit": "元/人", "absent": "zero", **second}
    content["groups"]["all"]["weights"] = {"tax": 1, "rd": 99}
    made = scheme(tmp_path, content)
    return evaluate(made, facts(made, rows), threads=1)


def test_an_item_that_is_too_light_capped_or_not_measured_says_so(tmp_path: Path) -> None:
    rows = [{**row, "rd_yuan": 1400 - 100 * n, "staff_person": 1} for n, row in enumerate(ladder())]
    found = lifts(two_items(tmp_path, rows), "S2")
    light, heavy = found.items
    assert light.reason == "capped"
    assert light.sentence == "tax：单靠此项到不了 A 档（得到满分（封顶）也达不到）。"
    assert [way.fact for way in heavy.ways] == ["rd_yuan"]  # nobody is told to have fewer staff
    rows[2]["rd_yuan"] = None
    lost = lifts(two_items(tmp_path, rows), "S2").items[1]
    assert (lost.reason, lost.ways) == ("not_measured", ())
    assert lost.sentence == "rd：单靠此项到不了 C 档（数据未报，记零分，须先补齐数据）。"
    for row in rows:
        row["rd_yuan"] = -500
    dark = lifts(two_items(tmp_path, rows, benchmark=TOTALS), "S2").items[1]
    assert dark.reason is None  # what it earns makes a benchmark for all


def test_the_search_is_given_up_as_undecided_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run(tmp_path, ladder())
    monkeypatch.setattr(module, "BUDGET", 3)
    found = lifts(outcome, "S2")
    assert found.items[0].reason == "undecided"
    assert found.joint is not None
    assert found.joint.reason == "undecided"
    assert found.sentence == "单靠任何一项到不了 A 档，各项一起补齐也到不了。"


def test_a_denominator_is_not_lowered_where_the_figure_is_negative(tmp_path: Path) -> None:
    found = lifts(run(tmp_path, ladder(S9={"tax_yuan": -100})), "S9")
    assert list(ways(found)) == ["tax_yuan"]
    zero = lifts(run(tmp_path, ladder(S9={"tax_yuan": 0})), "S9")
    assert list(ways(zero)) == ["tax_yuan"]


def test_land_alone_and_all_shortfalls_may_be_too_little(tmp_path: Path) -> None:
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": "150.01"}}
    rows = [{"subject": "甲", "tax_yuan": 1, "land_m2": 100}]
    shown = {"grades": {**grades, "status": "default"}, "adjustments": []}
    found = lifts(run(tmp_path, rows, **shown), "甲")
    assert ways(found) == {"land_m2": (None, "to_zero"), "tax_yuan": (None, "capped")}
    assert found.joint is not None
    assert found.joint.sentence == "各项一起提升到不了 high 档（即使各项差距全部补齐也达不到）。"
    rows[0]["tax_yuan"] = 2000
    full = lifts(run(tmp_path, rows, **shown), "甲")
    assert ways(full) == {"land_m2": (None, "capped"), "tax_yuan": (None, "capped")}
    assert full.joint is not None
    assert full.joint.reason == "no_shortfall"


def test_a_benchmark_that_runs_ahead_of_the_subject_is_beyond_reach(tmp_path: Path) -> None:
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": "120"}}
    shown = {"grades": {**grades, "status": "default"}, "adjustments": []}
    rows = [{"subject": "甲", "tax_yuan": 100, "land_m2": 1000},
            {"subject": "乙", "tax_yuan": 100, "land_m2": 100}]  # fmt: skip
    # With x yuan, 甲 has x / 10 against (x + 1) / 11: never 1.2 times, however large x is.
    found = lifts(run(tmp_path, rows, indicators=indicator(benchmark=TOTALS), **shown), "甲")
    assert ways(found)["tax_yuan"] == (None, "beyond")
    assert ways(found)["land_m2"][0] is not None
    [way] = [way for way in found.items[0].ways if way.reason == "beyond"]
    assert way.sentence == "提高tax_yuan达不到（即使提高到全体最大值的一千倍也达不到）"


def test_figures_beyond_64_bits_are_no_way(tmp_path: Path) -> None:
    digits = {"value": 12, "benchmark": 6, "ratio": 8, "score": 6}
    rows = [{"subject": "甲", "tax_yuan": 1, "land_m2": 10**5},
            {"subject": "乙", "tax_yuan": 10**10, "land_m2": 10**9}]  # fmt: skip
    fixed = indicator(benchmark={"kind": "fixed", "value": "10000000"})
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": "100"}}
    shown = {"grades": {**grades, "status": "default"}, "adjustments": [], "digits": digits}
    found = lifts(run(tmp_path, rows, indicators=fixed, **shown), "甲")
    assert ways(found)["tax_yuan"] == (None, "beyond")


def test_without_a_benchmark_an_item_lifts_nobody(tmp_path: Path) -> None:
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": "1"}}
    shown = {"grades": {**grades, "status": "default"}, "adjustments": []}
    # The sum stays below zero whatever 甲 earns within the horizon of a thousand times the largest.
    losing = ({"subject": f"S{n}", "tax_yuan": -100, "land_m2": 100} for n in range(1100))
    rows = [{"subject": "甲", "tax_yuan": 1, "land_m2": 100}, *losing]
    found = lifts(run(tmp_path, rows, indicators=indicator(benchmark=TOTALS), **shown), "甲")
    assert found.items[0].reason == "no_benchmark"
    assert (
        found.items[0].sentence
        == "tax：单靠此项到不了 high 档（没有大于零的基准值可比，该项人人得零分）。"
    )


def test_products_and_powers_of_facts_have_their_slope(tmp_path: Path) -> None:
    item = {"numerator": "tax_yuan * lifted * lifted", "unit": "元/㎡"}
    rows = [{**row, "lifted": 1} for row in ladder()]
    outcome = run(tmp_path, rows, indicators=indicator(**item), adjustments=[])
    assert ways(lifts(outcome, "S2")) == {
        "land_m2": (92, None), "lifted": (2, None), "tax_yuan": (1300, None),
    }  # fmt: skip


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_levels_and_goalposts_are_lifted_as_evaluate_says(tmp_path: Path, aggregate: str) -> None:
    content = one_item(adjustments=[], tie_break=["total", "subject"])
    goal = {"score": {"kind": "goalposts", "low": "1", "high": "20"}, "absent": "group_average"}
    tax = {**content["indicators"]["tax"], **goal}
    del tax["benchmark"]
    logs = {**tax, "score": {**goal["score"], "transform": "ln"}}
    content["indicators"] = {"tax": tax, "logs": logs, "per": content["indicators"]["tax"]}
    content["indicators"]["per"] |= {"benchmark": TOTALS, "absent": "zero"}
    level = {"weight": "2", "aggregate": aggregate, "weights": {"tax": "1", "logs": "1.5"}}
    weights = {"level": level, "per": "1"}
    content["groups"]["all"] = {"aggregate": aggregate, "weights": weights, "status": "default"}
    made = scheme(tmp_path, content)
    rows = [*ladder(), {"subject": "S_none", "tax_yuan": 5, "land_m2": 0}]
    outcome = evaluate(made, facts(made, rows), threads=1)
    for subject in ("S2", "S9"):
        found = lifts(outcome, subject)
        change = found.items[0].ways[-1].change
        assert change is not None
        grades = []
        for after in (change.after, change.after - 1):
            moved = changed(outcome.facts, subject, {change.fact: after})
            row = evaluate(made, moved, threads=1).row(subject)
            grades.append(row and row["grade"])
        assert grades == [found.target, found.grade]


def test_unknown_subjects_schemes_and_methods_are_refused(tmp_path: Path) -> None:
    outcome = run(tmp_path, ladder())
    with pytest.raises(EngineError, match="没有主体“丁”"):
        lifts(outcome, "丁")
    with pytest.raises(EngineError, match="没有定档规则"):
        lifts(replace(outcome, scheme=replace(outcome.scheme, grades=None)), "S2")
    item = replace(outcome.scheme.indicators["tax"], benchmark=Kind("odd"))
    strange = replace(outcome.scheme, indicators={"tax": item})
    with pytest.raises(EngineError, match="不会复算的方法：基准 odd"):
        lifts(replace(outcome, scheme=strange), "S2")
    at = outcome.results.column_names.index("grade")
    forged = outcome.results.set_column(at, "grade", [["D"] * 10])
    with pytest.raises(EngineError, match="复算的档次与评价结果不符"):
        lifts(replace(outcome, results=forged), "S2")


def test_the_least_step_is_found_where_the_answer_flickers() -> None:
    good = {7, 9, 10, 14}

    def reach(low: int, high: int) -> Reach:
        inside = [step for step in range(low, high + 1) if step in good]
        return Reach(1 if inside else 2, low == high)

    assert least(100, 1, reach) == 7
    assert least(6, 1, reach) is None
    assert least(0, 1, reach) is None
    assert least(100, 1, lambda a, b: Reach(1, True)) == 1
    assert least(100, 1, lambda a, b: Reach(0, True)) is None


def test_an_answer_among_ten_thousand_takes_few_replays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = random.Random(4)
    rows = [
        {"subject": f"S{n:05d}", "tax_yuan": made.randint(1, 10**9), "land_m2": 1 + n * 97 % 10**6}
        for n in range(10_000)
    ]
    outcome = run(tmp_path, rows, indicators=indicator(benchmark=TOTALS))
    subject = next(r["subject"] for r in outcome.results.to_pylist() if r["grade"] == "C")
    asked = 0
    plain = Replay.reach

    def counting(self: Replay, box: dict[str, Range]) -> Reach:
        nonlocal asked
        asked += 1
        return plain(self, box)

    monkeypatch.setattr(Replay, "reach", counting)
    found = lifts(outcome, subject)
    assert found.items[0].reached()
    assert asked < 400


def test_where_one_item_is_too_little_all_together_may_be_enough(tmp_path: Path) -> None:
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": "140"}}
    content = one_item(grades={**grades, "status": "default"}, adjustments=[])
    content["facts"]["rd_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    content["indicators"]["rd"] = {**content["indicators"]["tax"], "numerator": "rd_yuan"}
    content["groups"]["all"]["weights"] = {"tax": 50, "rd": 50}
    made = scheme(tmp_path, content)
    row = {"subject": "甲", "tax_yuan": 1000, "rd_yuan": 1000, "land_m2": 100}
    found = lifts(evaluate(made, facts(made, [row]), threads=1), "甲")
    # Less land serves both items at once; money alone stops at 125 points.
    assert ways(found)["tax_yuan"] == ways(found)["rd_yuan"] == (None, "capped")
    assert ways(found)["land_m2"] == (71, None)
    assert found.joint is not None
    assert [change.after for change in found.joint.changes] == [1400, 1400]
    content["indicators"]["rd"]["denominator"] = "vetoed + 100"
    content["indicators"]["rd"]["unit"] = "元"
    made = scheme(tmp_path, content)
    row |= {"rd_yuan": 100_000, "vetoed": 0}
    found = lifts(evaluate(made, facts(made, [row]), threads=1), "甲")
    assert found.sentence == "单靠任何一项都到不了 high 档，须各项一起提升。"
