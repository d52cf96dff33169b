"""A workbook through intake into the real registers: values, sources, repeats, query counts."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import office, person
from tests.intake.books import book, credit_code
from wuhao.engine.facts import State
from wuhao.intake import services
from wuhao.intake.models import Batch
from wuhao.registers.models import Observation
from wuhao.registers.services import reference

PERIOD = 202100
DIRECTORY = ["统一社会信用代码", "企业名称", "所在园区", "规模"]
TAXES = ["纳税人识别号", "纳税人名称", "入库税金合计（万元）", "增值税（元）"]


@pytest.fixture
def people(db):
    reference.load_parks()
    reference.load_indicators()
    for code in ("mkt", "tax"):
        office(code)
    return SimpleNamespace(
        tax=person("tax", "dept_provider", "tax"),
        market=person("mkt", "dept_provider", "mkt"),
        bureau=person("bureau", "bureau_admin", "iit"),
    )


def hand_in(people, code: str, by, rows: list[list[object]]) -> Batch:
    handed = services.Handed(f"{code}.xlsx", book(rows), code, PERIOD)
    batch = services.receive(handed, by).batch
    assert batch.errors == 0, list(batch.findings.values_list("sentence", flat=True))
    services.submit(batch, by)
    return batch


def directory(people, numbers) -> None:
    rows = [DIRECTORY, *([credit_code(n), f"{n}号厂", "", "规上"] for n in numbers)]
    services.accept(hand_in(people, "T0", people.market, rows), people.bureau)


def taxes(people, cells) -> Batch:
    rows = [["税收"], TAXES, *([credit_code(n), f"{n}号厂", *two] for n, two in cells.items())]
    return hand_in(people, "T1", people.tax, rows)


def current(number: int, code: str = "tax_paid_yuan") -> Observation:
    return Observation.objects.get(
        subject__key=credit_code(number), indicator__code=code, superseded_by=None
    )


def test_a_cell_becomes_an_observation_that_points_back_at_it(people):
    directory(people, [1, 2])
    batch = taxes(people, {1: ("1.5", 20), 2: ("0.25", "—")})
    services.accept(batch, people.bureau)
    seen = current(2)
    assert (seen.value, seen.state) == (250_000, State.VALUE)
    assert (seen.batch_id, seen.sheet, seen.row, seen.column) == (batch.pk, "表", 4, "C")
    assert current(2, "vat_yuan").state == State.NOT_APPLICABLE
    assert current(1, "vat_yuan").value == 2000


def test_a_later_batch_supersedes_and_the_earlier_stays_on_record(people):
    directory(people, [1])
    first = taxes(people, {1: (1, 0)})
    services.accept(first, people.bureau)
    second = taxes(people, {1: (2, 0)})
    services.accept(second, people.bureau)
    assert current(1).value == 2_000_000
    assert current(1).ledger_id == second.ledger_id
    old = Observation.objects.get(indicator__code="tax_paid_yuan", ledger_id=first.ledger_id)
    assert (old.value, old.superseded_by) == (1_000_000, second.ledger_id)


def test_an_enterprise_that_is_not_in_the_directory_stops_the_batch(people):
    directory(people, [1])
    handed = services.Handed(
        "T1.xlsx", book([TAXES, [credit_code(2), "2号厂", 1, 1]]), "T1", PERIOD
    )
    batch = services.receive(handed, people.tax).batch
    assert [f.cell for f in batch.findings.filter(code="unknown_enterprise")] == ["A2"]


def test_the_queries_of_an_acceptance_do_not_grow_with_its_rows(people):
    directory(people, range(1, 401))
    counts = []
    for first, last in ((1, 4), (5, 400)):
        batch = taxes(people, {n: (n, 1) for n in range(first, last + 1)})
        with CaptureQueriesContext(connection) as queries:
            services.accept(batch, people.bureau)
        counts.append(len(queries))
    assert counts[0] == counts[1]
