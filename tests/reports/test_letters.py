"""A letter is filled from figures, freezes them, and is re-checked against the records."""

import json
import zipfile
from datetime import date

import docx
import pytest
import yaml
from click.testing import CliRunner
from docx.oxml.ns import qn

from tests.cast import person
from tests.paths import CITY
from tests.reports import world
from wuhao.config.commands.letter import figures as figures_command
from wuhao.config.commands.letter import letter as letter_command
from wuhao.core import day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.register import AsOf
from wuhao.core.viewer import MACHINE, PUBLIC
from wuhao.documents import services as documents
from wuhao.documents.layout.read import read_slots, read_text
from wuhao.documents.models import Document
from wuhao.documents.rules import style_findings
from wuhao.documents.services import path_of
from wuhao.reports.figures import figures
from wuhao.reports.letters import check_file, compose, draft_letter, letter_page
from wuhao.reports.selectors import Reading

pytestmark = pytest.mark.django_db
HEAD = {"issuer": "某局", "issued_by": "某局办公室", "contact": "张三", "telephone": "0000"}


@pytest.fixture(autouse=True)
def city():
    with day.on(world.DAY):
        world.build()
        world.batch("B1")
        yield


@pytest.fixture
def clerk():
    return person("clerk", "bureau_staff", "iit")


@pytest.fixture
def file(clerk):
    return path_of(draft_letter(clerk))


def states(path, viewer=MACHINE):
    return {row.code: row.state for row in check_file(viewer, path)}


def changed(path):
    return {code for code, state in states(path).items() if state == "changed"}


def test_the_letter_prints_every_figure_in_its_place(file):
    text = "".join(read_text(file))
    assert "有规模以上工业企业5家，规模以下工业企业3家。" in text
    assert "规模以上企业最多的是东园区，有3家，占园区规上企业的60.0%。" in text
    assert "共有6家定档，其中A类2家、B类2家、C类1家、D类1家，A类占33.3%。" in text
    assert "用地173亩，计入税收0.07亿元。规模以上企业亩均税收4.37万元/亩" in text
    assert "{" not in text


def test_the_letter_says_that_it_is_a_demo(file):
    assert docx.Document(str(file)).sections[0].header.paragraphs[0].text == "演示数据"


def test_the_citys_template_makes_a_sound_document():
    template = yaml.safe_load((CITY / "letters" / "parks_reply.yaml").read_text("utf-8"))
    content = compose(template, HEAD, Reading(MACHINE, AsOf()))
    assert style_findings(content) == []
    assert content.contacts == ("承办负责人：张三", "联系电话：0000")
    assert len({slot.code for slot in content.slots()}) >= 10


def test_a_fresh_letter_holds(file):
    assert set(states(file).values()) == {"holds"}
    assert len(states(file)) == len(read_slots(file))


@pytest.mark.parametrize(
    ("deleted", "dependent"),
    [
        pytest.param(
            "戊", {"enterprises_above_scale", "largest_park_share"}, id="above scale, not graded"
        ),
        pytest.param(
            "丙",
            {"enterprises_above_scale", "largest_park_enterprises", "largest_park_share",
             "tax_counted_total", "land_graded", "tax_per_mu_above_scale"},
            id="above scale, graded, in the largest park",
        ),
        pytest.param(
            "庚",
            {"enterprises_below_scale", "tax_counted_total", "land_graded"},
            id="below scale, graded",
        ),
        pytest.param("辛", {"enterprises_below_scale"}, id="below scale, not graded, in no park"),
    ],
)  # fmt: skip
def test_deleting_an_enterprise_changes_exactly_the_dependent_figures(file, deleted, dependent):
    world.delete(deleted)
    assert changed(file) == dependent


def test_a_name_changes_when_another_comes_first(file):
    for name in ("乙", "丙"):
        world.delete(name)
    [row] = [row for row in check_file(MACHINE, file) if row.code == "largest_park"]
    assert (row.state, row.old, row.new) == ("changed", "东园区", "西园区")


def test_a_change_is_told_from_old_to_new(file):
    world.delete("辛")
    [row] = [row for row in check_file(MACHINE, file) if row.state == "changed"]
    assert (row.code, row.old, row.new) == ("enterprises_below_scale", "3家", "2家")


def test_a_correction_too_small_to_print_is_still_told(file):
    world.correct("庚", "land_m2", 500001)
    [row] = [row for row in check_file(MACHINE, file) if row.state == "changed"]
    assert (row.code, row.old, row.new) == ("land_graded", "173亩", "173亩")
    assert row.said == "115000㎡ → 115000.01㎡"


def test_the_letter_stays_right_about_its_own_day(file):
    world.EnterprisePark.objects.filter(enterprise__uscc=world.uscc("甲")).update(
        valid_to=date(2022, 7, 1)
    )
    with day.on(date(2022, 7, 2)):
        assert set(states(file).values()) == {"holds"}


def test_a_number_typed_over_is_told(file, tmp_path):
    opened = docx.Document(str(file))
    next(opened.element.body.iter(qn("w:sdt"))).find(f".//{qn('w:t')}").text = "9"
    typed = tmp_path / "typed.docx"
    opened.save(str(typed))
    [row] = [row for row in check_file(MACHINE, typed) if row.state != "holds"]
    assert (row.code, row.state, row.old, row.new) == ("parks_count", "changed", "9个", "2个")
    assert "成文时是“2个”" in row.said


def test_a_figure_without_source_is_told(file):
    world.Run.objects.update(status="draft")
    told = states(file)
    assert told["grade_a"] == "no_source"
    assert told["enterprises_above_scale"] == "holds"


def strip(file, path):
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if not name.startswith("customXml/"):
                new.writestr(name, old.read(name))
    return path


def test_a_file_that_lost_its_frozen_values_is_checked_against_the_kept_ones(file, tmp_path):
    bare = strip(file, tmp_path / "bare.docx")
    assert set(states(bare).values()) == {"holds"}
    Document.objects.all().delete()
    assert set(states(bare).values()) == {"no_source"}


def falsified(file, path):
    """The file with its first control replaced by a plain run that says another number."""
    opened = docx.Document(str(file))
    control = next(opened.element.body.iter(qn("w:sdt")))
    run = control.find(f".//{qn('w:r')}")
    run.find(qn("w:t")).text = "9"
    control.getparent().replace(control, run)
    opened.save(str(path))
    return path


def lost(path):
    return [(row.code, row.old) for row in check_file(MACHINE, path) if row.state == "lost"]


def test_a_figure_whose_control_was_removed_is_lost(file, tmp_path):
    path = falsified(file, tmp_path / "falsified.docx")
    assert lost(path) == [("parks_count", "2个")]
    Document.objects.all().delete()
    assert lost(path) == [("parks_count", "2个")]


def test_a_lost_figure_is_known_from_the_records_where_the_file_lists_none(file, tmp_path):
    path = strip(falsified(file, tmp_path / "falsified.docx"), tmp_path / "bare.docx")
    assert lost(path) == [("parks_count", "2个")]


def test_a_file_that_lost_every_control_is_not_taken_for_sound(file, tmp_path):
    path = tmp_path / "falsified.docx"
    count = len(read_slots(file))
    for _ in range(count):
        file = falsified(file, path)
    assert len(lost(path)) == count


def test_another_letter_with_fewer_of_the_same_figures_loses_nothing(clerk, tmp_path):
    body = [{"text": "{parks_count}个园区，A类占{grade_a_share}。"}]
    template = {"title": ["题"], "addressee": "甲：", "body": body}
    draft_letter(clerk)
    content = compose(template, HEAD, Reading(MACHINE, AsOf()))
    version = documents.draft(documents.Order("reply", "iit", "某"), content, clerk)
    assert set(states(path_of(version)).values()) == {"holds"}


def test_the_command_ends_with_1_for_a_lost_figure(file, tmp_path):
    path = falsified(file, tmp_path / "falsified.docx")
    done = CliRunner().invoke(letter_command, ["check", str(path)])
    assert done.exit_code == 1
    assert "失绑 园区数 2个" in done.stdout


def test_a_file_without_figures_is_refused(tmp_path):
    plain = tmp_path / "plain.docx"
    docx.Document().save(str(plain))
    with pytest.raises(DomainError, match="没有绑定的数字"):
        check_file(MACHINE, plain)


def test_all_that_is_wrong_with_a_template_is_said_at_once():
    world.Run.objects.update(status="draft")
    body = [{"text": "{grade_a}，{parks}，{enterprises_above_scal}，{grade_b}，{parks_count}。"}]
    template = {"title": ["题"], "addressee": "甲：", "body": body}
    with pytest.raises(DomainError) as caught:
        compose(template, HEAD, Reading(MACHINE, AsOf()))
    said = "\n".join(caught.value.sentences)
    assert len(caught.value.sentences) == 4
    assert "enterprises_above_scale" in said
    assert "A类企业数" in said


def test_nothing_is_kept_of_a_letter_that_cannot_be_filled(clerk):
    world.Run.objects.update(status="draft")
    with pytest.raises(DomainError):
        draft_letter(clerk)
    assert not Document.objects.exists()


@pytest.mark.parametrize("name", ["none", "../city", "Parks"])
def test_an_unknown_template_names_those_there_are(clerk, name):
    with pytest.raises(DomainError, match="parks_reply"):
        draft_letter(clerk, name)


def test_digits_are_a_choice_of_the_template():
    body = [{"text": "占{grade_a_share:0}，即{grade_a_share}。"}]
    template = {"title": ["题"], "addressee": "甲：", "body": body}
    content = compose(template, HEAD, Reading(MACHINE, AsOf()))
    assert [slot.text for slot in content.slots()] == ["33%", "33.3%"]


def test_the_page_shows_text_and_the_state_of_each_figure(clerk):
    version = draft_letter(clerk)
    world.delete("辛")
    page = letter_page(clerk, version.document.ref)
    assert page.document["status"] == "draft"
    slots = list(page.content.slots())
    assert [check.code for check in page.checks] == [slot.code for slot in slots]
    assert [c.code for c in page.checks if c.state == "changed"] == ["enterprises_below_scale"]


def test_a_visitor_sees_no_letter(clerk):
    ref = draft_letter(clerk).document.ref
    with pytest.raises(OutOfScope):
        letter_page(PUBLIC, ref)


def test_the_command_prints_figures_as_json():
    found = json.loads(CliRunner().invoke(figures_command, ["--json"]).stdout)
    assert [row["code"] for row in found] == list(figures())


def test_the_command_drafts_and_checks_a_letter(tmp_path):
    person("clerk", "bureau_staff", "iit")
    out = tmp_path / "letter.docx"
    run = CliRunner()
    drafted = run.invoke(letter_command, ["draft", "--out", str(out), "--as", "clerk"])
    assert (drafted.exit_code, out.exists()) == (0, True)
    sound = run.invoke(letter_command, ["check", str(out)])
    assert sound.exit_code == 0
    world.delete("辛")
    stale = run.invoke(letter_command, ["check", str(out)])
    assert stale.exit_code == 1
    assert "已变 规模以下工业企业数 3家 → 2家" in stale.stdout


def test_the_commands_refuse_with_a_sentence(tmp_path):
    run = CliRunner()
    nobody = run.invoke(figures_command, ["--as", "nobody"])
    assert (nobody.exit_code, "nobody" in nobody.stderr) == (2, True)
    none = run.invoke(letter_command, ["check", str(tmp_path / "none.docx")])
    assert (none.exit_code, "找不到" in none.stderr) == (2, True)
