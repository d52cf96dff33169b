"""Jobs: once by key, as the post that asked, with progress, cancel and an honest end."""

from datetime import timedelta

import pytest

from tests.cast import person
from wuhao.core import bindings, day, jobs
from wuhao.core.errors import DomainError
from wuhao.core.models import Job, Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person("officer", "bureau_admin", "iit")


@pytest.fixture
def bound(monkeypatch):
    monkeypatch.setattr(bindings, "_bound", {})

    def bind(effect):
        bindings.bind("job", "test", effect)

    return bind


def claimed(officer, **args):
    job = jobs.enqueue("test", args, officer, "key")
    Job.objects.update(state=Job.State.RUNNING)
    return Job.objects.get(pk=job.pk)


def test_the_same_key_twice_is_one_job(officer):
    first = jobs.enqueue("test", {}, officer, "key")
    assert jobs.enqueue("test", {}, officer, "key").pk == first.pk
    assert Job.objects.count() == 1


def test_a_job_runs_as_the_post_that_asked_and_tells_its_progress(officer, bound):
    seen = []

    def effect(by, tell, *, n):
        tell(1, n, "一半")
        seen.append((by.role, jobs.progress_of(Job.objects.get().pk, officer)["message"]))
        return {"n": n}

    bound(effect)
    jobs.perform(claimed(officer, n=2))
    job = Job.objects.get()
    assert seen == [("bureau_admin", "一半")]
    assert (job.state, job.result, job.done, job.total) == ("done", {"n": 2}, 1, 2)


def test_a_job_asked_to_stop_stops_at_its_next_word(officer, bound):
    def effect(by, tell):
        jobs.ask_to_cancel(Job.objects.get().pk, officer)
        tell(1, 2, "")
        raise AssertionError("the job went on")

    bound(effect)
    jobs.perform(claimed(officer))
    assert Job.objects.get().state == "cancelled"


def test_a_refusal_is_told_in_its_own_sentence(officer, bound):
    def effect(by, tell):
        raise DomainError("没有数据可算。")

    bound(effect)
    jobs.perform(claimed(officer))
    job = Job.objects.get()
    assert (job.state, job.message) == ("failed", "没有数据可算。")


def test_a_programming_error_is_told_and_raised(officer, bound):
    def effect(by, tell):
        raise KeyError("x")

    bound(effect)
    with pytest.raises(KeyError):
        jobs.perform(claimed(officer))
    assert Job.objects.get().state == "failed"


def test_a_failed_job_can_be_asked_for_again(officer):
    jobs.enqueue("test", {}, officer, "key")
    Job.objects.update(state=Job.State.FAILED)
    assert jobs.enqueue("test", {}, officer, "key").state == "waiting"


def test_an_ended_post_stops_its_job(officer, bound):
    bound(lambda by, tell: None)
    job = claimed(officer)
    Post.objects.update(valid_to=day.today())
    jobs.perform(job)
    assert Job.objects.get().state == "failed"
    assert "失效" in Job.objects.get().message


def test_another_persons_job_is_not_shown_nor_cancelled(officer):
    job = jobs.enqueue("test", {}, officer, "key")
    other = person("other", "bureau_admin", "iit")
    with pytest.raises(DomainError):
        jobs.progress_of(job.pk, other)
    with pytest.raises(DomainError):
        jobs.ask_to_cancel(job.pk, other)


@pytest.mark.parametrize(("minutes", "waiting"), [(9, 0), (10, 0), (11, 1)])
def test_a_job_whose_worker_fell_silent_waits_again(officer, minutes, waiting, monkeypatch):
    claimed(officer)
    now = day.now()
    monkeypatch.setattr(day, "now", lambda: now)
    Job.objects.update(beat_at=now - timedelta(minutes=minutes))
    assert jobs.stale(timedelta(minutes=10)) == waiting
