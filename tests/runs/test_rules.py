"""How runs are numbered."""

import pytest

from wuhao.runs.rules import run_no


@pytest.mark.parametrize(
    ("count", "number"),
    [
        pytest.param(0, "per_mu-2030-1", id="the first of a year"),
        pytest.param(9, "per_mu-2030-10", id="the tenth"),
    ],
)
def test_a_run_is_named_by_scheme_year_and_how_manieth(count: int, number: str):
    assert run_no("per_mu", 203000, count) == number
