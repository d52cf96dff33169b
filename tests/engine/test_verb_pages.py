"""Every page of docs/engine/verbs has an example: its scheme and its facts give its tables."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner

from tests.paths import ROOT
from wuhao.config.cli import main
from wuhao.engine.evaluate import evaluate
from wuhao.engine.facts_read import read_facts
from wuhao.engine.model import Scheme
from wuhao.engine.outcome import Outcome
from wuhao.engine.scheme import load_scheme
from wuhao.engine.vocabulary import (
    ABSENT,
    ADJUSTMENTS,
    AGGREGATES,
    BENCHMARKS,
    GRADINGS,
    POINTS,
    SCORES,
)

PAGES = ROOT / "docs" / "engine" / "verbs"
VERBS = ("units", "measure", "benchmark", "score", "missing", "total", "points", "rank", "grade",
         "adjust", "explain")  # fmt: skip
FILE = re.compile(r"^`(\S+)`\n\n```(?:yaml|csv)\n(.*?)```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n\$ wuhao (.*?)\n(.*?)```$", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"^\| subject \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)
DIGITS = {
    "__value": "value", "__ideal": "value", "__previous": "value", "__benchmark": "benchmark",
    "__level": "ratio", "__growth": "ratio", "__score": "score", "__points": "score",
    "total": "score", "__factor": "ratio",
}  # fmt: skip


def write(page: Path, folder: Path) -> None:
    """Write the files of a page."""
    for name, content in FILE.findall(page.read_text(encoding="utf-8")):
        (folder / name).write_text(content, encoding="utf-8")


@cache
def outcome_of(page: Path) -> Outcome:
    """Evaluate the example of a page."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(page, folder)
        made = load_scheme(folder / f"{page.stem}.yaml")
        return evaluate(made, read_facts(folder / f"{page.stem}.csv", made), threads=1)


def cell_of(scheme: Scheme, column: str, value: Any) -> str:
    """A cell of the results as it stands on a page."""
    if value is None:
        return "–"
    digits = next((d for end, d in DIGITS.items() if column.endswith(end)), None)
    if digits is None:
        return str(value)
    shown = Decimal(value).scaleb(-scheme.digits[digits])
    return f"{shown.normalize():f}"


def test_there_is_a_page_for_every_verb() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_the_tables_of_a_page_are_the_results_of_its_example(verb: str) -> None:
    page = PAGES / f"{verb}.md"
    found, tables = outcome_of(page), 0
    for table in TABLE.finditer(page.read_text(encoding="utf-8")):
        head, _, *rows = ([c.strip() for c in line.strip("|\n").split("|")]
                          for line in table.group(0).splitlines())  # fmt: skip
        expected = [
            [cell_of(found.scheme, name, row[name]) for name in head]
            for row in found.results.to_pylist()
        ]
        assert rows == expected
        tables += 1
    assert tables


def test_the_page_of_explain_shows_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = PAGES / "explain.md"
    write(page, tmp_path)
    evaluated = CliRunner().invoke(
        main, ["evaluate", "explain.yaml", "explain.csv", "--out", "explain"]
    )
    assert evaluated.exit_code == 0, evaluated.output
    sessions = CONSOLE.findall(page.read_text(encoding="utf-8"))
    assert len(sessions) == 2
    for command, shown in sessions:
        done = CliRunner().invoke(main, command.split())
        assert (done.exit_code, done.output) == (0, shown)


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("benchmark", BENCHMARKS), ("score", SCORES), ("missing", ABSENT), ("total", AGGREGATES),
        ("points", POINTS), ("grade", GRADINGS), ("adjust", ADJUSTMENTS),
    ],
)  # fmt: skip
def test_a_page_names_every_word_of_its_kind(verb: str, words: Any) -> None:
    text = (PAGES / f"{verb}.md").read_text(encoding="utf-8")
    assert [word for word in words if f"`{word}`" not in text] == []
