"""The leaf of related enterprises: suggested, entered, ended, undone, as a person sees it."""

from tests.web.conftest import AsUser
from wuhao.registers.models import EnterpriseRelation, LandTenure

OWN, OTHER = "91430200MA4W2C1J9K", "91430200MAYAX4WE7C"
LEAF = f"/registers/enterprise/{OWN}/relations/"
SAID = {"way": "branch-has", "other": OTHER, "since": "2020-01-01", "reason": "登记材料"}


def test_a_relation_is_entered_seen_from_both_ends_and_undone(as_user: AsUser) -> None:
    client = as_user("bureau")
    assert "还没有登记关联" in client.get(LEAF).content.decode()
    client.post(f"{LEAF}enter/", SAID)
    one = EnterpriseRelation.objects.get()
    assert (one.head.uscc, one.enterprise.uscc, one.kind) == (OWN, OTHER, "branch")
    assert "分支机构" in client.get(f"/registers/enterprise/{OWN}/").content.decode()
    assert "所属法人" in client.get(f"/registers/enterprise/{OTHER}/").content.decode()
    refused = client.post(f"{LEAF}{one.pk}/end/", {"transition": "undo"})
    assert (refused.status_code, "要写明理由" in refused.content.decode()) == (400, True)
    client.post(f"{LEAF}{one.pk}/end/", {"transition": "undo", f"why-{one.pk}": "不是"})
    assert "已撤销：不是" in client.get(LEAF).content.decode()
    assert "分支机构" not in client.get(f"/registers/enterprise/{OWN}/").content.decode()


def test_a_relation_ends_on_a_day(as_user: AsUser) -> None:
    client = as_user("bureau")
    client.post(f"{LEAF}enter/", SAID)
    one = EnterpriseRelation.objects.get()
    form = {"transition": "end", f"on-{one.pk}": "昨天", f"why-{one.pk}": "卖了"}
    assert "不是日期" in client.post(f"{LEAF}{one.pk}/end/", form).content.decode()
    client.post(f"{LEAF}{one.pk}/end/", form | {f"on-{one.pk}": "2021-05-01"})
    assert "至 2021年5月1日" in client.get(LEAF).content.decode()


def test_bad_input_is_kept_and_every_fault_said(as_user: AsUser) -> None:
    answer = as_user("bureau").post(f"{LEAF}enter/", SAID | {"other": "123", "reason": ""})
    said = answer.content.decode()
    assert answer.status_code == 400
    assert "名录里没有信用代码 123" in said
    assert "请写明依据" in said
    assert 'value="123"' in said


def test_a_suggestion_is_entered_with_one_button(as_user: AsUser) -> None:
    client = as_user("bureau")
    tenant = LandTenure.objects.filter(right="rented_in", parcel_code__in=LandTenure.objects.filter(
        right="own", valid_to__gt="2030-01-01").values("parcel_code"),
        valid_to__gt="2030-01-01").first()  # fmt: skip
    leaf = f"/registers/enterprise/{tenant.enterprise.uscc}/relations/"
    page = client.get(leaf).content.decode()
    assert "照此登记" in page
    owner = LandTenure.objects.filter(right="own", parcel_code=tenant.parcel_code).first()
    form = {"kind": "site", "enterprise": tenant.enterprise.uscc, "head": owner.enterprise.uscc,
            "since": "2022-01-01", "reason": "同在宗地"}  # fmt: skip
    assert owner.enterprise.uscc in page
    client.post(f"{leaf}enter/", form)
    assert "照此登记" not in client.get(leaf).content.decode()
    elsewhere = client.post(f"{LEAF}enter/", form)
    assert "请在它自己的档案里登记" in elsewhere.content.decode()


def test_others_see_the_leaf_without_its_forms(as_user: AsUser) -> None:
    as_user("bureau").post(f"{LEAF}enter/", SAID)
    said = as_user("park").get(LEAF).content.decode()
    assert "登记材料" in said
    assert "登记一条" not in said
    assert "登记材料" not in as_user("tax").get(LEAF).content.decode()
