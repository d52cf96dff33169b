"""Groups with grades of their own: every group by its own shares or lines, the letters alike."""

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import CONTENT, population, scales
from wuhao.engine.digest import table_digest
from wuhao.engine.evaluate import evaluate
from wuhao.engine.findings import SchemeError
from wuhao.engine.lifts import changed, lifts
from wuhao.engine.outcome import Outcome
from wuhao.engine.versions import differences

LOW = {
    "kind": "shares",
    "share": {"A": 5, "B": 70, "C": 20, "D": 5},
    "rounding": {"A": "floor", "B": "floor", "C": "rest", "D": "ceil"},
    "status": "default",
}
LINES = {"kind": "thresholds", "at_least": {"A": 80, "B": "60.5", "C": 40}, "status": "default"}
STRICT = {**LOW, "tie": "strict"}


def two_groups(own: dict[str, Any] | None, **changes: Any) -> dict[str, Any]:
    """The smallest scheme with a large group by the scheme's grades, a small one by its own."""
    small = {"when": 'scale == "small"', "weights": {"tax": 100}, "status": "default"}
    large = {"weights": {"tax": 100}, "status": "default"}
    groups = {"small": {**small, **({"grades": own} if own else {})}, "large": large}
    return one_item(attributes={"scale": {}}, groups=groups, **changes)


def ladder(n: int, scale: str) -> list[dict[str, Any]]:
    """n subjects of one group, the first with the highest total."""
    return [
        {"subject": f"{scale}{at:03d}", "scale": scale, "tax_yuan": 1400 - at, "land_m2": 100}
        for at in range(n)
    ]


def outcome(folder: Path, content: dict[str, Any], rows: list[dict[str, Any]]) -> Outcome:
    made = scheme(folder, content)
    return evaluate(made, facts(made, rows), threads=1)


def assert_as_the_oracle(
    content: dict[str, Any], rows: list[dict[str, Any]], found: Outcome
) -> None:
    expected = Oracle(content, rows).table(found.results.schema, scales(found.scheme))
    assert expected.to_pylist() == found.results.to_pylist()
    assert table_digest(expected) == found.result_digest


@pytest.mark.parametrize("n", [19, 20, 21, 39, 40, 41, 100])
def test_every_group_is_cut_by_its_own_shares(tmp_path: Path, n: int) -> None:
    found = outcome(tmp_path, two_groups(LOW), ladder(n, "small") + ladder(n, "large"))
    counts = Counter((row["group"], row["grade"]) for row in found.results.to_pylist())
    for group, (a, b) in {"small": (5, 70), "large": (20, 55)}.items():
        assert counts[group, "A"] == n * a // 100
        assert counts[group, "B"] == n * b // 100
        assert counts[group, "D"] == -(-n * 5 // 100)
        assert sum(counts[group, grade] for grade in "ABCD") == n


@pytest.mark.parametrize(
    ("tax", "grade"),
    [(799, "B"), (800, "A"), (801, "A"), (604, "C"), (605, "B"), (606, "B"), (399, "D"),
     (400, "C")],
)  # fmt: skip
def test_a_group_may_have_lines_where_others_have_shares(
    tmp_path: Path, tax: int, grade: str
) -> None:
    only = {"subject": "only", "scale": "small", "tax_yuan": tax, "land_m2": 100}
    found = outcome(tmp_path, two_groups(LINES), [only, *ladder(100, "large")])
    row = found.row("only")
    assert row is not None
    assert row["grade"] == grade
    by_group = {(line.group, line.grade): line.standing for line in found.lines}
    assert by_group["small", "B"] == 60_500_000
    assert by_group["large", "A"] == 138_100_000
    assert found.notes == []


@pytest.mark.parametrize("own", [LOW, LINES, STRICT])
@pytest.mark.parametrize("common", ["include_up", "strict"])
@pytest.mark.parametrize("seed", range(4))
def test_the_engine_grades_groups_as_the_oracle_does(
    tmp_path: Path, own: dict[str, Any], common: str, seed: int
) -> None:
    content = copy.deepcopy(CONTENT)
    content["grades"]["tie"] = common
    content["groups"]["below"]["grades"] = own
    made, rows = scheme(tmp_path, content), population(seed, 90, [3, 300, 10**6, 10**11][seed])
    found = evaluate(made, facts(made, rows), threads=[1, 2, 8, 1][seed])
    assert_as_the_oracle(content, rows, found)


def test_all_groups_by_lines_of_their_own_need_no_places(tmp_path: Path) -> None:
    content = two_groups(LINES, grades={**LINES, "order": ["A", "B", "C", "D"]})
    content["groups"]["large"]["grades"] = {**LINES, "at_least": {"A": 90, "B": 70, "C": 50}}
    rows = ladder(30, "small") + ladder(30, "large")
    for at, row in enumerate(rows):
        row["tax_yuan"] = 300 + 23 * (at % 30)
    made = scheme(tmp_path, content)
    found = evaluate(made, facts(made, rows), threads=1)
    assert_as_the_oracle(content, rows, found)
    assert [line.standing for line in found.lines if line.grade == "B"] == [60_500_000, 70_000_000]


def test_a_tie_rule_that_a_group_does_not_write_is_the_scheme_s(tmp_path: Path) -> None:
    content = two_groups(LOW)
    content["grades"]["tie"] = "strict"
    assert [grades.is_strict() for grades in scheme(tmp_path, content).gradings()] == [True, True]
    content["groups"]["small"]["grades"] = {**LOW, "tie": "include_up"}
    assert [grades.is_strict() for grades in scheme(tmp_path, content).gradings()] == [False, True]


@pytest.mark.parametrize("own", [LOW, LINES, STRICT])
def test_what_lifts_says_holds_under_the_grades_of_the_group(
    tmp_path: Path, own: dict[str, Any]
) -> None:
    rows = ladder(40, "small") + ladder(40, "large")
    for at, row in enumerate(rows):
        row["tax_yuan"] = 300 + 20 * (at % 40)
    made = scheme(tmp_path, two_groups(own))
    given = facts(made, rows)
    found = evaluate(made, given, threads=1)
    for subject in ("small001", "small012", "small020", "large001"):
        before, answer = found.row(subject), lifts(found, subject)
        change = next(way.change for item in answer.items for way in item.ways if way.change)
        step = 1 if change.after > change.before else -1
        for to, reached in ((change.after, True), (change.after - step, False)):
            after = evaluate(made, changed(given, subject, {change.fact: to}), threads=1)
            row = after.row(subject)
            assert row is not None
            assert before is not None
            assert row["grade"] == (answer.target if reached else before["grade"])


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({**LOW, "share": {"A": 5, "B": 70, "C": 25}}, "应恰好给出这些档次"),
        ({**LOW, "share": {"A": 5, "B": 70, "C": 20, "D": 4}}, "各档比例合计应为 100，现为 99"),
        ({**LINES, "at_least": {"A": 60, "B": 80, "C": 40}}, "at_least 应随档次下降而递减"),
        ({**LOW, "order": ["A", "B", "C", "D"]}, "不认识“order”"),
        ({**LOW, "kind": "share"}, "是否想写“shares”"),
    ],
)
def test_faults_in_the_grades_of_a_group_are_named(
    tmp_path: Path, own: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SchemeError) as refused:
        scheme(tmp_path, two_groups(own))
    assert any(sentence in str(f) and "groups.small" in f.key for f in refused.value.findings)


def test_a_group_cannot_have_grades_where_the_scheme_has_none(tmp_path: Path) -> None:
    content = two_groups(LOW)
    for key in ("grades", "adjustments"):
        del content[key]
    with pytest.raises(SchemeError, match="沿用方案 grades 的档次"):
        scheme(tmp_path, content)


def test_versions_say_what_changed_in_the_grades_of_a_group(tmp_path: Path) -> None:
    shares = (LOW["share"], {"A": 10, "B": 65, "C": 20, "D": 5})
    made = []
    for at, share in enumerate(shares):
        (tmp_path / str(at)).mkdir()
        made.append(scheme(tmp_path / str(at), two_groups({**LOW, "share": share})))
    assert differences(*made) == ["small：A 档比例 5% → 10%", "small：B 档比例 70% → 65%"]
