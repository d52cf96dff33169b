"""Figures beside those of the same sector and size, and beside those of other departments."""

import statistics
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.books import CITY, credit_code, firm, read, taxes, template
from wuhao.intake.checks import Context, Reading, check
from wuhao.intake.peers import GROUP_AT_LEAST, quartiles
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import Template, TemplateError, load_template, load_text

TEXT = (CITY / "templates/X1.yaml").read_text(encoding="utf-8").rstrip("\n")
PEERS = """
peers:
  - {code: tax_among_peers, of: tax_paid_yuan, times: 10, severity: warning}
  - {code: tax_per_head, of: tax_paid_yuan, per: staff_person, times: 5, severity: warning}
"""
BESIDE = """
  - code: tax_over_revenue
    expression: tax_paid_yuan <= 0.5 * revenue_yuan
    with: [revenue_yuan]
    severity: warning
    sentence: 税金超过营业收入的一半。
"""


@pytest.fixture
def city(tmp_path: Path) -> Path:
    (tmp_path / "indicators.yaml").write_text(
        'indicators:\n  - {code: revenue_yuan, quantum: "0.01"}\n', encoding="utf-8"
    )
    return tmp_path


def checked(made: Template, content: bytes, context: Context) -> Reading:
    return check(made, read_workbook(content, "表.xlsx", made.known_headings()), context)


def with_peers(amounts: list[int], scales: list[str] | None = None, staff: int = 3) -> Reading:
    rows = [firm(n, amount, 0, staff) for n, amount in enumerate(amounts)]
    sizes = scales or ["规上"] * len(amounts)
    peers = {credit_code(n): ("C33", size) for n, size in enumerate(sizes)}
    return checked(load_text(TEXT + PEERS, "X1", CITY), taxes(*rows), Context(peers=peers))


def cells(reading: Reading, code: str) -> list[str]:
    return [f.cell for f in reading.findings if f.code == code]


@pytest.mark.parametrize(
    ("odd", "asked"),
    [
        (100 * 10 - 1, False),
        (100 * 10, True),
        (100 * 10 + 1, True),
        (11, False),
        (10, True),
        (9, True),
    ],
)
def test_ten_times_beyond_the_quartiles_is_asked_about(odd, asked):
    reading = with_peers([100] * 14 + [odd])
    assert bool(cells(reading, "tax_among_peers")) == asked
    if asked:
        assert cells(reading, "tax_among_peers") == ["C17"]


@pytest.mark.parametrize(("size", "asked"), [(GROUP_AT_LEAST - 1, False), (GROUP_AT_LEAST, True)])
def test_a_small_group_is_not_compared(size, asked):
    reading = with_peers([100] * (size - 1) + [5000])
    assert bool(cells(reading, "tax_among_peers")) == asked


def test_groups_are_compared_by_themselves_and_strangers_not_at_all():
    amounts = [100] * 14 + [2000] * 14
    assert cells(with_peers(amounts, ["规上"] * 14 + ["规下"] * 14), "tax_among_peers") == []
    made = load_text(TEXT + PEERS, "X1", CITY)
    rows = [firm(n, amount) for n, amount in enumerate(amounts)]
    assert cells(checked(made, taxes(*rows), Context()), "tax_among_peers") == []


def test_a_ratio_is_compared_and_the_sentence_says_with_whom():
    rows = [firm(n, 100, 0, 10) for n in range(14)] + [firm(14, 100, 0, 1)]
    peers = {credit_code(n): ("C33", "规上") for n in range(15)}
    made = load_text(TEXT + PEERS, "X1", CITY)
    reading = checked(made, taxes(*rows), Context(peers=peers))
    [asked] = [f for f in reading.findings if f.code == "tax_per_head"]
    assert asked.cell == "C17"
    assert "同行中位数的 10 倍（C33 类、规上，15 户）" in asked.sentence
    assert asked.severity == "warning"


def test_zeros_and_what_is_not_reported_are_not_compared():
    reading = with_peers([100] * 14 + [0])
    assert cells(reading, "tax_among_peers") == []


amounts = st.lists(st.integers(1, 10**9), min_size=4, max_size=60)


@given(amounts)
def test_quartiles_are_those_of_a_plain_ranking(values):
    found = quartiles([Fraction(value) for value in values])
    assert list(found) == sorted(found)
    assert set(found) <= set(values)
    low, high = statistics.median_low(values), statistics.median_high(values)
    assert low <= found[1] <= high


@given(amounts, st.integers(0, 2**32))
def test_the_order_of_rows_does_not_matter(values, seed):
    import random

    shuffled = list(values)
    random.Random(seed).shuffle(shuffled)
    one, other = (quartiles([Fraction(v) for v in some]) for some in (values, shuffled))
    assert one == other


@pytest.mark.parametrize(
    ("revenue", "asked"), [(200, False), (199, True), (201, False), (0, True), (None, False)]
)
def test_another_departments_figure_is_compared_where_it_is_known(city, revenue, asked):
    made = load_text(TEXT + BESIDE, "X1", city)
    assert made.others == ["revenue_yuan"]
    others = {} if revenue is None else {"revenue_yuan": {credit_code(1): revenue * 100}}
    reading = checked(made, taxes(firm(1, 100)), Context(others=others))
    assert cells(reading, "tax_over_revenue") == (["C3"] if asked else [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (PEERS.replace("times: 10", "times: 1"), "大于 1"),
        (PEERS.replace("of: tax_paid_yuan, times", "of: name, times"), "name"),
        (PEERS.replace("per: staff_person", "per: nobody"), "nobody"),
        (PEERS.replace("severity: warning}", "severity: loud}"), "loud"),
        (BESIDE.replace("with: [revenue_yuan]", "with: [nothing_yuan]"), "不是指标目录"),
        (BESIDE.replace("with: [revenue_yuan]", "with: [tax_paid_yuan]"), "不是指标目录"),
        (BESIDE.replace("    with: [revenue_yuan]\n", ""), "没有“revenue_yuan”这一列"),
        (BESIDE.replace("with: [revenue_yuan]", "differ: [uscc, name]"), "两样选一样"),
    ],
)
def test_a_check_that_cannot_be_read_is_refused_with_its_reason(city, change, said):
    with pytest.raises(TemplateError, match=said):
        load_text(TEXT + change, "X1", city)


def test_two_columns_that_must_differ(city):
    apart = "{code: apart, differ: [vat_yuan, tax_paid_yuan], severity: error, sentence: 一样。}"
    made = load_text(f"{TEXT}\n  - {apart}\n", "X1", city)
    rows = [firm(1, 5, 5), firm(2, 5, 4), firm(3, 5, None)]
    assert cells(checked(made, taxes(*rows), Context()), "apart") == ["C3"]


def test_templates_without_such_checks_are_as_before():
    assert (template().peers, template().others) == ((), [])
    assert load_template(CITY / "templates/D1.yaml").peers == ()
    assert read(taxes(firm(1))).errors == 0


@pytest.mark.parametrize(
    ("alike", "others", "said"),
    [
        (GROUP_AT_LEAST - 1, 0, "C33 类、规上，12 户"),
        (GROUP_AT_LEAST - 2, 1, "C 类、规上，12 户"),
        (GROUP_AT_LEAST - 2, 0, ""),
    ],
)
def test_a_small_group_is_compared_within_its_section(alike, others, said):
    """One figure far off among others of its class, and some of another class of the section."""
    classes = ["C33"] * (alike + 1) + ["C34"] * others
    rows = [firm(n, 5000 if n == 0 else 100, 0, 3) for n in range(len(classes))]
    peers = {credit_code(n): (sector, "规上") for n, sector in enumerate(classes)}
    made = load_text(TEXT + PEERS, "X1", CITY)
    reading = checked(made, taxes(*rows), Context(peers=peers))
    found = [f.sentence for f in reading.findings if f.code == "tax_among_peers"]
    assert [said in sentence for sentence in found] == ([True] if said else [])


def test_other_sections_and_then_nobody_else_are_asked():
    """Of one size; another size is never compared with."""
    classes = [("C33", "规上"), *[("D44", "规上")] * 11, *[("C33", "规下")] * 40]
    rows = [firm(n, 5000 if n == 0 else 100, 0, 3) for n in range(len(classes))]
    peers = {credit_code(n): group for n, group in enumerate(classes)}
    made = load_text(TEXT + PEERS, "X1", CITY)
    reading = checked(made, taxes(*rows), Context(peers=peers))
    found = [f.sentence for f in reading.findings if f.code == "tax_among_peers"]
    assert ["（规上，12 户）" in sentence for sentence in found] == [True]
