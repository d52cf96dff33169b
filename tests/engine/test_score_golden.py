"""Golden test of the score formula: the published benchmarks of 黄岩 for 2022, cap 1.5, floor 0."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, one_item, scheme
from wuhao.engine.evaluate import Outcome, evaluate
from wuhao.engine.exact import div
from wuhao.engine.explain import explain

BENCHMARKS = {"tax": "24.097", "va": "136.16", "energy": "2.694", "emission": "4929.81",
              "labour": "18.14", "rd": "0.0302"}  # fmt: skip
WEIGHTS = {"tax": 30, "va": 20, "energy": 20, "emission": 10, "labour": 10, "rd": 10}
FORMULAS = {
    "tax": ("tax_yuan", "land_m2", "万元/亩"),
    "va": ("va_yuan", "land_m2", "万元/亩"),
    "energy": ("va_yuan", "energy_kgce", "万元/吨标准煤"),
    "emission": ("va_yuan", "emission_kg", "万元/吨"),
    "labour": ("va_yuan", "staff_person", "万元/人"),
    "rd": ("rd_yuan", "revenue_yuan", "1"),
}
# mu, tax, value added, tce, emission t, staff, R&D, revenue (money in 万元)
FIRMS = {
    "E1": ("30", "900", "4500", "1500", "0.8", "260", "520", "15600"),
    "E2": ("120", "600", "3600", "4200", "6.5", "410", "150", "21000"),
    "E3": ("18", "-12", "260", "300", "0.05", "45", "0", "1900"),
}
SCORES = {
    "E1": ("37.35", "22.03", "22.27", "11.41", "9.54", "11.04"),
    "E2": ("6.22", "4.41", "6.36", "1.12", "4.84", "2.37"),
    "E3": ("0.00", "2.12", "6.43", "10.55", "3.19", "0.00"),
}
TOTALS = {"E1": "113.64", "E2": "25.32", "E3": "22.29"}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    units = {"land_m2": "m2", "energy_kgce": "kgce", "emission_kg": "kg", "staff_person": "person"}
    names = ["land_m2", "tax_yuan", "va_yuan", "energy_kgce", "emission_kg", "staff_person",
             "rd_yuan", "revenue_yuan"]  # fmt: skip
    content = one_item(
        facts={n: {"unit": units.get(n, "yuan"), "quantum": "0.01"} for n in names},
        indicators={
            code: {
                "numerator": num, "denominator": den, "unit": unit, "status": "default",
                "benchmark": {"kind": "fixed", "value": BENCHMARKS[code]},
                "score": {"kind": "ratio", "cap": "1.5", "floor": "0"}, "absent": "not_graded",
            }
            for code, (num, den, unit) in FORMULAS.items()
        },
        groups={"all": {"weights": WEIGHTS, "status": "default"}},
        adjustments=[],
        tie_break=["total", "subject"],
        digits={"value": 9, "benchmark": 6, "ratio": 10, "score": 8},
    )  # fmt: skip
    made = scheme(tmp_path_factory.mktemp("golden"), content)
    return evaluate(made, facts(made, [_row(s, cells) for s, cells in FIRMS.items()]), threads=1)


def _row(subject: str, cells: tuple[str, ...]) -> dict[str, Any]:
    mu, tax, va, tce, tons, staff, rd, revenue = (Fraction(cell) for cell in cells)
    true = {
        "land_m2": mu * Fraction(2000, 3), "tax_yuan": tax * 10_000, "va_yuan": va * 10_000,
        "energy_kgce": tce * 1000, "emission_kg": tons * 1000, "staff_person": staff,
        "rd_yuan": rd * 10_000, "revenue_yuan": revenue * 10_000,
    }  # fmt: skip
    return {"subject": subject, **{name: int(value * 100) for name, value in true.items()}}


@pytest.mark.parametrize("firm", FIRMS)
def test_items_and_totals_are_those_computed_by_hand(outcome: Outcome, firm: str) -> None:
    row = outcome.row(firm)
    assert row is not None
    shown = [f"{div(row[f'{code}__score'], 10**6) / 100:.2f}" for code in WEIGHTS]
    assert tuple(shown) == SCORES[firm]
    assert f"{div(row['total'], 10**6) / 100:.2f}" == TOTALS[firm]


@pytest.mark.parametrize("firm", FIRMS)
def test_unrounded_totals_are_exact_to_the_quantum(outcome: Outcome, firm: str) -> None:
    row = outcome.row(firm)
    assert row is not None
    true = Fraction(0)
    for code, weight in WEIGHTS.items():
        num, den = Fraction(row[f"{code}__num"]), Fraction(row[f"{code}__den"])
        value = num / den * outcome.scheme.indicators[code].factor
        ratio = value / Fraction(BENCHMARKS[code])
        true += min(max(ratio, Fraction(0)), Fraction(3, 2)) * weight
    # Six items, each within half a quantum of value, ratio and score.
    assert abs(Fraction(row["total"], 10**8) - true) < Fraction(1, 10**6)


def test_a_negative_value_is_zero_points_and_says_so(outcome: Outcome) -> None:
    row = outcome.row("E3")
    assert row is not None
    assert (row["tax__score"], row["tax__note"]) == (0, "negative")


@pytest.mark.parametrize(
    ("tax", "points", "note"),
    [
        pytest.param(1499, "149.900000", None, id="just below the cap"),
        pytest.param(1500, "150.000000", None, id="at the cap"),
        pytest.param(1501, "150.000000", "capped", id="just above the cap"),
        pytest.param(1, "0.100000", None, id="just above zero"),
        pytest.param("zero", "0.000000", None, id="a confirmed zero"),
        pytest.param(-1, "0.000000", "negative", id="just below zero"),
        pytest.param(2**62, "150.000000", "capped", id="a very large value"),
    ],
)
def test_score_at_its_borders(tmp_path: Path, tax: object, points: str, note: str | None) -> None:
    made = scheme(tmp_path, one_item(digits={"value": 2, "benchmark": 2, "ratio": 8, "score": 6}))
    found = evaluate(made, facts(made, [{"subject": "甲", "tax_yuan": tax, "land_m2": 100}]))
    row = found.row("甲")
    assert row is not None
    [item] = explain(made, row, found.facts_row("甲"), found.lines).items
    assert (f"{item.score:f}", item.note) == (points, note)
    assert item.full == 150


@pytest.mark.parametrize(
    ("tax", "grade"), [(799, "medium"), (800, "high"), (801, "high"), (499, "low"), (500, "medium")]
)
def test_thresholds_below_at_and_above(tmp_path: Path, tax: int, grade: str) -> None:
    grades = {"kind": "thresholds", "order": ["high", "medium", "low"],
              "at_least": {"high": "80", "medium": "50"}, "status": "default"}  # fmt: skip
    made = scheme(tmp_path, one_item(grades=grades, adjustments=[]))
    found = evaluate(made, facts(made, [{"subject": "甲", "tax_yuan": tax, "land_m2": 100}]))
    assert found.results.column("grade").to_pylist() == [grade]
