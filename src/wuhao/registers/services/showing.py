"""What the register shows of a field, and showing another value of it from today on."""

from typing import Any

from django.utils.translation import gettext as _

from wuhao.core import day
from wuhao.core.errors import DomainError
from wuhao.intake.catalogue import template
from wuhao.registers.models import (
    ClaimedField,
    Enterprise,
    EnterpriseName,
    EnterprisePark,
    EnterpriseYear,
    FieldChoice,
    FieldClaim,
    Park,
)

DECIDED = (ClaimedField.NAME, ClaimedField.PARK, ClaimedField.SCALE)
"""The fields that a choice decides in the register; land is measured from what is handed in."""


def shown(enterprise_id: int, field: str) -> str:
    """What the register shows of a field today; empty where it shows nothing."""
    if field == ClaimedField.NAME:
        found = EnterpriseName.objects.filter(enterprise=enterprise_id, valid_to=None)
        return found.values_list("name", flat=True).first() or ""
    if field == ClaimedField.PARK:
        stood = EnterprisePark.objects.filter(enterprise=enterprise_id, valid_to=None)
        return stood.values_list("park__code", flat=True).first() or ""
    if field == ClaimedField.SCALE:
        years = EnterpriseYear.objects.filter(enterprise=enterprise_id).order_by("-year")
        return years.values_list("scale", flat=True).first() or ""
    return ""


def show_directory(choice: FieldChoice) -> str:
    """Let the register show again what the directory says, after a choice; returns the value."""
    back = _directory_claim(choice)
    value = back.value if back else choice.before
    show(choice.enterprise, choice.field, value, back)
    return value


def _directory_claim(choice: FieldChoice) -> FieldClaim | None:
    """What the directory says now of a field, by the latest of its batches."""
    said = FieldClaim.objects.filter(
        enterprise=choice.enterprise_id, field=choice.field, superseded_by=None
    )
    for claim in said.select_related("batch").order_by("-ledger_id"):
        if template(claim.batch.template).effect == "enterprises":
            return claim
    return None


def show(enterprise: Enterprise, field: str, value: str, claim: FieldClaim | None) -> None:
    """Let the register show a value from today on, traced back to the claim it came from."""
    source: dict[str, Any] = {"batch": None, "sheet": "", "row": None}
    if claim is not None:
        source = {"batch": claim.batch, "sheet": claim.sheet, "row": claim.row}
    if field == ClaimedField.NAME:
        _date(EnterpriseName, enterprise, {"name": value} if value else {}, source)
    elif field == ClaimedField.PARK:
        _date(EnterprisePark, enterprise, _park(value), source)
    elif field == ClaimedField.SCALE:
        _show_scale(enterprise, value, claim)


def _park(code: str) -> dict[str, Any]:
    if not code:
        return {}
    found = Park.objects.filter(code=code).first()
    if found is None:
        raise DomainError(_("园区台账里没有代码 %(code)s，选不了。") % {"code": code})
    return {"park": found}


def _date(
    model: type[EnterpriseName] | type[EnterprisePark],
    enterprise: Enterprise,
    what: dict[str, Any],
    source: dict[str, Any],
) -> None:
    """Close what holds and open what is to hold from today; nothing (`what` empty) opens nothing.

    What was opened today is taken back, so that no two hold on one day.
    """
    today, dated = day.today(), model._default_manager.filter(enterprise=enterprise)
    held = dated.filter(valid_to=None).first()
    if held is not None and what and dated.filter(pk=held.pk, **what).exists():
        return
    if held is not None and held.valid_from >= today:
        held.delete()
        ended = dated.filter(valid_to=held.valid_from, **what).first() if what else None
        if ended is not None:
            ended.valid_to = None
            ended.save(update_fields=["valid_to"])
            return
    elif held is not None:
        held.valid_to = today
        held.save(update_fields=["valid_to"])
    if what:
        model._default_manager.create(enterprise=enterprise, valid_from=today, **what, **source)


def _show_scale(enterprise: Enterprise, value: str, claim: FieldClaim | None) -> None:
    """The size in the latest year that the register holds of the enterprise, or the claim's."""
    latest = EnterpriseYear.objects.filter(enterprise=enterprise).order_by("-year").first()
    if latest is not None:
        latest.scale = value
        latest.save(update_fields=["scale"])
    elif claim is not None:
        EnterpriseYear.objects.create(enterprise=enterprise, year=claim.year, scale=value)
