"""`wuhao workbook show`: what a person is told of a file."""

import json
from pathlib import Path

import openpyxl
from click.testing import CliRunner

from wuhao.config.commands.workbook import show


def made(folder: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "税收"
    rows = [
        ["2021年税收", None, "单位：万元"],
        ["企业", "税收", None],
        [None, "增值税", "合计"],
        ["甲", 10, "=B4*2"],
        ["小计", 10, 20],
        ["合计", 10, 20],
        ["注：不含退税。"],
    ]
    for row in rows:
        sheet.append(row)
    for area in ("A2:A3", "B2:C2"):
        sheet.merge_cells(area)
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet["F4"] = "请核对"
    book.create_sheet("空").sheet_state = "hidden"
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def test_all_that_was_understood_is_given_as_json(tmp_path: Path) -> None:
    done = CliRunner().invoke(show, [str(made(tmp_path)), "--json"])
    told = json.loads(done.output)
    first, second = told["sheets"]
    [table] = first["tables"]
    assert (done.exit_code, told["file"], second["tables"]) == (0, "a.xlsx", [])
    assert (first["visible"], second["visible"]) == (True, False)
    assert (first["hidden_rows"], first["hidden_columns"], first["formulas"]) == ([5], ["B"], 1)
    assert table["header_rows"] == [2, 3]
    assert table["data_range"] == "A4:C6"
    assert table["totals_rows"] == [{"row": 5, "subtotal": True}, {"row": 6, "subtotal": False}]
    assert table["columns"][2] == {
        "column": "C", "heading": ["税收", "合计"], "unit": "", "type": "text", "total": True,
    }  # fmt: skip
    assert table["units"] == ["万元"]
    assert [note["row"] for note in table["notes"]] == [1, 7]
    assert table["beside"] == [{"cell": "F4", "text": "请核对"}]


def test_the_same_is_told_in_words(tmp_path: Path) -> None:
    told = CliRunner().invoke(show, [str(made(tmp_path))]).output
    for words in (
        "工作表“税收”：7 行 6 列",
        "隐藏：1 行，列 B",
        "公式 1 格，取其存下的值",
        "表：表头第 2-3 行，数据 A4:C6，共 1 行",
        "B\t税收 / 增值税\t数",
        "合计行：5、6",
        "单位：万元",
        "注（第 7 行）：注：不含退税。",
        "表旁 F4：请核对",
        "工作表“空”（隐藏）",
    ):
        assert words in told


def test_a_file_that_cannot_be_read_ends_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    done = CliRunner().invoke(show, [str(tmp_path / "a.pdf")])
    assert done.exit_code == 2
    assert "请另存为 .xlsx、.xls 或 .csv 后再上传" in done.output
    assert CliRunner().invoke(show, [str(tmp_path / "b.xlsx")]).exit_code == 2
