"""Reads from the registers; every one takes the viewer first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.db.models import Count, Q, QuerySet, Sum

from wuhao.core.register import AsOf, Query, record, selected, visible
from wuhao.core.scope import grant_of
from wuhao.core.viewer import Viewer
from wuhao.engine.facts import Facts, State
from wuhao.registers.models import (
    Enterprise,
    EnterpriseEvent,
    EnterpriseName,
    EnterprisePark,
    EnterpriseRelation,
    EnterpriseYear,
    Indicator,
    LandTenure,
    Observation,
    Park,
    Recognition,
)
from wuhao.registers.register import ENTERPRISES, GRADE_KIND, PARKS, SCALES
from wuhao.registers.rules import land_day

RELATED = {
    EnterpriseRelation.Kind.BRANCH.value: "legal_person",
    EnterpriseRelation.Kind.GROUP.value: "group",
    EnterpriseRelation.Kind.SITE.value: "site",
}
"""The attribute of an enterprise that holds its head, by kind of relation."""


@dataclass(frozen=True)
class SourceCell:
    """Where a figure came from: batch, file, sheet, cell, office; value in quanta and state."""

    fact: str
    label: str
    unit: str
    quantum: str
    value: int | None
    state: int
    batch_no: str
    file_name: str
    sheet: str
    cell: str
    office: str
    mark: str
    ledger_no: int
    note: str = ""


def count_enterprises(viewer: Viewer, as_of: AsOf, **filters: str) -> int:
    """How many enterprises the viewer reaches, filtered as a list is (`scale="above"`)."""
    return selected(ENTERPRISES, viewer, as_of, Query(filters=filters)).count()


def enterprise_keys(viewer: Viewer, as_of: AsOf, **filters: str) -> list[str]:
    """The credit codes behind `count_enterprises`, in order."""
    found = selected(ENTERPRISES, viewer, as_of, Query(filters=filters))
    return list(found.order_by("uscc").values_list("uscc", flat=True))


def enterprises_by_park(viewer: Viewer, as_of: AsOf) -> list[tuple[str, str, int]]:
    """(park code, short name, enterprises) for the parks in reach, most first, then by code."""
    found = selected(ENTERPRISES, viewer, as_of, Query()).filter(placed__park__code__isnull=False)
    counted = found.values("placed__park__code", "placed__park__short").annotate(n=Count("pk"))
    rows = [(r["placed__park__code"], r["placed__park__short"], r["n"]) for r in counted]
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def count_parks(viewer: Viewer, as_of: AsOf) -> int:
    """How many parks the viewer reaches."""
    return selected(PARKS, viewer, as_of, Query()).count()


def park_names(viewer: Viewer) -> dict[str, str]:
    """Park codes and short names; names of parks are public."""
    return dict(Park.objects.order_by("code").values_list("code", "short"))


def known_to_checks(
    viewer: Viewer, facts: Iterable[str], period: int
) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """What checks of a handed-in file compare with: the directory as credit code -> name today,
    and last year's values in quanta by fact and credit code."""
    current = EnterpriseName.objects.filter(valid_to=None)
    names = dict(current.values_list("enterprise__uscc", "name"))
    found = Observation.objects.filter(
        period=period - 100, indicator__code__in=list(facts), superseded_by=None, state=State.VALUE
    ).values_list("indicator__code", "subject__key", "value")
    values: dict[str, dict[str, int]] = {}
    for fact, key, value in found:
        values.setdefault(fact, {})[key] = int(value or 0)
    return names, values


def known_beside(
    viewer: Viewer, facts: Iterable[str], period: int
) -> tuple[dict[str, dict[str, int]], dict[str, tuple[str, str]]]:
    """What other departments reported of a period, in quanta by fact and credit code, a zero as 0;
    and the sector (two digits of its class) and the size class of every enterprise."""
    wanted = list(facts)
    values: dict[str, dict[str, int]] = {}
    if wanted:
        found = Observation.objects.filter(
            period=period, indicator__code__in=wanted, superseded_by=None, state__lte=State.ZERO
        ).values_list("indicator__code", "subject__key", "value")
        for fact, key, value in found:
            values.setdefault(fact, {})[key] = int(value or 0)
    scales = dict(
        EnterpriseYear.objects.exclude(scale="")
        .order_by("year")
        .values_list("enterprise__uscc", "scale")
    )
    labels = {code: str(label) for code, label in SCALES}
    sectors = Enterprise.objects.exclude(sector="").values_list("uscc", "sector")
    peers = {uscc: (sector[:3], labels[scales[uscc]]) for uscc, sector in sectors if uscc in scales}
    return values, peers


def held_values(viewer: Viewer, facts: Iterable[str], period: int) -> dict[str, dict[str, Any]]:
    """What the house holds of a period, for forms that are filled in beforehand.

    By fact and credit code in quanta, and under "" the quantum of every fact; facts that the
    viewer may not see are left out.
    """
    seen = [fact for fact in facts if fact in visible_facts(viewer)]
    quanta = Indicator.objects.filter(code__in=seen).values_list("code", "quantum")
    held: dict[str, dict[str, Any]] = {"": {code: Decimal(q) for code, q in quanta}}
    found = Observation.objects.filter(
        period=period, indicator__code__in=seen, superseded_by=None, state__lte=State.ZERO.value
    )
    for fact, key, value in found.values_list("indicator__code", "subject__key", "value"):
        held.setdefault(fact, {})[key] = int(value or 0)
    return held


def firms(viewer: Viewer) -> dict[str, str]:
    """The enterprises in the viewer's reach today, by credit code, each with its name."""
    found = selected(ENTERPRISES, viewer, AsOf(), Query()).order_by("named__name", "uscc")
    return dict(found.values_list("uscc", "named__name"))


def fact_table(viewer: Viewer, as_of: AsOf, period: int, codes: Iterable[str]) -> Facts:
    """One row per enterprise in reach with the named facts of a period and its attributes.

    Among them `legal_person`, `group` and `site`: whose branch it is, and the head of the group
    and of the site to which it belongs, itself where it is the head.

    Honours `as_of.ledger`: only what had been accepted up to that number counts.
    """
    attributes = _attributes(viewer, as_of)
    heads = _heads_on(as_of.on)
    keys = sorted(attributes)
    found = list(codes)
    indicators = {i.code: i for i in Indicator.objects.filter(code__in=found)}
    values = _values(as_of, period, indicators)
    columns: dict[str, Any] = {"subject": pa.array(keys, pa.string())}
    for name in next(iter(attributes.values()), {}):
        columns[name] = pa.array([attributes[key][name] for key in keys], pa.string())
    for name, head_of in heads.items():
        columns[name] = pa.array([head_of.get(key) for key in keys], pa.string())
    for code in indicators:
        cells = [values.get((code, key), (None, State.MISSING.value)) for key in keys]
        columns[code] = pa.array([value for value, _state in cells], pa.int64())
        columns[f"{code}__state"] = pa.array([state for _value, state in cells], pa.int8())
    quanta = {code: Decimal(indicator.quantum) for code, indicator in indicators.items()}
    return Facts(pa.table(columns), quanta)


def _heads_on(day: date) -> dict[str, dict[str, str]]:
    """By attribute the credit codes of the heads of branches, groups and sites on a day."""
    held = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    found = EnterpriseRelation.objects.filter(held, undone_at=None, valid_from__lte=day)
    heads: dict[str, dict[str, str]] = {name: {} for name in RELATED.values()}
    ordered = found.order_by("pk").values_list("kind", "enterprise__uscc", "head__uscc")
    for kind, member, head in ordered:
        name = RELATED[kind]
        heads[name][member] = head
        if kind != EnterpriseRelation.Kind.BRANCH:
            heads[name].setdefault(head, head)
    return heads


def _attributes(viewer: Viewer, as_of: AsOf) -> dict[str, dict[str, str | None]]:
    columns = {
        "name": "named__name", "park": "placed__park__code", "sector": "sector",
        "scale": "wide__scale", "construction_state": "wide__construction_state",
        "established_on": "established_on", "in_production_on": "in_production_on",
    }  # fmt: skip
    found = selected(ENTERPRISES, viewer, as_of, Query()).values_list("uscc", *columns.values())
    return {
        uscc: {
            name: None if value is None or value == "" else str(value)
            for name, value in zip(columns, values, strict=True)
        }
        for uscc, *values in found
    }


def _values(
    as_of: AsOf, period: int, indicators: Mapping[str, Indicator]
) -> dict[tuple[str, str], tuple[int | None, int]]:
    found = Observation.objects.filter(period=period, indicator__in=indicators.values())
    found = known_by(found, as_of.ledger)
    rows = found.values_list("indicator__code", "subject__key", "value", "state")
    return {(code, key): (value, state) for code, key, value, state in rows}


def known_by(found: QuerySet[Observation], ledger: int | None) -> QuerySet[Observation]:
    """The observations that stood when the house had come up to a ledger number."""
    if ledger is None:
        return found.filter(superseded_by=None)
    later = Q(superseded_by__isnull=True) | Q(superseded_by__gt=ledger)
    return found.filter(later, ledger_id__lte=ledger)


def visible_facts(viewer: Viewer) -> frozenset[str]:
    """The codes of the catalogue's indicators that this viewer may see."""
    grant = grant_of(viewer.role)
    catalogue = Indicator.objects.values_list("code", "cls", "owner")
    return frozenset(
        code
        for code, cls, owner in catalogue
        if cls in grant.classes or (grant.own_columns and owner == viewer.office)
    )


def sources(
    viewer: Viewer, uscc: str, period: int, ledger: int | None = None
) -> dict[str, SourceCell]:
    """The source cell of every fact of an enterprise in a period that the viewer may see."""
    must_reach(viewer, uscc)
    seen = visible_facts(viewer)
    found = Observation.objects.filter(subject__key=uscc, period=period)
    found = known_by(found, ledger).select_related("indicator", "batch__office", "batch__file")
    return {o.indicator.code: _source(o) for o in found if o.indicator.code in seen}


def _source(o: Observation) -> SourceCell:
    batch = o.batch
    return SourceCell(
        fact=o.indicator.code,
        label=o.indicator.label,
        unit=o.indicator.unit,
        quantum=o.indicator.quantum,
        value=o.value,
        state=o.state,
        batch_no=batch.no if batch else "",
        file_name=batch.file.name if batch else "",
        sheet=o.sheet,
        cell=f"{o.column}{o.row}" if o.column else "",
        office=batch.office.short if batch else "",
        mark=batch.office.mark if batch else "",
        ledger_no=o.ledger_id,
    )


def tenures(viewer: Viewer, uscc: str, period: int) -> list[dict[str, Any]]:
    """The parcels behind an enterprise's land of a year, with their source cells."""
    must_reach(viewer, uscc)
    on = land_day(period)
    held = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    found = LandTenure.objects.filter(
        held, enterprise__uscc=uscc, superseded_by=None, valid_from__lte=on
    ).select_related("batch__office", "batch__file")
    return [
        {
            "parcel_code": t.parcel_code,
            "right": t.get_right_display(),
            "area_m2": t.area_m2,
            "valid_from": t.valid_from,
            "valid_to": t.valid_to,
            "batch_no": t.batch.no if t.batch else "",
            "file_name": t.batch.file.name if t.batch else "",
            "sheet": t.sheet,
            "cell": f"{t.column}{t.row}",
        }
        for t in found.order_by("parcel_code", "right")
    ]


def history(viewer: Viewer, uscc: str) -> dict[str, list[dict[str, Any]]]:
    """Dated names, parks and recognitions of an enterprise, latest first."""
    must_reach(viewer, uscc)
    dated = ("valid_from", "valid_to")
    names = EnterpriseName.objects.filter(enterprise__uscc=uscc).order_by("-valid_from")
    parks = EnterprisePark.objects.filter(enterprise__uscc=uscc).order_by("-valid_from")
    lists = Recognition.objects.filter(enterprise__uscc=uscc).order_by("-valid_from", "kind")
    shown = list(lists.values("kind", "level", "document", "source_urn", *dated))
    if "grade" not in {field.code for field in visible(ENTERPRISES, viewer)}:
        shown = [row for row in shown if row["kind"] != GRADE_KIND]
    return {
        "names": list(names.values("name", *dated)),
        "parks": [{"park": row.park.name, "valid_from": row.valid_from, "valid_to": row.valid_to}
                  for row in parks.select_related("park")],
        "recognitions": shown,
    }  # fmt: skip


def events(viewer: Viewer, uscc: str) -> list[dict[str, Any]]:
    """Penalties and accidents of an enterprise, latest first, each with its source row."""
    must_reach(viewer, uscc)
    if "internal" not in grant_of(viewer.role).classes:
        return []
    found = EnterpriseEvent.objects.filter(enterprise__uscc=uscc, superseded_by=None)
    return [
        {
            "kind": event.kind,
            "level": event.level,
            "happened_on": event.happened_on,
            "document": event.document,
            "fine_yuan": event.fine_yuan,
            "batch_no": event.batch.no if event.batch else "",
            "office": event.batch.office.short if event.batch else "",
            "sheet": event.sheet,
            "row": event.row,
        }
        for event in found.select_related("batch__office").order_by("-happened_on", "document")
    ]


def directory_source(viewer: Viewer, uscc: str) -> dict[str, Any]:
    """The directory row behind an enterprise's name, park and sector."""
    must_reach(viewer, uscc)
    e = Enterprise.objects.select_related("batch__office", "batch__file").get(uscc=uscc)
    batch = e.batch
    return {
        "batch_no": batch.no if batch else "",
        "file_name": batch.file.name if batch else "",
        "office": batch.office.short if batch else "",
        "mark": batch.office.mark if batch else "",
        "sheet": e.sheet,
        "cell": f"A{e.row}" if e.row else "",
    }


def grade_counts(viewer: Viewer, as_of: AsOf, **filters: str) -> Counter[str]:
    """How many enterprises in reach hold each grade on the day."""
    found = selected(ENTERPRISES, viewer, as_of, Query(filters=filters))
    rows = found.exclude(graded__level=None).values_list("graded__level").annotate(n=Count("pk"))
    return Counter(dict(rows))


def sum_of(viewer: Viewer, as_of: AsOf, code: str, keys: Iterable[str] | None = None) -> int | None:
    """The sum in quanta of a listed indicator over enterprises in reach; None when unseen."""
    field = next((f for f in visible(ENTERPRISES, viewer) if f.code == code), None)
    if field is None:
        return None
    found = selected(ENTERPRISES, viewer, as_of, Query())
    if keys is not None:
        found = found.filter(uscc__in=list(keys))
    total = found.aggregate(total=Sum(field.path))["total"]
    return 0 if total is None else int(total)


def latest_year(viewer: Viewer) -> int | None:
    """The latest year for which any enterprise has a row."""
    return EnterpriseYear.objects.order_by("-year").values_list("year", flat=True).first()


def must_reach(viewer: Viewer, uscc: str) -> None:
    """Raise OutOfScope for an enterprise that the viewer does not reach."""
    record(ENTERPRISES, viewer, AsOf(), uscc)
