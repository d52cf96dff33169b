"""The oracle with what subjects are compared with, and what stands in for them, of other runs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.engine.oracle import Oracle, half_up

Rows = list[dict[str, Any]]


class HeldMethods(Oracle):
    """Scores rows against those of one finished run; absent values are filled as in another."""

    def __init__(
        self, content: Mapping[str, Any], rows: Rows, compared: Rows, stood_in: Rows
    ) -> None:
        super().__init__(content, rows)
        self.compared, self.stood_in = compared, stood_in

    def of(self, code: str, group: str) -> Rows:
        """Those of the run compared with of whom a number of many is taken."""
        rule = self.item_rule(code, "score", group)
        stated = self.item(code, group).get("benchmark") or self.content.get("benchmark", {})
        members = [r for r in self.compared if r["part"] == group]
        return self.whom(code, stated, rule, members, self.compared)

    def benchmark(self, code: str, group: str, rows: Rows) -> int | None:
        return super().benchmark(code, group, self.of(code, group))

    def extras(self, code: str, rule: Any, row: dict[str, Any], of: Rows) -> None:
        held, mine = self.of(code, row["part"]), row[f"{code}__used"]
        values = [r[f"{code}__value"] for r in held if r[f"{code}__value"] is not None]
        ideal = rule.get("ideal")
        if ideal in ("highest", "lowest"):
            wanted = {"highest": max, "lowest": min}[ideal](values, default=mine)
            row[f"{code}__ideal"] = wanted
            beyond = mine is not None and (mine > wanted) == (ideal == "highest")
            row[f"{code}__used"] = wanted if beyond else mine
        elif rule["kind"] == "min_max":
            low, high = min(values, default=0), max(values, default=0)
            row |= {f"{code}__lowest": low, f"{code}__highest": high}
            row[f"{code}__used"] = None if mine is None else min(max(mine, low), high)
        elif mine is not None:
            others = [r for r in held if r["subject"] != row["subject"]]
            super().extras(code, rule, row, [row, *others])

    def stand_in(self, code: str, members: Rows) -> None:
        for row in members:
            held = [r for r in self.stood_in if r["part"] == row["part"]]
            with_value = [r for r in held if r[f"{code}__value"] is not None]
            if row[f"{code}__value"] is None:
                super().stand_in(code, [row, *with_value])

    def absent(self, code: str, row: dict[str, Any], absent: Any, earned: list[int]) -> None:
        held = [r for r in self.stood_in if r["part"] == row["part"]]
        scores = [
            r[f"{code}__score"]
            for r in held
            if r[f"{code}__value"] is not None and r[f"{code}__note"] != "no_benchmark"
        ]
        how = absent.get(row[f"{code}__note"])
        averaged = row[f"{code}__note"] == "no_average" or how == "group_average"
        if row[f"{code}__value"] is None and averaged:
            mean = half_up(Fraction(sum(scores), len(scores))) if scores else 0
            row[f"{code}__score"] = mean
        else:
            super().absent(code, row, absent, earned)
