"""What a post that sees less than all finds in place of what it may not see."""

import re
from datetime import date

import pytest
from django.test import Client

from tests.web.conftest import AsUser
from tests.web.test_pages import FIRM, run_no, words
from wuhao.core import services
from wuhao.core.models import User
from wuhao.registers.models import Enterprise, EnterpriseName, Subject

NEW_FIRM = "91430200MA7NEW0X1T"


@pytest.fixture
def newcomer(demo_db) -> Client:
    """The contact of a firm that was entered after the evaluation had been published."""
    since = date(2022, 6, 28)
    subject = Subject.objects.create(kind="enterprise", key=NEW_FIRM)
    firm = Enterprise.objects.create(subject=subject, uscc=NEW_FIRM)
    EnterpriseName.objects.create(enterprise=firm, name="新入名录的企业", valid_from=since)
    services.appoint("new", "新人", "enterprise", "enterprise_user", since=since, own_key=NEW_FIRM)
    client = Client()
    client.force_login(User.objects.get(username="new"))
    return client


def test_a_firm_entered_after_publication_opens_its_desk_and_its_record(newcomer: Client) -> None:
    assert newcomer.get("/").status_code == 200
    record = newcomer.get(f"/registers/enterprise/{NEW_FIRM}/")
    assert record.status_code == 200
    assert "新入名录的企业" in words(record)
    assert "得分说明" not in words(record)
    refused = newcomer.get(f"/evaluation/latest/{NEW_FIRM}/")
    assert refused.status_code == 404
    assert "下一次评价时参评" in words(refused)


def test_an_office_without_grades_finds_no_dead_end_in_the_evaluation(as_user: AsUser) -> None:
    no, tax = run_no(as_user("bureau")), as_user("tax")
    page = words(tax.get(f"/evaluation/{no}/"))
    assert "看结果" not in page
    assert "参评" not in page
    assert "看不到企业的得分和档次" in page
    assert tax.get(f"/evaluation/{no}/results/", {"f.scale": "above"}).status_code == 200
    record = words(tax.get(f"/registers/enterprise/{FIRM}/"))
    assert "您的岗位看不到档次" in record
    assert "还没有公布过档次" not in record


def test_a_park_reads_that_a_number_is_its_own(as_user: AsUser) -> None:
    park = as_user("park")
    assert "本园区 · 规模以上工业企业数" in words(park.get("/reports/figures/"))
    assert "本园区 · 规模以上工业企业数" in words(park.get("/"))
    no = run_no(as_user("bureau"))
    assert "本园区 · 不定级" in words(park.get(f"/evaluation/{no}/"))
    assert "本园区 · 规上企业" in words(park.get(f"/evaluation/{no}/results/"))


def test_an_enterprise_is_offered_no_figures_of_the_city(as_user: AsUser) -> None:
    client = as_user("enterprise")
    refused = client.get("/reports/figures/")
    assert refused.status_code == 404
    assert "本企业的数在一企一档里" in words(refused)
    results = client.get(f"/evaluation/{run_no(as_user('bureau'))}/results/").content.decode()
    assert "data-chart" not in results
    assert not re.search("家参评企业里", results)


def test_batches_count_as_missing_and_not_as_none_for_a_leader(as_user: AsUser) -> None:
    page = as_user("lead").get("/reports/figures/batches_accepted/")
    assert "您的岗位看不到批次" in words(page)
