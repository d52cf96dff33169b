"""Schemes of an evaluation: locked before data opens, and tried on last year's facts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wuhao.core.errors import DomainError
from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.engine.evaluate import evaluate
from wuhao.evaluation.services import MAY_COMPUTE, facts_known
from wuhao.intake.selectors import count_accepted
from wuhao.runs import schemes
from wuhao.runs.models import Outcome, Run, SchemeVersion


@dataclass(frozen=True)
class Mover:
    """A subject whose grade would change."""

    subject: str
    before: str
    after: str


@dataclass(frozen=True)
class DryRun:
    """What a scheme would give on a period's facts; nothing of it is kept."""

    period: int
    grades: Mapping[str, int]
    movers: tuple[Mover, ...]
    notes: tuple[str, ...]


def enact(version: SchemeVersion, by: Viewer, note: str) -> None:
    """Put a reviewed version in force.

    Raises DomainError once data of its period have been accepted: a method is locked before the
    figures are known. So it must say of which period they are.
    """
    period = schemes.period_of(schemes.scheme_of(version))
    if period is None:
        raise DomainError(
            _("方案没有写数据期（doc 的 period，如 202100），看不出是否已经收数，不能施行。")
        )
    opened = count_accepted(by, period)
    if opened:
        words = _("%(year)s 年度的数据已经受理 %(n)s 批，方案要在收数之前施行，不能再换。")
        raise DomainError(words % {"year": period // 100, "n": opened})
    schemes.enact(version, by, note)


def dry_run(version: SchemeVersion, period: int, by: Viewer) -> DryRun:
    """Try a version on a period's accepted facts; says who would move from the published grades.

    Raises DomainError when the role may not, or nothing of any period has been accepted.
    """
    if by.role not in MAY_COMPUTE:
        raise DomainError(_("只有市局的岗位可以试算方案。"))
    ledger = LedgerEntry.objects.order_by("-no").first()
    if ledger is None:
        raise DomainError(_("还没有受理任何批次，没有数据可算。请先受理部门报送的批次。"))
    scheme = schemes.scheme_of(version)
    outcome = evaluate(scheme, facts_known(scheme, period, ledger, by))
    subjects = outcome.results.column("subject").to_pylist()
    grades = [grade or "" for grade in outcome.results.column("grade").to_pylist()]
    found = dict(zip(subjects, grades, strict=True))
    return DryRun(period, Counter(grades), _movers(period, found), tuple(outcome.notes))


def _movers(period: int, found: Mapping[str, str]) -> tuple[Mover, ...]:
    published = Run.objects.filter(period=period, status=Run.Status.PUBLISHED).last()
    before = dict(Outcome.objects.filter(run=published).values_list("subject_key", "grade"))
    return tuple(
        Mover(key, before[key], found[key])
        for key in sorted(before.keys() & found.keys())
        if before[key] != found[key]
    )
