"""Large files and batches as long work: registered once, told, stopped, and ended in words."""

import pytest

from tests.intake.books import firm, taxes
from tests.intake.test_services import handed
from wuhao.core import jobs
from wuhao.core.models import Job
from wuhao.intake import services
from wuhao.intake.models import Batch


def registered(house, content: bytes, key: str = "k", **more) -> Job:
    scan = more.pop("scan", None)
    one = services.Handed("税收.xlsx", content, "X1", 202100, scan=scan)
    return services.receive_later(one, more.pop("by", house.tax), key)


def performed(job: Job) -> Job:
    jobs.perform(job)
    job.refresh_from_db()
    return job


def test_a_file_is_received_by_the_work_as_it_would_be_by_the_page(house):
    job = performed(registered(house, taxes(firm(1), firm(2, "x")), scan=("章.pdf", b"%PDF")))
    batch = Batch.objects.get()
    assert (job.state, job.result["batch"]) == ("done", batch.no)
    assert "错误 1 处" in job.result["said"]
    assert (batch.rows, batch.errors, batch.scan.name) == (2, 1, "章.pdf")
    assert (job.done, job.total) == (2, 3)


def test_the_same_wish_twice_is_one_piece_of_work(house):
    content = taxes(firm(1))
    assert registered(house, content).pk == registered(house, content).pk
    assert registered(house, content, "another").pk != registered(house, content).pk


def test_work_that_was_asked_to_stop_leaves_no_batch(house):
    job = registered(house, taxes(firm(1)))
    jobs.ask_to_cancel(job.pk, house.tax)
    assert performed(job).state == "cancelled"
    assert not Batch.objects.exists()


def test_a_file_that_cannot_be_read_ends_in_a_sentence(house):
    job = performed(registered(house, b"\x00 no workbook"))
    assert job.state == "failed"
    assert job.message
    assert not Batch.objects.exists()


def test_a_batch_is_accepted_by_the_work_whole_or_not_at_all(house, registers):
    batch = services.receive(handed(taxes(firm(1), firm(2))), house.tax).batch
    services.submit(batch, house.tax)
    job = performed(services.accept_later(batch, house.bureau, "同意"))
    batch.refresh_from_db()
    assert (job.state, job.result) == ("done", {"batch": batch.no, "entered": 2})
    assert batch.status == "accepted"
    again = services.receive(handed(taxes(firm(3))), house.tax).batch
    services.submit(again, house.tax)
    registers.fail = RuntimeError("the disk is full")
    with pytest.raises(RuntimeError):
        jobs.perform(services.accept_later(again, house.bureau, ""))
    again.refresh_from_db()
    assert again.status == "submitted"


def test_who_may_not_accept_may_not_let_it_be_done(house):
    batch = services.receive(handed(taxes(firm(1))), house.tax).batch
    services.submit(batch, house.tax)
    job = performed(services.accept_later(batch, house.tax, ""))
    assert job.state == "failed"
    assert "不能办理" in job.message
