"""One enterprise: what a code and a name mean, asked of the directory and of earlier decisions.

A decision is remembered by its evidence, the code and the name as they are compared; whoever
writes the same again is not asked again. A wrong one can be undone.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuhao.core import audit
from wuhao.core.codes import normalised, uscc_check
from wuhao.core.errors import DomainError
from wuhao.core.move import Transition, move
from wuhao.core.viewer import Viewer
from wuhao.intake import services as intake
from wuhao.intake.identity import Asked, Identity, Question
from wuhao.intake.matching.match import CERTAIN, DOUBTFUL, NONE, Answer, Record, match
from wuhao.intake.matching.names import parsed
from wuhao.intake.models import Batch
from wuhao.registers.models import (
    Enterprise,
    EnterpriseName,
    MatchAsked,
    MatchDecision,
    MatchQuestion,
)

AT_ONCE = 5000
BUREAU = ("bureau_admin", "bureau_staff")
DECIDE = Transition(
    "decide",
    gettext_lazy("认定是哪一家"),
    (MatchQuestion.Status.OPEN,),
    MatchQuestion.Status.DECIDED,
    BUREAU,
)
REOPEN = Transition(
    "reopen",
    gettext_lazy("撤销认定"),
    (MatchQuestion.Status.DECIDED,),
    MatchQuestion.Status.OPEN,
    BUREAU,
)


@dataclass(frozen=True)
class Verdict:
    """What is decided: same, other (then the credit code), or none; and why."""

    verdict: str
    uscc: str = ""
    note: str = ""


def evidence_of(code: str, name: str) -> str:
    """What a decision is remembered by."""
    said = f"{normalised(code)}|{parsed(name).exact}"
    return hashlib.sha256(said.encode("utf-8")).hexdigest()


def identify(office: str, asked: Sequence[Asked]) -> list[Identity]:
    """What each code and name means: a decision that stands, else what the directory says."""
    if not asked:
        return []
    names = dict(
        EnterpriseName.objects.filter(valid_to=None).values_list("enterprise__uscc", "name")
    )
    decided = _decided()
    answers = match([(one.name, one.code) for one in asked], _records(names))
    found = []
    for one, answer in zip(asked, answers, strict=True):
        before = decided.get(evidence_of(one.code, one.name))
        known = _standing(before, answer)
        if known is None and _another(one, names.get(answer.key, ""), answer):
            found.append(Identity("", NONE, answer.reasons))
        elif known is None:
            name = names.get(answer.key, "")
            overtaken = before is not None
            found.append(
                Identity(answer.key, answer.certainty, answer.reasons, name, overtaken=overtaken)
            )
        else:
            certainty = CERTAIN if known else NONE
            found.append(Identity(known, certainty, (), names.get(known, ""), decided=True))
    return found


def _another(one: Asked, name: str, answer: Answer) -> bool:
    """A sound code that the directory does not hold is another enterprise, whatever is alike."""
    sound = bool(one.code) and uscc_check(one.code) is None
    same = parsed(one.name).exact == parsed(name).exact
    return answer.certainty == DOUBTFUL and sound and not same


@dataclass(frozen=True)
class Decided:
    """What stands for an evidence: the credit code, "" for nobody, and who was not meant then."""

    uscc: str
    refused: str


def _decided() -> dict[str, Decided]:
    """What people decided, by evidence; as many as people decide, however many rows ask."""
    standing = MatchDecision.objects.filter(undone_at=None).values_list(
        "question__evidence", "enterprise__uscc", "question__candidate__uscc"
    )
    return {found: Decided(uscc or "", refused or "") for found, uscc, refused in standing}


def _standing(decided: Decided | None, answer: Answer) -> str | None:
    """The credit code that was decided; None where nothing was, or what was is overtaken.

    "Nobody of the directory" yields when the directory has come to hold somebody for certain,
    other than whom it was said not to be.
    """
    if decided is None:
        return None
    if not decided.uscc and answer.certainty == CERTAIN and answer.key != decided.refused:
        return None
    return decided.uscc


def _records(names: dict[str, str]) -> list[Record]:
    """The directory with every dated name that an enterprise has had."""
    former: dict[str, list[str]] = {}
    past = EnterpriseName.objects.exclude(valid_to=None).order_by("valid_from")
    for uscc, name in past.values_list("enterprise__uscc", "name"):
        former.setdefault(uscc, []).append(name)
    return [
        Record(uscc, name, uscc, tuple(former.get(uscc, ())))
        for uscc, name in sorted(names.items())
    ]


@transaction.atomic
def ask(batch: Batch, questions: Sequence[Question]) -> int:
    """Put what nobody could place on the queue, with the cells that wait; once by its evidence.

    What a batch asked when it was checked before is forgotten. Returns how many are open.
    """
    MatchAsked.objects.filter(batch=batch).delete()
    if not questions:
        return 0
    by_evidence = {evidence_of(q.asked.code, q.asked.name): q for q in questions}
    keys = {q.identity.key for q in questions}
    candidates = _enterprises_of(sorted(keys))
    # What is open is asked as the directory stands now; what was decided stays as it was.
    MatchQuestion.objects.bulk_create(
        [
            _question(evidence, one, candidates)
            for evidence, one in by_evidence.items()
            if not (one.identity.decided or one.identity.overtaken)
        ],
        update_conflicts=True,
        unique_fields=["evidence"],
        update_fields=["candidate", "reasons"],
        batch_size=500,
    )
    ids = _ids_of(list(by_evidence))
    _overtake({e: q for e, q in by_evidence.items() if q.identity.overtaken})
    MatchAsked.objects.bulk_create(
        [
            MatchAsked(
                question_id=ids[evidence_of(q.asked.code, q.asked.name)],
                batch=batch,
                sheet=q.asked.sheet,
                cell=q.asked.code_cell,
            )
            for q in questions
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    return sum(q.identity.certainty == DOUBTFUL for q in by_evidence.values())


def _enterprises_of(keys: list[str]) -> dict[str, int]:
    """Enterprises by credit code, in pieces that every database takes."""
    found: dict[str, int] = {}
    for at in range(0, len(keys), AT_ONCE):
        some = Enterprise.objects.filter(uscc__in=keys[at : at + AT_ONCE])
        found.update(some.values_list("uscc", "pk"))
    return found


def _ids_of(evidence: list[str]) -> dict[str, int]:
    """The questions of evidence, in pieces that every database takes."""
    ids: dict[str, int] = {}
    for at in range(0, len(evidence), AT_ONCE):
        known = MatchQuestion.objects.filter(evidence__in=evidence[at : at + AT_ONCE])
        ids.update(known.values_list("evidence", "pk"))
    return ids


def _overtake(certain: dict[str, Question]) -> None:
    """End decisions that nobody was meant where the directory now holds somebody for certain."""
    nobody = MatchDecision.objects.filter(undone_at=None, enterprise=None)
    for decision in nobody.select_related("question"):
        one = certain.get(decision.question.evidence)
        if one is None:
            continue
        enterprise = Enterprise.objects.get(uscc=one.identity.key)
        why = _("名录后来有了这一家：%(reasons)s") % {"reasons": "，".join(one.identity.reasons)}
        decision.undo(None, why)
        MatchDecision.objects.create(
            question=decision.question,
            verdict=MatchDecision.Verdict.OTHER,
            enterprise=enterprise,
            note=why[:200],
        )
        after = {"verdict": "other", "uscc": enterprise.uscc}
        urn = audit.urn(decision.question)
        audit.record("registers.match.overtaken", urn, None, after=after, note=why)


def _question(evidence: str, one: Question, candidates: dict[str, int]) -> MatchQuestion:
    return MatchQuestion(
        evidence=evidence,
        code=one.asked.code[:40],
        name=one.asked.name[:200],
        candidate_id=candidates.get(one.identity.key),
        reasons=list(one.identity.reasons),
    )


@transaction.atomic
def decide(question: MatchQuestion, said: Verdict, by: Viewer) -> MatchDecision:
    """Decide who is meant; drafts that wait for it are checked anew.

    Raises DomainError where the post may not, or the other enterprise is not in the directory.
    """
    enterprise = _meant(question, said)
    move(question, DECIDE, by, said.note)
    decision = MatchDecision.objects.create(
        question=question,
        verdict=said.verdict,
        enterprise=enterprise,
        note=said.note[:200],
        by_id=by.post_id,
    )
    after = {"verdict": said.verdict, "uscc": enterprise.uscc if enterprise else ""}
    audit.record("registers.match.decide", audit.urn(question), by, after=after, note=said.note)
    _recheck(waiting(question), by)
    return decision


def _meant(question: MatchQuestion, said: Verdict) -> Enterprise | None:
    if said.verdict == MatchDecision.Verdict.SAME and question.candidate is not None:
        return question.candidate
    if said.verdict == MatchDecision.Verdict.NONE:
        return None
    if said.verdict != MatchDecision.Verdict.OTHER:
        raise DomainError(_("请选“是同一家”“是另一家”或“名录里没有”。"))
    found = Enterprise.objects.filter(uscc=normalised(said.uscc)).first()
    if found is None:
        words = _("名录里没有信用代码 %(code)s，请核对；确是新企业，请先报送企业名录。")
        raise DomainError(words % {"code": said.uscc or "—"})
    return found


@transaction.atomic
def undo(question: MatchQuestion, by: Viewer, note: str) -> list[str]:
    """Undo what was decided of a question; it is open again, and its drafts are checked anew.

    Submitted batches that relied on it go back to their offices, so that none is accepted by it.
    Returns the numbers of accepted batches that relied on it: they are corrected by new batches.
    Raises DomainError without a reason.
    """
    if not note.strip():
        raise DomainError(_("撤销认定要写明原因。"))
    move(question, REOPEN, by, note)
    for decision in MatchDecision.objects.filter(question=question, undone_at=None):
        decision.undo(by, note)
    audit.record("registers.match.undo", audit.urn(question), by, note=note)
    _recheck(waiting(question), by)
    for batch in _asked_in(question, Batch.Status.SUBMITTED):
        words = _("“%(name)s”的认定已撤销（%(note)s），请改正代码后重新报送。")
        intake.send_back(batch, by, words % {"name": question.name, "note": note.strip()})
    return relied(question)


def waiting(question: MatchQuestion) -> list[Batch]:
    """The drafts in which a question was asked."""
    return _asked_in(question, Batch.Status.DRAFT)


def relied(question: MatchQuestion) -> list[str]:
    """The accepted batches that were read by what was decided of a question."""
    return [batch.no for batch in _asked_in(question, Batch.Status.ACCEPTED)]


def _asked_in(question: MatchQuestion, status: str) -> list[Batch]:
    found = Batch.objects.filter(pk__in=question.places.values("batch"), status=status)
    return list(found.select_related("office", "file").order_by("pk"))


def _recheck(batches: Iterable[Batch], by: Viewer) -> None:
    for batch in batches:
        intake.recheck(batch, by)
