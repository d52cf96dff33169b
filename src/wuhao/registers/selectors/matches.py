"""Codes and names that nobody could place, as their queue and their pages show them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wuhao.core.errors import OutOfScope
from wuhao.core.scope import grant_of
from wuhao.core.viewer import Viewer
from wuhao.registers.models import (
    Enterprise,
    EnterpriseName,
    MatchAsked,
    MatchDecision,
    MatchQuestion,
)

MATCHES_AT_MOST = 300


def match_questions(viewer: Viewer, status: str = "") -> list[dict[str, Any]]:
    """Codes and names that nobody could place, open ones first; an office sees what it asked."""
    found = _questions(viewer).select_related("candidate")
    if status:
        found = found.filter(status=status)
    rows = list(found.order_by("-status", "-pk")[:MATCHES_AT_MOST])
    names = _names_of([q.candidate_id for q in rows])
    standing = {d.question_id: d for d in _decisions(rows)}
    return [_question(q, names, standing.get(q.pk)) for q in rows]


def count_open_matches(viewer: Viewer) -> int:
    """How many questions wait for a decision of the bureau's."""
    return _questions(viewer).filter(status=MatchQuestion.Status.OPEN).count()


def match_question(viewer: Viewer, pk: int) -> dict[str, Any]:
    """A question with both sides: what was written and where, and the candidate's record.

    Raises OutOfScope out of reach.
    """
    found = _questions(viewer).select_related("candidate").filter(pk=pk).first()
    if found is None:
        raise OutOfScope(_("没有您能看到的待认定 %(pk)s。") % {"pk": pk})
    decisions = list(_decisions([found], standing=False))
    names = _names_of([found.candidate_id, *(d.enterprise_id for d in decisions)])
    places = found.places.select_related("batch__office").order_by("pk")
    if "secret" not in grant_of(viewer.role).classes:
        places = places.filter(batch__office__code=viewer.office)
    current = next((d for d in decisions if d.undone_at is None), None)
    return {
        **_question(found, names, current),
        "question": found,
        "places": [
            {
                "batch": place.batch.no,
                "office": place.batch.office.short,
                "status": str(place.batch.get_status_display()),
                "sheet": place.sheet,
                "cell": place.cell,
            }
            for place in places
        ],
        "candidate_record": _candidate(found.candidate),
        "decisions": [_decision(d, names) for d in decisions],
    }


def _questions(viewer: Viewer) -> QuerySet[MatchQuestion]:
    grant = grant_of(viewer.role)
    if grant.rows == "all" and "secret" in grant.classes:
        return MatchQuestion.objects.all()
    if not viewer.office:
        return MatchQuestion.objects.none()
    asked = MatchAsked.objects.filter(batch__office__code=viewer.office)
    return MatchQuestion.objects.filter(pk__in=asked.values("question"))


def _decisions(
    questions: Iterable[MatchQuestion], *, standing: bool = True
) -> QuerySet[MatchDecision]:
    found = MatchDecision.objects.filter(question__in=list(questions))
    found = found.filter(undone_at=None) if standing else found
    return found.select_related("enterprise", "by__user", "undone_by__user").order_by("-at", "-pk")


def _names_of(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {pk for pk in ids if pk is not None}
    current = EnterpriseName.objects.filter(valid_to=None, enterprise_id__in=wanted)
    return dict(current.values_list("enterprise_id", "name"))


def _question(
    q: MatchQuestion, names: Mapping[int, str], decision: MatchDecision | None
) -> dict[str, Any]:
    return {
        "pk": q.pk,
        "code": q.code,
        "name": q.name,
        "candidate": q.candidate.uscc if q.candidate else "",
        "candidate_name": names.get(q.candidate_id or 0, ""),
        "reasons": q.reasons,
        "status": q.status,
        "status_label": str(q.get_status_display()),
        "created_at": q.created_at,
        "verdict": str(decision.get_verdict_display()) if decision else "",
    }


def _decision(d: MatchDecision, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "verdict": str(d.get_verdict_display()),
        "uscc": d.enterprise.uscc if d.enterprise else "",
        "name": names.get(d.enterprise_id or 0, ""),
        "note": d.note,
        "at": d.at,
        "by": d.by.user.name if d.by else "",
        "undone_at": d.undone_at,
        "undone_by": d.undone_by.user.name if d.undone_by else "",
        "undone_reason": d.undone_reason,
    }


def _candidate(candidate: Enterprise | None) -> dict[str, Any]:
    """What the directory says of a candidate; public fields alone."""
    if candidate is None:
        return {}
    names = candidate.names.order_by("-valid_from").values("name", "valid_from", "valid_to")
    park = candidate.parks.filter(valid_to=None).select_related("park").first()
    return {
        "uscc": candidate.uscc,
        "names": list(names),
        "park": park.park.short if park else "",
        "sector": candidate.sector_name,
        "district": candidate.district,
        "established_on": candidate.established_on,
    }
