"""A second city runs the whole house once: nothing in the source knows the first.

What the tests expect follows from this table (万元, 亩, persons) and 2031.yaml:

    厂  park   size  levy  land  staff   levy/亩 : 420/45   score   grade
    甲  溪北   大    300   15    50      2.14, capped 1.5    150     H
    乙  溪北   大    100   15    50      0.714               71.4    M
    丙  溪南   大    20    15    50      0.143               14.3    L
    丁  溪南   小    10    3     5       1 (alone)           100     H
    戊  溪北   小    1     3     2       -                   -       fewer than three people
"""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from wuhao.core import city as city_files
from wuhao.core import day
from wuhao.core.codes import completed_uscc
from wuhao.core.models import User
from wuhao.core.services import appoint, load_offices
from wuhao.core.viewer import Viewer, viewer_of
from wuhao.documents.services import path_of
from wuhao.evaluation import selectors as evaluation
from wuhao.evaluation import services
from wuhao.intake import services as intake
from wuhao.registers.models import Recognition
from wuhao.registers.services import reference
from wuhao.reports.figures import figure_value, figure_values
from wuhao.reports.letters import check_file, draft_letter
from wuhao.runs.models import Run

CITY = Path(__file__).parent / "xikou"
TABLE = [
    ("甲厂", "溪北园区", "大", 300, 15, 50),
    ("乙厂", "溪北园区", "大", 100, 15, 50),
    ("丙厂", "溪南园区", "大", 20, 15, 50),
    ("丁厂", "溪南园区", "小", 10, 3, 5),
    ("戊厂", "溪北园区", "小", 1, 3, 2),
]
CODES = {row[0]: completed_uscc(f"91990100MAX{place:05d}") for place, row in enumerate(TABLE)}
GRADES = {"甲厂": "H", "乙厂": "M", "丙厂": "L", "丁厂": "H"}
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


def viewer(username: str) -> Viewer:
    return viewer_of(User.objects.get(username=username))


@pytest.fixture
def played(db, settings, tmp_path: Path) -> Run:
    """The town's offices entered, two workbooks accepted, one evaluation published."""
    settings.WUHAO_CITY = CITY
    with day.on(date(2031, 3, 1)):
        load_offices()
        reference.load_parks()
        reference.load_indicators()
        for user in city_files.read("city.yaml")["users"]:
            appoint(**user)
        directory = [(CODES[name], name, park, size) for name, park, size, *_ in TABLE]
        hand_in(tmp_path, "DIR", "keeper", ["代码", "厂名", "园", "大小"], directory)
        figures = [(CODES[name], *amounts) for name, _park, _size, *amounts in TABLE]
        hand_in(tmp_path, "FIG", "clerk", ["代码", "税费（万元）", "用地（亩）", "人数"], figures)
        draft = services.compute_draft(2031, viewer("chief"))
        yield services.publish(draft.no, viewer("chief"), "工务会议")


def hand_in(folder: Path, template: str, username: str, heads: list[str], rows: list) -> None:
    book = openpyxl.Workbook()
    for row in (heads, *rows):
        book.active.append(row)
    path = folder / f"{template}.xlsx"
    book.save(path)
    batch = intake.receive_path(path, template, 203000, viewer(username)).batch
    assert (batch.rows, batch.errors) == (len(rows), 0)
    intake.submit(batch, viewer(username))
    intake.accept(batch, viewer("chief"))


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
