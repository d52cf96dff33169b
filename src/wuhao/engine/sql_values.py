"""Expressions of the intermediate form as SQL text, each with its kind and its bounds.

The text is what DuckDB and Spark compute alike: integers, comparisons, cases; where they write a
thing differently, their `Dialect` says how.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wuhao.engine import ir
from wuhao.engine.bounds import Range, Shape, check_wide
from wuhao.engine.findings import EngineError

WIDE = "DECIMAL(38, 0)"
INT = "BIGINT"
# No bigint: a value beyond +-(2**63 - 1) becomes this one, so that its cast fails everywhere.
UNCASTABLE = f"CAST({10**37} AS {WIDE})"
_TWO, _ZERO = ir.Int(2), ir.Int(0)


@dataclass(frozen=True)
class Dialect:
    """How an engine writes names, texts and the truncating division of integers."""

    text_type: str
    quote: str
    escapes: tuple[tuple[str, str], ...]
    starts_with: str
    div: Callable[[str, str], str]
    div_wide: Callable[[str, str], str]

    def name(self, name: str) -> str:
        """Return a quoted name."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def text(self, value: str) -> str:
        """Return a text as a literal."""
        for character, escaped in self.escapes:
            value = value.replace(character, escaped)
        return f"'{value}'"

    def type(self, kind: str) -> str:
        """Return the type of a kind of column."""
        return {"int": INT, "wide": WIDE, "text": self.text_type}[kind]


DUCKDB = Dialect(
    text_type="VARCHAR",
    quote='"',
    escapes=(("'", "''"),),
    starts_with="STARTS_WITH",
    div="WUHAO_DIV({}, {})".format,
    div_wide="WUHAO_DIV_WIDE({}, {})".format,
)
SPARK = Dialect(
    text_type="STRING",
    quote="`",
    escapes=(("\\", "\\\\"), ("'", "\\'")),
    starts_with="STARTSWITH",
    div="({} DIV {})".format,
    div_wide="({} DIV {})".format,
)


@dataclass(frozen=True)
class Value:
    """SQL text with its kind; integers carry their bounds."""

    sql: str
    kind: str
    range: Range | None = None

    def bounds(self) -> Range:
        """Return the bounds; of a null that stands alone, zero."""
        return self.range if self.range is not None else Range(0, 0)

    def wide(self) -> Value:
        """Return the same number in 38 digits."""
        return Value(cast(self.sql, WIDE), "wide", self.range) if self.kind == "int" else self


def cast(sql: str, to: str) -> str:
    """Return a cast."""
    return f"CAST({sql} AS {to})"


def integer(value: int) -> str:
    """Return a whole number as a literal of 64 bits."""
    return cast(str(value), INT)


def cases(pairs: list[tuple[str, str]], otherwise: str) -> str:
    """Return the value of the first condition that holds."""
    branches = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
    return f"CASE {branches} ELSE {otherwise} END"


class Lowering:
    """Turns expressions over the columns of one table into SQL."""

    def __init__(self, shape: Shape, dialect: Dialect) -> None:
        """Lower over a table whose columns `shape` describes."""
        self.shape, self.dialect = shape, dialect
        self.node = ""

    def lower(self, e: ir.Expr) -> Value:
        """Return an expression as SQL."""
        match e:
            case ir.Col(name):
                kind, bounds = self.shape.kinds[name], self.shape.ranges.get(name)
                return Value(self.dialect.name(name), kind, bounds)
            case ir.Int(value):
                return Value(integer(value), "int", Range(value, value))
            case ir.Text(value):
                return Value(self.dialect.text(value), "text")
            case ir.Null(kind):
                return Value(cast("NULL", self.dialect.type(kind)), kind)
            case ir.Arith(op, left, right):
                return self._arith(op, self.lower(left), self.lower(right))
            case ir.Div(n, d):
                return self._div(self.lower(n), self.lower(d))
            case ir.Case(branches, default):
                return self._case(branches, default)
            case ir.Floor(n, d):
                top, below = self.lower(n), self.lower(d)
                return self._quotient(top, below, top.bounds().over(below.bounds()))
            case ir.Limit(kind, of, bound):
                return self._limit(kind, self.lower(of), self.lower(bound))
            case _:
                return Value(self.condition(e), "bool")

    def condition(self, e: ir.Expr) -> str:
        """Return a condition as SQL."""
        match e:
            case ir.Cmp(op, left, right):
                return self._compare(op, self.lower(left), self.lower(right))
            case ir.IsNull(of):
                return f"({self.lower(of).sql} IS NULL)"
            case ir.Prefix(of, word):
                start = self.dialect.text(word)
                return f"{self.dialect.starts_with}({self.lower(of).sql}, {start})"
            case ir.Negate(part):
                return f"(NOT {self.condition(part)})"
            case ir.Both(parts):
                return self._joined(" AND ", parts, "TRUE")
            case ir.Either(parts):
                return self._joined(" OR ", parts, "FALSE")
        raise EngineError(f"“{self.node}”：{type(e).__name__} 不是条件。")

    def _joined(self, word: str, parts: tuple[ir.Expr, ...], none: str) -> str:
        return f"({word.join(self.condition(part) for part in parts)})" if parts else none

    @staticmethod
    def _compare(op: str, left: Value, right: Value) -> str:
        if "wide" in (left.kind, right.kind):
            left, right = left.wide(), right.wide()
        written = {"==": "=", "!=": "<>"}.get(op, op)
        return f"({left.sql} {written} {right.sql})"

    def _arith(self, op: str, left: Value, right: Value) -> Value:
        found = left.bounds().arith(op, right.bounds())
        check_wide(self.node, found)
        wide = not found.fits() or "wide" in (left.kind, right.kind)
        if wide:
            left, right = left.wide(), right.wide()
        return Value(f"({left.sql} {op} {right.sql})", "wide" if wide else "int", found)

    def _div(self, n: Value, d: Value) -> Value:
        """`(2|n| + d) // 2d` with the sign of n."""
        found = n.bounds().over(d.bounds())
        doubled, divisor = (self._arith("*", x, self.lower(_TWO)) for x in (n, d))
        up = self._quotient(self._arith("+", doubled, d), divisor, found)
        if n.bounds().lo >= 0:
            return up
        negated = self._arith("-", self.lower(_ZERO), doubled)
        down = self._quotient(self._arith("+", negated, d), divisor, found)
        positive = self._compare(">=", n, self.lower(_ZERO))
        return Value(cases([(positive, up.sql)], f"(-{down.sql})"), up.kind, found)

    def _quotient(self, n: Value, d: Value, found: Range) -> Value:
        if "wide" not in (n.kind, d.kind):
            return Value(self.dialect.div(n.sql, d.sql), "int", found)
        sql = self.dialect.div_wide(n.wide().sql, d.wide().sql)
        return Value(cast(sql, INT), "int", found) if found.fits() else Value(sql, "wide", found)

    def _limit(self, kind: str, x: Value, bound: Value) -> Value:
        mine, other = x.bounds(), bound.bounds()
        nearer = min if kind == "at_most" else max
        found = Range(nearer(mine.lo, other.lo), nearer(mine.hi, other.hi))
        wide = "wide" in (x.kind, bound.kind)
        if wide:
            x, bound = x.wide(), bound.wide()
        beyond = self._compare(">" if kind == "at_most" else "<", x, bound)
        sql = cases([(beyond, bound.sql)], x.sql)
        if wide and found.fits():
            return Value(cast(sql, INT), "int", found)
        return Value(sql, "wide" if wide else "int", found)

    def _case(self, branches: tuple[tuple[ir.Expr, ir.Expr], ...], default: ir.Expr) -> Value:
        if not branches:
            return self.lower(default)
        values = [self.lower(value) for _, value in branches] + [self.lower(default)]
        if any(v.kind == "wide" for v in values):
            values = [v.wide() for v in values]
        conditions = [self.condition(condition) for condition, _ in branches]
        written = [v.sql for v in values]
        sql = cases(list(zip(conditions, written[:-1], strict=True)), written[-1])
        return Value(sql, values[0].kind, _either([v.range for v in values]))


def _either(ranges: list[Range | None]) -> Range | None:
    """Return the bounds that hold all of those that are known."""
    found: Range | None = None
    for other in ranges:
        if other is not None:
            found = found.either(other) if found is not None else other
    return found
