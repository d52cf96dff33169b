"""The records behind a figure in words: what they are, and what picked them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

RECORDS = {
    "registers.parks": lazy("园区"),
    "registers.enterprises": lazy("企业"),
    "registers.tax_counted": lazy("计入税收"),
    "registers.land_m2": lazy("用地面积"),
    "evaluation.results": lazy("评价结果"),
    "intake.batches": lazy("报送批次"),
}
PICKED_BY = {
    "scale=above": lazy("规上企业"),
    "scale=below": lazy("规下企业"),
    "group=above": lazy("规上企业"),
    "group=below": lazy("规下企业"),
    "park!=null": lazy("在园区的"),
    "grade!=''": lazy("定了档次的"),
    "grade=''": lazy("没有定档次的"),
    "adjustments~veto": lazy("一票否决的"),
    "status=accepted": lazy("已受理的"),
}
GRADE = "grade="


def records_words(selector: str) -> str:
    """What kind of record a selector reads."""
    return str(RECORDS.get(selector, selector))


def filter_words(filter_: str) -> str:
    """What picked the records; all of them where nothing did."""
    parts = [part.strip() for part in filter_.split(",") if part.strip()]
    return "、".join(map(_condition, parts)) or _("全部")


def _condition(part: str) -> str:
    if part not in PICKED_BY and part.startswith(GRADE):
        return _("%(grade)s 档") % {"grade": part.removeprefix(GRADE)}
    return str(PICKED_BY.get(part, part))
