"""The worked example on each verb's page is what the command gives."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.paths import ROOT
from wuhao.config.cli import main
from wuhao.engine.exact import show
from wuhao.engine.index.load import load_index
from wuhao.engine.index.words import VERBS

PAGES = ROOT / "docs" / "engine" / "index"
FILE = re.compile(r"^`(\S+)`\n\n```(?:yaml|csv)\n(.*?)```$", re.MULTILINE | re.DOTALL)
RESULTS = re.compile(r"^```results\n(.*?)```$", re.MULTILINE | re.DOTALL)


def told(value: str | int | None) -> str:
    """A cell of the results as the pages show it: numbers of six decimals without idle zeros."""
    if not isinstance(value, int):
        return value or ""
    return f"{Decimal(show(value, 6)).normalize():f}"


def play(text: str) -> str:
    """Write the files of a page here, run its command, return the columns that it shows."""
    for name, content in FILE.findall(text):
        Path(name).write_text(content, encoding="utf-8")
    [command] = re.findall(r"^\$ wuhao (.*)$", text, re.MULTILINE)
    done = CliRunner().invoke(main, command.split())
    assert done.exit_code == 0, done.output
    heading = RESULTS.findall(text)[0].split("\n")[0]
    rows = pq.read_table("out/results.parquet").to_pylist()
    lines = [heading]
    for row in rows:
        cells = [str(row[c] or "") if c == "rank" else told(row[c]) for c in heading.split(",")]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def test_every_verb_has_a_page_that_names_its_methods() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(VERBS)
    for verb, methods in VERBS.items():
        text = (PAGES / f"{verb}.md").read_text(encoding="utf-8")
        for method, word in methods.items():
            assert f"`{method}`" in text or len(methods) == 1
            assert all(f"`{name}" in text for name in word.params), (verb, method)


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_of_a_page_is_what_the_command_gives(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (PAGES / f"{verb}.md").read_text(encoding="utf-8")
    assert play(text) == RESULTS.findall(text)[0]
    assert any(step.verb == verb for step in load_index("index.yaml").steps)


def test_the_weights_that_the_page_names_are_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    play((PAGES / "weights.md").read_text(encoding="utf-8"))
    record = Path("out/run.json").read_text(encoding="utf-8")
    for weight in ('"tax": 91', '"benefit": 750000000000', '"patents": 250000000000'):
        assert weight in record


def test_the_facts_of_the_pages_are_plain_tables() -> None:
    for path in PAGES.glob("*.md"):
        [facts] = [c for n, c in FILE.findall(path.read_text("utf-8")) if n == "facts.csv"]
        widths = {len(row) for row in csv.reader(facts.splitlines())}
        assert len(widths) == 1
