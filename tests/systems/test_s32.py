"""S32 per-mu evaluation: run the cycle; every enterprise has score, grade and formula trace.

Played as the bureau's scheme owner (市局方案负责人).
"""

from decimal import Decimal

import pytest

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.models import AuditEntry, User
from wuhao.core.register import Query
from wuhao.core.viewer import Viewer, viewer_of
from wuhao.evaluation import selectors, services
from wuhao.evaluation.explaining import explanation
from wuhao.registers.models import Enterprise, Indicator, Observation, Recognition
from wuhao.runs import selectors as runs
from wuhao.runs.models import Outcome, Run

TOUR = "91430200MA4W2C1J9K"


def viewer(username: str) -> Viewer:
    return viewer_of(User.objects.get(username=username))


@pytest.fixture
def bureau(demo_db):
    return viewer("bureau")


def published() -> Run:
    return Run.objects.get(status=Run.Status.PUBLISHED)


def check(bureau: Viewer) -> None:
    """The acceptance check of S32: a score, a grade or a reason, and a trace for every firm."""
    run = published()
    assert run.outcomes.count() == Enterprise.objects.count() == 1404
    for outcome in run.outcomes.all():
        assert (outcome.total is not None and outcome.grade in {*"ABCD"}) or outcome.excluded
    for outcome in run.outcomes.exclude(grade="").order_by("pk")[::150]:
        trace = explanation(bureau, run.no, outcome.subject_key).trace
        total = sum((item.score for item in trace.items), Decimal(0))
        assert abs(total - trace.total) <= Decimal("0.00001")
        assert all(item.formula for item in trace.items)


def test_every_enterprise_has_a_score_a_grade_and_a_trace(bureau):
    check(bureau)


def test_the_check_fails_when_the_outcomes_are_deleted(bureau):
    Outcome.objects.all().delete()
    with pytest.raises(AssertionError):
        check(bureau)


def test_running_again_gives_the_same_digests_and_no_second_run(bureau):
    first = published()
    again = services.compute_draft(2022, bureau)
    assert again.pk == first.pk
    assert Run.objects.count() == 1


def test_a_deleted_figure_gives_another_result(bureau):
    first = published()
    Observation.objects.filter(subject__key=TOUR, indicator__code="tax_paid_yuan").delete()
    again = services.compute_draft(2022, bureau)
    assert again.facts_digest != first.facts_digest
    assert again.result_digest != first.result_digest
    assert again.status == Run.Status.DRAFT


def test_a_grade_leads_back_to_the_cell_of_the_workbook(bureau):
    explained = explanation(bureau, published().no, TOUR)
    tax = explained.sources["tax_paid_yuan"]
    assert (tax.value, tax.office) == (241_620_000, "市税务局")
    assert tax.cell.endswith("6")
    assert sum(parcel["area_m2"] for parcel in explained.tenures) >= Decimal("30800.00")


def test_publishing_is_in_the_audit_log_with_its_resolution(bureau):
    [line] = AuditEntry.objects.filter(action="runs.run.publish")
    assert line.after == {"status": "published"}
    assert "办公会" in line.note


def test_only_the_scheme_owner_publishes_and_never_without_a_resolution(bureau):
    Observation.objects.filter(subject__key=TOUR, indicator__code="tax_paid_yuan").delete()
    draft = services.compute_draft(2022, bureau)
    with pytest.raises(DomainError, match="审定"):
        services.publish(draft.no, bureau, " ")
    with pytest.raises(DomainError, match="岗位"):
        services.publish(draft.no, viewer("desk"), "会议")
    services.publish(draft.no, bureau, "第 8 次办公会")
    assert set(Run.objects.values_list("status", flat=True)) == {"published", "superseded"}


def test_altered_result_files_are_not_published(bureau, demo_db):
    Observation.objects.filter(subject__key=TOUR, indicator__code="tax_paid_yuan").delete()
    draft = services.compute_draft(2022, bureau)
    folder = demo_db / "var" / "lake" / "runs"
    old = folder / published().no / "results.parquet"
    (folder / draft.no / "results.parquet").write_bytes(old.read_bytes())
    with pytest.raises(Exception, match="不符"):
        services.publish(draft.no, bureau, "会议")


def test_grades_go_down_to_the_registers_as_dated_recognitions(bureau):
    grades = dict(published().outcomes.exclude(grade="").values_list("subject_key", "grade"))
    current = Recognition.objects.filter(kind="per_mu_grade", valid_to=None)
    assert dict(current.values_list("enterprise__uscc", "level")) == grades


def test_an_enterprise_sees_its_own_result_alone(bureau):
    contact = viewer("enterprise")
    page = selectors.results(contact, published().no, Query())
    assert [row["uscc"] for row in page.rows] == [TOUR]
    other = Enterprise.objects.exclude(uscc=TOUR).first().uscc
    with pytest.raises(OutOfScope):
        explanation(contact, published().no, other)


def test_a_park_sees_bands_instead_of_unit_figures(bureau):
    explained = explanation(viewer("park"), published().no, TOUR)
    assert explained.is_banded
    assert all(item.value is None and item.numerator == () for item in explained.trace.items)
    secret = set(Indicator.objects.filter(cls="secret").values_list("code", flat=True))
    assert "tax_paid_yuan" in secret
    assert not secret & set(explained.sources)


def test_a_draft_is_not_for_enterprises(bureau):
    Observation.objects.filter(subject__key=TOUR, indicator__code="tax_paid_yuan").delete()
    draft = services.compute_draft(2022, bureau)
    with pytest.raises(OutOfScope):
        runs.run(viewer("enterprise"), draft.no)


def test_a_department_sees_neither_score_nor_grade_of_an_enterprise(bureau):
    officer, no = viewer("tax"), published().no
    with pytest.raises(OutOfScope):
        explanation(officer, no, TOUR)
    assert not selectors.grade_counts(officer, no)
    assert selectors.distribution(officer, no, "above") == []
    assert "grade" not in selectors.results(officer, no, Query()).rows[0]
