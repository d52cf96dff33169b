"""Batches: received once, moved by those who may, accepted whole or not at all."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.intake.books import credit_code, firm, taxes
from wuhao.core.errors import DomainError
from wuhao.core.models import AuditEntry, LedgerEntry
from wuhao.core.viewer import PUBLIC
from wuhao.engine.facts import State
from wuhao.intake import services, store
from wuhao.intake.models import Batch, Finding, RawFile

PERIOD = 202100


def handed(content: bytes, template: str = "X1", name: str = "税收.xlsx", period: int = PERIOD):
    return services.Handed(name, content, template, period)


def received(house, *rows, by=None) -> Batch:
    return services.receive(handed(taxes(*rows)), by or house.tax).batch


def submitted(house, *rows) -> Batch:
    batch = received(house, *(rows or (firm(1), firm(2))))
    services.submit(batch, house.tax)
    return batch


def test_a_file_becomes_a_draft_with_its_rows_sums_and_findings(house):
    batch = received(house, firm(1, 100), firm(2, "x"), firm(3, 0.5, 0))
    assert (batch.status, batch.rows, batch.errors) == ("draft", 3, 1)
    assert batch.office.code == "tax"
    assert batch.sums["tax_paid_yuan"] == 10_050
    [error] = Finding.objects.filter(batch=batch, severity="error")
    assert (error.sheet, error.cell, error.code) == ("表", "C4", "number")


def test_the_rows_keep_sheet_row_column_and_state(house):
    batch = received(house, firm(1, 100, "无"), firm(2, 7, None))
    table = pq.read_table(
        Path(settings.WUHAO_VAR) / "lake" / "batches" / batch.no / "rows.parquet"
    ).to_pylist()
    assert [(row["sheet"], row["row"], row["uscc"]) for row in table] == [
        ("表", 3, credit_code(1)), ("表", 4, credit_code(2)),
    ]  # fmt: skip
    assert [row["tax_paid_yuan"] for row in table] == [10_000, 700]
    assert [row["tax_paid_yuan__column"] for row in table] == ["C", "C"]
    assert [row["vat_yuan__state"] for row in table] == [State.ZERO, State.MISSING]
    assert [row["vat_yuan"] for row in table] == [None, None]


def test_the_file_is_kept_as_received(house):
    content = taxes(firm(1))
    batch = services.receive(handed(content), house.tax).batch
    assert store.path_of(batch.file.digest).read_bytes() == content


def test_the_same_file_twice_is_recognised(house):
    content = taxes(firm(1))
    first = services.receive(handed(content), house.tax)
    again = services.receive(handed(content, name="另一个名字.xlsx"), house.tax)
    assert (first.seen_before, again.seen_before) == (False, True)
    assert again.batch == first.batch
    assert first.batch.no in again.sentence
    assert (Batch.objects.count(), RawFile.objects.count()) == (1, 1)


def test_the_same_file_for_another_period_is_another_batch(house):
    content = taxes(firm(1))
    services.receive(handed(content), house.tax)
    other = services.receive(handed(content, period=202000), house.tax)
    assert not other.seen_before
    assert (Batch.objects.count(), RawFile.objects.count()) == (2, 1)


def test_the_same_content_gives_the_same_digest(house):
    first = received(house, firm(1), firm(2))
    again = services.receive(handed(taxes(firm(1), firm(2)), period=202000), house.tax).batch
    other = received(house, firm(1), firm(2, 101))
    assert first.digest == again.digest != other.digest


def test_what_the_registers_know_reaches_the_checks(house, registers):
    registers.known = {credit_code(1): "1号厂"}
    batch = received(house, firm(1), firm(2))
    assert [f.code for f in batch.findings.filter(severity="error")] == ["unknown_enterprise"]


@pytest.mark.parametrize("period", [202101, 2021, 202151, 194800, 0])
def test_a_period_that_does_not_suit_the_template_is_refused(house, period):
    with pytest.raises(DomainError, match="期间"):
        services.receive(handed(taxes(firm(1)), period=period), house.tax)


@pytest.mark.parametrize("code", ["ZZ", "../X1", "", "Ｘ１"])  # noqa: RUF001
def test_an_unknown_template_is_refused(house, code):
    with pytest.raises(DomainError, match="没有模板"):
        services.receive(handed(taxes(firm(1)), template=code), house.tax)


def test_an_unreadable_file_is_refused_and_leaves_nothing(house):
    with pytest.raises(DomainError, match="另存为"):
        services.receive(handed(b"hello"), house.tax)
    assert (Batch.objects.count(), RawFile.objects.count()) == (0, 0)


@pytest.mark.parametrize("who", ["market", "park", "lead"])
def test_only_the_owning_office_and_the_bureau_hand_in_a_template(house, who):
    with pytest.raises(DomainError, match="报送"):
        received(house, firm(1), by=getattr(house, who))
    assert Batch.objects.count() == 0


def test_a_visitor_hands_in_nothing(house):
    with pytest.raises(DomainError, match="报送"):
        received(house, firm(1), by=PUBLIC)


def test_the_bureau_may_hand_in_for_an_office(house):
    assert received(house, firm(1), by=house.bureau).office.code == "tax"


def test_a_batch_with_errors_cannot_be_submitted(house):
    batch = received(house, firm(1, "x"))
    with pytest.raises(DomainError, match="1 处错误"):
        services.submit(batch, house.tax)
    batch.refresh_from_db()
    assert batch.status == "draft"


def test_a_batch_with_warnings_only_can_be_submitted(house):
    batch = received(house, firm(1), ["合计", "", 999])
    assert (batch.errors, batch.warnings) == (0, 1)
    services.submit(batch, house.tax)
    assert batch.status == "submitted"


def test_a_batch_without_rows_cannot_be_submitted(house):
    with pytest.raises(DomainError, match="一行数据也没有"):
        services.submit(received(house), house.tax)


def test_another_office_does_not_submit(house):
    with pytest.raises(DomainError, match="不是您的机构"):
        services.submit(received(house, firm(1)), house.market)


@pytest.mark.parametrize("who", ["tax", "market", "park", "lead"])
def test_only_the_bureau_accepts(house, who, registers):
    batch = submitted(house)
    with pytest.raises(DomainError, match="岗位"):
        services.accept(batch, getattr(house, who))
    batch.refresh_from_db()
    assert (batch.status, registers.calls) == ("submitted", [])


def test_accepting_gives_the_rows_to_the_effect_under_one_ledger_number(house, registers):
    batch = submitted(house)
    assert services.accept(batch, house.bureau, "核对无误") == 2
    [(no, rows, ledger)] = registers.calls
    assert (no, rows.num_rows) == (batch.no, 2)
    assert batch.status == "accepted"
    assert batch.ledger_id == ledger
    assert LedgerEntry.objects.count() == 1
    [line] = AuditEntry.objects.filter(action="intake.batch.accept")
    assert (line.subject, line.note) == (f"intake.batch/{batch.no}", "核对无误")


def test_a_draft_is_not_accepted_and_nothing_is_accepted_twice(house, registers):
    batch = received(house, firm(1))
    with pytest.raises(DomainError, match="没有办成"):
        services.accept(batch, house.bureau)
    services.submit(batch, house.tax)
    services.accept(batch, house.bureau)
    with pytest.raises(DomainError, match="没有办成"):
        services.accept(batch, house.bureau)
    assert len(registers.calls) == 1


def test_an_interrupted_acceptance_leaves_nothing(house, registers):
    batch = submitted(house)
    lines = AuditEntry.objects.count()
    registers.fail = RuntimeError("power cut")
    with pytest.raises(RuntimeError):
        services.accept(batch, house.bureau)
    batch.refresh_from_db()
    assert (batch.status, batch.ledger_id) == ("submitted", None)
    assert (LedgerEntry.objects.count(), AuditEntry.objects.count()) == (0, lines)
    registers.fail = None
    assert services.accept(batch, house.bureau) == 2


def test_rows_changed_after_the_check_are_not_accepted(house, registers):
    batch = submitted(house)
    rows = store.rows_of(batch.no)
    store.keep_rows(batch.no, rows.slice(1))
    with pytest.raises(DomainError, match="不一样"):
        services.accept(batch, house.bureau)
    assert registers.calls == []


def test_a_batch_is_returned_only_with_a_reason(house):
    batch = submitted(house)
    with pytest.raises(DomainError, match="写明原因"):
        services.send_back(batch, house.bureau, "  ")
    services.send_back(batch, house.bureau, "缺第三季度")
    assert batch.status == "returned"
    [line] = AuditEntry.objects.filter(action="intake.batch.return")
    assert line.note == "缺第三季度"


def test_an_office_withdraws_its_own_batch_until_it_is_accepted(house):
    batch = submitted(house)
    with pytest.raises(DomainError, match="不是您的机构"):
        services.withdraw(batch, house.market)
    services.withdraw(batch, house.tax)
    assert batch.status == "withdrawn"
    accepted = submitted(house, firm(5))
    services.accept(accepted, house.bureau)
    with pytest.raises(DomainError, match="没有办成"):
        services.withdraw(accepted, house.tax)


def queries_to_accept(house, count: int, start: int) -> int:
    batch = submitted(house, *(firm(start + n) for n in range(count)))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        services.accept(batch, house.bureau)
    return len(queries)


def test_the_queries_of_an_acceptance_do_not_grow_with_its_rows(house):
    assert queries_to_accept(house, 3, 1000) == queries_to_accept(house, 300, 2000)
