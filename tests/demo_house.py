"""The demo city, played once a test run and copied for every test that wants it."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections

TEMPLATE = "wuhao_demo_template"


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Let the default connection speak to another database inside a `with` block."""
    connection = connections["default"]
    # The open connection is set aside, not closed: an in-memory database would end with it.
    before, held = connection.settings_dict["NAME"], connection.connection
    connection.connection = None
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        connection.connection = held


def is_postgres() -> bool:
    return connections["default"].vendor == "postgresql"


def once(folder: Path, make: Any) -> None:
    """Run `make` in the first of several workers to come here; the others wait for its end."""
    done, busy, failed = folder / "done", folder / "busy", folder / "failed"
    try:
        busy.mkdir(parents=True)
    except FileExistsError:
        _wait(done, failed)
        return
    try:
        make()
    except Exception as error:
        failed.write_text(f"playing the demo failed: {error!r}", encoding="utf-8")
        raise
    done.touch()


def _wait(done: Path, failed: Path) -> None:
    for _ in range(1200):
        if done.exists():
            return
        if failed.exists():
            raise RuntimeError(failed.read_text(encoding="utf-8"))
        time.sleep(0.25)
    raise TimeoutError("the demo city was not played by the worker that began it")


def build(folder: Path, settings: Any) -> None:
    """Play the demo into a database and a var folder under `folder`."""
    from wuhao.demo import play

    settings.WUHAO_VAR = folder / "var"
    settings.WUHAO_VAR.mkdir(parents=True)
    name = _new_database(folder / "demo.sqlite3", f"{TEMPLATE}")
    with pointed_at(name):
        call_command("migrate", verbosity=0)
        for _line in play.play():
            pass


def copy(folder: Path, target: Path) -> str:
    """Copy the played demo; returns the name of the copy's database."""
    shutil.copytree(folder / "var", target / "var")
    if not is_postgres():
        shutil.copy(folder / "demo.sqlite3", target / "demo.sqlite3")
        return str(target / "demo.sqlite3")
    name = f"wuhao_copy_{abs(hash(str(target))) % 10**12}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return name


def drop(name: str) -> None:
    """Remove a copy."""
    if is_postgres():
        _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _new_database(path: Path, name: str) -> str:
    if not is_postgres():
        return str(path)
    _administer(f"CREATE DATABASE {name}")
    return name


def _administer(sql: str) -> None:
    """Run a statement outside every transaction, on the cluster's own database."""
    settings = connections["default"].settings_dict
    command = ["psql", "-q", "-h", settings["HOST"], "-U", settings["USER"], "-d", "template1"]
    subprocess.run([*command, "-c", sql], check=True, stdout=subprocess.DEVNULL)
