"""`wuhao scheme new`: a city answers a few questions and has a scheme that the engine runs."""

from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.engine.build import facts
from wuhao.config.commands.engine import scheme as commands
from wuhao.engine.evaluate import evaluate
from wuhao.engine.scheme import load_scheme
from wuhao.engine.starter import CHOICES, Answers, scheme_text

ANSWERS = ["my_city", "", "某市评价办法", "某政发〔2022〕1号", "2022", "1 8", "70 30", "",
           "20 55 20 5", ""]  # fmt: skip


def ask(path: Path, **changes: str) -> Result:
    lines = [changes.get(f"a{at}", line) for at, line in enumerate(ANSWERS)]
    return CliRunner().invoke(commands, ["new", str(path)], input="\n".join(lines) + "\n")


def test_the_answers_become_a_scheme_that_the_engine_reads_and_runs(tmp_path: Path) -> None:
    path = tmp_path / "made" / "2022.yaml"
    done = ask(path)
    assert done.exit_code == 0, done.output
    made = load_scheme(path)
    assert made.doc == {"no": "某政发〔2022〕1号", "title": "某市评价办法", "status": "in_force",
                        "period": "202100"}  # fmt: skip
    rows = [
        {"subject": s, "tax_paid_yuan": tax, "land_m2": 2_000_000, "power_kwh": 10**6}
        for s, tax in (("甲", 900_000_000), ("乙", 300_000_000))
    ]
    outcome = evaluate(made, facts(made, rows), threads=1)
    # Land of 30 mu each: 30 and 10 against 20 make 1.5 and 0.5 of the weight in both items.
    assert outcome.results.column("total").to_pylist() == [50 * 10**6, 150 * 10**6]
    assert outcome.results.column("subject").to_pylist() == ["乙", "甲"]


def test_a_scheme_without_a_document_number_says_that_it_is_a_draft(tmp_path: Path) -> None:
    ask(tmp_path / "a.yaml", a3="")
    assert load_scheme(tmp_path / "a.yaml").doc["status"] == "draft"


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: c.code)
def test_every_indicator_offered_makes_a_sound_scheme(tmp_path: Path, choice) -> None:
    shares = {"优": Decimal(50), "良": Decimal(50)}
    answers = Answers(
        "one", "一项", "试验", "", 2022, {choice.code: Decimal(100)}, shares, Decimal(2)
    )
    path = tmp_path / "one.yaml"
    path.write_text(scheme_text(answers), encoding="utf-8")
    item = load_scheme(path).indicators[choice.code]
    assert (item.label, item.unit) == (choice.label, choice.unit)
    lacking_land = "not_graded" if choice.denominator == "land_m2" else "zero"
    assert item.absent["zero_denominator"] == lacking_land


@pytest.mark.parametrize(
    ("at", "mistaken", "told"),
    [
        (0, "Yi-Wu", "“Yi-Wu”应由小写字母、数字和单个下划线组成，并以字母开头。"),
        (0, "yi__wu", "单个下划线"),
        (4, "202", "“202”应是 1950 到 2100 的年份，例如 2022。"),
        (4, "2101", "应是 1950 到 2100 的年份"),
        (6, "70 31", "权重合计应为 100，现为 101。"),
        (6, "70", "要 2 个数（亩均税收、单位电耗税收），写了 1 个。"),
        (6, "七十 30", "应是用空格分开的数"),
        (6, "-70 170", "应是大于零的数"),
        (6, "NaN 30", "应是大于零的数"),
        (5, "1 9", "请写 1 到 8 的序号，各写一次。"),
        (5, "0", "应是大于零的数"),
        (5, "1.5", "请写 1 到 8 的序号"),
        (5, "1 1", "各写一次"),
        (7, "A A", "至少要两个不同的档次，"),
        (7, "A", "至少要两个不同的档次，"),
        (9, "-1", "应是大于零的数"),
        (9, "1 2", "要 1 个数（封顶倍数），写了 2 个。"),
        (8, "20 55 20 6", "各档比例合计应为 100，现为 101。"),
    ],
)
def test_an_answer_that_cannot_be_is_asked_for_again_and_the_others_are_kept(
    tmp_path: Path, at: int, mistaken: str, told: str
) -> None:
    ask(tmp_path / "right.yaml")
    lines = [*ANSWERS[:at], mistaken, *ANSWERS[at:]]
    path = tmp_path / "a.yaml"
    done = CliRunner().invoke(commands, ["new", str(path)], input="\n".join(lines) + "\n")
    assert done.exit_code == 0, done.output
    assert told in done.output
    assert "请再答一次。" in done.output
    assert path.read_text("utf-8") == (tmp_path / "right.yaml").read_text("utf-8")


def test_the_answers_are_shown_where_the_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    done = ask(tmp_path / "taken" / "a.yaml")
    assert isinstance(done.exception, OSError)
    assert "title: 某市评价办法" in done.output


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("mine", encoding="utf-8")
    assert ask(path).exit_code == 2
    assert path.read_text(encoding="utf-8") == "mine"
