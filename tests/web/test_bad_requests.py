"""Addresses and forms that nobody should send: an answer in a sentence, never an error of ours."""

from pathlib import Path

import pytest

from tests.web.conftest import AsUser
from tests.web.test_pages import FIRM, run_no, words
from tests.web.test_working_day import hand_in
from wuhao.core import city
from wuhao.intake.models import Batch


@pytest.mark.parametrize("page", ["999999999999999999999", "0", "-1", "x", "9999999"])
def test_a_page_that_no_list_has_is_still_a_list(as_user: AsUser, page: str) -> None:
    assert as_user("bureau").get(f"/registers/enterprise/?page={page}").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1949-09-30", "x", "2022-02-30"])
def test_a_day_that_cannot_be_looked_at_is_today(as_user: AsUser, day: str) -> None:
    client = as_user("bureau")
    answer = client.get(f"/registers/enterprise/{FIRM}/?as_of={day}")
    assert answer.status_code == 200
    assert "2022年6月28日" in words(answer)


@pytest.mark.parametrize("year", ["1" * 5000, "20222", "202", "２０２２年", ""])
def test_a_year_that_is_none_is_told_beside_its_field(
    as_user: AsUser, demo_db: Path, year: str
) -> None:
    workbook = demo_db / "var/demo" / city.read("demo.yaml")["files"]["T1"]
    answer = hand_in(as_user("tax"), workbook, "T1", year)
    assert answer.status_code == 422
    assert "年度要写成四位数字" in words(answer)


def test_a_return_without_a_reason_stays_on_the_batch_and_keeps_what_was_written(
    as_user: AsUser, demo_db: Path
) -> None:
    waiting = Batch.objects.get(status="submitted").no
    answer = as_user("bureau").post(
        f"/intake/{waiting}/move/", {"transition": "return", "note": "  "}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'class="field field-bad"' in page
    assert "退回要写明原因" in words(answer)
    assert "受理入账" in words(answer)


def test_publishing_without_words_stays_on_the_run(as_user: AsUser) -> None:
    bureau = as_user("bureau")
    answer = bureau.post(f"/evaluation/{run_no(bureau)}/publish/", {"note": ""})
    assert answer.status_code == 400
    assert "历次计算" in words(answer)


def test_a_refusal_leads_back_to_the_page_it_came_from_on_this_site_alone(
    as_user: AsUser,
) -> None:
    client, lost = as_user("bureau"), "/registers/enterprise/91430200000000000X/"
    page = client.get(lost, headers={"referer": "http://testserver/intake/"}).content.decode()
    assert 'href="http://testserver/intake/"' in page
    assert "返回上一页" in page
    elsewhere = client.get(lost, headers={"referer": "http://elsewhere/"}).content.decode()
    assert "elsewhere" not in elsewhere
    assert "回到首页" in elsewhere


def test_chinese_comes_first_whatever_the_browser_wishes(client) -> None:
    answer = client.get("/login/", headers={"accept-language": "en"})
    assert "登录" in words(answer)
    assert answer.headers["Content-Language"] == "zh-hans"
    client.cookies["django_language"] = "en"
    assert "Log in" in words(client.get("/login/"))
    client.cookies["django_language"] = "xx"
    assert "登录" in words(client.get("/login/"))


@pytest.mark.django_db
def test_an_empty_login_says_what_is_empty(client) -> None:
    answer = client.post("/login/", {"username": " ", "password": ""})
    assert answer.status_code == 401
    assert "请填写用户名。" in words(answer)
    assert "请填写口令。" in words(answer)


def test_the_desk_tells_the_table_that_stands_and_not_a_mistake_taken_back(
    as_user: AsUser, demo_db: Path
) -> None:
    first = Batch.objects.get(no="T1-202100-01")
    assert first.status == "draft"
    text = words(as_user("bureau").get("/"))
    assert "T1-202100-02 · 1,404 行 已受理" in text
    assert "T1-202100-01" not in text
    Batch.objects.filter(pk=first.pk).update(status="withdrawn")
    Batch.objects.filter(no="T1-202100-02").update(status="returned")
    assert "T1-202100-02 · 1,404 行 已退回" in words(as_user("bureau").get("/"))
