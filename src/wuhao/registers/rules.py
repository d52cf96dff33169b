"""Rules of the registers, pure: what land counts, on which day a year's land is measured."""

from collections.abc import Iterable
from datetime import date

# 用地面积 = 自有 + 租入 - 租出 + 无证实际占用. Domain dossier, field rules (default; the text of
# the city's measure is not public).
LAND_SIGN = {"own": 1, "rented_in": 1, "rented_out": -1, "occupied": 1}


def land_day(period: int) -> date:
    """The day on which a year's land is measured: its last."""
    return date(period // 100, 12, 31)


def land_in_quanta(tenures: Iterable[tuple[str, int]]) -> int:
    """Land counted for an enterprise, from (right, area in quanta); never below zero."""
    return max(sum(LAND_SIGN[right] * area for right, area in tenures), 0)


def year_of(period: int) -> int:
    """The year of a yearly period such as 202100."""
    return period // 100
