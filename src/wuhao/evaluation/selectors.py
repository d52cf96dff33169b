"""Reads of the evaluation: results in scope, counts, distribution, the public list."""

from collections import Counter
from decimal import Decimal
from typing import Any

from wuhao.core.errors import OutOfScope
from wuhao.core.exact import from_quanta
from wuhao.core.register import AsOf, Page, Query, rows, scope_q, selected
from wuhao.core.scope import INTERNAL, grant_of
from wuhao.core.viewer import PUBLIC, Viewer
from wuhao.evaluation.register import SCORE_QUANTUM, grade_order, results_of
from wuhao.registers.selectors import park_names
from wuhao.runs import selectors as runs
from wuhao.runs.models import Outcome, Run


def sees_results(viewer: Viewer) -> bool:
    """Scores and grades are internal: only for posts granted that class."""
    return INTERNAL in grant_of(viewer.role).classes


def results(viewer: Viewer, run_no: str, query: Query) -> Page:
    """A page of a run's results within the viewer's scope."""
    runs.run(viewer, run_no)
    return rows(results_of(run_no), viewer, AsOf(), query)


def grade_counts(viewer: Viewer, run_no: str, **filters: str) -> Counter[str]:
    """How many subjects in reach got each grade; "" counts those not graded."""
    if not sees_results(viewer):
        return Counter()
    found = selected(results_of(run_no), viewer, AsOf(), Query(filters=filters))
    return Counter(found.values_list("grade", flat=True))


def graded_keys(viewer: Viewer, run_no: str, **filters: str) -> list[str]:
    """Credit codes of the subjects in reach that were graded, in order."""
    found = selected(results_of(run_no), viewer, AsOf(), Query(filters=filters))
    graded = found.exclude(grade="").order_by("subject_key")
    return list(graded.values_list("subject_key", flat=True))


def not_graded(viewer: Viewer, run_no: str) -> Counter[str]:
    """How many subjects in reach were left out, by reason code."""
    found = selected(results_of(run_no), viewer, AsOf(), Query()).exclude(excluded="")
    return Counter(found.values_list("excluded", flat=True))


def adjusted_keys(viewer: Viewer, run_no: str) -> dict[str, str]:
    """Subjects in reach whose grade was adjusted: credit code -> rule ids."""
    found = selected(results_of(run_no), viewer, AsOf(), Query()).exclude(adjustments="")
    return dict(found.order_by("subject_key").values_list("subject_key", "adjustments"))


def outcome(viewer: Viewer, run_no: str, uscc: str) -> dict[str, Any]:
    """One subject's outcome as plain data. Raises OutOfScope when the viewer does not reach it."""
    if not sees_results(viewer):
        raise OutOfScope("您的岗位看不到评价得分和档次。")
    row = _row(viewer, run_no, uscc)
    if row is None:
        raise OutOfScope(f"{run_no} 里没有您能看到的 {uscc}。")
    return row


def _row(viewer: Viewer, run_no: str, uscc: str) -> dict[str, Any] | None:
    """One subject's outcome within the scope; None where the run holds none."""
    found = Outcome.objects.filter(scope_q(results_of(run_no), viewer), run__no=run_no)
    row = found.filter(subject_key=uscc).values().first()
    return dict(row) if row else None


def distribution(viewer: Viewer, run_no: str, group: str, bins: int = 36) -> list[dict[str, Any]]:
    """Counts of total scores by equal bins and grade, for a chart; scores as Decimal."""
    if not sees_results(viewer):
        return []
    found = selected(results_of(run_no), viewer, AsOf(), Query(filters={"scale": group}))
    totals = list(found.exclude(total=None).values_list("total", "grade"))
    if not totals:
        return []
    low, high = min(t for t, _g in totals), max(t for t, _g in totals)
    worst_first = grade_order(run_no)[::-1]
    width = max((high - low) // bins + 1, 1)
    counted: Counter[tuple[int, str]] = Counter(((t - low) // width, g) for t, g in totals)
    return [
        {
            "from": from_quanta(low + n * width, Decimal(SCORE_QUANTUM)),
            "to": from_quanta(low + (n + 1) * width, Decimal(SCORE_QUANTUM)),
            "counts": {grade: counted[n, grade] for grade in worst_first},
        }
        for n in range(bins)
    ]


def public_list(year: int | None = None) -> dict[str, Any]:
    """The list of the best grade that anyone may read: run, name, park and masked code.

    Only what the scheme makes public: the grade, never a value.
    """
    run = runs.current(PUBLIC, None if year is None else (year - 1) * 100)
    if run is None:
        return {"run": None, "rows": []}
    parks = park_names(PUBLIC)
    found = Outcome.objects.filter(run__no=run["no"], grade=grade_order(run["no"])[0])
    rows_ = found.order_by("group", "rank", "subject_key").values_list(
        "label", "park_code", "subject_key", "group"
    )
    shown = [
        {"name": name, "park": parks.get(park, ""), "code": f"{key[:14]}****", "group": group}
        for name, park, key, group in rows_
    ]
    return {"run": run, "rows": shown}


def grade_history(viewer: Viewer, uscc: str) -> list[dict[str, Any]]:
    """Published outcomes of an enterprise over the years, latest first.

    A year whose run does not hold the enterprise has no line; who may see no grade sees none.
    """
    if not sees_results(viewer):
        return []
    runs_ = Run.objects.filter(status=Run.Status.PUBLISHED).order_by("-period")
    rows_ = ((run, _row(viewer, run.no, uscc)) for run in runs_)
    return [{"run": run.no, "period": run.period, **row} for run, row in rows_ if row is not None]
