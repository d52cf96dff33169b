"""Shapes of intake: files as received, batches, and what was found in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuhao.core import day
from wuhao.core.models import LedgerEntry, Office, Post


class RawFile(models.Model):
    """A file as received, kept by its digest (SHA-256) under WUHAO_VAR/files."""

    digest = models.CharField(_("摘要"), max_length=64, unique=True)
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("字节数"))
    received_at = models.DateTimeField(_("收到时刻"), default=day.now)

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """A batch (批次): one office's figures for one template and period, from one file."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("待提交")
        SUBMITTED = "submitted", _("待受理")
        ACCEPTED = "accepted", _("已受理")
        RETURNED = "returned", _("已退回")
        WITHDRAWN = "withdrawn", _("已撤回")

    no = models.CharField(_("批次号"), max_length=40, unique=True)
    template = models.CharField(_("模板"), max_length=20)
    title = models.CharField(_("名称"), max_length=100)
    period = models.PositiveIntegerField(_("期间"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("报送机构"))
    file = models.ForeignKey(RawFile, models.PROTECT, related_name="batches")
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    sums = models.JSONField(_("合计"), default=dict)
    digest = models.CharField(_("行数据摘要"), max_length=64)
    errors = models.PositiveIntegerField(_("错误数"), default=0)
    warnings = models.PositiveIntegerField(_("提醒数"), default=0)
    ledger = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("收到时刻"), default=day.now)
    created_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "period", "office", "file"], name="a_file_is_received_once"
            )
        ]

    def __str__(self) -> str:
        return self.no

    @property
    def urn_key(self) -> str:
        return self.no


class Finding(models.Model):
    """What a check found at a cell of a batch, as a sentence for the reader."""

    class Severity(models.TextChoices):
        ERROR = "error", _("错误")
        WARNING = "warning", _("提醒")
        NOTE = "note", _("说明")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="findings")
    sheet = models.CharField(_("工作表"), max_length=100, blank=True)
    cell = models.CharField(_("单元格"), max_length=12, blank=True)
    severity = models.CharField(_("轻重"), max_length=8, choices=Severity)
    code = models.CharField(_("种类"), max_length=40)
    sentence = models.CharField(_("说明"), max_length=500)

    def __str__(self) -> str:
        return self.sentence
