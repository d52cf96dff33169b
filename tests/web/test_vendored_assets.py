"""What the browser gets from others is listed with version and checksum, and unchanged."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools/vendor_assets.py"


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor_assets", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_files_match_their_checksums(tool: ModuleType) -> None:
    assert tool.faults() == []


def test_a_changed_a_missing_and_an_unlisted_file_are_named(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in tool.VENDOR.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(tool, "VENDOR", tmp_path)
    monkeypatch.setattr(tool, "MANIFEST", tmp_path / "vendor.json")
    (tmp_path / "htmx.min.js").write_text("changed")
    (tmp_path / "echarts.min.js").unlink()
    (tmp_path / "other.js").write_text("new")
    assert tool.faults() == [
        "echarts.min.js: listed in vendor.json, not there",
        "htmx.min.js: checksum differs from vendor.json",
        "other.js: there, not listed in vendor.json",
    ]
