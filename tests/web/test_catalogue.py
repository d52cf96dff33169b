"""The English catalogue: complete for the site's own texts, compiled, and sound."""

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest
from django.utils.translation import gettext, override

import wuhao.web

TOOL = Path(__file__).parents[2] / "tools/messages.py"
ROOM = Path(wuhao.web.__file__).parent


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext's programs are absent")
def test_every_text_of_the_code_is_listed(tool: ModuleType) -> None:
    assert tool.missing() == []


def test_every_text_of_the_site_has_its_english(tool: ModuleType) -> None:
    texts = set()
    for path in [*ROOM.rglob("*.py")]:
        for text in re.findall(r'\b_\(\s*"([^"]+)"\s*\)', path.read_text(encoding="utf-8")):
            texts.add(text)
    for path in (ROOM / "templates").rglob("*.html"):
        marked = re.findall(r"{% translate [\"']([^\"']+)[\"']", path.read_text(encoding="utf-8"))
        texts.update(marked)
    same = {"（印发时编号）", "“%(text)s”"}
    with override("en"):
        lacking = {text for text in texts - same if gettext(text) == text}
    assert len(texts) > 250
    assert lacking == set()


def test_no_text_of_any_room_is_left_without_english(tool: ModuleType) -> None:
    catalogue = tool.CATALOGUE.read_text(encoding="utf-8")
    assert re.findall(r'^msgid "(.+)"\nmsgstr ""\n$', catalogue, re.M) == []


def test_placeholders_are_the_same_in_both_languages(tool: ModuleType) -> None:
    text = tool.CATALOGUE.read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.M)
    names = re.compile(r"%\((\w+)\)s")
    wrong = [zh for zh, en in pairs if set(names.findall(zh)) != set(names.findall(en))]
    assert len(pairs) > 300
    assert wrong == []
