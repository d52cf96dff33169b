"""How enterprises belong together: entered by the bureau, ended on a day, undone where wrong."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import audit
from wuhao.core.codes import normalised
from wuhao.core.errors import DomainError
from wuhao.core.viewer import Viewer
from wuhao.registers.models import Enterprise, EnterpriseRelation

BUREAU = ("bureau_admin", "bureau_staff")
Kind = EnterpriseRelation.Kind


@dataclass(frozen=True)
class Belonging:
    """What is entered: who belongs to whom in which way, since when, and on what it stands."""

    kind: str
    enterprise: str
    head: str
    since: date
    reason: str


@transaction.atomic
def relate(said: Belonging, by: Viewer) -> EnterpriseRelation:
    """Enter that an enterprise belongs to another.

    Raises DomainError with every fault: post, kind, codes, reason, a second head, a circle.
    """
    _must_be_allowed(by)
    enterprise, head = _named(said.enterprise), _named(said.head)
    faults = _faults(said, enterprise, head)
    if faults or enterprise is None or head is None:
        raise DomainError(*faults)
    made = EnterpriseRelation.objects.create(
        kind=said.kind,
        enterprise=enterprise,
        head=head,
        valid_from=said.since,
        reason=said.reason.strip()[:200],
        by_id=by.post_id,
    )
    after = {"kind": said.kind, "head": head.uscc, "since": said.since.isoformat()}
    audit.record("registers.relation.enter", audit.urn(enterprise), by, after=after)
    return made


@transaction.atomic
def end(relation: EnterpriseRelation, on: date, by: Viewer, reason: str) -> None:
    """End a relation on a day, from which it holds no more.

    Raises DomainError for a day before it began, without a reason, or for one that ended before.
    """
    _must_be_allowed(by)
    _must_stand(relation, reason)
    if on <= relation.valid_from:
        raise DomainError(_("终止的日子要晚于开始的日子；登记错了，请用“撤销”。"))
    relation.valid_to = on
    relation.save(update_fields=["valid_to"])
    change = {"after": {"kind": relation.kind, "until": on.isoformat()}}
    urn = audit.urn(relation.enterprise)
    audit.record("registers.relation.end", urn, by, note=reason, **change)


@transaction.atomic
def undo(relation: EnterpriseRelation, by: Viewer, reason: str) -> None:
    """Undo what was entered wrongly: it never held, and stays visible as undone.

    Raises DomainError without a reason, or for one that was undone before.
    """
    _must_be_allowed(by)
    if relation.undone_at is not None:
        raise DomainError(_("这条关联已经撤销过了。"))
    _must_say_why(reason)
    relation.undo(by, reason)
    before = {"kind": relation.kind, "head": relation.head.uscc}
    urn = audit.urn(relation.enterprise)
    audit.record("registers.relation.undo", urn, by, before=before, note=reason)


def _named(code: str) -> Enterprise | None:
    return Enterprise.objects.filter(uscc=normalised(code)).first()


def _faults(said: Belonging, enterprise: Enterprise | None, head: Enterprise | None) -> list[str]:
    faults = []
    if said.kind not in Kind.values:
        faults.append(_("请选关系：分支机构、集团成员或同一厂址。"))
    for code, found in ((said.enterprise, enterprise), (said.head, head)):
        if found is None:
            words = _("名录里没有信用代码 %(code)s，请核对；确是新企业，请先报送企业名录。")
            faults.append(words % {"code": code or "—"})
    if not said.reason.strip():
        faults.append(_("请写明依据，如登记材料、公告或宗地。"))
    if enterprise is not None and head is not None and not faults:
        faults += _structural(said.kind, enterprise, head)
    return faults


def _structural(kind: str, enterprise: Enterprise, head: Enterprise) -> list[str]:
    """One head of a kind at a time, no circle."""
    if enterprise == head:
        return [_("企业不能关联到自己，请核对两个信用代码。")]
    heads = dict(
        EnterpriseRelation.objects.filter(kind=kind, valid_to=None, undone_at=None).values_list(
            "enterprise_id", "head_id"
        )
    )
    if enterprise.pk in heads:
        return [_("%(code)s 已有这种关联，请先终止或撤销原来的。") % {"code": enterprise.uscc}]
    above: int | None = head.pk
    while above is not None:
        if above == enterprise.pk:
            return [_("这样会绕成一圈：%(head)s 已经归在它下面。") % {"head": head.uscc}]
        above = heads.get(above)
    return []


def _must_stand(relation: EnterpriseRelation, reason: str) -> None:
    if relation.undone_at is not None or relation.valid_to is not None:
        raise DomainError(_("这条关联已经终止或撤销了。"))
    _must_say_why(reason)


def _must_say_why(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("终止或撤销要写明理由。"))


def _must_be_allowed(by: Viewer) -> None:
    if by.role not in BUREAU:
        raise DomainError(_("只有市局的岗位可以登记企业之间的关联。"))
