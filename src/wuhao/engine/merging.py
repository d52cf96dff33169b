"""Who is evaluated with whom: links from subjects to the heads of their units, without cycles.

Rules are taken in the order written; the first that merges a subject counts. Who is merged is
decided by every subject's own facts. The head of a unit must be in scope by itself; its members
need not be: `unless` says whom a rule leaves alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wuhao.engine.findings import listed
from wuhao.engine.model import UnitRule

SHOWN = 5
Columns = Mapping[str, Sequence[object]]


@dataclass
class Links:
    """Every subject's link to another (None: it is alone or a head), by which rule, and notes."""

    to: list[int | None]
    rule: list[str | None]
    notes: list[str] = field(default_factory=list)

    def heads(self) -> list[int]:
        """Return the head of everybody's unit."""
        found: dict[int, int] = {}
        for start in range(len(self.to)):
            path, at = [], start
            while at not in found and (up := self.to[at]) is not None:
                path.append(at)
                at = up
            found |= dict.fromkeys((*path, at), found.get(at, at))
        return [found[at] for at in range(len(self.to))]


def linked(rules: Sequence[tuple[int, UnitRule]], subjects: Sequence[str], asked: Columns) -> Links:
    """Link subjects by numbered rules, in order; `asked` is what the verb `units` asks."""
    links = Links([None] * len(subjects), [None] * len(subjects))
    for number, rule in rules:
        find = _tenants if rule.kind == "tenants" else _together
        wanted = find(number, rule, subjects, asked, links)
        _drop_cycles(rule, wanted, subjects, links)
        _drop_unfit(rule, wanted, subjects, asked, links)
        for at, to in wanted.items():
            links.to[at], links.rule[at] = to, rule.code
    return links


def _free(number: int, asked: Columns, links: Links) -> list[int]:
    """Return whom a rule may link: who is not merged yet and whom it does not leave alone."""
    keeps = asked[f"keeps_{number}"]
    return [at for at, to in enumerate(links.to) if to is None and not keeps[at]]


def _tenants(
    number: int, rule: UnitRule, subjects: Sequence[str], asked: Columns, links: Links
) -> dict[int, int]:
    """Link tenants to their owners."""
    places: dict[object, int] = {subject: at for at, subject in enumerate(subjects)}
    owners, lost = asked[rule.owner], []
    wanted: dict[int, int] = {}
    for at in _free(number, asked, links):
        if not owners[at] or owners[at] == subjects[at]:
            continue
        if owners[at] in places:
            wanted[at] = places[owners[at]]
        else:
            lost.append(subjects[at])
    _note(links, rule, lost, "所属的主体不在数据中")
    return wanted


def _together(
    number: int, rule: UnitRule, subjects: Sequence[str], asked: Columns, links: Links
) -> dict[int, int]:
    """Link those with the same attributes to the greatest of them that is in scope by itself."""
    sets: dict[tuple[object, ...], list[int]] = {}
    for at in _free(number, asked, links):
        key = tuple(asked[name][at] for name in rule.by)
        if all(key):
            sets.setdefault(key, []).append(at)
    sizes = asked[f"head_{number}"]
    wanted: dict[int, int] = {}
    for members in sets.values():
        fit = [at for at in members if asked["part"][at] is not None]
        if fit:
            head = min(fit, key=lambda at: _order(sizes[at], at))
            wanted |= {at: head for at in members if at != head}
    return wanted


def _order(size: object, at: int) -> tuple[bool, int, int]:
    """The greatest first, an unknown last; equal ones in the order of their codes."""
    return (size is None, -int(str(size)) if size is not None else 0, at)


def _drop_cycles(
    rule: UnitRule, wanted: dict[int, int], subjects: Sequence[str], links: Links
) -> None:
    """Take away the links that lead back to where they begin: nobody there is the owner."""
    closed, done = [], set()
    for start in wanted:
        path: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in path and at not in done:
            path[at] = None
            at = wanted.get(at, links.to[at])
        if at in path:
            steps = list(path)
            closed += [step for step in steps[steps.index(at) :] if step in wanted]
        done |= set(path)
    for at in closed:
        del wanted[at]
    _note(links, rule, sorted(subjects[at] for at in closed), "互相所属，分不出以谁为主")


def _drop_unfit(
    rule: UnitRule, wanted: dict[int, int], subjects: Sequence[str], asked: Columns, links: Links
) -> None:
    """Take away the links whose end is out of scope by itself, the last of a chain first."""
    unfit: list[str] = []
    seen: set[int] = set()
    for start in list(wanted):
        path: list[int] = []
        at = start
        while at in wanted and at not in seen:
            path.append(at)
            at = wanted[at]
        seen |= set(path)
        for step in reversed(path):
            if step in wanted and not _stands(wanted[step], wanted, asked, links):
                unfit.append(subjects[step])
                del wanted[step]
    _note(links, rule, sorted(unfit), "所属的主体不参评")


def _stands(at: int, wanted: Mapping[int, int], asked: Columns, links: Links) -> bool:
    """Return whether a subject is a head that is in scope, or in a unit itself."""
    return at in wanted or links.to[at] is not None or asked["part"][at] is not None


def _note(links: Links, rule: UnitRule, subjects: Sequence[str], why: str) -> None:
    if subjects:
        more = " 等" if len(subjects) > SHOWN else ""
        shown = listed(subjects[:SHOWN])
        links.notes.append(f"{rule.label}：{len(subjects)} 户（{shown}{more}）{why}，单独评价。")
