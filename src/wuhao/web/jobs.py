"""How far long work is, and where it leads once it has ended: one bar for every kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.core import jobs
from wuhao.web.display import grouped
from wuhao.web.request import Request

Result = Mapping[str, Any]


@dataclass(frozen=True)
class Ending:
    """What a kind of work leads to: the page of what it made, what to say of it, the page else."""

    made_url: Callable[[Result], str]
    say: Callable[[Result], str]
    home: str


def _run_url(result: Result) -> str:
    return reverse("web:run", args=[result["run"]]) if result.get("run") else ""


def _run_said(result: Result) -> str:
    if result.get("new", True):
        return _("草稿 %(no)s 已算好。") % {"no": result["run"]}
    return _("输入没有变，结果与 %(no)s 相同，没有另成草稿。") % {"no": result["run"]}


def _batch_url(result: Result) -> str:
    return reverse("web:batch", args=[result["batch"]]) if result.get("batch") else ""


def _received_said(result: Result) -> str:
    return str(result["said"])


def _accepted_said(result: Result) -> str:
    words = {"no": result["batch"], "n": grouped(int(result["entered"]))}
    return _("%(no)s 已受理，入账 %(n)s 项。") % words


ENDINGS = {
    "evaluation.compute": Ending(_run_url, _run_said, "web:evaluation"),
    "intake.receive": Ending(_batch_url, _received_said, "web:batches"),
    "intake.accept": Ending(_batch_url, _accepted_said, "web:batches"),
}


def asked_for(request: Request) -> dict[str, Any] | None:
    """The bar of the job that the address names; None where it names none."""
    number = request.GET.get("job", "")
    return progress(request, int(number)) if number.isdecimal() else None


def with_job(request: Request, url: str) -> str:
    """The address with the job that the page is to show, where one is asked for."""
    number = request.GET.get("job", "")
    return f"{url}?job={number}" if number.isdecimal() else url


def progress(request: Request, job_id: int, *, polled: bool = False) -> dict[str, Any]:
    """How far a job of this viewer is, for the progress bar.

    Asked for again and again, the bar leads on to the page of what was made.
    """
    job = jobs.progress_of(job_id, request.viewer)
    running = job["state"] in ("waiting", "running")
    total = max(job["total"], 1)
    waiting = _("排队，等前面的工作做完。") if running else ""
    return {
        "id": job_id,
        "running": running,
        "failed": job["state"] == "failed",
        "url": reverse("web:job", args=[job_id]),
        "cancel_url": reverse("web:job-cancel", args=[job_id]),
        "stopping": job["cancel_asked"],
        "reload": leads_to(job) if polled and not running else "",
        "made": bool(_made_url(job)),
        "say": _said(job) or job["message"] or waiting,
        "right": f"{job['done']} / {job['total']}" if job["total"] else "",
        "of": total,
        "done": min(job["done"], total) if running else total,
    }


def leads_to(job: Mapping[str, Any]) -> str:
    """Where the bar of an ended job leads: to what it made, else to the page that says how."""
    return f"{_made_url(job) or home_of(job)}?job={job['id']}"


def home_of(job: Mapping[str, Any]) -> str:
    """The page from which a kind of work is begun."""
    return reverse(ENDINGS[job["kind"]].home)


def _made_url(job: Mapping[str, Any]) -> str:
    return ENDINGS[job["kind"]].made_url(job["result"]) if job["state"] == "done" else ""


def _said(job: Mapping[str, Any]) -> str:
    if not _made_url(job):
        return ""
    return ENDINGS[job["kind"]].say(job["result"])
