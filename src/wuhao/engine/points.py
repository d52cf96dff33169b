"""Points on top of a total or off it, read from a scheme."""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine.draft import BASIS, Draft, check_identifier, check_unique, read_basis
from wuhao.engine.marks import Mark
from wuhao.engine.model import Points, Sum
from wuhao.engine.vocabulary import POINTS
from wuhao.engine.word import positive

_ACCEPTED = ["id", "kind", "label", "each", "events", "at_most", "when", *BASIS]
_NEEDED = ["id", "kind", "each"]


def read_points(mark: Mark | None, draft: Draft, digits: int) -> tuple[Points, ...]:
    """Read the lines of bonus and deduction points; `digits` are those of a score."""
    if mark is None:
        return ()
    made = [line for item in mark.list() if (line := _line(item, draft, digits))]
    check_unique(mark, [line.code for line in made])
    return tuple(made)


def _line(mark: Mark, draft: Draft, digits: int) -> Points | None:
    before = len(mark.sink.findings)
    found = mark.fields(_ACCEPTED, _NEEDED)
    basis = read_basis(mark, found)
    if "when" not in found and "events" not in found:
        mark.wrong("要写 when（何时加减分）或 events（次数），或两者都写。")
    when = draft.condition(found["when"]) if "when" in found else None
    events = _events(found["events"], draft) if "events" in found else None
    numbers = {n: _exact(found[n], digits) for n in ("each", "at_most") if n in found}
    kind = found["kind"].choice(POINTS) if "kind" in found else ""
    if "id" in found:
        check_identifier(found["id"].text(), found["id"])
    if len(mark.sink.findings) > before:
        return None
    code = found["id"].text()
    label = found["label"].text() if "label" in found else code
    text = found["when"].text() if "when" in found else ""
    most = numbers.get("at_most")
    return Points(code, kind, label, numbers["each"], events, most, when, text, basis)


def _events(mark: Mark, draft: Draft) -> Sum | None:
    """Read a number of events: a count, so without a unit."""
    found = draft.sum(mark)
    if found is not None and found.unit != "1":
        mark.wrong(f"events 是次数，单位应为 1，现为 {found.unit}。")
    return found


def _exact(mark: Mark, digits: int) -> Fraction:
    value = Fraction(positive(mark))
    if (value * 10**digits).denominator != 1:
        mark.wrong(f"{mark.text()} 超过 digits.score 的 {digits} 位小数。")
    return value
