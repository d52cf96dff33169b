"""Other commands given an index: `scheme check` reads it, those that want grades say so."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.engine.index.build import content, written
from tests.engine.index.test_run import STEPS, run
from wuhao.config.commands.engine import explain
from wuhao.config.commands.engine import scheme as scheme_group
from wuhao.engine.findings import EngineError
from wuhao.engine.index.load import load_index
from wuhao.engine.outcome import Outcome


def checked(folder: Path, plain: dict[str, Any]) -> tuple[int, str]:
    done = CliRunner().invoke(scheme_group, ["check", str(written(folder, plain))])
    return done.exit_code, done.output


def test_an_index_is_checked_and_its_defaults_are_named(tmp_path: Path) -> None:
    code, told = checked(tmp_path, content(steps=STEPS))
    digest = load_index(tmp_path / "index.yaml").digest
    assert (code, told.splitlines()) == (
        0,
        [
            "示例指数：2 项指标，6 步，没有发现问题。",
            f"指数摘要 {digest}",
            "以下步骤没有条款依据，暂用默认值：normalise、aggregate",
        ],
    )


def test_an_index_whose_steps_all_have_articles_names_none(tmp_path: Path) -> None:
    steps = [{**step, "article": "第一条"} for step in STEPS]
    plain = content(steps=[{k: v for k, v in step.items() if k != "status"} for step in steps])
    code, told = checked(tmp_path, plain)
    assert code == 0
    assert "默认值" not in told


def test_faults_of_an_index_are_told_with_their_lines(tmp_path: Path) -> None:
    code, told = checked(tmp_path, content(steps=[], hierarchy={"weights": {"z": 1}}))
    assert code != 0
    assert "index.yaml:" in told
    assert "hierarchy" in told


def test_the_results_of_an_index_are_not_taken_for_grades(tmp_path: Path) -> None:
    assert run(tmp_path, content(steps=STEPS)).exit_code == 0
    with pytest.raises(EngineError, match="是综合指数的结果，这里要按方案评价的结果"):
        Outcome.load(tmp_path / "out")
    done = CliRunner().invoke(explain, [str(tmp_path / "out"), "甲"])
    assert done.exit_code != 0
    assert "指数的每一步都在其 results.xlsx 里" in done.output
