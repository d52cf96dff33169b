"""`wuhao intake`: checking without a database, handing in with one."""

import json
import subprocess
import sys

import openpyxl
import pytest
from click.testing import CliRunner

from tests.intake.books import CITY, credit_code, firm, taxes
from wuhao.config.commands.intake import intake
from wuhao.intake.models import Batch

TEMPLATE = CITY / "templates" / "X1.yaml"


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(intake, [str(a) for a in arguments])


@pytest.fixture
def file(tmp_path):
    def write(*rows):
        path = tmp_path / "税收.xlsx"
        path.write_bytes(taxes(*rows))
        return path

    return write


def test_a_clean_file_ends_with_0_and_a_faulty_one_with_1(run, file):
    assert run("check", TEMPLATE, file(firm(1))).exit_code == 0
    result = run("check", TEMPLATE, file(firm(1, "x"), firm(1)))
    assert result.exit_code == 1
    assert "表!C3" in result.output
    assert "表!A4" in result.output


def test_the_findings_come_as_json(run, file):
    result = run("check", TEMPLATE, file(firm(1, "x"), firm(2, 7)), "--json")
    content = json.loads(result.stdout)
    assert (content["rows"], content["errors"], content["counts"]) == (2, 1, {"number": 1})
    assert content["sums_in_quanta"]["tax_paid_yuan"] == 700
    assert content["findings"][0]["cell"] == "C3"


def test_a_faulty_template_and_an_unreadable_file_end_with_2(run, file, tmp_path):
    (tmp_path / "bad.yaml").write_text("template: A\n", encoding="utf-8")
    assert run("check", tmp_path / "bad.yaml", file(firm(1))).exit_code == 2
    (tmp_path / "a.xlsx").write_bytes(b"no")
    assert run("check", TEMPLATE, tmp_path / "a.xlsx").exit_code == 2
    assert run("check", TEMPLATE, tmp_path / "none.xlsx").exit_code == 2


def test_checking_loads_no_web_framework(file):
    code = (
        "import sys; from wuhao.config.commands.intake import intake\n"
        f"intake(['check', {str(TEMPLATE)!r}, {str(file(firm(1)))!r}], standalone_mode=False)\n"
        "print([m for m in ('django', 'ibis', 'duckdb') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_file_is_loaded_submitted_and_accepted(run, file, house, registers):
    path = file(firm(1), firm(2))
    common = ("--template", "X1", "--period", "202100")
    assert run("load", path, *common, "--as", "tax", "--submit").exit_code == 0
    result = run("load", path, *common, "--as", "bureau", "--accept")
    assert (result.exit_code, "已受理，入账 2 项" in result.output) == (0, True)
    assert Batch.objects.get().status == "accepted"
    again = run("load", path, *common, "--as", "bureau", "--accept")
    assert (again.exit_code, len(registers.calls)) == (0, 1)


def test_loading_as_nobody_or_with_errors_ends_with_2(run, file, house):
    common = ("--template", "X1", "--period", "202100")
    assert run("load", file(firm(1)), *common, "--as", "nobody").exit_code == 2
    result = run("load", file(firm(1, "x")), *common, "--as", "tax", "--submit")
    assert (result.exit_code, "1 处错误" in result.output) == (2, True)
    assert credit_code(1) not in result.output


def test_the_file_comes_back_with_its_findings_where_asked(run, file, tmp_path):
    out = tmp_path / "back.xlsx"
    result = run("check", TEMPLATE, file(firm(1, "x"), firm(2, 7)), "--annotated", out)
    assert result.exit_code == 1
    cell = openpyxl.load_workbook(out)["表"]["C3"]
    assert cell.comment.text.startswith("错误：C3：")
    clean = run("check", TEMPLATE, file(firm(1)), "--annotated", out)
    assert clean.exit_code == 0
    assert openpyxl.load_workbook(out)["表"]["C3"].comment is None


def test_the_file_itself_is_not_written_over(run, file, tmp_path):
    path = file(firm(1, "x"))
    before = path.read_bytes()
    for out in (path, tmp_path / "back.csv"):
        result = run("check", TEMPLATE, path, "--annotated", out)
        assert (result.exit_code, "应是另一个 .xlsx 文件名" in result.output) == (2, True)
    assert path.read_bytes() == before
    assert run("check", TEMPLATE, path, "--annotated", tmp_path / "no" / "a.xlsx").exit_code == 2
