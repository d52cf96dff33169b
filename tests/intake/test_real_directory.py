"""A real list of 4,412 firms through the directory template.

The counts below were taken by hand with openpyxl, counting formulas and the published weights of
GB 32100 before the template was first tried on the file; `hand_count` repeats the count.
"""

from collections import Counter

import openpyxl
import pytest

from tests.paths import CITY, SHARED_DATA
from wuhao.intake.checks import check
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import load_template

FILE = SHARED_DATA / "shandong-enterprise-list" / "企业名单.xlsx"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FILE.exists(), reason="the real data does not lie beside the project"),
]

ROWS = 4412
EXPECTED = {
    "uscc_registration_number": 492,
    "uscc_letter": 2,
    "uscc_check": 3,
    "duplicate": 1062,
}


@pytest.fixture(scope="module")
def reading():
    template = load_template(CITY / "templates" / "T0.yaml")
    return check(template, read_workbook(FILE, known=template.known_headings()))


def at(reading, cell: str) -> list[str]:
    return [finding.code for finding in reading.findings if finding.cell == cell]


def sentence(reading, cell: str, code: str) -> str:
    [found] = [f for f in reading.findings if (f.cell, f.code) == (cell, code)]
    return found.sentence


def hand_count() -> Counter[str]:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    sheet = openpyxl.load_workbook(FILE, read_only=True).active
    for row in sheet.iter_rows(min_row=2, values_only=True):
        code = str(row[3])
        counts["duplicate"] += code in seen
        seen.add(code)
        if len(code) == 15:
            counts["uscc_registration_number"] += 1
        elif any(c not in alphabet for c in code):
            counts["uscc_letter"] += 1
        else:
            total = sum(alphabet.index(c) * 3**i for i, c in enumerate(code[:17]))
            counts["uscc_check"] += alphabet[-total % 31] != code[17]
    return counts


def test_the_hand_count_is_what_was_written_down():
    assert dict(hand_count()) == EXPECTED


def test_every_firm_is_read(reading):
    assert len(reading.rows) == ROWS
    assert (reading.rows[0].row_no, reading.rows[-1].row_no) == (2, 4413)


def test_the_faults_found_are_those_counted_by_hand(reading):
    counts = Counter(f.code for f in reading.findings if f.severity == "error")
    assert dict(counts) == EXPECTED


def test_a_heading_with_a_line_break_and_a_note_is_matched(reading):
    first = reading.rows[0].values["sector_label"]
    assert (first.value, first.column) == ("皮革、毛皮、羽毛及其制品和制鞋业19", "G")


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("D2", []),
        ("D16", ["uscc_registration_number"]),
        ("D26", ["duplicate", "uscc_registration_number"]),
        ("D30", ["duplicate"]),
        ("D1200", ["uscc_registration_number"]),
        ("D2241", ["uscc_letter"]),
        ("D3024", ["uscc_check"]),
        ("D3040", ["uscc_check"]),
        ("D3044", ["uscc_letter"]),
        ("D3514", ["uscc_check"]),
        ("D4413", ["duplicate"]),
    ],
)
def test_a_named_cell_has_its_fault(reading, cell, codes):
    assert sorted(at(reading, cell)) == codes


def test_the_sentence_names_the_earlier_row(reading):
    assert "第 29 行重复" in sentence(reading, "D30", "duplicate")


def test_the_sentence_names_the_wrong_letter(reading):
    assert "第 13 位“O”" in sentence(reading, "D2241", "uscc_letter")


def test_columns_that_the_file_lacks_are_noted_and_stop_nothing(reading):
    [absent] = [f for f in reading.findings if f.code == "column_absent"]
    assert absent.column == "所在园区、行业代码、规模、成立日期、投产日期、建设状态"
    assert (absent.severity, absent.column in absent.sentence) == ("note", True)
