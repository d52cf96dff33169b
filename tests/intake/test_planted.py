"""Mistakes planted by somebody who does not know the checks: found at their cells, and no others.

The seed `written` was looked at while the checks were written, `unseen` was not.
"""

import re
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests.paths import CITY
from wuhao.core.codes import uscc_check
from wuhao.demo import workbooks
from wuhao.demo.planted import (
    DIRECTORY,
    ENERGY,
    LAND,
    PROJECTS,
    STATISTICS,
    TAX,
    Planting,
    Spot,
    column_in_wrong_unit,
    repeat_rows,
    wrong_total,
)
from wuhao.demo.planted_sheets import energy_sheet, projects_sheet
from wuhao.demo.population import generate
from wuhao.demo.shapes import Population
from wuhao.demo.sheets import Book, Sheet, write_book
from wuhao.intake.checks import Context, Reading, check
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import load_template

SEEDS = ("written", "unseen")
EACH = 10
KINDS = {
    "T0": ("bad_check", "fifteen_digits", "letter_for_digit", "missing_code", "no_such_day",
           "end_before_start", "word_not_listed"),
    "T1": (
        "bad_check", "fifteen_digits", "letter_for_digit", "short_code", "missing_code",
        "unknown_enterprise", "name_of_another", "text_in_number", "bad_grouping", "negative",
        "out_of_range", "excel_error", "slip_10", "slip_1000", "slip_10000", "parts_over_total",
    ),
    "T2": ("decimals_of_persons", "value_added_over_output", "against_another_office",
           "far_from_peers"),
    "T3": ("no_such_day", "end_before_start", "word_not_listed"),
    "T5": ("bad_check", "unknown_enterprise", "name_of_another", "text_in_number", "negative",
           "excel_error", "slip_1000", "calorific_over_equivalent"),
    "T9": ("bad_project_code", "text_in_number", "negative", "excel_error", "month_over_so_far"),
}  # fmt: skip
SHEETS = {
    "T0": (workbooks.directory_sheet, DIRECTORY),
    "T1": (workbooks.tax_sheet, TAX),
    "T2": (workbooks.statistics_sheet, STATISTICS),
    "T3": (workbooks.land_sheet, LAND),
    "T4": (workbooks.power_sheet, TAX),
    "T5": (energy_sheet, ENERGY),
    "T9": (projects_sheet, PROJECTS),
}
COLUMNS = (("T1", 3), ("T1", 4), ("T1", 5), ("T2", 3), ("T2", 4), ("T2", 5), ("T2", 6),
           ("T2", 8), ("T2", 9), ("T4", 4))  # fmt: skip
TOTALS = ("T1", "T2", "T4", "T5", "T9")
TEMPLATES = {code: load_template(CITY / f"templates/{code}.yaml") for code in SHEETS}
SCALES = {"above": "规上", "below": "规下"}


@pytest.fixture(scope="module")
def people() -> Population:
    return generate(CITY)


def context(people: Population, code: str, seed: str) -> Context:
    """What the house knows: names, last year's figures near this year's, and other offices'."""
    draw = Random(f"last/{seed}/{code}")
    template = TEMPLATES[code]
    last: dict[str, dict[str, int]] = {}
    for column in template.columns:
        for firm in people.enterprises if column.fact else ():
            value = firm.facts.get(column.fact)
            if isinstance(value, Decimal) and value:
                before = int(value / column.quantum * draw.randint(80, 120) / 100)
                last.setdefault(column.fact, {})[firm.uscc] = before
    others = {
        fact: {
            firm.uscc: int(value * 100)
            for firm in people.enterprises
            if isinstance(value := firm.facts.get(fact), Decimal)
        }
        for fact in template.others
    }
    names = {firm.uscc: firm.name for firm in people.enterprises}
    peers = {firm.uscc: (firm.sector[:3], SCALES[firm.scale]) for firm in people.enterprises}
    return Context(names, last, others, peers)


def read(sheet: Sheet, code: str, known: Context, folder: Path) -> Reading:
    path = folder / f"{code}.xlsx"
    write_book(Book(path, "演示", "演示", (sheet,), date(2022, 5, 1)), "planted")
    template = TEMPLATES[code]
    return check(template, read_workbook(path, known=template.known_headings()), known)


def spoilt(people: Population, code: str, seed: str) -> tuple[Sheet, list[Spot]]:
    maker, places = SHEETS[code]
    sheet = maker(people)
    planting = Planting.of(sheet, places, seed)
    for kind in KINDS[code]:
        planting.plant(kind, EACH)
    if code == "T1":
        repeat_rows(planting)
    return sheet, planting.spots


def told(reading: Reading) -> set[tuple[str, str]]:
    """The cells at which something is said; a relation names every cell that it is about."""
    named = re.compile(r"^((?:[A-Z]{1,2}\d+、?)+)：")
    cells = set()
    for one in reading.findings:
        if one.severity != "note":
            cells.add((one.sheet, one.cell))
            places = named.match(one.sentence)
            cells |= {(one.sheet, cell) for cell in places[1].split("、")} if places else set()
    return cells


@pytest.mark.parametrize("seed", SEEDS)
def test_of_every_kind_nineteen_in_twenty_are_found_at_their_cells(people, tmp_path, seed):
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed = defaultdict(list)
    for code in KINDS:
        sheet, spots = spoilt(people, code, seed)
        seen = told(read(sheet, code, context(people, code, seed), tmp_path))
        for spot in spots:
            planted[spot.kind] += 1
            if (spot.sheet, spot.cell) in seen:
                found[spot.kind] += 1
            else:
                missed[spot.kind].append(spot.cell)
    for code, column in COLUMNS:
        sheet = SHEETS[code][0](people)
        spot = column_in_wrong_unit(sheet, column)
        reading = read(sheet, code, context(people, code, seed), tmp_path)
        letters = spot.cell.rstrip("0123456789")
        whole = [f.cell for f in reading.findings if f.code == "unit_slip_column"]
        planted[spot.kind] += 1
        found[spot.kind] += any(cell.rstrip("0123456789") == letters for cell in whole)
    for code in TOTALS:
        sheet = SHEETS[code][0](people)
        spots = [wrong_total(sheet, at) for at, head in enumerate(sheet.heads) if head.summed]
        seen = told(read(sheet, code, context(people, code, seed), tmp_path))
        for spot in spots:
            planted[spot.kind] += 1
            found[spot.kind] += (spot.sheet, spot.cell) in seen
    assert len(planted) == 29
    assert sum(planted.values()) >= 200
    assert min(planted.values()) >= EACH
    poor = {kind: missed[kind] for kind, n in planted.items() if found[kind] * 100 < 95 * n}
    assert poor == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_rows_are_left_alone(people, tmp_path, seed):
    """At most one error in a thousand clean rows, and questions about at most two in a hundred."""
    rows = errors = questions = 0
    for code, (maker, _places) in SHEETS.items():
        reading = read(maker(people), code, context(people, code, seed), tmp_path)
        rows += len(reading.rows)
        errors += reading.errors
        questions += reading.warnings
    assert rows > 5000
    assert errors * 1000 <= rows
    assert questions * 50 <= rows


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_beside_the_mistakes_are_left_alone(people, tmp_path, seed):
    """Errors stand in the rows that were spoilt, and in no others."""
    for code in KINDS:
        sheet, spots = spoilt(people, code, seed)
        reading = read(sheet, code, context(people, code, seed), tmp_path)
        spoilt_rows = {int(spot.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for spot in spots}
        clean = [f for f in reading.findings if f.severity == "error" and f.row not in spoilt_rows]
        assert len(clean) * 1000 <= len(reading.rows), [(f.cell, f.sentence) for f in clean]


def test_the_planter_makes_codes_that_are_wrong_as_it_says(people):
    sheet, spots = spoilt(people, "T1", "written")
    first = sheet.first_row
    for spot in spots:
        code = (
            sheet.rows[int(spot.cell.lstrip("ABCD")) - first][TAX.code]
            if spot.cell[0] in "ABCD"
            else None
        )
        if spot.kind in ("bad_check", "fifteen_digits", "letter_for_digit", "short_code"):
            assert uscc_check(str(code)) is not None
        if spot.kind == "unknown_enterprise":
            assert uscc_check(str(code)) is None
            assert code not in people.by_uscc
