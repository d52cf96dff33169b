"""What a post that sees less than all finds in place of what it may not see."""

from datetime import date

import pytest
from django.test import Client

from tests.web.test_pages import words
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
