"""How totals become grades, read from a scheme: for all groups, and for one that differs."""

from __future__ import annotations

from collections.abc import Mapping

from wuhao.engine.draft import BASIS, read_basis
from wuhao.engine.findings import listed
from wuhao.engine.marks import Mark
from wuhao.engine.model import Grades, Kind
from wuhao.engine.vocabulary import GRADINGS, read_kind


def read_grades(mark: Mark) -> Grades | None:
    """Read the grades of a scheme."""
    basis = read_basis(mark, mark.meant(BASIS))
    order = grade_order(mark) or ()
    if len(order) < 2 or len(set(order)) != len(order):
        mark.wrong("order 要列出至少两个不同的档次，好的在前。")
    kind = read_kind(mark, GRADINGS, ("order", *BASIS))
    if kind is None:
        return None
    _check_named(mark, order, kind)
    return Grades(order, kind, basis)


def grade_order(mark: Mark | None) -> tuple[str, ...] | None:
    """Return the letters of a scheme's grades: none without grades, None where none are written."""
    if mark is None:
        return ()
    order = mark.meant(["order"]).get("order")
    return tuple(m.text() for m in order.list()) or None if order is not None else None


def group_grades(mark: Mark, common: Grades | None, told: bool) -> Grades | None:
    """Read the grades of one group: the letters are the scheme's; `tie` is, unless written.

    `told`: the scheme has grades, so where they cannot be read that has been told.
    """
    if common is None:
        if not told:
            mark.wrong("组内的 grades 沿用方案 grades 的档次，方案还没有 grades，请先写。")
        return None
    found = mark.meant(["tie", *BASIS])
    basis = read_basis(mark, found)
    kind = read_kind(mark, GRADINGS, BASIS)
    if kind is None:
        return None
    _check_named(mark, common.order, kind)
    if kind.name != "thresholds" and "tie" not in found and "tie" in common.kind.params:
        kind = Kind(kind.name, {**kind.params, "tie": common.kind.params["tie"]})
    return Grades(common.order, kind, basis)


def _check_named(mark: Mark, order: tuple[str, ...], kind: Kind) -> None:
    """Every grade needs its places; every grade but the worst its threshold, falling."""
    lines = kind.params.get("at_least", {})
    if kind.name == "thresholds":
        _check_grades(mark, set(order[:-1]), lines)
    else:
        _check_grades(mark, set(order), kind.params["share" if kind.name == "shares" else "count"])
        strange = [grade for grade in lines if grade not in order[:-1]]
        if strange:
            accepted = listed(order[:-1])
            mark.wrong(f"at_least 可写这些档次：{accepted}；不认识 {listed(strange)}。")
    cuts = [lines[grade] for grade in order[:-1] if grade in lines]
    if cuts != sorted(set(cuts), reverse=True):
        mark.wrong("at_least 应随档次下降而递减。")


def _check_grades(mark: Mark, wanted: set[str], named: Mapping[str, object]) -> None:
    if set(named) != wanted:
        mark.wrong(f"应恰好给出这些档次：{listed(sorted(wanted))}；现有 {listed(named)}。")
