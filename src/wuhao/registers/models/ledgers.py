"""Shapes of the registers: subjects, parks, enterprises, tenures, indicators, observations."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuhao.core import day
from wuhao.core.fields import ExactField
from wuhao.core.models import LedgerEntry, Post
from wuhao.core.viewer import Viewer
from wuhao.intake.models import Batch

SLOTS = tuple(f"{n:02d}" for n in range(1, 25))


class Subject(models.Model):
    """What an observation is about: a park, an enterprise, a project (later a parcel)."""

    class Kind(models.TextChoices):
        PARK = "park", _("园区")
        ENTERPRISE = "enterprise", _("企业")
        PROJECT = "project", _("项目")

    kind = models.CharField(_("种类"), max_length=20, choices=Kind)
    key = models.CharField(_("编码"), max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="subject_key_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"


class Sourced(models.Model):
    """A row that points at where it came from: batch, sheet and row of the workbook."""

    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", verbose_name=_("批次")
    )
    sheet = models.CharField(_("工作表"), max_length=100, blank=True)
    row = models.PositiveIntegerField(_("行"), null=True)

    class Meta:
        abstract = True


class Dated(models.Model):
    """When it was so in the world; valid_to is exclusive."""

    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止（不含）"), null=True, blank=True)

    class Meta:
        abstract = True


class Revocable(models.Model):
    """What a person decided or entered: it stands until it is undone, and stays on record then."""

    at = models.DateTimeField(_("时刻"), default=day.now)
    by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(_("撤销时刻"), null=True)
    undone_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    undone_reason = models.CharField(_("撤销的理由"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def undo(self, by: Viewer | None, reason: str) -> None:
        """End it; nobody (`by` None) where the house itself found that it holds no more."""
        self.undone_at, self.undone_by_id = day.now(), by.post_id if by else None
        self.undone_reason = reason.strip()[:200]
        self.save(update_fields=["undone_at", "undone_by", "undone_reason"])


class Park(models.Model):
    """A park (园区): not an administrative division; it has a code of its own."""

    subject = models.OneToOneField(Subject, models.PROTECT, primary_key=True)
    code = models.CharField(_("园区代码"), max_length=20, unique=True)
    name = models.CharField(_("园区"), max_length=60)
    short = models.CharField(_("简称"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=80, blank=True)
    level = models.CharField(_("级别"), max_length=20)
    built_m2 = ExactField(_("建成区面积（平方米）"), quantum="0.01", null=True)
    built_is_synthetic = models.BooleanField(_("面积为演示值"), default=False)

    def __str__(self) -> str:
        return self.name


class Enterprise(Sourced):
    """An enterprise (企业), one record per credit code (统一社会信用代码)."""

    subject = models.OneToOneField(Subject, models.PROTECT, primary_key=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    sector = models.CharField(_("行业代码"), max_length=8, blank=True, db_index=True)
    sector_name = models.CharField(_("行业"), max_length=80, blank=True)
    district = models.CharField(_("所属区县"), max_length=40, blank=True)
    established_on = models.DateField(_("成立日期"), null=True)
    in_production_on = models.DateField(_("投产日期"), null=True)

    def __str__(self) -> str:
        return self.uscc


class EnterpriseName(Sourced, Dated):
    """A name that an enterprise bore from a day until before another."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="names")
    name = models.CharField(_("企业名称"), max_length=120, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(valid_to=None), name="one_current_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class EnterprisePark(Sourced, Dated):
    """The park an enterprise stood in from a day until before another."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="parks")
    park = models.ForeignKey(Park, models.PROTECT, related_name="enterprises")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=Q(valid_to=None), name="one_current_park"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.park_id}"


class LandTenure(Sourced, Dated):
    """Land that an enterprise holds (用地): own, rented in, rented out, or occupied untitled."""

    class Right(models.TextChoices):
        OWN = "own", _("自有")
        RENTED_IN = "rented_in", _("租入")
        RENTED_OUT = "rented_out", _("租出")
        OCCUPIED = "occupied", _("占用")

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="tenures")
    parcel_code = models.CharField(_("宗地编号"), max_length=30, db_index=True)
    right = models.CharField(_("权属"), max_length=12, choices=Right)
    area_m2 = ExactField(_("面积（平方米）"), quantum="0.01")
    column = models.CharField(_("面积所在列"), max_length=3, blank=True)
    leased = models.BooleanField(_("由租赁报表报来"), default=False)
    ledger = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    superseded_by = models.BigIntegerField(_("被哪一账号取代"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="tenure_area_is_positive", condition=Q(area_m2__gt=0)),
            models.CheckConstraint(
                name="tenure_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_code} {self.right}"


class EnterpriseEvent(Sourced):
    """What happened to an enterprise on a day: a penalty or an accident (处罚、事故).

    A document says it once; what a later batch says of the same document takes its place.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="events")
    kind = models.CharField(_("类别"), max_length=20, db_index=True)
    level = models.CharField(_("等级"), max_length=20, blank=True)
    happened_on = models.DateField(_("日期"))
    document = models.CharField(_("文书号"), max_length=200)
    fine_yuan = ExactField(_("罚没金额（元）"), quantum="0.01", null=True)
    ledger = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    superseded_by = models.BigIntegerField(_("被哪一账号取代"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "document"],
                condition=Q(superseded_by=None),
                name="a_document_says_an_event_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.document}"


class Project(Sourced):
    """A project (项目) by its national code; its figures are observations of its subject."""

    subject = models.OneToOneField(Subject, models.PROTECT, primary_key=True)
    code = models.CharField(_("项目代码"), max_length=24, unique=True)
    name = models.CharField(_("项目名称"), max_length=200)
    park = models.ForeignKey(Park, models.PROTECT, null=True, related_name="projects")
    owner_code = models.CharField(_("建设单位信用代码"), max_length=18, blank=True, db_index=True)
    owner_name = models.CharField(_("建设单位"), max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Indicator(models.Model):
    """A line of the city's catalogue of indicators (指标); a new one is data, not a migration."""

    code = models.SlugField(_("指标代码"), max_length=40, unique=True)
    label = models.CharField(_("指标"), max_length=60)
    label_en = models.CharField(_("英文名"), max_length=80, blank=True)
    unit = models.CharField(_("基本单位"), max_length=12)
    quantum = models.CharField(_("最小量"), max_length=12, default="1")
    owner = models.CharField(_("责任机构"), max_length=40)
    cls = models.CharField(_("数据级别"), max_length=10)
    slot = models.CharField(_("年度宽表列"), max_length=2, null=True, unique=True)  # noqa: DJ001

    def __str__(self) -> str:
        return self.label


class Observation(Sourced):
    """A figure (观测值): subject, indicator, period, and the ledger number that brought it.

    Append-only. `value` counts quanta of the indicator and is null unless the state is VALUE.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="observations")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    period = models.PositiveIntegerField(_("期间"))
    ledger = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    value = models.BigIntegerField(_("值（最小量的个数）"), null=True)
    state = models.PositiveSmallIntegerField(_("状态"))
    column = models.CharField(_("列"), max_length=3, blank=True)
    superseded_by = models.BigIntegerField(_("被哪一账号取代"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "indicator", "period", "ledger"], name="observation_key"
            ),
            models.UniqueConstraint(
                fields=["subject", "indicator", "period"],
                condition=Q(superseded_by=None),
                name="one_current_observation",
            ),
            models.CheckConstraint(
                name="observation_has_a_value_only_in_state_value",
                condition=Q(state=0, value__isnull=False) | (~Q(state=0) & Q(value__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["period", "indicator"], name="observation_by_period")]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.indicator_id} {self.period}"


class EnterpriseYear(models.Model):
    """An enterprise in a year: its scale, and the listed indicators in one wide row.

    Column `i07` counts quanta of the indicator whose slot is "07", `s07` is its state.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("年度"))
    scale = models.CharField(_("规模"), max_length=8, blank=True)
    construction_state = models.CharField(_("建设状态"), max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "year"], name="one_wide_row_a_year")
        ]
        indexes = [models.Index(fields=["year", "scale"], name="wide_row_by_scale")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year}"


def _add_slots() -> None:
    fields: dict[str, models.Field[Any, Any]] = {}
    for slot in SLOTS:
        fields[f"i{slot}"] = models.BigIntegerField(null=True)
        fields[f"s{slot}"] = models.PositiveSmallIntegerField(null=True)
    for name, column in fields.items():
        EnterpriseYear.add_to_class(name, column)


_add_slots()


class Recognition(Dated):
    """What a list says of an enterprise from a day until before another (认定、档次)."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="recognitions")
    kind = models.CharField(_("名单"), max_length=40)
    level = models.CharField(_("级别"), max_length=40)
    document = models.CharField(_("依据"), max_length=200)
    source_urn = models.CharField(_("来源"), max_length=160)
    status = models.CharField(_("状态"), max_length=12, default="in_force")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "source_urn"], name="recognised_once_by_a_source"
            )
        ]
        indexes = [models.Index(fields=["kind", "level"], name="recognition_by_level")]

    def __str__(self) -> str:
        return f"{self.kind} {self.level}"
