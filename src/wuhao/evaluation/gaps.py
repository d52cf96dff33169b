"""What an evaluation still lacks (缺数): by department, before and after a draft is computed."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from wuhao.core import city
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.register import AsOf, Page, Query, rows, selected
from wuhao.core.viewer import Viewer
from wuhao.engine.scheme import load_scheme
from wuhao.evaluation.register import results_of
from wuhao.evaluation.services import scheme_path
from wuhao.intake import selectors as intake
from wuhao.intake.templates import Template
from wuhao.registers.arrivals import reported
from wuhao.runs import selectors as runs


@dataclass(frozen=True)
class Gap:
    """A table that an office has not yet had accepted, and the facts that wait for it."""

    template: str
    title: str
    title_en: str
    office: str
    facts: tuple[str, ...]


def wanted_tables(viewer: Viewer, year: int, ledger: int | None = None) -> list[Template]:
    """The yearly tables that an evaluation year rests on, in the order of their codes.

    A table is wanted that names the enterprises, or brings a fact of the year's scheme that no
    other accepted table of the year has brought. With a ledger number, as it stood then.
    """
    accepted = intake.accepted_templates(viewer, (year - 1) * 100, ledger)
    return _wanted(viewer, facts_read(year), accepted)


def _wanted(viewer: Viewer, read: set[str], accepted: frozenset[str]) -> list[Template]:
    yearly = [t for t in intake.all_templates(viewer) if t.period == "year"]
    brought = {fact for t in yearly if t.code in accepted for fact in facts_of(t)}
    return [
        t
        for t in yearly
        if t.effect == "enterprises"
        or (t.code in accepted and read & set(facts_of(t)))
        or (read & set(facts_of(t))) - brought
    ]


def gaps(viewer: Viewer, year: int, ledger: int | None = None) -> list[Gap]:
    """The wanted tables of which no batch of the year's period is (or was then) accepted."""
    accepted = intake.accepted_templates(viewer, (year - 1) * 100, ledger)
    read = facts_read(year)
    return [
        Gap(t.code, t.title, t.title_en, t.owner, tuple(f for f in facts_of(t) if f in read))
        for t in _wanted(viewer, read, accepted)
        if t.code not in accepted
    ]


def facts_read(year: int) -> set[str]:
    """The facts that the year's scheme reads; none where the city has no scheme of the year."""
    try:
        return set(load_scheme(scheme_path(year)).facts)
    except DomainError:
        return set()


def facts_of(template: Template) -> list[str]:
    """The facts that a table brings: by its columns, or derived from what it enters."""
    catalogue = city.read("indicators.yaml")["indicators"]
    derived = [one["code"] for one in catalogue if one.get("source") == template.effect]
    return [*template.facts, *derived]


@dataclass(frozen=True)
class RunGap:
    """A gap of a kept run: how many of its subjects had none of the facts, and whether the table
    has come since, so that computing again would count it."""

    gap: Gap
    subjects: int
    come_since: bool


def gaps_of_run(viewer: Viewer, no: str) -> list[RunGap]:
    """What a run lacked when it was computed. Raises OutOfScope for a run not to be seen."""
    said = runs.run(viewer, no)
    year = said["period"] // 100 + 1
    now = intake.accepted_templates(viewer, said["period"])
    return [
        RunGap(gap, len(runs.unreported(viewer, no, gap.facts)), gap.template in now)
        for gap in gaps(viewer, year, said["ledger_no"])
        if gap.facts
    ]


def gaps_of_subjects(viewer: Viewer, no: str, keys: Collection[str]) -> dict[str, list[Gap]]:
    """What a run lacked of each of some subjects, when it was computed; none is left out.

    The rooms above ask it of those that are in the viewer's scope. Raises OutOfScope for a run
    not to be seen.
    """
    said = runs.run(viewer, no)
    found: dict[str, list[Gap]] = {key: [] for key in keys}
    for gap in gaps(viewer, said["period"] // 100 + 1, said["ledger_no"]):
        if gap.facts:
            for key in runs.unreported(viewer, no, gap.facts, keys):
                found[key].append(gap)
    return found


def gap_of_run(viewer: Viewer, no: str, template: str) -> Gap:
    """The gap of a run that a table left. Raises OutOfScope where the run had that table."""
    said = runs.run(viewer, no)
    for gap in gaps(viewer, said["period"] // 100 + 1, said["ledger_no"]):
        if gap.template == template and gap.facts:
            return gap
    raise OutOfScope(_("%(no)s 不缺“%(table)s”这张表。") % {"no": no, "table": template})


def results_lacking(viewer: Viewer, no: str, gap: Gap, query: Query) -> Page:
    """A page of the results, within the viewer's scope, of those that a gap counts as 未报."""
    lacking = set(runs.unreported(viewer, no, gap.facts))
    register = results_of(no)
    found = selected(register, viewer, AsOf(), query).order_by("subject_key")
    keys = [key for key in found.values_list("subject_key", flat=True) if key in lacking]
    shown = keys[(query.page - 1) * query.size :][: query.size]
    those = replace(register, base=lambda as_of: register.base(as_of).filter(subject_key__in=shown))
    held = rows(those, viewer, AsOf(), Query(size=query.size, order="uscc"))
    return replace(held, count=len(keys), page=query.page)


def lacking_in_year(viewer: Viewer, uscc: str, period: int) -> list[Gap]:
    """The tables of a year still to come of which an enterprise has no fact yet.

    For rooms above, after they have checked scope.
    """
    found = [gap for gap in gaps(viewer, period // 100 + 1) if gap.facts]
    told = reported(viewer, uscc, period) if found else frozenset()
    return [gap for gap in found if not told.intersection(gap.facts)]
