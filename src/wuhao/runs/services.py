"""Writes of the runs room: enter schemes, run them over sealed facts, publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuhao.core import audit, day
from wuhao.core.errors import DomainError
from wuhao.core.models import LedgerEntry
from wuhao.core.move import Transition, move
from wuhao.core.viewer import Viewer
from wuhao.engine.evaluate import evaluate
from wuhao.engine.facts import Facts, conform
from wuhao.engine.findings import EngineError
from wuhao.engine.outcome import Outcome as Computed
from wuhao.engine.scheme import load_scheme
from wuhao.runs.models import Outcome, Run, SchemeVersion
from wuhao.runs.rules import JUDGED, KEPT, judged, run_no
from wuhao.runs.schemes import fields_of

PUBLISH = Transition(
    "publish",
    gettext_lazy("公布结果"),
    (Run.Status.DRAFT,),
    Run.Status.PUBLISHED,
    ("bureau_admin",),
)
SUPERSEDE = Transition(
    "supersede",
    gettext_lazy("以新结果取代"),
    (Run.Status.PUBLISHED,),
    Run.Status.SUPERSEDED,
    ("bureau_admin",),
)


@dataclass(frozen=True)
class Order:
    """What is to be run: scheme file, period, kind of subject, and what was known."""

    scheme: Path
    period: int
    subject_kind: str
    ledger: LedgerEntry


@transaction.atomic
def enter_scheme(path: Path) -> SchemeVersion:
    """Enter a scheme's YAML as a version; the same content is entered once."""
    scheme = load_scheme(path)
    version, _created = SchemeVersion.objects.get_or_create(
        digest=scheme.digest,
        defaults={**fields_of(scheme), "text": path.read_text(encoding="utf-8")},
    )
    return version


def computed(order: Order, facts: Facts) -> Computed:
    """Run a scheme over facts; nothing is kept yet."""
    scheme = load_scheme(order.scheme)
    return evaluate(scheme, conform(facts, scheme))


@transaction.atomic
def keep(order: Order, facts: Facts, outcome: Computed, by: Viewer) -> Run:
    """Keep snapshot, results and digests as a draft, in one transaction.

    The same input gives the run that is already there.
    """
    version = enter_scheme(order.scheme)
    existing = Run.objects.filter(
        scheme=version,
        period=order.period,
        facts_digest=outcome.facts_digest,
        result_digest=outcome.result_digest,
    ).first()
    return existing or _keep(order, version, facts, outcome, by)


def _keep(order: Order, version: SchemeVersion, facts: Facts, outcome: Computed, by: Viewer) -> Run:
    count = Run.objects.filter(scheme__code=version.code, period=order.period).count()
    run = Run.objects.create(
        no=run_no(version.code, order.period, count),
        scheme=version,
        period=order.period,
        subject_kind=order.subject_kind,
        ledger=order.ledger,
        facts_digest=outcome.facts_digest,
        scheme_digest=outcome.scheme_digest,
        result_digest=outcome.result_digest,
        notes=list(outcome.notes),
        created_by_id=by.post_id,
    )
    outcome.save(folder_of(run.no))
    attributes = _attributes(facts.table)
    Outcome.objects.bulk_create(
        [_outcome(run, row, attributes) for row in outcome.results.to_pylist()], batch_size=500
    )
    digests = {"facts": run.facts_digest, "scheme": run.scheme_digest, "result": run.result_digest}
    audit.record("runs.run.compute", audit.urn(run), by, after=digests)
    return run


def _attributes(table: pa.Table) -> dict[str, dict[str, Any]]:
    names = [name for name in ("name", "park") if name in table.column_names]
    rows = table.select(["subject", *names]).to_pylist()
    return {row["subject"]: row for row in rows}


def _outcome(
    run: Run, row: Mapping[str, Any], attributes: Mapping[str, Mapping[str, Any]]
) -> Outcome:
    subject = attributes.get(row["subject"], {})
    return Outcome(
        run=run,
        label=subject.get("name") or row["subject"],
        park_code=subject.get("park") or "",
        **judged(row),
    )


@transaction.atomic
def publish(run: Run, by: Viewer, note: str) -> None:
    """Publish a draft; the run published before for the same period is superseded.

    Raises DomainError without a note that says who decided, or when the files were altered.
    """
    if not note.strip():
        raise DomainError(_("公布要写明由哪次会议或哪位负责人审定。请填写后再公布。"))
    verify(run)
    earlier = Run.objects.filter(
        scheme__code=run.scheme.code, period=run.period, status=Run.Status.PUBLISHED
    )
    for old in earlier.exclude(pk=run.pk):
        move(old, SUPERSEDE, by, f"由 {run.no} 取代")
    move(run, PUBLISH, by, note)
    Run.objects.filter(pk=run.pk).update(published_at=day.now())
    run.refresh_from_db()


def verify(run: Run) -> None:
    """Compare files and rows of a run with what was sealed.

    Pages, lists and recognitions read the rows, so each of them must say what the sealed file
    says. Raises DomainError where files or rows are not the sealed ones.
    """
    try:
        kept = Computed.load(folder_of(run.no))
    except EngineError as error:
        words = _("%(no)s 的结果文件不完整或被改动过：%(why)s")
        raise DomainError(words % {"no": run.no, "why": error}) from error
    if kept.result_digest != run.result_digest:
        words = _("%(no)s 的结果文件与封存的摘要不符，不能公布。请重新计算。")
        raise DomainError(words % {"no": run.no})
    if altered := _altered(run, kept):
        words = _("%(no)s 有 %(n)s 家的结果与封存的不符，例如 %(some)s。请查审计记录并重新计算。")
        raise DomainError(words % {"no": run.no, "n": len(altered), "some": "、".join(altered[:3])})


def _altered(run: Run, kept: Computed) -> list[str]:
    """The subjects whose row is missing, added, or differs from the sealed results."""
    sealed = {row["subject"]: judged(row) for row in kept.results.select(JUDGED).to_pylist()}
    rows = {row["subject_key"]: row for row in run.outcomes.values(*KEPT)}
    return sorted(key for key in sealed.keys() | rows.keys() if sealed.get(key) != rows.get(key))


def folder_of(no: str) -> Path:
    """Where the files of a run lie."""
    return Path(settings.WUHAO_VAR) / "lake" / "runs" / no
