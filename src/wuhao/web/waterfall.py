"""The waterfall from each item's score to the total: a drawing a row on one common scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from wuhao.engine.explain import Explanation, ItemShown, LineShown, PointsShown
from wuhao.web.charts import Mark, at
from wuhao.web.display import grouped, unit_word

HEADROOM = Decimal("1.08")
CLOSE_LINES = Decimal(20)


@dataclass(frozen=True)
class Bar:
    """A row of the waterfall: words, numbers, and where its step begins and ends."""

    label: str
    unit: str
    value: str
    value_exact: str
    benchmark: str
    ratio: str
    ratio_note: str
    score: str
    weight: str
    css: str
    start: str
    x: str
    width: str
    join_in: str
    join_out: str
    ghost_width: str
    url: str
    current: bool


@dataclass(frozen=True)
class Waterfall:
    """All rows, the grade lines, the length of the scale, and which item lost most."""

    rows: list[Bar]
    lines: list[Mark]
    scale: str
    total: str
    total_width: str
    worst: ItemShown | None


def waterfall(found: Explanation) -> Waterfall:
    """Lay the items of an explanation end to end."""
    scale = _scale(found)
    worst = max(found.items, key=_lost, default=None)
    rows, start = [], Decimal(0)
    for item in found.items:
        score = item.score or Decimal(0)
        rows.append(_row(item, start, score, item is worst))
        start += score
    for line in found.points:
        rows.append(_points_row(line, start))
        start += line.points or Decimal(0)
    total = found.total or Decimal(0)
    return Waterfall(
        rows, grade_lines(found, scale), at(scale), grouped(total, 2), at(max(total, Decimal(0))),
        worst,
    )  # fmt: skip


def _lost(item: ItemShown) -> Decimal:
    return item.weight - (item.score or Decimal(0))


def _scale(found: Explanation) -> Decimal:
    reach, start = [found.total or Decimal(0), Decimal(1)], Decimal(0)
    for item in found.items:
        reach.append(start + max(item.weight, item.score or Decimal(0)))
        start += item.score or Decimal(0)
    for points in found.points:
        start += points.points or Decimal(0)
        reach.append(start)
    reach += [line.total for line in found.lines if line.total is not None]
    return max(reach) * HEADROOM


def _row(item: ItemShown, start: Decimal, score: Decimal, worst: bool) -> Bar:
    end = start + score
    return Bar(
        label=item.label,
        unit=unit_word(item.unit),
        value="—" if item.value is None else grouped(item.value, _places(item.value)),
        value_exact="" if item.value is None else f"{grouped(item.value)} {unit_word(item.unit)}",
        benchmark="—" if item.benchmark is None else grouped(item.benchmark, 2),
        ratio="—" if item.ratio is None else f"{grouped(item.ratio * 100, 1)}%",
        ratio_note=_ratio_note(item),
        score="—" if item.score is None else grouped(score, 2),
        weight=grouped(item.weight.normalize(), _whole_places(item.weight)),
        css="capb" if item.capped else "plus" if score >= 0 else "minus",
        start=at(start),
        x=at(min(start, end)),
        width=at(abs(score)),
        join_in=at(start),
        join_out=at(end),
        ghost_width=at(item.weight) if score < item.weight else "",
        url=f"#f-{item.code}",
        current=worst,
    )


def _points_row(line: PointsShown, start: Decimal) -> Bar:
    """A line of points or a factor: what it did to the total, by which article."""
    change = line.points or Decimal(0)
    end, how = start + change, line.text.removeprefix(f"{line.label}：")
    return Bar(
        label=line.label,
        unit=" · ".join(part for part in (how, line.article) if part),
        value="",
        value_exact="",
        benchmark="",
        ratio="",
        ratio_note="",
        score="—" if line.points is None else f"{'+' if change > 0 else ''}{grouped(change, 2)}",
        weight="",
        css="plus" if change >= 0 else "minus",
        start=at(start),
        x=at(min(start, end)),
        width=at(abs(change)),
        join_in=at(start),
        join_out=at(end),
        ghost_width="",
        url="",
        current=False,
    )


def _ratio_note(item: ItemShown) -> str:
    if item.capped and item.cap is not None:
        return _("封顶 %(cap)s") % {"cap": f"{grouped(Decimal(item.cap) * 100, 0)}%"}
    return item.note_text


def _places(value: Decimal) -> int:
    """Two decimals, or four for a value so small that two would hide it."""
    return 2 if abs(value) >= 10 or value == 0 else 4


def _whole_places(value: Decimal) -> int:
    return 0 if value == value.to_integral_value() else 2


def grade_lines(found: Explanation, scale: Decimal) -> list[Mark]:
    """The dotted lines of the grades across every row, close labels marked."""
    lines = [line for line in found.lines if line.total is not None]
    lines.sort(key=lambda line: line.total or Decimal(0))
    return [_line(line, scale, _is_close(lines, place, scale)) for place, line in enumerate(lines)]


def _is_close(lines: Sequence[LineShown], place: int, scale: Decimal) -> bool:
    """Whether the next line lies so near that a telephone has no room for both labels."""
    if place + 1 == len(lines):
        return False
    gap = (lines[place + 1].total or Decimal(0)) - (lines[place].total or Decimal(0))
    return gap / scale * 100 < CLOSE_LINES


def _line(line: LineShown, scale: Decimal, close: bool) -> Mark:
    total = line.total or Decimal(0)
    return Mark(
        x=at(total),
        label=_("%(grade)s 线") % {"grade": line.grade},
        text=grouped(total, 2),
        css=line.grade.lower(),
        percent=at(total / scale * 100),
        narrow="p2" if close else "",
    )
