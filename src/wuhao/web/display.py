"""How numbers, days and states read on a page; pure but for the language in use.

Money shows in 万元 or 亿元, area in 亩, with the exact base value beside it; rounding here is for
the eye alone and is half up away from zero. 未报, 0 and 不适用 never look alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wuhao.core.exact import rounded
from wuhao.core.units import UNITS, convert

# The unit in which each base unit is shown, and its decimals.
SHOWN_IN: dict[str, tuple[str, int]] = {
    "yuan": ("wan_yuan", 2),
    "m2": ("mu", 2),
    "kwh": ("wan_kwh", 2),
    "kgce": ("tce", 2),
    "kg": ("t", 3),
    "person": ("person", 0),
}
STATES = ("value", "zero", "missing", "na")
SCORE = "score"
YI = Decimal(100_000_000)
MILLION = 1_000_000


@dataclass(frozen=True)
class Source:
    """Where a value was read: office, file, place in the file, and the page that shows it."""

    office: str
    mark: str
    file: str
    place: str = ""
    said: str = ""
    url: str = ""
    preview_url: str = ""


@dataclass(frozen=True)
class Shown:
    """A value ready for a page: text, unit, exact base value, state, kind and source."""

    text: str
    unit: str = ""
    exact: str = ""
    state: str = "value"
    kind: str = "text"
    source: Source | None = None

    @property
    def light(self) -> str:
        """The light beside a status (`light-ok` and the like); empty for everything else."""
        return self.kind.removeprefix("light-") if self.kind.startswith("light-") else ""


def english() -> bool:
    """Whether the page is being written in English."""
    return (get_language() or "").startswith("en")


def label_of(zh: Any, en: str = "") -> str:
    """A data label in the page's language; the Chinese one where no English is kept."""
    return en if en and english() else str(zh)


def grouped(value: Decimal | Fraction | int, places: int | None = None) -> str:
    """A number with thousands separators; so many decimals, or as many as it has."""
    if isinstance(value, Fraction) or places is not None:
        value = rounded(Decimal(value) if isinstance(value, int) else value, places or 0)
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def unit_label(code: str) -> str:
    """A unit as the page's language writes it; a unit of no table stands as it is."""
    unit = UNITS.get(code)
    return label_of(unit.label, unit.label_en) if unit else code


def unit_word(text: str) -> str:
    """A unit as it is printed in Chinese (万元/亩, 家), in the page's language."""
    if not english():
        return text
    counted = {"家": _("家"), "个": _("个"), "批": _("批")}
    words = {unit.label: unit.label_en for unit in UNITS.values()} | counted
    return "/".join(words.get(part) or part for part in text.split("/"))


def column_unit(code: str) -> str:
    """The unit that heads a column of values kept in a base unit."""
    return _("分") if code == SCORE else unit_label(SHOWN_IN.get(code, (code, 0))[0])


def quantity(value: Decimal | int, unit: str, *, by_size: bool = False) -> Shown:
    """A quantity kept in a base unit, shown in the unit of everyday use.

    With `by_size`, money from a hundred million yuan on is shown in 亿元; in English, from a
    million on, in millions.
    """
    if unit == SCORE:
        return Shown(grouped(value, 2), _("分"), grouped(value), kind="number")
    if by_size and unit == "yuan" and english():
        return _english_money(value)
    target, places = SHOWN_IN.get(unit, (unit, 0))
    if by_size and unit == "yuan" and (value >= YI or value <= -YI):
        target = "yi_yuan"
    if unit not in UNITS or target not in UNITS:
        return Shown(grouped(value), unit_word(unit), kind="number")
    converted = convert(Fraction(value), UNITS[unit], UNITS[target])
    exact = f"{grouped(value)} {unit_label(unit)}"
    return Shown(grouped(converted, places), unit_label(target), exact, kind="number")


def _english_money(value: Decimal | int) -> Shown:
    exact = f"{grouped(value)} yuan"
    if -MILLION < value < MILLION:
        return Shown(grouped(value, 0), "yuan", exact, kind="number")
    return Shown(grouped(Fraction(value) / MILLION, 2), "million yuan", exact, kind="number")


def state_name(state: int | None) -> str:
    """The word for an engine state number; a value where no state is kept."""
    return STATES[state] if state is not None and 0 <= state < len(STATES) else "value"


def text_of(value: Any) -> str:
    """Any plain value in words."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day_text(value)
    return grouped(value) if isinstance(value, Decimal | int) else str(value)


def local_day(at: date) -> date:
    """The day of an instant in the house's time zone; a day stays as it is."""
    if not isinstance(at, datetime):
        return at
    return (timezone.localtime(at) if timezone.is_aware(at) else at).date()


def day_text(at: date | None) -> str:
    """A day, or an instant's, as it is written: 2022年6月28日, or 28 June 2022."""
    if at is None:
        return "—"
    day = local_day(at)
    return f"{day.day} {day:%B %Y}" if english() else f"{day.year}年{day.month}月{day.day}日"


def short_day(at: date | None) -> str:
    """A day of this year, or an instant's: 6月28日, or 28 Jun."""
    if at is None:
        return "—"
    day = local_day(at)
    return f"{day.day} {day:%b}" if english() else f"{day.month}月{day.day}日"


def moment(at: datetime | None) -> str:
    """A day with its time, in the house's time zone."""
    if at is None:
        return "—"
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{day_text(local)} {local:%H:%M}"


def undone_words(decision: Mapping[str, Any]) -> str:
    """When, by whom and why a decision was undone; empty while it stands."""
    if not decision["undone_at"]:
        return ""
    when, who = moment(decision["undone_at"]), decision["undone_by"] or _("系统")
    said = _("%(when)s 由 %(who)s 撤销") % {"when": when, "who": who}
    why = decision["undone_reason"]
    return _("%(said)s：%(why)s") % {"said": said, "why": why} if why else said


def short_digest(digest: str | None) -> str:
    """The two ends of a digest, enough to compare by eye."""
    return f"{digest[:4]}…{digest[-4:]}" if digest else "—"


def percent(part: int | Decimal, whole: int | Decimal, places: int = 1) -> str:
    """A share in per cent; a dash where the whole is nothing."""
    if not whole:
        return "—"
    return f"{rounded(Fraction(part) / Fraction(whole) * 100, places)}%"
