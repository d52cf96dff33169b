"""The named figures: label, unit, basis, owner, rule; and their values with lineage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from wuhao.core import city
from wuhao.core.errors import DomainError
from wuhao.core.register import AsOf
from wuhao.core.viewer import Viewer
from wuhao.documents.layout.content import Slot
from wuhao.evaluation.services import grade_letters
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
    """A figure: what it counts (basis), whose duty it is, how it is rounded and computed."""

    code: str
    label: Promise
    basis: Promise
    duty: str
    rule: Rule
    measure: m.Measure

    @property
    def owner(self) -> str:
        """The office that answers for it, as the city divides duties; empty where it does not."""
        return str(city.read("city.yaml").get("duties", {}).get(self.duty, ""))


def figures() -> Mapping[str, Figure]:
    """Every figure by its code; those of grades follow the letters of the city's schemes."""
    return _registry(grade_letters())


@cache
def _registry(grades: tuple[str, ...]) -> Mapping[str, Figure]:
    listed = [*_HELD, _GRADED, *map(_of_grade, grades), *map(_best_share, grades[:1]), *_JUDGED]
    return {figure.code: figure for figure in listed}


def _of_grade(grade: str) -> Figure:
    label = format_lazy(lazy("{grade}类企业数"), grade=grade)
    basis = lazy("当年度已公布评价结果；分母为定档企业")
    return Figure(f"grade_{grade.lower()}", label, basis, "evaluation", FIRMS, m.of_grade(grade))


def _best_share(grade: str) -> Figure:
    """The share of the best grade; its code stays, whatever the letter."""
    label = format_lazy(lazy("{grade}类企业占比"), grade=grade)
    basis = format_lazy(lazy("{grade}类企业数÷定档企业数"), grade=grade)
    return Figure("grade_a_share", label, basis, "evaluation", RateRule(), m.of_grade(grade))


_HELD = (
    Figure("parks_count", lazy("园区数"), lazy("园区台账所列园区"), "parks",
           CountRule("个"), m.parks),
    Figure("enterprises_above_scale", lazy("规模以上工业企业数"),
           lazy("企业台账中最近数据年度规模为规上的企业"), "above_scale", FIRMS,
           m.enterprises("above")),
    Figure("enterprises_below_scale", lazy("规模以下工业企业数"),
           lazy("企业台账中最近数据年度规模为规下的企业"), "directory", FIRMS,
           m.enterprises("below")),
    Figure("largest_park", lazy("规模以上企业最多的园区"),
           lazy("按截止日所在园区计数；同数时按园区简称排序取前"), "directory",
           NameRule(), m.largest_park),
    Figure("largest_park_enterprises", lazy("规模以上企业最多的园区的企业数"),
           lazy("按截止日所在园区计数"), "directory", FIRMS, m.largest_park),
    Figure("largest_park_share", lazy("规模以上企业最多的园区所占比重"),
           lazy("该园区规上企业数÷在园区的规上企业总数"), "directory", RateRule(),
           m.largest_park),
)  # fmt: skip
_GRADED = Figure("graded_enterprises", lazy("参评定档企业数"),
                 lazy("当年度已公布评价结果中定了档次的企业"), "evaluation", FIRMS,
                 m.graded)  # fmt: skip
_JUDGED = (
    Figure("ungraded_enterprises", lazy("不定档企业数"),
           lazy("当年度已公布评价结果中未定档次的企业"), "evaluation", FIRMS, m.not_graded),
    Figure("vetoed_enterprises", lazy("一票否决企业数"),
           lazy("定档企业中因方案所列一票否决事项列为末档的企业"), "evaluation", FIRMS, m.vetoed),
    Figure("tax_counted_total", lazy("定档企业计入税收"),
           lazy("方案所定的计入税收，定档企业合计"), "tax", AmountRule("yi_yuan"),
           m.tax_counted),
    Figure("land_graded", lazy("定档企业用地面积"), lazy("定档企业用地面积合计"), "land",
           AmountRule("mu"), m.land_graded),
    Figure("tax_per_mu_above_scale", lazy("规模以上企业亩均税收"),
           lazy("定档规上企业计入税收合计÷用地面积合计"), "tax", QuotientRule("wan_yuan", "mu"),
           m.tax_per_land("above")),
    Figure("batches_accepted", lazy("已受理数据批次"), lazy("各部门报送并已受理的批次"), "intake",
           CountRule("批"), m.batches),
)  # fmt: skip


@dataclass(frozen=True)
class FigureValue:
    """A figure's value on a day. `value` is rounded as printed; the parts are exact.

    `missing` says why there is none, `within` what part of the city it counts if not all.
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
    within: str = ""

    @property
    def label(self) -> str:
        """What the figure counts, with the part of the city where it is a part."""
        return f"{self.within} · {self.figure.label}" if self.within else str(self.figure.label)

    @property
    def basis(self) -> str:
        """What is counted and how, and that only a part of the city was."""
        if not self.within:
            return str(self.figure.basis)
        words = {"basis": self.figure.basis, "within": self.within}
        return _("%(basis)s；只数%(within)s") % words

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
            "within": self.within,
        }


def figure_named(code: str) -> Figure:
    """The figure of a code. Raises DomainError, naming the nearest code."""
    known = figures()
    if code in known:
        return known[code]
    near = get_close_matches(code, known, 1)
    hint = _("是不是 %(near)s？") % {"near": near[0]} if near else ""
    raise DomainError(_("没有名为 %(code)s 的数字。%(hint)s") % {"code": code, "hint": hint})


def figure_values(viewer: Viewer, as_of: AsOf | None = None) -> list[FigureValue]:
    """Every figure as this viewer sees it. Raises OutOfScope where they reach no row."""
    reading = Reading(viewer, as_of or AsOf())
    return [measured(figure, reading) for figure in figures().values()]


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
        within=found.within or reading.within,
    )
