"""Points on top of a total, off it, or a multiple of it, and their common limits, read."""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine.draft import BASIS, Draft, check_identifier, check_unique, read_basis
from wuhao.engine.findings import nearest
from wuhao.engine.marks import Mark, optional
from wuhao.engine.model import Basis, Factor, PointLimit, Points, Sum
from wuhao.engine.vocabulary import POINTS
from wuhao.engine.word import positive

_COMMON = ("id", "kind", "label", "when", "floor", *BASIS)
_EVENTS = (*_COMMON, "each", "events", "at_most")
_FACTOR = (*_COMMON, "times", "by", "table", "otherwise")


def read_points(mark: Mark | None, draft: Draft, digits: dict[str, int]) -> tuple[Points, ...]:
    """Read the lines between the sum of the items and the total, in the order written."""
    if mark is None:
        return ()
    made = [line for item in mark.list() if (line := _line(item, draft, digits))]
    check_unique(mark, [line.code for line in made])
    return tuple(made)


def _line(mark: Mark, draft: Draft, digits: dict[str, int]) -> Points | None:
    before = len(mark.sink.findings)
    kind = _kind(mark)
    if kind == "factor":
        found = mark.fields(_FACTOR, ["id", "kind"])
        line = _factor_line(mark, found, draft, digits)
    else:
        found = mark.fields(_EVENTS, ["id", "kind", "each"])
        line = _events_line(mark, found, draft, digits, kind)
    if "id" in found:
        check_identifier(found["id"].text(), found["id"])
    return line if len(mark.sink.findings) == before else None


def _kind(mark: Mark) -> str:
    named = mark.meant(dict.fromkeys([*_EVENTS, *_FACTOR])).get("kind")
    return named.choice(POINTS) if named is not None else POINTS[0]


def _head(
    mark: Mark, found: dict[str, Mark], draft: Draft, digits: dict[str, int]
) -> tuple[str, str, Basis, dict[str, object]]:
    """Read what every line has: code, label, basis, condition, floor."""
    basis = read_basis(mark, found)
    code = found["id"].text() if "id" in found else ""
    more: dict[str, object] = {
        "when": draft.condition(found["when"]) if "when" in found else None,
        "text": found["when"].text() if "when" in found else "",
        "floor": _stated(found["floor"], digits, "score") if "floor" in found else None,
    }
    return code, optional(found, "label", Mark.text, code), basis, more


def _events_line(
    mark: Mark, found: dict[str, Mark], draft: Draft, digits: dict[str, int], kind: str
) -> Points:
    code, label, basis, more = _head(mark, found, draft, digits)
    if "when" not in found and "events" not in found:
        mark.wrong("要写 when（何时加减分）或 events（次数），或两者都写。")
    if "floor" in found and kind == "bonus":
        found["floor"].wrong("加分不会使总分变低，不用 floor，请删去。")
    events = _events(found["events"], draft) if "events" in found else None
    numbers = {n: _exact(found[n], digits, "score") for n in ("each", "at_most") if n in found}
    each = numbers.get("each", Fraction(1))
    return Points(
        code,
        kind,
        label,
        each,
        events,
        numbers.get("at_most"),
        basis=basis,
        **more,  # type: ignore[arg-type]
    )


def _factor_line(
    mark: Mark, found: dict[str, Mark], draft: Draft, digits: dict[str, int]
) -> Points:
    code, label, basis, more = _head(mark, found, draft, digits)
    factor = _factor(mark, found, draft, digits)
    return Points(
        code,
        "factor",
        label,
        Fraction(1),
        None,
        None,
        basis=basis,
        factor=factor,
        **more,  # type: ignore[arg-type]
    )


def _factor(mark: Mark, found: dict[str, Mark], draft: Draft, digits: dict[str, int]) -> Factor:
    """Read one number (`times`), or a number for each value of an attribute (`by`, `table`)."""
    if ("times" in found) == ("table" in found):
        mark.wrong("系数要写 times（一个数），或 by 和 table（按属性取数），只写其一。")
    if ("by" in found) != ("table" in found):
        mark.wrong("by（按哪个属性）与 table（每个值的系数）要一起写。")
    if "otherwise" in found and "table" not in found:
        found["otherwise"].wrong("otherwise 只与 table 一起写。")
    name = "times" if "times" in found else "otherwise"
    times = _exact(found[name], digits, "ratio") if name in found else Fraction(1)
    if "table" not in found:
        return Factor(times)
    attribute = found["by"].choice(draft.attributes or ["-"]) if "by" in found else ""
    pairs = [(value, _exact(m, digits, "ratio")) for value, m in found["table"].items()]
    if not pairs:
        found["table"].wrong("至少要有一个值。")
    return Factor(times, attribute, tuple(pairs))


def faulty_lines(mark: Mark | None, points: tuple[Points, ...]) -> set[str]:
    """Return the codes of lines that are written and cannot be read, which has been told."""
    keys = dict.fromkeys([*_EVENTS, *_FACTOR])
    lines = [item.meant(keys) for item in mark.list()] if mark is not None else []
    return {line["id"].text() for line in lines if "id" in line} - {line.code for line in points}


def read_limits(
    mark: Mark | None, points: tuple[Points, ...], digits: dict[str, int], faulty: set[str]
) -> tuple[PointLimit, ...]:
    """Read the limits over several lines."""
    if mark is None:
        return ()
    made = [limit for item in mark.list() if (limit := _limit(item, points, digits, faulty))]
    check_unique(mark, [*(line.code for line in points), *(limit.code for limit in made)])
    return tuple(made)


def _limit(
    mark: Mark, points: tuple[Points, ...], digits: dict[str, int], faulty: set[str]
) -> PointLimit | None:
    before = len(mark.sink.findings)
    accepted = ["id", "label", "lines", "at_most", *BASIS]
    found = mark.fields(accepted, ["id", "lines", "at_most"])
    basis = read_basis(mark, found)
    kinds, lines = {line.code: line.kind for line in points if line.factor is None}, []
    for inner in found["lines"].list() if "lines" in found else ():
        lines.append(inner.text())
        if lines[-1] not in kinds and lines[-1] not in faulty:
            inner.wrong(f"没有名为“{lines[-1]}”的加分或扣分{nearest(lines[-1], kinds)}")
    known = {kinds.get(line) for line in lines if line not in faulty}
    if "lines" in found and (len(known) > 1 or len(set(lines)) < max(2, len(lines))):
        found["lines"].wrong("lines 要列出两个以上不同的加分，或两个以上不同的扣分。")
    most = _exact(found["at_most"], digits, "score") if "at_most" in found else Fraction(1)
    if "id" in found:
        check_identifier(found["id"].text(), found["id"])
    if len(mark.sink.findings) > before:
        return None
    code = found["id"].text()
    return PointLimit(code, optional(found, "label", Mark.text, code), tuple(lines), most, basis)


def _events(mark: Mark, draft: Draft) -> Sum | None:
    """Read a number of events: a count, so without a unit."""
    found = draft.sum(mark)
    if found is not None and found.unit != "1":
        mark.wrong(f"events 是次数，单位应为 1，现为 {found.unit}。")
    return found


def _exact(mark: Mark, digits: dict[str, int], kind: str) -> Fraction:
    value = Fraction(positive(mark))
    return _within(mark, value, digits, kind)


def _stated(mark: Mark, digits: dict[str, int], kind: str) -> Fraction:
    return _within(mark, Fraction(mark.decimal()), digits, kind)


def _within(mark: Mark, value: Fraction, digits: dict[str, int], kind: str) -> Fraction:
    if (value * 10 ** digits[kind]).denominator != 1:
        mark.wrong(f"{mark.text()} 超过 digits.{kind} 的 {digits[kind]} 位小数。")
    return value
