"""Shapes of the runs room: versions of schemes, runs, and what a run says of each subject."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuhao.core import day
from wuhao.core.models import LedgerEntry, Post


class SchemeVersion(models.Model):
    """A version of a scheme (评价方案) as its YAML text with digest, dated.

    Its text never changes: another text is another version.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("起草")
        REVIEWED = "reviewed", _("已复核")
        IN_FORCE = "in_force", _("施行")
        SUPERSEDED = "superseded", _("已被取代")
        WITHDRAWN = "withdrawn", _("已撤回")

    code = models.CharField(_("方案代码"), max_length=60)
    title = models.CharField(_("名称"), max_length=200)
    text = models.TextField(_("正文"))
    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    valid_from = models.DateField(_("施行日期"))
    is_default = models.BooleanField(_("默认参数"), default=False)
    created_at = models.DateTimeField(_("登记"), default=day.now)
    # What a city's folder holds is in force by the deployer's act; drafts are made by people.
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.IN_FORCE)
    drafted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_scheme_is_reviewed_by_another_post",
                condition=~Q(reviewed_by=F("drafted_by")) | Q(reviewed_by=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.digest[:8]}"


class Run(models.Model):
    """A run (计算): a scheme over one period's facts, known up to one ledger number."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已公布")
        SUPERSEDED = "superseded", _("已被取代")

    no = models.CharField(_("编号"), max_length=40, unique=True)
    scheme = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="runs")
    period = models.PositiveIntegerField(_("期间"))
    subject_kind = models.CharField(_("对象"), max_length=20)
    ledger = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT)
    facts_digest = models.CharField(_("输入摘要"), max_length=64)
    scheme_digest = models.CharField(_("方案摘要"), max_length=64)
    result_digest = models.CharField(_("结果摘要"), max_length=64)
    notes = models.JSONField(_("提示"), default=list)
    score_quantum = models.CharField(_("得分的最小量"), max_length=12, default="0.000001")
    created_at = models.DateTimeField(_("计算时刻"), default=day.now)
    created_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("公布时刻"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "period", "facts_digest", "result_digest"],
                name="one_run_for_the_same_input",
            )
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def urn_key(self) -> str:
        return self.no


class Outcome(models.Model):
    """What a run says of one subject. Totals count quanta of the scheme's score."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="outcomes")
    subject_key = models.CharField(_("对象编码"), max_length=40)
    label = models.CharField(_("名称"), max_length=120)
    park_code = models.CharField(_("园区代码"), max_length=20, blank=True)
    group = models.CharField(_("分组"), max_length=40, blank=True)
    excluded = models.CharField(_("不定级缘由"), max_length=60, blank=True)
    total = models.BigIntegerField(_("总分"), null=True)
    rank = models.PositiveIntegerField(_("名次"), null=True)
    group_size = models.PositiveIntegerField(_("组内家数"), null=True)
    original_grade = models.CharField(_("原档次"), max_length=4, blank=True)
    grade = models.CharField(_("档次"), max_length=4, blank=True)
    adjustments = models.CharField(_("调整"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "subject_key"], name="one_outcome_a_subject")
        ]
        indexes = [
            models.Index(fields=["run", "group", "rank"], name="outcome_by_rank"),
            models.Index(fields=["run", "grade"], name="outcome_by_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_key} {self.grade}"
