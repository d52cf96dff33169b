"""How each figure is computed from a reading: its parts and the records behind them."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from wuhao.core import city
from wuhao.reports.rules import Parts
from wuhao.reports.selectors import Lineage, NoSource, Reading, digest_of


@dataclass(frozen=True)
class Measured:
    """A figure's parts, the records behind it, and what it divides into (by reason, by park).

    `within` says whose part was counted where it is not the reading's own.
    """

    parts: Parts
    lineage: tuple[Lineage, ...]
    detail: tuple[tuple[str, int], ...] = ()
    within: str = ""


Measure = Callable[[Reading], Measured]


def _lineage(source: str, selector: str, filter_: str, records: Sequence[Any]) -> Lineage:
    return Lineage(source, selector, filter_, len(records), digest_of(records))


def _held(selector: str, filter_: str, records: Sequence[Any]) -> Lineage:
    return _lineage(_("企业台账"), f"registers.{selector}", filter_, records)


def _judged(reading: Reading, filter_: str, records: Sequence[Any]) -> Lineage:
    no = reading.run["no"]
    return _lineage(_("评价结果 %(no)s") % {"no": no}, "evaluation.results", filter_, records)


def _counted(records: Sequence[Any], *lineage: Lineage, of: int | None = None) -> Measured:
    whole = None if of is None else Decimal(of)
    return Measured(Parts(Decimal(len(records)), whole), lineage)


def parks(reading: Reading) -> Measured:
    """Parks in reach."""
    found = reading.parks
    return _counted(found, _lineage(_("园区台账"), "registers.parks", "", found))


def enterprises(scale: str) -> Measure:
    """Enterprises of a scale."""

    def measure(reading: Reading) -> Measured:
        keys = reading.keys(scale)
        return _counted(keys, _held("enterprises", f"scale={scale}", keys))

    return measure


def largest_park(reading: Reading) -> Measured:
    """The park with the most above-scale enterprises, over all of them that stand in a park.

    Raises NoSource when no park has any, or one park alone is in reach.
    """
    if reading.within:
        raise NoSource(_("您的岗位只看本园区，比不出哪个园区最多。"))
    counted = reading.per_park("above")
    if not counted:
        raise NoSource(_("企业台账里还没有在园区的规模以上企业。"))
    ordered = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    name, most = ordered[0]
    parts = Parts(Decimal(most), Decimal(sum(counted.values())), name)
    filter_ = "scale=above, park!=null"
    return Measured(parts, (_held("enterprises", filter_, ordered),), tuple(ordered))


def graded(reading: Reading) -> Measured:
    """Graded enterprises, over all that the run looked at."""
    found = [row.uscc for row in reading.graded()]
    lineage = _judged(reading, "grade!=''", found)
    return _counted(found, lineage, of=len(reading.outcomes))


def of_grade(grade: str) -> Measure:
    """Enterprises of a grade, over all graded."""

    def measure(reading: Reading) -> Measured:
        whole = reading.graded()
        found = [row.uscc for row in whole if row.grade == grade]
        part = _judged(reading, f"grade={grade}", found)
        base = _judged(reading, "grade!=''", [row.uscc for row in whole])
        return _counted(found, part, base, of=len(whole))

    return measure


def not_graded(reading: Reading) -> Measured:
    """Enterprises that were not graded, by reason, over all that the run looked at."""
    left_out = [row for row in reading.outcomes if not row.grade]
    words = {entry["id"]: entry["label"] for entry in reading.scheme["scope"].get("exclude", [])}
    reasons = Counter(words.get(row.excluded, row.excluded) for row in left_out)
    records = [(row.uscc, row.excluded) for row in left_out]
    lineage = _judged(reading, "grade=''", records)
    parts = Parts(Decimal(len(left_out)), Decimal(len(reading.outcomes)))
    return Measured(parts, (lineage,), tuple(reasons.most_common()))


def vetoed(reading: Reading) -> Measured:
    """Graded enterprises that a veto put into the lowest grade, by rule."""
    rules = {
        entry["id"]: entry["label"]
        for entry in reading.scheme.get("adjustments", [])
        if entry["kind"] == "veto"
    }
    found = [row for row in reading.graded() if set(row.adjustments) & set(rules)]
    reasons = Counter(rules[rule] for row in found for rule in row.adjustments if rule in rules)
    records = [(row.uscc, row.adjustments) for row in found]
    lineage = _judged(reading, "adjustments~veto", records)
    parts = Parts(Decimal(len(found)), Decimal(len(reading.graded())))
    return Measured(parts, (lineage,), tuple(reasons.most_common()))


def _total(records: Sequence[tuple[str, Decimal]]) -> Decimal:
    return sum((amount for _key, amount in records), Decimal(0))


def _enough(records: Sequence[Any]) -> None:
    """Raises NoSource where a total of so few enterprises would tell what one of them paid."""
    least = int(city.read("city.yaml").get("min_public_group", 3))
    if 0 < len(records) < least:
        raise NoSource(_("不足 %(n)s 家企业，合计会露出单户的数，不出数。") % {"n": least})


def tax_counted(reading: Reading) -> Measured:
    """Counted tax of the graded enterprises."""
    records = reading.tax_of(row.uscc for row in reading.graded())
    _enough(records)
    return Measured(Parts(_total(records)), (_held("tax_counted", "grade!=''", records),))


def land_graded(reading: Reading) -> Measured:
    """Land of the graded enterprises."""
    records = reading.land_of(row.uscc for row in reading.graded())
    _enough(records)
    return Measured(Parts(_total(records)), (_held("land_m2", "grade!=''", records),))


def tax_per_land(group: str) -> Measure:
    """Total counted tax over total land of the graded enterprises of a group."""

    def measure(reading: Reading) -> Measured:
        keys = [row.uscc for row in reading.graded(group)]
        tax, land = reading.tax_of(keys), reading.land_of(keys)
        _enough(tax)
        filter_ = f"grade!='', group={group}"
        lineage = (_held("tax_counted", filter_, tax), _held("land_m2", filter_, land))
        return Measured(Parts(_total(tax), _total(land)), lineage)

    return measure


def batches(reading: Reading) -> Measured:
    """Accepted batches of departments' figures."""
    parts = Parts(Decimal(reading.batches_count))
    lineage = _lineage(_("数据报送"), "intake.batches", "status=accepted", reading.batches)
    return Measured(parts, (lineage,), within=reading.batches_within)
