"""Collections and corrections as people see them: pages, and in a browser from end to end."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.intake.books import book
from tests.web.conftest import AsUser
from wuhao.core import city, jobs
from wuhao.core.models import Job
from wuhao.intake import services
from wuhao.intake.models import Batch, Collection

PARK = "park-430200Y01"


def old_workbook(folder: Path) -> Path:
    rows = [["2021年园区招工情况表"], ["单位：万元"], 
            ["序号", "企业名称", "统一社会信用代码", "工资总额", "缺工人数（人）"],
            [1, "株洲芸河精密刀具有限公司", "91430200MA4W2C1J9K", 830.5, 12]]  # fmt: skip
    path = folder / "2021年招工情况.xlsx"
    path.write_bytes(book(rows))
    return path


@pytest.mark.browser
def test_from_an_old_workbook_to_the_merged_sheet(opened, tmp_path) -> None:
    """The bureau drops last year's table; a park fills it in; one workbook comes out."""
    page = opened("bureau", "/intake/")
    page.click("a:text-is('收表')")
    page.click("a.btn-main:has-text('发起收表') >> nth=0")
    page.set_input_files("#file", old_workbook(tmp_path))
    page.click("main button.btn-main")
    page.wait_for_selector("text=认出 4 列")
    page.fill("#purpose", "摸底缺工")
    page.check(f"input[name=office][value='{PARK}']")
    page.click("main button:text-is('发出')")
    page.wait_for_selector("text=还有 1 家没有交")
    address = page.url
    page.click("button:has-text('催报选中的')")
    page.wait_for_selector("text=已催报")

    park = opened("park", "/")
    park.click("a:has-text('2021年招工情况')")
    park.click("a.btn-main:has-text('在页面上填')")
    row = park.locator("tr:has(input[value='91430200MA4W2C1J9K'])")
    row.locator("input").nth(2).fill("900.25")
    row.locator("input").nth(3).fill("15")
    park.click("main button.btn-main >> nth=0")
    park.wait_for_selector("#findings")
    park.click("button:text-is('提交')")
    park.wait_for_selector("text=已提交")
    park.click("a:text-is('回执')")
    assert "900.25" in park.inner_text("main")

    page.goto(address)
    page.wait_for_selector("text=还有 0 家没有交")
    with page.expect_download() as download:
        page.click("a:text-is('下载合并表')")
    sheet = openpyxl.load_workbook(BytesIO(download.value.path().read_bytes())).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    hit = next(line for line in lines if line[2] == "91430200MA4W2C1J9K")
    assert hit[3:6] == (900.25, 15, "株洲高新区管委会")


@pytest.mark.browser
def test_a_departments_bad_file_becomes_a_receipt(opened, demo_db: Path) -> None:
    """What is wrong is corrected in the page, cell by cell, until it can be handed in."""
    original = demo_db / "var" / "demo" / city.read("demo.yaml")["files"]["T4"]
    sheet = openpyxl.load_workbook(original)
    first = sheet.worksheets[0]
    cells = [cell for row in first.iter_rows(min_row=5, min_col=4) for cell in row]
    place = next(cell for cell in cells if isinstance(cell.value, float | int))
    place.value = "约三千"
    stream = BytesIO()
    sheet.save(stream)
    path = demo_db / "坏.xlsx"
    path.write_bytes(stream.getvalue())
    page = opened("power", "/intake/upload/")
    page.select_option("#template", "T4")
    page.fill("#year", "2021")
    page.set_input_files("#file", path)
    page.click("main button.btn-main")
    page.wait_for_selector("#findings")
    assert page.locator("button:text-is('提交')").count() == 0
    page.locator("#findings tr:has(.sev-stop) a.name").first.click()
    page.wait_for_selector("#hit")
    assert page.inner_text("#hit") == "约三千"
    page.fill("#text", "3000")
    page.click("button:text-is('改这一格')")
    page.wait_for_selector("text=整批重新检查过")
    assert "约三千 → 3000" in page.inner_text("main")
    assert page.locator(".sev-stop").count() == 0
    page.click("button:text-is('提交')")
    page.wait_for_selector("text=已提交")
    page.click("a:text-is('回执')")
    said = page.inner_text("main")
    assert "页面上改正的单元格" in said
    assert Batch.objects.get(template="T4", status="submitted", period=202100).digest in said


@pytest.mark.browser
def test_how_a_sheet_is_read_is_corrected_with_the_mouse(opened, demo_db: Path) -> None:
    firm = ["91430200MA4W2C1J9K", "株洲芸河精密刀具有限公司", 5]
    lines = [["用电登记"], ["甲", "乙", "丙"], firm,
             ["以上为一季度"]]  # fmt: skip
    path = demo_db / "自拟.xlsx"
    path.write_bytes(book(lines))
    page = opened("tax", "/intake/upload/")
    page.select_option("#template", "T1")
    page.fill("#year", "2021")
    page.set_input_files("#file", path)
    page.click("main button.btn-main")
    page.click("a:text-is('看怎样读的')")
    for pen, line in (("top", 2), ("bottom", 2), ("first", 3), ("last", 3)):
        page.check(f"input[name=pen][value={pen}]")
        page.click(f"button[data-line='{line}']")
    assert page.locator("tr.role-head").count() == 1
    assert page.locator("tr.role-data").count() == 1
    for index, code in enumerate(("uscc", "name", "tax_paid_yuan")):
        page.select_option(f"select[name=c-{index}]", code)
    page.select_option("select[name=u-2]", "万元")
    page.click("button:has-text('照这样读')")
    page.wait_for_selector("text=已按您说的读")
    batch = Batch.objects.get(file__name="自拟.xlsx")
    assert (batch.rows, batch.sums["tax_paid_yuan"]) == (1, 5_000_000)


def test_all_cells_in_question_are_corrected_on_one_page(as_user: AsUser) -> None:
    client, address = as_user("tax"), "/intake/T1-202100-01/fix/"
    batch = Batch.objects.get(no="T1-202100-01")
    stops = list(batch.findings.filter(severity="error").values_list("cell", flat=True))
    page = client.get(address).content.decode()
    assert all(f"入库汇总!{cell}" in page for cell in stops)
    assert "约120万" in page
    at = next(n for n in range(40) if f'name="t-{n}" value="约120万"' in page)
    assert client.post(address, {f"t-{at}": "120"}).status_code == 302
    batch.refresh_from_db()
    assert batch.errors == len(stops) - 1
    assert client.post(address, {}).status_code == 422


def test_an_empty_post_of_the_mouse_is_refused_on_the_page(as_user: AsUser) -> None:
    client = as_user("tax")
    answer = client.post("/intake/T1-202100-01/reading/correct/", {"sheet": "入库汇总"})
    assert answer.status_code == 400
    assert "表头应在" in answer.content.decode()


def test_the_desk_says_what_an_office_is_asked_for_and_the_bureau_what_it_waits_for(
    as_user: AsUser,
) -> None:
    bureau = as_user("bureau")
    upload = BytesIO(book([["企业名称", "户数"], ["甲", 1], ["乙", 2]]))
    upload.name = "户数.xlsx"
    page = bureau.post("/collections/new/", {"file": upload})
    code = Collection.objects.latest("pk").code
    assert page["Location"] == f"/collections/{code}/"
    sent = {
        "title": "户数",
        "purpose": "核对",
        "year": "2021",
        "days": "2",
        "office": ["tax", "land"],
    }
    assert bureau.post(f"/collections/{code}/send/", sent).status_code == 302
    assert "剩 2 个工作日" in as_user("tax").get("/").content.decode()
    assert "交齐 0 / 2 家" in bureau.get("/").content.decode()
    assert "户数" not in as_user("stats").get("/").content.decode()


def test_the_receipt_and_the_difference_are_for_the_office_and_the_bureau(as_user: AsUser) -> None:
    said = as_user("tax").get("/intake/T1-202100-02/receipt/").content.decode()
    batch = Batch.objects.get(no="T1-202100-02")
    assert batch.digest in said
    assert batch.file.digest in said
    assert as_user("tax").get("/intake/T1-202100-01/difference/?kind=new").status_code == 400


def test_the_marked_workbook_comes_back_with_comments(as_user: AsUser) -> None:
    answer = as_user("tax").get("/intake/T1-202100-01/annotated/")
    marked = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    comments = [cell for row in marked.worksheets[0].iter_rows() for cell in row if cell.comment]
    stops = Batch.objects.get(no="T1-202100-01").findings.filter(severity="error")
    cells = {cell.coordinate for cell in comments}
    assert cells >= set(stops.values_list("cell", flat=True))


def test_a_large_file_and_a_large_batch_are_worked_on_behind_the_page(
    as_user: AsUser, demo_db: Path, monkeypatch
) -> None:
    monkeypatch.setattr(services, "SMALL_BYTES", 10)
    monkeypatch.setattr(services, "FEW_ROWS", 10)
    tax = as_user("tax")
    original = demo_db / "var" / "demo" / city.read("demo.yaml")["files"]["T1"]
    with original.open("rb") as file:
        posted = {"template": "T1", "year": "2020", "part": "00", "file": file}
        address = tax.post("/intake/upload/", posted)["Location"]
    job = Job.objects.get(pk=int(address.split("job=")[1]))
    assert "排队" in tax.get(address).content.decode()
    jobs.perform(job)
    bar = tax.get(f"/jobs/{job.pk}/").content.decode()
    batch = Batch.objects.get(template="T1", period=202000)
    assert f'data-reload="/intake/{batch.no}/?job={job.pk}"' in bar
    assert "1404 行" in tax.get(f"/intake/{batch.no}/?job={job.pk}").content.decode()
    tax.post(f"/intake/{batch.no}/move/", {"transition": "submit"})
    bureau = as_user("bureau")
    address = bureau.post(f"/intake/{batch.no}/move/", {"transition": "accept"})["Location"]
    jobs.perform(Job.objects.get(pk=int(address.split("job=")[1])))
    assert f"{batch.no} 已受理" in bureau.get(address).content.decode()
    batch.refresh_from_db()
    assert batch.status == "accepted"
