"""A run is kept once for the same input, published by its owner alone, and superseded by the next.

Played in the small town of tests/cities.
"""

import pytest

from tests.cast import person
from tests.cities.xikou import CITY, CODES, hand_in_figures, viewer
from wuhao.core.errors import DomainError
from wuhao.core.models import AuditEntry
from wuhao.evaluation.services import compute_draft
from wuhao.runs import services
from wuhao.runs.models import Run, SchemeVersion

SCHEME = CITY / "schemes" / "per_mu_benefit" / "2031.yaml"


def test_computing_twice_gives_the_same_digests_and_one_run(draft: Run):
    again = compute_draft(2031, viewer("chief"))
    assert (again.pk, again.result_digest) == (draft.pk, draft.result_digest)
    assert Run.objects.count() == 1


def test_computing_anew_after_the_run_is_lost_gives_the_same_digests(draft: Run):
    before = (draft.facts_digest, draft.scheme_digest, draft.result_digest)
    draft.delete()
    again = compute_draft(2031, viewer("chief"))
    assert (again.facts_digest, again.scheme_digest, again.result_digest) == before


def test_another_figure_gives_another_run_beside_the_first(draft: Run, town):
    hand_in_figures(town, 乙厂=200)
    again = compute_draft(2031, viewer("chief"))
    assert again.result_digest != draft.result_digest
    assert (draft.no, again.no) == ("xikou_2031-2030-1", "xikou_2031-2030-2")
    assert again.ledger_id > draft.ledger_id


def test_a_scheme_is_entered_once_with_its_text_and_days(draft: Run):
    services.enter_scheme(SCHEME)
    [version] = SchemeVersion.objects.all()
    assert version.text == SCHEME.read_text(encoding="utf-8")
    assert (str(version.valid_from), version.is_default) == ("2031-01-01", False)


def test_a_run_says_of_each_subject_what_its_table_says(draft: Run):
    held = draft.outcomes.get(subject_key=CODES["甲厂"])
    assert (held.label, held.park_code, held.group) == ("甲厂", "990100Y01", "above")
    assert (held.total, held.rank, held.group_size) == (150_000_000, 1, 3)
    left_out = draft.outcomes.get(subject_key=CODES["戊厂"])
    assert (left_out.excluded, left_out.total, left_out.grade) == ("tiny", None, "")


@pytest.mark.parametrize("note", ["", "  "])
def test_publishing_needs_the_words_of_who_decided(draft: Run, note: str):
    with pytest.raises(DomainError, match="审定"):
        services.publish(draft, viewer("chief"), note)
    draft.refresh_from_db()
    assert (draft.status, draft.published_at) == ("draft", None)


@pytest.mark.parametrize("role", ["bureau_staff", "dept_provider", "city_lead", "machine"])
def test_only_the_owner_of_the_scheme_publishes(draft: Run, role: str):
    with pytest.raises(DomainError, match="岗位"):
        services.publish(draft, person("other", role, "works"), "工务会议")
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_publishing_leaves_one_audit_line_with_the_words(played: Run):
    [line] = AuditEntry.objects.filter(action="runs.run.publish")
    assert (line.before, line.after) == ({"status": "draft"}, {"status": "published"})
    assert (line.subject, line.note) == (f"runs.run/{played.no}", "工务会议")


def test_the_next_published_run_of_a_period_supersedes_the_former(played: Run, town):
    hand_in_figures(town, 乙厂=200)
    later = compute_draft(2031, viewer("chief"))
    services.publish(later, viewer("chief"), "第二次会议")
    states = dict(Run.objects.values_list("no", "status"))
    assert states == {played.no: "superseded", later.no: "published"}


def test_a_published_run_is_not_published_again(played: Run):
    with pytest.raises(DomainError, match="刷新"):
        services.publish(played, viewer("chief"), "再次")


def test_altered_files_are_not_published(draft: Run, town):
    kept = (services.folder_of(draft.no) / "results.parquet").read_bytes()
    hand_in_figures(town, 乙厂=200)
    later = compute_draft(2031, viewer("chief"))
    (services.folder_of(later.no) / "results.parquet").write_bytes(kept)
    with pytest.raises(Exception, match="不符"):
        services.publish(later, viewer("chief"), "工务会议")


@pytest.mark.parametrize(
    "change", [{"grade": "优"}, {"total": 1}, {"rank": 9}, {"adjustments": "x"}, {"excluded": "x"}]
)
def test_a_row_altered_behind_the_seal_is_not_published(draft: Run, change: dict):
    draft.outcomes.filter(subject_key=CODES["丙厂"]).update(**change)
    with pytest.raises(DomainError, match=f"1 家的结果与封存的不符，例如 {CODES['丙厂']}"):
        services.publish(draft, viewer("chief"), "会议")
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_row_removed_or_lost_files_are_found_after_publication_too(draft: Run):
    services.publish(draft, viewer("chief"), "会议")
    services.verify(draft)
    draft.outcomes.filter(subject_key=CODES["丙厂"]).delete()
    with pytest.raises(DomainError, match="不符"):
        services.verify(draft)
    (services.folder_of(draft.no) / "facts.parquet").unlink()
    with pytest.raises(DomainError, match="不完整或被改动过"):
        services.verify(draft)
