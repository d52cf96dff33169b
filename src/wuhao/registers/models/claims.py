"""Shapes of reconciliation: what offices say of a field, where they differ, what was chosen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuhao.core.models import LedgerEntry, Office
from wuhao.intake.models import Batch
from wuhao.registers.models.ledgers import Enterprise, Revocable


class ClaimedField(models.TextChoices):
    """The fields of which several offices speak."""

    NAME = "name", _("名称")
    PARK = "park", _("园区")
    SCALE = "scale", _("规模")
    LAND = "land", _("用地")


class FieldClaim(models.Model):
    """What an office said of a field of an enterprise (说法): name, park, size or land.

    Of an office and a field the latest stands; a table of an earlier year takes no later one's
    place. `key` is the value as it is compared: equal keys agree.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="claims")
    field = models.CharField(_("项目"), max_length=8, choices=ClaimedField)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    value = models.CharField(_("值"), max_length=200)
    key = models.CharField(_("比较用的值"), max_length=200)
    year = models.PositiveSmallIntegerField(_("年度"))
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    sheet = models.CharField(_("工作表"), max_length=100, blank=True)
    row = models.PositiveIntegerField(_("行"), null=True)
    column = models.CharField(_("列"), max_length=3, blank=True)
    ledger = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    superseded_by = models.BigIntegerField(_("被哪一账号取代"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "field", "office"],
                condition=Q(superseded_by=None),
                name="an_office_says_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.value}"


class Disagreement(models.Model):
    """A field of an enterprise of which offices say different things of one year (说法不一).

    Drawn anew from the claims whenever a batch speaks of it: gone where they agree. `settled`
    says whether the register already follows the office that the rule names, or a choice.
    """

    class Settled(models.TextChoices):
        OPEN = "open", _("待选定")
        RULE = "rule", _("依规则已定")
        CHOICE = "choice", _("已选定")

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="disagreements")
    field = models.CharField(_("项目"), max_length=8, choices=ClaimedField)
    year = models.PositiveSmallIntegerField(_("年度"))
    settled = models.CharField(_("办理"), max_length=8, choices=Settled, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "field"], name="one_disagreement_a_field")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.field}"


class FieldChoice(Revocable):
    """Which office's word the bureau follows for a field of an enterprise, and why (选定).

    One stands at a time, the others were undone. `known` is what the offices had said then, as
    it is compared, by office: a word that was known, or that agrees with the choice, asks nobody
    again.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="choices")
    field = models.CharField(_("项目"), max_length=8, choices=ClaimedField)
    claim = models.ForeignKey(FieldClaim, models.PROTECT, related_name="+")
    before = models.CharField(_("台账原来的值"), max_length=200, blank=True)
    known = models.JSONField(_("当时各部门的说法"), default=dict)
    reason = models.CharField(_("理由"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "field"],
                condition=Q(undone_at=None),
                name="one_choice_stands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.field}"
