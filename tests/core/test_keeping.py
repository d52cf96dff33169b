"""The rounds of the house: the audit chain is sealed and lost jobs are woken, without a person."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError

from tests.cast import person
from wuhao.core import audit, day, jobs, keeping
from wuhao.core.audit import record
from wuhao.core.beside import beside
from wuhao.core.models import AuditLink, Job

pytestmark = pytest.mark.django_db


def test_a_round_seals_what_was_written():
    record("core.test", "core.test/1", None)
    keeping.do_round()
    assert audit.verify().unsealed == 0
    assert AuditLink.objects.count() == 1


def test_a_round_wakes_a_job_whose_worker_is_dead():
    by = person("officer", "bureau_admin", "iit")
    job = jobs.enqueue("test", {}, by, "key")
    silent = day.now() - keeping.SILENT - timedelta(seconds=1)
    Job.objects.update(state=Job.State.RUNNING, beat_at=silent)
    keeping.do_round()
    assert Job.objects.get(pk=job.pk).state == "waiting"


def test_a_duty_that_the_database_refused_does_not_stop_the_next(monkeypatch, caplog):
    def locked(_after):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(jobs, "stale", locked)
    record("core.test", "core.test/1", None)
    keeping.do_round()
    assert AuditLink.objects.count() == 1
    assert "put off to the next round" in caplog.text


def test_a_second_sealer_keeps_nothing_and_breaks_nothing(monkeypatch):
    record("core.test", "core.test/1", None)
    audit.seal()
    record("core.test", "core.test/2", None)
    # What a sealer sees that read the head before the first one wrote: an empty chain.
    monkeypatch.setattr(audit, "_head", lambda: (0, audit.GENESIS))
    assert audit.seal() == 0
    monkeypatch.undo()
    assert audit.seal() == 1
    assert audit.verify().troubles == []


def test_what_goes_on_beside_ends_with_its_block():
    times, twice = [], threading.Event()

    def duty() -> None:
        times.append(1)
        if len(times) == 2:
            twice.set()

    with beside(duty, timedelta(milliseconds=5), at_once=True):
        assert twice.wait(5)
    assert "duty" not in [thread.name for thread in threading.enumerate()]
