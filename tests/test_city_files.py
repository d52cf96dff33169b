"""The files of the demo city agree with one another."""

from typing import Any

import pytest
import yaml

from tests.paths import CITY
from wuhao.core.units import UNITS, unit_named

TEMPLATES = sorted((CITY / "templates").glob("*.yaml"))


def read(name: str) -> Any:
    return yaml.safe_load((CITY / name).read_text(encoding="utf-8"))


def columns() -> list[tuple[str, dict[str, Any]]]:
    return [
        (path.stem, column)
        for path in TEMPLATES
        for column in read(f"templates/{path.name}")["columns"]
    ]


def test_the_built_areas_of_the_nine_parks_add_up_to_what_the_city_published() -> None:
    parks = read("parks.yaml")["parks"]
    assert len({park["code"] for park in parks}) == 9
    assert sum(park["built_area_mu"] for park in parks) == 104_255


def test_every_park_has_its_committee_and_lies_in_divisions_of_the_city() -> None:
    city, parks = read("city.yaml"), read("parks.yaml")["parks"]
    committees = {o["park"] for o in city["offices"] if o["kind"] == "park"}
    divisions = {division["code"] for division in city["divisions"]}
    assert committees == {park["code"] for park in parks}
    assert {code for park in parks for code in park["divisions"]} <= divisions


def test_users_sit_in_offices_that_exist_and_own_members_of_the_cast() -> None:
    city, cast = read("city.yaml"), read("demo.yaml")["cast"]
    offices = {office["code"] for office in city["offices"]}
    assert {user["office"] for user in city["users"]} <= offices
    assert {user["own"] for user in city["users"] if "own" in user} <= set(cast)
    assert len({user["username"] for user in city["users"]}) == len(city["users"])


def test_every_role_of_a_user_is_in_the_matrix_and_every_owner_has_a_user() -> None:
    city = read("city.yaml")
    matrix = (CITY.parents[1] / "src" / "wuhao" / "core" / "roles.yaml").read_text("utf-8")
    assert {user["role"] for user in city["users"]} <= set(yaml.safe_load(matrix))
    owners = {read(f"templates/{path.name}")["owner"] for path in TEMPLATES}
    handing_in = ("dept_provider", "bureau_admin", "bureau_staff")
    assert owners <= {u["office"] for u in city["users"] if u["role"] in handing_in}
    providers = {u["office"] for u in city["users"] if u["role"] == "dept_provider"}
    assert providers <= owners
    named = {o for path in TEMPLATES for o in read(f"templates/{path.name}").get("also_from", [])}
    assert named <= {office["code"] for office in city["offices"]}


def test_every_observed_indicator_has_a_column_and_no_template_asks_for_one_twice() -> None:
    facts = [(template, column["fact"]) for template, column in columns() if "fact" in column]
    observed = [
        i["code"] for i in read("indicators.yaml")["indicators"] if i["source"] != "tenures"
    ]
    assert len(facts) == len(set(facts))
    assert {fact for _, fact in facts} == set(observed)


def test_energy_alone_may_come_by_two_templates() -> None:
    facts = [column["fact"] for _, column in columns() if "fact" in column]
    assert {fact for fact in facts if facts.count(fact) > 1} == {"energy_kgce"}


def test_columns_keep_unit_quantum_and_class_of_their_indicator() -> None:
    catalogue = {i["code"]: i for i in read("indicators.yaml")["indicators"]}
    for template, column in columns():
        if "fact" in column and column["kind"] != "choice":
            indicator = catalogue[column["fact"]]
            kept = (column["base"], column["quantum"], column["cls"])
            assert kept == (indicator["unit"], indicator["quantum"], indicator["cls"]), template
            assert read(f"templates/{template}.yaml")["owner"] == indicator["owner"]


def test_units_of_columns_are_known_and_lead_to_their_base() -> None:
    for template, column in columns():
        if "unit" in column:
            unit = unit_named(column["unit"])
            assert unit is not None, (template, column["code"])
            assert unit.base == column["base"]
            assert column["base"] in UNITS


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_heading_leads_to_two_columns(path: Any) -> None:
    headings = [
        heading
        for column in read(f"templates/{path.name}")["columns"]
        for heading in (column["label"], *column["accepts"])
    ]
    assert len(headings) == len(set(headings))


def test_choices_are_found_where_the_templates_say() -> None:
    for template, column in columns():
        if column["kind"] == "choice":
            choices = column["choices"]
            entries = read(choices["file"])[choices["list"]]
            words = [w for e in entries for w in (e[choices["label"]], *e.get("accepts", []))]
            assert len(words) == len(set(words)), (template, column["code"])
            assert len({entry["code"] for entry in entries}) == len(entries)
