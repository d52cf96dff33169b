"""The glossary holds every term once, and the code keeps to its words."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.paths import CITY, ROOT

SOURCE = ROOT / "src" / "wuhao"
KEYS = {"code", "zh", "en", "unit", "definition", "source", "avoid"}


def terms() -> list[dict[str, Any]]:
    return list(yaml.safe_load((ROOT / "glossary.yaml").read_text(encoding="utf-8"))["terms"])


def indicators() -> list[dict[str, Any]]:
    text = (CITY / "indicators.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text)["indicators"])


def identifiers(source: str) -> Iterator[tuple[str, int]]:
    """Names that the code gives or uses: functions, classes, arguments, variables, attributes."""
    for node in ast.walk(ast.parse(source)):
        for field in ("name", "id", "attr", "arg"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name, getattr(node, "lineno", 0)


def words_of(identifier: str) -> str:
    """An identifier as words between underscores: `TaxPerMu` and `tax_per_mu` are alike."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier)
    return f"_{apart.lower().strip('_')}_"


def offences(source: str, avoided: dict[str, str]) -> list[str]:
    """Identifiers that use an avoided word, each with its line and the word to use."""
    return [
        f"line {line}: {name} uses {word}, say {instead}"
        for name, line in identifiers(source)
        for word, instead in avoided.items()
        if f"_{word}_" in words_of(name)
    ]


AVOIDED = {word: term["code"] for term in terms() for word in term["avoid"]}


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE))
)
def test_no_identifier_uses_a_word_that_the_glossary_avoids(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8"), AVOIDED) == []


@pytest.mark.parametrize(
    "source", ["company = 1", "def tax_of_firm(): ...", "class ParkKpi: ...", "x.yuanqu"]
)
def test_an_avoided_word_is_found_wherever_it_hides(source: str) -> None:
    assert len(offences(source, AVOIDED)) == 1


def test_a_word_that_merely_contains_an_avoided_one_is_fine() -> None:
    assert offences("confirmed = plotted = wasteful = 1", AVOIDED) == []


def test_every_term_is_whole() -> None:
    wrong = [
        term["code"]
        for term in terms()
        if set(term) != KEYS or not all(term[key] for key in ("zh", "en", "definition", "source"))
    ]
    assert wrong == []


@pytest.mark.parametrize("key", ["code", "zh"])
def test_no_term_is_there_twice(key: str) -> None:
    counted = Counter(term[key] for term in terms())
    assert [value for value, times in counted.items() if times > 1] == []


def test_no_code_is_avoided_elsewhere() -> None:
    assert not {term["code"] for term in terms()} & set(AVOIDED)


def test_every_indicator_is_a_term_under_the_same_label_and_unit() -> None:
    known = {term["code"]: (term["zh"], term["unit"]) for term in terms()}
    named = {i["code"]: (i["label"], i["unit"]) for i in indicators()}
    assert named == {code: known.get(code) for code in named}


def test_a_number_carries_its_unit_as_suffix() -> None:
    bare = [i["code"] for i in indicators() if i["unit"] != "one"]
    assert [code for code in bare if not re.search(r"_(yuan|m2|kwh|kgce|kg|person)$", code)] == []
