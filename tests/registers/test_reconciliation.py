"""Offices that say different things: side by side, by rule, chosen, followed, undone."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import office, person
from tests.cities.xikou import town
from tests.intake.books import book, credit_code
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.models import AuditEntry
from wuhao.intake import services as intake
from wuhao.intake.models import Batch
from wuhao.registers import selectors
from wuhao.registers.models import (
    Disagreement,
    EnterpriseName,
    EnterprisePark,
    EnterpriseYear,
    FieldChoice,
    FieldClaim,
    Park,
)
from wuhao.registers.services import choices, reference
from wuhao.registers.services.claims import key_of
from wuhao.registers.services.disagreements import Chosen, Word, settled

__all__ = ["town"]
PERIOD = 202100
DIRECTORY = ["统一社会信用代码", "企业名称", "所在园区", "规模"]
LAND = ["宗地编号", "信用代码", "权利人名称", "用地面积（㎡）", "权属方式", "起始日期", "所在园区"]
TAXES = ["信用代码", "纳税人名称", "实缴税金合计（元）", "应税土地面积（㎡）"]
STATS = [
    "信用代码", "单位名称", "规模", "工业总产值（千元）", "工业增加值（千元）", "营业收入（千元）",
    "平均用工人数（人）",
]  # fmt: skip
A, B = credit_code(1), credit_code(2)
NAMES = {A: "株洲芸河精密刀具有限公司", B: "醴陵砚拓陶瓷有限公司"}
Status = Disagreement.Settled


@pytest.fixture
def people(db):
    reference.load_parks()
    reference.load_indicators()
    for code in ("mkt", "tax", "stats", "land"):
        office(code)
    made = SimpleNamespace(
        bureau=person("bureau", "bureau_admin", "iit"),
        tax=person("tax", "dept_provider", "tax"),
        stats=person("stats", "dept_provider", "stats"),
        land=person("land", "dept_provider", "land"),
        market=person("mkt", "dept_provider", "mkt"),
    )
    directory(made)
    return made


def accepted(people, by, template: str, rows: list[list[object]], period: int = PERIOD) -> Batch:
    batch = intake.receive(intake.Handed("表.xlsx", book(rows), template, period), by).batch
    assert batch.errors == 0, list(batch.findings.values_list("cell", "sentence"))
    intake.submit(batch, by)
    intake.accept(batch, people.bureau)
    return batch


def directory(people, parks=("高新", "醴陵"), scales=("规上", "规下"), names=NAMES, period=PERIOD):
    found = [named(park) for park in parks]
    rows = [
        [code, names[code], park, scale]
        for code, park, scale in zip((A, B), found, scales, strict=True)
    ]
    return accepted(people, people.market, "T0", [DIRECTORY, *rows], period)


def named(part: str) -> str:
    """The full name of the first park whose name holds some words."""
    return Park.objects.filter(name__contains=part).order_by("code")[0].name


def parcels(people, park: str, name: str = NAMES[A], area: str = "1000", period=PERIOD) -> Batch:
    row = ["430200001001GB00001", A, name, area, "自有", "2010-01-01", named(park)]
    return accepted(people, people.land, "T3", [LAND, row], period)


def taxes(people, area: object = None, name: str = NAMES[A], period=PERIOD) -> Batch:
    return accepted(people, people.tax, "T1", [TAXES, [A, name, 100, area]], period)


def statistics(people, scale: str, period=PERIOD) -> Batch:
    return accepted(
        people, people.stats, "T2", [STATS, [A, NAMES[A], scale, 1000, 300, 900, 20]], period
    )


def standing() -> dict[tuple[str, str], str]:
    found = Disagreement.objects.values_list("enterprise__uscc", "field", "settled")
    return {(uscc, field): status for uscc, field, status in found}


def park_now(uscc: str) -> str:
    return EnterprisePark.objects.get(enterprise__uscc=uscc, valid_to=None).park.name


def claim(uscc: str, field: str, said_by: str) -> FieldClaim:
    return FieldClaim.objects.get(
        enterprise__uscc=uscc, field=field, office__code=said_by, superseded_by=None
    )


def test_offices_that_agree_are_not_asked(people):
    parcels(people, "高新")
    taxes(people, "1000")
    statistics(people, "规上")
    assert standing() == {}
    assert FieldClaim.objects.filter(superseded_by=None).count() == 6 + 3 + 2 + 2


def test_another_park_waits_for_a_choice_with_both_cells_side_by_side(people):
    batch = parcels(people, "荷塘")
    assert standing() == {(A, "park"): Status.OPEN}
    one = selectors.disagreement(people.bureau, A, "park")
    said = {word.office: word for word in one["said"]}
    assert (said["land"].batch_no, said["land"].cell) == (batch.no, "G2")
    assert said["mkt"].of_register
    assert not said["land"].of_register
    assert one["authority"].offices[1] == "land"
    assert selectors.count_open_disagreements(people.bureau) == 1


@pytest.mark.parametrize(
    ("taxed", "differs"),
    [("999.49", True), ("999.50", False), ("1000.49", False), ("1000.5", True)],
)
def test_land_is_compared_in_whole_square_metres(people, taxed, differs):
    """Below, at and above half a square metre beside 1000 m²."""
    parcels(people, "高新")
    taxes(people, taxed)
    assert ((A, "land") in standing()) == differs


def test_a_rule_settles_what_the_register_already_shows(people):
    """Land is drawn from the parcels, and the rule names the office that reports them."""
    parcels(people, "高新")
    taxes(people, "900")
    assert standing() == {(A, "land"): Status.RULE}
    statistics(people, "规下")  # the rule names the statistics, the register shows the directory
    assert standing()[A, "scale"] == Status.OPEN


def test_names_are_compared_without_marks_and_forms(people):
    taxes(people, name="株洲芸河精密刀具（有限公司）")
    assert (A, "name") not in standing()
    assert key_of("name", NAMES[A]) != key_of("name", NAMES[B])


def test_a_choice_is_followed_recorded_and_survives_the_next_directory(people):
    parcels(people, "荷塘")
    before = park_now(A)
    choices.choose(claim(A, "park", "land"), people.bureau, "现场看过")
    assert "荷塘" in park_now(A)
    assert standing() == {(A, "park"): Status.CHOICE}
    choice = FieldChoice.objects.get()
    assert (choice.reason, choice.by.user.name) == ("现场看过", "bureau")
    assert AuditEntry.objects.filter(action="registers.field.choose").count() == 1
    directory(people, period=202200)  # says the old park again
    assert "荷塘" in park_now(A)
    parcels(people, "荷塘", period=202200)
    assert standing() == {(A, "park"): Status.CHOICE}  # the same words ask nobody again
    choices.undo(choice, people.bureau, "看错了")
    assert park_now(A) == before
    assert standing() == {(A, "park"): Status.OPEN}


def test_a_new_word_after_a_choice_asks_again(people):
    parcels(people, "荷塘")
    choices.choose(claim(A, "park", "land"), people.bureau, "现场看过")
    directory(people, parks=("攸县", "醴陵"))
    assert standing() == {(A, "park"): Status.OPEN}
    assert "荷塘" in park_now(A)  # the choice is followed until there is another


def test_a_choice_ends_where_everyone_agrees(people):
    parcels(people, "荷塘")
    choices.choose(claim(A, "park", "mkt"), people.bureau, "名录为准")
    directory(people, parks=("荷塘", "醴陵"))
    assert standing() == {}
    assert FieldChoice.objects.get().undone_reason
    assert "荷塘" in park_now(A)


def test_the_size_and_the_name_follow_a_choice(people):
    statistics(people, "规下")
    choices.choose(claim(A, "scale", "stats"), people.bureau, "以统计为准")
    assert EnterpriseYear.objects.get(enterprise__uscc=A, year=2021).scale == "below"
    FieldClaim.objects.filter(office__code="stats", field="name").update(
        value="株洲云河刀具有限公司", key="株洲云河刀具有限公司"
    )
    choices.choose(claim(A, "name", "stats"), people.bureau, "更名了")
    current = EnterpriseName.objects.get(enterprise__uscc=A, valid_to=None)
    assert current.name == "株洲云河刀具有限公司"


def test_two_choices_on_one_day_and_their_undoing_leave_one_dated_value(people):
    parcels(people, "荷塘")
    for by in ("land", "mkt", "land"):
        choices.choose(claim(A, "park", by), people.bureau, "再看")
    assert FieldChoice.objects.filter(undone_at=None).count() == 1
    choices.undo(FieldChoice.objects.get(undone_at=None), people.bureau, "算了")
    found = list(EnterprisePark.objects.filter(enterprise__uscc=A).order_by("valid_from"))
    assert [p.valid_to for p in found][-1] is None
    for earlier, later in pairwise(found):
        assert earlier.valid_to == later.valid_from


def test_the_rule_is_followed_for_many_at_once(people):
    parcels(people, "荷塘")
    statistics(people, "规下")
    taxes(people, "900")
    pairs = [(A, "park"), (A, "scale"), (B, "park")]
    assert choices.follow_rule(pairs, people.bureau, "照规则") == 2
    assert standing() == {
        (A, "park"): Status.CHOICE, (A, "scale"): Status.CHOICE, (A, "land"): Status.RULE,
    }  # fmt: skip
    assert "荷塘" in park_now(A)


def test_what_was_said_before_the_registers_own_word_is_past(people):
    """Offices that differed of 2021 ask nobody once the directory of 2022 has come."""
    parcels(people, "荷塘")
    statistics(people, "规下")
    taxes(people, name=NAMES[B])
    assert {field for _uscc, field in standing()} == {"park", "scale", "name"}
    directory(people, period=202200)
    assert standing() == {}
    parcels(people, "荷塘", period=202200)
    assert standing() == {(A, "park"): Status.OPEN}


def test_a_table_of_an_earlier_year_takes_no_later_words_place(people):
    taxes(people, "900", period=202200)
    taxes(people, "800", period=202100)
    assert claim(A, "land", "tax").value == "900.00"
    parcels(people, "高新", period=202100)
    assert standing() == {}  # 2022 is not compared with 2021


@pytest.mark.parametrize(("role", "reason"), [("dept_provider", "是"), ("bureau_admin", " ")])
def test_only_the_bureau_chooses_and_says_why(people, role, reason):
    parcels(people, "荷塘")
    by = people.land if role == "dept_provider" else people.bureau
    with pytest.raises(DomainError):
        choices.choose(claim(A, "park", "land"), by, reason)
    assert standing() == {(A, "park"): Status.OPEN}


def test_a_word_taken_back_cannot_be_chosen(people):
    parcels(people, "荷塘")
    old = claim(A, "park", "land")
    parcels(people, "攸县")
    old.refresh_from_db()
    with pytest.raises(DomainError, match="后来的报送"):
        choices.choose(old, people.bureau, "看过")


def test_land_is_hidden_from_offices_that_do_not_see_it(people):
    parcels(people, "高新")
    taxes(people, "900")
    said = selectors.said_of(people.stats, [(A, "land")])[A, "land"]
    assert all(word.hidden and word.value == "" for word in said)
    own = {w.office: w.hidden for w in selectors.said_of(people.tax, [(A, "land")])[A, "land"]}
    assert own == {"tax": False, "land": True}


def test_an_enterprise_does_not_see_what_offices_differ_about(people):
    parcels(people, "荷塘")
    firm = person("firm", "enterprise_user", "", own_key=A)
    assert selectors.disagreements_of(firm, A) == []
    with pytest.raises(OutOfScope):
        selectors.disagreement(firm, A, "park")


def test_keeping_what_is_said_takes_as_many_statements_for_more_rows(people):
    def statements(first: int, count: int) -> int:
        rows = [
            [credit_code(n), f"株洲第{n}厂", named("高新"), "规上"]
            for n in range(first, first + count)
        ]
        batch = intake.receive(
            intake.Handed("表.xlsx", book([DIRECTORY, *rows]), "T0", PERIOD), people.market
        ).batch
        intake.submit(batch, people.market)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            intake.accept(batch, people.bureau)
        return len(seen)

    assert statements(100, 5) == statements(200, 120)


def word(by: str, key: str, ledger: int = 1, *, of_register: bool = False) -> Word:
    return Word(by, key, ledger, of_register)


@pytest.mark.parametrize(
    ("words", "chosen", "expected"),
    [
        ([word("stats", "x"), word("mkt", "y", of_register=True)], None, Status.OPEN),
        ([word("stats", "x"), word("mkt", "x", of_register=True), word("tax", "y")], None,
         Status.RULE),
        ([word("tax", "x"), word("env", "y")], None, Status.OPEN),
        ([word("stats", "x"), word("mkt", "y")], Chosen("x", {"stats": "x", "mkt": "y"}),
         Status.CHOICE),
        ([word("stats", "x"), word("mkt", "z")], Chosen("x", {"stats": "x", "mkt": "y"}),
         Status.OPEN),
        ([word("stats", "x"), word("mkt", "y"), word("tax", "x")],
         Chosen("x", {"stats": "x", "mkt": "y"}), Status.CHOICE),
    ],
)  # fmt: skip
def test_what_settles_a_disagreement(words, chosen, expected):
    assert settled("scale", 2021, words, chosen) == expected


def test_without_a_rule_for_the_year_everything_waits():
    words = [word("stats", "x"), word("mkt", "x", of_register=True), word("tax", "y")]
    assert settled("scale", 2020, words, None) == Status.OPEN
    assert settled("district", 2021, words, None) == Status.OPEN


def test_a_table_that_reports_land_as_a_figure_speaks_of_it(town):
    """In the made-up town the treasury reports 亩; nobody else does, so nobody differs."""
    said = FieldClaim.objects.filter(field="land", superseded_by=None)
    assert {one.office.code for one in said.select_related("office")} == {"treasury"}
    assert said.count() == 5
    assert not Disagreement.objects.exists()
