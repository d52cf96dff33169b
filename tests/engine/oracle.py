"""A slow second engine in fractions, written from what a scheme means; it shares no arithmetic,
no parser and no compiler with the engine. It takes a scheme's plain content and rows of quanta."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pyarrow as pa

from tests.engine import oracle_methods as methods
from tests.engine import oracle_points as pointed
from tests.engine import oracle_units as units
from tests.engine.oracle_groups import made_groups, takes
from tests.engine.oracle_methods import half_up
from tests.engine.oracle_values import UNITS, Amount, Word

LACKS = ["missing", "not_applicable", "zero_denominator", "negative_denominator"]


class Oracle:
    """Evaluates rows by a scheme's content."""

    def __init__(self, content: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        self.content = content
        self.rows = sorted(rows, key=lambda row: row["subject"].encode())
        self.digits = content["digits"]
        self.indicators = content["indicators"]
        self.groups: Mapping[str, Any] = content["groups"]

    def item(self, code: str, group: str | None) -> dict[str, Any]:
        """An item as a group judges it."""
        own = self.groups[group].get("items", {}).get(code, {}) if group else {}
        return {**self.indicators[code], **own}

    def item_rule(self, code: str, key: str, group: str | None = None) -> Any:
        own = self.item(code, group).get(key)
        default = self.content.get("item", {}).get(key)
        if key != "absent":
            return own or default
        merged: dict[str, str] = {}
        for rule in (default, self.indicators[code].get(key), own):
            merged |= rule if isinstance(rule, dict) else dict.fromkeys(LACKS, rule) if rule else {}
        return merged

    def names(self, row: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"missing": lambda x: x.of is None}
        found["starts"] = lambda word, *heads: word.of is not None and word.of.startswith(heads)
        for code in self.content.get("attributes", {}):
            found[code] = Word(row.get(code))
        for code, fact in self.content["facts"].items():
            cell = row.get(code)
            zero = (
                cell == "zero"
                or fact.get({None: "missing", "n/a": "not_applicable"}.get(cell, "-")) == "zero"
            )
            known = zero or not (cell is None or isinstance(cell, str))
            quanta = 0 if zero else cell
            found[code] = Amount(quanta * Fraction(fact["quantum"]) if known else None)
        for name, text in self.content.get("quantities", {}).items():
            found[name] = self.value(text, found)
        return found

    @staticmethod
    def value(text: str, names: dict[str, Any]) -> Any:
        return eval(text, {"__builtins__": {}}, names)  # noqa: S307 - texts of our own tests

    def used(self, text: str) -> set[str]:
        words = set(compile(text, "scheme", "eval").co_names)
        for name in words & set(self.content.get("quantities", {})):
            words |= self.used(self.content["quantities"][name])
        return words & set(self.content["facts"])

    def state_of(self, row: Mapping[str, Any], code: str, cell: object, key: str) -> bool:
        return row.get(code) == cell and self.content["facts"][code].get(key) != "zero"

    def unit_of(self, text: str) -> Fraction:
        units = [UNITS[self.content["facts"][code]["unit"]] for code in self.used(text)]
        return Fraction(units[0]) if units else Fraction(1)

    # ---- the verbs ---------------------------------------------------------------------------

    def run(self) -> list[dict[str, Any]]:
        written = [self.place(row)["part"] for row in self.rows]
        self.groups = made_groups(self, list(zip(self.rows, written, strict=True)))
        out = [self.place(row) for row in self.rows]
        for code in self.indicators:
            for row, result in zip(self.rows, out, strict=True):
                self.measure(code, row, result)
            for group in self.groups:
                members = [r for r in out if r["part"] == group]
                self.stand_in(code, members)
            for group in self.groups:
                self.score(code, group, out)
        for row, result in zip(self.rows, out, strict=True):
            self.total(row, result)
        for group, rule in self.groups.items():
            grades = {**self.content["grades"], **rule.get("grades", {})}
            self.grade([r for r in out if r["part"] == group], grades)
        return out

    def place(self, row: Mapping[str, Any]) -> dict[str, Any]:
        names = self.names(row)
        group = next(
            (g for g, rule in self.groups.items() if takes(self, rule, row, names)), None,
        )  # fmt: skip
        rules = self.content.get("scope", {}).get("exclude", [])
        excluded = row.get("__rule") or next(
            (r["id"] for r in rules if self.value(r["when"], names)), None
        )
        reason = excluded or (None if group else "no_group")
        rule = next((r for r in rules if r["id"] == excluded), {})
        exempt = {"exemption": rule.get("class"), "counts_as": rule.get("counts_as")}
        result = {
            **exempt,
            "subject": row["subject"],
            "group": group,
            "excluded": reason,
            "names": names,
        }
        return {**result, "part": None if reason else group, "ungraded": None}

    def measure(self, code: str, row: Mapping[str, Any], result: dict[str, Any]) -> None:
        item, cells = self.item(code, result["part"]), {}
        rule = self.item_rule(code, "score", result["part"])
        weights = self.groups[result["part"]]["weights"] if result["part"] else {}
        lack: str | None = None
        num = den = value = None
        if code in weights and "marks" in rule:
            num, den, lack = self.trimmed(rule, row)
            if lack is None:
                unit = self.unit_of(rule["marks"][0]) / self.unit(item)
                value = half_up(num / den * unit * 10 ** self.digits["value"])
        elif code in weights:
            names = result["names"]
            over = item.get("denominator", "1")
            top, under = self.value(item["numerator"], names), self.value(over, names)
            used = self.used(item["numerator"]) | self.used(over)
            bench = item.get("benchmark") or self.content.get("benchmark", {})
            if bench.get("population", "own") == "own":
                used |= self.used(bench.get("of", "0")) | self.used(bench.get("over", "0"))
            used |= self.used(rule.get("previous", "0")) | self.used(rule.get("over", "0"))
            bottom = Fraction(under) if isinstance(under, int) else under.of
            if any(self.state_of(row, c, None, "missing") for c in used):
                lack = "missing"
            elif any(self.state_of(row, c, "n/a", "not_applicable") for c in used):
                lack = "not_applicable"
            elif bottom <= 0:
                lack = "zero_denominator" if bottom == 0 else "negative_denominator"
            else:
                above, _, below = item["unit"].partition("/")
                unit = Fraction(UNITS[above]) / Fraction(UNITS[below] if below else 1)
                base = self.unit_of(item["numerator"]) / self.unit_of(over)
                value = half_up(top.of / bottom * base / unit * 10 ** self.digits["value"])
            num, den = top.of, bottom
        cells = {"num": num, "den": den, "value": value, "benchmark": None, "score": None}
        cells |= {"used": value, **dict.fromkeys(methods.EXTRAS)}
        result |= {f"{code}__{name}": cell for name, cell in cells.items()}
        result[f"{code}__note"] = lack

    def benchmark(self, code: str, group: str, rows: list[dict[str, Any]]) -> int | None:
        item = self.item(code, group)
        rule = item.get("benchmark") or self.content["benchmark"]
        scale = 10 ** self.digits["benchmark"]
        if "value" in rule:
            value = rule["value"]
            if isinstance(value, dict):
                value = value.get(group) or value[group.partition(":")[0]]
            return half_up(Fraction(value) * scale)
        if rule["kind"] == "previous_year":
            return self.past(code, rule, rows)
        rows = [r for r in rows if r[f"{code}__value"] is not None]
        times = Fraction(rule.get("times", "1"))
        if not rows:
            return None
        values = [Fraction(r[f"{code}__value"], 10 ** self.digits["value"]) for r in rows]
        if rule["kind"] == "mean_of_values":
            found = sum(values, Fraction(0)) / len(values)
        elif rule["kind"] in ("maximum", "quantile", "median"):
            found = methods.by_order(rule, values)
        else:
            base = self.unit_of(item["numerator"]) / self.unit_of(item.get("denominator", "1"))
            sums = [sum((r[f"{code}__{c}"] for r in rows), Fraction(0)) for c in ("num", "den")]
            found = sums[0] / sums[1] * base / self.unit(item)
        quanta = half_up(found * times * scale)
        return quanta if quanta > 0 else None

    @staticmethod
    def unit(item: Mapping[str, Any]) -> Fraction:
        above, _, below = item["unit"].partition("/")
        return Fraction(UNITS[above]) / Fraction(UNITS[below] if below else 1)

    def target(self, code: str, rule: Mapping[str, Any], row: Mapping[str, Any]) -> int | None:
        if row[f"{code}__value"] is None:
            return None
        found = self.own(code, rule["of"], rule.get("over"), row)
        quanta = half_up((found or Fraction(0)) * 10 ** self.digits["benchmark"])
        return quanta if quanta > 0 else None

    def own(
        self, code: str, text: str, over: str | None, row: Mapping[str, Any]
    ) -> Fraction | None:
        """A number of a subject's own in the unit of an item; nothing over nothing."""
        base = self.unit_of(text) / self.unit_of(over or "1") / self.unit(self.indicators[code])
        below = self.value(over, row["names"]).of if over else Fraction(1)
        above = self.value(text, row["names"]).of
        if above is None or below is None or below <= 0:
            return None
        return Fraction(above / below * base)

    def past(self, code: str, rule: Mapping[str, Any], rows: list[dict[str, Any]]) -> int | None:
        """Last year's total over total of those who have both numbers."""
        top = bottom = Fraction(0)
        for row in rows:
            above = self.value(rule["of"], row["names"]).of
            below = self.value(rule["over"], row["names"]).of if "over" in rule else Fraction(1)
            if above is not None and below is not None and below > 0:
                top, bottom = top + above, bottom + below
        if not bottom:
            return None
        base = self.unit_of(rule["of"]) / self.unit_of(rule.get("over", "1"))
        found = top / bottom * base / self.unit(self.indicators[code])
        quanta = half_up(found * 10 ** self.digits["benchmark"])
        return quanta if quanta > 0 else None

    def trimmed(self, rule: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[Any, Any, Any]:
        """What is left of the marks without the first and the last of them in order."""
        names = self.names(row)
        known = sorted(names[c].of for c in rule["marks"] if names[c].of is not None)
        if len(known) >= rule.get("fewest", 3):
            return sum(known[1:-1]), len(known) - 2, None
        some = any(self.state_of(row, c, None, "missing") for c in rule["marks"])
        return None, None, "missing" if some else "not_applicable"

    def score(self, code: str, group: str, out: list[dict[str, Any]]) -> None:
        weights = self.groups[group]["weights"]
        rows = [r for r in out if r["part"] == group]
        if code not in weights:
            return
        rule, absent = (self.item_rule(code, key, group) for key in ("score", "absent"))
        compared = rule["kind"] in methods.COMPARED
        stated = self.item(code, group).get("benchmark") or self.content.get("benchmark", {})
        of = self.whom(code, stated, rule, rows, out)
        own = "of" in stated and stated.get("population", "own") == "own"
        bench = self.benchmark(code, group, of) if compared and not own else None
        earned: list[int] = []
        for row in rows:
            if compared and own:
                bench = self.target(code, stated, row)
            if compared:
                row[f"{code}__benchmark"] = bench
            mine, used = row[f"{code}__value"], row[f"{code}__used"]
            self.extras(code, rule, row, of)
            if used is None:
                continue
            if compared and bench is None:
                row[f"{code}__score"] = 0
                if mine is not None:
                    row[f"{code}__note"] = "no_benchmark"
                continue
            ratio, note = methods.SCORES[rule["kind"]](self, code, rule, row)
            worth = Fraction(str(weights[code])) if self.summed(group) else Fraction(1)
            points = half_up(Fraction(ratio, 10 ** self.digits["ratio"]) * worth * self.scale())
            row[f"{code}__score"] = points
            if mine is not None:
                row[f"{code}__note"] = note
                earned.append(points)
        for row in rows:
            self.absent(code, row, absent, earned)

    def whom(
        self, code: str, stated: Any, rule: Any, rows: list[dict[str, Any]], out: Any
    ) -> list[dict[str, Any]]:
        """Those of whom benchmark or score take their numbers."""
        words = {stated.get("population", "group"), rule.get("population", "group")} - {"group"}
        whole = [r for r in out if r["part"] and code in self.groups[r["part"]]["weights"]]
        if words - {"all", "own"}:
            return [r for r in whole if self.value(min(words), r["names"])]
        return whole if words else rows

    def stand_in(self, code: str, members: list[dict[str, Any]]) -> None:
        methods.stand_in(self, code, members)

    def extras(self, code: str, rule: Any, row: dict[str, Any], of: list[dict[str, Any]]) -> None:
        methods.extras(self, code, rule, row, of)

    def summed(self, group: str) -> bool:
        kind = self.groups[group].get("aggregate", "weighted_sum")
        return bool(kind == "weighted_sum")

    def scale(self) -> int:
        return int(10 ** self.digits["score"])

    def absent(
        self, code: str, row: dict[str, Any], absent: Mapping[str, str], earned: list[int]
    ) -> None:
        lack = row[f"{code}__note"]
        if row[f"{code}__value"] is not None:
            return
        how = absent[lack]
        if how == "not_graded":
            row["ungraded"] = row["ungraded"] or f"{lack}:{code}"
        elif how == "reweigh":
            row["out"] = {**row.get("out", {}), code: lack}
        elif how == "group_average" and earned:
            row[f"{code}__score"] = half_up(Fraction(sum(earned), len(earned)))
        elif how.endswith("_value") and row[f"{code}__used"] is not None:
            assert row[f"{code}__score"] is not None
        else:
            row[f"{code}__score"] = 0
            if how != "zero":
                row[f"{code}__note"] = "no_average"

    def total(self, row: Mapping[str, Any], result: dict[str, Any]) -> None:
        blank = (
            "base_total",
            *pointed.columns(self),
            "total",
            "rank",
            "group_size",
            "base_size",
            "original_grade",
            "grade",
            "adjustments",
            "flag",
        )
        result |= dict.fromkeys(blank)
        if result["part"] is None:
            return
        codes = self.groups[result["part"]]["weights"]
        if result["ungraded"] is None:
            result["base_total"] = self.summed_up(result, codes)
        result |= pointed.lines(self, row, result)
        rules = [
            r for r in self.content.get("adjustments", []) if self.value(r["when"], result["names"])
        ]
        result["rules"] = rules
        result["adjustments"] = ",".join(r["id"] for r in rules) or None
        result["in_base"] = not any(
            r["kind"] == "veto" and not r.get("uses_quota", False) for r in rules
        )

    def summed_up(self, row: dict[str, Any], codes: Mapping[str, Any]) -> int | None:
        out = row.get("out", {})
        left = {c: Fraction(str(w)) for c, w in codes.items() if c not in out}
        if not left:
            first = next(c for c in self.indicators if c in out)
            row["ungraded"] = f"{out[first]}:{first}"
            return None
        rule = self.groups[row["part"]]
        kind = rule.get("aggregate", "weighted_sum")
        scores = [Fraction(row[f"{c}__score"]) for c in left]
        if kind == "weighted_sum":
            whole = sum((Fraction(str(w)) for w in codes.values()), Fraction(0))
            return half_up(sum(scores) * whole / sum(left.values()))
        return methods.mean(kind, scores, list(left.values()), self.scale(), rule.get("exponent"))

    def standing(self, row: Mapping[str, Any]) -> int:
        if "rank_on" not in self.content:
            return int(row["total"])
        coarse = 10 ** (self.digits["score"] - self.content["rank_on"]["digits"])
        return half_up(Fraction(row["total"], coarse))

    def tie_key(self, row: dict[str, Any]) -> list[Any]:
        keys: list[Any] = [-self.standing(row)]
        for name in self.content["tie_break"][1:-1]:
            found = row[f"{name}__value"] if name in self.indicators else row["names"][name].of
            keys.append((1, 0) if found is None else (0, -found))
        return [*keys, row["subject"].encode()]

    def grade(self, rows: list[dict[str, Any]], rules: Mapping[str, Any]) -> None:
        ranked = sorted((r for r in rows if r["total"] is not None), key=self.tie_key)
        base = [r for r in ranked if r["in_base"]]
        order = rules["order"]
        last = self.last_places(rules, len(base)) if rules["kind"] != "thresholds" else {}
        for place, row in enumerate(ranked, start=1):
            row |= {"rank": place, "group_size": len(ranked), "base_size": len(base)}
            mine = sum(1 for other in base if self.tie_key(other) < self.tie_key(row)) + 1
            tied = sum(1 for other in base if self.standing(other) > self.standing(row)) + 1
            strict = rules.get("tie", "include_up") == "strict"
            if rules["kind"] == "thresholds":
                reached = [
                    g for g in order[:-1] if self.points(row) >= Fraction(str(rules["at_least"][g]))
                ]
            else:
                floors = {g: Fraction(str(v)) for g, v in rules.get("at_least", {}).items()}
                reached = [
                    g
                    for g in order[:-1]
                    if (mine if strict else tied) <= last[g]
                    and (g not in floors or self.points(row) >= floors[g])
                ]
            row["original_grade"] = reached[0] if reached else order[-1]
        for row in rows:
            row["grade"] = self.adjusted(row, order)

    def points(self, row: Mapping[str, Any]) -> Fraction:
        digits = self.content.get("rank_on", {"digits": self.digits["score"]})["digits"]
        return Fraction(self.standing(row), 10**digits)

    @staticmethod
    def last_places(rules: Mapping[str, Any], n: int) -> dict[str, int]:
        order = rules["order"]
        rounding = {"floor": floor, "ceil": ceil, "rest": lambda x: 0}
        if rules["kind"] == "counts":
            quota = {g: 0 if v == "rest" else int(v) for g, v in rules["count"].items()}
            rest = next(g for g in order if rules["count"][g] == "rest")
        else:
            quota = {
                g: rounding[rules["rounding"][g]](Fraction(str(rules["share"][g])) * n / 100)
                for g in order
            }
            rest = next(g for g in order if rules["rounding"][g] == "rest")
        last, at = {}, 0
        for g in order[: order.index(rest)]:
            at = last[g] = min(n, at + quota[g])
        for g in order[order.index(rest) : -1]:
            last[g] = max(at, n - sum(quota[h] for h in order[order.index(g) + 1 :]))
        return last

    @staticmethod
    def adjusted(row: dict[str, Any], order: list[str]) -> str | None:
        limits = {
            kind: [order.index(r["to"]) for r in row["rules"] if r["kind"] == kind and "to" in r]
            for kind in ("lift", "cap", "veto")
        }
        if row["original_grade"] is None:
            return order[max(limits["veto"])] if limits["veto"] else None
        at = order.index(row["original_grade"])
        ups = [max(0, at - int(r["up"])) for r in row["rules"] if "up" in r]
        at = min([at, *limits["lift"], *ups])
        return order[max([at, *limits["cap"], *limits["veto"]])]

    def table(self, schema: pa.Schema, scales: Mapping[str, Fraction]) -> pa.Table:
        """Return the results in the engine's schema; `scales` give the step of __num and __den."""
        rows = self.run() if "evaluation_unit" not in self.content else units.run(self)
        for row in rows:
            for name, scale in scales.items():
                if row[name] is not None:
                    row[name] = int(row[name] / scale)
        columns = {f.name: pa.array([row[f.name] for row in rows], f.type) for f in schema}
        return pa.table(columns)
