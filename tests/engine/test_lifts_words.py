"""`lifts` by hand: what each word of a scheme makes of the answer."""

from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from tests.engine.test_lifts import ladder, run, ways
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import Lifts, lifts
from wuhao.engine.words_more import UNBENCHED


def item(**changes: Any) -> dict[str, Any]:
    """One indicator; scores that are no comparison have no benchmark."""
    made = {**one_item()["indicators"]["tax"], **changes}
    if changes.get("score", {}).get("kind") in UNBENCHED:
        del made["benchmark"]
    return {"tax": made}


def line(high: str) -> dict[str, Any]:
    """Grades by one line."""
    grades = {"kind": "thresholds", "order": ["high", "low"], "at_least": {"high": high}}
    return {"grades": {**grades, "status": "default"}, "adjustments": []}


def asked(folder: Path, subject: str, rows: list[dict[str, Any]], **content: Any) -> Lifts:
    return lifts(run(folder, rows, **content), subject)


def tax_of(found: Lifts) -> tuple[int | None, str | None]:
    return ways(found)["tax_yuan"]


def test_what_should_be_small_is_lowered(tmp_path: Path) -> None:
    # 2 - 7 / 10 is behind 2 - 6 / 10 and 2 - 5 / 10; land is not raised to look thrifty.
    found = asked(tmp_path, "S7", ladder(), indicators=item(score={"kind": "reverse"}))
    assert ways(found) == {"tax_yuan": (600, None)}
    assert found.items[0].ways[0].direction == "down"
    assert found.items[0].sentence == (
        "tax：tax_yuan由 7.00 减少 1.00 yuan 到 6.00 yuan（该项达到 6.000000 元/㎡），可到 A 档。"
    )
    assert found.joint is not None
    # Full marks are at zero; a seventh of the way is enough.
    assert [change.after for change in found.joint.changes] == [600]
    capped = item(score={"kind": "reverse", "cap": "1.2"})
    found = asked(tmp_path, "S5", ladder(), indicators=capped, **line("120"))
    assert tax_of(found) == (800, None)
    assert found.joint is not None
    assert (found.joint.share, found.joint.changes[0].after) == (990_001, 800)


def test_the_lowest_value_rises_with_the_subject_that_has_it(tmp_path: Path) -> None:
    scored = {"indicators": item(score={"kind": "min_max"})}
    # S5 is placed between 5 and 14; for S9, who is the 5, between 6 and 14.
    assert tax_of(asked(tmp_path, "S5", ladder(), **scored, **line("50"))) == (950, None)
    assert tax_of(asked(tmp_path, "S9", ladder(), **scored, **line("50"))) == (1000, None)
    less = {"indicators": item(score={"kind": "min_max", "better": "less"})}
    assert tax_of(asked(tmp_path, "S0", ladder(), **less, **line("50"))) == (900, None)


def test_who_is_the_maximum_pushes_it_up(tmp_path: Path) -> None:
    best = {"indicators": item(benchmark={"kind": "maximum"})}
    found = asked(tmp_path, "S1", ladder(), **best, **line("100"))
    assert tax_of(found) == (1400, None)
    assert found.joint is not None
    assert [change.after for change in found.joint.changes] == [1400]
    found = asked(tmp_path, "S1", ladder(), **best, **line("110"))
    assert tax_of(found) == (None, "top")
    assert "成为基准本身也达不到，再提高只会抬高基准" in found.items[0].sentence


def test_a_quantile_follows_the_subject_between_its_neighbours(tmp_path: Path) -> None:
    middle = {"kind": "quantile", "share": "0.5", "interpolation": "lower"}
    found = asked(tmp_path, "S9", ladder(), indicators=item(benchmark=middle), **line("100"))
    assert tax_of(found) == (900, None)


def test_a_distance_to_an_extreme_is_lessened_towards_it(tmp_path: Path) -> None:
    """Two yuan of ten from the best of 14, or from the least of 5, are 80 points."""
    high = item(score={"kind": "distance", "ideal": "highest", "reach": "10"})
    found = asked(tmp_path, "S5", ladder(), indicators=high, **line("80"))
    assert tax_of(found) == (1200, None)
    assert found.joint is not None
    assert [change.after for change in found.joint.changes] == [1200]
    low = item(score={"kind": "distance", "ideal": "lowest", "reach": "10"})
    found = asked(tmp_path, "S0", ladder(), indicators=low, **line("80"))
    assert ways(found) == {"tax_yuan": (700, None)}


def test_who_becomes_one_of_those_compared_with_moves_their_number(tmp_path: Path) -> None:
    """Five have more than 9 yuan, 12 on average. With 9.01 S5 is the sixth, and they have 11.5."""
    rich = item(benchmark={"kind": "mean_of_values", "population": "tax_yuan > 9"})
    found = asked(tmp_path, "S5", ladder(), indicators=rich, **line("76"))
    assert tax_of(found) == (901, None)


def test_the_greatest_of_others_is_no_bound_for_who_is_not_among_them(tmp_path: Path) -> None:
    best = item(benchmark={"kind": "maximum", "population": "land_m2 == 1"})
    rows = ladder(S9={"land_m2": 200})
    found = asked(tmp_path, "S9", rows, indicators=best, **line("110"))
    assert tax_of(found) == (3080, None)


def test_land_of_last_years_total_moves_with_this_years(tmp_path: Path) -> None:
    """900 on L against 2000 on L + 100 are full at 81 and nine elevenths of a hundredth."""
    content = one_item()
    content["facts"]["last_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    past = {"kind": "previous_year", "of": "last_yuan", "over": "land_m2", "population": "group"}
    shown = {"facts": content["facts"], "indicators": item(benchmark=past), **line("100")}
    rows = [{"subject": name, "tax_yuan": 900, "last_yuan": 1000, "land_m2": 100} for name in "ST"]
    found = asked(tmp_path, "S", rows, **shown)
    assert ways(found) == {"tax_yuan": (1000, None), "land_m2": (81, None)}
    # Alone, less land is less land of last year, too.
    found = asked(tmp_path, "S", rows[:1], **shown)
    assert ways(found) == {"tax_yuan": (1000, None), "land_m2": (None, "to_zero")}


def test_a_target_of_ones_own_is_reached(tmp_path: Path) -> None:
    content = one_item()
    content["facts"]["goal_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    own = {**item()["tax"], "unit": "元", "benchmark": {"kind": "target", "of": "goal_yuan"}}
    del own["denominator"]
    rows = [{"subject": "甲", "tax_yuan": 500, "goal_yuan": 800},
            {"subject": "乙", "tax_yuan": 500, "goal_yuan": 0}]  # fmt: skip
    shown = {"facts": content["facts"], "indicators": {"tax": own}, **line("100")}
    assert ways(asked(tmp_path, "甲", rows, **shown)) == {"tax_yuan": (800, None)}
    found = asked(tmp_path, "乙", rows, **shown)
    assert found.items[0].sentence == (
        "tax：单靠此项到不了 high 档（目标值不大于零，该项得零分）。"
    )


def test_places_are_passed_one_by_one(tmp_path: Path) -> None:
    steps = {"indicators": item(score={"kind": "rank_steps", "step": "0.1"})}
    found = asked(tmp_path, "S5", ladder(), **steps, **line("80"))
    assert tax_of(found) == (1200, None)  # the third place, shared with S2
    assert found.joint is not None
    assert [change.after for change in found.joint.changes] == [1200]


@pytest.mark.parametrize(
    ("table", "below", "subject", "after"),
    [
        ([("15", "1"), ("10", "0.6"), ("5", "0.2")], "0", "S9", 1000),
        ([("10", "0.2"), ("5", "0.6")], "1", "S0", 999),
        ([("20", "0"), ("10", "0.7"), ("8", "0")], "0.1", "S9", 1000),
    ],
)
def test_a_table_is_followed_the_way_its_shares_go(
    tmp_path: Path, table: list[tuple[str, str]], below: str, subject: str, after: int
) -> None:
    lines = [{"at_least": bound, "share": share} for bound, share in table]
    scored = item(score={"kind": "interval", "table": lines, "below": below})
    found = asked(tmp_path, subject, ladder(), indicators=scored, **line("60"))
    changes = [w.change for w in found.items[0].ways if w.fact == "tax_yuan" and w.change]
    assert [change.after for change in changes] == [after]
    assert found.joint is not None
    assert found.joint.share is not None


def test_the_best_of_another_group_stays_as_it_is(tmp_path: Path) -> None:
    groups = {
        "left": {"when": 'side == "L"', "weights": {"tax": 100}, "status": "default"},
        "right": {"weights": {"tax": 100}, "status": "default"},
    }
    rows = [{**row, "side": "L" if row["subject"] == "S0" else "R"} for row in ladder()]
    best = item(benchmark={"kind": "maximum", "population": "all"})
    shown = {"attributes": {"side": {}}, "groups": groups, "indicators": best}
    assert tax_of(asked(tmp_path, "S9", rows, **shown, **line("50"))) == (700, None)


def test_the_median_that_stands_in_for_another_moves_too(tmp_path: Path) -> None:
    counts = {"kind": "counts", "order": ["A", "B", "C"], "count": {"A": 1, "B": 1, "C": "rest"}}
    rows = [{"subject": "best", "tax_yuan": 1000, "land_m2": 100},
            {"subject": "last", "tax_yuan": 800, "land_m2": 100},
            {"subject": "none", "tax_yuan": None, "land_m2": 100}]  # fmt: skip
    shown = {"grades": {**counts, "status": "default"}, "adjustments": []}
    # The median of 8 and 10 is before 8, and stays before all that is below 10.
    median = item(absent="group_median_value")
    assert tax_of(asked(tmp_path, "last", rows, indicators=median, **shown)) == (1000, None)
    mean = item(absent="zero")
    assert asked(tmp_path, "last", rows, indicators=mean, **shown).grade == "B"


def test_an_item_left_out_gives_its_weight_to_the_rest(tmp_path: Path) -> None:
    content = one_item(**line("50"))
    content["facts"]["rd_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    tax = {**content["indicators"]["tax"], "absent": "reweigh"}
    content["indicators"] = {"tax": tax, "rd": {**tax, "numerator": "rd_yuan"}}
    content["groups"]["all"]["weights"] = {"tax": 40, "rd": 60}
    made = scheme(tmp_path, content)
    rows = [{"subject": "甲", "tax_yuan": 100, "land_m2": 100, "rd_yuan": None},
            {"subject": "乙", "tax_yuan": 100, "land_m2": 100, "rd_yuan": 100}]  # fmt: skip
    outcome = evaluate(made, facts(made, rows), threads=1)
    assert ways(lifts(outcome, "甲"))["tax_yuan"] == (500, None)
    # 0.4 x 1.25 is the most that 乙 can have of it: 40 x 1.1 and 60 x 0.1.
    assert ways(lifts(outcome, "乙"))["tax_yuan"] == (1100, None)


def test_points_that_read_the_fact_are_given_again(tmp_path: Path) -> None:
    points = [
        {"id": "big", "kind": "bonus", "each": "10", "when": "tax_yuan >= 8", "status": "default"},
        {"id": "wide", "kind": "deduction", "each": "4", "when": "land_m2 > 0.9",
         "status": "default"},
    ]  # fmt: skip
    shown = {"points": points, **line("91"), "indicators": item(score={"kind": "ratio", "cap": 1})}
    # 85 and 10 less 4; with 0.90 m2 only 77.8, with 0.77 m2 90.9, with 0.76 m2 92.1.
    found = asked(tmp_path, "S7", ladder(), **shown)
    assert ways(found) == {"tax_yuan": (850, None), "land_m2": (76, None)}


def test_a_subject_that_would_leave_is_told_so(tmp_path: Path) -> None:
    rule = {"id": "rich", "when": "tax_yuan > 12.5", "status": "default"}
    rows = ladder(S0={"tax_yuan": 1200, "land_m2": 80}, S1={"tax_yuan": 1200, "land_m2": 90})
    found = asked(tmp_path, "S2", rows, scope={"exclude": [rule]})
    assert tax_of(found) == (None, "leaves")
    [way] = [way for way in found.items[0].ways if way.fact == "tax_yuan"]
    assert way.sentence == "提高tax_yuan达不到（未达到就会不参评、换到别的评价组或评价单元）"


def test_a_value_that_may_not_be_lost_ends_the_way(tmp_path: Path) -> None:
    refused = {"missing": "refuse", "not_applicable": "refuse", "zero_denominator": "refuse",
               "negative_denominator": "refuse"}  # fmt: skip
    found = asked(tmp_path, "S5", ladder(), indicators=item(absent=refused), **line("150"))
    assert ways(found) == {"tax_yuan": (1500, None), "land_m2": (60, None)}
    rows = [{**row, "tax_yuan": 0} for row in ladder()]
    found = asked(tmp_path, "S5", rows, indicators=item(absent=refused), **line("150"))
    assert ways(found) == {"tax_yuan": (1500, None)}
