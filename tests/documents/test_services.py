"""A document goes from draft to issue; what is issued is what was approved."""

from dataclasses import replace

import pytest
from django.db import IntegrityError

from tests.cast import office, person
from tests.documents.letters import DAY, document, slot
from wuhao.core import day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.models import AuditEntry
from wuhao.core.viewer import PUBLIC
from wuhao.documents import selectors, services
from wuhao.documents.layout.content import Paragraph
from wuhao.documents.layout.read import read_slots, read_text
from wuhao.documents.layout.stored import restored, stored
from wuhao.documents.models import Document

pytestmark = pytest.mark.django_db
ORDER = services.Order("reply", "iit", "某工信字")


@pytest.fixture(autouse=True)
def demo_day():
    with day.on(DAY):
        yield


@pytest.fixture
def head():
    return person("head", "bureau_admin", "iit")


@pytest.fixture
def clerk():
    return person("clerk", "bureau_staff", "iit")


@pytest.fixture
def version(clerk):
    return services.draft(ORDER, document(), clerk)


def approved(version, clerk, head):
    services.submit(version.document, clerk)
    services.approve(version.document, head, "局长办公会审定")
    return version.document


def test_a_draft_freezes_its_figures_and_writes_its_file(version):
    assert [(s.place, s.code, s.text, s.digest) for s in version.slots.order_by("place")] == [
        (1, "enterprises_above_scale", "1004", slot().digest),
        (2, "grade_a", "201", slot("grade_a", "201").digest),
    ]
    assert [s.digest for s in read_slots(services.path_of(version))] == [
        s.digest for s in version.slots.order_by("place")
    ]


def test_a_draft_leaves_room_for_its_number(version):
    assert "某工信字〔2022〕　号" in read_text(services.path_of(version))


def test_what_was_kept_comes_back_whole():
    assert restored(stored(document())) == document()


def test_a_document_without_imprint_comes_back_whole():
    plain = document(imprint=None)
    assert restored(stored(plain)) == plain


def test_each_version_leaves_an_audit_line(version, clerk):
    services.revise(version.document, document(addressee="另一位代表："), clerk)
    lines = AuditEntry.objects.filter(action="documents.document.version").order_by("pk")
    assert [line.after["version"] for line in lines] == [1, 2]
    assert lines[0].subject == f"documents.document/{version.document.ref}"


def test_an_approved_document_is_numbered_and_issued(version, clerk, head):
    found = approved(version, clerk, head)
    assert services.issue(found, head, "同意印发") == "某工信字〔2022〕1号"
    found.refresh_from_db()
    assert found.status == Document.Status.ISSUED
    assert "某工信字〔2022〕1号" in read_text(selectors.file_of(head, found.ref))


def test_numbers_follow_one_another_within_a_year(clerk, head):
    numbers = []
    for _n in range(2):
        found = approved(services.draft(ORDER, document(), clerk), clerk, head)
        numbers.append(services.issue(found, head))
    assert numbers == ["某工信字〔2022〕1号", "某工信字〔2022〕2号"]


def test_giving_the_number_does_not_change_what_was_approved():
    assert document(number="").digest() == document().digest()


@pytest.mark.parametrize(
    "change",
    [
        {"addressee": "另一位代表："},
        {"body": (Paragraph(("改了。",)),)},
        {"body": (Paragraph(("现有", slot(text="1003"), "。")),)},
    ],
)
def test_any_change_of_the_text_changes_what_was_approved(change):
    assert document(**change).digest() != document().digest()


def test_a_text_changed_after_approval_is_not_issued(version, clerk, head):
    found = approved(version, clerk, head)
    version.digest = "0" * 64
    version.save()
    with pytest.raises(DomainError, match="与审定稿不一致"):
        services.issue(found, head)
    found.refresh_from_db()
    assert (found.status, found.serial) == (Document.Status.APPROVED, None)


def test_only_a_draft_can_be_revised(version, clerk):
    services.submit(version.document, clerk)
    with pytest.raises(DomainError, match="退回"):
        services.revise(version.document, document(), clerk)
    services.return_(version.document, person("head", "bureau_admin", "iit"), "改第二段")
    assert services.revise(version.document, document(), clerk).no == 2


def test_a_return_needs_a_reason(version, clerk, head):
    services.submit(version.document, clerk)
    with pytest.raises(DomainError, match="理由"):
        services.return_(version.document, head, " ")


def test_a_clerk_cannot_approve(version, clerk):
    services.submit(version.document, clerk)
    with pytest.raises(DomainError, match="岗位"):
        services.approve(version.document, clerk, "自批")


def test_a_draft_cannot_be_issued_unapproved(version, head):
    with pytest.raises(DomainError):
        services.issue(version.document, head)


def test_a_withdrawn_document_stays_withdrawn(version, clerk):
    services.withdraw(version.document, clerk, "并案答复")
    with pytest.raises(DomainError, match="没有办成"):
        services.submit(version.document, clerk)


@pytest.mark.parametrize("role", ["dept_provider", "park_staff", "enterprise_user", "auditor"])
def test_other_posts_neither_write_nor_read_documents(version, role):
    office("elsewhere", park_code="P1")
    other = person("other", role, "elsewhere", own_key="X")
    with pytest.raises(DomainError, match="不能起草"):
        services.draft(ORDER, document(), other)
    with pytest.raises(OutOfScope):
        selectors.content(other, version.document.ref)
    assert selectors.documents(other) == []


def test_a_visitor_sees_no_document(version):
    assert selectors.documents(PUBLIC) == []
    with pytest.raises(OutOfScope):
        selectors.file_of(PUBLIC, version.document.ref)


def test_the_bureau_sees_its_documents(version, clerk):
    [row] = selectors.documents(clerk)
    assert (row["ref"], row["status"]) == (version.document.ref, "draft")
    described, content = selectors.content(clerk, row["ref"])
    assert described["version"] == 1
    assert content == replace(document(), number="某工信字〔2022〕　号")


def test_a_frozen_slot_is_found_by_its_digest(version, clerk):
    assert selectors.frozen(clerk, "grade_a", slot("grade_a", "201").digest) == slot(
        "grade_a", "201"
    )
    assert selectors.frozen(clerk, "grade_a", "0" * 16) is None
    assert selectors.frozen(PUBLIC, "grade_a", slot("grade_a", "201").digest) is None


def test_two_documents_cannot_bear_one_number(clerk):
    services.draft(ORDER, document(), clerk)
    services.draft(ORDER, document(), clerk)
    with pytest.raises(IntegrityError):
        Document.objects.update(serial=1)


def test_an_issued_document_always_has_a_number(version):
    with pytest.raises(IntegrityError):
        Document.objects.update(status=Document.Status.ISSUED)
