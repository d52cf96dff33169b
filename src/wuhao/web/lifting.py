"""What would lift an enterprise to the next grade, as rows of a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from wuhao.engine.lifts import Change, Lift, Lifts
from wuhao.web.display import grouped, quantity, unit_word

BAR = 160


@dataclass(frozen=True)
class LiftRow:
    """One way: what to change, from and to, how far along it is, and which items it serves."""

    way: str
    now: str
    needed: str
    unit: str
    done: str  # length of the bar, of 160; empty where there is nothing to compare
    said: str


@dataclass(frozen=True)
class LiftTable:
    """The ways to the next grade, and one way of all together; or why there is none."""

    title: str
    rows: list[LiftRow]
    together: list[LiftRow]
    together_said: str
    unable: list[str]
    sentence: str


def lift_table(found: Lifts) -> LiftTable:
    """Shape the engine's answer; facts that serve several items stand once."""
    if found.target is None:
        return LiftTable(_("没有更高的档次可升"), [], [], "", [], found.sentence)
    joint = found.joint
    return LiftTable(
        title=_("怎样升到 %(grade)s 档") % {"grade": found.target},
        rows=sorted(_ways(found.items), key=lambda row: row.done == ""),
        together=[_row(change, "") for change in joint.changes] if joint else [],
        together_said=_together(joint.share) if joint else "",
        unable=[item.sentence for item in found.items if not item.reached()],
        sentence=found.sentence,
    )


def _ways(items: Iterable[Lift]) -> list[LiftRow]:
    serves: dict[Change, list[str]] = {}
    for item in items:
        for way in item.ways:
            if way.change is not None:
                serves.setdefault(way.change, []).append(item.label)
    return [_row(change, "、".join(labels)) for change, labels in serves.items()]


def _row(change: Change, said: str) -> LiftRow:
    before, after = (Decimal(q).scaleb(-change.digits) for q in (change.before, change.after))
    now, needed = quantity(before, change.unit), quantity(after, change.unit)
    words = _("提高%(fact)s") if after > before else _("减少%(fact)s")
    return LiftRow(
        way=words % {"fact": change.label},
        now=now.text,
        needed=needed.text,
        unit=needed.unit or unit_word(change.unit),
        done=_done(change.before, change.after),
        said=said,
    )


def _done(before: int, after: int) -> str:
    """How far along: what is there of what is needed, or what may stay of what is there."""
    small, large = sorted((before, after))
    return str(small * BAR // large) if small > 0 else ""


def _together(share: int | None) -> str:
    if share is None:
        return _("各项一起补齐也到不了。")
    percent = grouped(Decimal(share).scaleb(-4), 1)
    return _("各项同时补上离满分差距的 %(percent)s%%") % {"percent": percent}
