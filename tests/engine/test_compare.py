"""`compare`: the parts add up exactly and are those of the slow oracle with things held; whoever
cannot be compared is named."""

import copy
import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import Oracle, half_up
from tests.engine.population import CONTENT, population
from wuhao.engine import compare_table
from wuhao.engine.compare import compare
from wuhao.engine.compare_table import write_comparison
from wuhao.engine.compare_words import KINDS
from wuhao.engine.evaluate import evaluate
from wuhao.engine.findings import EngineError
from wuhao.engine.model import Kind, Scheme
from wuhao.engine.outcome import Outcome

Rows = list[dict[str, Any]]
Numbers = dict[tuple[str, str], int | None]
ORDER = ["A", "B", "C", "D"]


class Held(Oracle):
    """The oracle with the benchmarks and the average scores of another run."""

    def __init__(
        self, content: Mapping[str, Any], rows: Rows, benchmarks: Numbers, averages: Numbers
    ) -> None:
        super().__init__(content, rows)
        self.benchmarks, self.averages = benchmarks, averages

    def benchmark(self, code: str, group: str, rows: Rows) -> int | None:
        return self.benchmarks[code, group]

    def score(self, code: str, group: str, rows: Rows) -> None:
        super().score(code, group, rows)
        absent = self.item_rule(code, "absent")
        if code not in self.content["groups"][group]["weights"]:
            return
        for row in (row for row in rows if row["part"] == group):
            lack = row[f"{code}__note"]
            averaged = lack == "no_average" or absent.get(lack) == "group_average"
            if row[f"{code}__value"] is None and averaged:
                row[f"{code}__score"] = self.averages[code, group] or 0


def numbers(content: Mapping[str, Any], rows: Rows) -> tuple[Numbers, Numbers]:
    """Benchmarks and average scores of every item and group, by the oracle."""
    oracle = Oracle(content, rows)
    found = oracle.run()
    benchmarks: Numbers = {}
    averages: Numbers = {}
    for group, rule in content["groups"].items():
        members = [row for row in found if row["part"] == group]
        for code in rule["weights"]:
            bench = benchmarks[code, group] = oracle.benchmark(code, group, members)
            scores = [row[f"{code}__score"] for row in members if row[f"{code}__value"] is not None]
            earned = bool(scores) and bench is not None
            averages[code, group] = half_up(Fraction(sum(scores), len(scores))) if earned else None
    return benchmarks, averages


def variant(name: str) -> dict[str, Any]:
    made = copy.deepcopy(CONTENT)
    if name == "strict":
        made["grades"]["tie"] = "strict"
    elif name == "average":
        made["item"]["absent"] = "group_average"
        made["rank_on"] = {"digits": 1}
    return made


def reformed(content: Mapping[str, Any]) -> dict[str, Any]:
    """A later scheme: other weights, a lower cap, other shares, one more digit, a new rule."""
    made = copy.deepcopy(dict(content))
    made["groups"]["above"]["weights"] = {"tax_per_mu": 40, "tax_per_ton": 60}
    made["item"]["score"]["cap"] = "1.2"
    made["grades"]["share"] = {"A": 15, "B": 55, "C": 20, "D": 10}
    made["digits"]["score"] = 6
    made["indicators"]["tax"]["benchmark"]["value"] = "20"
    return made


def later(rows: Rows, seed: int, most: int) -> Rows:
    """The same subjects a year on: some facts moved, some subjects gone, some new."""
    made = random.Random(seed)
    kept = [dict(row) for row in rows if made.random() > 0.1]
    for row in kept:
        for code in ("tax_yuan", "land_m2", "so2_kg"):
            if made.random() < 0.4:
                row[code] = made.choice([made.randint(1, most), made.randint(1, most), None])
        if made.random() < 0.1:
            row["vetoed"] = 1
    return [
        *kept,
        *({**row, "subject": f"{row['subject']}新"} for row in population(seed, 3, most)),
    ]


@pytest.fixture(scope="module")
def schemes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Scheme, Scheme]]:
    made = {}
    for name in ("include_up", "strict", "average"):
        contents = (variant(name), reformed(variant(name)))
        folders = [tmp_path_factory.mktemp(name) for _ in contents]
        old, new = (scheme(f, c) for f, c in zip(folders, contents, strict=True))
        made[name] = old, new
    return made


@pytest.mark.property
@pytest.mark.slow
@settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    max_examples=settings.default.max_examples // 5,  # three evaluations and six oracles each
)
@given(
    name=st.sampled_from(["include_up", "strict", "average"]),
    seed=st.integers(0, 10**9),
    n=st.integers(5, 25),
    most=st.sampled_from([3, 300, 10**6, 10**11]),
)
def test_the_parts_are_those_of_the_oracle_and_add_up(
    schemes: dict[str, tuple[Scheme, Scheme]], name: str, seed: int, n: int, most: int
) -> None:
    content, (old, new) = variant(name), schemes[name]
    rows = population(seed, n, most)
    changed = later(rows, seed, most)
    outcomes = [evaluate(s, facts(s, r), threads=1) for s, r in ((old, rows), (new, changed))]
    found = compare(*outcomes)
    benchmarks, averages = numbers(content, rows)
    moved, _ = numbers(content, changed)
    by_subject = {row["subject"]: row for row in changed}
    middle = {row["subject"]: row for row in Oracle(content, changed).run()}
    shifted = {r["subject"]: r for r in Held(content, changed, moved, averages).run()}
    split = [move for move in found.moves() if move.kind == "split"]
    assert all(move.own is None for move in found.moves() if move.kind != "split")
    for move in random.Random(seed).sample(split, min(3, len(split))):
        assert move.total_before is not None
        assert move.total_after is not None
        own = [by_subject[r["subject"]] if r["subject"] == move.subject else r for r in rows]
        [alone] = [
            r
            for r in Held(content, own, benchmarks, averages).run()
            if r["subject"] == move.subject
        ]
        assert move.own == 10 * alone["total"] - move.total_before
        assert move.benchmark == 10 * (shifted[move.subject]["total"] - alone["total"])
        assert move.peers == 10 * (middle[move.subject]["total"] - shifted[move.subject]["total"])
        parts = (move.own, move.benchmark, move.peers, move.rule)
        assert sum(part or 0 for part in parts) == move.total_change
        assert move.grade_before is not None
        assert move.grade_own == ORDER.index(move.grade_before) - ORDER.index(alone["grade"])
        steps = (move.grade_own, move.grade_peers, move.grade_rule)
        assert sum(step or 0 for step in steps) == move.grade_change


# ---- by hand ---------------------------------------------------------------------------------

TOTALS = {"kind": "total_over_total"}


def run(folder: Path, rows: Rows, **changes: Any) -> Outcome:
    folder.mkdir(exist_ok=True)
    made = scheme(folder, one_item(**changes))
    return evaluate(made, facts(made, rows), threads=1)


def indicator(**changes: Any) -> dict[str, Any]:
    return {"tax": {**one_item()["indicators"]["tax"], **changes}}


def ladder(**changes: int) -> Rows:
    """Ten subjects S0…S9 with 14…5 yuan on a square metre each; some get another tax."""
    tax = {f"S{n}": 1400 - 100 * n for n in range(10)} | changes
    return [{"subject": s, "tax_yuan": t, "land_m2": 100} for s, t in tax.items()]


def test_own_gain_benchmark_and_rule_are_told_apart(tmp_path: Path) -> None:
    # Benchmark before: 95 / 10 = 9.5; after S5 doubles: 104 / 10 = 10.4; cap 1.5.
    shared = {"indicators": indicator(benchmark=TOTALS)}
    before = run(tmp_path / "a", ladder(), **shared)
    after = run(tmp_path / "b", ladder(S5=1800), indicators=indicator(
        benchmark=TOTALS, score={"kind": "ratio", "cap": "1.2"}))  # fmt: skip
    found = compare(before, after)
    move = found.move("S5")
    assert (move.total_before, move.total_after) == (94_736_842, 120_000_000)
    assert (move.own, move.benchmark, move.peers) == (55_263_158, 0, 0)
    assert move.rule == -30_000_000
    other = found.move("S9")
    assert (other.own, other.benchmark, other.rule) == (0, 48_076_923 - 52_631_579, 0)
    assert (move.grade_before, move.grade_after) == ("B", "A")
    assert (move.grade_own, move.grade_peers, move.grade_rule) == (1, 0, 0)
    assert "升档的原因：自身变化使它升 1 档" in move.sentence
    assert "自身 +55.263158，基准 0.000000，同组 0.000000，规则 -30.000000" in move.sentence
    down = found.move("S1")
    assert (down.grade_own, down.grade_peers, down.grade_rule) == (0, -1, 1)
    assert found.move("S0").sentence.startswith("S0：A 档不变；总分 ")


def test_whoever_cannot_be_compared_is_named(tmp_path: Path) -> None:
    rules = {
        "attributes": {"sector": {}},
        "scope": {"exclude": [{"id": "out", "when": 'sector == "D"', "status": "default"}]},
        "groups": {
            "left": {"when": 'sector == "L"', "weights": {"tax": 100}, "status": "default"},
            "right": {"weights": {"tax": 100}, "status": "default"},
        },
    }
    sides: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]] = {
        "appeared": (None, {}), "vanished": ({}, None), "group_changed": ({}, {"sector": "L"}),
        "included": ({"sector": "D"}, {}), "excluded": ({}, {"sector": "D"}),
        "out_of_scope": ({"sector": "D"}, {"sector": "D"}), "total_gained": ({"land_m2": 0}, {}),
        "total_lost": ({}, {"land_m2": None}), "no_total": ({"land_m2": 0}, {"land_m2": 0}),
        "split": ({}, {"tax_yuan": 900}),
    }  # fmt: skip
    outcomes = []
    for at in (0, 1):
        rows = [
            {"subject": kind, "tax_yuan": 800, "land_m2": 100, "sector": "R", **changes}
            for kind, pair in sides.items()
            if (changes := pair[at]) is not None
        ]
        outcomes.append(run(tmp_path / str(at), rows, **rules))
    found = compare(*outcomes)
    for kind in sides:
        move = found.move(kind)
        assert move.kind == kind
        assert (move.own is None) == (kind != "split")
        assert (KINDS[kind] in move.sentence) == (kind != "split")
    kinds = {kind: n for kind, n in found.counts().items() if kind in KINDS}
    assert kinds == dict.fromkeys(sides, 1)
    assert found.move("appeared").sentence.startswith("appeared：后一次新出现；等级 ")
    assert found.move("vanished").sentence.startswith("vanished：后一次没有了；原为 ")
    assert "总分 80.000000 → 80.000000（0.000000）" in found.move("group_changed").sentence
    with pytest.raises(EngineError, match="两次结果里都没有主体“nobody”"):
        found.move("nobody")


def test_a_subject_whom_only_the_new_rules_score_is_not_split(tmp_path: Path) -> None:
    rows = [*ladder(), {"subject": "S_new", "tax_yuan": 900, "land_m2": 100}]
    before = run(tmp_path / "a", rows)
    rows[-1] = {"subject": "S_new", "tax_yuan": 900, "land_m2": 0}
    after = run(tmp_path / "b", rows, indicators=indicator(absent="zero"))
    move = compare(before, after).move("S_new")
    assert (move.kind, move.total_change, move.own) == ("not_split", -90_000_000, None)


def test_a_fact_that_the_new_rules_dropped_is_taken_from_before(tmp_path: Path) -> None:
    before = run(tmp_path / "a", ladder())
    plain = {"numerator": "tax_yuan", "unit": "元", "benchmark": {"kind": "fixed", "value": "10"}}
    content = one_item(indicators={"tax": {**indicator()["tax"], **plain}})
    del content["facts"]["land_m2"]
    del content["indicators"]["tax"]["denominator"]
    after = run(tmp_path / "b", ladder(S3=1200), **content)
    move = compare(before, after).move("S3")
    assert (move.own, move.rule, move.total_change) == (10_000_000, 0, 10_000_000)


@pytest.mark.parametrize(
    ("quantum", "scale", "own"),
    [("0.1", 10, 10_000_000), ("0.001", 1000, 10_000_000), ("0.001", 999, None)],
)
def test_facts_in_another_quantum_are_carried_where_that_is_exact(
    tmp_path: Path, quantum: str, scale: int, own: int | None
) -> None:
    content = one_item()
    content["facts"]["tax_yuan"] = {"unit": "yuan", "quantum": quantum}
    before, after = run(tmp_path / "a", ladder()), [*ladder(S3=1200), {"subject": "silent"}]
    for row in after:
        if row.get("tax_yuan"):
            row["tax_yuan"] = row["tax_yuan"] * scale // 100
    found = compare(before, run(tmp_path / "b", after, **content))
    assert found.move("S3").own == own
    assert ["“tax_yuan”的数值不能用前一方案的最小单位写出" in note for note in found.notes] == (
        [] if own else [True]
    )


def test_schemes_with_other_grades_or_none_have_no_steps(tmp_path: Path) -> None:
    rows = ladder()
    thresholds = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": "100"}}
    line = {"grades": {**thresholds, "status": "default"}, "adjustments": []}
    shares, lines = run(tmp_path / "a", rows), run(tmp_path / "b", rows, **line)
    content = one_item(adjustments=[])
    del content["grades"]
    (tmp_path / "c").mkdir()
    made = scheme(tmp_path / "c", content)
    none = evaluate(made, facts(made, rows), threads=1)
    for pair in (shares, lines), (none, lines), (lines, none), (none, none):
        move = compare(*pair).move("S0")
        assert (move.own, move.grade_change, move.grade_own) == (0, None, None)
    up = run(tmp_path / "d", ladder(S5=1300), **line)
    move = compare(lines, up).move("S5")
    assert (move.grade_change, move.grade_own) == (1, 1)
    assert compare(up, lines).move("S5").sentence.endswith("降档的原因：自身变化使它降 1 档。")


def test_average_scores_of_the_others_are_the_part_of_peers(tmp_path: Path) -> None:
    items = {"indicators": indicator(absent="group_average")}
    silent = {"subject": "silent", "land_m2": 100}
    before = run(tmp_path / "a", [*ladder(), silent], **items)
    after = run(tmp_path / "b", [*ladder(S9=1500), silent], **items)
    move = compare(before, after).move("silent")
    assert (move.own, move.benchmark, move.peers, move.rule) == (0, 0, 10_000_000, 0)


def test_goalposts_and_groups_without_a_benchmark_are_compared(tmp_path: Path) -> None:
    goal = {"kind": "goalposts", "low": "0", "high": "20"}
    item = {**indicator()["tax"], "score": goal, "absent": "group_average"}
    del item["benchmark"]
    before = run(tmp_path / "a", ladder(), indicators={"tax": item})
    after = run(tmp_path / "b", ladder(S0=1600), indicators={"tax": item})
    assert compare(before, after).move("S0").own == 10_000_000
    shared = {"indicators": indicator(benchmark=TOTALS)}
    losses = run(tmp_path / "c", ladder(**{f"S{n}": -100 for n in range(10)}), **shared)
    gains = run(tmp_path / "d", ladder(), **shared)
    move = compare(losses, gains).move("S0")
    assert (move.own, move.benchmark) == (0, 147_368_421)


def test_methods_that_cannot_be_computed_again_are_refused(tmp_path: Path) -> None:
    outcome = run(tmp_path / "a", ladder())
    item = replace(outcome.scheme.indicators["tax"], score=Kind("odd"))
    strange = replace(outcome, scheme=replace(outcome.scheme, indicators={"tax": item}))
    with pytest.raises(EngineError, match="不会复算的方法：计分 odd"):
        compare(strange, outcome)


def test_a_result_that_does_not_follow_from_its_facts_is_refused(tmp_path: Path) -> None:
    outcome = run(tmp_path / "a", ladder())
    at = outcome.results.column_names.index("total")
    totals = [n + 1 for n in outcome.results.column("total").to_pylist()]
    forged = replace(outcome, results=outcome.results.set_column(at, "total", [totals]))
    with pytest.raises(EngineError, match="复算的总分与评价结果不符"):
        compare(outcome, forged)


def test_a_table_longer_than_a_sheet_is_refused_and_none_is_an_empty_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = compare(run(tmp_path / "a", ladder()), run(tmp_path / "b", ladder()[1:]))
    write_comparison(tmp_path / "moved.csv", found)
    [gone] = [
        line
        for line in (tmp_path / "moved.csv").read_text(encoding="utf-8-sig").splitlines()
        if line.startswith("S0,")
    ]
    assert gone == "S0,后一次没有了,all,,A,,1,,140.000000,,,,,,,,,,,,S0：后一次没有了；原为 A。"
    monkeypatch.setattr(compare_table, "ROW_LIMIT", 3)
    with pytest.raises(EngineError, match="共 10 行，超过一张工作表的 3 行"):
        write_comparison(tmp_path / "moved.xlsx", found)
