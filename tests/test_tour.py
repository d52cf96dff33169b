"""docs/tour.md is true: the enterprise it follows goes the way it says."""

import re
from decimal import Decimal

import openpyxl

from tests.paths import ROOT
from wuhao.core.models import User
from wuhao.core.viewer import viewer_of
from wuhao.evaluation import selectors as evaluation
from wuhao.evaluation.explaining import explanation
from wuhao.registers.models import Enterprise, EnterpriseName
from wuhao.reports.figures import figure_value
from wuhao.runs.models import Run

NAME, USCC = "株洲芸河精密刀具有限公司", "91430200MA4W2C1J9K"


def test_every_file_that_the_tour_names_exists():
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    places = re.findall(r"`((?:src|cities|tests)/[^`]+)`", text)
    assert len(places) >= 10
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_the_enterprise_goes_from_row_17_to_its_grade_and_into_the_letter(demo_db):
    bureau = viewer_of(User.objects.get(username="bureau"))
    [directory] = (demo_db / "var" / "demo").glob("企业名录*.xlsx")
    row = [cell.value for cell in openpyxl.load_workbook(directory).worksheets[0][17]]
    assert NAME in row
    assert USCC in row
    assert Enterprise.objects.get(uscc=USCC).row == 17
    run = Run.objects.get(status="published")
    explained = explanation(bureau, run.no, USCC)
    assert explained.sources["tax_paid_yuan"].value == 241_620_000
    assert explained.sources["land_m2"].value == 3_080_000
    assert explained.trace.grade == "C"
    names = {row["name"] for row in evaluation.public_list()["rows"]}
    assert NAME not in names
    before = figure_value(bureau, "enterprises_above_scale").value
    EnterpriseName.objects.filter(enterprise__uscc=USCC).delete()
    Enterprise.objects.get(uscc=USCC).years.all().delete()
    assert figure_value(bureau, "enterprises_above_scale").value == before - Decimal(1)
