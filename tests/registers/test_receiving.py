"""What an accepted batch does to the registers, compared with plain Python sums."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from django.db import connection

from tests.cast import office, person
from wuhao.core import bulk
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.models import LedgerEntry
from wuhao.core.register import AsOf, Query, record, rows
from wuhao.engine.facts import State
from wuhao.intake.models import Batch, RawFile
from wuhao.registers import selectors
from wuhao.registers.models import (
    Enterprise,
    EnterpriseName,
    EnterprisePark,
    EnterpriseYear,
    Indicator,
    LandTenure,
    Observation,
    Park,
    Subject,
)
from wuhao.registers.register import ENTERPRISES
from wuhao.registers.services import enterprises, observations, tenures

pytestmark = pytest.mark.django_db
JIA, YI, BING = "91430200MAY0000011", "91430200MAY0000022", "91430200MAY0000033"
PERIOD = 202100
AS_OF = AsOf(on=date(2022, 6, 28))


@pytest.fixture
def bureau():
    return person("bureau", "bureau_admin", "iit")


@pytest.fixture
def city(bureau):
    for code in ("P1", "P2"):
        subject = Subject.objects.create(kind="park", key=code)
        Park.objects.create(subject=subject, code=code, name=code, short=code, level="provincial")
    for n, (code, unit) in enumerate(
        [("tax_paid_yuan", "yuan"), ("land_m2", "m2"), ("staff_person", "person")], 1
    ):
        Indicator.objects.create(
            code=code, label=code, unit=unit, quantum="0.01", owner="tax", cls="secret",
            slot=f"{n:02d}",
        )  # fmt: skip


def batch(template: str = "T1") -> tuple[Batch, LedgerEntry]:
    count = Batch.objects.count()
    raw = RawFile.objects.create(digest=f"{count:064d}", name="税收.xlsx", size=1)
    made = Batch.objects.create(
        no=f"{template}-{count}", template=template, title="税收", period=PERIOD,
        office=office("tax"), file=raw, digest="",
    )  # fmt: skip
    return made, LedgerEntry.objects.create(cause="受理")


def directory(**changes: dict) -> pa.Table:
    entries = [
        {"uscc": JIA, "name": "甲厂", "park": "P1", "scale": "above"},
        {"uscc": YI, "name": "乙厂", "park": "P1", "scale": "above"},
        {"uscc": BING, "name": "丙厂", "park": "P2", "scale": "below"},
    ]
    for n, entry in enumerate(entries):
        entry.update(
            sheet="名录", row=5 + n, sector="C3321", sector_label="工具", district="",
            established_on=date(2010, 1, 1), in_production_on=None, construction_state=None,
        )  # fmt: skip
        entry.update(changes.get(entry["uscc"], {}))
        for code in ("name", "park", "scale"):
            entry[f"{code}__state"] = int(State.VALUE if entry[code] else State.MISSING)
            entry[f"{code}__column"] = "B"
    return pa.Table.from_pylist(entries)


def figures(fact: str, cells: dict[str, tuple[int | None, State]]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"uscc": uscc, "sheet": "入库", "row": 10 + n, fact: value,
             f"{fact}__state": int(state), f"{fact}__column": "H"}
            for n, (uscc, (value, state)) in enumerate(cells.items())
        ],
        schema=pa.schema([("uscc", pa.string()), ("sheet", pa.string()), ("row", pa.int32()),
                          (fact, pa.int64()), (f"{fact}__state", pa.int8()),
                          (f"{fact}__column", pa.string())]),
    )  # fmt: skip


@pytest.fixture
def firms(city, bureau):
    made, ledger = batch("T0")
    enterprises.receive_directory(made, directory(), ledger, bureau)


def receive(by, cells, fact="tax_paid_yuan") -> int:
    made, ledger = batch()
    observations.receive_figures(made, figures(fact, cells), ledger, by)
    return ledger.no


def test_a_directory_enters_enterprises_with_name_park_and_source(firms, bureau):
    row = record(ENTERPRISES, bureau, AS_OF, JIA)
    assert (row["name"], row["park"], row["scale"]) == ("甲厂", "P1", "above")
    assert Enterprise.objects.get(uscc=JIA).row == 5


def test_the_same_directory_again_changes_nothing(firms, bureau):
    made, ledger = batch("T0")
    enterprises.receive_directory(made, directory(), ledger, bureau)
    assert Enterprise.objects.count() == 3
    assert len(selectors.history(bureau, JIA)["names"]) == 1


def test_a_new_name_ends_the_old_one_on_the_day_it_begins(firms, bureau):
    made, ledger = batch("T0")
    renamed = directory(**{JIA: {"name": "甲集团"}})
    enterprises.receive_directory(made, renamed, ledger, bureau)
    new, old = selectors.history(bureau, JIA)["names"]
    assert (new["name"], new["valid_from"]) == ("甲集团", date(2021, 1, 1))
    assert (old["name"], old["valid_to"]) == ("甲厂", date(2021, 1, 1))
    before = record(ENTERPRISES, bureau, AsOf(on=date(2020, 12, 31)), JIA)
    assert before["name"] == "甲厂"


def test_an_enterprise_that_leaves_its_park_and_comes_back_has_two_times(firms, bureau):
    """Neither time begins on the founding day again, and none overlaps the other."""
    for year, park in ((2022, None), (2023, "P2")):
        made, ledger = batch("T0")
        made.period = year * 100
        enterprises.receive_directory(made, directory(**{JIA: {"park": park}}), ledger, bureau)
        if park is None:
            held = EnterprisePark.objects.filter(enterprise__uscc=JIA, valid_to=None)
            assert not held.exists()
    stood = EnterprisePark.objects.filter(enterprise__uscc=JIA).order_by("valid_from")
    assert list(stood.values_list("park__code", "valid_from", "valid_to")) == [
        ("P1", date(2010, 1, 1), date(2022, 1, 1)),
        ("P2", date(2023, 1, 1), None),
    ]


def test_a_name_that_began_after_the_years_first_day_ends_a_day_after_it_began(firms, bureau):
    EnterpriseName.objects.filter(enterprise__uscc=JIA).update(valid_from=date(2021, 3, 1))
    made, ledger = batch("T0")
    enterprises.receive_directory(made, directory(**{JIA: {"name": "甲新厂"}}), ledger, bureau)
    names = EnterpriseName.objects.filter(enterprise__uscc=JIA).order_by("valid_from", "pk")
    assert sorted(names.values_list("name", "valid_from", "valid_to")) == [
        ("甲厂", date(2021, 3, 1), date(2021, 3, 2)),
        ("甲新厂", date(2021, 3, 2), None),
    ]


def test_observations_keep_value_state_and_cell(firms, bureau):
    receive(bureau, {JIA: (241_620_000, State.VALUE), YI: (None, State.MISSING)})
    source = selectors.sources(bureau, JIA, PERIOD)["tax_paid_yuan"]
    assert (source.value, source.sheet, source.cell) == (241_620_000, "入库", "H10")
    assert selectors.sources(bureau, YI, PERIOD)["tax_paid_yuan"].state == State.MISSING


def test_zero_missing_and_not_applicable_are_three_things(firms, bureau):
    receive(
        bureau,
        {JIA: (0, State.ZERO), YI: (None, State.MISSING), BING: (None, State.NOT_APPLICABLE)},
    )
    found = rows(ENTERPRISES, bureau, AS_OF, Query()).rows
    states = {row["uscc"]: row["tax_paid_yuan__state"] for row in found}
    assert states == {JIA: State.ZERO, YI: State.MISSING, BING: State.NOT_APPLICABLE}


def test_a_second_batch_supersedes_and_the_first_can_still_be_seen(firms, bureau):
    first = receive(bureau, {JIA: (100, State.VALUE)})
    receive(bureau, {JIA: (200, State.VALUE)})
    now = selectors.fact_table(bureau, AS_OF, PERIOD, ["tax_paid_yuan"]).table
    then = selectors.fact_table(
        bureau, AsOf(on=AS_OF.on, ledger=first), PERIOD, ["tax_paid_yuan"]
    ).table
    assert now.column("tax_paid_yuan").to_pylist()[0] == 200
    assert then.column("tax_paid_yuan").to_pylist()[0] == 100
    assert Observation.objects.filter(superseded_by=None).count() == 1


def test_the_wide_row_equals_the_current_observations(firms, bureau):
    receive(bureau, {JIA: (100, State.VALUE), YI: (50, State.VALUE)})
    receive(bureau, {JIA: (200, State.VALUE)})
    receive(bureau, {BING: (7, State.VALUE)}, fact="staff_person")
    for indicator in Indicator.objects.exclude(slot=None):
        current = Observation.objects.filter(indicator=indicator, superseded_by=None)
        expected = {o.subject_id: (o.value, o.state) for o in current}
        wide = {
            y.enterprise_id: (getattr(y, f"i{indicator.slot}"), getattr(y, f"s{indicator.slot}"))
            for y in EnterpriseYear.objects.all()
        }
        assert {k: v for k, v in wide.items() if v != (None, None)} == expected


def test_an_enterprise_not_in_the_directory_stops_the_batch(firms, bureau):
    with pytest.raises(DomainError, match="不在企业名录"):
        receive(bureau, {"91430200MAY0000099": (1, State.VALUE)})
    assert Observation.objects.count() == 0


def land(*entries: tuple[str, str, int, date, date | None]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"uscc": uscc, "parcel_code": f"宗{n}", "right_kind": right, "area_m2": area,
             "area_m2__column": "E", "started_on": start, "ended_on": end, "sheet": "用地",
             "row": 6 + n}
            for n, (uscc, right, area, start, end) in enumerate(entries)
        ]
    )  # fmt: skip


OLD = date(2015, 1, 1)


@pytest.mark.parametrize(
    ("entries", "area"),
    [
        pytest.param([(JIA, "own", 10_000, OLD, None)], 10_000, id="own"),
        pytest.param(
            [(JIA, "own", 10_000, OLD, None), (JIA, "rented_out", 4_000, OLD, None)], 6_000,
            id="rented out is taken off",
        ),
        pytest.param(
            [(JIA, "own", 10_000, OLD, None), (JIA, "rented_in", 500, OLD, None)], 10_500,
            id="rented in is added",
        ),
        pytest.param(
            [(JIA, "own", 10_000, OLD, None), (JIA, "own", 1, date(2021, 12, 31), None)], 10_001,
            id="begun on the last day counts",
        ),
        pytest.param(
            [(JIA, "own", 10_000, OLD, None), (JIA, "own", 1, date(2022, 1, 1), None)], 10_000,
            id="begun the day after does not",
        ),
        pytest.param(
            [(JIA, "own", 10_000, OLD, None), (JIA, "own", 1, OLD, date(2021, 12, 31))], 10_000,
            id="ended on the last day does not",
        ),
        pytest.param(
            [(JIA, "own", 10_000, OLD, None), (JIA, "own", 1, OLD, date(2022, 1, 1))], 10_001,
            id="ended the day after counts",
        ),
    ],
)  # fmt: skip
def test_land_counts_only_what_is_held_on_the_last_day(firms, bureau, entries, area):
    made, ledger = batch("T3")
    tenures.receive_tenures(made, land(*entries), ledger, bureau)
    assert selectors.sources(bureau, JIA, PERIOD)["land_m2"].value == area


def test_a_new_land_batch_replaces_the_tenures_of_the_firms_it_names(firms, bureau):
    for area in (10_000, 20_000):
        made, ledger = batch("T3")
        tenures.receive_tenures(made, land((JIA, "own", area, OLD, None)), ledger, bureau)
    [current] = LandTenure.objects.filter(superseded_by=None)
    assert current.area_m2 == Decimal("200.00")
    assert selectors.sources(bureau, JIA, PERIOD)["land_m2"].value == 20_000


def test_a_park_sees_its_own_firms_and_no_secret_figure(firms, bureau):
    receive(bureau, {JIA: (100, State.VALUE)})
    office("park-1", park_code="P1")
    clerk = person("clerk", "park_staff", "park-1")
    page = rows(ENTERPRISES, clerk, AS_OF, Query())
    assert [row["uscc"] for row in page.rows] == [YI, JIA]
    assert "tax_paid_yuan" not in page.rows[0]
    with pytest.raises(OutOfScope):
        record(ENTERPRISES, clerk, AS_OF, BING)


def test_a_department_sees_its_own_column_alone(firms, bureau):
    receive(bureau, {JIA: (100, State.VALUE)})
    officer = person("taxman", "dept_provider", "tax")
    stranger = person("powerman", "dept_provider", "power")
    assert record(ENTERPRISES, officer, AS_OF, JIA)["tax_paid_yuan"] == 100
    assert "tax_paid_yuan" not in record(ENTERPRISES, stranger, AS_OF, JIA)


def test_an_enterprise_sees_itself_alone(firms, bureau):
    contact = person("contact", "enterprise_user", "firms", own_key=YI)
    assert [row["uscc"] for row in rows(ENTERPRISES, contact, AS_OF, Query()).rows] == [YI]


@pytest.mark.parametrize("role", ["public", "nobody", "sys_admin", "auditor"])
def test_roles_without_rows_see_none(firms, role):
    with pytest.raises(OutOfScope):
        rows(ENTERPRISES, person("x", role, "iit"), AS_OF, Query())


@pytest.mark.parametrize(
    "query",
    [Query(order="tax_paid_yuan"), Query(order="-tax_paid_yuan"), Query(filters={"grade_x": "A"})],
)
def test_ordering_or_filtering_on_an_unseen_field_is_refused(firms, query):
    office("park-1", park_code="P1")
    clerk = person("clerk", "park_staff", "park-1")
    with pytest.raises(DomainError, match="没有这一列，或您看不到它"):
        rows(ENTERPRISES, clerk, AS_OF, query)


def test_a_list_takes_the_same_number_of_queries_however_many_rows(
    firms, bureau, django_assert_num_queries
):
    with django_assert_num_queries(4):
        rows(ENTERPRISES, bureau, AS_OF, Query(size=1))
    with django_assert_num_queries(4):
        rows(ENTERPRISES, bureau, AS_OF, Query(size=50))


@pytest.mark.usefixtures("firms")
def test_what_stood_is_found_by_its_key_and_not_row_by_row(bureau, monkeypatch):
    """A second delivery of 100,000 rows must not compare every old row with every new one."""
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read in SQLite's words")
    plans = []

    def explained(sql, parameters=()):
        if sql.lstrip().startswith("UPDATE registers_observation"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
                plans.extend(row[-1] for row in cursor.fetchall())
        return execute(sql, parameters)

    execute = bulk.execute
    monkeypatch.setattr(bulk, "execute", explained)
    receive(bureau, {JIA: (100, State.VALUE)})
    assert any("staged_observation_key" in plan for plan in plans), plans
