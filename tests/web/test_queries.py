"""How often a page asks the database: at most so often, and no oftener for more rows."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.conftest import AsUser
from wuhao.intake.models import Finding
from wuhao.registers.models import Enterprise, LandTenure, Observation, Recognition
from wuhao.runs.models import Outcome, Run

FIRM = "91430200MA4W2C1J9K"
KEPT = 12  # fewer than a page of a list holds
PAGES = {
    "/": 51,
    "/registers/enterprise/": 16,
    f"/registers/enterprise/{FIRM}/": 41,
    f"/registers/enterprise/{FIRM}/relations/": 18,
    "/evaluation/{run}/results/?f.scale=above": 26,
    f"/evaluation/{{run}}/explain/{FIRM}/": 20,
    "/evaluation/{run}/changes/": 14,
    "/reports/figures/": 24,
    "/intake/T1-202100-01/": 8,
    "/public/": 9,
}


def asked(client: Client, address: str) -> int:
    """How many statements a page takes once its caches are warm."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)


def shrink() -> None:
    """Leave a dozen enterprises and one finding of the demo's."""
    keys = Outcome.objects.filter(group="above", park_code="430200Y01").exclude(grade="")
    kept = [FIRM, *keys.exclude(subject_key=FIRM).values_list("subject_key", flat=True)[: KEPT - 1]]
    Observation.objects.exclude(subject__key__in=kept).delete()
    LandTenure.objects.exclude(enterprise__uscc__in=kept).delete()
    Recognition.objects.exclude(enterprise__uscc__in=kept).delete()
    Enterprise.objects.exclude(uscc__in=kept).delete()
    Outcome.objects.exclude(subject_key__in=kept).delete()
    Finding.objects.exclude(pk=Finding.objects.first().pk).delete()


def test_no_page_asks_oftener_for_more_rows(as_user: AsUser) -> None:
    client, run = as_user("bureau"), Run.objects.get(status=Run.Status.PUBLISHED).no
    large = {page: asked(client, page.format(run=run)) for page in PAGES}
    shrink()
    small = {page: asked(client, page.format(run=run)) for page in PAGES}
    assert large == small
    assert Enterprise.objects.count() == KEPT
    assert {page: count for page, count in large.items() if count > PAGES[page]} == {}
