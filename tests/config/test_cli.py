"""The command line tells what the machine, the settings or the person got wrong, in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.build import one_item, scheme
from tests.paths import ROOT

FACTS = "code,tax_yuan,land_m2,vetoed\n甲,12.00,1.00,1\n乙,11.00,1.00,\n"


def wuhao(*words: str, var: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("WUHAO_")}
    return subprocess.run(
        [sys.executable, "-m", "wuhao.config", *words],
        env={**clean, "WUHAO_VAR": str(var), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    scheme(tmp_path, one_item())
    (tmp_path / "facts.csv").write_text(FACTS, encoding="utf-8")
    return tmp_path


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_results_are_not_written_over_a_file_or_into_a_folder_with_other_things(
    files: Path,
) -> None:
    words = ["evaluate", str(files / "scheme.yaml"), str(files / "facts.csv"), "--out"]
    assert "是文件，不是目录" in refused(wuhao(*words, str(files / "facts.csv"), var=files))
    assert "里有别的文件" in refused(wuhao(*words, str(files), var=files))
    assert (files / "facts.csv").read_text(encoding="utf-8") == FACTS
    done = wuhao(*words, "/proc/nope", var=files)
    assert "没有这个文件或目录" in refused(done)


@pytest.mark.parametrize("record", ["{}", "[]", "null"])
def test_a_folder_without_a_whole_record_is_not_explained(files: Path, record: str) -> None:
    out = files / "out"
    wuhao("evaluate", str(files / "scheme.yaml"), str(files / "facts.csv"), "--out", str(out),
          var=files)  # fmt: skip
    (out / "run.json").write_text(record, encoding="utf-8")
    assert "不是评价结果的记录" in refused(wuhao("explain", str(out), "甲", var=files))


def test_a_scheme_of_nothing_is_told_what_it_lacks(files: Path) -> None:
    (files / "empty.yaml").write_text("label: 空\n", encoding="utf-8")
    told = refused(wuhao("scheme", "check", str(files / "empty.yaml"), var=files))
    assert "缺少“scheme”" in told
    assert "缺少“indicators”" in told


@pytest.mark.parametrize("words", [["figures"], ["audit", "verify"], ["run", "verify"]])
def test_before_there_is_a_database_the_first_step_is_told(tmp_path: Path, words: list) -> None:
    assert "请先运行 wuhao demo 或 wuhao serve" in refused(wuhao(*words, var=tmp_path))


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"WUHAO_TODAY": "foo"}, "WUHAO_TODAY 应写成 2022-06-28"),
        ({"WUHAO_DATABASE_URL": "mysql://x"}, "请用 sqlite:/// 或 postgres://"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, environment: dict, told: str) -> None:
    assert told in refused(wuhao("figures", var=tmp_path, **environment))


@pytest.mark.parametrize(
    "words", [["--today", "nonsense"], ["--port", "99999999"], ["--scale", "0"], ["--scale", "-1"]]
)
def test_the_demo_refuses_what_it_cannot_play(tmp_path: Path, words: list) -> None:
    refused(wuhao("demo", "--no-serve", *words, var=tmp_path / "var"))
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("words", [[], ["--fresh"]])
@pytest.mark.parametrize("kept", ["db.sqlite3", "files"])
def test_the_demo_leaves_somebodys_data_alone(tmp_path: Path, words: list, kept: str) -> None:
    (tmp_path / kept).write_bytes(b"mine")
    told = refused(wuhao("demo", "--no-serve", *words, var=tmp_path))
    assert "里有别的数据" in told
    assert [p.name for p in tmp_path.iterdir()] == [kept]


def test_commands_live_on_the_demos_day(tmp_path: Path) -> None:
    (tmp_path / "demo-day").write_text("2022-06-28", encoding="ascii")
    code = "from django.conf import settings; print(settings.WUHAO_TODAY, settings.WUHAO_DEMO)"
    clean = {k: v for k, v in os.environ.items() if not k.startswith("WUHAO_")}
    environment = {**clean, "WUHAO_VAR": str(tmp_path),
                   "DJANGO_SETTINGS_MODULE": "wuhao.config.settings"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2022-06-28", "True"]


def test_nothing_starts_while_a_name_is_unbound(tmp_path: Path) -> None:
    code = (
        "from wuhao.core import bindings; bindings.declare('job', ['nobody.binds']);"
        "import wuhao.config.wsgi"
    )
    clean = {k: v for k, v in os.environ.items() if not k.startswith("WUHAO_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**clean, "WUHAO_VAR": str(tmp_path), "WUHAO_SECRET_KEY": "x" * 50},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "job nobody.binds is declared but not bound" in done.stderr
