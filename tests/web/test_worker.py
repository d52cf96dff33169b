"""Long work on the pages: a worker takes it, tells how far it is, and may be stopped."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests import demo_house
from tests.web.conftest import AsUser
from wuhao.core.audit import verify
from wuhao.core.models import Job
from wuhao.runs.models import Run


@contextmanager
def a_worker(var: Path) -> Iterator[None]:
    """`wuhao work` in a process of its own, on the same copy of the demo."""
    database = f"sqlite:///{connection.settings_dict['NAME']}"
    environment = {**os.environ, "WUHAO_VAR": str(var), "WUHAO_DATABASE_URL": database}
    process = subprocess.Popen(
        [sys.executable, "-m", "wuhao.config", "work"],
        env={**environment, "WUHAO_DEMO": "1", "WUHAO_TODAY": "2022-06-28"},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def ended(number: int) -> Job:
    """The job when it has ended; the worker has half a minute for it."""
    for _ in range(120):
        job = Job.objects.get(pk=number)
        if job.state not in (Job.State.WAITING, Job.State.RUNNING):
            return job
        time.sleep(0.25)
    raise AssertionError(f"the job did not end: {job.state} {job.message}")


def asked_for(client) -> int:
    answer = client.post("/evaluation/compute/2022/")
    return int(answer.headers["Location"].split("job=")[1])


@pytest.mark.slow
def test_the_worker_computes_a_draft_and_seals_the_log(as_user: AsUser, demo_db: Path) -> None:
    if demo_house.is_postgres():
        pytest.skip("the worker of this test speaks to a copy in a file")
    bureau = as_user("bureau")
    stopped = asked_for(bureau)
    bureau.post(f"/jobs/{stopped}/cancel/")
    wanted = asked_for(as_user("desk"))
    with a_worker(demo_db / "var"):
        assert ended(stopped).state == "cancelled"
        done = ended(wanted)
    assert (done.state, done.done, done.total) == ("done", 2, 3)
    assert done.result == {"run": Run.objects.get().no, "new": False}
    assert verify().unsealed == 0


def test_a_job_shows_its_button_until_it_is_asked_to_stop(as_user: AsUser) -> None:
    bureau = as_user("bureau")
    number = asked_for(bureau)
    page = bureau.get(f"/evaluation/?job={number}", follow=True).content.decode()
    assert f'action="/jobs/{number}/cancel/"' in page
    after = bureau.post(f"/jobs/{number}/cancel/", follow=True).content.decode()
    assert f'action="/jobs/{number}/cancel/"' not in after
    assert "已要求停下" in after


def test_nobody_stops_the_job_of_another(as_user: AsUser) -> None:
    number = asked_for(as_user("bureau"))
    assert as_user("desk").post(f"/jobs/{number}/cancel/").status_code == 400
    assert not Job.objects.get(pk=number).cancel_asked


def test_a_computing_that_changed_nothing_says_so(as_user: AsUser) -> None:
    bureau = as_user("bureau")
    number = asked_for(bureau)
    no = Run.objects.get().no
    Job.objects.filter(pk=number).update(
        state=Job.State.DONE, result={"run": no, "new": False}, message="已完成。"
    )
    polled = bureau.get(f"/jobs/{number}/").content.decode()
    assert f'data-reload="/evaluation/{no}/?job={number}"' in polled
    page = bureau.get(f"/evaluation/{no}/?job={number}").content.decode()
    assert "输入没有变" in page
    assert "data-reload" not in page
