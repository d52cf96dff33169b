"""The head of an explanation: place, lines, and the unit that an enterprise is evaluated in."""

from dataclasses import replace
from decimal import Decimal as D

from tests.web.test_waterfall import FOUND
from wuhao.engine.explain import UnitShown
from wuhao.web.views.explain import _pairs

HEAD = UnitShown("unit", "甲", D(80), 1, "A", ("甲", "乙", "丙"))


def test_the_head_of_a_unit_says_how_many_are_merged_in_it() -> None:
    assert ("评价单元", "3 家合并，A 档") in _pairs(replace(FOUND, units=(HEAD,)))


def test_a_unit_without_a_grade_claims_none() -> None:
    ungraded = replace(HEAD, grade=None)
    assert ("评价单元", "3 家合并") in _pairs(replace(FOUND, units=(ungraded,)))


def test_a_member_says_whose_unit_it_is_merged_into() -> None:
    member = replace(HEAD, members=())
    assert ("评价单元", "并入 甲") in _pairs(replace(FOUND, units=(member,)))


def test_who_is_also_evaluated_alone_is_told_of_the_joint_evaluation() -> None:
    joint = replace(HEAD, kind="joint")
    assert ("合并评价", "3 家合并，A 档") in _pairs(replace(FOUND, units=(joint,)))
