"""A late department is a named gap (缺数): drafts run without it, say so, and count it later."""

from django.test import Client

from tests.cities.xikou import CODES, draft, hand_in, hand_in_figures, played, town, viewer
from wuhao.core.models import User
from wuhao.core.register import Query
from wuhao.evaluation import services
from wuhao.evaluation.gaps import (
    Gap,
    gaps,
    gaps_of_run,
    gaps_of_subjects,
    results_lacking,
)
from wuhao.intake.models import Batch
from wuhao.runs import selectors as runs

__all__ = ["draft", "played", "town"]


def test_a_year_with_every_table_has_no_gap(draft):
    assert gaps(viewer("chief"), 2031) == []
    assert gaps_of_run(viewer("chief"), draft.no) == []


def test_a_year_without_figures_names_the_office_that_owes_them(town):
    found = gaps(viewer("chief"), 2032)
    assert {gap.template for gap in found} >= {"DIR"}
    assert all(gap.office for gap in found)


def test_a_draft_computed_before_a_table_came_says_so_and_later_that_it_has_come(
    db, settings, tmp_path
):
    from tests.cities import xikou
    from wuhao.core import city as city_files
    from wuhao.core import day
    from wuhao.core.services import appoint, load_offices
    from wuhao.registers.services import reference

    settings.WUHAO_CITY = xikou.CITY
    with day.on(xikou.DAY):
        load_offices()
        reference.load_parks()
        reference.load_indicators()
        for user in city_files.read("city.yaml")["users"]:
            appoint(**user)
        rows = [(CODES[name], name, park, size) for name, park, size, *_ in xikou.TABLE]
        hand_in(tmp_path, "DIR", "keeper", ["代码", "厂名", "园", "大小"], rows)
        run = services.compute_draft(2031, viewer("chief"))
        [lacking] = gaps_of_run(viewer("chief"), run.no)
        assert (lacking.gap.template, lacking.subjects) == ("FIG", len(rows))
        assert not lacking.come_since
        page = Client()
        page.force_login(User.objects.get(username="chief"))
        said = page.get(f"/evaluation/{run.no}/").content.decode()
        assert f"{len(rows)} 家的相应指标按未报计" in said
        assert "这份草稿还缺 财政局 的数" in said  # beside the button that publishes
        _marks_everyone(page, run.no, len(rows))
        hand_in_figures(tmp_path)
        [lacking] = gaps_of_run(viewer("chief"), run.no)
        assert lacking.come_since
        assert "重新计算就会计入" in page.get(f"/evaluation/{run.no}/").content.decode()
        again = services.compute_draft(2031, viewer("chief"))
        assert gaps_of_run(viewer("chief"), again.no) == []
        said = page.get(f"/evaluation/{again.no}/").content.decode()
        assert "还缺" not in said
        assert page.get(f"/evaluation/{again.no}/gaps/FIG/").status_code == 404
        assert MARK not in page.get(f"/evaluation/{again.no}/results/").content.decode()
        assert MARK not in page.get(f"/registers/enterprise/{CODES['甲厂']}/").content.decode()
        assert services.publish(run.no, viewer("chief"), "会议").status == "published"


MARK = "缺 财政局 的数"


def _marks_everyone(page: Client, no: str, count: int) -> None:
    """The list of the gap, the results, an explanation and a record name whose figures lack."""
    listed = page.get(f"/evaluation/{no}/gaps/FIG/").content.decode()
    assert all(code in listed or name in listed for name, code in CODES.items())
    assert page.get(f"/evaluation/{no}/results/").content.decode().count(MARK) == count
    assert MARK in page.get(f"/evaluation/{no}/explain/{CODES['甲厂']}/").content.decode()
    assert MARK in page.get(f"/registers/enterprise/{CODES['甲厂']}/").content.decode()


def test_only_those_without_a_figure_are_counted_and_listed(town):
    """A gap counts who had none of its facts: the sealed snapshot says so, row by row."""
    run = services.compute_draft(2031, viewer("chief"))
    gap = Gap("FIG", "税费", "", "treasury", ("levy_yuan", "land_m2"))
    for key in CODES.values():
        assert runs.unreported(viewer("chief"), run.no, gap.facts, [key]) == []
    assert runs.unreported(viewer("chief"), run.no, gap.facts, []) == []
    assert runs.unreported(viewer("chief"), run.no, ()) == sorted(CODES.values())
    assert results_lacking(viewer("chief"), run.no, gap, Query()).count == 0
    Batch.objects.filter(template="FIG").update(period=202900)
    told = gaps_of_subjects(viewer("chief"), run.no, list(CODES.values()))
    assert set(map(tuple, told.values())) == {()}  # the table lacks, but nobody's figures do
