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
    against = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("与哪一批比")
    )
    difference = models.JSONField(_("与那一批的差异"), default=dict)
    on_behalf = models.BooleanField(_("代报"), default=False)
    scan = models.ForeignKey(
        RawFile, models.PROTECT, null=True, related_name="+", verbose_name=_("纸质件扫描")
    )
    ledger = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("收到时刻"), default=day.now)
    created_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("提交时刻"), null=True)
    submitted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

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


class CellEdit(models.Model):
    """A cell of a draft corrected in the page; the file as received stays as it was."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="edits")
    sheet = models.CharField(_("工作表"), max_length=100)
    cell = models.CharField(_("单元格"), max_length=12)
    before = models.CharField(_("原来写的"), max_length=500, blank=True)
    after = models.CharField(_("改为"), max_length=500, blank=True)
    at = models.DateTimeField(_("时刻"), default=day.now)
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "cell"], name="a_cell_is_edited_once")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}"


class ReadingRule(models.Model):
    """How an office's layout is to be read, as a person corrected it; kept for the next file.

    `fingerprint` is taken over the words of the first `rows` rows of the sheet. Where its data end
    is said of one `file` alone: the next one may be longer.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    template = models.CharField(_("模板"), max_length=20)
    rows = models.PositiveSmallIntegerField(_("表头止于第几行"))
    fingerprint = models.CharField(_("版式指纹"), max_length=64)
    rule = models.JSONField(_("读法"))
    file = models.ForeignKey(RawFile, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时刻"), default=day.now)
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "template", "fingerprint"], name="one_rule_for_a_layout"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.fingerprint[:12]}"


class Collection(models.Model):
    """A collection (一表通): a table that offices are asked to fill in until a day.

    `text` is its template as YAML, proposed from a workbook (`layout`) and confirmed by a person.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("拟定中")
        OPEN = "open", _("收集中")
        CLOSED = "closed", _("已收齐")

    code = models.CharField(_("收表编号"), max_length=20, unique=True)
    title = models.CharField(_("名称"), max_length=100)
    purpose = models.CharField(_("用途"), max_length=200, blank=True)
    text = models.TextField(_("模板"))
    proposed = models.JSONField(_("各列"), default=list)
    layout = models.ForeignKey(RawFile, models.PROTECT, related_name="+")
    period = models.PositiveIntegerField(_("期间"))
    working_days = models.PositiveSmallIntegerField(_("限期（工作日）"), default=0)
    opened_on = models.DateField(_("发出日"), null=True)
    due_on = models.DateField(_("截止日"), null=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("收表机构"))
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(_("拟定时刻"), default=day.now)
    created_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.title

    @property
    def urn_key(self) -> str:
        return self.code


class CollectionAsk(models.Model):
    """An office asked in a collection: what it owes, and how often it was urged (催报)."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="asks")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("机构"))
    answered_on = models.DateField(_("交齐日"), null=True)
    urged = models.PositiveSmallIntegerField(_("催报次数"), default=0)
    urged_at = models.DateTimeField(_("最近催报"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "office"], name="an_office_is_asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.collection_id} {self.office_id}"
