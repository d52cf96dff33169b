"""Whose word goes first: by field and year, from a file whose faults are said at once."""

import pytest

from tests.paths import CITY
from wuhao.engine.findings import Refused
from wuhao.registers.authorities import NO_RULE, authority_of

GOOD = """
rules:
  - {field: park, since: 2021, offices: [land, mkt], status: default}
  - {field: park, since: 2023, offices: [mkt], document: 某办法}
  - {field: name, since: 2020, offices: [mkt], document: 某条例}
"""


@pytest.fixture
def rules(settings, tmp_path):
    settings.WUHAO_CITY = tmp_path

    def written(text: str) -> None:
        (tmp_path / "authorities.yaml").write_text(text, encoding="utf-8")

    return written


@pytest.mark.parametrize(
    ("year", "offices"),
    [
        (2020, ()),
        (2021, ("land", "mkt")),
        (2022, ("land", "mkt")),
        (2023, ("mkt",)),
        (2030, ("mkt",)),
    ],
)
def test_the_latest_rule_that_had_begun_holds(rules, year, offices):
    rules(GOOD)
    assert authority_of("park", year).offices == offices
    assert authority_of("scale", year) == NO_RULE


def test_a_city_without_the_file_has_no_rules(settings, tmp_path):
    settings.WUHAO_CITY = tmp_path
    assert authority_of("park", 2022) == NO_RULE


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{field: colour, since: 2021, offices: [a], status: default}", "colour"),
        ("{field: park, since: soon, offices: [a], status: default}", "soon"),
        ("{field: park, since: 2021, offices: [a]}", "document"),
        ("{field: park, since: 2021, offices: [a], document: 甲, status: default}", "document"),
        ("{field: park, since: 2021, status: default}", "offices"),
        ("{field: park, since: 2021, offices: [a], status: guessed}", "guessed"),
        ("{field: park, since: 2021, offices: [a], status: default, by: me}", "by"),
    ],
)
def test_a_fault_is_said_with_its_line(rules, rule, said):
    rules(f"rules:\n  - {rule}\n")
    with pytest.raises(Refused) as refused:
        authority_of("park", 2022)
    assert any(said in finding.sentence and finding.line == 2 for finding in refused.value.findings)


def test_the_citys_own_rules_name_its_offices(settings):
    import yaml

    settings.WUHAO_CITY = CITY
    offices = {
        office["code"]
        for office in yaml.safe_load((CITY / "city.yaml").read_text(encoding="utf-8"))["offices"]
    }
    for field in ("name", "park", "scale", "land"):
        rule = authority_of(field, 2021)
        assert rule.offices
        assert set(rule.offices) <= offices
        assert authority_of(field, 2020) == NO_RULE
