"""A doubtful match in the browser: decided once, not asked again, undone where it was wrong."""

from pathlib import Path

import pytest

from tests.intake.books import book
from tests.web.conftest import AsUser
from wuhao.intake.models import Batch

TYPED_OVER = "株洲芸河精密刃具有限公司"
FIRM = "91430200MA4W2C1J9K"


def workbook(folder: Path, name: str, tax: int) -> Path:
    rows = [["信用代码", "纳税人名称", "实缴税金合计（元）"], [None, TYPED_OVER, tax]]
    path = folder / name
    path.write_bytes(book(rows))
    return path


def hand_in(page, path: Path, year: str) -> None:
    page.goto(page.url.split("/intake/")[0] + "/intake/upload/")
    page.select_option("#template", "T1")
    page.fill("#year", year)
    page.set_input_files("#file", path)
    page.click("main button.btn-main")
    page.wait_for_selector("#findings")


@pytest.mark.browser
def test_a_doubtful_match_is_decided_once(opened, tmp_path) -> None:
    office = opened("tax", "/intake/upload/")
    hand_in(office, workbook(tmp_path, "一.xlsx", 5), "2020")
    assert "认不准" in office.inner_text("#findings")
    waiting = office.url

    bureau = opened("bureau", "/")
    bureau.click("a.name:has-text('1 家认不准是谁')")
    bureau.click(f"a:has-text('{TYPED_OVER}')")
    said = bureau.inner_text("main")
    assert "株洲芸河精密刀具有限公司" in said
    assert FIRM in said
    bureau.fill("#note", "电话核实")
    bureau.click("button:text-is('是同一家')")
    bureau.wait_for_selector("text=已认定")

    office.goto(waiting)
    assert "照以前的认定认作" in office.inner_text("#findings")
    assert office.locator("button:text-is('提交')").count() == 1
    hand_in(office, workbook(tmp_path, "二.xlsx", 6), "2019")
    assert "认不准" not in office.inner_text("#findings")
    assert office.locator("button:text-is('提交')").count() == 1

    bureau.click(f"a:has-text('{TYPED_OVER}')")
    bureau.fill("#note", "两家不同")
    bureau.click("button:text-is('撤销认定')")
    bureau.wait_for_selector("text=重新列为待认定")
    office.goto(waiting)
    assert "认不准" in office.inner_text("#findings")
    assert Batch.objects.filter(template="T1", errors__gt=0, period=202000).exists()


def test_nothing_to_be_decided_is_said(as_user: AsUser) -> None:
    assert "没有待认定的" in as_user("bureau").get("/registers/matches/").content.decode()
