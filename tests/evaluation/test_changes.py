"""What changed between two runs of a year, beside a plain comparison of both in Python."""

import pytest

from tests.cities.xikou import CODES, TABLE, draft, hand_in, hand_in_figures, played, town, viewer
from wuhao.core.codes import completed_uscc
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.evaluation import services
from wuhao.evaluation.changes import READ, changes, run_before
from wuhao.intake.models import Batch
from wuhao.runs import selectors as runs
from wuhao.runs.models import Run

__all__ = ["draft", "played", "town"]


def again() -> Run:
    return services.compute_draft(2031, viewer("chief"))


def plainly(before: Run, after: Run) -> dict[str, bool]:
    """Subjects whose result differs, and whether their own facts do, row by row in Python."""
    was, now = (runs.outcome(viewer("chief"), run.no) for run in (before, after))
    results = [{row["subject"]: row for row in o.results.to_pylist()} for o in (was, now)]
    facts = [{row["subject"]: row for row in o.facts.table.to_pylist()} for o in (was, now)]
    found = {}
    for key in results[0].keys() | results[1].keys():
        rows = [side.get(key) for side in results]
        if None in rows or any(rows[0][c] != rows[1][c] for c in READ):
            found[key] = facts[0].get(key) != facts[1].get(key)
    return found


def test_a_corrected_figure_is_told_from_what_it_moves(town, draft):
    hand_in_figures(town, 丙厂=260)
    after = again()
    found = changes(viewer("chief"), draft.no, after.no)
    assert {one.key: one.own for one in found.moved} == plainly(draft, after)
    [levy] = found.facts
    assert (levy.code, levy.label, levy.subjects) == ("levy_yuan", "税费", 1)
    [brought] = levy.batches
    last = Batch.objects.filter(template="FIG").latest("pk")
    assert (brought.batch.batch_no, brought.batch.office) == (last.no, "treasury")
    assert brought.subjects == 1
    told = {one.key: one for one in found.moved}
    assert told[CODES["丙厂"]].facts == ("levy_yuan",)
    assert not told[CODES["乙厂"]].own
    assert (told[CODES["乙厂"]].before["grade"], told[CODES["乙厂"]].name) == ("M", "乙厂")
    assert CODES["丁厂"] not in told  # another group: nothing of it moved
    assert {(one.group, one.item) for one in found.benchmarks} == {
        ("above", "per_mu"), ("above", "per_head"),
    }  # fmt: skip
    assert found.quiet == 0


def test_another_grade_stands_first_and_then_own_facts(town, draft):
    hand_in_figures(town, 丙厂=260)
    found = changes(viewer("chief"), draft.no, again().no)
    order = [
        (one.before["grade"] == one.after["grade"], not one.own)
        for one in found.moved
        if one.before and one.after
    ]
    assert order == sorted(order)


def test_a_change_without_effect_on_the_result_is_counted_apart(town, draft):
    hand_in_figures(town, 戊厂=2)  # too few people to be graded, whatever it pays
    after = again()
    found = changes(viewer("chief"), draft.no, after.no)
    assert {one.key: one.own for one in found.moved} == plainly(draft, after) == {}
    assert (found.quiet, found.facts[0].subjects) == (1, 1)


def test_a_factory_that_came_is_its_own_cause(town, draft):
    fresh = completed_uscc("91990100MAX00099")
    rows = [(CODES[n], n, park, size) for n, park, size, *_ in TABLE]
    rows.append((fresh, "己厂", "溪北园区", "大"))
    hand_in(town, "DIR", "keeper", ["代码", "厂名", "园", "大小"], rows)
    after = again()
    found = changes(viewer("chief"), draft.no, after.no)
    assert {one.key for one in found.moved} == set(plainly(draft, after))
    [came] = [one for one in found.moved if one.key == fresh]
    assert (came.before, came.own, came.name) == (None, True, "己厂")
    back = changes(viewer("chief"), after.no, draft.no)
    [gone] = [one for one in back.moved if one.key == fresh]
    assert (gone.after, gone.own) == (None, True)


def test_an_attribute_names_the_directory_that_came_meanwhile(town, draft):
    rows = [(CODES[n], n, p, "小" if n == "乙厂" else s) for n, p, s, *_ in TABLE]
    hand_in(town, "DIR", "keeper", ["代码", "厂名", "园", "大小"], rows)
    after = again()
    found = changes(viewer("chief"), draft.no, after.no)
    assert {one.key: one.own for one in found.moved} == plainly(draft, after)
    [scale] = [one for one in found.facts if one.code == "scale"]
    last = Batch.objects.filter(template="DIR").latest("pk")
    assert [(b.batch.batch_no, b.subjects) for b in scale.batches] == [(last.no, None)]


def test_the_run_before_is_the_latest_earlier_one_by_the_same_scheme(town, draft):
    assert run_before(viewer("chief"), draft.no) is None
    hand_in_figures(town, 丙厂=260)
    second = again()
    hand_in_figures(town, 丙厂=270)
    assert run_before(viewer("chief"), again().no) == second.no
    assert run_before(viewer("chief"), second.no) == draft.no


def test_runs_of_another_scheme_are_refused_and_drafts_are_not_for_everyone(town, played):
    hand_in_figures(town, 丙厂=260)
    after = again()
    with pytest.raises(OutOfScope):
        changes(viewer("north"), played.no, after.no)
    Run.objects.filter(pk=after.pk).update(scheme_digest="other")
    with pytest.raises(DomainError, match="年度或方案不同"):
        changes(viewer("chief"), played.no, after.no)
