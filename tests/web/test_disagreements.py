"""The pages of what offices say otherwise: the queue, side by side, a choice, its undoing."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.conftest import AsUser
from wuhao.registers.models import Disagreement, EnterprisePark, FieldChoice

LIST = "/registers/disagreements/"


def differing(field: str = "park") -> list[str]:
    found = Disagreement.objects.filter(field=field).order_by("enterprise__uscc")
    return list(found.values_list("enterprise__uscc", flat=True))


def park_of(key: str) -> str:
    return EnterprisePark.objects.get(enterprise__uscc=key, valid_to=None).park.short


def test_the_queue_shows_what_waits_first_with_every_word(as_user: AsUser) -> None:
    said = as_user("bureau").get(LIST).content.decode()
    assert said.index("待选定") < said.index("依规则已定")
    assert "市资规局" in said
    assert "4 处部门说法不一" in as_user("bureau").get("/").content.decode()
    only = as_user("bureau").get(f"{LIST}?f.settled=open").content.decode()
    assert "依规则已定</" not in only


def test_a_choice_moves_the_register_and_its_undoing_moves_it_back(as_user: AsUser) -> None:
    client, key = as_user("bureau"), differing()[0]
    address = f"{LIST}{key}/park/"
    page = client.get(address).content.decode()
    assert "规则以此为准" in page
    assert "台账来自这里" in page
    before = park_of(key)
    land = Disagreement.objects.get(enterprise__uscc=key, field="park").enterprise.claims.get(
        field="park", office__code="land", superseded_by=None
    )
    refused = client.post(f"{address}choose/", {"claim": land.pk, "reason": ""})
    assert refused.status_code == 400
    assert "要写明理由" in refused.content.decode()
    client.post(f"{address}choose/", {"claim": land.pk, "reason": "现场看过"})
    assert park_of(key) != before
    page = client.get(address).content.decode()
    assert "现场看过" in page
    assert "部门说法不一" in client.get(f"/registers/enterprise/{key}/").content.decode()
    client.post(f"{address}undo/", {"undo_reason": "看错了"})
    assert park_of(key) == before
    assert "看错了" in client.get(address).content.decode()


def test_the_rule_is_followed_for_the_page(as_user: AsUser) -> None:
    client = as_user("bureau")
    assert client.post(f"{LIST}by-rule/", {}).status_code == 400
    assert FieldChoice.objects.count() == 0
    answer = client.post(f"{LIST}by-rule/", {"reason": "照规则", "f.field": "park"}, follow=True)
    assert "4 处已按规则选定" in answer.content.decode()
    assert set(Disagreement.objects.filter(field="park").values_list("settled", flat=True)) == {
        "choice"
    }
    assert "本页待选定的都按规则办" not in client.get(LIST).content.decode()


def test_the_export_holds_what_every_office_says(as_user: AsUser) -> None:
    answer = as_user("bureau").post(f"{LIST}export/", {"purpose": "核对", "format": "csv"})
    text = answer.content.decode("utf-8-sig")
    assert text.count("市资规局") >= len(differing()) + len(differing("land"))
    assert "各部门的说法" in text


def test_land_of_others_is_not_shown_to_departments(as_user: AsUser) -> None:
    key = differing("land")[0]
    said = as_user("stats").get(f"{LIST}{key}/land/").content.decode()
    assert said.count("您的岗位看不到") == 2
    assert "/cells/" not in said  # the cells of others would not open
    assert as_user("tax").get(f"{LIST}{key}/land/").content.decode().count('href="/cells/') == 1
    assert "您的岗位看不到" not in as_user("bureau").get(f"{LIST}{key}/land/").content.decode()


def test_the_queue_asks_no_oftener_for_more_rows(as_user: AsUser) -> None:
    client = as_user("bureau")

    def asked() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST)
        return len(seen)

    many = asked()
    Disagreement.objects.exclude(enterprise__uscc=differing()[0]).delete()
    assert asked() == many <= 12
