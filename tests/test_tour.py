"""docs/tour.md is true: the enterprise it follows goes the way it says, in the files it names."""

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from django.test import Client

from tests.paths import ROOT
from wuhao.config.commands.letter import letter as letter_command
from wuhao.core.models import User
from wuhao.core.viewer import Viewer, viewer_of
from wuhao.documents.services import path_of
from wuhao.evaluation.explaining import explanation
from wuhao.intake import store
from wuhao.intake.models import Batch
from wuhao.registers.models import Enterprise, EnterpriseYear, Observation, Recognition
from wuhao.reports.figures import figure_value
from wuhao.reports.letters import draft_letter
from wuhao.runs.models import Outcome, Run

NAME, USCC = "株洲麓屿生物医药有限公司", "91430200MAYAX4WE7C"
C_NAME, C_USCC = "株洲芸河精密刀具有限公司", "91430200MA4W2C1J9K"
TOUR = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
COUNTING = ("enterprises_above_scale", "graded_enterprises", "grade_a")


@pytest.fixture
def bureau(demo_db) -> Viewer:
    return viewer_of(User.objects.get(username="bureau"))


def row_17(folder: Path, name: str) -> list[object]:
    return [cell.value for cell in openpyxl.load_workbook(folder / name).worksheets[0][17]]


def run() -> Run:
    return Run.objects.get(status=Run.Status.PUBLISHED)


def checked(path: Path) -> str:
    return CliRunner().invoke(letter_command, ["check", str(path)]).output


def test_every_file_that_the_tour_names_exists():
    places = re.findall(r"`((?:src|cities|tests)/[^`]+)`", TOUR)
    assert len(places) >= 16
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_the_workbooks_that_the_tour_names_have_its_enterprises_on_row_17(demo_db):
    books = re.findall(r"\S+_2021年\.xlsx", TOUR)
    tax, directory = (row_17(demo_db / "var" / "demo", name) for name in books)
    assert tax[1:4] == [USCC, NAME, 5904876.59]
    assert {C_NAME, C_USCC} <= set(directory)
    assert {NAME, USCC, C_NAME, C_USCC} <= set(re.findall(r"[一-龥]{10,}|9143\w{14}", TOUR))


def test_row_17_becomes_a_row_of_the_batch_and_an_observation_with_its_cell(demo_db):
    batch = Batch.objects.get(template="T1", status=Batch.Status.ACCEPTED)
    [row] = [row for row in store.rows_of(batch.no).to_pylist() if row["row"] == 17]
    assert (row["sheet"], row["uscc"], row["tax_paid_yuan__column"]) == ("入库汇总", USCC, "D")
    tax = Observation.objects.get(subject__key=USCC, indicator__code="tax_paid_yuan")
    assert (tax.batch, tax.sheet, tax.row, tax.column) == (batch, "入库汇总", 17, "D")
    assert tax.value == row["tax_paid_yuan"] == 590_487_659
    assert Enterprise.objects.get(uscc=USCC).names.get().name == NAME


def test_the_run_grades_it_as_its_parts_say_by_hand(bureau):
    explained = explanation(bureau, run().no, USCC)
    assert explained.sources["tax_paid_yuan"].cell == "D17"
    assert explained.sources["land_m2"].value == 1_934_063
    [tax_per_mu] = [item for item in explained.trace.items if item.code == "tax_per_mu"]
    # 5904876.59 + 871250.86 yuan over 19340.63 m2, in 万元/亩
    by_hand = Decimal("6776127.45") / 10_000 / (Decimal("19340.63") * 3 / 2000)
    assert abs(tax_per_mu.value - by_hand) < Decimal("0.00001")
    outcome = run().outcomes.get(subject_key=USCC)
    better = run().outcomes.filter(group="above", total__gt=outcome.total).count()
    assert (explained.trace.grade, outcome.rank, outcome.group_size) == ("A", better + 1, 944)
    assert f"rank {outcome.rank} of {outcome.group_size}" in TOUR
    assert Recognition.objects.get(enterprise__uscc=USCC).level == "A"


def test_the_published_list_names_it_and_the_c_enterprise_not(bureau):
    page = Client().get("/public/").content.decode()
    assert NAME in page
    assert USCC not in page
    assert C_NAME not in page
    assert run().outcomes.get(subject_key=C_USCC).grade == "C"


def test_a_letter_counts_it_and_its_check_says_when_it_is_gone(bureau):
    path = path_of(draft_letter(bureau))
    assert "→" not in checked(path)
    before = {code: figure_value(bureau, code).value for code in COUNTING}
    EnterpriseYear.objects.filter(enterprise__uscc=USCC).delete()
    Outcome.objects.filter(subject_key=USCC).delete()
    after = {code: figure_value(bureau, code).value for code in COUNTING}
    assert after == {code: value - 1 for code, value in before.items()}
    said = checked(path)
    for code in COUNTING:
        assert f"{before[code]}家 → {after[code]}家" in said
