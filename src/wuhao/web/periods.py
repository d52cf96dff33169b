"""Periods as people write them: a year, a month or a quarter of it."""

from django.utils.translation import gettext as _

WHOLE = "00"


def parts() -> list[tuple[str, str]]:
    """What a form offers beside the year: the whole year, a month, a quarter."""
    months = [(f"{n:02d}", _("%(n)s 月") % {"n": n}) for n in range(1, 13)]
    quarters = [(f"5{n}", _("第 %(n)s 季度") % {"n": n}) for n in range(1, 5)]
    return [(WHOLE, _("全年")), *months, *quarters]


def period_text(period: int) -> str:
    """A period such as 202100, 202106 or 202152 in words."""
    year, part = divmod(period, 100)
    words = dict(parts()).get(f"{part:02d}", "")
    return _("%(year)s 年") % {"year": year} + ("" if part == 0 else words)
