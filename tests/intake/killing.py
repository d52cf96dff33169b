"""A house that is killed on order: run as a program, it forks a child for every order.

An order is a line of JSON on standard input: `folder` (database and files), `act` (prepare,
receive, accept), `kind` (none, before, after, file) and `at` (which statement or file). A child
that comes to its point kills itself as the kernel would. The answer is the child's exit status and
how many statements and files it came past.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PERIOD = 202100
FIRMS = 60
ANOTHER = "税2.xlsx"


class Killer:
    """Counts statements and files, and ends the process at the one that was ordered."""

    def __init__(self, kind: str, at: int) -> None:
        self.kind, self.at = kind, at
        self.statements = self.files = 0

    def statement(self, run: Callable[[], Any]) -> Any:
        self.statements += 1
        here = self.statements == self.at
        if here and self.kind == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = run()
        if here and self.kind == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    def file(self) -> None:
        self.files += 1
        if self.kind == "file" and self.files == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def watched(killer: Killer) -> Iterator[None]:
    """Let the killer see every statement, every commit, and every file that takes its place."""
    from django.db import connection

    connection.ensure_connection()
    commit, replace = connection._commit, Path.replace

    def put(self: Path, target: Any) -> Path:
        killer.file()
        made = replace(self, target)
        killer.file()
        return made

    connection._commit = lambda: killer.statement(commit)  # type: ignore[method-assign]
    Path.replace = put  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(
            lambda execute, *said: killer.statement(lambda: execute(*said))
        ):
            yield
    finally:
        connection._commit, Path.replace = commit, replace  # type: ignore[method-assign]


def prepare() -> None:
    """A directory of some firms, accepted; their tax handed in and submitted."""
    from django.conf import settings
    from django.core.management import call_command

    from tests.cast import office, person
    from wuhao.intake import services
    from wuhao.registers.services import reference

    call_command("migrate", verbosity=0)
    reference.load_parks()
    reference.load_indicators()
    for code in ("mkt", "tax"):
        office(code)
    market, tax = person("mkt", "dept_provider", "mkt"), person("tax", "dept_provider", "tax")
    bureau = person("bureau", "bureau_admin", "iit")
    batch = services.receive(services.Handed("名录.xlsx", directory(), "T0", PERIOD), market).batch
    services.submit(batch, market)
    services.accept(batch, bureau)
    batch = services.receive(services.Handed("税.xlsx", taxes(), "T1", PERIOD), tax).batch
    services.submit(batch, tax)
    # A workbook holds the moment at which it was made: the same bytes serve every trial.
    (Path(settings.WUHAO_VAR) / ANOTHER).write_bytes(taxes(2000))


def directory() -> bytes:
    from tests.intake.books import book, credit_code

    rows = [[credit_code(n), f"{n}号厂", "规上"] for n in range(FIRMS)]
    return book([["统一社会信用代码", "企业名称", "规模"], *rows])


def taxes(factor: int = 1000) -> bytes:
    from tests.intake.books import book, credit_code

    rows = [[credit_code(n), f"{n}号厂", n * factor + 7, n] for n in range(FIRMS)]
    return book([["信用代码", "纳税人名称", "实缴税金合计（元）", "增值税"], *rows])


def viewer(username: str) -> Any:
    from wuhao.core.models import User
    from wuhao.core.viewer import viewer_of

    return viewer_of(User.objects.get(username=username))


def accept() -> None:
    """Accept the submitted batch, unless that was done."""
    from wuhao.intake import services
    from wuhao.intake.models import Batch

    for batch in Batch.objects.filter(status=Batch.Status.SUBMITTED):
        services.accept(batch, viewer("bureau"))


def receive() -> None:
    """Hand another file in."""
    from django.conf import settings

    from wuhao.intake import services

    content = (Path(settings.WUHAO_VAR) / ANOTHER).read_bytes()
    services.receive(services.Handed(ANOTHER, content, "T1", PERIOD), viewer("tax"))


ACTS = {"prepare": prepare, "receive": receive, "accept": accept}


def obeyed(order: dict[str, Any]) -> None:
    """Do an order in this process, which may not outlive it."""
    from django.conf import settings
    from django.db import connection

    folder = Path(order["folder"])
    settings.WUHAO_VAR = folder
    connection.settings_dict["NAME"] = str(folder / "db.sqlite3")
    killer = Killer(order["kind"], order["at"])
    with watched(killer):
        ACTS[order["act"]]()
    connection.close()
    counted = {"statements": killer.statements, "files": killer.files}
    (folder / "counted.json").write_text(json.dumps(counted), encoding="ascii")


def main() -> None:
    """Obey order after order, each in a child of its own."""
    import django

    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        # Done once beforehand, so that no child imports and reads anew what all of them need.
        for act in ACTS:
            obeyed({"folder": folder, "act": act, "kind": "none", "at": 0})
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            obeyed(json.loads(line))
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
