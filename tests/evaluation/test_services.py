"""An evaluation is computed by the bureau from what was accepted, and its grades go down dated."""

from datetime import date

import pytest

from tests.cast import person
from tests.cities.xikou import CITY, CODES, DAY, GRADES, hand_in_figures, viewer
from wuhao.core import day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.evaluation import services
from wuhao.registers.models import Recognition
from wuhao.runs import schemes
from wuhao.runs.models import Run, SchemeVersion

LATER = date(2031, 4, 1)


def given(on: date) -> dict[str, str]:
    """Credit code -> level of the recognitions that hold on a day."""
    begun = Recognition.objects.filter(valid_from__lte=on)
    ended = begun.filter(valid_to__lte=on)
    held = begun.exclude(pk__in=ended.values("pk"))
    return dict(held.values_list("enterprise__uscc", "level"))


@pytest.mark.parametrize("role", ["dept_provider", "park_staff", "city_lead", "machine"])
def test_only_the_bureau_computes(town, role: str):
    with pytest.raises(DomainError, match="市局"):
        services.compute_draft(2031, person("other", role, "works"))


def test_a_year_without_a_scheme_is_refused(town):
    with pytest.raises(DomainError, match="2032"):
        services.compute_draft(2032, viewer("chief"))


def test_before_anything_is_accepted_there_is_nothing_to_compute(db, settings):
    settings.WUHAO_CITY = CITY
    with pytest.raises(DomainError, match="还没有受理"):
        services.compute_draft(2031, person("chief", "bureau_admin", "works"))


def test_the_three_steps_are_told(town):
    told = []
    services.compute_draft(2031, viewer("chief"), lambda done, total, _say: told.append(done))
    assert told == [0, 1, 2]


def in_force(old: str, new: str, period: int = 203000) -> SchemeVersion:
    """The town's scheme with another passage, put in force for a period's data."""
    text = (CITY / "schemes/per_mu_benefit/2031.yaml").read_text(encoding="utf-8")
    dated = text.replace("title: 溪口市亩均办法", f"title: 溪口市亩均办法, period: {period}")
    version = schemes.draft(dated.replace(old, new), viewer("chief"))
    schemes.review(version, person("second", "bureau_admin", "works"))
    schemes.enact(version, viewer("chief"), "工务会议")
    return version


def test_the_year_is_computed_with_the_version_put_in_force(town):
    version = in_force('at_least: {H: "100"', 'at_least: {H: "150"')
    draft = services.compute_draft(2031, viewer("chief"))
    grades = dict(draft.outcomes.exclude(grade="").values_list("label", "grade"))
    assert draft.scheme == version
    assert grades == {**GRADES, "丁厂": "M"}  # 甲厂 has 150, 丁厂 has 100


def test_a_version_for_other_data_leaves_the_year_as_it_was(town):
    rules = in_force('at_least: {H: "100"', 'at_least: {H: "150"')
    in_force('at_least: {H: "100"', 'at_least: {H: "120"', period=203100)
    rules.refresh_from_db()
    assert rules.status == SchemeVersion.Status.SUPERSEDED
    assert services.compute_draft(2031, viewer("chief")).scheme == rules


def test_a_version_not_put_in_force_is_not_computed_with(town):
    text = (CITY / "schemes/per_mu_benefit/2031.yaml").read_text(encoding="utf-8")
    draft = schemes.draft(text.replace('H: "100"', 'H: "150"'), viewer("chief"))
    schemes.review(draft, person("second", "bureau_admin", "works"))
    assert services.compute_draft(2031, viewer("chief")).scheme != draft


def test_a_draft_gives_no_grade_to_the_registers(draft: Run):
    assert Recognition.objects.count() == 0


def test_publishing_sends_the_grades_down_from_that_day(played: Run):
    assert given(DAY) == {CODES[name]: grade for name, grade in GRADES.items()}
    assert given(date(2031, 2, 28)) == {}
    sources = set(Recognition.objects.values_list("source_urn", "document"))
    assert sources == {(f"runs.run/{played.no}", "溪口市亩均办法")}


def test_a_later_result_ends_the_earlier_grades_on_its_day(played: Run, town):
    with day.on(LATER):
        hand_in_figures(town, 乙厂=300)
        draft = services.compute_draft(2031, viewer("chief"))
        services.publish(draft.no, viewer("chief"), "第二次会议")
    assert given(date(2031, 3, 31))[CODES["乙厂"]] == "M"
    # 620 over 45 is the benchmark; 300 over 15 is 1.45 of it
    assert given(LATER)[CODES["乙厂"]] == "H"


def test_the_same_firm_twice_in_one_day_keeps_the_last_grade(played: Run, town):
    hand_in_figures(town, 乙厂=300)
    draft = services.compute_draft(2031, viewer("chief"))
    services.publish(draft.no, viewer("chief"), "第二次会议")
    [held] = Recognition.objects.filter(enterprise__uscc=CODES["乙厂"])
    assert (held.level, held.valid_to) == ("H", None)


def test_a_run_that_is_not_there_or_not_to_be_seen_is_out_of_scope(draft: Run):
    for by, no in ((viewer("chief"), "none"), (viewer("clerk"), draft.no)):
        with pytest.raises(OutOfScope):
            services.publish(no, by, "会议")


def test_the_letters_of_the_grades_are_those_of_the_latest_scheme(town):
    assert services.grade_letters() == ("H", "M", "L")
