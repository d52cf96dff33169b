"""A template proposed from any workbook: what is asked for, in which unit, known by what."""

import pytest

from tests.intake.books import book, credit_code
from tests.paths import CITY, SHARED_DATA
from wuhao.intake.proposing import propose, template_text
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import load_templates, load_text

KNOWN = list(load_templates(CITY / "templates").values())


def proposal(rows, merge=()):
    return propose(read_workbook(book(rows, merge), "表.xlsx"), KNOWN)


def state(n: int) -> str:
    return "在产" if n % 2 else "停产"


def told(found) -> list[tuple[str, str, str]]:
    return [(c.label, c.kind, c.unit) for c in found.columns]


def test_last_years_table_tells_kinds_units_keys_and_what_the_house_holds():
    rows = [
        ["2021年园区企业情况表"],
        ["单位：万元"],
        ["序号", "企业名称", "统一社会信用代码", "实缴税金", "用工人数（人）", "投产日期", "状态"],
        *([n, f"{n}号厂", credit_code(n), 100.5 + n, 30 + n, "2012-09-01", state(n)]
          for n in range(1, 25)),
        ["合计", "", "", 840, 276, "", ""],
    ]  # fmt: skip
    found = proposal(rows)
    assert told(found) == [
        ("企业名称", "text", ""),
        ("统一社会信用代码", "uscc", ""),
        ("实缴税金", "amount", "万元"),
        ("用工人数（人）", "integer", "人"),
        ("投产日期", "date", ""),
        ("状态", "choice", ""),
    ]
    assert [c.key for c in found.columns] == [False, True, False, False, False, False]
    assert {c.label: c.held for c in found.columns if c.held} == {
        "实缴税金": "tax_paid_yuan", "用工人数（人）": "staff_person",
    }  # fmt: skip
    assert found.columns[-1].options == ("停产", "在产")


def test_a_blank_table_is_read_by_its_headings():
    found = proposal(
        [["收表"], ["园区", "项目名称", "总投资（万元）", "开工日期", "备注", "从业人数"]]
    )
    assert told(found) == [
        ("园区", "text", ""), ("项目名称", "text", ""), ("总投资（万元）", "amount", "万元"),
        ("开工日期", "date", ""), ("备注", "text", ""), ("从业人数", "amount", ""),
    ]  # fmt: skip


def test_grouped_headings_keep_their_group_and_stay_distinct():
    rows = [["企业", "上年", "", "今年", ""], ["", "产值", "税收", "产值", "税收"],
            *([f"{n}号厂", n, n + 0.5, n, n + 0.5] for n in range(1, 6))]  # fmt: skip
    found = proposal(rows, ("A1:A2", "B1:C1", "D1:E1"))
    labels = [c.label for c in found.columns]
    assert labels == ["企业", "上年·产值", "上年·税收", "今年·产值", "今年·税收"]
    assert [c.key for c in found.columns] == [True, False, False, False, False]


def test_nothing_is_proposed_where_there_is_no_table():
    assert proposal([["一段说明文字"]]) is None


def test_the_same_heading_twice_is_told_apart():
    rows = [["名称", "数量", "数量"], *([f"{n}号", n, n] for n in range(1, 6))]
    assert [c.label for c in proposal(rows).columns] == ["名称", "数量", "数量（第3列）"]


def test_what_is_proposed_is_a_template_that_reads_its_own_workbook():
    from wuhao.intake.checks import check

    rows = [["企业名称", "统一社会信用代码", "税金（万元）", "人数", "状态"],
            *([f"{n}号厂", credit_code(n), n + 0.25, n, state(n)]
              for n in range(1, 25))]  # fmt: skip
    found = proposal(rows)
    made = load_text(template_text(found.columns, "C2022001", "收表", "iit"), "C2022001", CITY)
    reading = check(made, read_workbook(book(rows), "表.xlsx", made.known_headings()))
    assert [f for f in reading.findings if f.severity == "error"] == []
    assert len(reading.rows) == 24
    assert reading.sums()["c3"] == sum(int((n + 0.25) * 1_000_000) for n in range(1, 25))


REAL = sorted(
    path
    for folder in ("messy-excel", "shandong-enterprise-list", "land-deals", "industrial-parks-tw")
    for path in (SHARED_DATA / folder).rglob("*.xls*")
)


@pytest.mark.real
@pytest.mark.skipif(not REAL, reason="the real workbooks do not lie beside the project")
@pytest.mark.parametrize("path", REAL, ids=lambda p: p.name)
def test_real_workbooks_give_templates_that_load(path):
    found = propose(read_workbook(path), KNOWN)
    if found is None:
        pytest.skip("a form or a text: no table to propose from")
    text = template_text(found.columns, "C2022001", path.stem, "iit")
    made = load_text(text, "C2022001", CITY)
    assert len(made.columns) == len(found.columns)
    assert len(made.key) == 1
    assert len({c.label for c in made.columns}) == len(made.columns)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["甲"] * 10 + ["乙"] * 10, "choice"),
        (["甲"] * 10 + ["乙"] * 9, "text"),  # too few rows
        (["甲"] * 17 + ["乙"] * 3, "choice"),
        (["甲"] * 18 + ["乙"] * 2, "text"),  # a word used twice alone
        ([f"{n}种" for n in range(12) for _ in range(3)], "choice"),
        ([f"{n}种" for n in range(13) for _ in range(3)], "text"),
    ],
)
def test_words_are_a_list_only_where_each_is_used_often(words, kind):
    rows = [["名称", "状态"], *([f"{at}号厂", word] for at, word in enumerate(words))]
    assert [c.kind for c in proposal(rows).columns] == ["text", kind]


def test_inline_options_are_choices():
    found = proposal([["名称", "状态"], *([f"{n}", state(n)] for n in range(24))])
    made = load_text(template_text(found.columns, "C1", "表", "iit"), "C1", CITY)
    assert {c.code for c in made.column("c2").choices.values()} == {"在产", "停产"}
