"""A collection from an old workbook to a merged sheet: proposed, sent, urged, filled in, merged."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest

from tests.cast import office, person
from tests.intake.books import book, credit_code
from wuhao.core import day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.models import AuditEntry
from wuhao.intake import selectors, services
from wuhao.intake.models import Batch, Collection
from wuhao.registers.services import reference

OLD = [
    ["2021年园区企业用工情况表", None, None, None, None],
    ["单位：万元", None, None, None, None],
    ["序号", "企业名称", "统一社会信用代码", "工资总额", "用工人数（人）"],
    *([n, f"{n}号厂", credit_code(n), 100.5 + n, 30 + n] for n in (1, 2, 3)),
    ["合计", None, None, 307.5, 96],
    ["注：按月平均数填报。", None, None, None, None],
]
SENT = date(2022, 6, 1)
PARKS = ("park-430200Y01", "park-430281Y01")


@pytest.fixture
def people(db, settings):
    reference.load_parks()
    reference.load_indicators()
    for code in ("mkt", "tax"):
        office(code)
    for code in PARKS:
        office(code, kind="park", park_code=code.removeprefix("park-"), short=f"{code[5:11]}管委会")
    made = SimpleNamespace(
        bureau=person("bureau", "bureau_admin", "iit"),
        one=person("one", "park_staff", PARKS[0]),
        two=person("two", "park_staff", PARKS[1]),
        tax=person("tax", "dept_provider", "tax"),
        market=person("mkt", "dept_provider", "mkt"),
        lead=person("lead", "city_lead", "gov"),
    )
    names = ["株洲高新技术产业开发区", "醴陵经济开发区"]
    rows = [["统一社会信用代码", "企业名称", "所在园区"],
            *([credit_code(n), f"{n}号厂", names[n > 3]] for n in range(1, 6))]  # fmt: skip
    batch = services.receive(
        services.Handed("名录.xlsx", book(rows), "T0", 202100), made.market
    ).batch
    services.submit(batch, made.market)
    services.accept(batch, made.bureau)
    return made


def drafted(people) -> Collection:
    return services.propose_collection("2021年用工.xlsx", book(OLD, ("A1:E1",)), people.bureau)


def terms(**changed) -> services.Terms:
    stands = services.Terms("2022年用工情况", "园区考核", 202100, PARKS, 5)
    return replace(stands, **changed)


def opened(people, **changed) -> Collection:
    collection = drafted(people)
    with day.on(SENT):
        services.open_collection(collection, terms(**changed), people.bureau)
    collection.refresh_from_db()
    return collection


def asked(people, code: str) -> dict[str, tuple[bool, int, int]]:
    found = selectors.asks(people.bureau, code)
    return {ask.code: (ask.answered_on is not None, ask.days, ask.urged) for ask in found}


def filled(people, collection, by, *rows: tuple[object, ...]) -> Batch:
    heading = ["企业名称", "统一社会信用代码", "工资总额（万元）", "用工人数（人）"]
    content = book([heading, *map(list, rows)])
    handed = services.Handed("填好.xlsx", content, collection.code, collection.period)
    return services.receive(handed, by).batch


def test_an_old_workbook_becomes_a_draft_that_only_the_bureau_sees(people):
    collection = drafted(people)
    assert collection.code == f"C{day.today().year}001"
    labels = [c.label for c in services.proposed_of(collection)]
    assert labels == ["企业名称", "统一社会信用代码", "工资总额", "用工人数（人）"]
    assert selectors.collections(people.one) == []
    with pytest.raises(OutOfScope):
        selectors.collection(people.one, collection.code)
    with pytest.raises(DomainError, match="市局"):
        services.propose_collection("表.xlsx", book(OLD), people.tax)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "空的"), (b"not a workbook\x00", "."), (book([["只有一句话"]]), "没有认出表")],
)
def test_what_holds_no_table_is_refused(people, content, said):
    with pytest.raises(DomainError, match=said):
        services.propose_collection("表.xlsx", content, people.bureau)
    assert not Collection.objects.exists()


def test_columns_are_corrected_before_it_is_sent(people):
    collection = drafted(people)
    name, code, wages, staff = services.proposed_of(collection)
    made = [name, code, replace(wages, label="工资", unit="元", required=False)]
    services.set_columns(collection, made, people.bureau)
    wanted = services.template(collection.code)
    assert [c.label for c in wanted.columns] == ["企业名称", "统一社会信用代码", "工资"]
    assert wanted.column("c4").unit.label == "元"
    assert staff.held == "staff_person"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: [], "至少要留一列"),
        (lambda c: [replace(one, key=False) for one in c], "主键"),
        (lambda c: [replace(c[0], label=" "), *c[1:]], "要有名称"),
        (lambda c: [*c[:2], replace(c[2], kind="number")], "类型不对"),
        (lambda c: [*c[:2], replace(c[2], unit="万美元")], "单位不认识"),
        (lambda c: [replace(c[0], kind="choice"), *c[1:]], "哪些选项"),
        (lambda c: [replace(c[0], kind="uscc"), *c[1:]], "只留一列"),
        (lambda c: [replace(c[0], label="工资总额"), *c[1:]], "表头"),
    ],
)
def test_columns_that_do_not_hold_together_are_refused(people, change, said):
    collection = drafted(people)
    before = collection.text
    with pytest.raises(DomainError, match=said):
        services.set_columns(collection, change(services.proposed_of(collection)), people.bureau)
    collection.refresh_from_db()
    assert collection.text == before


def test_it_is_sent_with_a_last_day_in_working_days(people):
    collection = opened(people)
    # 1 June is a Wednesday; the 3rd is the Dragon Boat festival.
    assert (collection.status, collection.due_on) == ("open", date(2022, 6, 9))
    with day.on(SENT):
        assert asked(people, collection.code) == {p: (False, 5, 0) for p in PARKS}
        [owed] = selectors.open_asks(people.one)
    assert (owed["title"], owed["days"]) == ("2022年用工情况", 5)
    assert selectors.open_asks(people.tax) == []


def test_every_fault_of_the_terms_is_told_at_once(people):
    with pytest.raises(DomainError) as refused:
        services.open_collection(
            drafted(people), services.Terms(" ", "", 2021, ("nobody",), 0), people.bureau
        )
    assert len(refused.value.sentences) == 5


@pytest.mark.parametrize(("days", "sent"), [(0, False), (1, True), (250, True), (251, False)])
def test_the_limit_has_bounds(people, days, sent):
    if sent:
        assert opened(people, working_days=days).status == "open"
    else:
        with pytest.raises(DomainError, match="工作日之间"):
            opened(people, working_days=days)


def test_a_park_finds_its_own_firms_filled_in(people):
    collection = opened(people)
    sheet = openpyxl.load_workbook(services.form_of(collection, people.one)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=4, max_row=8, max_col=4, values_only=True))
    assert [(row[0], row[1]) for row in rows if row[1]] == [
        (f"{n}号厂", credit_code(n)) for n in (1, 2, 3)
    ]
    others = [row["uscc"] for row in services.page_rows(collection, people.two) if row]
    assert others == [credit_code(4), credit_code(5)]


def test_an_office_that_is_no_park_finds_the_rows_that_were_sent_without_their_figures(people):
    collection = opened(people, offices=("tax",))
    rows = [row for row in services.page_rows(collection, people.tax) if row]
    assert [row["uscc"] for row in rows] == [credit_code(n) for n in (1, 2, 3)]
    assert {key for row in rows for key in row} == {"uscc", "c2"}


def test_what_the_house_holds_stands_in_the_form_for_those_who_may_see_it(people):
    from tests.intake.test_acceptance import TAXES

    tax = [["税收"], TAXES, [credit_code(1), "1号厂", "2.5", 1]]
    batch = services.receive(services.Handed("t.xlsx", book(tax), "T1", 202100), people.tax).batch
    services.submit(batch, people.tax)
    services.accept(batch, people.bureau)
    old = [["企业名称", "统一社会信用代码", "实缴税金（元）"],
           *([f"{n}号厂", credit_code(n), 7] for n in (1, 2, 3))]  # fmt: skip
    collection = services.propose_collection("税.xlsx", book(old), people.bureau)
    services.open_collection(collection, terms(offices=("tax", PARKS[0])), people.bureau)
    collection.refresh_from_db()
    seen = {row["uscc"]: row.get("c3") for row in services.page_rows(collection, people.tax) if row}
    assert seen == {credit_code(1): "25000", credit_code(2): None, credit_code(3): None}
    park = {row["uscc"]: row.get("c3") for row in services.page_rows(collection, people.one) if row}
    assert park == dict.fromkeys(map(credit_code, (1, 2, 3)))


def test_offices_are_urged_until_they_hand_in_and_lateness_is_kept(people):
    collection = opened(people)
    with day.on(date(2022, 6, 8)):
        assert services.urge(collection, PARKS, people.bureau) == 2
        batch = filled(people, collection, people.one, ("1号厂", credit_code(1), 100, 30))
        assert batch.errors == 0, list(batch.findings.values_list("sentence", flat=True))
        services.submit(batch, people.one)
    for today, owing in ((8, []), (9, []), (10, [1])):  # due on the 9th
        with day.on(date(2022, 6, today)):
            one, *others = selectors.punctuality(people.bureau)
            assert (one.asked, one.in_time, one.owing) == (1, 1, 0)
            assert [other.owing for other in others] == owing
    with day.on(date(2022, 6, 13)):
        assert asked(people, collection.code) == {
            PARKS[0]: (True, 1, 1), PARKS[1]: (False, -2, 1),
        }  # fmt: skip
        assert services.urge(collection, PARKS, people.bureau) == 1
        late = filled(people, collection, people.two, ("4号厂", credit_code(4), 5, 3))
        services.submit(late, people.two)
        with pytest.raises(DomainError, match="没有要催的"):
            services.urge(collection, PARKS, people.bureau)
    [one, two] = selectors.punctuality(people.bureau)
    assert (one.in_time, one.late, one.urged) == (1, 0, 1)
    assert (two.in_time, two.late, two.urged) == (0, 1, 2)
    assert AuditEntry.objects.filter(action="intake.collection.urge").count() == 2


def test_what_is_sent_back_is_owed_again(people):
    collection = opened(people)
    batch = filled(people, collection, people.one, ("1号厂", credit_code(1), 100, 30))
    services.submit(batch, people.one)
    assert [ask.answered_on is None for ask in selectors.asks(people.one, collection.code)] == [
        False
    ]
    services.send_back(batch, people.bureau, "数不对")
    assert [ask.answered_on is None for ask in selectors.asks(people.one, collection.code)] == [
        True
    ]


def test_what_is_typed_into_the_page_goes_through_the_same_door(people):
    collection = opened(people)
    rows = [
        {"uscc": credit_code(1), "c2": "1号厂", "c4": "12.5", "c5": "三十"},
        {"uscc": "", "c2": "", "c4": " ", "c5": ""},
    ]
    batch = services.fill_in(collection, rows, people.one).batch
    assert [(f.cell, f.code) for f in batch.findings.filter(severity="error")] == [("D2", "number")]
    rows[0]["c5"] = "30"
    again = services.fill_in(collection, rows, people.one).batch
    assert (again.errors, again.sums["c4"]) == (0, 12_500_000)
    typed = services.page_rows(collection, people.one)[0]
    assert (typed["uscc"], typed["c4"], typed["c5"]) == (credit_code(1), "12.5", "30")
    with pytest.raises(DomainError, match="一行也没有填"):
        services.fill_in(collection, [{"uscc": " "}], people.one)


def test_only_offices_that_are_asked_hand_in_and_only_while_it_is_open(people):
    collection = opened(people, offices=(PARKS[0],))
    row = ("4号厂", credit_code(4), 5, 3)
    with pytest.raises(DomainError, match="不由您的机构报送"):
        filled(people, collection, people.two, row)
    services.close_collection(collection, people.bureau)
    with pytest.raises(DomainError, match="现在不收"):
        filled(people, collection, people.one, row)
    with pytest.raises(DomainError, match="已经发出"):
        services.set_columns(collection, services.proposed_of(collection), people.bureau)


def test_an_office_sees_itself_alone(people):
    collection = opened(people)
    assert [ask.code for ask in selectors.asks(people.one, collection.code)] == [PARKS[0]]
    with pytest.raises(OutOfScope):
        selectors.asks(people.tax, collection.code)
    with pytest.raises(OutOfScope):
        selectors.collection(people.lead, collection.code)
    assert selectors.punctuality(people.one) == []


def test_the_merged_workbook_has_the_layout_that_was_sent_and_the_source_of_every_row(people):
    collection = opened(people)
    first = filled(people, collection, people.one, ("1号厂", credit_code(1), 100.25, 30),
                   ("2号厂", credit_code(2), "未报", 0))  # fmt: skip
    services.submit(first, people.one)
    services.accept(first, people.bureau)
    book_ = openpyxl.load_workbook(services.merged_workbook(collection))
    sheet = book_.worksheets[0]
    assert "A1:E1" in map(str, sheet.merged_cells.ranges)
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "2021年园区企业用工情况表"
    assert rows[2] == ("序号", "企业名称", "统一社会信用代码", "工资总额", "用工人数（人）",
                       "报送单位", "批次", "原表")  # fmt: skip
    assert rows[3] == (None, "1号厂", credit_code(1), 100.25, 30, "430200管委会", first.no, "表!2")
    assert rows[4] == (None, "2号厂", credit_code(2), None, 0, "430200管委会", first.no, "表!3")
    assert ("注：按月平均数填报。",) in [row[:1] for row in rows[5:]]
    told = list(book_["来源"].iter_rows(values_only=True))
    assert told[1:] == [("430200管委会", first.no, 2), ("430281管委会", "未交", None)]


def test_the_batch_that_counts_is_the_accepted_one_else_the_latest_submitted(people):
    from wuhao.intake.services.forms import latest_batches

    collection = opened(people)
    batches = []
    for wages in (1, 2, 3):
        batch = filled(people, collection, people.one, ("1号厂", credit_code(1), wages, 30))
        services.submit(batch, people.one)
        batches.append(batch)
    [counted] = latest_batches(collection).values()
    assert counted == batches[2]
    services.accept(batches[0], people.bureau)
    [counted] = latest_batches(collection).values()
    assert counted == batches[0]


def test_a_filled_form_reads_back_as_it_was_filled_in(people):
    collection = opened(people)
    form = openpyxl.load_workbook(services.form_of(collection, people.one))
    sheet = form.worksheets[0]
    sheet["C4"], sheet["D4"] = 88.5, 12
    stream = BytesIO()
    form.save(stream)
    handed = services.Handed("填.xlsx", stream.getvalue(), collection.code, collection.period)
    batch = services.receive(handed, people.one).batch
    assert (batch.rows, batch.sums) == (3, {"c4": 88_500_000, "c5": 12})
