"""The strict policy holds only if no template carries a script, a style or a handler of its own."""

import re
from pathlib import Path

import pytest

import wuhao.web

ROOM = Path(wuhao.web.__file__).parent
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
FAULTS = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a script address": re.compile(r"javascript:", re.I),
    "an address of another host": re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//", re.I),
    "an evaluated htmx attribute": re.compile(r"hx-on|hx-vals=[\"']js:|hx-vars", re.I),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_carries_no_code_and_no_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [what for what, pattern in FAULTS.items() if pattern.search(text)]
    assert found == [], f"{path.name} carries {', '.join(found)}"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<script>alert(1)</script>", "an inline script"),
        ('<p style="color:red">', "an inline style"),
        ('<a onclick="go()">', "an inline handler"),
        ('<script src="//elsewhere/x.js">', "an address of another host"),
        ("<style>p{}</style>", "an inline style sheet"),
    ],
)
def test_each_fault_would_be_seen(text: str, what: str) -> None:
    assert FAULTS[what].search(text)


def test_chinese_words_of_templates_stand_in_the_catalogue() -> None:
    """A word outside a translation tag would stay Chinese on the English page."""
    marked = re.compile(
        r"{%\s*translate\s+(\"[^\"]*\"|'[^']*').*?%}"
        r"|{%\s*blocktranslate.*?%}.*?{%\s*endblocktranslate\s*%}|{#.*?#}",
        re.S,
    )
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    # The name of the other language stands in that language.
    allowed = {"language.html": {"中"}}
    bare = {
        f"{path.name}: {word}"
        for path in TEMPLATES
        for word in chinese.findall(marked.sub("", path.read_text(encoding="utf-8")))
        if word not in allowed.get(path.name, set())
    }
    assert bare == set()


def test_scripts_evaluate_nothing() -> None:
    """Our own modules use neither eval nor inner HTML."""
    for path in sorted((ROOM / "static/wuhao").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", text), path.name


def test_red_is_kept_for_what_is_late_refused_or_wrong() -> None:
    """A value that nobody reported is quiet: whole columns of it are no alarm."""
    sheet = (ROOM / "static/wuhao/wuhao.css").read_text(encoding="utf-8")
    missing = re.search(r"\.v-missing \{([^}]*)\}", sheet)
    assert missing is not None
    assert "--bad" not in missing[1]
