"""What the figures are counted over: one reading of the records a viewer reaches on a day.

Each reading is taken once and shared by all figures, so that they agree with one another.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import yaml
from django.utils.translation import gettext as _

from wuhao.core.errors import OutOfScope
from wuhao.core.exact import from_quanta
from wuhao.core.register import AsOf, Query, selected, visible
from wuhao.core.scope import grant_of
from wuhao.core.viewer import Viewer
from wuhao.engine.expression import Polynomial, parse_arithmetic
from wuhao.evaluation.register import results_of
from wuhao.intake import selectors as intake
from wuhao.registers.models import Indicator
from wuhao.registers.register import ENTERPRISES, PARKS
from wuhao.registers.selectors import fact_table
from wuhao.runs import selectors as runs
from wuhao.runs.models import Run

LAND = "land_m2"
TAX_COUNTED = "tax_counted"  # the name under which a scheme defines its counted tax (计入税收)


class NoSource(Exception):
    """A figure has nothing to be computed from; says what is lacking."""


@dataclass(frozen=True)
class Lineage:
    """Records behind a figure: where they are kept, what picked them, how many, their digest."""

    source: str
    selector: str
    filter: str
    count: int
    digest: str


@dataclass(frozen=True)
class Graded:
    """An outcome of the published run: credit code, group, grade, why not graded, adjustments."""

    uscc: str
    group: str
    grade: str
    excluded: str
    adjustments: tuple[str, ...]


def digest_of(records: Iterable[Any]) -> str:
    """The digest of records in the order given."""
    said = json.dumps(list(records), ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


class Reading:
    """The records that a viewer reaches as of a day; every part is read when first asked for."""

    def __init__(self, viewer: Viewer, as_of: AsOf) -> None:
        if grant_of(viewer.role).rows == "own":
            raise OutOfScope(_("这些数是全市的，您的岗位看不到；本企业的数在一企一档里。"))
        self.viewer = viewer
        self.as_of = as_of

    @cached_property
    def enterprises(self) -> list[dict[str, Any]]:
        """Credit code, scale and park of every enterprise in reach, by code."""
        paths = {"uscc": "uscc", "scale": "wide__scale", "park": "placed__park__short"}
        found = selected(ENTERPRISES, self.viewer, self.as_of, Query()).order_by("uscc")
        rows = found.values_list(*paths.values())
        return [dict(zip(paths, row, strict=True)) for row in rows]

    def keys(self, scale: str) -> list[str]:
        """Credit codes of the enterprises of a scale (`above`, `below`)."""
        return [row["uscc"] for row in self.enterprises if row["scale"] == scale]

    @cached_property
    def parks(self) -> list[str]:
        """Codes of the parks in reach."""
        found = selected(PARKS, self.viewer, self.as_of, Query()).order_by("code")
        return list(found.values_list("code", flat=True))

    def per_park(self, scale: str) -> Counter[str]:
        """How many enterprises of a scale stand in each park, by short name."""
        return Counter(
            row["park"] for row in self.enterprises if row["scale"] == scale and row["park"]
        )

    @cached_property
    def run(self) -> dict[str, Any]:
        """The published run of the year that the day falls in. Raises NoSource without one."""
        found = runs.current(self.viewer, (self.as_of.on.year - 1) * 100)
        if found is None:
            raise NoSource(_("%(year)s 年度的评价还没有公布结果。") % {"year": self.as_of.on.year})
        return found

    @cached_property
    def outcomes(self) -> list[Graded]:
        """What the published run says of each subject in reach, by credit code.

        Raises NoSource when the viewer may not see grades.
        """
        register = results_of(self.run["no"])
        if "grade" not in {field.code for field in visible(register, self.viewer)}:
            raise NoSource(_("您的岗位看不到评价结果。"))
        found = selected(register, self.viewer, self.as_of, Query())
        rows = found.order_by("subject_key").values_list(
            "subject_key", "group", "grade", "excluded", "adjustments"
        )
        return [
            Graded(key, group, grade, excluded, tuple(rule for rule in rules.split(",") if rule))
            for key, group, grade, excluded, rules in rows
        ]

    def graded(self, group: str = "") -> list[Graded]:
        """The graded subjects, of one group or of all."""
        return [row for row in self.outcomes if row.grade and group in ("", row.group)]

    @cached_property
    def scheme(self) -> Mapping[str, Any]:
        """The text of the scheme that the published run was computed under."""
        text = Run.objects.select_related("scheme").get(no=self.run["no"]).scheme.text
        content: dict[str, Any] = yaml.safe_load(text)
        return content

    @cached_property
    def tax_terms(self) -> dict[str, Decimal]:
        """The facts that the scheme adds up to its counted tax, each with its factor."""
        if TAX_COUNTED not in self.scheme.get("quantities", {}):
            return {}
        terms = self._quantity(TAX_COUNTED).terms
        return {name: Decimal(c.numerator) / c.denominator for (name,), c in terms}

    def _quantity(self, name: str) -> Polynomial:
        """A quantity of the scheme, or one of its facts."""
        text = self.scheme["quantities"].get(name)
        if text is None:
            return Polynomial.of({(name,): Fraction(1)})
        return parse_arithmetic(text, self._quantity)

    @cached_property
    def amounts(self) -> dict[str, dict[str, Decimal]]:
        """Land and tax of each enterprise in reach in the run's period, by code, where known.

        The sums below ask first whether the viewer may see what they add up.
        """
        codes = [LAND, *self.tax_terms]
        facts = fact_table(self.viewer, self.as_of, self.run["period"], codes)
        found: dict[str, dict[str, Decimal]] = {}
        for row in facts.table.select(["subject", *facts.quanta]).to_pylist():
            known = {code: row[code] for code in facts.quanta if row[code] is not None}
            found[row["subject"]] = {
                code: from_quanta(value, facts.quanta[code]) for code, value in known.items()
            }
        return found

    def tax_of(self, keys: Iterable[str]) -> list[tuple[str, Decimal]]:
        """Counted tax of the enterprises held, as the run's scheme defines it.

        Raises NoSource when the scheme does not, or the viewer may not see it.
        """
        terms, none = self.tax_terms, Decimal(0)
        if not terms:
            raise NoSource(_("方案没有定义计入税收。"))
        _must_see(self.viewer, terms)
        return [
            (key, sum((factor * held.get(code, none) for code, factor in terms.items()), none))
            for key, held in ((key, self.amounts[key]) for key in keys if key in self.amounts)
        ]

    def land_of(self, keys: Iterable[str]) -> list[tuple[str, Decimal]]:
        """Land in m2 of the enterprises held that have any on record.

        Raises NoSource when the viewer may not see it.
        """
        _must_see(self.viewer, [LAND])
        found = ((key, self.amounts[key].get(LAND)) for key in keys if key in self.amounts)
        return [(key, area) for key, area in found if area is not None]

    @property
    def within(self) -> str:
        """What part of the city the rows in reach are; empty for the whole of it."""
        return within(self.viewer)

    @property
    def batches_within(self) -> str:
        """Whose batches are in reach; empty for everybody's."""
        return _("本单位") if grant_of(self.viewer.role).own_columns else ""

    @cached_property
    def batches_count(self) -> int:
        """How many accepted batches are in reach. Raises NoSource where none ever are."""
        if not intake.may_read(self.viewer):
            raise NoSource(_("您的岗位看不到批次。"))
        return intake.count_accepted(self.viewer)

    @cached_property
    def batches(self) -> list[tuple[str, str]]:
        """Number and digest of the accepted batches in reach, as far back as intake lists them."""
        found = intake.batches(self.viewer, "accepted")
        return [(row["no"], row["digest"]) for row in found]


def within(viewer: Viewer) -> str:
    """The part of the city that a post's rows are; empty for the whole of it."""
    return _("本园区") if grant_of(viewer.role).rows == "park" else ""


def _must_see(viewer: Viewer, codes: Iterable[str]) -> None:
    grant = grant_of(viewer.role)
    hidden = Indicator.objects.filter(code__in=list(codes)).exclude(cls__in=grant.classes)
    if (hidden.exclude(owner=viewer.office) if grant.own_columns else hidden).exists():
        raise NoSource(_("您的岗位看不到这个数所依据的企业税收或用地。"))
