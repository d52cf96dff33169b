"""Rules of the evaluation room, pure."""

from dataclasses import replace
from decimal import Decimal

from wuhao.engine.explain import ItemShown, MethodShown


def banded(item: ItemShown) -> ItemShown:
    """An item for those who may not see unit figures: a band, and no number it follows from.

    Source: domain dossier, roles and data security (a park sees its firms' values banded).
    """
    return replace(
        item,
        numerator=(),
        denominator=(),
        value=None,
        ratio=None,
        score=None,
        note=item.note,
        note_text=item.note_text or band(item.ratio, item.method.score),
        method=MethodShown(),
    )


def band(ratio: Decimal | None, score: str = "ratio") -> str:
    """A ratio to the benchmark in words; under other scores the share of the item's points."""
    if ratio is None:
        return "未报"
    if score != "ratio":
        return _share(ratio)
    if ratio >= Decimal("1.5"):
        return "达到基准的 1.5 倍及以上"
    if ratio >= 1:
        return "达到基准"
    if ratio >= Decimal("0.5"):
        return "低于基准，在一半以上"
    return "不到基准的一半"


def _share(ratio: Decimal) -> str:
    if ratio >= 1:
        return "得到该项全部权数"
    return "得到该项权数的一半以上" if ratio >= Decimal("0.5") else "不到该项权数的一半"
