"""Killed at any point of acceptance or of receiving, nothing is half done.

The state of the house is the content of every table, days and digests of the log apart; after a
kill it is the one before or the one after, and doing it again ends in the one after.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.paths import CITY, ROOT

pytestmark = pytest.mark.slow
POINTS, RECEIVING_POINTS = 50, 20
# What differs from one time to the next: instants, and the digests that contain them.
MOMENTS = {"at", "created_at", "received_at", "submitted_at", "digest_of_entry", "beat_at"}
UNTOLD = {"django_migrations", "sqlite_sequence", "django_content_type", "auth_permission"}
Order = Callable[..., int]


@pytest.fixture(scope="module")
def order(tmp_path_factory) -> Iterator[Order]:
    """Give an order to a house in a process of its own; answers with the child's exit status."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "wuhao.config.settings",
        "WUHAO_CITY": str(CITY),
        "WUHAO_TODAY": "2022-06-28",
        "WUHAO_VAR": str(tmp_path_factory.mktemp("killing")),
        "WUHAO_DATABASE_URL": "sqlite:///:memory:",
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.intake.killing"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None

    def give(folder: Path, act: str, kind: str = "none", at: int = 0) -> int:
        said = {"folder": str(folder), "act": act, "kind": kind, "at": at}
        process.stdin.write(json.dumps(said) + "\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    yield give
    process.stdin.close()
    process.wait(timeout=30)


@pytest.fixture(scope="module")
def house(order: Order, tmp_path_factory) -> Path:
    """A house with a submitted batch, to be copied for every trial."""
    folder = tmp_path_factory.mktemp("house")
    assert order(folder, "prepare") == 0
    return folder


def copied(house: Path, folder: Path) -> Path:
    shutil.copytree(house, folder)
    return folder


def state(folder: Path) -> dict[str, str]:
    """Every table's content as a digest. Fails where the database is not sound."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        names = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: _content(base, name) for (name,) in names if name not in UNTOLD}


def _content(base: sqlite3.Connection, table: str) -> str:
    columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
    told = [
        c
        for c in columns
        if c not in MOMENTS and not (table.startswith("core_audit") and c == "digest")
    ]
    quoted = ", ".join(f'"{column}"' for column in told)
    rows = sorted(map(repr, base.execute(f"SELECT {quoted} FROM {table}")))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def counted(folder: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / "counted.json").read_text(encoding="ascii"))
    return found


def points(draw: Random, seen: dict[str, int], many: int) -> list[tuple[str, int]]:
    """Points to be killed at: every file's, the last commits, and statements drawn at random."""
    fixed = [("file", at) for at in range(1, seen["files"] + 1)]
    fixed += [
        (kind, seen["statements"] - back) for back in range(2) for kind in ("before", "after")
    ]
    others = [(kind, at) for at in range(1, seen["statements"] - 1) for kind in ("before", "after")]
    drawn = draw.sample(others, min(many - len(fixed), len(others)))
    return [*fixed, *drawn]


def test_acceptance_killed_at_fifty_points_is_whole_or_not_there(order, house, tmp_path):
    before, whole = state(house), copied(house, tmp_path / "whole")
    assert order(whole, "accept") == 0
    after = state(whole)
    assert before != after
    outcomes = []
    chosen = points(Random(20220628), counted(whole), POINTS)
    while len(chosen) < POINTS:
        chosen += chosen[: POINTS - len(chosen)]
    for number, (kind, at) in enumerate(chosen):
        folder = copied(house, tmp_path / f"trial{number}")
        assert order(folder, "accept", kind, at) == 9, f"not killed {kind} {at}"
        found = state(folder)
        assert found in (before, after), (kind, at, _differing(found, before, after))
        outcomes.append(found == after)
        assert order(folder, "accept") == 0
        assert state(folder) == after
        shutil.rmtree(folder)
    assert True in outcomes
    assert False in outcomes


def _differing(found: dict[str, str], before: dict[str, str], after: dict[str, str]) -> list[Any]:
    return [
        (table, "before" if digest == before[table] else "after" if digest == after[table] else "?")
        for table, digest in found.items()
        if before[table] != after[table]
    ]


def test_receiving_killed_at_any_point_leaves_no_batch_without_its_rows(order, house, tmp_path):
    before, whole = state(house), copied(house, tmp_path / "whole")
    assert order(whole, "receive") == 0
    after = state(whole)
    for number, (kind, at) in enumerate(points(Random(7), counted(whole), RECEIVING_POINTS)):
        folder = copied(house, tmp_path / f"trial{number}")
        assert order(folder, "receive", kind, at) == 9
        assert state(folder) in (before, after), (kind, at)
        _every_batch_has_its_rows(folder)
        assert order(folder, "receive") == 0
        assert state(folder) == after
        _every_batch_has_its_rows(folder)
        shutil.rmtree(folder)


def _every_batch_has_its_rows(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "db.sqlite3")) as base:
        for no, rows in base.execute("SELECT no, rows FROM intake_batch"):
            path = folder / "lake" / "batches" / no / "rows.parquet"
            assert pq.read_table(path).num_rows == rows
