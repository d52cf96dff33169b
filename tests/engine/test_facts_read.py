"""Facts from CSV, XLSX and Parquet: three states, and every fault of the file at once."""

from decimal import Decimal
from pathlib import Path

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


@pytest.mark.parametrize("name", ["absent.csv", "facts.txt"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, made: Scheme, name: str) -> None:
    [sentence] = faults(tmp_path / name, made)
    assert "读不了这个文件" in sentence


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
