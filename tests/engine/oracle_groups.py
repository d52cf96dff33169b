"""Groups by the values of an attribute, as the oracle makes them: plain counting of heads."""

from __future__ import annotations

from typing import Any


def made_groups(oracle: Any, placed: list[tuple[dict[str, Any], str | None]]) -> dict[str, Any]:
    """Return the groups that stand in place of those written; `placed` has everybody's place
    among those written, None for who is out of scope."""
    found: dict[str, Any] = {}
    content = oracle.content["groups"]
    for code, rule in content.items():
        if "by" not in rule:
            found[code] = {**rule, **found.get(code, {})}
            continue
        by, plain = rule["by"], {key: part for key, part in rule.items() if key != "by"}
        values = [row.get(by["attribute"]) for row, group in placed if group == code]
        left = [value for value in values if value]
        lengths = [by["first"], *by.get("wider", [])] if "first" in by else [10**6]
        for length in lengths:
            whole = length == 10**6
            heads = [v[:length] for v in left if whole or len(v) >= length]
            enough = {h for h in heads if heads.count(h) >= int(by.get("min_size", 1))}
            for head in sorted(enough):
                own = by.get("own", {}).get(head, {})
                items = {**plain.get("items", {}), **own.get("items", {})}
                head_of = {"head": (by["attribute"], head, whole), "items": items}
                found[f"{code}:{head}"] = {**plain, **own, **head_of}
            left = [v for v in left if not (v[:length] in enough and (whole or len(v) >= length))]
        if "fallback" in by:
            also = found.setdefault(f"{by['fallback']}", {}).get("also", [])
            found[by["fallback"]] = {"also": [*also, rule.get("when")]}
        else:
            found[code] = plain
    order = [c for code in content for c in found if c == code or c.startswith(f"{code}:")]
    return {code: found[code] for code in order}


def takes(oracle: Any, rule: dict[str, Any], row: dict[str, Any], names: dict[str, Any]) -> bool:
    """Whether a group takes a subject."""

    def holds(when: str | None) -> bool:
        return when is None or bool(oracle.value(when, names))

    inside = holds(rule.get("when"))
    if "head" in rule:
        attribute, head, whole = rule["head"]
        word = row.get(attribute) or ""
        inside = inside and (word == head if whole else word.startswith(head))
    return inside or any(holds(when) for when in rule.get("also", []))
