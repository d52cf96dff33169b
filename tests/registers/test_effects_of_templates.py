"""T5 and T7 to T10 of the city, from a workbook to the registers and back to the cell."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tests.cast import office, person
from tests.intake.books import book, credit_code
from wuhao.core.errors import DomainError
from wuhao.core.register import AsOf, Query, rows
from wuhao.intake import services
from wuhao.intake.models import Batch
from wuhao.registers import selectors
from wuhao.registers.models import (
    EnterpriseEvent,
    LandTenure,
    Observation,
    Project,
    Recognition,
)
from wuhao.registers.register import PROJECTS
from wuhao.registers.services import reference
from wuhao.registers.services.recognitions import ListSource, recognise

PARCEL = "430211001012GB00012"


@pytest.fixture
def people(db):
    reference.load_parks()
    reference.load_indicators()
    for code in ("mkt", "tax", "stats", "env", "land"):
        office(code)
    office("park-430200Y01", kind="park", park_code="430200Y01")
    made = SimpleNamespace(
        bureau=person("bureau", "bureau_admin", "iit"),
        park=person("park", "park_staff", "park-430200Y01"),
        **{code: person(code, "dept_provider", code) for code in ("mkt", "stats", "env", "land")},
    )
    directory = [
        ["统一社会信用代码", "企业名称"],
        *([credit_code(n), f"{n}号厂"] for n in (1, 2, 3)),
    ]
    accepted(made, "T0", made.mkt, directory, 202100)
    return made


def received(people, code, by, lines, period) -> Batch:
    return services.receive(services.Handed(f"{code}.xlsx", book(lines), code, period), by).batch


def accepted(people, code, by, lines, period) -> Batch:
    batch = received(people, code, by, lines, period)
    assert batch.errors == 0, list(batch.findings.values_list("cell", "sentence"))
    services.submit(batch, by)
    services.accept(batch, people.bureau)
    return batch


def errors(batch: Batch) -> list[tuple[str, str]]:
    return list(batch.findings.filter(severity="error").values_list("cell", "code"))


def current(key: str, code: str, period: int) -> int | None:
    return Observation.objects.get(
        subject__key=key, indicator__code=code, period=period, superseded_by=None
    ).value


def test_energy_is_read_at_both_values_in_tons_of_coal(people):
    lines = [["统一社会信用代码", "企业名称", "等价值能耗（吨标准煤）", "当量值能耗（吨标准煤）"],
             [credit_code(1), "1号厂", 1306.8, 1100], [credit_code(2), "2号厂", 5, 6]]  # fmt: skip
    batch = accepted(people, "T5", people.stats, lines, 202100)
    assert current(credit_code(1), "energy_kgce", 202100) == 130_680_000
    assert current(credit_code(1), "energy_calorific_kgce", 202100) == 110_000_000
    asked = batch.findings.filter(severity="warning").values_list("cell", "code")
    assert list(asked) == [("C3", "calorific_within_equivalent")]


EVENTS = ["信用代码", "企业名称", "处罚日期", "类别", "等级", "处罚决定书文号", "罚没金额（元）"]


def test_a_penalty_stands_once_by_its_document_and_is_corrected_by_it(people):
    line = [credit_code(1), "1号厂", "2022.3.5", "环境处罚", "", "株环罚〔2022〕7号", "20,000.00"]
    accepted(people, "T7", people.env, [EVENTS, line], 202203)
    accepted(people, "T7", people.env, [EVENTS, [*line[:6], 18000]], 202204)
    [now] = selectors.events(people.bureau, credit_code(1))
    assert (now["kind"], now["level"], now["happened_on"]) == ("env_penalty", "", date(2022, 3, 5))
    assert (now["fine_yuan"], now["row"]) == (Decimal("18000.00"), 2)
    assert EnterpriseEvent.objects.count() == 2


def test_an_accident_without_a_level_is_sent_back_and_a_department_sees_no_event(people):
    line = [credit_code(1), "1号厂", "2022-03-05", "事故", "", "株应急〔2022〕1号", ""]
    batch = received(people, "T7", people.env, [EVENTS, line], 202203)
    assert errors(batch) == [("D2", "an_accident_has_a_level")]
    line[4] = "较大事故"
    accepted(people, "T7", people.mkt, [EVENTS, line], 202203)
    assert [e["level"] for e in selectors.events(people.bureau, credit_code(1))] == ["large"]
    assert selectors.events(people.mkt, credit_code(1)) == []


LISTS = ["统一社会信用代码", "企业名称", "称号", "级别", "文号", "公布日期", "有效期至"]


def test_a_list_gives_dated_recognitions_and_ends_those_before_it(people):
    first = [credit_code(1), "1号厂", "小巨人", "国家", "工信部〔2019〕1号", "2019.6.1", "2022.6.1"]
    again = [credit_code(1), "1号厂", "小巨人", "国家级", "工信部〔2022〕9号", "2022-05-20", None]
    accepted(people, "T8", people.bureau, [LISTS, first], 201900)
    accepted(people, "T8", people.bureau, [LISTS, again], 202200)
    held = Recognition.objects.order_by("valid_from").values_list("kind", "valid_from", "valid_to")
    assert list(held) == [
        ("little_giant", date(2019, 6, 1), date(2022, 5, 20)),
        ("little_giant", date(2022, 5, 20), None),
    ]


def test_grades_of_runs_are_no_list_that_an_office_could_hand_in(people):
    line = [credit_code(1), "1号厂", "per_mu_grade", "国家级", "文", "2022-05-20", None]
    batch = received(people, "T8", people.bureau, [LISTS, line], 202200)
    assert errors(batch) == [("C2", "choice")]
    recognise(
        ListSource("per_mu_grade", "文", "runs.run/R1", date(2022, 5, 1)), {credit_code(1): "A"}
    )
    assert [
        r["level"] for r in selectors.history(people.bureau, credit_code(1))["recognitions"]
    ] == ["A"]
    assert selectors.history(people.mkt, credit_code(1))["recognitions"] == []


PROJECT = "2201-430211-04-01-100001"
MONTHLY = [
    "项目代码",
    "项目名称",
    "建设单位",
    "建设单位信用代码",
    "园区",
    "总投资（万元）",
    "本月完成投资",
    "累计完成投资",
]


def project(month: float, so_far: float, code: str = PROJECT) -> list[object]:
    park = "株洲高新技术产业开发区"
    return [code, "刀具二期", "外地投资公司", credit_code(99), park, 12_000.5, month, so_far]


def test_a_project_may_belong_to_a_firm_not_yet_registered_and_has_figures_by_month(people):
    unit = [["株洲市项目投资月报"], ["单位：万元"], MONTHLY]
    accepted(people, "T9", people.park, [*unit, project(300, 300)], 202204)
    accepted(people, "T9", people.park, [*unit, project(250.25, 550.25)], 202205)
    assert current(PROJECT, "project_month_yuan", 202204) == 300_000_000
    assert current(PROJECT, "project_month_yuan", 202205) == 250_250_000
    [row] = rows(PROJECTS, people.park, AsOf(date(2022, 5, 31)), Query()).rows
    assert (row["code"], row["month"], row["project_so_far_yuan"]) == (PROJECT, 202205, 550_250_000)
    [row] = rows(PROJECTS, people.park, AsOf(date(2022, 4, 30)), Query()).rows
    assert (row["month"], row["project_so_far_yuan"]) == (202204, 300_000_000)
    assert Project.objects.get().owner_name == "外地投资公司"


def test_a_month_above_the_total_so_far_and_a_wrong_code_are_found(people):
    lines = [MONTHLY, project(300, 299), project(1, 20_000, code="2201-430211-04-01-1")]
    batch = received(people, "T9", people.park, lines, 202204)
    assert errors(batch) == [("G2", "month_within_so_far"), ("A3", "code")]
    asked = batch.findings.filter(severity="warning").values_list("cell", "code")
    assert ("F3", "so_far_within_total") in asked


LEASES = [
    "宗地代码",
    "出租方",
    "出租方信用代码",
    "承租方",
    "承租方信用代码",
    "租赁面积（㎡）",
    "起租日期",
    "到期日期",
]


def lease(lessor: int, lessee: int, area: float, ends: object = None) -> list[object]:
    one = [f"{lessor}号厂", credit_code(lessor)]
    other = [f"{lessee}号厂", credit_code(lessee)]
    return [PARCEL, *one, *other, area, "2021-02-01", ends]


def land_of(number: int, period: int) -> int | None:
    return current(credit_code(number), "land_m2", period)


def test_a_lease_takes_land_from_the_lessor_and_gives_it_to_the_lessee(people):
    owned = [["宗地代码", "信用代码", "企业名称", "用地面积（㎡）", "权属方式", "起始日期"],
             [PARCEL, credit_code(1), "1号厂", 10_000, "自有", "2015-01-01"]]  # fmt: skip
    accepted(people, "T3", people.land, owned, 202100)
    accepted(people, "T10", people.park, [LEASES, lease(1, 2, 2500.5)], 202154)
    assert (land_of(1, 202100), land_of(2, 202100)) == (749_950, 250_050)
    accepted(people, "T10", people.park, [LEASES, lease(1, 3, 1000)], 202251)
    assert (land_of(1, 202200), land_of(3, 202200)) == (900_000, 100_000)
    assert land_of(2, 202200) is None
    assert LandTenure.objects.filter(superseded_by=None, leased=True).count() == 2


def test_land_told_anew_keeps_the_leases_of_the_parks(people):
    owned = [["宗地代码", "信用代码", "企业名称", "用地面积（㎡）", "权属方式", "起始日期"],
             [PARCEL, credit_code(1), "1号厂", 10_000, "自有", "2015-01-01"],
             [PARCEL, credit_code(1), "1号厂", 400, "租出", "2021-01-01"]]  # fmt: skip
    accepted(people, "T10", people.park, [LEASES, lease(1, 2, 2500)], 202154)
    accepted(people, "T3", people.land, owned, 202100)
    assert land_of(1, 202100) == 960_000
    assert land_of(2, 202100) == 250_000


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param(lease(1, 1, 5), [("C2", "two_parties")], id="one party"),
        pytest.param(lease(1, 9, 5), [("E2", "unknown_enterprise")], id="unknown lessee"),
        pytest.param(lease(1, 2, 5, "2021-02-01"), [("G2", "ends_after_start")], id="same day"),
        pytest.param(lease(1, 2, 5, "2021-02-02"), [], id="a day later"),
        pytest.param(lease(1, 2, 0), [("F2", "range")], id="no area"),
    ],
)
def test_what_is_wrong_with_a_lease(people, line, found):
    assert errors(received(people, "T10", people.park, [LEASES, line], 202154)) == found


def test_a_name_is_compared_with_that_of_the_code_before_it(people):
    line = lease(1, 2, 5)
    line[1], line[3] = line[3], line[1]
    batch = received(people, "T10", people.park, [LEASES, line], 202154)
    asked = batch.findings.filter(code="name_differs").values_list("cell", flat=True)
    assert sorted(asked) == ["B2", "D2"]


def test_who_hands_in_what(people):
    lines = [LEASES, lease(1, 2, 5)]
    with pytest.raises(DomainError, match="不由您的机构报送"):
        received(people, "T10", people.env, lines, 202154)
    with pytest.raises(DomainError, match="不由您的机构报送"):
        received(people, "T1", people.park, [["x"]], 202100)
    handed = services.Handed("代.xlsx", book(lines), "T10", 202154, office="park-430200Y01")
    assert services.receive(handed, people.bureau).batch.office.code == "park-430200Y01"
    handed = services.Handed("代.xlsx", book(lines), "T10", 202154, office="env")
    with pytest.raises(DomainError, match="不由机构 env 报送"):
        services.receive(handed, people.bureau)
