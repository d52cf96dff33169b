"""How enterprises belong together: branches, groups, sites; and what the registers suggest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wuhao.core import day
from wuhao.core.errors import OutOfScope
from wuhao.core.scope import INTERNAL, grant_of
from wuhao.core.viewer import Viewer
from wuhao.registers.models import EnterpriseName, EnterpriseRelation, LandTenure
from wuhao.registers.rules import legal_person_names
from wuhao.registers.selectors.ledgers import must_reach

Kind = EnterpriseRelation.Kind


@dataclass(frozen=True)
class Related:
    """A relation as an enterprise's record shows it: `other` is who stands at its other end."""

    pk: int
    kind: str
    kind_label: str
    is_head: bool
    other: str
    other_name: str
    reason: str
    valid_from: date
    valid_to: date | None
    entered_at: datetime
    entered_by: str
    undone_at: datetime | None
    undone_reason: str


@dataclass(frozen=True)
class Suggestion:
    """A relation that the registers suggest, and why: `enterprise` would belong to `head`."""

    kind: str
    enterprise: str
    head: str
    other: str
    other_name: str
    reason: str


def relations(viewer: Viewer, uscc: str) -> list[Related]:
    """The relations of an enterprise, those that stand first, then by kind; also undone ones.

    For posts that see internal fields; none for others. Raises OutOfScope out of reach.
    """
    must_reach(viewer, uscc)
    if not _sees(viewer):
        return []
    ends = Q(enterprise__uscc=uscc) | Q(head__uscc=uscc)
    found = list(_relations().filter(ends).order_by("kind", "-valid_from", "pk"))
    names = _names([one.enterprise_id for one in found] + [one.head_id for one in found])
    told = [_related(one, uscc, names) for one in found]
    return sorted(told, key=lambda one: (one.undone_at is not None, one.valid_to is not None))


def relation(viewer: Viewer, uscc: str, pk: int) -> EnterpriseRelation:
    """One relation of an enterprise. Raises OutOfScope where there is none in reach."""
    must_reach(viewer, uscc)
    ends = Q(enterprise__uscc=uscc) | Q(head__uscc=uscc)
    found = _relations().filter(ends, pk=pk).first()
    if found is None or not _sees(viewer):
        raise OutOfScope(_("没有您能看到的关联 %(pk)s。") % {"pk": pk})
    return found


def suggestions(viewer: Viewer, uscc: str) -> list[Suggestion]:
    """Relations that names and parcels suggest and that nobody entered or undid yet.

    A name that goes on after another enterprise's full name is a branch of it; enterprises on one
    parcel stand on the site of the one that owns it.
    """
    must_reach(viewer, uscc)
    if not _sees(viewer):
        return []
    known = set(
        EnterpriseRelation.objects.filter(
            Q(enterprise__uscc=uscc) | Q(head__uscc=uscc)
        ).values_list("kind", "enterprise__uscc", "head__uscc")
    )
    found = [*_by_name(uscc), *_by_parcel(uscc)]
    return [one for one in found if (one.kind, one.enterprise, one.head) not in known]


def _sees(viewer: Viewer) -> bool:
    return INTERNAL in grant_of(viewer.role).classes


def _relations() -> QuerySet[EnterpriseRelation]:
    return EnterpriseRelation.objects.select_related("enterprise", "head", "by__user")


def _names(ids: Iterable[int]) -> dict[int, str]:
    current = EnterpriseName.objects.filter(valid_to=None, enterprise_id__in=set(ids))
    return dict(current.values_list("enterprise_id", "name"))


def _related(one: EnterpriseRelation, uscc: str, names: dict[int, str]) -> Related:
    is_head = one.head.uscc == uscc
    other = one.enterprise if is_head else one.head
    return Related(
        pk=one.pk,
        kind=one.kind,
        kind_label=str(one.get_kind_display()),
        is_head=is_head,
        other=other.uscc,
        other_name=names.get(other.pk, other.uscc),
        reason=one.reason,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        entered_at=one.at,
        entered_by=one.by.user.name if one.by else "",
        undone_at=one.undone_at,
        undone_reason=one.undone_reason,
    )


def _by_name(uscc: str) -> list[Suggestion]:
    """Branches by name: of whom this one is, and who are its own."""
    current = EnterpriseName.objects.filter(valid_to=None)
    own = current.filter(enterprise__uscc=uscc).values_list("name", flat=True).first() or ""
    if not own:
        return []
    heads = current.filter(name__in=legal_person_names(own)).exclude(enterprise__uscc=uscc)
    reason = _("名称以“%(name)s”开头")
    found = [
        Suggestion(Kind.BRANCH, uscc, head, head, name, reason % {"name": name})
        for head, name in heads.order_by("name").values_list("enterprise__uscc", "name")
    ]
    longer = current.filter(name__startswith=own).exclude(enterprise__uscc=uscc)
    for branch, name in longer.order_by("name").values_list("enterprise__uscc", "name"):
        if own in legal_person_names(name):
            said = reason % {"name": own}
            found.append(Suggestion(Kind.BRANCH, branch, uscc, branch, name, said))
    return found


def _by_parcel(uscc: str) -> list[Suggestion]:
    """Who stands on the same parcel today: users of a site belong to the one that owns it."""
    today = day.today()
    held = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    standing = LandTenure.objects.filter(held, superseded_by=None, valid_from__lte=today)
    parcels = standing.filter(enterprise__uscc=uscc).exclude(parcel_code="")
    beside = standing.filter(parcel_code__in=parcels.values("parcel_code"))
    owns = LandTenure.Right.OWN
    users: dict[str, set[str]] = {}
    owners: dict[str, set[str]] = {}
    for parcel, right, holder in beside.values_list("parcel_code", "right", "enterprise__uscc"):
        (owners if right == owns else users).setdefault(parcel, set()).add(holder)
    pairs = {
        (user, owner): parcel
        for parcel in sorted(users)
        for user in users[parcel]
        for owner in owners.get(parcel, ())
        if user != owner and uscc in (user, owner) and user not in owners[parcel]
    }
    return _on_parcels(uscc, pairs)


def _on_parcels(uscc: str, pairs: dict[tuple[str, str], str]) -> list[Suggestion]:
    codes = {code for pair in pairs for code in pair}
    current = EnterpriseName.objects.filter(valid_to=None, enterprise__uscc__in=codes)
    names = dict(current.values_list("enterprise__uscc", "name"))
    found = []
    for (user, owner), parcel in sorted(pairs.items()):
        other = owner if user == uscc else user
        reason = _("同在宗地 %(parcel)s") % {"parcel": parcel}
        name = names.get(other, other)
        found.append(Suggestion(Kind.SITE, user, owner, other, name, reason))
    return found
