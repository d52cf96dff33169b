"""A demo killed half-way and started again ends with the same digest as one left in peace."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wuhao.runs.models import Run

pytestmark = pytest.mark.slow
COMMAND = [sys.executable, "-m", "wuhao.config", "demo", "--no-serve"]


def environment(var: Path) -> dict[str, str]:
    url = f"sqlite:///{var}/db.sqlite3"
    return {**os.environ, "WUHAO_VAR": str(var), "WUHAO_DATABASE_URL": url}


def kill_after(line: str, var: Path) -> None:
    """Start the demo and kill it as soon as it has said a line that holds the word."""
    process = subprocess.Popen(
        COMMAND,
        env={**environment(var), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert any(line in said for said in process.stdout), "the demo ended before it was killed"
    process.kill()
    process.wait()


def test_a_killed_demo_goes_on_to_the_same_digest(demo_db, tmp_path):
    untouched = Run.objects.get(status=Run.Status.PUBLISHED).result_digest
    var = tmp_path / "killed"
    kill_after("T2-", var)
    result = subprocess.run(
        COMMAND, env=environment(var), capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "已公布" in result.stdout
    [shown] = re.findall(r"结果摘要 ([0-9a-f]{16})", result.stdout)
    assert untouched.startswith(shown)
