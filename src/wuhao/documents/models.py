"""Shapes of the documents room: a document, its versions, and the values frozen in them."""

from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from wuhao.core import day
from wuhao.core.fields import ExactField
from wuhao.core.models import Office, Post

REF_LENGTH = 12
REF_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else


def new_ref() -> str:
    """A random reference, the document's address until it has a number."""
    return get_random_string(REF_LENGTH, REF_ALPHABET)


class Document(models.Model):
    """An official document (公文) from its first draft to its issue.

    `word`, `year` and `serial` make its number (发文字号), given when it is issued.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("起草")
        SUBMITTED = "submitted", _("送审")
        APPROVED = "approved", _("已审定")
        ISSUED = "issued", _("已印发")
        WITHDRAWN = "withdrawn", _("已撤回")

    ref = models.CharField(_("编号"), max_length=REF_LENGTH, unique=True, default=new_ref)
    kind = models.CharField(_("文种"), max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("机构"))
    word = models.CharField(_("机关代字"), max_length=20)
    year = models.PositiveSmallIntegerField(_("年份"))
    serial = models.PositiveIntegerField(_("序号"), null=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.DRAFT)
    approved_digest = models.CharField(_("审定稿摘要"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("起草时刻"), default=day.now)
    created_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["word", "year", "serial"], name="document_number_is_unique"
            ),
            models.CheckConstraint(
                name="issued_document_has_a_number",
                condition=~Q(status="issued") | Q(serial__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def urn_key(self) -> str:
        return self.ref


class DocumentVersion(models.Model):
    """A version of a document: its whole content, the digest of it, and the file made from it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    no = models.PositiveSmallIntegerField(_("版次"))
    content = models.JSONField(_("内容"))
    digest = models.CharField(_("正文摘要"), max_length=64)
    file = models.CharField(_("文件"), max_length=120)
    created_at = models.DateTimeField(_("成稿时刻"), default=day.now)
    created_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "no"], name="document_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.document} 第 {self.no} 稿"


class Slot(models.Model):
    """A figure's place in a version with the value frozen there.

    `digest` is what the content control's tag carries; `lineage` that of the records behind it.
    """

    version = models.ForeignKey(DocumentVersion, models.CASCADE, related_name="slots")
    place = models.PositiveSmallIntegerField(_("次序"))
    code = models.CharField(_("数字代码"), max_length=47, db_index=True)
    label = models.CharField(_("名称"), max_length=80)
    text = models.CharField(_("印出的字"), max_length=80)
    suffix = models.CharField(_("其后的字"), max_length=20, blank=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    value = ExactField(_("数值"), quantum="0.0001", null=True)
    numerator = ExactField(_("分子"), quantum="0.0001", null=True)
    denominator = ExactField(_("分母"), quantum="0.0001", null=True)
    basis = models.CharField(_("口径"), max_length=300, blank=True)
    cut_off = models.DateField(_("截止"), null=True)
    digits = models.PositiveSmallIntegerField(_("小数位"), null=True)
    lineage = models.CharField(_("来源摘要"), max_length=64, blank=True)
    digest = models.CharField(_("摘要"), max_length=64, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "place"], name="one_slot_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"
