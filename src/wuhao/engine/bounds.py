"""Bounds of integer columns: they decide which node needs decimal(38,0), and refuse overflow."""

from __future__ import annotations

from dataclasses import dataclass, field

from wuhao.engine.exact import INT64_MAX, WIDE_MAX, div
from wuhao.engine.findings import EngineError


@dataclass(frozen=True)
class Range:
    """The least and the greatest value that an integer expression can take (nulls apart)."""

    lo: int
    hi: int

    def fits(self) -> bool:
        """Return whether a bigint holds every value."""
        return self.lo >= -INT64_MAX and self.hi <= INT64_MAX

    def either(self, other: Range) -> Range:
        """Return the range of a value that comes from one of two."""
        return Range(min(self.lo, other.lo), max(self.hi, other.hi))

    def clip(self, lo: int, hi: int) -> Range:
        """Return the range cut to lo..hi."""
        return Range(min(max(self.lo, lo), hi), max(min(self.hi, hi), lo))

    def arith(self, op: str, other: Range) -> Range:
        """Return the range of a sum, difference or product."""
        if op == "+":
            return Range(self.lo + other.lo, self.hi + other.hi)
        if op == "-":
            return Range(self.lo - other.hi, self.hi - other.lo)
        corners = [a * b for a in (self.lo, self.hi) for b in (other.lo, other.hi)]
        return Range(min(corners), max(corners))

    def over(self, other: Range) -> Range:
        """Return the range of a rounded quotient; the divisor is positive where it is used."""
        small, large = max(1, other.lo), max(1, other.hi)
        corners = [div(n, d) for n in (self.lo, self.hi) for d in (small, large)]
        return Range(min(corners), max(corners))


ANYTHING = Range(-INT64_MAX, INT64_MAX)


@dataclass(frozen=True)
class Shape:
    """What is known of a table: kind of each column, bounds of integer ones, row limit."""

    kinds: dict[str, str]  # "int", "wide" or "text"
    ranges: dict[str, Range] = field(default_factory=dict)
    rows: int = 0


def check_wide(node: str, found: Range) -> None:
    """Refuse a node whose values might not fit decimal(38,0)."""
    if found.lo < -WIDE_MAX or found.hi > WIDE_MAX:
        raise EngineError(
            f"“{node}”的中间值可能达到 {max(abs(found.lo), abs(found.hi)):.1e}，超过 38 位整数；"
            "请检查数据中的极大值，或减少 digits 的位数。"
        )
