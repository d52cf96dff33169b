"""The worked examples of docs/engine/lifts.md and compare.md are what the commands print."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.paths import ROOT
from wuhao.config.cli import main
from wuhao.engine.evaluate import evaluate
from wuhao.engine.lifts import changed
from wuhao.engine.outcome import Outcome

PAGES = ROOT / "docs" / "engine"
FILE = re.compile(r"^`(\S+)`\n\n```(?:yaml|csv)\n(.*?)```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)```$", re.MULTILINE | re.DOTALL)


def play(page: str) -> None:
    """Write the files of a page here, run its commands, and compare what they print."""
    text = (PAGES / page).read_text(encoding="utf-8")
    for name, content in FILE.findall(text):
        Path(name).write_text(content, encoding="utf-8")
    ran = 0
    for session in CONSOLE.findall(text):
        for step in session.split("$ wuhao ")[1:]:
            command, _, shown = step.partition("\n")
            done = CliRunner().invoke(main, command.split())
            assert done.exit_code == 0, done.output
            assert shown in (done.output, "…\n")
            ran += 1
    assert ran > 1


def test_the_example_of_lifts_is_what_the_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    play("lifts.md")
    outcome = Outcome.load("before")
    for tax, grade in ((724_033, "B"), (724_032, "C")):
        moved = changed(outcome.facts, "丁", {"tax_yuan": tax})
        row = evaluate(outcome.scheme, moved, threads=1).row("丁")
        assert row is not None
        assert row["grade"] == grade


def test_the_example_of_compare_is_what_the_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    play("compare.md")
    text = (PAGES / "compare.md").read_text(encoding="utf-8")
    with Path("moved.csv").open(encoding="utf-8-sig", newline="") as file:
        told = [row["说明"] for row in csv.DictReader(file)]
    assert "\n".join(told) in text
