"""Reads of the runs room: which runs there are, and what the files of one say of a subject."""

import json
from collections.abc import Collection, Iterable
from functools import reduce
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.scope import grant_of
from wuhao.core.viewer import Viewer
from wuhao.engine.facts import State
from wuhao.engine.model import Scheme
from wuhao.engine.outcome import Line, Outcome
from wuhao.engine.scheme import load_scheme
from wuhao.runs.models import Run, SchemeVersion
from wuhao.runs.services import folder_of

S = SchemeVersion.Status


def runs(viewer: Viewer, *, published_only: bool = False) -> list[dict[str, Any]]:
    """Runs, latest first; those who may not see drafts see what is published."""
    found = Run.objects.order_by("-created_at", "-pk").select_related("scheme")
    if published_only or not sees_drafts(viewer):
        found = found.filter(status=Run.Status.PUBLISHED)
    return [described(run) for run in found]


def run(viewer: Viewer, no: str) -> dict[str, Any]:
    """One run by its number. Raises OutOfScope for an unknown one, or a draft not to be seen."""
    found = Run.objects.select_related("scheme").filter(no=no).first()
    if found is None or (found.status == Run.Status.DRAFT and not sees_drafts(viewer)):
        raise OutOfScope(f"没有您能看到的计算 {no}。")
    return described(found)


def current(viewer: Viewer, period: int | None = None) -> dict[str, Any] | None:
    """The run published last (of a period); None where nothing is published."""
    found = Run.objects.filter(status=Run.Status.PUBLISHED).order_by("-period", "-published_at")
    if period is not None:
        found = found.filter(period=period)
    latest = found.select_related("scheme").first()
    return described(latest) if latest else None


def scheme_versions(viewer: Viewer) -> list[SchemeVersion]:
    """Versions of schemes, latest first; without drafts for those who may not see them."""
    found = SchemeVersion.objects.select_related("drafted_by__user", "reviewed_by__user")
    if not sees_drafts(viewer):
        found = found.filter(status__in=(S.IN_FORCE, S.SUPERSEDED))
    return list(found.order_by("-created_at", "-pk"))


def scheme_version(viewer: Viewer, start: str) -> SchemeVersion:
    """The version whose digest begins so.

    Raises OutOfScope for none in reach, DomainError where several begin so.
    """
    found = [v for v in scheme_versions(viewer) if start and v.digest.startswith(start)]
    if not found:
        raise OutOfScope(_("没有您能看到的方案版本“%(start)s”。") % {"start": start})
    if len(found) > 1:
        words = _("有 %(n)s 个方案版本以“%(start)s”开头，请多写几位。")
        raise DomainError(words % {"n": len(found), "start": start})
    return found[0]


def scheme_in_force(viewer: Viewer, code: str) -> SchemeVersion:
    """The version of a scheme in force. Raises DomainError where there is none."""
    for version in scheme_versions(viewer):
        if version.code == code and version.status == S.IN_FORCE:
            return version
    raise DomainError(_("方案“%(code)s”还没有施行的版本，没有可比的。") % {"code": code})


def sees_drafts(viewer: Viewer) -> bool:
    """Drafts are for the posts that reach every row and more than public fields."""
    grant = grant_of(viewer.role)
    return grant.rows == "all" and "internal" in grant.classes


def described(run: Run) -> dict[str, Any]:
    """A run as plain data."""
    return {
        "no": run.no,
        "title": run.scheme.title,
        "scheme": run.scheme.code,
        "is_default": run.scheme.is_default,
        "period": run.period,
        "status": run.status,
        "status_label": run.get_status_display(),
        "ledger_no": run.ledger_id,
        "facts_digest": run.facts_digest,
        "scheme_digest": run.scheme_digest,
        "result_digest": run.result_digest,
        "notes": run.notes,
        "created_at": run.created_at,
        "published_at": run.published_at,
    }


def unreported(
    viewer: Viewer, no: str, facts: Iterable[str], keys: Collection[str] | None = None
) -> list[str]:
    """The subjects of a run's sealed facts that had none of these facts reported, in order.

    With keys, those among them.
    """
    path = folder_of(run(viewer, no)["no"]) / "facts.parquet"
    wanted = [f"{fact}__state" for fact in facts]
    held = [name for name in wanted if name in pq.read_schema(path).names]
    among = None if keys is None else [("subject", "in", sorted(keys))]
    if among is not None and not keys:
        return []
    rows = pq.read_table(path, columns=["subject", *held], filters=among)
    missing = [pc.equal(rows[name], State.MISSING.value) for name in held]
    subjects = rows["subject"].filter(reduce(pc.and_, missing)) if missing else rows["subject"]
    return [str(key) for key in subjects.to_pylist()]


def result_row(no: str, key: str) -> dict[str, Any] | None:
    """One subject's row of the kept results. For rooms above, after they have checked scope."""
    rows = pq.read_table(folder_of(no) / "results.parquet", filters=[("subject", "=", key)])
    found: list[dict[str, Any]] = rows.to_pylist()
    return found[0] if found else None


def kept(no: str) -> tuple[Scheme, list[Line]]:
    """The scheme as it was run, and the borders of its grades. For rooms above."""
    record = json.loads((folder_of(no) / "run.json").read_text(encoding="utf-8"))
    lines = [Line(**line) for line in record["lines"]]
    return load_scheme(folder_of(no) / "scheme.yaml"), lines


def outcome(viewer: Viewer, no: str) -> Outcome:
    """The whole of a kept run, its digests checked: every subject's facts and results.

    For rooms above, which tell a viewer no more than is in their scope.
    Raises OutOfScope for a run that the viewer may not see.
    """
    return Outcome.load(folder_of(run(viewer, no)["no"]))


def fact_row(no: str, key: str) -> dict[str, Any] | None:
    """One subject's row of the sealed facts. For rooms above, after they have checked scope."""
    rows = pq.read_table(folder_of(no) / "facts.parquet", filters=[("subject", "=", key)])
    found: list[dict[str, Any]] = rows.to_pylist()
    return found[0] if found else None
