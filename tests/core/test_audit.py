"""The audit chain names whatever was altered, is missing or was reordered."""

import pytest

from tests.cast import person
from wuhao.core import audit
from wuhao.core.models import AuditEntry, AuditLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    officer = person("officer", "bureau_admin", "iit")
    for n in range(5):
        audit.record("test.act", f"test.thing/{n}", officer, before={"n": n}, after={"n": n + 1})
    return list(AuditEntry.objects.order_by("pk"))


def test_an_untouched_log_verifies(entries):
    assert audit.seal() == 5
    assert audit.verify() == audit.Verdict([], 5, 0)


def test_sealing_goes_on_where_it_ended(entries):
    audit.seal()
    audit.record("test.act", "test.thing/6", None)
    assert audit.verify() == audit.Verdict([], 5, 1)
    assert audit.seal() == 1
    assert audit.verify() == audit.Verdict([], 6, 0)


def test_an_altered_sealed_entry_is_named(entries):
    audit.seal()
    AuditEntry.objects.filter(pk=entries[2].pk).update(after={"n": 99})
    [trouble] = audit.verify().troubles
    assert str(entries[2].pk) in trouble
    assert "改动" in trouble


def test_an_altered_entry_with_its_digest_made_anew_breaks_the_chain(entries):
    audit.seal()
    entry = entries[2]
    entry.after = {"n": 99}
    entry.digest = audit.digest_of(entry)
    entry.save()
    [trouble] = audit.verify().troubles
    assert "第 3 位" in trouble


def test_an_altered_unsealed_entry_is_named(entries):
    AuditEntry.objects.filter(pk=entries[4].pk).update(note="改")
    [trouble] = audit.verify().troubles
    assert str(entries[4].pk) in trouble


def test_a_missing_entry_is_named(entries):
    audit.seal()
    AuditEntry.objects.filter(pk=entries[1].pk)._raw_delete("default")
    assert any("第 2 位" in trouble for trouble in audit.verify().troubles)


def test_a_missing_link_is_named(entries):
    audit.seal()
    AuditLink.objects.filter(place=3).delete()
    assert any("缺失" in trouble for trouble in audit.verify().troubles)


def test_reordered_entries_are_named(entries):
    audit.seal()
    links = list(AuditLink.objects.filter(place__in=[2, 3]).order_by("place"))
    first, second = (link.entry_id for link in links)
    AuditLink.objects.filter(place=2).update(entry_id=10**6)
    AuditLink.objects.filter(place=3).update(entry_id=first)
    AuditLink.objects.filter(place=2).update(entry_id=second)
    assert any("第 2 位与前文不合" in trouble for trouble in audit.verify().troubles)


@pytest.mark.django_db(transaction=True)
def test_lines_removed_from_the_end_are_missed_by_what_was_written_down_outside():
    for n in range(6):
        audit.record("core.test", f"core.test/{n}", None)
    audit.seal()
    last = list(AuditLink.objects.order_by("-place").values_list("place", "entry_id")[:3])
    AuditLink.objects.filter(place__in=[place for place, _ in last]).delete()
    AuditEntry.objects.filter(pk__in=[entry for _, entry in last]).delete()
    [trouble] = audit.verify().troubles
    assert "曾封到第 6 位" in trouble


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_is_gone_altogether_is_missed():
    audit.record("core.test", "core.test/1", None)
    audit.seal()
    AuditLink.objects.all().delete()
    assert "曾封到第 1 位" in audit.verify().troubles[0]
