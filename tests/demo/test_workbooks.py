"""The workbooks, read back with another reader, say what the population says."""

import unicodedata
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from tests.paths import CITY
from wuhao.demo.population import generate
from wuhao.demo.shapes import Population
from wuhao.demo.workbooks import (
    tax_sheet,
    write_faulty_workbook,
    write_waiting_workbook,
    write_workbooks,
)

TOUR = "91430200MA4W2C1J9K"


def data_sheet(path: Path) -> Any:
    return openpyxl.load_workbook(path).worksheets[0]


def number(value: object) -> Decimal:
    """A cell as a number, written here on its own: text, separators, full width, words."""
    text = unicodedata.normalize("NFKC", str(value if value is not None else "")).strip()
    text = text.replace(",", "")
    return Decimal(0) if text in {"", "无", "未报", "—", "不适用"} else Decimal(text)


def column(path: Path, heading: str) -> tuple[list[object], object]:
    """The cells under a heading that belong to an enterprise, and the cell of the totals row."""
    rows = list(data_sheet(path).iter_rows(values_only=True))
    place = next(row.index(heading) for row in rows if heading in row)
    last = max(no for no, row in enumerate(rows) if any("91430200MA" in str(c) for c in row))
    cells = [row[place] for row in rows if any("91430200MA" in str(cell) for cell in row)]
    return cells, rows[last + 1][place]


@pytest.mark.parametrize(
    ("template", "heading", "fact", "unit"),
    [
        ("T1", "入库税金合计", "tax_paid_yuan", 1),
        ("T1", "增值税", "vat_yuan", 1),
        ("T1", "企业所得税", "cit_yuan", 1),
        ("T1", "免抵调库", "export_exempt_yuan", 1),
        ("T1", "退库税额", "tax_refund_yuan", 1),
        ("T2", "工业总产值（千元）", "output_yuan", 1000),
        ("T2", "工业增加值（千元）", "value_added_yuan", 1000),
        ("T2", "营业收入（千元）", "revenue_yuan", 1000),
        ("T2", "利润总额（千元）", "profit_yuan", 1000),
        ("T2", "平均用工人数（人）", "staff_person", 1),
        ("T2", "研发经费（千元）", "rd_yuan", 1000),
        ("T2", "综合能源消费量（吨标准煤）", "energy_kgce", 1000),
        ("T4", "全年用电量(kWh)", "power_kwh", 1),
        ("T6", "COD", "cod_kg", 1000),
        ("T6", "氨氮", "nh3n_kg", 1000),
        ("T6", "二氧化硫", "so2_kg", 1000),
        ("T6", "氮氧化物", "nox_kg", 1000),
    ],
)
def test_every_column_and_its_total_sum_to_the_population(
    population: Population,
    books: dict[str, Path],
    template: str,
    heading: str,
    fact: str,
    unit: int,
) -> None:
    cells, total = column(books[template], heading)
    assert sum(number(cell) for cell in cells) * unit == population.total(fact)
    assert number(total) * unit == population.total(fact)


def test_the_land_workbook_has_a_row_for_every_tenure(
    population: Population, books: dict[str, Path]
) -> None:
    cells, _ = column(books["T3"], "使用权面积（㎡）")
    assert len(cells) == len(population.tenures)
    assert sum(number(cell) for cell in cells) == sum(t.area_m2 for t in population.tenures)


def test_the_enterprise_of_the_tour_stands_on_row_17_of_the_directory(
    books: dict[str, Path],
) -> None:
    cells = [cell.value for cell in data_sheet(books["T0"])[17]]
    assert cells[1:4] == ["株洲芸河精密刀具有限公司", TOUR, "株洲高新区"]


def test_the_tour_stays_on_row_17_in_a_small_demo(tmp_path: Path) -> None:
    small = generate(CITY, Decimal("0.05"))
    assert data_sheet(write_workbooks(small, tmp_path, 2021)[0])["C17"].value == TOUR


def test_every_workbook_is_labelled_and_carries_its_codes(books: dict[str, Path]) -> None:
    for path in books.values():
        book = openpyxl.load_workbook(path)
        top = [row[0] for row in book.worksheets[0].iter_rows(max_row=3, values_only=True)]
        assert any("演示数据" in str(text) for text in top)
        assert book.sheetnames[1:] == ["代码表"]
        assert book.worksheets[0].merged_cells.ranges


def test_cells_look_the_way_offices_leave_them(books: dict[str, Path]) -> None:
    cells, _ = column(books["T2"], "营业收入（千元）")
    texts = [cell for cell in cells if isinstance(cell, str)]
    assert any("," in text for text in texts)
    assert any(text.endswith(" ") for text in texts)
    assert any("０" in text for text in texts)
    words = {str(cell) for cell in column(books["T6"], "二氧化硫")[0]}
    assert {"—", "不适用", "未报", "None"} <= words
    assert "无" in column(books["T2"], "研发经费（千元）")[0]


def test_no_cell_is_a_formula(books: dict[str, Path]) -> None:
    for path in books.values():
        cells = (cell for row in data_sheet(path).iter_rows() for cell in row)
        assert not any(cell.data_type == "f" for cell in cells)


def test_the_same_population_gives_the_same_bytes(
    population: Population, books: dict[str, Path], tmp_path: Path
) -> None:
    again = write_workbooks(population, tmp_path, population.year)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in books.values()]


def test_workbooks_of_another_year_are_refused(population: Population, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2021"):
        write_workbooks(population, tmp_path, 2020)


def test_each_planted_mistake_stands_in_the_cell_that_is_named(
    population: Population, books: dict[str, Path], tmp_path: Path
) -> None:
    path, planted = write_faulty_workbook(population, tmp_path)
    sheet, clean = data_sheet(path), data_sheet(books["T1"])
    at = {fault.kind: fault.cell for fault in planted}
    assert {fault.sheet for fault in planted} == {sheet.title}
    assert len(planted) == 7
    assert sheet[at["bad_check"]].value[:-1] == clean[at["bad_check"]].value[:-1]
    assert sheet[at["bad_check"]].value != clean[at["bad_check"]].value
    slipped = number(sheet[at["unit_slip"]].value)
    assert slipped == number(clean[at["unit_slip"]].value) * 10_000
    assert slipped > 10_000_000_000
    assert sheet[at["text_in_number"]].value == "约120万"
    assert number(sheet[at["negative"]].value) < 0
    assert sheet[at["missing_code"]].value is None
    assert sheet[at["unknown_enterprise"]].value not in population.by_uscc
    above = sheet[at["duplicate"]].offset(row=-1)
    assert above.value == sheet[at["duplicate"]].value


def test_the_mistakes_are_the_only_difference(
    population: Population, books: dict[str, Path], tmp_path: Path
) -> None:
    path, planted = write_faulty_workbook(population, tmp_path)
    rows = {int(fault.cell[1:]) for fault in planted}
    sheet, clean = data_sheet(path), data_sheet(books["T1"])
    differing = {
        row
        for row in range(1, max(rows))
        if [cell.value for cell in sheet[row]] != [cell.value for cell in clean[row]]
    }
    assert differing == rows - {max(rows)}
    assert sheet.max_row == clean.max_row + 1


@pytest.mark.parametrize("template", ["T1", "T2", "T4", "T6"])
def test_clean_figures_keep_within_the_bounds_of_their_template(
    population: Population, template: str
) -> None:
    text = (CITY / "templates" / f"{template}.yaml").read_text(encoding="utf-8")
    units = {"元": 1, "千元": 1000, "人": 1, "千瓦时": 1, "吨标准煤": 1000, "吨": 1000}
    for column in yaml.safe_load(text)["columns"]:
        if "fact" in column and "unit" in column:
            values = [e.facts.get(column["fact"]) for e in population.enterprises]
            known = [v / units[column["unit"]] for v in values if isinstance(v, Decimal)]
            assert column.get("min", min(known)) <= min(known), column["code"]
            assert max(known) <= column.get("max", max(known)), column["code"]


def test_clean_figures_hold_the_checks_across_columns(population: Population) -> None:
    for e in population.enterprises:
        assert e.facts["vat_yuan"] + e.facts["cit_yuan"] <= e.facts["tax_paid_yuan"]  # type: ignore[operator]
    for e in population.of_scale("above"):
        research = e.facts["rd_yuan"]
        assert e.facts["value_added_yuan"] <= e.facts["output_yuan"]  # type: ignore[operator]
        assert not isinstance(research, Decimal) or research <= e.facts["revenue_yuan"]  # type: ignore[operator]


def test_an_enterprise_stands_on_the_row_that_the_city_states(
    population: Population, books: dict[str, Path]
) -> None:
    assert data_sheet(books["T1"])["B17"].value == "91430200MAYAX4WE7C"
    codes = [str(cell) for cell in column(books["T1"], "纳税人识别号")[0]]
    assert sorted(codes) == sorted(population.by_uscc)
    rest = [code for code in codes if code != "91430200MAYAX4WE7C"]
    assert rest == sorted(rest)


def test_a_stated_row_is_free_where_the_small_demo_has_no_such_enterprise(tmp_path: Path) -> None:
    small = replace(generate(CITY, Decimal("0.05")), stands={"T1": {17: "91430200MAYNOTTHERE"}})
    codes = [str(row[1]) for row in tax_sheet(small).rows]
    assert codes == sorted(small.by_uscc)


def test_the_workbook_that_waits_is_of_the_year_before(
    population: Population, tmp_path: Path
) -> None:
    path = write_waiting_workbook(population, tmp_path)
    cells, total = column(path, "全年用电量(kWh)")
    assert "2020年" in str(data_sheet(path)["A1"].value)
    assert sum(number(cell) for cell in cells) == number(total)
    assert abs(number(total) - population.total("power_kwh") * 94 / 100) < 1404
