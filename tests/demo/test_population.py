"""The made-up enterprises are plausible, unique, nobody's, and the same each time."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.paths import CITY, SHARED_DATA
from wuhao.core.codes import uscc_check
from wuhao.demo.population import generate
from wuhao.demo.shapes import Blank, Enterprise, Population, Tenure

YEAR_END = date(2021, 12, 31)
TOUR = "91430200MA4W2C1J9K"
MU_M2 = Decimal(2000) / 3


def figures(enterprises: list[Enterprise], code: str) -> list[Decimal]:
    values = (enterprise.facts.get(code) for enterprise in enterprises)
    return [value for value in values if isinstance(value, Decimal)]


def per_mu(population: Population, scale: str, code: str) -> Decimal:
    """Sum of a fact in 万元 over the sum of land in mu."""
    members = population.of_scale(scale)
    land = population.land_m2(YEAR_END)
    mu = sum((land[enterprise.uscc] for enterprise in members), Decimal(0)) / MU_M2
    return sum(figures(members, code), Decimal(0)) / 10_000 / mu


def test_there_are_1004_above_and_400_below_scale(population: Population) -> None:
    assert Counter(e.scale for e in population.enterprises) == {"above": 1004, "below": 400}


def test_every_one_of_the_nine_parks_has_both(population: Population) -> None:
    assert len({(e.park, e.scale) for e in population.enterprises}) == 18


def test_names_and_codes_are_unique(population: Population) -> None:
    assert len({e.name for e in population.enterprises}) == 1404
    assert len(population.by_uscc) == 1404


def test_codes_pass_both_checks_and_come_from_the_made_up_series(population: Population) -> None:
    codes = [e.uscc for e in population.enterprises]
    assert [uscc_check(code) for code in codes] == [None] * 1404
    assert {code[:11] for code in codes if code != TOUR} == {"91430200MAY"}


def test_the_same_seed_makes_the_same_population(population: Population) -> None:
    assert generate(CITY) == population


@pytest.mark.parametrize(("scale", "above"), [("0.1", 101), ("2", 2008)])
def test_the_scale_changes_the_counts(scale: str, above: int) -> None:
    found = generate(CITY, Decimal(scale))
    assert len(found.of_scale("above")) == pytest.approx(above, abs=5)
    assert TOUR in found.by_uscc


def test_figures_lie_where_prefectures_publish_theirs(population: Population) -> None:
    above = population.of_scale("above")
    rd = sum(figures(above, "rd_yuan")) / sum(figures(above, "revenue_yuan"))
    assert 12 <= per_mu(population, "above", "tax_paid_yuan") <= 20
    assert 60 <= per_mu(population, "above", "value_added_yuan") <= 140
    assert Decimal("0.02") <= rd <= Decimal("0.04")


def test_the_land_counted_fits_into_the_parks(population: Population) -> None:
    land = population.land_m2(YEAR_END)
    assert min(land.values()) > 0
    assert set(land) == set(population.by_uscc)
    assert sum(land.values()) / MU_M2 < 104_255


def test_a_lease_counts_for_the_tenant_and_not_for_the_landlord(population: Population) -> None:
    let = [t for t in population.tenures if t.right == "rented_out" and t.uscc != TOUR]
    taken = {
        (t.parcel, t.area_m2, t.started_on, t.ended_on)
        for t in population.tenures
        if t.right == "rented_in"
    }
    assert let
    assert {(t.parcel, t.area_m2, t.started_on, t.ended_on) for t in let} <= taken


def test_a_right_no_longer_holds_on_its_end_day() -> None:
    tenure = Tenure("p", TOUR, Decimal(1), "own", date(2020, 1, 1), date(2021, 1, 1))
    held = [tenure.holds_on(day) for day in (date(2019, 12, 31), date(2020, 1, 1))]
    gone = [tenure.holds_on(day) for day in (date(2020, 12, 31), date(2021, 1, 1))]
    assert (held, gone) == ([False, True], [True, False])


def test_some_leases_ended_within_the_year(population: Population) -> None:
    ends = [t.ended_on for t in population.tenures if t.ended_on]
    assert any(end.year == 2021 for end in ends)


def test_no_two_tenures_share_their_key(population: Population) -> None:
    keys = Counter((t.parcel, t.uscc, t.right, t.started_on) for t in population.tenures)
    assert max(keys.values()) == 1


@pytest.mark.parametrize(
    ("case", "least"),
    [
        (lambda e: e.facts.get("profit_yuan") is Blank.MISSING, 5),
        (lambda e: e.facts.get("rd_yuan") == 0, 100),
        (lambda e: e.facts.get("rd_yuan") is Blank.MISSING, 5),
        (lambda e: e.facts.get("cod_kg") is Blank.NOT_APPLICABLE, 200),
        (lambda e: e.facts.get("so2_kg") is Blank.MISSING, 8),
        (lambda e: e.facts.get("energy_kgce") is Blank.MISSING, 3),
        (lambda e: e.facts.get("export_exempt_yuan") is Blank.MISSING, 2),
        (lambda e: e.facts["export_exempt_yuan"] not in (0, Blank.MISSING), 80),
        (lambda e: e.facts["tax_refund_yuan"] > e.facts["tax_paid_yuan"], 5),
        (lambda e: e.facts.get("staff_person") == 0, 1),
        (lambda e: e.sector[:3] in {"D44", "D45", "D46"}, 5),
        (lambda e: e.env_credit == "bad", 4),
        (lambda e: e.construction_state == "under_construction", 5),
        (lambda e: e.in_production_on is Blank.MISSING, 1),
        (lambda e: e.in_production_on is Blank.NOT_APPLICABLE, 5),
        (
            lambda e: (
                isinstance(e.in_production_on, date) and e.in_production_on >= date(2020, 6, 28)
            ),
            30,
        ),
    ],
)
def test_the_cases_a_scheme_must_judge_are_there(
    population: Population, case: object, least: int
) -> None:
    assert sum(case(e) for e in population.enterprises) >= least  # type: ignore[operator]


def test_losses_and_negative_value_added_are_there(population: Population) -> None:
    above = population.of_scale("above")
    assert sum(value < 0 for value in figures(above, "profit_yuan")) >= 40
    assert sum(value < 0 for value in figures(above, "value_added_yuan")) >= 1


def test_below_scale_enterprises_hand_in_no_statistics(population: Population) -> None:
    assert all("output_yuan" not in e.facts for e in population.of_scale("below"))
    assert all("power_kwh" in e.facts for e in population.of_scale("below"))


def test_the_enterprise_of_the_tour_has_the_figures_that_the_city_wrote_down(
    population: Population,
) -> None:
    tour = population.by_uscc[TOUR]
    assert tour.name == "株洲芸河精密刀具有限公司"
    assert tour.facts["tax_paid_yuan"] == Decimal("2416200")
    assert tour.facts["profit_yuan"] is Blank.MISSING
    assert population.land_m2(YEAR_END)[TOUR] == Decimal("30800.00")  # 46.20 mu


def names_in(path: Path) -> set[str]:
    """Every company name in a list, whatever its form."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        return {str(row[2]) for row in sheet.iter_rows(min_row=2, values_only=True)}
    encoding = "gb18030" if "gbk" in path.name else "utf-8-sig"
    with path.open(encoding=encoding, newline="") as handle:
        return {cell for row in csv.reader(handle) for cell in row}


@pytest.mark.real
@pytest.mark.parametrize(
    "name",
    [
        "listed-companies/a_share_company_2020.csv",
        "listed-companies/a_share_names_gbk.csv",
        "shandong-enterprise-list/企业名单.xlsx",
    ],
)
def test_no_name_is_that_of_a_real_enterprise(population: Population, name: str) -> None:
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"the list {name} does not lie beside the project")
    listed = names_in(path)
    assert len(listed) > 3000
    assert not listed & {e.name for e in population.enterprises}
