"""Facts from CSV, XLSX and Parquet: three states, and every fault of the file at once."""

import math
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.engine.build import facts, one_item, scheme
from wuhao.engine.digest import table_digest
from wuhao.engine.facts import Facts, State, conform, read_snapshot, write_facts
from wuhao.engine.facts_read import read_facts
from wuhao.engine.findings import FactsError
from wuhao.engine.model import Scheme

GOOD = [
    ["code", "tax_yuan", "land_m2"],
    ["乙", "0", "未报"],
    ["甲", "12.50", "100"],
    ["丙", "", "不适用"],
]


@pytest.fixture
def made(tmp_path: Path) -> Scheme:
    return scheme(tmp_path, one_item())


def csv_file(folder: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    path = folder / "facts.csv"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding=encoding)
    return path


def faults(path: Path, made: Scheme) -> list[str]:
    with pytest.raises(FactsError) as refused:
        read_facts(path, made)
    return [str(finding) for finding in refused.value.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_any_usual_encoding_gives_the_three_states(
    tmp_path: Path, made: Scheme, encoding: str
) -> None:
    table = read_facts(csv_file(tmp_path, GOOD, encoding), made).table
    rows = {row["subject"]: row for row in table.to_pylist()}
    assert list(rows) == ["丙", "乙", "甲"]
    assert (rows["甲"]["tax_yuan"], rows["甲"]["tax_yuan__state"]) == (1250, State.VALUE)
    assert (rows["乙"]["tax_yuan"], rows["乙"]["tax_yuan__state"]) == (None, State.ZERO)
    assert rows["乙"]["land_m2__state"] == State.MISSING
    assert rows["丙"]["land_m2__state"] == State.NOT_APPLICABLE
    assert rows["丙"]["vetoed__state"] == State.MISSING


def test_csv_xlsx_and_parquet_give_one_digest(tmp_path: Path, made: Scheme) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "facts.xlsx"))
    sheet = book.add_worksheet()
    for at, row in enumerate([*GOOD[:2], ["甲", 12.5, 100], GOOD[3]]):
        sheet.write_row(at, 0, row)
    book.close()
    columns = list(zip(*GOOD[1:], strict=True))
    pq.write_table(pa.table(dict(zip(GOOD[0], columns, strict=True))), tmp_path / "facts.parquet")
    csv_file(tmp_path, GOOD)
    found = {
        table_digest(read_facts(tmp_path / f"facts.{kind}", made).table)
        for kind in ("csv", "xlsx", "parquet")
    }
    assert len(found) == 1


def workbook(folder: Path, cells: dict[str, Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["code", "tax_yuan", "land_m2"], ["甲", 12.5, 100], ["乙", 1, 1]]:
        sheet.append(row)
    for place, value in cells.items():
        sheet[place] = value
    book.create_sheet("说明")["A1"] = "#REF!"
    book.save(folder / "facts.xlsx")
    return folder / "facts.xlsx"


def test_an_error_or_an_uncomputed_formula_of_a_sheet_is_not_read_as_missing(
    tmp_path: Path,
) -> None:
    cells = {"B2": "#N/A", "C3": "#DIV/0!", "B3": "=1+1", "A5": "=A2", "A6": "戊", "D6": "#REF!"}
    assert faults(workbook(tmp_path, {**cells, "D1": "scale"}), with_scale(tmp_path)) == [
        "facts.xlsx:2：tax_yuan：这一格是错误值“#N/A”，请改正公式或数据；空缺请留空。",
        "facts.xlsx:3：land_m2：这一格是错误值“#DIV/0!”，请改正公式或数据；空缺请留空。",
        "facts.xlsx:3：tax_yuan：这一格的公式没有算出的值，请在表格软件里打开、保存后再用。",
        "facts.xlsx:5：code：这一格的公式没有算出的值，请在表格软件里打开、保存后再用。",
        "facts.xlsx:6：scale：这一格是错误值“#REF!”，请改正公式或数据；空缺请留空。",
    ]


def with_scale(folder: Path, **more: Any) -> Scheme:
    content = one_item(**more)
    content["attributes"] = {"scale": {"optional": True}}
    return scheme(folder, content)


def test_an_error_in_a_column_that_is_ignored_is_ignored(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"AA1": "备注", "AA2": "#N/A"})
    table = read_facts(path, with_scale(tmp_path, input={"other_columns": "ignore"})).table
    assert table.column("tax_yuan").to_pylist() == [100, 1250]


def test_a_row_of_nothing_but_formulas_behind_the_last_is_not_lost(
    tmp_path: Path, made: Scheme
) -> None:
    path = workbook(tmp_path, {"A9": "=A2", "B9": "=B2", "C9": "=C2"})
    assert [line.split("：")[:2] for line in faults(path, made)] == [
        ["facts.xlsx:9", "code"], ["facts.xlsx:9", "land_m2"], ["facts.xlsx:9", "tax_yuan"],
    ]  # fmt: skip


def test_errors_on_another_sheet_and_computed_formulas_do_no_harm(
    tmp_path: Path, made: Scheme
) -> None:
    table = read_facts(workbook(tmp_path, {}), made).table
    assert table.column("tax_yuan").to_pylist() == [100, 1250]
    book = xlsxwriter.Workbook(str(tmp_path / "computed.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["code", "tax_yuan", "land_m2"])
    sheet.write_row(1, 0, ["甲", "", 1])
    sheet.write_formula("B2", "=1+1", None, 2)
    sheet.write_formula("C2", '=IF(1=1,"",1)', None, "nothing")
    book.close()
    with zipfile.ZipFile(tmp_path / "computed.xlsx") as parts:
        held = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(tmp_path / "emptied.xlsx", "w") as parts:  # as Excel writes an empty text
        for name, content in held.items():
            parts.writestr(name, content.replace(b"<v>nothing</v>", b"<v></v>"))
    row = read_facts(tmp_path / "emptied.xlsx", made).table.to_pylist()[0]
    assert (row["tax_yuan"], row["land_m2__state"]) == (200, State.MISSING)


def test_every_fault_is_listed_at_once(tmp_path: Path, made: Scheme) -> None:
    rows = [
        ["code", "tax_yuan", "lnd_m2", "vetoed"],
        ["甲", "十二", "1", ""],
        ["甲", "inf", "1", ""],
        ["", "1.005", "1", "NaN"],
        ["丁", "99999999999999999999", "1", "1"],
    ]
    found = faults(csv_file(tmp_path, rows), made)
    expected = ["缺少列“land_m2”，是否想写“lnd_m2”", "方案里没有列“lnd_m2”，是否想写“land_m2”",
                ":2：tax_yuan：“十二”不是有限的数", ":3：tax_yuan：“inf”不是有限的数",
                ":3：code：主体“甲”重复，第 2 行已有", ":4：code：没有主体代码", "小数超过 2 位",
                ":4：vetoed：“NaN”不是有限的数", "超出 64 位整数"]  # fmt: skip
    for sentence in expected:
        assert any(sentence in line for line in found), (sentence, found)
    assert len(found) == len(expected)


def test_excess_decimals_are_quantised_only_where_the_scheme_says_so(tmp_path: Path) -> None:
    content = one_item()
    content["facts"]["tax_yuan"]["excess"] = "half_up"
    rows = [["code", "tax_yuan", "land_m2"], ["甲", "1.005", "1"], ["乙", "-1.005", "1"]]
    table = read_facts(csv_file(tmp_path, rows), scheme(tmp_path, content)).table
    assert sorted(table.column("tax_yuan").to_pylist()) == [-101, 101]


def test_a_file_without_a_heading_is_refused(tmp_path: Path, made: Scheme) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("", encoding="utf-8")
    assert faults(path, made) == ["facts.csv：读不了这个文件：文件里没有表头。"]


def test_a_column_that_stands_twice_is_refused(tmp_path: Path, made: Scheme) -> None:
    rows = [["code", "tax_yuan", "land_m2", "tax_yuan"], ["甲", "1", "1", "2"]]
    assert faults(csv_file(tmp_path, rows), made) == [
        "facts.csv:1：tax_yuan：列“tax_yuan”出现了 2 次。"
    ]


ATTRIBUTES = {
    "scale": {"values": ["大", "小"], "optional": True},
    "founded": {"kind": "date", "optional": True},
}


def test_an_attribute_that_is_no_day_or_no_accepted_value_is_told(tmp_path: Path) -> None:
    rows = [
        ["code", "tax_yuan", "land_m2", "scale", "founded"],
        ["甲", "1", "1", "大", "2021-02-29"],
        ["乙", "1", "1", "中", "2020-02-29"],
        ["丙", "1", "1", "", ""],
    ]
    made = scheme(tmp_path, one_item(attributes=ATTRIBUTES))
    assert faults(csv_file(tmp_path, rows), made) == [
        "facts.csv:2：founded：“2021-02-29”不是日期，应写成 2022-01-01。",
        "facts.csv:3：scale：“中”不在可选项内；接受 大、小。",
    ]


def test_days_and_whole_numbers_of_a_workbook_are_read_as_texts(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["code", "tax_yuan", "land_m2", "founded"],
        [101, 1, 1, datetime.fromisoformat("2020-02-29T08:30")],
        [102.0, True, 1, date(2021, 3, 1)],
        [103.5, 1, 1, None],
    ):
        book.active.append(row)
    path = tmp_path / "facts.xlsx"
    book.save(path)
    made = scheme(tmp_path, one_item(attributes=ATTRIBUTES))
    assert [line.split("：")[:2] for line in faults(path, made)] == [["facts.xlsx:3", "tax_yuan"]]
    del book.active["B3"]
    book.active["B3"] = 7
    book.save(path)
    table = read_facts(path, made).table
    assert table.column("subject").to_pylist() == ["101", "102", "103.5"]
    assert table.column("founded").to_pylist() == ["2020-02-29", "2021-03-01", None]


def test_numbers_of_a_parquet_file_are_read_in_whatever_type(tmp_path: Path, made: Scheme) -> None:
    exact = pa.array([Decimal("12.50"), None, Decimal("0.00")], pa.decimal128(9, 2))
    binary = pa.array([0.1, 2.0, math.inf], pa.float64())
    columns = {"code": ["甲", "乙", "丙"], "tax_yuan": exact, "land_m2": binary}
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.table(columns), path)
    [sentence] = faults(path, made)
    assert "land_m2：“inf”不是有限的数" in sentence
    pq.write_table(pa.table({**columns, "land_m2": pa.array([0.1, 2.0, 3.25])}), path)
    rows = {row["subject"]: row for row in read_facts(path, made).table.to_pylist()}
    assert [rows[key]["land_m2"] for key in "甲乙丙"] == [10, 200, 325]
    assert [rows[key]["tax_yuan__state"] for key in "甲乙丙"] == [0, 2, 1]


@pytest.mark.parametrize("name", ["absent.csv", "facts.txt"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, made: Scheme, name: str) -> None:
    [sentence] = faults(tmp_path / name, made)
    assert "读不了这个文件" in sentence
    assert "Errno" not in sentence


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_a_file_that_is_absent_is_said_to_be_absent(
    tmp_path: Path, made: Scheme, kind: str
) -> None:
    assert faults(tmp_path / f"a.{kind}", made) == [f"a.{kind}：读不了这个文件：没有这个文件"]


def test_a_snapshot_comes_back_as_it_was(tmp_path: Path, made: Scheme) -> None:
    given = conform(facts(made, [{"subject": "甲", "tax_yuan": 5, "land_m2": "zero"}]), made)
    write_facts(tmp_path / "facts.parquet", given)
    found = read_snapshot(tmp_path / "facts.parquet")
    assert found is not None
    assert table_digest(found.table) == table_digest(given.table)
    assert found.quanta["tax_yuan"] == Decimal("0.01")
    assert table_digest(read_facts(tmp_path / "facts.parquet", made).table) == table_digest(
        given.table
    )


def test_a_snapshot_in_another_quantum_is_refused(made: Scheme) -> None:
    given = facts(made, [{"subject": "甲", "tax_yuan": 5, "land_m2": 5}])
    quanta = {**given.quanta, "tax_yuan": Decimal("1")}
    with pytest.raises(FactsError, match="最小单位是 1，而方案写的是"):
        conform(Facts(given.table, quanta), made)


def test_a_value_that_contradicts_its_state_is_refused(made: Scheme) -> None:
    table = facts(made, [{"subject": "甲", "tax_yuan": 5, "land_m2": 5}]).table
    at = table.column_names.index("tax_yuan__state")
    wrong = table.set_column(at, "tax_yuan__state", pa.array([int(State.ZERO)], pa.int8()))
    with pytest.raises(FactsError, match="值与状态不符"):
        conform(Facts(wrong, made.quanta()), made)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param("甲,1,234,5", "有 4 格，表头有 3 格", id="a comma inside a number"),
        pytest.param("甲,1", "有 2 格，表头有 3 格", id="a cell is lacking"),
        pytest.param("甲,1,2,", "", id="an empty cell too many does no harm"),
        pytest.param(",,,,", "", id="nor does an empty row"),
    ],
)
def test_a_csv_row_of_another_length_is_refused_with_its_line(tmp_path, line: str, told: str):
    from tests.engine.build import one_item, scheme

    made = scheme(tmp_path, one_item())
    path = tmp_path / "facts.csv"
    path.write_text(f"code,tax_yuan,land_m2\n乙,1,2\n{line}\n", encoding="utf-8")
    if not told:
        assert read_facts(path, made).table.num_rows >= 1
        return
    with pytest.raises(FactsError, match=rf"facts\.csv:3：这一行{told}"):
        read_facts(path, made)
