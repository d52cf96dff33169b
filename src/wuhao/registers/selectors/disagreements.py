"""Where offices differ of an enterprise: the values side by side, the rule, the choices."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wuhao.core.errors import OutOfScope
from wuhao.core.register import AsOf, Query, scope_q, selected
from wuhao.core.viewer import Viewer
from wuhao.registers.authorities import authority_of
from wuhao.registers.models import ClaimedField, Disagreement, FieldChoice, FieldClaim, Park
from wuhao.registers.register import DISAGREEMENTS, SCALES
from wuhao.registers.selectors.ledgers import must_reach, visible_facts
from wuhao.registers.services.disagreements import of_register

LAND_FACT = "land_m2"


@dataclass(frozen=True)
class Said:
    """What an office says of a field, with its cell. `value` is a Decimal of m² for land.

    `of_register`: the register's value is drawn from this table. `hidden`: the viewer's post does
    not see this field of other offices.
    """

    pk: int
    office: str
    office_short: str
    value: str | Decimal
    year: int
    batch_no: str
    sheet: str
    cell: str
    of_register: bool
    hidden: bool = False


def count_open_disagreements(viewer: Viewer) -> int:
    """How many disagreements in the viewer's reach wait for a choice."""
    wanted = Query(filters={"settled": Disagreement.Settled.OPEN.value})
    return selected(DISAGREEMENTS, viewer, AsOf(), wanted).count()


def sees_disagreements(viewer: Viewer) -> bool:
    """Whether a post may see where offices differ; enterprises may not."""
    try:
        scope_q(DISAGREEMENTS, viewer)
    except OutOfScope:
        return False
    return True


def disagreements_of(viewer: Viewer, uscc: str) -> list[dict[str, Any]]:
    """The fields of an enterprise of which offices differ; none for posts that may not see them."""
    if not sees_disagreements(viewer):
        return []
    found = selected(DISAGREEMENTS, viewer, AsOf(), Query())
    rows = found.filter(enterprise__uscc=uscc).order_by("field")
    return [_described(one) for one in rows]


def disagreement(viewer: Viewer, uscc: str, field: str) -> dict[str, Any]:
    """A disagreement with every office's word, the rule and the choices made.

    Where offices agree again it is `None` of year and `settled`, as long as a choice was made
    once. Raises OutOfScope out of reach.
    """
    found = selected(DISAGREEMENTS, viewer, AsOf(), Query())
    one = found.filter(enterprise__uscc=uscc, field=field).first()
    must_reach(viewer, uscc)
    choices = _choices(uscc, field) if field in ClaimedField.values else []
    if one is None and not choices:
        raise OutOfScope(_("没有您能看到的 %(key)s 的不一致。") % {"key": uscc})
    said = said_of(viewer, [(uscc, field)]).get((uscc, field), [])
    shown = _described(one) if one else {"year": None, "settled": "", "settled_label": ""}
    year = one.year if one else max((word.year for word in said), default=0)
    return {
        **shown,
        "field": field,
        "field_label": str(ClaimedField(field).label),
        "said": said,
        "authority": authority_of(field, year),
        "choices": [_choice(viewer, choice) for choice in choices],
        "standing": next((c for c in choices if c.undone_at is None), None),
    }


def claim_said(viewer: Viewer, uscc: str, field: str, pk: int) -> FieldClaim:
    """The word that a bureau wants to follow. Raises OutOfScope where nobody said it."""
    disagreement(viewer, uscc, field)
    found = _claims().filter(enterprise__uscc=uscc, field=field, pk=pk).first()
    if found is None:
        raise OutOfScope(_("没有您能看到的 %(key)s 的不一致。") % {"key": uscc})
    return found


def said_of(viewer: Viewer, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Said]]:
    """What every office says now of fields of enterprises, by credit code and field."""
    wanted = set(pairs)
    codes = {uscc for uscc, _field in wanted}
    shown = _shown_values()
    sees_land = LAND_FACT in visible_facts(viewer)
    found: dict[tuple[str, str], list[Said]] = {}
    rows = _claims().filter(enterprise__uscc__in=codes, superseded_by=None)
    for claim in rows.order_by("office__code", "pk"):
        pair = (claim.enterprise.uscc, claim.field)
        if pair in wanted:
            hidden = claim.field == ClaimedField.LAND and not sees_land
            own = claim.office.code == viewer.office
            said = _said(claim, shown, hidden=hidden and not own)
            found.setdefault(pair, []).append(said)
    return found


def _claims() -> QuerySet[FieldClaim]:
    return FieldClaim.objects.select_related("office", "batch", "enterprise")


def _said(claim: FieldClaim, shown: dict[str, dict[str, str]], *, hidden: bool) -> Said:
    value: str | Decimal = shown.get(claim.field, {}).get(claim.value, claim.value)
    if claim.field == ClaimedField.LAND:
        value = Decimal(claim.value)
    return Said(
        pk=claim.pk,
        office=claim.office.code,
        office_short=claim.office.short,
        value="" if hidden else value,
        year=claim.year,
        batch_no=claim.batch.no,
        sheet=claim.sheet,
        cell=f"{claim.column}{claim.row}" if claim.column else "",
        of_register=of_register(claim.field, claim.batch.template),
        hidden=hidden,
    )


def _shown_values() -> dict[str, dict[str, str]]:
    """Codes and the words they stand for, by field."""
    return {
        ClaimedField.PARK: dict(Park.objects.values_list("code", "short")),
        ClaimedField.SCALE: {code: str(label) for code, label in SCALES},
    }


def _described(one: Disagreement) -> dict[str, Any]:
    return {
        "field": one.field,
        "field_label": str(one.get_field_display()),
        "year": one.year,
        "settled": one.settled,
        "settled_label": str(one.get_settled_display()),
    }


def _choices(uscc: str, field: str) -> list[FieldChoice]:
    found = FieldChoice.objects.filter(enterprise__uscc=uscc, field=field)
    joined = found.select_related("claim__office", "by__user", "undone_by__user", "enterprise")
    return list(joined.order_by("-at", "-pk"))


def _choice(viewer: Viewer, choice: FieldChoice) -> dict[str, Any]:
    hidden = choice.field == ClaimedField.LAND and LAND_FACT not in visible_facts(viewer)
    shown = _shown_values()
    return {
        "said": _said(choice.claim, shown, hidden=hidden),
        "reason": choice.reason,
        "at": choice.at,
        "by": choice.by.user.name if choice.by else "",
        "undone_at": choice.undone_at,
        "undone_by": choice.undone_by.user.name if choice.undone_by else "",
        "undone_reason": choice.undone_reason,
    }
