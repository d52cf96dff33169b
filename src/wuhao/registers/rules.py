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


BRANCH_ENDINGS = (
    "分公司",
    "分厂",
    "分店",
    "分部",
    "分行",
    "支行",
    "分院",
    "分所",
    "营业部",
    "办事处",
)
# How a legal person's name ends before its branch's own words. A default; the rules on names of
# enterprises ask that a branch bear its legal person's name in front.
LEGAL_ENDINGS = ("公司", "厂", "集团", "合作社", "企业", "中心", "院", "所", "行")


def legal_person_names(name: str) -> list[str]:
    """What the name of a branch may hold in front as its legal person's name; none of others.

    Source: 企业名称登记管理规定 (国务院令第734号): a branch's name begins with the name of the
    enterprise it belongs to and ends in 分公司, 分厂, 分店 or the like.
    """
    if not name.endswith(BRANCH_ENDINGS):
        return []
    return [name[:at] for at in range(4, len(name) - 1) if name[:at].endswith(LEGAL_ENDINGS)]
