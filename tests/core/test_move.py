"""One door for every status change: permission, guard, conditional update, audit line."""

import pytest

from tests.cast import office, person
from wuhao.core.errors import DomainError
from wuhao.core.models import AuditEntry
from wuhao.core.move import Transition, move
from wuhao.intake.models import Batch, RawFile

pytestmark = pytest.mark.django_db


def refuse(obj, by):
    raise DomainError("还没有准备好。")


SUBMIT = Transition("submit", "提交", ("draft", "returned"), "submitted", ("dept_provider",))
GUARDED = Transition("submit", "提交", ("draft",), "submitted", ("dept_provider",), refuse)


@pytest.fixture
def batch():
    raw = RawFile.objects.create(digest="0" * 64, name="a.xlsx", size=1)
    return Batch.objects.create(
        no="T1-1", template="T1", title="税收", period=202100, office=office("tax"), file=raw
    )


@pytest.fixture
def officer():
    return person("officer", "dept_provider", "tax")


def test_a_move_changes_the_status_and_leaves_one_audit_line(batch, officer):
    move(batch, SUBMIT, officer, "数已核对")
    batch.refresh_from_db()
    assert batch.status == "submitted"
    [line] = AuditEntry.objects.all()
    assert (line.before, line.after) == ({"status": "draft"}, {"status": "submitted"})
    assert (line.subject, line.note) == ("intake.batch/T1-1", "数已核对")
    assert line.by_id == officer.post_id


@pytest.mark.parametrize("role", ["park_staff", "public", "bureau_admin"])
def test_a_role_without_the_right_is_refused_and_nothing_moves(batch, role):
    with pytest.raises(DomainError, match="岗位不能办理"):
        move(batch, SUBMIT, person("x", role, "iit"))
    batch.refresh_from_db()
    assert batch.status == "draft"
    assert AuditEntry.objects.count() == 0


def test_a_guard_refuses_and_nothing_moves(batch, officer):
    with pytest.raises(DomainError, match="还没有准备好"):
        move(batch, GUARDED, officer)
    assert AuditEntry.objects.count() == 0


def test_the_second_of_two_is_told_that_somebody_was_quicker(batch, officer):
    stale = Batch.objects.get(pk=batch.pk)
    move(batch, SUBMIT, officer)
    with pytest.raises(DomainError, match="没有办成"):
        move(stale, SUBMIT, officer)
    assert AuditEntry.objects.count() == 1


def test_every_named_source_may_be_left(batch, officer):
    Batch.objects.update(status="returned")
    move(batch, SUBMIT, officer)
    assert Batch.objects.get().status == "submitted"
