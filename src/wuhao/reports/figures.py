"""The named figures: label, unit, basis, owner, rule; and their values with lineage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from wuhao.core.errors import DomainError
from wuhao.core.register import AsOf
from wuhao.core.viewer import Viewer
from wuhao.documents.layout.content import Slot
from wuhao.reports import measures as m
from wuhao.reports.rules import (
    AmountRule,
    CountRule,
    NameRule,
    NotDefined,
    QuotientRule,
    RateRule,
    Rule,
)
from wuhao.reports.selectors import Lineage, NoSource, Reading, digest_of

FIRMS = CountRule("家")


@dataclass(frozen=True)
class Figure:
    """A figure: what it counts (basis), who answers for it, how it is rounded and computed."""

    code: str
    label: Promise
    basis: Promise
    owner: str
    rule: Rule
    measure: m.Measure


def _registry(*figures: Figure) -> Mapping[str, Figure]:
    return {figure.code: figure for figure in figures}


FIGURES = _registry(
    Figure("parks_count", lazy("园区数"), lazy("园区台账所列园区"), "iit",
           CountRule("个"), m.parks),
    Figure("enterprises_above_scale", lazy("规模以上工业企业数"),
           lazy("企业台账中最近数据年度规模为规上的企业"), "stats", FIRMS, m.enterprises("above")),
    Figure("enterprises_below_scale", lazy("规模以下工业企业数"),
           lazy("企业台账中最近数据年度规模为规下的企业"), "mkt", FIRMS, m.enterprises("below")),
    Figure("largest_park", lazy("规模以上企业最多的园区"),
           lazy("按截止日所在园区计数；同数时按园区简称排序取前"), "mkt",
           NameRule(), m.largest_park),
    Figure("largest_park_enterprises", lazy("规模以上企业最多的园区的企业数"),
           lazy("按截止日所在园区计数"), "mkt", FIRMS, m.largest_park),
    Figure("largest_park_share", lazy("规模以上企业最多的园区所占比重"),
           lazy("该园区规上企业数÷在园区的规上企业总数"), "mkt", RateRule(), m.largest_park),
    Figure("graded_enterprises", lazy("参评定档企业数"),
           lazy("当年度已公布评价结果中定了档次的企业"), "iit", FIRMS, m.graded),
    *(Figure(f"grade_{grade.lower()}", label, lazy("当年度已公布评价结果；分母为定档企业"), "iit",
             FIRMS, m.of_grade(grade))
      for grade, label in {"A": lazy("A类企业数"), "B": lazy("B类企业数"),
                           "C": lazy("C类企业数"), "D": lazy("D类企业数")}.items()),
    Figure("grade_a_share", lazy("A类企业占比"), lazy("A类企业数÷定档企业数"), "iit",
           RateRule(), m.of_grade("A")),
    Figure("ungraded_enterprises", lazy("不定档企业数"),
           lazy("当年度已公布评价结果中未定档次的企业"), "iit", FIRMS, m.not_graded),
    Figure("vetoed_enterprises", lazy("一票否决企业数"),
           lazy("定档企业中因方案所列一票否决事项列为末档的企业"), "iit", FIRMS, m.vetoed),
    Figure("tax_counted_total", lazy("定档企业计入税收"),
           lazy("实缴税金+免抵调库−退税，定档企业合计"), "tax", AmountRule("yi_yuan"),
           m.tax_counted),
    Figure("land_graded", lazy("定档企业用地面积"), lazy("定档企业用地面积合计"), "land",
           AmountRule("mu"), m.land_graded),
    Figure("tax_per_mu_above_scale", lazy("规模以上企业亩均税收"),
           lazy("定档规上企业计入税收合计÷用地面积合计"), "tax", QuotientRule("wan_yuan", "mu"),
           m.tax_per_land("above")),
    Figure("batches_accepted", lazy("已受理数据批次"), lazy("各部门报送并已受理的批次"), "iit",
           CountRule("批"), m.batches),
)  # fmt: skip


@dataclass(frozen=True)
class FigureValue:
    """A figure's value on a day. `value` is rounded as printed; the parts are exact.

    `missing` says why there is none.
    """

    figure: Figure
    cut_off: date
    text: str = ""
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    lineage: tuple[Lineage, ...] = ()
    detail: tuple[tuple[str, int], ...] = ()
    missing: str = ""

    @property
    def printed(self) -> str:
        """The number with its unit; empty where there is none."""
        return self.text + self.figure.rule.suffix if self.text else ""

    @property
    def lineage_digest(self) -> str:
        """One digest over all records behind the figure."""
        return digest_of([part.digest for part in self.lineage])

    def slot(self, digits: int | None = None) -> Slot:
        """The figure as it is frozen into a document."""
        return Slot(
            code=self.figure.code,
            label=str(self.figure.label),
            text=self.text,
            suffix=self.figure.rule.suffix,
            unit=self.figure.rule.unit,
            value=self.value,
            numerator=self.numerator,
            denominator=self.denominator,
            basis=str(self.figure.basis),
            cut_off=self.cut_off,
            lineage=self.lineage_digest,
            digits=digits,
        )

    def plain(self) -> dict[str, Any]:
        """The figure as JSON prints it; numbers as text, so that nothing is rounded."""
        with translation.override("en"):
            label_en = str(self.figure.label)
        numbers = {
            key: None if value is None else f"{value:f}"
            for key, value in (
                ("value", self.value),
                ("numerator", self.numerator),
                ("denominator", self.denominator),
            )
        }
        return {
            "code": self.figure.code,
            "label": str(self.figure.label),
            "label_en": label_en,
            "text": self.printed,
            "unit": self.figure.rule.unit,
            **numbers,
            "basis": str(self.figure.basis),
            "owner": self.figure.owner,
            "cut_off": self.cut_off.isoformat(),
            "detail": dict(self.detail),
            "lineage": [vars(part) for part in self.lineage],
            "missing": self.missing,
        }


def figure_named(code: str) -> Figure:
    """The figure of a code. Raises DomainError, naming the nearest code."""
    if code in FIGURES:
        return FIGURES[code]
    near = get_close_matches(code, FIGURES, 1)
    hint = _("是不是 %(near)s？") % {"near": near[0]} if near else ""
    raise DomainError(_("没有名为 %(code)s 的数字。%(hint)s") % {"code": code, "hint": hint})


def figure_values(viewer: Viewer, as_of: AsOf | None = None) -> list[FigureValue]:
    """Every figure as this viewer sees it. Raises OutOfScope where they reach no row."""
    reading = Reading(viewer, as_of or AsOf())
    return [measured(figure, reading) for figure in FIGURES.values()]


def figure_value(viewer: Viewer, code: str, as_of: AsOf | None = None) -> FigureValue:
    """One figure. Raises DomainError for an unknown code, OutOfScope where no row is reached."""
    return measured(figure_named(code), Reading(viewer, as_of or AsOf()))


def measured(figure: Figure, reading: Reading, digits: int | None = None) -> FigureValue:
    """A figure computed from a reading, to its own digits or to those that a document asks for."""
    try:
        found = figure.measure(reading)
        value = figure.rule.value(found.parts, digits)
        text = figure.rule.text(found.parts, digits)
    except (NoSource, NotDefined) as reason:
        return FigureValue(figure, reading.as_of.on, missing=str(reason))
    return FigureValue(
        figure,
        reading.as_of.on,
        text=text,
        value=value,
        numerator=found.parts.numerator,
        denominator=found.parts.denominator,
        lineage=found.lineage,
        detail=found.detail,
    )
