"""Units of sums and products: what is compared with what."""

from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest

from tests.engine.build import facts, one_item, scheme
from wuhao.engine import ir
from wuhao.engine.backends import run
from wuhao.engine.evaluate import evaluate
from wuhao.engine.findings import EngineError


def test_a_product_of_two_facts_is_compared_with_a_quantity_not_rounded(tmp_path: Path) -> None:
    """A third of an are squared is no number of hundredths, and need not be one."""
    rule = {"id": "out", "when": "land_m2 * vetoed < '0.5 亩'", "status": "default"}
    made = scheme(tmp_path, one_item(scope={"exclude": [rule]}))
    rows = [
        {"subject": "甲", "tax_yuan": 1, "land_m2": 33333, "vetoed": 1},
        {"subject": "乙", "tax_yuan": 1, "land_m2": 33334, "vetoed": 1},
    ]
    found = evaluate(made, facts(made, rows)).results
    excluded = zip(
        found.column("subject").to_pylist(), found.column("excluded").to_pylist(), strict=True
    )
    assert dict(excluded) == {"乙": None, "甲": "out"}  # half a mu is 333.333… square metres


def test_a_sum_whose_units_cancel_is_a_plain_number(tmp_path: Path) -> None:
    content = one_item()
    content["indicators"]["tax"] |= {"numerator": "vetoed", "unit": "1/㎡"}
    assert scheme(tmp_path, content).indicators["tax"].factor == 100  # land counts hundredths
    content["indicators"]["tax"] |= {
        "numerator": "tax_yuan",
        "denominator": "tax_yuan",
        "unit": "%",
    }
    assert scheme(tmp_path, content).indicators["tax"].factor == 100


def test_a_number_for_a_unit_of_land_is_multiplied_by_land(tmp_path: Path) -> None:
    content = one_item()
    content["facts"]["density"] = {"unit": "1/㎡", "quantum": "0.1"}
    content["indicators"]["tax"] |= {"numerator": "density", "denominator": "vetoed"}
    content["indicators"]["tax"]["unit"] = "1/亩"
    # tenths of one for a square metre; 666.666… square metres are a mu
    assert scheme(tmp_path, content).indicators["tax"].factor == Fraction(200, 3)


@pytest.mark.parametrize("fits", [True, False])
def test_a_condition_is_a_column_like_any_other(fits: bool) -> None:
    table = pa.table({"n": pa.array([3, 4], pa.int64())})
    small = ir.Cmp("<", ir.Col("n"), ir.Int(4))
    holds = small if fits else ir.Negate(small)
    found = run(ir.Extend(ir.Source("t"), (("holds", holds),)), {"t": table})
    assert found.column("holds").to_pylist() == ([True, False] if fits else [False, True])


def test_a_number_is_no_condition() -> None:
    table = pa.table({"n": pa.array([3], pa.int64())})
    number = ir.Extend(ir.Source("t"), (("odd", ir.Case(((ir.Col("n"), ir.Int(1)),), ir.Int(0))),))
    with pytest.raises(EngineError, match="“odd”：Col 不是条件。"):
        run(number, {"t": table})
