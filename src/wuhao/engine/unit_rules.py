"""The rules of evaluation units (评价单元), read from a scheme: who is evaluated with whom."""

from __future__ import annotations

from wuhao.engine.draft import BASIS, Draft, check_identifier, check_unique, read_basis
from wuhao.engine.findings import listed, nearest
from wuhao.engine.marks import Mark, optional
from wuhao.engine.model import Rule, UnitRule, Units

KINDS = ("tenants", "together")
MISSING = ("unknown", "known_only")
JOINS = ("sum", "max", "head")
OWN_KEYS = {"tenants": ("owner",), "together": ("by", "head")}
"""Keys that only rules of a kind have; the first of them is needed."""


def read_units(mark: Mark | None, draft: Draft, exclusions: tuple[Rule, ...]) -> Units | None:
    """Read the rules; their codes and those of the exclusions stand in one column of results."""
    if mark is None:
        return None
    found = mark.fields(["missing", "facts", "rules"], ["missing", "rules"])
    if "missing" not in found or "rules" not in found:
        return None
    missing = _missing(found["missing"], draft)
    joins = dict.fromkeys(draft.facts, "sum")
    for code, inner in found["facts"].items() if "facts" in found else ():
        if code in joins:
            joins[code] = inner.choice(JOINS)
        elif code not in draft.faulty:
            inner.wrong(f"没有名为“{code}”的数据项{nearest(code, draft.facts)}")
    rules = [rule for item in found["rules"].list() if (rule := _rule(item, draft))]
    if not rules:
        found["rules"].wrong("至少要有一条规则。")
    left_out = [rule.code for rule in exclusions]
    check_unique(found["rules"], [*(rule.code for rule in rules), *left_out])
    return Units(missing, joins, tuple(rules))


def _missing(mark: Mark, draft: Draft) -> dict[str, str]:
    """Read what a unit has of a fact that one of its members does not report."""
    if not mark.is_mapping():
        return dict.fromkeys(draft.facts, mark.choice(MISSING))
    found = mark.fields(["default", *draft.facts, *sorted(draft.faulty)], ["default"])
    default = optional(found, "default", lambda m: m.choice(MISSING), MISSING[0])
    return {c: optional(found, c, lambda m: m.choice(MISSING), default) for c in draft.facts}


def _rule(mark: Mark, draft: Draft) -> UnitRule | None:
    before = len(mark.sink.findings)
    common = ["id", "kind", "label", "unless", "separately", *BASIS]
    own = [key for keys in OWN_KEYS.values() for key in keys]
    named = mark.meant([*common, *own]).get("kind")
    kind = named.choice(KINDS) if named is not None else KINDS[0]
    accepted = [*common, *OWN_KEYS[kind]]
    found = mark.fields(accepted, ["id", "kind", OWN_KEYS[kind][0]])
    basis = read_basis(mark, found)
    unless = draft.condition(found["unless"]) if "unless" in found else None
    owner = _attribute(found["owner"], draft) if "owner" in found else ""
    by = tuple(_attribute(m, draft) for m in found["by"].list()) if "by" in found else ()
    if "by" in found and not by:
        found["by"].wrong(f"至少要有一个属性；接受 {listed(draft.attributes)}。")
    head = draft.sum(found["head"]) if "head" in found else None
    separately = optional(found, "separately", Mark.flag, False)
    if "id" in found:
        check_identifier(found["id"].text(), found["id"])
    if len(mark.sink.findings) > before:
        return None
    code = found["id"].text()
    text = found["unless"].text() if "unless" in found else ""
    label = optional(found, "label", Mark.text, code)
    return UnitRule(code, kind, label, basis, owner, by, head, unless, text, separately)


def _attribute(mark: Mark, draft: Draft) -> str:
    return mark.choice(draft.attributes or ["-"])
