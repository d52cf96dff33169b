"""Reads of collections: which there are, who owes, who was late."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wuhao.core import day
from wuhao.core.errors import OutOfScope
from wuhao.core.models import Office
from wuhao.core.viewer import Viewer
from wuhao.core.working_days import calendar
from wuhao.intake.models import Batch, Collection, CollectionAsk
from wuhao.intake.services.forms import latest_batches
from wuhao.intake.transitions import BUREAU, PROVIDERS


@dataclass(frozen=True)
class Ask:
    """An office in a collection: its batch if any, when it answered, how it stands to its day.

    days: working days left until the last day (negative: overdue), or by which it was early or
    late once it answered.
    """

    code: str
    office: str
    batch: str
    status: str
    status_label: str
    rows: int
    answered_on: date | None
    urged: int
    days: int

    @property
    def late(self) -> bool:
        """Whether it answered after its day, or owes past it."""
        return self.days < 0


@dataclass(frozen=True)
class Punctuality:
    """How an office kept its days; what is not due yet and not answered does not count."""

    office: str
    asked: int
    in_time: int
    late: int
    owing: int
    urged: int


def collections(viewer: Viewer) -> list[dict[str, Any]]:
    """Collections in reach, latest first: the bureau's all, an office's those that ask it."""
    found = _in_reach(viewer).order_by("-created_at", "-pk")
    return [described_collection(viewer, one) for one in found]


def collection(viewer: Viewer, code: str) -> Collection:
    """A collection by its code. Raises OutOfScope when it is not in reach."""
    found = _in_reach(viewer).filter(code=code).first()
    if found is None:
        raise OutOfScope(_("没有您能看到的收表 %(code)s。") % {"code": code})
    return found


def described_collection(viewer: Viewer, one: Collection) -> dict[str, Any]:
    """A collection as plain data, with how many offices were asked and have answered."""
    asks = list(one.asks.all())
    return {
        "code": one.code,
        "title": one.title,
        "purpose": one.purpose,
        "period": one.period,
        "office": one.office.short,
        "status": one.status,
        "status_label": one.get_status_display(),
        "opened_on": one.opened_on,
        "due_on": one.due_on,
        "working_days": one.working_days,
        "layout": one.layout.name,
        "asked": len(asks),
        "answered": sum(ask.answered_on is not None for ask in asks),
        "days": 0 if one.due_on is None else calendar().between(day.today(), one.due_on),
        "calendar_known": one.due_on is None or calendar().is_known(one.due_on),
    }


def asks(viewer: Viewer, code: str) -> list[Ask]:
    """Every office asked in a collection; an office that is asked sees itself alone."""
    found = collection(viewer, code)
    held = found.asks.select_related("office").order_by("pk")
    if viewer.role not in BUREAU:
        held = held.filter(office__code=viewer.office)
    batches = latest_batches(found)
    return [_ask(found, ask, batches.get(ask.office_id)) for ask in held]


def open_asks(viewer: Viewer) -> list[dict[str, Any]]:
    """What the viewer's office still owes, the nearest day first."""
    if viewer.role not in PROVIDERS:
        return []
    owed = CollectionAsk.objects.filter(
        office__code=viewer.office, answered_on=None, collection__status=Collection.Status.OPEN
    ).select_related("collection")
    return [
        {
            "code": ask.collection.code,
            "title": ask.collection.title,
            "due_on": ask.collection.due_on,
            "days": calendar().between(day.today(), ask.collection.due_on or day.today()),
            "urged": ask.urged,
        }
        for ask in owed.order_by("collection__due_on", "pk")
    ]


def punctuality(viewer: Viewer) -> list[Punctuality]:
    """How offices kept their days over all collections sent out; for the bureau alone."""
    if viewer.role not in BUREAU:
        return []
    sent = CollectionAsk.objects.exclude(collection__status=Collection.Status.DRAFT)
    by_office: dict[Office, list[CollectionAsk]] = {}
    for ask in sent.select_related("office", "collection").order_by("office__pk", "pk"):
        by_office.setdefault(ask.office, []).append(ask)
    found = [_punctual(office.short, held) for office, held in by_office.items()]
    return [one for one in found if one.asked]


def addressees(viewer: Viewer) -> list[tuple[str, str, str]]:
    """Offices that can be asked (code, short name, kind): those in which somebody hands in."""
    if viewer.role not in BUREAU:
        return []
    found = Office.objects.filter(post__role__in=PROVIDERS).distinct().order_by("pk")
    return list(found.values_list("code", "short", "kind"))


def _in_reach(viewer: Viewer) -> QuerySet[Collection]:
    found = Collection.objects.select_related("office", "layout").prefetch_related("asks")
    if viewer.role in BUREAU:
        return found
    if viewer.role in PROVIDERS and viewer.office:
        asked = Q(asks__office__code=viewer.office)
        return found.filter(asked).exclude(status=Collection.Status.DRAFT).distinct()
    return found.none()


def _ask(found: Collection, ask: CollectionAsk, batch: Batch | None) -> Ask:
    until = found.due_on or day.today()
    since = ask.answered_on or day.today()
    return Ask(
        code=ask.office.code,
        office=ask.office.short,
        batch=batch.no if batch else "",
        status=batch.status if batch else "",
        status_label=str(batch.get_status_display()) if batch else "",
        rows=batch.rows if batch else 0,
        answered_on=ask.answered_on,
        urged=ask.urged,
        days=calendar().between(since, until),
    )


def _punctual(office: str, held: list[CollectionAsk]) -> Punctuality:
    answered = [ask for ask in held if ask.answered_on is not None]
    late = [ask for ask in answered if _after(ask.answered_on, ask.collection.due_on)]
    today, waiting = day.today(), [ask for ask in held if ask.answered_on is None]
    owing = sum(_after(today, ask.collection.due_on) for ask in waiting)
    return Punctuality(
        office,
        asked=len(answered) + owing,
        in_time=len(answered) - len(late),
        late=len(late),
        owing=owing,
        urged=sum(ask.urged for ask in held),
    )


def _after(answered: date | None, due: date | None) -> bool:
    return answered is not None and due is not None and answered > due
