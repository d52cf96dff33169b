"""What lists, records, searches and exports may show of the registers."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, FilteredRelation, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy as _

from wuhao.core.register import AsOf, Field, Register
from wuhao.core.scope import INTERNAL, PUBLIC_CLASS
from wuhao.registers.models import (
    ClaimedField,
    Disagreement,
    Enterprise,
    EnterpriseYear,
    Indicator,
    Observation,
    Park,
    Project,
    Recognition,
)

SCALES = (("above", _("规上")), ("below", _("规下")))
LEVELS = (("national", _("国家级")), ("provincial", _("省级")), ("city", _("市级")))
GRADE_KIND = "per_mu_grade"


def data_year(as_of: AsOf) -> int:
    """The latest year whose figures the house holds as of a day; the year before where none."""
    years = EnterpriseYear.objects.filter(year__lt=as_of.on.year).order_by("-year")
    return years.values_list("year", flat=True).first() or as_of.on.year - 1


def _on(path: str, as_of: AsOf) -> Q:
    ends = Q(**{f"{path}__valid_to__isnull": True}) | Q(**{f"{path}__valid_to__gt": as_of.on})
    return Q(**{f"{path}__valid_from__lte": as_of.on}) & ends


def enterprises(as_of: AsOf) -> QuerySet[Any]:
    """Enterprises as they stood on a day, with that day's name, park, grade and last year."""
    graded = _on("recognitions", as_of) & Q(recognitions__kind=GRADE_KIND)
    return Enterprise.objects.annotate(
        named=FilteredRelation("names", condition=_on("names", as_of)),
        placed=FilteredRelation("parks", condition=_on("parks", as_of)),
        wide=FilteredRelation("years", condition=Q(years__year=data_year(as_of))),
        graded=FilteredRelation("recognitions", condition=graded),
    )


def park_choices() -> Sequence[tuple[str, Any]]:
    """Parks as (code, short name) for filters."""
    return tuple(Park.objects.order_by("code").values_list("code", "short"))


def grade_choices() -> Sequence[tuple[str, str]]:
    """The grades that any enterprise has been given, for filters."""
    given = Recognition.objects.filter(kind=GRADE_KIND).order_by("level")
    return [(level, level) for level in given.values_list("level", flat=True).distinct()]


def _enterprise_fields() -> Sequence[Field]:
    return [
        Field("uscc", _("统一社会信用代码"), cls=PUBLIC_CLASS, kind="code"),
        Field("name", _("企业"), cls=PUBLIC_CLASS, of="named__name", importable=True),
        Field("park", _("园区代码"), cls=PUBLIC_CLASS, of="placed__park__code", filter="choice",
              choices=park_choices, listed=False),
        Field("park_name", _("园区"), cls=PUBLIC_CLASS, of="placed__park__short"),
        Field("sector_name", _("行业"), cls=PUBLIC_CLASS, filter="text"),
        Field("scale", _("规模"), cls=PUBLIC_CLASS, of="wide__scale", kind="choice",
              filter="choice", choices=lambda: SCALES),
        Field("grade", _("档次"), cls=INTERNAL, of="graded__level", kind="grade", filter="choice",
              choices=grade_choices),
        Field("established_on", _("成立日期"), cls=PUBLIC_CLASS, kind="date", listed=False),
        Field("in_production_on", _("投产日期"), cls=INTERNAL, kind="date", listed=False),
        Field("district", _("所属区县"), cls=PUBLIC_CLASS, listed=False),
        *map(_indicator_field, Indicator.objects.exclude(slot=None).order_by("slot")),
    ]  # fmt: skip


def _indicator_field(indicator: Indicator) -> Field:
    return Field(
        indicator.code,
        indicator.label,
        label_en=indicator.label_en,
        unit=indicator.unit,
        cls=indicator.cls,
        of=f"wide__i{indicator.slot}",
        state_of=f"wide__s{indicator.slot}",
        kind="amount",
        owner=indicator.owner,
        quantum=indicator.quantum,
    )


ENTERPRISES = Register(
    code="enterprise",
    label=_("企业台账"),
    base=enterprises,
    identity="uscc",
    scope={"park": "placed__park__code", "own": "uscc"},
    fields=_enterprise_fields,
    order=("placed__park__code", "named__name"),
    search=("named__name", "uscc"),
)


def _park_fields() -> Sequence[Field]:
    return [
        Field("code", _("园区代码"), cls=PUBLIC_CLASS, kind="code"),
        Field("name", _("园区"), cls=PUBLIC_CLASS),
        Field("short", _("简称"), cls=PUBLIC_CLASS),
        Field("level", _("级别"), cls=PUBLIC_CLASS, kind="choice", choices=lambda: LEVELS),
    ]


PARKS = Register(
    code="park",
    label=_("园区台账"),
    base=lambda as_of: Park.objects.all(),
    identity="code",
    scope={"park": "code"},
    fields=_park_fields,
    order=("code",),
    search=("name", "short", "code"),
)


# The figures of the latest month that a project's ledger shows.
PROJECT_FIGURES = ("project_total_yuan", "project_month_yuan", "project_so_far_yuan")


def projects(as_of: AsOf) -> QuerySet[Any]:
    """Projects, each with the figures of the latest month reported up to a day."""
    month = as_of.on.year * 100 + as_of.on.month
    latest = Observation.objects.filter(
        subject=OuterRef("subject"), superseded_by=None, period__lte=month
    ).order_by("-period")
    return Project.objects.annotate(
        month=Subquery(latest.values("period")[:1]),
        **{
            code: Subquery(latest.filter(indicator__code=code).values("value")[:1])
            for code in PROJECT_FIGURES
        },
    )


def _project_fields() -> Sequence[Field]:
    figures = {i.code: i for i in Indicator.objects.filter(code__in=PROJECT_FIGURES)}
    return [
        Field("code", _("项目代码"), kind="code"),
        Field("name", _("项目名称")),
        Field("park", _("园区代码"), of="park__code", filter="choice", choices=park_choices,
              listed=False),
        Field("park_name", _("园区"), of="park__short"),
        Field("owner_name", _("建设单位"), filter="text"),
        Field("owner_code", _("建设单位信用代码"), kind="code", listed=False),
        Field("month", _("报到月份"), kind="code"),
        *(
            Field(code, one.label, label_en=one.label_en, unit=one.unit, cls=one.cls, kind="amount",
                  owner=one.owner, quantum=one.quantum)
            for code in PROJECT_FIGURES
            if (one := figures.get(code)) is not None
        ),
    ]  # fmt: skip


PROJECTS = Register(
    code="project",
    label=_("项目台账"),
    base=projects,
    identity="code",
    scope={"park": "park__code", "own": "owner_code"},
    fields=_project_fields,
    order=("park__code", "name"),
    search=("name", "code", "owner_name"),
)


def disagreements(as_of: AsOf) -> QuerySet[Any]:
    """Where offices differ of an enterprise, with the day's name and park of it."""
    return Disagreement.objects.annotate(
        named=FilteredRelation("enterprise__names", condition=_on("enterprise__names", as_of)),
        placed=FilteredRelation("enterprise__parks", condition=_on("enterprise__parks", as_of)),
        waits=Case(When(settled=Disagreement.Settled.OPEN, then=0), default=1),
    )


def _disagreement_fields() -> Sequence[Field]:
    return [
        Field("name", _("企业"), cls=PUBLIC_CLASS, of="named__name"),
        Field("uscc", _("统一社会信用代码"), cls=PUBLIC_CLASS, of="enterprise__uscc", kind="code"),
        Field("field", _("项目"), cls=PUBLIC_CLASS, kind="choice", filter="choice",
              choices=lambda: ClaimedField.choices),
        Field("settled", _("状态"), cls=PUBLIC_CLASS, kind="choice", filter="choice",
              choices=lambda: Disagreement.Settled.choices),
        Field("year", _("年度"), cls=PUBLIC_CLASS, kind="code"),
        Field("park", _("园区"), cls=PUBLIC_CLASS, of="placed__park__code", filter="choice",
              choices=park_choices, listed=False),
    ]  # fmt: skip


DISAGREEMENTS = Register(
    code="disagreement",
    label=_("说法不一"),
    base=disagreements,
    identity="id",
    scope={"park": "placed__park__code"},
    fields=_disagreement_fields,
    order=("waits", "named__name", "field"),
    search=("named__name", "enterprise__uscc"),
)
