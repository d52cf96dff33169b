"""Drawings from numbers that others computed: bars, lines and the options of ECharts.

Coordinates are text with at most two decimals; a length that depends on data is an attribute of
the drawing, never a style.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from wuhao.core.exact import div
from wuhao.web.display import grouped

GRADES = ("D", "C", "B", "A")
WIDTH, HEIGHT, LEFT, RIGHT, FLOOR = 580, 58, 8, 572, 78


@dataclass(frozen=True)
class Bin:
    """A span of totals and how many of each grade lie in it."""

    lower: Decimal
    upper: Decimal
    counts: Mapping[str, int]

    @property
    def label(self) -> str:
        return f"{grouped(self.lower, 2)}–{grouped(self.upper, 2)}"


@dataclass(frozen=True)
class Bar:
    """A rectangle of a drawing."""

    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Mark:
    """A labelled line across a drawing."""

    x: str
    label: str
    text: str
    css: str = ""
    percent: str = ""
    narrow: str = ""


@dataclass(frozen=True)
class Distribution:
    """The drawing of all totals, with the grade lines and one subject marked."""

    said: str
    bars: list[Bar]
    lines: list[Mark] = field(default_factory=list)
    mark_x: str = ""
    mark_text: str = ""
    mark_text_x: str = ""
    mark_end: bool = True


def at(value: Decimal | Fraction | int) -> str:
    """A coordinate: at most two decimals, no trailing zeros."""
    exact = Fraction(value)
    hundredths = div(exact.numerator * 100, exact.denominator)
    text = f"{Decimal(hundredths) / 100:.2f}"
    return text.rstrip("0").rstrip(".") or "0"


def bins_of(found: Sequence[Mapping[str, Any]]) -> list[Bin]:
    """The spans that the evaluation counted, without the empty ones at both ends."""
    bins = [Bin(b["from"], b["to"], b["counts"]) for b in found]
    filled = [place for place, b in enumerate(bins) if any(b.counts.values())]
    return bins[filled[0] : filled[-1] + 1] if filled else []


def distribution(
    bins: Sequence[Bin],
    lines: Sequence[tuple[str, Decimal]],
    own: Decimal | None,
    said: str,
) -> Distribution:
    """Draw bins as stacked bars, each grade's line below, and the subject's own total."""
    low, high = bins[0].lower, bins[-1].upper

    def x_of(total: Decimal) -> Fraction:
        inside = min(max(total, low), high)
        return LEFT + Fraction(inside - low) / Fraction(high - low) * (RIGHT - LEFT)

    tallest = max(sum(b.counts.values()) for b in bins) or 1
    bars = [bar for b in bins for bar in _stack(b, x_of(b.lower), x_of(b.upper), tallest)]
    marks = [Mark(at(x_of(total)), label, grouped(total, 2)) for label, total in lines]
    if own is None:
        return Distribution(said, bars, marks)
    x = x_of(own)
    ends = x > 160
    return Distribution(
        said,
        bars,
        marks,
        mark_x=at(x),
        mark_text=_("本企业 %(total)s") % {"total": grouped(own, 2)},
        mark_text_x=at(x - 6 if ends else x + 6),
        mark_end=ends,
    )


def _stack(span: Bin, left: Fraction, right: Fraction, tallest: int) -> list[Bar]:
    bars, floor = [], Fraction(FLOOR)
    for grade in GRADES:
        count = span.counts.get(grade, 0)
        if not count:
            continue
        height = Fraction(count * HEIGHT, tallest)
        floor -= height
        width = max(right - left - Fraction(7, 5), Fraction(1))
        bars.append(Bar(grade.lower(), at(left), at(floor), at(width), at(height)))
    return bars


def distribution_options(
    bins: Sequence[Bin], lines: Sequence[tuple[str, Decimal]]
) -> dict[str, Any]:
    """The options of the stacked distribution for ECharts; colours are names of the style sheet."""
    middle = [float((b.lower + b.upper) / 2) for b in bins]
    grades = [g for g in reversed(GRADES) if any(b.counts.get(g) for b in bins)]
    series: list[dict[str, Any]] = [
        {
            "name": grade,
            "type": "bar",
            "stack": "all",
            "barCategoryGap": "10%",
            "itemStyle": {"color": f"var(--{grade.lower()})"},
            "data": [[m, b.counts.get(grade, 0)] for m, b in zip(middle, bins, strict=True)],
        }
        for grade in reversed(grades)
    ]
    if series and lines:
        series[0]["markLine"] = _mark_lines(lines)
    return {
        "grid": {"left": 52, "right": 24, "top": 34, "bottom": 42},
        "tooltip": {"trigger": "axis", "renderMode": "richText", "confine": True},
        "legend": {"show": True, "top": 2, "right": 12, "itemWidth": 12, "itemHeight": 12},
        "xAxis": {
            "type": "value",
            "min": int(bins[0].lower // 10 * 10),
            "max": int(-(-bins[-1].upper // 10) * 10),
            "name": _("总分（分）"),
            "nameLocation": "middle",
            "nameGap": 26,
            "splitLine": {"show": False},
            "axisLabel": {"color": "var(--ink-3)"},
        },
        "yAxis": {
            "type": "value",
            "name": _("企业（家）"),
            "minInterval": 1,
            "splitLine": {"lineStyle": {"color": "var(--line)"}},
            "axisLabel": {"color": "var(--ink-3)"},
        },
        "series": series,
    }


def _mark_lines(lines: Sequence[tuple[str, Decimal]]) -> dict[str, Any]:
    return {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": "var(--ink-2)", "type": "dashed", "width": 1},
        "label": {"color": "var(--ink-2)", "position": "insideEndTop", "rotate": 0},
        "data": [
            {"xAxis": float(total), "label": {"formatter": f"{label} {grouped(total, 2)}"}}
            for label, total in lines
        ],
    }


def table_of(bins: Sequence[Bin]) -> dict[str, Any]:
    """The same distribution as a table."""
    grades = [g for g in reversed(GRADES) if any(b.counts.get(g) for b in bins)]
    return {
        "grades": grades,
        "rows": [
            {"label": b.label, "counts": [b.counts.get(g, 0) for g in grades]}
            for b in bins
            if any(b.counts.values())
        ],
    }
