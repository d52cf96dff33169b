"""Codes of the house never stand on a page or in a file where a person wants words."""

import io
import re
from urllib.parse import unquote

import openpyxl

from tests.web.conftest import AsUser
from tests.web.test_pages import run_no, words
from wuhao.core.register import AsOf
from wuhao.core.viewer import MACHINE
from wuhao.reports.figures import figure_values
from wuhao.web.lineage import filter_words, records_words

CODES = re.compile(r"registers\.|evaluation\.results|intake\.|grade[!=]|scale=|group=|null|~")


def test_the_level_of_a_park_is_a_word(as_user: AsUser) -> None:
    text = words(as_user("bureau").get("/registers/park/"))
    assert "国家级" in text
    assert "省级" in text
    assert "provincial" not in text
    assert "national" not in text


def test_figures_tell_their_origin_in_words(as_user: AsUser) -> None:
    client = as_user("bureau")
    listed = words(client.get("/reports/figures/"))
    assert "tax_per_mu_above_scale" not in listed
    one = words(client.get("/reports/figures/tax_per_mu_above_scale/"))
    assert "定了档次的、规上企业" in one
    assert "计入税收" in one
    assert not CODES.search(one)


def test_every_record_and_condition_of_a_figure_has_its_words(demo_db) -> None:
    parts = [part for value in figure_values(MACHINE, AsOf()) for part in value.lineage]
    said = [f"{records_words(part.selector)} {filter_words(part.filter)}" for part in parts]
    assert len(said) > 15
    assert [text for text in said if CODES.search(text)] == []


def test_an_export_is_named_and_written_in_words(as_user: AsUser) -> None:
    client = as_user("bureau")
    client.get("/registers/enterprise/", {"col": ["name", "scale", "tax_paid_yuan"]})
    given = client.post("/registers/enterprise/export/", {"purpose": "核对", "format": "xlsx"})
    name = unquote(given.headers["Content-Disposition"])
    assert name.endswith("企业台账_20220628.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(given.content)).worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert head == ["企业", "规模", "实缴税金（元）"]
    assert {cell.value for cell in sheet["B"][1:]} == {"规上", "规下"}
    assert {cell.number_format for cell in sheet["C"][1:] if cell.data_type == "n"} == {"#,##0.00"}


def test_exported_results_give_reasons_in_words_and_no_rank_to_who_sees_none(
    as_user: AsUser,
) -> None:
    no = run_no(as_user("bureau"))
    form = {"purpose": "核对", "format": "csv"}
    given = as_user("bureau").post(f"/evaluation/{no}/results/export/", form).content.decode()
    assert "new_lt_24_months" not in given
    assert "规上" in given
    tax = as_user("tax").post(f"/evaluation/{no}/results/export/", form).content.decode()
    ranked, named = (
        [line.split(",")[0] for line in text.splitlines()[2:]] for text in (given, tax)
    )
    assert sorted(ranked) == sorted(named)
    assert ranked != named
