"""The page of what changed between two runs: in a small town and in the demo's city."""

import csv
import io

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cities.xikou import CODES, draft, hand_in_figures, town, viewer
from tests.intake.books import book
from tests.web.conftest import AsUser
from wuhao.core.models import User
from wuhao.core.viewer import viewer_of
from wuhao.evaluation import services
from wuhao.evaluation.changes import READ
from wuhao.intake import services as intake
from wuhao.registers.models import Observation
from wuhao.runs import selectors as runs

__all__ = ["draft", "town"]


def test_the_page_says_what_came_and_what_it_moved(town, draft):
    hand_in_figures(town, 丙厂=260)
    after = services.compute_draft(2031, viewer("chief"))
    page = Client()
    page.force_login(User.objects.get(username="chief"))
    said = page.get(f"/evaluation/{after.no}/changes/").content.decode()
    assert "变了的数据" in said
    assert "FIG-203000-02 财政局 1 家" in said
    assert "变了的基准" in said
    assert f"/evaluation/{after.no}/explain/{CODES['丙厂']}/" in said
    assert "只因基准或名次变动 2" in said
    own = page.get(f"/evaluation/{after.no}/changes/?cause=own").content.decode()
    assert CODES["丙厂"] in own
    assert CODES["乙厂"] not in own
    first = page.get(f"/evaluation/{draft.no}/changes/").content.decode()
    assert "没有可比的" in first


def test_in_the_demo_the_file_holds_what_a_plain_comparison_finds(as_user: AsUser, demo_db) -> None:
    bureau, tax = (viewer_of(User.objects.get(username=name)) for name in ("bureau", "tax"))
    before = services.compute_draft(2022, bureau)
    held = Observation.objects.filter(
        indicator__code="tax_paid_yuan", period=202100, superseded_by=None, state=0
    ).order_by("subject__key")[:3]
    heads = ["统一社会信用代码", "企业名称", "实缴税金合计（元）"]
    names = dict(before.outcomes.values_list("subject_key", "label"))
    rows = [[o.subject.key, names[o.subject.key], o.value / 100 + 90000] for o in held]
    handed = intake.Handed("更正.xlsx", book([heads, *rows]), "T1", 202100)
    batch = intake.receive(handed, tax).batch
    intake.submit(batch, tax)
    intake.accept(batch, bureau)
    after = services.compute_draft(2022, bureau)
    answer = as_user("bureau").post(
        f"/evaluation/{after.no}/changes/export/", {"purpose": "核对", "format": "csv"}
    )
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
    told = {line[1]: line[3] for line in lines[1:]}
    was, now = (
        {row["subject"]: row for row in runs.outcome(bureau, run.no).results.to_pylist()}
        for run in (before, after)
    )
    differ = {key for key in was if any(was[key][c] != now[key][c] for c in READ)}
    assert set(told) == differ
    assert {key for key, cause in told.items() if cause == "自己的数变了"} == {
        o.subject.key for o in held
    } & differ
    assert len(lines) > 1
    page = as_user("bureau").get(f"/evaluation/{after.no}/changes/").content.decode()
    assert f"{batch.no} 市税务局 3 家" in page
    assert len(differ) > 50  # more than a page of rows
    assert asked(as_user, f"/evaluation/{after.no}/changes/") <= 14
    assert asked(as_user, f"/evaluation/{after.no}/results/") <= 26


def asked(as_user: AsUser, address: str) -> int:
    client = as_user("bureau")
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)
