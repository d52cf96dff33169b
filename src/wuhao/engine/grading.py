"""The grade of one subject from the number of those before it: the verb `grade`, one row at a time.

Grades are numbers here: 1 is the best, 0 none.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import pairwise

from wuhao.engine.exact import div, quantise
from wuhao.engine.model import Adjustment, Grades, Scheme


def standing_digits(scheme: Scheme) -> int:
    """Return the decimals in which totals are ranked."""
    return scheme.digits["score"] if scheme.rank_digits is None else scheme.rank_digits


def standing(scheme: Scheme, total: int) -> int:
    """Return what is ranked: the total, rounded first where the scheme says so."""
    return div(total, 10 ** (scheme.digits["score"] - standing_digits(scheme)))


def last_places(grades: Grades, base: int) -> list[int]:
    """Return the last place of every grade but the worst, among `base` who take up a place."""
    quotas, rest = places(grades, base)
    above = min(sum(quotas[:rest]), base)
    from_top = [min(sum(quotas[: at + 1]), base) for at in range(rest)]
    from_end = [
        max(base - sum(quotas[at + 1 :]), above) for at in range(rest, len(grades.order) - 1)
    ]
    return [*from_top, *from_end]


def places_of(grades: Grades, base: int) -> list[int]:
    """Return how many of `base` get each grade by their place."""
    lasts = [0, *last_places(grades, base), base]
    return [last - first for first, last in pairwise(lasts)]


def places(grades: Grades, base: int) -> tuple[list[int], int]:
    """Return the places of every grade among `base`, and which grade takes what is left."""
    if grades.kind.name == "counts":
        found = [grades.kind.params["count"][grade] for grade in grades.order]
        return [0 if n == "rest" else n for n in found], found.index("rest")
    share, rounding = grades.kind.params["share"], grades.kind.params["rounding"]
    quotas = [_quota(base, Fraction(share[g]), rounding[g]) for g in grades.order]
    return quotas, [rounding[g] for g in grades.order].index("rest")


def _quota(base: int, share: Fraction, rounding: str) -> int:
    part = share * base / 100
    if rounding == "rest":
        return 0
    return -(-part.numerator // part.denominator) if rounding == "ceil" else int(part)


def by_place(grades: Grades, ahead: int, base: int, met: Collection[int] | None = None) -> int:
    """Return the grade by places of someone with `ahead` of the `base` places before it.

    `met` are the grades whose own line it reaches; None: no grade has one.
    """
    lasts = enumerate(last_places(grades, base), start=1)
    reached = [at for at, last in lasts if ahead < last and (met is None or at in met)]
    return reached[0] if reached else len(grades.order)


def lines_met(scheme: Scheme, grades: Grades, found: int) -> set[int]:
    """Return the grades by places whose own line, if they have one, a standing reaches."""
    lines = {at: floor_of(scheme, grades, at) for at in range(1, len(grades.order))}
    return {at for at, line in lines.items() if line is None or found >= line}


def by_threshold(scheme: Scheme, grades: Grades, found: int) -> int:
    """Return the grade by thresholds of a standing."""
    for at in range(1, len(grades.order)):
        if found >= threshold(scheme, grades, at):
            return at
    return len(grades.order)


def threshold(scheme: Scheme, grades: Grades, at: int) -> int:
    """Return the least standing of grade `at` that thresholds state."""
    stated = grades.kind.params["at_least"][grades.order[at - 1]]
    return quantise(Fraction(stated), standing_digits(scheme))


def floor_of(scheme: Scheme, grades: Grades, at: int) -> int | None:
    """Return the least standing that grade `at` asks for, beside a place; None for none."""
    stated = grades.order[at - 1] in grades.kind.params.get("at_least", {})
    return threshold(scheme, grades, at) if stated else None


def adjusted(grades: Grades, original: int, rules: Collection[Adjustment]) -> int:
    """Return the grade after lifts, caps and vetoes, in this order."""
    limits: dict[str, list[int]] = {"lift": [], "cap": [], "veto": []}
    for rule in rules:
        up = max(original - rule.up, 1)
        limits[rule.kind].append(up if rule.up else grades.order.index(rule.to) + 1)
    if not original:
        return max(limits["veto"], default=0)
    lifted = min([original, *limits["lift"]])
    return max([lifted, *limits["cap"], *limits["veto"]])
