"""Evaluation units of the oracle: sets of rows that are merged, and what each is told of them."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def run(oracle: Any) -> list[Row]:
    """The results of the merged rows, with what each subject's unit has got."""
    rules = oracle.content["evaluation_unit"]["rules"]
    heads, by = links(oracle, [r for r in rules if not _separately(r)])
    out = _evaluated(oracle, heads, by)
    _tell(out, out, "unit", heads, {h for h in heads.values() if _size(heads, h) > 1})
    if any(_separately(rule) for rule in rules):
        every, by_every = links(oracle, rules)
        joint = _evaluated(oracle, every, by_every)
        apart = {every[subject] for subject in every if every[subject] != heads[subject]}
        _tell(out, joint, "joint", every, apart)
    return out


def _separately(rule: Row) -> bool:
    return bool(rule.get("separately", False))


def _size(heads: dict[str, str], head: str) -> int:
    return sum(1 for other in heads.values() if other == head)


def _tell(out: list[Row], of: list[Row], word: str, heads: dict[str, str], told: set[str]) -> None:
    results = {row["subject"]: row for row in of}
    for row in out:
        head = heads[row["subject"]]
        found = results[head] if head in told else {}
        row[word] = head if found else None
        for name in ("total", "rank", "grade"):
            row[f"{word}_{name}"] = found.get(name)
        members = sorted((s for s in heads if heads[s] == head), key=str.encode)
        mine = bool(found) and head == row["subject"]
        row[f"{word}_members"] = ",".join(members) if mine else None


def _evaluated(oracle: Any, heads: dict[str, str], by: dict[str, str]) -> list[Row]:
    made = _merged_rows(oracle, heads, by)
    return list(type(oracle)({**oracle.content, "evaluation_unit": None}, made).run())


def merged_rows(oracle: Any) -> list[Row]:
    """The rows that are evaluated: at heads the facts of their units."""
    rules = oracle.content["evaluation_unit"]["rules"]
    return _merged_rows(oracle, *links(oracle, [r for r in rules if not _separately(r)]))


def _merged_rows(oracle: Any, heads: dict[str, str], by: dict[str, str]) -> list[Row]:
    rows = {row["subject"]: row for row in oracle.rows}
    made = []
    for subject, row in rows.items():
        members = [rows[s] for s in heads if heads[s] == subject]
        whole = merged(oracle, row, members) if heads[subject] == subject else dict(row)
        made.append({**whole, "__rule": by.get(subject)})
    return made


def merged(oracle: Any, head: Row, members: list[Row]) -> Row:
    """The head's row with the facts of all."""
    rule, found = oracle.content["evaluation_unit"], dict(head)
    for code, fact in oracle.content["facts"].items():
        cells = [row.get(code) for row in members]
        how = rule.get("facts", {}).get(code, "sum")
        missing = rule["missing"]
        if isinstance(missing, dict):
            missing = missing.get(code, missing["default"])
        numbers = [0 if c == "zero" else c for c in cells if c not in (None, "n/a")]
        lacking = None in cells and missing == "unknown" and fact.get("missing") != "zero"
        if how == "head":
            continue
        if lacking:
            found[code] = None
        elif any(isinstance(c, int) for c in cells):
            found[code] = max(numbers) if how == "max" else sum(numbers)
        elif numbers:
            found[code] = "zero"
        else:
            found[code] = None if None in cells else "n/a"
    return found


def links(oracle: Any, rules: list[Row]) -> tuple[dict[str, str], dict[str, str]]:
    """Everybody's head, and the rule by which somebody is in another's unit."""
    rows = {row["subject"]: row for row in oracle.rows}
    names = {subject: oracle.names(row) for subject, row in rows.items()}
    fit = {subject for subject, row in rows.items() if oracle.place(row)["part"]}
    up: dict[str, str] = {}
    by: dict[str, str] = {}
    for rule in rules:
        free = [
            s for s in rows
            if s not in up and not ("unless" in rule and oracle.value(rule["unless"], names[s]))
        ]  # fmt: skip
        if rule["kind"] == "tenants":
            new = {s: rows[s].get(rule["owner"]) for s in free}
            new = {s: t for s, t in new.items() if t in rows and t != s}
        else:
            new = _together(oracle, rule, rows, names, [s for s in free if s], fit)
        turning = {s for s in new if s in _walk(new, up, new[s])}
        new = {s: t for s, t in new.items() if s not in turning}
        while bad := [s for s, t in new.items() if t not in new and t not in up and t not in fit]:
            new = {s: t for s, t in new.items() if s not in bad}
        up |= new
        by |= dict.fromkeys(new, rule["id"])
    return {s: _walk(up, {}, s)[-1] for s in rows}, by


def _walk(new: dict[str, Any], up: dict[str, str], at: str) -> list[str]:
    """The way from a subject upward, until it ends or begins to turn."""
    way = [at]
    while (step := new.get(way[-1], up.get(way[-1]))) is not None and step not in way:
        way.append(step)
    return way


def _together(
    oracle: Any,
    rule: Row,
    rows: dict[str, Row],
    names: dict[str, Any],
    free: list[str],
    fit: set[str],
) -> dict[str, str]:
    found = {}
    for subject in free:
        key = [rows[subject].get(name) for name in rule["by"]]
        same = [s for s in free if [rows[s].get(name) for name in rule["by"]] == key and s in fit]
        if not all(key) or not same:
            continue

        def order(s: str) -> tuple[Any, ...]:
            size = oracle.value(rule["head"], names[s]).of if "head" in rule else None
            return (size is None, -size if size is not None else 0, s.encode())

        head = min(same, key=order)
        if head != subject:
            found[subject] = head
    return found
