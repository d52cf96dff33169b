"""Shapes of what nobody could place for certain: questions, where they were asked, decisions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuhao.core import day
from wuhao.intake.models import Batch
from wuhao.registers.models.ledgers import Enterprise, Revocable


class MatchQuestion(models.Model):
    """A code and a name that an office wrote and nobody could place for certain (待认定).

    `evidence` is the digest of both as they are compared: the same ones are one question, asked
    once and answered once.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("待认定")
        DECIDED = "decided", _("已认定")

    evidence = models.CharField(_("凭据"), max_length=64, unique=True)
    code = models.CharField(_("写的代码"), max_length=40, blank=True)
    name = models.CharField(_("写的名称"), max_length=200)
    candidate = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    reasons = models.JSONField(_("理由"), default=list)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(_("提出时刻"), default=day.now)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MatchAsked(models.Model):
    """Where a question was asked: a cell of a batch that waits for its answer, or relied on it."""

    question = models.ForeignKey(MatchQuestion, models.CASCADE, related_name="places")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+")
    sheet = models.CharField(_("工作表"), max_length=100)
    cell = models.CharField(_("单元格"), max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "batch", "sheet", "cell"], name="a_cell_asks_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"


class MatchDecision(Revocable):
    """What a person decided of a question (认定); one stands at a time, the others were undone."""

    class Verdict(models.TextChoices):
        SAME = "same", _("是同一家")
        OTHER = "other", _("是另一家")
        NONE = "none", _("名录里没有")

    question = models.ForeignKey(MatchQuestion, models.CASCADE, related_name="decisions")
    verdict = models.CharField(_("认定"), max_length=8, choices=Verdict)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("理由"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=Q(undone_at=None), name="one_decision_stands"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.verdict}"
