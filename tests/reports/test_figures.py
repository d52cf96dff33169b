"""Figures are counted over the records in reach, with both parts, basis, day and lineage."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.cast import office, person
from tests.reports import world
from wuhao.core import day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.register import AsOf
from wuhao.core.viewer import MACHINE, PUBLIC
from wuhao.registers.models import EnterprisePark
from wuhao.reports.figures import figure_value, figure_values, figures

pytestmark = pytest.mark.django_db
BY_HAND = {
    # code: (printed, numerator, denominator), from the table in world.py
    "parks_count": ("2个", "2", None),
    "enterprises_above_scale": ("5家", "5", None),
    "enterprises_below_scale": ("3家", "3", None),
    "largest_park": ("东园区", "3", "5"),
    "largest_park_enterprises": ("3家", "3", "5"),
    "largest_park_share": ("60.0%", "3", "5"),
    "graded_enterprises": ("6家", "6", "8"),
    "grade_a": ("2家", "2", "6"),
    "grade_b": ("2家", "2", "6"),
    "grade_c": ("1家", "1", "6"),
    "grade_d": ("1家", "1", "6"),
    "grade_a_share": ("33.3%", "2", "6"),
    "ungraded_enterprises": ("2家", "2", "8"),
    "vetoed_enterprises": ("1家", "1", "6"),
    # 3000000 + 2100000 + 950000 + 500000 + 200000 + 100000
    "tax_counted_total": ("0.07亿元", "6850000.00", None),
    # 10000 + 20000 + 30000 + 40000 + 10000 + 5000 m2
    "land_graded": ("172.50亩", "115000.00", None),
    # 6550000 yuan over 100000 m2 = 655 万元 over 150 亩
    "tax_per_mu_above_scale": ("4.37万元/亩", "6550000.00", "100000.00"),
    "batches_accepted": ("2批", "2", None),
}


@pytest.fixture(autouse=True)
def city():
    with day.on(world.DAY):
        world.build()
        world.batch("B1")
        world.batch("B2")
        world.batch("B3", status="returned")
        yield


def parts_of(value):
    def exact(number):
        return None if number is None else Decimal(number)

    return value.printed, exact(value.numerator), exact(value.denominator)


def test_every_figure_is_what_is_counted_by_hand():
    found = {value.figure.code: parts_of(value) for value in figure_values(MACHINE)}
    assert found == {
        code: (printed, Decimal(top), None if whole is None else Decimal(whole))
        for code, (printed, top, whole) in BY_HAND.items()
    }


def test_there_are_at_least_twelve_figures_and_each_says_what_it_counts():
    assert len(figures()) >= 12
    offices = {"iit", "tax", "stats", "land", "mkt"}
    for figure in figures().values():
        assert str(figure.label)
        assert str(figure.basis)
        assert figure.owner in offices


def test_every_rate_carries_its_denominator():
    for value in figure_values(MACHINE):
        if value.figure.rule.unit == "%" or "/" in value.figure.rule.unit:
            assert value.denominator, value.figure.code


def test_firms_not_graded_are_named_by_reason():
    assert figure_value(MACHINE, "ungraded_enterprises").detail == (
        ("公用事业", 1),
        ("用地不足5亩", 1),
    )


def test_a_cap_is_no_veto():
    assert figure_value(MACHINE, "vetoed_enterprises").detail == (("生产安全事故", 1),)


def test_lineage_names_the_records_and_their_number():
    part, whole = figure_value(MACHINE, "grade_a_share").lineage
    assert (part.selector, part.filter, part.count) == ("evaluation.results", "grade=A", 2)
    assert (whole.filter, whole.count) == ("grade!=''", 6)
    assert "RUN-2021" in part.source


def test_lineage_follows_the_values_behind_a_total():
    def digest():
        return figure_value(MACHINE, "tax_counted_total").lineage_digest

    before = digest()
    world.correct("甲", "tax_paid_yuan", 1)
    assert digest() != before


def test_a_figure_is_as_of_its_day():
    world.enterprise("新", "P2", "above", "1", "0", "0", "1")
    EnterprisePark.objects.filter(enterprise__uscc=world.uscc("新")).update(
        valid_from=date(2022, 6, 28)
    )
    the_day, before = AsOf(on=date(2022, 6, 28)), AsOf(on=date(2022, 6, 27))
    assert figure_value(MACHINE, "largest_park_share", the_day).denominator == 6
    assert figure_value(MACHINE, "largest_park_share", before).denominator == 5


def test_the_cut_off_is_the_house_s_day():
    assert {value.cut_off for value in figure_values(MACHINE)} == {world.DAY}


def test_without_a_published_run_grades_are_missing_and_say_so():
    world.Run.objects.update(status="draft")
    value = figure_value(MACHINE, "grade_a")
    assert (value.value, value.printed) == (None, "")
    assert "还没有公布" in value.missing
    assert figure_value(MACHINE, "enterprises_above_scale").printed == "5家"


def test_next_years_run_does_not_change_this_years_figures():
    world.run("RUN-2022", 202200, published=True).outcomes.filter(grade="A").delete()
    assert figure_value(MACHINE, "grade_a").printed == "2家"


def test_an_empty_house_has_no_largest_park_and_no_tax_per_mu():
    for name in world.TABLE:
        world.delete(name)
    values = {value.figure.code: value for value in figure_values(MACHINE)}
    assert "还没有" in values["largest_park"].missing
    assert "分母" in values["tax_per_mu_above_scale"].missing


def test_a_park_counts_only_its_own():
    office("park-P1", park_code="P1")
    clerk = person("clerk", "park_staff", "park-P1")
    assert figure_value(clerk, "enterprises_above_scale").printed == "3家"
    assert figure_value(clerk, "grade_a").printed == "1家"
    assert figure_value(clerk, "parks_count").printed == "1个"


def test_what_a_park_counts_says_that_it_is_the_park_s():
    office("park-P1", park_code="P1")
    clerk = person("clerk", "park_staff", "park-P1")
    above = figure_value(clerk, "enterprises_above_scale")
    assert above.label == "本园区 · 规模以上工业企业数"
    assert above.basis.endswith("只数本园区")
    assert figure_value(MACHINE, "enterprises_above_scale").label == "规模以上工业企业数"
    for code in ("largest_park", "largest_park_enterprises", "largest_park_share"):
        assert "只看本园区" in figure_value(clerk, code).missing


def test_an_enterprise_gets_no_figure_of_the_city():
    firm = person("firm", "enterprise_user", "enterprise", own_key=world.uscc("甲"))
    with pytest.raises(OutOfScope, match="一企一档"):
        figure_values(firm)


def test_batches_are_missing_for_who_reads_none_and_an_office_counts_its_own():
    office("park-P1", park_code="P1")
    found = figure_value(person("lead", "city_lead", "gov"), "batches_accepted")
    assert found.missing == "您的岗位看不到批次。"
    assert found.value is None
    clerk = person("clerk", "park_staff", "park-P1")
    assert figure_value(clerk, "batches_accepted").label == "本园区 · 已受理数据批次"
    officer = person("officer", "dept_provider", "tax")
    assert figure_value(officer, "batches_accepted").label == "本单位 · 已受理数据批次"


def test_who_may_not_see_tax_sees_no_total_of_it():
    office("park-P1", park_code="P1")
    clerk = person("clerk", "park_staff", "park-P1")
    for code in ("tax_counted_total", "land_graded", "tax_per_mu_above_scale"):
        assert "看不到" in figure_value(clerk, code).missing


def test_an_office_that_may_not_see_grades_gets_no_count_of_them():
    officer = person("officer", "dept_provider", "tax")
    for code in ("grade_a", "ungraded_enterprises", "tax_counted_total"):
        assert "看不到评价结果" in figure_value(officer, code).missing
    assert figure_value(officer, "enterprises_above_scale").printed == "5家"


def test_a_visitor_sees_no_figure():
    with pytest.raises(OutOfScope):
        figure_values(PUBLIC)


def test_an_unknown_figure_names_the_nearest():
    with pytest.raises(DomainError, match="grade_a_share"):
        figure_value(MACHINE, "grade_share")


def test_plain_figures_are_json_with_exact_numbers():
    [row] = [v.plain() for v in figure_values(MACHINE) if v.figure.code == "grade_a_share"]
    again = json.loads(json.dumps(row, ensure_ascii=False))
    assert (again["text"], again["value"], again["unit"]) == ("33.3%", "33.3", "%")
    assert (again["numerator"], again["denominator"]) == ("2", "6")
    assert again["cut_off"] == "2022-06-28"
    assert [part["count"] for part in again["lineage"]] == [2, 6]


def test_all_figures_take_a_handful_of_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        figure_values(MACHINE)


def test_a_total_of_fewer_than_three_enterprises_is_not_given():
    world.delete("甲")
    world.Outcome.objects.filter(label="甲").delete()
    assert figure_value(MACHINE, "tax_per_mu_above_scale").printed  # 乙 丙 丁
    world.delete("乙")
    world.Outcome.objects.filter(label="乙").delete()
    assert "不足 3 家" in figure_value(MACHINE, "tax_per_mu_above_scale").missing
    assert figure_value(MACHINE, "tax_counted_total").printed  # 丙 丁 己 庚
