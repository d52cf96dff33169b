"""A function that goes on beside the main thread for as long as a `with` block lasts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connections


@contextmanager
def beside(duty: Callable[[], None], every: timedelta, *, at_once: bool) -> Iterator[None]:
    """Do a duty again and again in a thread of its own inside a `with` block.

    The thread's database connections are closed after each time. What the duty raises is a
    programming error: it ends the thread and is shown; a duty deals with what it expects.
    """
    stop = threading.Event()

    def go_on() -> None:
        if at_once:
            _once(duty)
        while not stop.wait(every.total_seconds()):
            _once(duty)

    thread = threading.Thread(target=go_on, name=duty.__name__, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _once(duty: Callable[[], None]) -> None:
    try:
        duty()
    finally:
        connections.close_all()
