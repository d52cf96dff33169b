"""What the house does by itself: seal the audit chain, wake jobs whose worker fell silent."""

import logging
from contextlib import AbstractContextManager
from datetime import timedelta

from django.db import DatabaseError

from wuhao.core import audit, jobs
from wuhao.core.beside import beside

log = logging.getLogger(__name__)

ROUND = timedelta(minutes=1)
# A worker that has not beaten for this long is taken for dead.
SILENT = timedelta(minutes=5)


def keeping(every: timedelta = ROUND) -> AbstractContextManager[None]:
    """Do a round now and one every minute, in a thread, inside a `with` block."""
    return beside(do_round, every, at_once=True)


def do_round() -> None:
    """One round; a duty that the database refused is logged and done again in the next."""
    for duty in (_wake, _seal):
        try:
            duty()
        except DatabaseError:
            log.exception("%s was put off to the next round.", duty.__name__)


def _wake() -> None:
    jobs.stale(SILENT)


def _seal() -> None:
    audit.seal()
