"""The scheme (评价方案): what a published evaluation method says, read from YAML."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from wuhao.engine.expression import Condition, Joined, Starts, TextCompare

LACKS = ("missing", "not_applicable", "zero_denominator", "negative_denominator")
"""Why an item has no value; the order is the code 1…4 in the tables."""


@dataclass(frozen=True)
class Basis:
    """Where a rule comes from: an article of the document, or a status such as `default`."""

    article: str | None = None
    status: str | None = None


@dataclass(frozen=True)
class Fact:
    """A number that the scheme reads for every subject, in a decimal quantum of its unit."""

    code: str
    label: str
    unit: str
    digits: int
    column: str
    optional: bool = False
    missing: str = "unknown"  # or "zero"
    not_applicable: str = "unknown"  # or "zero"
    excess: str = "refuse"  # digits beyond the quantum: "refuse" or "half_up"


@dataclass(frozen=True)
class Attribute:
    """A text that the scheme reads for every subject; a date is ISO text."""

    code: str
    label: str
    column: str
    kind: str = "text"
    values: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Rule:
    """A condition with a code: who is left out, why, and what an exempted subject counts as."""

    code: str
    label: str
    when: Condition
    text: str
    basis: Basis
    exemption: str = ""  # a class of EXEMPTIONS, "" for none
    counts_as: str = ""  # a grade
    years: int | None = None


@dataclass(frozen=True)
class Sum:
    """A polynomial over facts as integers: value = scale x (sum of coefficient x facts)."""

    text: str
    terms: tuple[tuple[tuple[str, ...], int], ...]
    scale: Fraction
    unit: str

    def facts(self) -> list[str]:
        """Return the facts used, in order of their code."""
        return sorted({name for names, _ in self.terms for name in names})


@dataclass(frozen=True)
class Quotient:
    """A number that is read for every subject in the unit of an item: above over below."""

    above: Sum
    below: Sum | None
    factor: Fraction  # the number in the item's unit = factor x above / below

    def facts(self) -> list[str]:
        """Return the facts used, in order of their code."""
        return sorted({*self.above.facts(), *(self.below.facts() if self.below else [])})


@dataclass(frozen=True)
class Kind:
    """A word of the vocabulary with its parameters: a benchmark, a score or a grading."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Indicator:
    """A measured item: numerator over denominator in a unit, benchmark, score, what if absent."""

    code: str
    label: str
    unit: str
    numerator: Sum
    denominator: Sum | None
    factor: Fraction  # value in `unit` = factor x num / den, over the integer columns
    benchmark: Kind
    score: Kind
    absent: dict[str, str]
    basis: Basis
    reads: dict[str, Quotient] = field(default_factory=dict)
    """What else is read for every subject: `target` is compared with, `past` is last year's part
    of the group's number, `before` is what growth is measured from."""
    among: Condition | None = None  # of whom the benchmark is taken; None: as its population says
    benchmark_basis: Basis | None = None  # where the benchmark comes from, where it says so
    marks: tuple[str, ...] = ()  # facts of which the score `trimmed_mean` takes the mean

    def lacks(self, *rules: str) -> list[int]:
        """Return the codes of the lacks that the item treats by one of these rules."""
        return [at for at, lack in enumerate(LACKS, start=1) if self.absent[lack] in rules]


@dataclass(frozen=True)
class Part:
    """A leaf (an indicator) or a branch (an aggregate of parts) with its weight."""

    code: str
    weight: Fraction
    kind: str = "indicator"
    label: str = ""
    parts: tuple[Part, ...] = ()
    exponent: Fraction = Fraction(1)  # of the mean `power`

    def leaves(self) -> list[Part]:
        """Return the indicators below, in the order of the scheme."""
        return [self] if not self.parts else [leaf for p in self.parts for leaf in p.leaves()]

    def branches(self) -> list[Part]:
        """Return the branches below and this one, children first."""
        if not self.parts:
            return []
        return [*(b for p in self.parts for b in p.branches()), self]


@dataclass(frozen=True)
class Adjustment:
    """A rule that changes a grade: `veto` sets it, `cap` lowers it, `lift` raises it."""

    code: str
    kind: str
    label: str
    when: Condition
    text: str
    to: str
    uses_quota: bool
    basis: Basis
    up: int = 0  # a lift by so many grades, instead of to one


@dataclass(frozen=True)
class Factor:
    """What a total is multiplied by: one number, or one for each value of an attribute."""

    times: Fraction  # what a table does not name is multiplied by it, too
    attribute: str = ""
    table: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True)
class PointLimit:
    """The most that several lines of bonus, or of deduction, may give together."""

    code: str
    label: str
    lines: tuple[str, ...]
    at_most: Fraction
    basis: Basis


@dataclass(frozen=True)
class Points:
    """Points on top of a total (`bonus`), off it (`deduction`), or a multiple of it (`factor`).

    Bonus and deduction are `each` for every event.
    """

    code: str
    kind: str
    label: str
    each: Fraction
    events: Sum | None  # None: one event
    at_most: Fraction | None
    when: Condition | None
    text: str
    basis: Basis
    factor: Factor | None = None
    floor: Fraction | None = None  # the line takes no total below it

    def hangs_on_total(self) -> bool:
        """Return whether its points can be known only with the total that it changes."""
        return self.factor is not None or self.floor is not None


@dataclass(frozen=True)
class Grades:
    """How totals become grades, best grade first."""

    order: tuple[str, ...]
    kind: Kind
    basis: Basis

    def is_strict(self) -> bool:
        """Return whether ties are broken to the last key at a border."""
        return self.kind.params.get("tie") == "strict"


@dataclass(frozen=True)
class By:
    """Groups made by the values of an attribute, or by the first characters of them."""

    attribute: str
    lengths: tuple[int | None, ...]  # of the heads, falling; None: the whole value
    min_size: int  # with fewer in scope a group is not made, its subjects go to a wider one
    fallback: str  # a later group that takes those who are in none; "": they are one together
    own: dict[str, Group]  # what the group of a value has of its own


@dataclass(frozen=True)
class Group:
    """Subjects compared with each other (规上, 规下): own indicators, weights, perhaps grades."""

    code: str
    label: str
    when: Condition | None
    root: Part
    basis: Basis
    grades: Grades | None = None  # None: as the scheme says
    by: By | None = None
    made_by: str = ""  # the group that it was made from, by a value
    items: dict[str, Indicator] = field(default_factory=dict)  # judged in a way of its own

    def item(self, item: Indicator) -> Indicator:
        """Return an item as this group judges it."""
        return self.items.get(item.code, item)

    def written(self) -> list[Group]:
        """Return this group and those that the scheme writes of single values."""
        return [self, *(self.by.own.values() if self.by else ())]

    def uses(self, code: str) -> bool:
        """Return whether an item counts in this group."""
        return code in {leaf.code for leaf in self.root.leaves()}

    def made(self, value: str) -> Group:
        """Return the group that a value, or the head of values, makes."""
        if self.by is None:
            raise ValueError(f"the group {self.code} makes no groups")
        of, words = self.by.attribute, (value,)
        whole = self.by.lengths == (None,)
        mine: Condition = TextCompare("==", of, words) if whole else Starts(of, words)
        when = mine if self.when is None else Joined("and", (self.when, mine))
        code, label = f"{self.code}:{value}", f"{self.label}：{value}"
        group = self.by.own.get(value) or replace(self, code=code, label=label)
        return replace(group, when=when, by=None, made_by=self.code)


@dataclass(frozen=True)
class UnitRule:
    """A rule of evaluation units: tenants with their owner, or all who share attributes."""

    code: str
    kind: str  # "tenants" or "together"
    label: str
    basis: Basis
    owner: str  # the attribute that holds the key of the owner
    by: tuple[str, ...]  # the attributes that are shared
    head: Sum | None  # the greatest of it heads those together
    unless: Condition | None  # who stays alone
    text: str
    separately: bool  # the members are evaluated each, and once more together


@dataclass(frozen=True)
class Units:
    """Who is evaluated with whom, and how their facts become one."""

    missing: dict[str, str]  # fact → "unknown" or "known_only", where a member does not report it
    joins: dict[str, str]  # fact → "sum", "max" or "head"
    rules: tuple[UnitRule, ...]


@dataclass(frozen=True)
class TieKey:
    """One key of the order among equal totals: an indicator's value or a quantity."""

    name: str
    kind: str  # "indicator" or "quantity"
    total: Sum | None = None


@dataclass(frozen=True)
class Scheme:
    """A whole scheme, checked."""

    code: str
    label: str
    doc: dict[str, Any]
    effective: tuple[date | None, date | None]
    subject: str
    subject_label: str
    other_columns: str
    digits: dict[str, int]
    rank_digits: int | None
    facts: dict[str, Fact]
    attributes: dict[str, Attribute]
    units: Units | None
    exclusions: tuple[Rule, ...]
    groups: tuple[Group, ...]
    indicators: dict[str, Indicator]
    points: tuple[Points, ...]
    point_limits: tuple[PointLimit, ...]
    adjustments: tuple[Adjustment, ...]
    ties: tuple[TieKey, ...]
    grades: Grades | None
    digest: str
    path: Path
    written: Scheme | None = None
    """What it was before groups were made by values of attributes; None where none are."""

    def as_written(self) -> Scheme:
        """Return the scheme with the groups that it writes, none made by values."""
        if self.written is None:
            return self
        return replace(self.written, exclusions=self.exclusions)

    def group(self, code: str) -> Group:
        """Return the group with this code; it may be one that a value makes."""
        found = next((group for group in self.groups if group.code == code), None)
        pattern, _, value = code.partition(":")
        return found or self.group(pattern).made(value)

    def gradings(self) -> list[Grades]:
        """Return how each group is graded, in the order of the groups; nothing without grades."""
        return [] if self.grades is None else [group.grades or self.grades for group in self.groups]

    def grading(self, code: str) -> Grades | None:
        """Return how the group with this code is graded."""
        return self.group(code).grades or self.grades

    def point_lines(self) -> list[Points | PointLimit]:
        """Return the lines from the base to the total; a limit stands after the last it limits."""
        found: list[Points | PointLimit] = []
        for line in self.points:
            found.append(line)
            passed = {one.code for one in found}
            found += [
                limit
                for limit in self.point_limits
                if line.code in limit.lines and passed.issuperset(limit.lines)
            ]
        return found

    def ways(self, code: str) -> list[Indicator]:
        """Return an item in all the ways in which it is judged, the common one first."""
        written = [group for pattern in self.groups for group in pattern.written()]
        own = [group.items[code] for group in written if code in group.items]
        return [self.indicators[code], *own]

    def exempts(self) -> bool:
        """Return whether a rule leaves subjects out by a class of exemption."""
        return any(rule.exemption for rule in self.exclusions)

    def branches(self) -> list[Part]:
        """Return every branch below a root, each code once, children first."""
        found: dict[str, Part] = {}
        for group in [one for pattern in self.groups for one in pattern.written()]:
            for branch in group.root.branches()[:-1]:
                found.setdefault(branch.code, branch)
        return list(found.values())

    def is_float(self) -> bool:
        """Return whether the scheme is of class F (logarithms, means other than linear)."""
        kinds = {b.kind for group in self.groups for b in group.root.branches()}
        items = (way for code in self.indicators for way in self.ways(code))
        logs = any(item.score.params.get("transform") == "ln" for item in items)
        return logs or not kinds.isdisjoint(("geometric", "harmonic", "power"))

    def quanta(self) -> dict[str, Decimal]:
        """Return the quantum of every fact."""
        return {code: Decimal(1).scaleb(-fact.digits) for code, fact in self.facts.items()}
