"""Shapes of how enterprises belong together: branches, groups, sites."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuhao.registers.models.ledgers import Dated, Enterprise, Revocable


class EnterpriseRelation(Dated, Revocable):
    """An enterprise belongs to another from a day until before another (关联).

    A branch (分支机构) to its legal person, a member to the parent of its group (集团), a user of
    a site (厂址) to the enterprise that holds it. What was entered wrongly was undone and counts
    no more, on no day.
    """

    class Kind(models.TextChoices):
        BRANCH = "branch", _("分支机构")
        GROUP = "group", _("集团成员")
        SITE = "site", _("同一厂址")

    kind = models.CharField(_("关系"), max_length=8, choices=Kind)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="relations")
    head = models.ForeignKey(Enterprise, models.PROTECT, related_name="related")
    reason = models.CharField(_("依据"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "enterprise"],
                condition=Q(valid_to=None, undone_at=None),
                name="one_head_of_a_kind",
            ),
            models.CheckConstraint(condition=~Q(enterprise=F("head")), name="nobody_heads_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.enterprise_id} {self.head_id}"
