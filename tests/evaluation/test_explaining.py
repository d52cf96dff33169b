"""A grade opens from its total to the cells; who may not see figures gets bands."""

from decimal import Decimal

import pytest

from tests.cities.xikou import CODES, viewer
from wuhao.core.errors import OutOfScope
from wuhao.evaluation.explaining import explanation
from wuhao.runs.models import Run


def test_the_total_is_the_weighted_sum_of_its_items_by_hand(played: Run):
    trace = explanation(viewer("chief"), played.no, CODES["乙厂"]).trace
    # (100/15) / (420/45) and (100/50) / (420/150), each 0.714286 after six digits
    assert [item.ratio for item in trace.items] == [Decimal("0.714286")] * 2
    assert trace.total == Decimal("71.428600")
    assert (trace.grade, trace.rank, trace.group_size) == ("M", 2, 3)


def test_a_ratio_beyond_the_cap_counts_as_the_cap(played: Run):
    trace = explanation(viewer("chief"), played.no, CODES["甲厂"]).trace
    assert all(item.capped for item in trace.items)
    assert trace.total == 150


def test_every_fact_leads_to_its_cell(played: Run):
    found = explanation(viewer("chief"), played.no, CODES["丙厂"])
    assert {code: source.cell for code, source in found.sources.items()} == {
        "levy_yuan": "B4", "land_m2": "C4", "staff_person": "D4",
    }  # fmt: skip
    assert found.sources["levy_yuan"].value == 20_000_000


def test_one_left_out_says_why(played: Run):
    trace = explanation(viewer("chief"), played.no, CODES["戊厂"]).trace
    assert (trace.excluded_text, trace.total, trace.grade) == ("不足三人", None, None)


def test_a_park_gets_bands_and_no_amounts(played: Run):
    found = explanation(viewer("north"), played.no, CODES["乙厂"])
    assert found.is_banded
    assert [item.note_text for item in found.trace.items] == ["低于基准，在一半以上"] * 2
    assert all(item.value is None and item.score is None for item in found.trace.items)
    assert "levy_yuan" not in found.sources


def test_another_parks_enterprise_is_out_of_scope(played: Run):
    with pytest.raises(OutOfScope):
        explanation(viewer("north"), played.no, CODES["丙厂"])
