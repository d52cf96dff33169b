"""Branches, groups and sites: suggested by names and parcels, entered, ended, undone."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.cast import office, person
from tests.intake.books import book, credit_code
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.models import AuditEntry
from wuhao.core.register import AsOf
from wuhao.intake import services as intake
from wuhao.registers import selectors
from wuhao.registers.rules import legal_person_names
from wuhao.registers.services import reference, relations
from wuhao.registers.services.relations import Belonging

HEAD, BRANCH, OTHER = credit_code(1), credit_code(2), credit_code(3)
NAMES = {
    HEAD: "湖南麓屿生物医药股份有限公司",
    BRANCH: "湖南麓屿生物医药股份有限公司醴陵分公司",
    OTHER: "醴陵砚拓陶瓷有限公司",
}
SINCE = date(2020, 1, 1)


@pytest.fixture
def people(db):
    reference.load_parks()
    reference.load_indicators()
    for code in ("mkt", "land"):
        office(code)
    made = SimpleNamespace(
        bureau=person("bureau", "bureau_admin", "iit"),
        market=person("mkt", "dept_provider", "mkt"),
        land=person("land", "dept_provider", "land"),
    )
    rows = [["统一社会信用代码", "企业名称"], *([code, name] for code, name in NAMES.items())]
    accept(made, made.market, "T0", rows)
    return made


def accept(people, by, template, rows):
    batch = intake.receive(intake.Handed("表.xlsx", book(rows), template, 202100), by).batch
    assert batch.errors == 0, list(batch.findings.values_list("cell", "sentence"))
    intake.submit(batch, by)
    intake.accept(batch, people.bureau)


def enter(people, kind="branch", enterprise=BRANCH, head=HEAD, reason="登记材料"):
    return relations.relate(Belonging(kind, enterprise, head, SINCE, reason), people.bureau)


@pytest.mark.parametrize(
    ("name", "heads"),
    [
        (NAMES[BRANCH], ["湖南麓屿生物医药股份有限公司"]),
        ("株洲第一机械厂分厂", ["株洲第一机械厂"]),
        ("醴陵砚拓陶瓷有限公司", []),
        ("分公司", []),
    ],
)
def test_a_branch_bears_its_legal_persons_name_in_front(name, heads):
    assert [one for one in legal_person_names(name) if len(one) > 4] == heads


def test_a_branch_is_suggested_from_both_ends_and_no_more_once_entered(people):
    [upwards] = selectors.suggestions(people.bureau, BRANCH)
    [downwards] = selectors.suggestions(people.bureau, HEAD)
    for one in (upwards, downwards):
        assert (one.kind, one.enterprise, one.head) == ("branch", BRANCH, HEAD)
    assert (upwards.other, downwards.other) == (HEAD, BRANCH)
    enter(people)
    assert selectors.suggestions(people.bureau, BRANCH) == []
    [seen] = selectors.relations(people.bureau, HEAD)
    assert (seen.kind, seen.is_head, seen.other_name) == ("branch", True, NAMES[BRANCH])


def test_what_was_undone_is_not_suggested_again_and_stays_visible(people):
    relations.undo(enter(people), people.bureau, "不是它的")
    assert selectors.suggestions(people.bureau, BRANCH) == []
    [gone] = selectors.relations(people.bureau, BRANCH)
    assert gone.undone_reason == "不是它的"
    assert AuditEntry.objects.filter(action="registers.relation.undo").count() == 1
    enter(people)  # and it can be entered again


def test_enterprises_on_one_parcel_are_suggested_as_one_site(people):
    heads = [
        "宗地编号",
        "信用代码",
        "权利人名称",
        "用地面积（㎡）",
        "权属方式",
        "起始日期",
        "终止日期",
    ]
    lot = "430200001001GB00001"
    rows = [
        [lot, HEAD, NAMES[HEAD], 1000, "自有", "2010-01-01", ""],
        [lot, HEAD, NAMES[HEAD], 300, "租出", "2015-01-01", ""],
        [lot, OTHER, NAMES[OTHER], 300, "租入", "2015-01-01", ""],
    ]
    accept(people, people.land, "T3", [heads, *rows])
    [site] = [s for s in selectors.suggestions(people.bureau, OTHER) if s.kind == "site"]
    assert (site.enterprise, site.head, lot in site.reason) == (OTHER, HEAD, True)
    assert [s.other for s in selectors.suggestions(people.bureau, HEAD) if s.kind == "site"] == [
        OTHER
    ]
    accept(people, people.land, "T3", [heads, [lot, OTHER, NAMES[OTHER], 300, "租入", "2015-01-01",
                                               "2016-01-01"], *rows[:1]])  # fmt: skip
    assert [s for s in selectors.suggestions(people.bureau, OTHER) if s.kind == "site"] == []


def test_every_fault_is_said_at_once(people):
    with pytest.raises(DomainError) as said:
        enter(people, kind="friend", enterprise="9", head="8", reason=" ")
    assert len(said.value.sentences) == 4


@pytest.mark.parametrize(
    ("enterprise", "head", "said"),
    [(HEAD, HEAD, "自己"), (BRANCH, OTHER, "已有这种关联"), (HEAD, BRANCH, "绕成一圈")],
)
def test_one_head_of_a_kind_and_no_circle(people, enterprise, head, said):
    enter(people)
    with pytest.raises(DomainError, match=said):
        enter(people, enterprise=enterprise, head=head)


def test_a_longer_circle_is_refused_and_another_kind_is_not(people):
    enter(people)
    enter(people, enterprise=HEAD, head=OTHER)
    with pytest.raises(DomainError, match="绕成一圈"):
        enter(people, enterprise=OTHER, head=BRANCH)
    enter(people, kind="group", enterprise=OTHER, head=BRANCH)


@pytest.mark.parametrize(
    ("on", "ends"), [(date(2019, 12, 31), False), (SINCE, False), (date(2020, 1, 2), True)]
)
def test_a_relation_ends_after_it_began(people, on, ends):
    one = enter(people)
    if not ends:
        with pytest.raises(DomainError, match="晚于"):
            relations.end(one, on, people.bureau, "卖了")
        return
    relations.end(one, on, people.bureau, "卖了")
    [seen] = selectors.relations(people.bureau, HEAD)
    assert seen.valid_to == on
    with pytest.raises(DomainError, match="已经终止"):
        relations.end(one, on, people.bureau, "卖了")
    enter(people, enterprise=BRANCH, head=OTHER)  # another head follows


def test_only_the_bureau_enters_and_departments_do_not_see(people):
    with pytest.raises(DomainError, match="只有市局"):
        relations.relate(Belonging("branch", BRANCH, HEAD, SINCE, "材料"), people.land)
    one = enter(people)
    assert selectors.relations(people.land, HEAD) == []
    assert selectors.suggestions(people.land, HEAD) == []
    with pytest.raises(OutOfScope):
        selectors.relation(people.land, HEAD, one.pk)
    with pytest.raises(OutOfScope):
        selectors.relation(people.bureau, OTHER, one.pk)


def test_a_scheme_may_ask_who_belongs_together(people):
    """What the house offers to the rule that evaluates a group on one site as one."""
    enter(people)
    enter(people, kind="group", enterprise=OTHER)
    enter(people, kind="site", enterprise=OTHER)
    relations.undo(enter(people, kind="site", enterprise=BRANCH), people.bureau, "不在那里")
    relations.end(
        enter(people, kind="group", enterprise=BRANCH), date(2021, 1, 1), people.bureau, "卖了"
    )

    def told(on: date) -> dict[str, tuple[str | None, ...]]:
        table = selectors.fact_table(people.bureau, AsOf(on=on), 202100, []).table
        return {
            row["subject"]: (row["legal_person"], row["group"], row["site"])
            for row in table.to_pylist()
        }

    assert told(date(2022, 6, 28)) == {
        HEAD: (None, HEAD, HEAD), BRANCH: (HEAD, None, None), OTHER: (None, HEAD, HEAD),
    }  # fmt: skip
    assert told(date(2020, 12, 31))[BRANCH] == (HEAD, HEAD, None)
    assert told(date(2019, 12, 31)) == dict.fromkeys(NAMES, (None, None, None))
