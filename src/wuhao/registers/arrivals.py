"""What had come when: batches between two ledger numbers, and the facts told of an enterprise."""

from collections.abc import Iterable
from dataclasses import dataclass

from wuhao.core.viewer import Viewer
from wuhao.engine.facts import State
from wuhao.registers.models import Observation
from wuhao.registers.selectors import known_by


@dataclass(frozen=True)
class Arrival:
    """A batch that brought a figure: its number, its table, and the office that handed it in."""

    batch_no: str
    template: str
    office: str


def arrivals(
    viewer: Viewer, period: int, facts: Iterable[str], since: int, upto: int
) -> dict[tuple[str, str], Arrival]:
    """By fact and credit code, the batch behind what stood at `upto` and did not yet at `since`.

    No figure is told. For rooms above, which show only what is in the viewer's scope.
    """
    found = Observation.objects.filter(
        period=period, indicator__code__in=list(facts), ledger_id__gt=since
    )
    rows = known_by(found, upto).values_list(
        "indicator__code", "subject__key", "batch__no", "batch__template", "batch__office__code"
    )
    return {
        (fact, key): Arrival(no, template, office)
        for fact, key, no, template, office in rows
        if no is not None
    }


def reported(viewer: Viewer, uscc: str, period: int) -> frozenset[str]:
    """The facts of which an office has said anything of an enterprise and period; no figure.

    For rooms above, after they have checked scope.
    """
    found = Observation.objects.filter(subject__key=uscc, period=period, superseded_by=None)
    told = found.exclude(state=State.MISSING.value)
    return frozenset(told.values_list("indicator__code", flat=True))
