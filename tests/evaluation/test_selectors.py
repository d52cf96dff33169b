"""Results, counts and the public list, within each viewer's scope."""

import pytest

from tests.cast import person
from tests.cities.xikou import CODES, GRADES, viewer
from wuhao.core.errors import OutOfScope
from wuhao.core.register import Query
from wuhao.evaluation import selectors
from wuhao.runs.models import Run


def test_counts_are_those_of_the_table(played: Run):
    assert selectors.grade_counts(viewer("chief"), played.no) == {"H": 2, "M": 1, "L": 1, "": 1}
    assert selectors.grade_counts(viewer("chief"), played.no, scale="below") == {"H": 1, "": 1}


def test_a_park_counts_its_own(played: Run):
    assert selectors.grade_counts(viewer("north"), played.no) == {"H": 1, "M": 1, "": 1}
    keys = {row["uscc"] for row in selectors.results(viewer("north"), played.no, Query()).rows}
    assert keys == {CODES["甲厂"], CODES["乙厂"], CODES["戊厂"]}


def test_an_office_sees_neither_counts_nor_outcomes(played: Run):
    clerk = viewer("clerk")
    assert not selectors.grade_counts(clerk, played.no)
    assert selectors.distribution(clerk, played.no, "above") == []
    with pytest.raises(OutOfScope):
        selectors.outcome(clerk, played.no, CODES["甲厂"])


def test_graded_keys_are_the_graded_ones_in_order(played: Run):
    expected = sorted(CODES[name] for name in GRADES)
    assert selectors.graded_keys(viewer("chief"), played.no) == expected


def test_the_left_out_are_counted_by_reason(played: Run):
    assert selectors.not_graded(viewer("chief"), played.no) == {"tiny": 1}


def test_an_enterprise_reaches_its_own_outcome_alone(played: Run):
    own = person("own", "enterprise_user", "works", own_key=CODES["乙厂"])
    assert selectors.outcome(own, played.no, CODES["乙厂"])["grade"] == "M"
    with pytest.raises(OutOfScope):
        selectors.outcome(own, played.no, CODES["甲厂"])


def test_the_public_list_masks_codes_and_holds_no_amounts(played: Run):
    rows = selectors.public_list()["rows"]
    assert [row["name"] for row in rows] == ["甲厂", "丁厂"]
    assert rows[0] == {"name": "甲厂", "park": "溪北", "code": CODES["甲厂"][:14] + "****",
                       "group": "above"}  # fmt: skip


def test_before_publication_the_public_list_is_empty(draft: Run):
    assert selectors.public_list() == {"run": None, "rows": []}


def test_the_list_of_a_year_without_a_result_is_empty(played: Run):
    assert selectors.public_list(2030)["run"] is None
    assert selectors.public_list(2031)["run"]["no"] == played.no


def test_history_holds_what_was_published(played: Run):
    [year] = selectors.grade_history(viewer("chief"), CODES["丙厂"])
    assert (year["period"], year["grade"]) == (203000, "L")
