"""The site in a browser: the two ways that people go every day, by mouse and by keyboard."""

from pathlib import Path

import pytest

from wuhao.core import city

pytestmark = pytest.mark.browser
FIRM = "91430200MA4W2C1J9K"
FIRM_NAME = "株洲芸河精密刀具有限公司"


def test_from_the_list_to_the_cell(opened) -> None:
    """Enterprise list, record, explanation, source cell: a grade is followed back."""
    page = opened("bureau", "/registers/enterprise/")
    page.keyboard.press("/")
    page.keyboard.type(FIRM_NAME)
    page.keyboard.press("Enter")
    page.click(f"a.name:has-text('{FIRM_NAME}')")
    assert page.inner_text("h1") == FIRM_NAME
    page.hover("dd:has-text('241.62') .src")
    page.wait_for_selector(".src-card .hit:visible")
    assert page.inner_text(".src-card .hit:visible") == "2416200"
    page.mouse.move(0, 0)
    page.click("text=得分说明")
    page.wait_for_selector(".wf-t")
    page.click("#f-tax_per_mu a:has-text('D6')")
    assert page.inner_text("#hit") == "2416200"
    assert "税收_税务局_2021年.xlsx" in page.inner_text("main")


def test_upload_shows_every_finding_and_the_same_file_is_recognised(opened, demo_db: Path) -> None:
    """An office hands in a file with mistakes and is told of all of them, cell by cell."""
    faulty = demo_db / "var" / "demo" / city.read("demo.yaml")["faulty_file"]
    page = opened("tax", "/intake/")
    page.click("a.btn-main")
    page.fill("#year", "2020")
    page.set_input_files("#file", faulty)
    assert page.inner_text("output[for=file]") == faulty.name
    page.click("main button.btn-main")
    page.wait_for_selector("#findings")
    batch = page.url
    assert page.locator(".sev-stop").count() >= 5
    assert page.locator("button:has-text('提交')").count() == 0
    page.locator("#findings a.name").first.click()
    page.wait_for_selector("#hit")
    page.goto(page.url.split("/cells/")[0] + "/intake/upload/")
    page.fill("#year", "2020")
    page.set_input_files("#file", faulty)
    page.click("main button.btn-main")
    assert page.url == batch
    assert "已经收到过" in page.inner_text(".note")


def test_a_form_without_a_file_keeps_what_was_written_and_names_the_field(opened) -> None:
    page = opened("tax", "/intake/upload/")
    page.fill("#year", "20")
    with page.expect_response("**/upload/") as answer:
        page.click("main button.btn-main")
    assert answer.value.status == 422 or page.locator(".errors").count() == 1
    assert page.input_value("#year") == "20"
    page.wait_for_selector(".errors:focus")
    page.click(".errors a[href='#file']")
    assert page.locator(".field-bad").count() >= 1


@pytest.mark.parametrize("keys", ["/", "Control+k"])
def test_search_is_a_key_away(opened, keys: str) -> None:
    page = opened("bureau", "/")
    page.keyboard.press(keys)
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("芸河")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"a:has-text('{FIRM_NAME}')")


def test_j_and_k_move_enter_opens_escape_closes(opened) -> None:
    page = opened("bureau", "/registers/enterprise/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("[data-rows] tr").first
    assert "is-cursor" in first.get_attribute("class")
    name = first.locator("a.name").inner_text()
    page.click("summary:has-text('导出')")
    page.wait_for_selector("#purpose:visible")
    page.keyboard.press("Escape")
    assert page.locator("#purpose:visible").count() == 0
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rec-head")
    assert page.inner_text("h1") == name


def test_a_slash_in_a_field_stays_a_slash(opened) -> None:
    page = opened("tax", "/intake/upload/")
    page.fill("#year", "")
    page.focus("#year")
    page.keyboard.type("1/2")
    assert page.input_value("#year") == "1/2"


def test_the_distribution_is_drawn_and_has_its_table(opened) -> None:
    page = opened("bureau", "/evaluation/")
    page.click("a.btn-main")
    page.wait_for_selector("[data-drawn=yes] svg")
    assert page.locator("[data-chart] svg path").count() > 20
    page.click(".chart-table summary")
    cells = page.locator(".chart-table td").all_inner_texts()
    assert sum(int(text) for text in cells) > 900


def test_drafting_again_runs_as_a_job_with_progress(opened) -> None:
    page = opened("bureau", "/evaluation/")
    page.click("button:has-text('计算草稿')")
    page.wait_for_selector(".prog [role=progressbar]")
    assert "job=" in page.url


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("bureau", "/"),
        ("bureau", "/registers/enterprise/"),
        ("bureau", f"/registers/enterprise/{FIRM}/"),
        ("enterprise", f"/evaluation/latest/{FIRM}/"),
        ("tax", "/intake/upload/"),
        ("tax", "/intake/T1-202100-01/"),
        ("bureau", "/reports/figures/"),
        ("bureau", "/reports/figures/tax_per_mu_above_scale/"),
        ("", "/public/"),
    ],
)
def test_no_page_scrolls_sideways_on_a_telephone(
    opened, username: str, path: str, language: str
) -> None:
    page = opened(username, path, width=390, language=language)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize(("words", "field"), [("导出", "#purpose"), ("列设置", "[name=col]")])
def test_what_unfolds_on_a_telephone_stays_on_it(opened, words: str, field: str) -> None:
    page = opened("bureau", "/registers/enterprise/", width=390)
    page.click(f"details.drop > summary:has-text('{words}')")
    page.wait_for_selector(f"{field} >> visible=true")
    box = page.locator(f".pop:has({field})").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 900


def test_the_menu_of_a_telephone_opens_the_stages(opened) -> None:
    page = opened("enterprise", "/", width=390)
    page.click(".menu-m summary")
    page.click(".menu-m >> text=台账")
    page.wait_for_selector(".rec-head")


def test_the_public_list_works_without_script(chromium, site: str) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(site + "/public/")
    assert page.locator(".hero li").count() > 10
    page.click("summary")
    assert page.locator(".hero-s li").first.is_visible()
    context.close()


def test_paper_has_no_navigation_and_a_stamp(opened) -> None:
    page = opened("bureau", f"/registers/enterprise/{FIRM}/")
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert not page.locator(".top").is_visible()
    assert "张三" in page.inner_text(".print-stamp")
