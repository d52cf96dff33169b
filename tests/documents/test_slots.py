"""Figures are bound content controls that survive what people do to a letter."""

import shutil
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal

import docx
import pytest
from docx.oxml.ns import qn

from tests.documents.letters import document, slot
from wuhao.documents.layout.content import Paragraph
from wuhao.documents.layout.read import Unreadable, read_slots, read_text
from wuhao.documents.layout.write import write_document


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "letter.docx"
    write_document(document(), path)
    return path


def test_a_figure_is_read_back_with_everything_that_was_frozen(tmp_path):
    path = tmp_path / "one.docx"
    rate = slot(
        "grade_a_share", "20.0%", suffix="", unit="%", value=Decimal("20.0"),
        numerator=Decimal(201), denominator=Decimal(1004), digits=1,
    )  # fmt: skip
    write_document(document(body=(Paragraph(("占", rate, "。")),)), path)
    [read] = read_slots(path)
    assert (read.code, read.digest, read.text, read.frozen) == (
        "grade_a_share",
        rate.digest,
        "20.0%",
        rate,
    )
    assert not read.edited


def test_programs_that_know_no_controls_show_plain_text(file):
    assert "（一）底数清楚。现有1004家，其中A类201家。" in read_text(file)


def test_the_control_is_tagged_labelled_and_bound(file):
    body = docx.Document(str(file)).element.body
    control = next(body.iter(qn("w:sdt"))).find(qn("w:sdtPr"))
    assert control.find(qn("w:tag")).get(qn("w:val")) == slot().tag
    assert control.find(qn("w:alias")).get(qn("w:val")) == "规模以上工业企业数"
    binding = control.find(qn("w:dataBinding"))
    assert binding.get(qn("w:xpath")) == "/f:figures[1]/f:figure[1]/f:text[1]"


def test_figures_survive_being_edited_elsewhere_with_python_docx(file, tmp_path):
    opened = docx.Document(str(file))
    opened.add_paragraph("添一段。")
    opened.paragraphs[-2].add_run("改一句。")
    saved = tmp_path / "edited.docx"
    opened.save(str(saved))
    assert [(s.code, s.text, s.frozen) for s in read_slots(saved)] == [
        ("enterprises_above_scale", "1004", slot()),
        ("grade_a", "201", slot("grade_a", "201")),
    ]


def test_a_figure_typed_over_is_seen(file, tmp_path):
    opened = docx.Document(str(file))
    next(opened.element.body.iter(qn("w:sdt"))).find(f".//{qn('w:t')}").text = "1010"
    saved = tmp_path / "typed.docx"
    opened.save(str(saved))
    first, second = read_slots(saved)
    assert (first.text, first.edited) == ("1010", True)
    assert not second.edited


def test_a_frozen_value_that_was_altered_is_not_believed(file, tmp_path):
    altered = tmp_path / "altered.docx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(altered, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'numerator="1004"', b'numerator="1005"'))
    assert [s.frozen for s in read_slots(altered)] == [None, None]


def test_figures_survive_a_file_that_lost_its_custom_part(file, tmp_path):
    stripped = tmp_path / "stripped.docx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(stripped, "w") as new:
        for name in old.namelist():
            if not name.startswith("customXml/"):
                new.writestr(name, old.read(name))
    assert [(s.code, s.digest, s.frozen) for s in read_slots(stripped)] == [
        ("enterprises_above_scale", slot().digest, None),
        ("grade_a", slot("grade_a", "201").digest, None),
    ]


@pytest.mark.parametrize("change", ["text", "numerator", "basis", "lineage", "cut_off"])
def test_the_digest_covers_everything_frozen(change):
    other = {"text": "1家", "numerator": Decimal(1), "basis": "另", "lineage": "0", "cut_off": None}
    assert replace(slot(), **{change: other[change]}).digest != slot().digest


def test_a_code_too_long_for_a_tag_is_refused(tmp_path):
    long = document(body=(Paragraph((slot("a" * 48),)),))
    with pytest.raises(ValueError, match="太长"):
        write_document(long, tmp_path / "long.docx")
    write_document(document(body=(Paragraph((slot("a" * 47),)),)), tmp_path / "fits.docx")


def test_a_file_that_is_no_docx_is_refused_with_a_sentence(tmp_path):
    text = tmp_path / "letter.docx"
    text.write_text("不是压缩包")
    with pytest.raises(Unreadable, match="另存为"):
        read_slots(text)
    with pytest.raises(Unreadable, match="找不到"):
        read_slots(tmp_path / "none.docx")


def test_a_package_without_a_text_is_refused(tmp_path):
    empty = tmp_path / "empty.docx"
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("a.xml", "<a/>")
    with pytest.raises(Unreadable, match="缺正文"):
        read_slots(empty)


@pytest.mark.slow
def test_figures_survive_being_saved_by_libreoffice(file, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice (soffice)")
    out = tmp_path / "resaved"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "docx", "--outdir", str(out)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=120)
    again = read_slots(out / file.name)
    assert [(s.code, s.digest, s.text) for s in again] == [
        (s.code, s.digest, s.text) for s in read_slots(file)
    ]
