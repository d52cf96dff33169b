"""What the page of a batch tells each side to do, as the batch stands."""

import re
from pathlib import Path

import pytest

from tests.web.conftest import AsUser
from tests.web.test_pages import words
from tests.web.test_working_day import hand_in
from wuhao.core import city
from wuhao.intake.models import Batch
from wuhao.web.batches import next_words
from wuhao.web.findings import lines, sentence_of

FAULTY = "T1-202100-01"


def test_who_receives_is_not_told_to_correct_and_is_offered_no_withdrawal(as_user: AsUser) -> None:
    bureau = as_user("bureau").get(f"/intake/{FAULTY}/")
    assert "由报送单位按清单改正文件" in words(bureau)
    assert "重新上传，会另成一批" not in words(bureau)
    assert 'value="withdraw"' not in bureau.content.decode()
    office = as_user("tax").get(f"/intake/{FAULTY}/")
    assert "“停”的每一处都要改" in words(office)
    assert 'value="withdraw"' in office.content.decode()


def test_a_withdrawn_batch_ends_there_and_leads_to_another_upload(as_user: AsUser) -> None:
    tax = as_user("tax")
    tax.post(f"/intake/{FAULTY}/move/", {"transition": "withdraw"})
    page = tax.get(f"/intake/{FAULTY}/")
    text, html = words(page), page.content.decode()
    steps = re.search(r'<ol class="steps".*?</ol>', html, re.S)[0]
    assert steps.count("<li") == 3
    assert "aria-current" not in steps
    assert "“停”的每一处都要改" not in text
    assert "到此为止" in text
    again = tax.get("/intake/upload/", {"template": "T1", "year": "2021"})
    assert "/intake/upload/?template=T1&amp;year=2021" in html
    assert '<option value="T1" selected>' in again.content.decode()


def test_the_bureau_may_submit_what_it_handed_in_itself(as_user: AsUser, demo_db: Path) -> None:
    workbook = demo_db / "var/demo" / city.read("demo.yaml")["files"]["T1"]
    bureau = as_user("bureau")
    batch = hand_in(bureau, workbook, "T1", "2020").headers["Location"]
    assert 'value="submit"' in bureau.get(batch).content.decode()
    assert 'value="submit"' not in as_user("desk").get(batch).content.decode()


@pytest.mark.parametrize("theirs", [True, False])
@pytest.mark.parametrize("status", Batch.Status.values)
def test_every_state_has_words_for_both_sides(status: str, theirs: bool) -> None:
    for errors, warnings in ((0, 0), (0, 2), (3, 0)):
        one = {"status": status, "errors": errors, "warnings": warnings}
        assert next_words(one, theirs=theirs)


def test_alike_findings_are_one_line_with_all_their_cells() -> None:
    said = "计入税收为负，评价时该项按 0 分计。"
    found = [
        {"severity": "note", "code": "refund", "sheet": "表", "cell": f"D{row}",
         "sentence": f"D{row}、G{row}：{said}"}
        for row in (231, 308, 380)
    ]  # fmt: skip
    line = lines("T1-202100-01", found)[0]
    assert len(lines("T1-202100-01", found)) == 1
    assert (line.place, line.sentence, line.said) == ("表", said, "3 格")
    assert [cell.label for cell in line.cells] == ["D231", "D308", "D380"]
    single = lines("T1-202100-01", found[:1])[0]
    assert (single.place, single.sentence, single.cells) == ("表!D231", said, [])
    graver = [found[0], found[1] | {"severity": "error"}]
    assert len(lines("T1-202100-01", graver)) == 2


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("D6：“退税”应不小于 0元，读到 -43600元。", "“退税”应不小于 0元，读到 −43,600元。"),
        ("D6：1405 行相加为 4925841016.53元。", "1405 行相加为 4,925,841,016.53元。"),
        ("D6：读到 9999元。", "读到 9999元。"),
        ("D6：“91430200MAX000007H”与第 12345 行重复。", "“91430200MAX000007H”与第 12345 行重复。"),
        ("D6：“12345678元”不是数。", "“12345678元”不是数。"),
        ("D6 表头“税金”的单位是“元”。", "表头“税金”的单位是“元”。"),
        ("D6 的“备注”一列没有读。", "D6 的“备注”一列没有读。"),
        ("B6：不是这一格。", "B6：不是这一格。"),
    ],
)
def test_a_sentence_names_no_cell_twice_and_groups_amounts(kept: str, read: str) -> None:
    assert sentence_of({"cell": "D6", "sentence": kept}) == read


def test_the_page_of_a_batch_names_each_cell_once(as_user: AsUser) -> None:
    text = words(as_user("tax").get(f"/intake/{FAULTY}/"))
    assert text.count("退税大于实缴税金与免抵调库之和") == 1
    assert "D231 D308" in text
    assert "读到 73,177,732,500元" in text
