"""The file is laid out to GB/T 9704-2012: geometry is read back from its XML with python-docx."""

import shutil
import subprocess
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.documents.letters import document
from wuhao.documents.layout import geometry
from wuhao.documents.layout.content import Paragraph
from wuhao.documents.layout.pages import page_count
from wuhao.documents.layout.write import write_document

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "letter.docx"
    write_document(document(), path)
    return path


def paragraphs(path):
    return {p.style.name: p for p in docx.Document(str(path)).paragraphs if p.text}


def test_the_sheet_is_a4_with_the_margins_of_the_standard(file):
    [section] = docx.Document(str(file)).sections
    wanted = {
        "page_width": 210, "page_height": 297, "top_margin": 37, "left_margin": 28,
        "right_margin": 26, "bottom_margin": 35,
    }  # fmt: skip
    for name, mm in wanted.items():
        assert abs(getattr(section, name) - Mm(mm)) < Mm(1) * 0.05, name


def test_the_grid_has_22_lines_of_28_characters(file):
    [section] = docx.Document(str(file)).sections
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch, space = int(grid.get(qn("w:linePitch"))), int(grid.get(qn("w:charSpace")))
    height = section.page_height - section.top_margin - section.bottom_margin
    width = section.page_width - section.left_margin - section.right_margin
    assert int(height / 635 / pitch) == 22
    assert int(width / 12700 / (16 + space / 4096)) == 28
    assert int(width / 12700 / (16 - geometry.TIGHTENING / 20)) == 28


def test_every_run_names_an_east_asian_face_and_a_latin_one(file):
    with zipfile.ZipFile(file) as package:
        parts = [n for n in package.namelist() if n.startswith("word/") and n.endswith(".xml")]
        runs = [run for n in parts for run in etree.fromstring(package.read(n)).iter(f"{W}r")]
    assert len(runs) > 30
    faces = {face.name for face in geometry.FACES}
    for run in runs:
        fonts = run.find(f"{W}rPr/{W}rFonts")
        assert fonts.get(f"{W}eastAsia") in faces
        assert fonts.get(f"{W}ascii") == "Times New Roman"


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("发文机关标志", "方正小标宋简体", 36),
        ("发文字号", "仿宋_GB2312", 16),
        ("公文标题", "方正小标宋简体", 22),
        ("主送机关", "仿宋_GB2312", 16),
        ("公文正文", "仿宋_GB2312", 16),
        ("一级标题", "黑体", 16),
        ("二级标题", "楷体_GB2312", 16),
        ("办理结果标记", "黑体", 16),
        ("版记", "仿宋_GB2312", 14),
    ],
)
def test_each_element_has_its_face_and_size(file, style, face, size):
    run = paragraphs(file)[style].runs[0]
    assert run._r.rPr.rFonts.get(qn("w:eastAsia")) == face
    assert run.font.size.pt == size


def test_the_mark_is_red_and_35_mm_below_the_type_area(tmp_path):
    path = tmp_path / "plain.docx"
    write_document(document(class_mark=""), path)
    mark = paragraphs(path)["发文机关标志"]
    assert str(mark.runs[0].font.color.rgb) == "FF0000"
    assert mark.paragraph_format.space_before.mm == pytest.approx(35, abs=0.1)


def test_a_class_mark_takes_its_line_from_the_drop_of_the_mark(file):
    mark = paragraphs(file)["发文机关标志"]
    drop = mark.paragraph_format.space_before.twips
    assert drop + geometry.PITCH == geometry.MARK_DROP


@pytest.mark.parametrize(("agency", "size"), [("市局", 44), ("某某市工业和信息化局", 36)])
def test_the_mark_stays_on_one_line(agency, size):
    assert geometry.mark_size(agency + "文件") == size


def test_a_red_rule_stands_below_the_number(file):
    style = paragraphs(file)["发文字号"].style.element
    rule = style.find(f"{W}pPr/{W}pBdr/{W}bottom")
    assert rule.get(f"{W}color") == "FF0000"


def test_every_line_has_the_exact_pitch(file):
    styles = [s for s in docx.Document(str(file)).styles if s.name in ("公文正文", "Normal")]
    for style in styles:
        assert style.paragraph_format.line_spacing.twips == 579
        assert str(style.paragraph_format.line_spacing_rule).startswith("EXACTLY")


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages(file):
    opened = docx.Document(str(file))
    assert opened.settings.odd_and_even_pages_header_footer
    [section] = opened.sections
    for footer, style in ((section.footer, "页码单页"), (section.even_page_footer, "页码双页")):
        [line] = footer.paragraphs
        assert line.style.name == style
        assert line.text == "—  —"
        assert [i.text for i in line._p.iter(qn("w:instrText"))] == ["PAGE"]


def test_the_title_keeps_its_words_whole(file):
    assert paragraphs(file)["公文标题"].text == "对市十六届人大一次会议\n第1022号建议的答　复"


def test_headings_are_numbered_and_the_body_follows_in_its_own_face(file):
    second = next(p for p in docx.Document(str(file)).paragraphs if p.style.name == "二级标题")
    assert second.runs[0].text == "（一）底数清楚。"
    assert second.runs[1]._r.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_a_demo_is_marked_on_every_page_and_in_the_properties(file):
    opened = docx.Document(str(file))
    assert opened.core_properties.keywords == "演示数据"
    for section in opened.sections:
        assert section.header.paragraphs[0].text == "演示数据"
        assert section.even_page_header.paragraphs[0].text == "演示数据"


def test_the_imprint_lies_on_the_lower_edge_of_the_type_area(file):
    lines = [p for p in docx.Document(str(file)).paragraphs if p.style.name == "版记"]
    assert [p.text for p in lines] == [
        "抄送：市人大常委会联工委，市政府督查室。",
        "某某市工业和信息化局办公室\t2022年6月28日印发",
    ]
    frame = lines[-1]._p.pPr.find(qn("w:framePr"))
    below = int(frame.get(qn("w:y"))) + geometry.PITCH
    assert below == geometry.PAGE_HEIGHT - geometry.TOP - geometry.BOTTOM
    borders = lines[-1]._p.pPr.find(qn("w:pBdr"))
    assert {b.tag.split("}")[1]: b.get(qn("w:sz")) for b in borders} == {"top": "6", "bottom": "8"}


def body_of(lines):
    return (Paragraph(("字" * 26,)),) + (Paragraph(("字" * 26,)),) * (lines - 1)


def test_an_imprint_behind_an_odd_page_gets_the_even_page_that_follows(tmp_path):
    short = document(body=body_of(2), contacts=())
    while page_count(short) < 3:
        short = replace(short, body=body_of(len(short.body) + 1))
    path = tmp_path / "odd.docx"
    write_document(short, path)
    sections = docx.Document(str(path)).sections
    assert [str(s.start_type).split(" ")[0] for s in sections] == ["NEW_PAGE", "EVEN_PAGE"]


def test_the_sign_off_keeps_the_last_words_of_the_text_with_it(file):
    lines = docx.Document(str(file)).paragraphs
    last = next(n for n, p in enumerate(lines) if p.text == "感谢您的关心支持。")
    date = next(n for n, p in enumerate(lines) if p.text == "2022年6月28日")
    kept = [p for p in lines[last:date] if p.style.name != "版记"]
    assert all(p.paragraph_format.keep_with_next for p in kept)
    assert not lines[last - 1].paragraph_format.keep_with_next
    assert not lines[date].paragraph_format.keep_with_next


def test_the_same_document_gives_the_same_bytes(file, tmp_path):
    again = tmp_path / "again.docx"
    write_document(document(), again)
    assert again.read_bytes() == file.read_bytes()


def test_a_word_too_long_for_the_title_is_refused_before_anything_is_written(tmp_path):
    path = tmp_path / "none.docx"
    with pytest.raises(ValueError, match="排不下"):
        write_document(document(title=("字" * 21,)), path)
    assert not path.exists()


@pytest.mark.property
@given(st.lists(st.text("字，。A1《》", min_size=1, max_size=120), min_size=1, max_size=12))
def test_no_text_is_lost(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("any") / "any.docx"
    write_document(document(body=tuple(Paragraph((text,)) for text in texts)), path)
    found = [p.text for p in docx.Document(str(path)).paragraphs if p.style.name == "公文正文"]
    assert found[: len(texts)] == texts


@pytest.mark.slow
def test_an_office_program_sets_it_on_two_pages_with_the_imprint_at_the_foot(file, tmp_path):
    office = shutil.which("soffice")
    reader = shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("needs LibreOffice (soffice) and poppler (pdftotext)")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=120)
    words = subprocess.run(
        [reader, "-bbox", str(tmp_path / "letter.pdf"), "-"], check=True, capture_output=True
    ).stdout
    pages = list(etree.fromstring(words).iter("{*}page"))
    assert len(pages) == 2
    assert float(pages[0].get("height")) == pytest.approx(841.9, abs=0.5)
    [mark] = [w for w in pages[0].iter("{*}word") if (w.text or "").endswith("局文件")]
    points_per_mm = 72 / 25.4
    assert float(mark.get("yMin")) / points_per_mm == pytest.approx(37 + 35, abs=2)
    [copies] = [w for w in pages[1].iter("{*}word") if (w.text or "").startswith("抄送")]
    assert float(copies.get("yMax")) / points_per_mm == pytest.approx(262 - 10.2, abs=3)
