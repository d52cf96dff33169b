"""The bureau's choice between what offices say of an enterprise: made, followed, undone."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import audit
from wuhao.core.errors import DomainError
from wuhao.core.viewer import Viewer
from wuhao.registers.authorities import authority_of
from wuhao.registers.models import Disagreement, FieldChoice, FieldClaim
from wuhao.registers.services import disagreements, showing

BUREAU = ("bureau_admin", "bureau_staff")


def followed(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A directory's rows with what the bureau chose in place of what they say."""
    standing = FieldChoice.objects.filter(undone_at=None, field__in=showing.DECIDED)
    chosen: dict[str, dict[str, str]] = {}
    for uscc, field, value in standing.values_list("enterprise__uscc", "field", "claim__value"):
        chosen.setdefault(uscc, {})[field] = value
    return [entry | chosen.get(entry["uscc"], {}) for entry in entries]


@transaction.atomic
def choose(claim: FieldClaim, by: Viewer, reason: str) -> FieldChoice:
    """Follow one office's word for a field; the register shows it from today on.

    Another choice that stood for the field ends. Raises DomainError without a reason, for a post
    that may not, or for a word that its office has taken back.
    """
    _must_be_allowed(by, reason)
    if claim.superseded_by is not None:
        raise DomainError(_("这个说法已被同一部门后来的报送取代，请按现在的说法选。"))
    earlier = _standing(claim).first()
    before = earlier.before if earlier else showing.shown(claim.enterprise_id, claim.field)
    if earlier:
        earlier.undo(by, reason)
    made = FieldChoice.objects.create(
        enterprise_id=claim.enterprise_id,
        field=claim.field,
        claim=claim,
        before=before,
        known=_said_now(claim),
        reason=reason.strip()[:200],
        by_id=by.post_id,
    )
    change = {"before": {claim.field: before}, "after": _told(claim)}
    audit.record("registers.field.choose", audit.urn(claim.enterprise), by, note=reason, **change)
    showing.show(claim.enterprise, claim.field, claim.value, claim)
    disagreements.redraw([(claim.enterprise_id, claim.field)])
    return made


@transaction.atomic
def follow_rule(pairs: Sequence[tuple[str, str]], by: Viewer, reason: str) -> int:
    """Choose for fields of enterprises (credit code, field) the office that the rule names.

    Returns how many were chosen: those without a rule, or whose office said nothing, are left.
    Raises DomainError without a reason, or for a post that may not.
    """
    _must_be_allowed(by, reason)
    chosen = 0
    for uscc, field in pairs:
        found = _named_by_rule(uscc, field)
        if found is not None:
            choose(found, by, reason)
            chosen += 1
    return chosen


def _named_by_rule(uscc: str, field: str) -> FieldClaim | None:
    open_one = Disagreement.objects.filter(enterprise__uscc=uscc, field=field).first()
    if open_one is None:
        return None
    said = FieldClaim.objects.filter(
        enterprise=open_one.enterprise_id, field=field, year=open_one.year, superseded_by=None
    )
    by_office = {claim.office.code: claim for claim in said.select_related("office", "batch")}
    order = authority_of(field, open_one.year).offices
    return next((by_office[office] for office in order if office in by_office), None)


@transaction.atomic
def undo(choice: FieldChoice, by: Viewer, reason: str) -> None:
    """Undo a choice; the register shows again what the directory says.

    Raises DomainError without a reason, for a post that may not, or for one undone before.
    """
    _must_be_allowed(by, reason)
    if choice.undone_at is not None:
        raise DomainError(_("这次选定已经撤销过了。"))
    choice.undo(by, reason)
    value = showing.show_directory(choice)
    change = {"before": _told(choice.claim), "after": {choice.field: value}}
    audit.record("registers.field.undo", audit.urn(choice.enterprise), by, note=reason, **change)
    disagreements.redraw([(choice.enterprise_id, choice.field)])


def _must_be_allowed(by: Viewer, reason: str) -> None:
    if by.role not in BUREAU:
        raise DomainError(_("只有市局的岗位可以选定以哪个部门的说法为准。"))
    if not reason.strip():
        raise DomainError(_("选定或撤销要写明理由。"))


def _standing(claim: FieldClaim) -> Any:
    return FieldChoice.objects.filter(
        enterprise=claim.enterprise_id, field=claim.field, undone_at=None
    )


def _said_now(claim: FieldClaim) -> dict[str, str]:
    """What every office says now of the field, as it is compared, by office."""
    said = FieldClaim.objects.filter(
        enterprise=claim.enterprise_id, field=claim.field, superseded_by=None
    )
    return dict(said.values_list("office__code", "key"))


def _told(claim: FieldClaim) -> dict[str, str]:
    return {claim.field: claim.value, "office": claim.office.code, "batch": claim.batch.no}
