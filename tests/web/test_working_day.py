"""A working day on the pages: an office hands in, the bureau accepts, computes and publishes."""

from pathlib import Path

import pytest

from tests.web.conftest import AsUser
from tests.web.test_pages import FIRM, run_no, words
from wuhao.core import city
from wuhao.core.audit import AuditEntry


def hand_in(client, path: Path, template: str, year: str):
    with path.open("rb") as file:
        form = {"template": template, "year": year, "file": file}
        return client.post("/intake/upload/", form)


@pytest.mark.slow
def test_a_sound_table_goes_from_upload_to_the_register(as_user: AsUser, demo_db: Path) -> None:
    tax, bureau = as_user("tax"), as_user("bureau")
    workbook = demo_db / "var/demo" / city.read("demo.yaml")["files"]["T1"]
    batch = hand_in(tax, workbook, "T1", "2020").headers["Location"]
    assert "提交" in words(tax.get(batch))
    assert "受理入账" not in words(tax.get(batch))
    tax.post(f"{batch}move/", {"transition": "submit"})
    assert "等受理的批次" in words(bureau.get("/"))
    refused = tax.post(f"{batch}move/", {"transition": "accept"})
    assert refused.status_code == 400
    assert "不能办理" in words(refused)
    accepted = bureau.post(f"{batch}move/", {"transition": "accept"}, follow=True)
    assert "已受理" in words(accepted)
    assert AuditEntry.objects.filter(action="intake.batch.accept").count() == 7


def test_a_return_needs_a_reason_and_the_office_reads_it_on_its_desk(
    as_user: AsUser, demo_db: Path
) -> None:
    tax, bureau = as_user("tax"), as_user("bureau")
    workbook = demo_db / "var/demo" / city.read("demo.yaml")["files"]["T1"]
    batch = hand_in(tax, workbook, "T1", "2020").headers["Location"]
    tax.post(f"{batch}move/", {"transition": "submit"})
    without = bureau.post(f"{batch}move/", {"transition": "return", "note": " "})
    assert without.status_code == 400
    assert "写明" in words(without)
    bureau.post(f"{batch}move/", {"transition": "return", "note": "单位写错"})
    assert "退回要改的" in words(tax.get("/"))


def test_an_office_cannot_hand_in_for_another(as_user: AsUser, demo_db: Path) -> None:
    workbook = demo_db / "var/demo" / city.read("demo.yaml")["files"]["T1"]
    answer = hand_in(as_user("stats"), workbook, "T1", "2020")
    assert answer.status_code == 422
    assert "不由您的机构报送" in words(answer)


def test_what_is_no_workbook_is_refused_in_a_sentence_beside_the_field(
    as_user: AsUser, tmp_path: Path
) -> None:
    path = tmp_path / "照片.xlsx"
    path.write_bytes(b"not a workbook")
    answer = hand_in(as_user("tax"), path, "T1", "2021")
    assert answer.status_code == 422
    assert 'class="field field-bad"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_a_park_reads_no_batch_of_a_department_and_hands_in_its_own_tables(as_user: AsUser) -> None:
    client = as_user("park")
    assert client.get("/intake/T1-202100-02/").status_code == 404
    offered = client.get("/intake/upload/").content.decode()
    assert 'value="T9"' in offered
    assert 'value="T10"' in offered
    assert 'value="T1"' not in offered
    assert client.get("/intake/T1-202100-02/file/").status_code == 404


def test_the_file_comes_back_as_it_was_received(as_user: AsUser, demo_db: Path) -> None:
    workbook = demo_db / "var/demo" / city.read("demo.yaml")["files"]["T1"]
    answer = as_user("tax").get("/intake/T1-202100-02/file/")
    assert b"".join(answer.streaming_content) == workbook.read_bytes()


def test_only_the_bureau_computes_and_publishing_wants_words(as_user: AsUser) -> None:
    bureau = as_user("bureau")
    no = run_no(bureau)
    button = 'value="compute"'
    assert button in bureau.get(f"/evaluation/{no}/").content.decode()
    tax = as_user("tax")
    assert button not in tax.get(f"/evaluation/{no}/").content.decode()
    assert tax.post("/evaluation/compute/2022/").status_code == 400
    refused = tax.post(f"/evaluation/{no}/publish/", {"note": "会议"})
    assert refused.status_code == 400
    empty = bureau.post(f"/evaluation/{no}/publish/", {"note": ""})
    assert empty.status_code == 400
    assert "审定" in words(empty)


def test_a_letter_shows_its_figures_with_their_state(as_user: AsUser) -> None:
    client = as_user("bureau")
    page = client.get("/reports/letters/").content.decode()
    letter = client.get(page.split('class="name" href="')[1].split('"')[0])
    text = words(letter)
    assert "个相符" in text
    assert letter.content.decode().count('class="figc') > 10
    assert as_user("park").get("/reports/letters/").status_code == 200
    address = letter.request["PATH_INFO"]
    assert as_user("park").get(address).status_code == 404
    assert client.get(f"{address}file/").status_code == 200


def test_a_source_cell_is_shown_to_nobody_beyond_its_scope(as_user: AsUser) -> None:
    """The enterprise sees its own row; another's row is closed, for the park the amounts are."""
    own = as_user("enterprise")
    found = own.get(f"/evaluation/latest/{FIRM}/", follow=True).content.decode()
    cell = found.split('href="/cells/T1')[1].split('"')[0]
    assert own.get(f"/cells/T1{cell}").status_code == 200
    below = "/cells/T1-202100-02/入库汇总/D9/"
    assert own.get(below).status_code == 404
    assert as_user("park").get(f"/cells/T1{cell}").status_code == 404
    assert as_user("stats").get(f"/cells/T1{cell}").status_code == 404


def test_a_job_of_another_post_is_not_shown(as_user: AsUser) -> None:
    bureau = as_user("bureau")
    answer = bureau.post("/evaluation/compute/2022/")
    job = answer.headers["Location"].split("job=")[1]
    assert bureau.get(f"/jobs/{job}/").status_code == 200
    assert as_user("desk").get(f"/jobs/{job}/").status_code == 400


def test_on_the_first_day_the_bureau_s_desk_holds_a_batch_to_accept(as_user: AsUser) -> None:
    bureau = as_user("bureau")
    assert "等受理的批次" in words(bureau.get("/"))
    accepted = bureau.post("/intake/T4-202000-01/move/", {"transition": "accept"}, follow=True)
    assert "已受理" in words(accepted)
    assert "等受理的批次" not in words(bureau.get("/"))


def test_a_year_that_has_not_come_is_refused_and_another_year_is_asked_about(
    as_user: AsUser, demo_db: Path
) -> None:
    workbook = demo_db / "var/demo" / city.read("demo.yaml")["files"]["T1"]
    tax = as_user("tax")
    answer = hand_in(tax, workbook, "T1", "2099")
    assert answer.status_code == 422
    assert "2099 年度还没有到" in words(answer)
    batch = words(tax.get(hand_in(tax, workbook, "T1", "2020").headers["Location"]))
    assert "说的是 2021 年，而选的是 2020 年度" in batch
    assert "同一个文件已作为批次 T1-202100-02 收过" in batch
