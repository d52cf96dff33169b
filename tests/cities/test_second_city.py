"""A second city runs the whole house once: nothing in the source knows the first.

What the tests expect follows from the table in xikou.py and from xikou_city/.
"""

from django.test import Client

from tests.cities.xikou import CODES, GRADES, viewer
from wuhao.core.models import User
from wuhao.documents.services import path_of
from wuhao.evaluation import selectors as evaluation
from wuhao.registers.models import Recognition
from wuhao.reports.figures import figure_value, figure_values
from wuhao.reports.letters import check_file, draft_letter
from wuhao.runs.models import Run

FIGURES = {
    "parks_count": ("2个", "works"),
    "enterprises_above_scale": ("3家", "registry"),
    "enterprises_below_scale": ("2家", "registry"),
    "largest_park": ("溪北", "registry"),
    "largest_park_enterprises": ("2家", "registry"),
    "largest_park_share": ("66.7%", "registry"),
    "graded_enterprises": ("4家", "works"),
    "grade_h": ("2家", "works"),
    "grade_m": ("1家", "works"),
    "grade_l": ("1家", "works"),
    "grade_a_share": ("50.0%", "works"),
    "ungraded_enterprises": ("1家", "works"),
    "vetoed_enterprises": ("0家", "works"),
    "tax_counted_total": ("0.04亿元", "treasury"),  # 430 万元
    "land_graded": ("48.00亩", "treasury"),
    "tax_per_mu_above_scale": ("9.33万元/亩", "treasury"),  # 420 over 45
    "batches_accepted": ("2批", "works"),
}


def test_the_grades_are_those_of_its_own_scheme(played: Run):
    names = {code: name for name, code in CODES.items()}
    given = Recognition.objects.values_list("enterprise__uscc", "level")
    assert {names[code]: level for code, level in given} == GRADES
    assert played.outcomes.get(subject_key=CODES["戊厂"]).excluded == "tiny"


def test_its_figures_are_those_counted_by_hand_under_its_own_offices(played: Run):
    found = {
        value.figure.code: (value.printed, value.figure.owner)
        for value in figure_values(viewer("chief"))
    }
    assert found == FIGURES


def test_the_share_of_the_best_grade_is_named_by_its_letter(played: Run):
    assert str(figure_value(viewer("chief"), "grade_a_share").figure.label) == "H类企业占比"


def test_the_public_list_holds_its_best_grade(played: Run):
    assert {row["name"] for row in evaluation.public_list()["rows"]} == {"甲厂", "丁厂"}
    page = Client().get("/public/").content.decode()
    assert "甲厂" in page
    assert "乙厂" not in page


def test_the_spread_of_totals_counts_its_own_letters(played: Run):
    bins = evaluation.distribution(viewer("chief"), played.no, "above")
    totals = [sum(one["counts"][grade] for one in bins) for grade in "LMH"]
    assert list(bins[0]["counts"]) == ["L", "M", "H"]
    assert totals == [1, 1, 1]


def test_a_park_of_it_sees_its_own_firms(played: Run):
    assert figure_value(viewer("north"), "enterprises_above_scale").printed == "2家"


def test_its_letter_holds_its_figures(played: Run):
    path = path_of(draft_letter(viewer("chief"), "note"))
    checks = check_file(viewer("chief"), path)
    assert {row.code: (row.state, row.new) for row in checks} == {
        "parks_count": ("holds", "2个"),
        "graded_enterprises": ("holds", "4家"),
        "grade_h": ("holds", "2家"),
        "grade_a_share": ("holds", "50.0%"),
    }


def test_its_pages_open(played: Run):
    client = Client()
    client.force_login(User.objects.get(username="chief"))
    for address in ("/", "/intake/", "/registers/enterprise/", "/registers/park/",
                    f"/registers/enterprise/{CODES['甲厂']}/", f"/evaluation/{played.no}/",
                    f"/evaluation/{played.no}/results/", "/reports/figures/",
                    f"/evaluation/{played.no}/explain/{CODES['乙厂']}/"):  # fmt: skip
        assert client.get(address).status_code == 200, address
