"""Long work: registered once by key, run by a worker as the post that asked for it."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_tasks import task

from wuhao.core import bindings, day
from wuhao.core.beside import beside
from wuhao.core.errors import DomainError
from wuhao.core.models import Job
from wuhao.core.viewer import Viewer, viewer_at

KIND = "job"
BEAT = timedelta(seconds=15)
Tell = Callable[[int, int, str], None]

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """The person who asked for the job asked it to stop."""


def enqueue(kind: str, args: dict[str, Any], by: Viewer, key: str) -> Job:
    """Register a job once; the same key again answers with the job that is already there.

    A job that failed or was cancelled is registered anew under the same key.
    """
    with transaction.atomic():
        job, created = Job.objects.get_or_create(
            key=key, defaults={"kind": kind, "args": args, "post_id": by.post_id}
        )
        over = job.state in (Job.State.FAILED, Job.State.CANCELLED)
        if over:
            fields = {
                "state": Job.State.WAITING,
                "args": args,
                "cancel_asked": False,
                "message": "",
            }
            Job.objects.filter(pk=job.pk).update(**fields)
            job.refresh_from_db()
        if created or over:
            transaction.on_commit(lambda: run_job.enqueue(job.pk))
    return job


@task()
def run_job(job_id: int) -> None:
    """Run one registered job; what the worker calls."""
    claimed = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, beat_at=day.now()
    )
    if claimed:
        perform(Job.objects.get(pk=job_id))


def perform(job: Job) -> None:
    """Do a claimed job's work and write down how it ended; the failure is told, then raised."""
    try:
        with _beating(job):
            result = bindings.get(KIND, job.kind)(viewer_at(job.post_id), _teller(job), **job.args)
    except Cancelled:
        _end(job, Job.State.CANCELLED, _("已按要求停下，没有留下半成品。"))
    except DomainError as error:
        _end(job, Job.State.FAILED, "；".join(map(str, error.sentences)))
    except Exception:
        _end(job, Job.State.FAILED, _("程序出错，工作没有做成；请把任务编号告诉管理员。"))
        raise
    else:
        Job.objects.filter(pk=job.pk).update(result=result or {})
        _end(job, Job.State.DONE, _("已完成。"))


def ask_to_cancel(job_id: int, by: Viewer) -> None:
    """Ask a job to stop at its next word; only the post that registered it may."""
    asked = _mine(job_id, by).update(cancel_asked=True)
    if not asked:
        raise DomainError(_("没有您登记的这项工作。"))


def progress_of(job_id: int, by: Viewer) -> dict[str, Any]:
    """How far a job is, for the post that registered it. Raises DomainError for another's job."""
    job = _mine(job_id, by).values().first()
    if job is None:
        raise DomainError(_("没有您登记的这项工作。"))
    return dict(job)


def _mine(job_id: int, by: Viewer) -> QuerySet[Job]:
    if by.post_id is None:
        return Job.objects.none()
    return Job.objects.filter(pk=job_id, post_id=by.post_id)


def stale(after: timedelta) -> int:
    """Put jobs whose worker has fallen silent back to waiting; returns how many."""
    silent = Job.objects.filter(state=Job.State.RUNNING, beat_at__lt=day.now() - after)
    keys = list(silent.values_list("pk", flat=True))
    silent.update(state=Job.State.WAITING)
    for key in keys:
        run_job.enqueue(key)
    return len(keys)


def quiet(_done: int, _total: int, _message: str) -> None:
    """The `tell` of work that nobody watches, as on the command line."""


def _beating(job: Job) -> AbstractContextManager[None]:
    """Let a running job be seen alive however long it takes between two words."""

    def beat() -> None:
        try:
            Job.objects.filter(pk=job.pk).update(beat_at=day.now())
        except DatabaseError:
            # The job's own transaction may hold the only write lock; the next beat will do.
            log.info("Job %s could not beat this time.", job.pk)

    return beside(beat, BEAT, at_once=False)


def _teller(job: Job) -> Tell:
    def tell(done: int, total: int, message: str) -> None:
        mine = Job.objects.filter(pk=job.pk)
        mine.update(done=done, total=total, message=message, beat_at=day.now())
        if mine.filter(cancel_asked=True).exists():
            raise Cancelled

    return tell


def _end(job: Job, state: str, message: str) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, message=message[:400], beat_at=day.now())
