"""The life of a scheme: a second person reviews it, what is in force is locked, all is logged."""

import pytest
import yaml

from tests.cast import person
from tests.engine.build import one_item
from wuhao.core.errors import DomainError
from wuhao.core.models import AuditEntry
from wuhao.runs import schemes
from wuhao.runs.models import SchemeVersion

pytestmark = pytest.mark.django_db
S = SchemeVersion.Status
NOTE = "局办公会纪要〔2022〕3号"


def text(**changes) -> str:
    return yaml.safe_dump(one_item(**changes), allow_unicode=True, sort_keys=False)


@pytest.fixture
def drafter():
    return person("drafter", "bureau_staff", "iit")


@pytest.fixture
def head():
    return person("head", "bureau_admin", "iit")


def in_force(drafter, head, **changes) -> SchemeVersion:
    version = schemes.draft(text(**changes), drafter)
    schemes.review(version, head)
    schemes.enact(version, head, NOTE)
    return version


def test_a_scheme_goes_from_draft_through_a_second_person_into_force(drafter, head):
    version = in_force(drafter, head)
    assert version.status == S.IN_FORCE
    assert (version.drafted_by_id, version.reviewed_by_id) == (drafter.post_id, head.post_id)
    told = [entry.action for entry in AuditEntry.objects.order_by("pk")]
    assert told == ["runs.scheme.draft", "runs.schemeversion.review", "runs.schemeversion.enact"]


def test_the_drafter_may_not_review_even_from_another_post(drafter, head):
    version = schemes.draft(text(), head)
    same_person_again = person("head", "bureau_staff", "iit2")
    for by in (head, same_person_again):
        with pytest.raises(DomainError, match="起草人不能复核自己的方案"):
            schemes.review(version, by)
    assert SchemeVersion.objects.get().status == S.DRAFT


def test_nothing_comes_into_force_unreviewed_or_without_its_document(drafter, head):
    version = schemes.draft(text(), drafter)
    with pytest.raises(DomainError, match="没有办成"):
        schemes.enact(version, head, NOTE)
    schemes.review(version, head)
    with pytest.raises(DomainError, match="依据的文件或会议"):
        schemes.enact(version, head, "  ")
    assert SchemeVersion.objects.get().status == S.REVIEWED


def test_a_new_version_in_force_supersedes_the_one_before(drafter, head):
    old = in_force(drafter, head)
    new = in_force(drafter, head, label="修订方案")
    old.refresh_from_db()
    assert (old.status, new.status) == (S.SUPERSEDED, S.IN_FORCE)


def test_another_scheme_in_force_is_left_alone(drafter, head):
    old = in_force(drafter, head)
    in_force(drafter, head, scheme="another")
    old.refresh_from_db()
    assert old.status == S.IN_FORCE


def test_the_same_content_is_the_same_version_however_it_is_written(drafter):
    first = schemes.draft(text(), drafter)
    assert schemes.draft("# 注释\n" + text(), drafter).pk == first.pk
    assert AuditEntry.objects.count() == 1


def test_every_fault_of_a_text_is_told_with_its_line(drafter):
    with pytest.raises(DomainError) as refused:
        schemes.draft(text(groups={}, digits={"value": 6}), drafter)
    sentences = list(refused.value.sentences)
    assert len(sentences) >= 2
    assert all(sentence.startswith("第 ") for sentence in sentences)
    assert SchemeVersion.objects.count() == 0


def test_only_the_bureau_drafts(head):
    with pytest.raises(DomainError, match="不能起草"):
        schemes.draft(text(), person("park", "park_admin", "p1"))


def test_a_withdrawn_draft_stays_on_record_and_cannot_be_reviewed(drafter, head):
    version = schemes.draft(text(), drafter)
    schemes.withdraw(version, drafter, "另起一稿")
    with pytest.raises(DomainError, match="没有办成"):
        schemes.review(version, head)
    assert schemes.scheme_of(version).digest == version.digest
