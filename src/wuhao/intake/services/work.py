"""Handing in and accepting as long work: large files and batches do not hold a page up."""

from typing import Any

from django.utils.translation import gettext as _

from wuhao.core import jobs
from wuhao.core.jobs import Tell
from wuhao.core.models import Job
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.models import Batch
from wuhao.intake.services.batches import Handed, accept, receive

RECEIVE, ACCEPT = "intake.receive", "intake.accept"
SMALL_BYTES = 1_000_000
"""A file up to so large is read while the page waits; it takes a second or two."""
FEW_ROWS = 5_000
"""A batch of up to so many rows is accepted while the page waits."""


def receive_later(handed: Handed, by: Viewer, key: str) -> Job:
    """Register the receiving of a large file; the same key again gives the same work."""
    args = {
        "name": handed.name,
        "digest": store.keep(handed.content),
        "template": handed.template,
        "period": handed.period,
        "office": handed.office,
        "scan": [handed.scan[0], store.keep(handed.scan[1])] if handed.scan else None,
    }
    return jobs.enqueue(RECEIVE, args, by, f"{RECEIVE}/{args['digest']}/{key}")


def accept_later(batch: Batch, by: Viewer, note: str) -> Job:
    """Register the acceptance of a large batch."""
    args = {"no": batch.no, "note": note}
    return jobs.enqueue(ACCEPT, args, by, f"{ACCEPT}/{batch.no}/{by.post_id}")


def receive_job(by: Viewer, tell: Tell, **args: Any) -> dict[str, Any]:
    """The work behind the button: receive the kept file."""
    scan = args["scan"]
    handed = Handed(
        args["name"],
        store.path_of(args["digest"]).read_bytes(),
        args["template"],
        args["period"],
        office=args["office"],
        scan=(scan[0], store.path_of(scan[1]).read_bytes()) if scan else None,
    )
    received = receive(handed, by, tell=tell)
    return {"batch": received.batch.no, "said": received.sentence}


def accept_job(by: Viewer, tell: Tell, *, no: str, note: str) -> dict[str, Any]:
    """The work behind the button: accept a batch, whole or not at all."""
    batch = Batch.objects.select_related("office", "file").get(no=no)
    tell(0, 1, _("正在入账 %(no)s：要么全入，要么不入。") % {"no": no})
    return {"batch": no, "entered": accept(batch, by, note)}
