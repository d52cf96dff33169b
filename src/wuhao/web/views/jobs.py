"""Long work on the pages: its bar, asked for every second, and the wish to stop it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wuhao.core import jobs
from wuhao.web.jobs import home_of, progress
from wuhao.web.request import Request


def job(request: Request, job_id: int) -> HttpResponse:
    """The progress bar of a job, asked for every second."""
    found = progress(request, job_id, polled=True)
    return render(request, "web/parts/progress.html", {"job": found})


@require_POST
def job_cancel(request: Request, job_id: int) -> HttpResponse:
    """Ask a job to stop at its next step, and show how far it is."""
    jobs.ask_to_cancel(job_id, request.viewer)
    home = home_of(jobs.progress_of(job_id, request.viewer))
    return redirect(f"{home}?job={job_id}")
