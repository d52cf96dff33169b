"""The machine checks that keep the house in shape, and that each of them catches a break."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.paths import ROOT

SRC = ROOT / "src" / "wuhao"
FLOORS = [
    {"core"},
    {"intake", "runs", "documents"},
    {"registers"},
    {"evaluation"},
    {"reports"},
    {"web", "demo"},
]
FLOOR_OF = {room: n for n, floor in enumerate(FLOORS) for room in floor}


def pointing_up(relations: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of (owner, target) rooms whose foreign key does not point down or stay at home."""
    return [
        (owner, target)
        for owner, target in relations
        if owner != target and FLOOR_OF[target] >= FLOOR_OF[owner]
    ]


def test_foreign_keys_point_down():
    relations = [
        (model._meta.app_label, field.related_model._meta.app_label)
        for model in apps.get_models()
        if model.__module__.startswith("wuhao.")
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    ]
    assert len(relations) > 20
    assert pointing_up(relations) == []


def test_a_foreign_key_that_points_up_is_caught():
    assert pointing_up([("core", "registers")]) == [("core", "registers")]
    assert pointing_up([("intake", "runs")]) == [("intake", "runs")]


def unguarded(text: str) -> list[str]:
    """Public functions of a selectors module whose first parameter is not the viewer."""
    return [
        node.name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not node.args.args or node.args.args[0].arg != "viewer"
    ]


# By room, with the reason: published lists; helpers on rows already read; a sealed run's files,
# read by `evaluation` after it has asked whether the viewer reaches the subject.
FOR_ANYBODY = {
    "documents": {"described"},
    "evaluation": {"public_list"},
    "intake": {"described", "in_reach"},
    "registers": {"known_by"},
    "reports": {"digest_of"},
    "runs": {"described", "result_row", "fact_row", "kept"},
}


SELECTORS = sorted([*SRC.glob("*/selectors.py"), *SRC.glob("*/selectors/*.py")])


@pytest.mark.parametrize("path", SELECTORS, ids=lambda p: "/".join(p.relative_to(SRC).parts))
def test_every_selector_takes_a_viewer_first(path: Path):
    allowed = FOR_ANYBODY.get(path.relative_to(SRC).parts[0], set())
    assert set(unguarded(path.read_text(encoding="utf-8"))) <= allowed


def test_a_selector_without_a_viewer_is_caught():
    assert unguarded("def rows(query):\n    return []\n") == ["rows"]


WRITES = {
    "save", "delete", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
    "aupdate", "asave", "adelete", "set_password", "execute",
}  # fmt: skip


def writes(text: str) -> list[int]:
    """Lines that reach for the database: a manager, django.db, or a method that writes rows."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            found.append(node.lineno)
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            if any(module == "django.db" or module.startswith("django.db.") for module in modules):
                found.append(node.lineno)
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in WRITES:
            found.append(node.lineno)
    return sorted(found)


def test_web_holds_no_models_and_writes_nothing():
    found = [
        f"{path.name}:{line}"
        for path in (SRC / "web").rglob("*.py")
        for line in writes(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "request.user.save()",
        "request.user.delete()",
        "User.objects.first()",
        "import django.db.models",
        "from django.db import connection",
        "found.get_or_create(no=1)",
    ],
)
def test_a_write_on_a_page_is_caught(line: str):
    assert writes(f"x = 1\n{line}\n") == [2]
    assert writes("services.publish(no, viewer, note)\nmenu.update(a=1)\n") == []


def days_taken(text: str) -> list[int]:
    """Lines that take the day of an instant without asking which zone it is told in."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr == "date" and not node.args
    ]


def test_web_takes_the_day_of_an_instant_in_one_place():
    """An instant is kept in UTC: its `.date()` is a day early until eight in the morning."""
    found = [
        path.name
        for path in (SRC / "web").rglob("*.py")
        for _line in days_taken(path.read_text(encoding="utf-8"))
    ]
    assert found == ["display.py"]


def test_a_day_taken_of_an_instant_is_caught():
    assert days_taken("def due(one):\n    return one['created_at'].date()\n") == [2]
    assert days_taken("def due(one):\n    return local_day(one['created_at'])\n") == []


CITY_WORDS = re.compile("株洲|醴陵|Zhuzhou|zhuzhou|Liling|430200")


def of_a_city(text: str) -> list[int]:
    """Lines that speak of the demo's city."""
    return [n for n, line in enumerate(text.splitlines(), 1) if CITY_WORDS.search(line)]


def test_nothing_of_a_city_stands_in_the_source():
    allowed = {SRC / "config" / "places.py"}
    found = [
        f"{path.relative_to(SRC)}:{n}"
        for path in SRC.rglob("*")
        if path.suffix in {".py", ".html", ".js", ".yaml"} and path not in allowed
        for n in of_a_city(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_city_in_the_source_is_caught():
    assert of_a_city("a = 1\nPARKS = ['醴陵经开区']\n") == [2]
    assert of_a_city("PARKS = city.read('parks.yaml')\n") == []


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


BREAKS = {
    "imports that point up": ("core/day.py", "import wuhao.registers.models\n"),
    "siblings that know each other": ("runs/rules.py", "import wuhao.intake.models\n"),
    "an engine that knows Django": ("engine/digest.py", "import django\n"),
    "a pure part that imports Django": ("registers/rules.py", "import django\n"),
    "web that imports models": ("web/urls.py", "import wuhao.registers.models\n"),
    "a generator that knows intake": ("demo/population.py", "import wuhao.intake.models\n"),
    "DuckDB outside the engine": ("runs/services.py", "import duckdb\n"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("place", "line"), BREAKS.values(), ids=BREAKS.keys())
def test_import_contracts_catch(place: str, line: str, tmp_path: Path, monkeypatch):
    """Break a copy of the house in one place and see the contracts refuse it."""
    copy = tmp_path / "house"
    (copy / "src").mkdir(parents=True)
    (copy / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for source in SRC.rglob("*.py"):
        target = copy / "src" / "wuhao" / source.relative_to(SRC)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(copy / "src"))
    broken = copy / "src" / "wuhao" / place
    broken.write_text(broken.read_text(encoding="utf-8") + line, encoding="utf-8")
    result = lint(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
