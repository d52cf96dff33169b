"""The intermediate form in ibis: the only module that imports it, and only when a run begins."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis

from wuhao.engine import ir
from wuhao.engine.bounds import Range, Shape, check_wide
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.findings import EngineError

WIDE = "decimal(38, 0)"
_TYPES = {"int": "int64", "wide": WIDE, "text": "string"}
# No bigint: a value beyond +-(2**63 - 1) becomes this one, so that its cast fails everywhere.
UNCASTABLE = Decimal(10) ** 37
WIDTHS = {"int8": 2**7 - 1, "int16": 2**15 - 1, "int32": 2**31 - 1}


@dataclass(frozen=True)
class Dialect:
    """Names of the truncating integer divisions of an engine."""

    name: str
    div: str
    div_wide: str


@dataclass(frozen=True)
class Lowered:
    """An ibis value with its kind; integers carry their bounds."""

    value: Any
    kind: str
    range: Range | None = None


@dataclass(frozen=True)
class Guard:
    """Rows for which a node leaves bigint; there must be none.

    The cast of such a value fails. Only then is it asked which node it was: to ask beforehand
    would compute everything below once more for every node that might overflow.
    """

    node: str
    below: Any
    outside: Any

    def query(self) -> Any:
        """Return the table that counts the rows."""
        beyond = self.below.filter(self.outside)
        return beyond.aggregate(n=beyond.count())


def table(name: str, shape: Shape) -> Any:
    """Return an ibis table for a stored table."""
    return ibis.table({c: _TYPES[k] for c, k in shape.kinds.items()}, name=name)


def narrowed(made: Any, shape: Shape) -> Any:
    """Return the table with every integer in the fewest bytes that hold it: for storing."""
    return made.mutate(**{name: made[name].cast(width) for name, width in _widths(shape).items()})


def widened(name: str, shape: Shape) -> Any:
    """Return an ibis table for one that was stored `narrowed`; arithmetic is in bigint again."""
    widths = _widths(shape)
    made = ibis.table({c: widths.get(c, _TYPES[k]) for c, k in shape.kinds.items()}, name=name)
    return made.mutate(**{code: made[code].cast("int64") for code in widths})


def _widths(shape: Shape) -> dict[str, str]:
    """Return the type of every column that needs less than eight bytes."""
    found = {}
    for name, bounds in shape.ranges.items():
        fitting = [w for w, most in WIDTHS.items() if max(abs(bounds.lo), abs(bounds.hi)) <= most]
        if shape.kinds[name] == "int" and fitting:
            found[name] = fitting[0]
    return found


def to_sql(expression: Any, dialect: str) -> str:
    """Return the SQL text of an ibis table."""
    return str(ibis.to_sql(expression, dialect=dialect))


# A column is computed once and then referred to; fused selects would repeat its expression.
ibis.options.sql.fuse_selects = False


class Lowering:
    """Turns expressions over one table into ibis values."""

    def __init__(self, below: Any, shape: Shape, dialect: Dialect) -> None:
        """Lower over the ibis table `below` whose columns `shape` describes."""
        self.below, self.shape, self.dialect = below, shape, dialect
        self.node = ""

    def lower(self, e: ir.Expr) -> Lowered:
        """Return the ibis value of an expression."""
        match e:
            case ir.Col(name):
                return Lowered(
                    self.below[name], self.shape.kinds[name], self.shape.ranges.get(name)
                )
            case ir.Int(value):
                return Lowered(ibis.literal(value, type="int64"), "int", Range(value, value))
            case ir.Text(value):
                return Lowered(ibis.literal(value, type="string"), "text")
            case ir.Null(kind):
                return Lowered(ibis.null(_TYPES[kind]), kind)
            case ir.Arith(op, left, right):
                return self._arith(op, self.lower(left), self.lower(right))
            case ir.Div(n, d):
                return self._div(self.lower(n), self.lower(d))
            case ir.Case(branches, default):
                return self._case(branches, default)
            case ir.Floor(n, d):
                top, below = self.lower(n), self.lower(d)
                return self._quotient(top, below, self._range(top).over(self._range(below)))
            case ir.Limit(kind, of, bound):
                return self._limit(kind, self.lower(of), self.lower(bound))
            case _:
                return Lowered(self._bool(e), "bool")

    def _bool(self, e: ir.Expr) -> Any:
        match e:
            case ir.Cmp(op, left, right):
                return self._cmp(op, self.lower(left), self.lower(right))
            case ir.IsNull(of):
                return self.lower(of).value.isnull()
            case ir.Prefix(of, word):
                return self.lower(of).value.startswith(word)
            case ir.Negate(part):
                return ~self._bool(part)
            case ir.Both(parts):
                return self._fold([self._bool(part) for part in parts], True)
            case ir.Either(parts):
                return self._fold([self._bool(part) for part in parts], False)
        raise EngineError(f"“{self.node}”：{type(e).__name__} 不是条件。")

    @staticmethod
    def _fold(parts: list[Any], all_of: bool) -> Any:
        if not parts:
            return ibis.literal(all_of)
        folded = parts[0]
        for part in parts[1:]:
            folded = folded & part if all_of else folded | part
        return folded

    def _cmp(self, op: str, left: Lowered, right: Lowered) -> Any:
        if "wide" in (left.kind, right.kind):
            left, right = self._widen(left), self._widen(right)
        a, b = left.value, right.value
        match op:
            case "==":
                return a == b
            case "!=":
                return a != b
            case "<":
                return a < b
            case "<=":
                return a <= b
            case ">":
                return a > b
        return a >= b

    @staticmethod
    def _widen(x: Lowered) -> Lowered:
        return x if x.kind != "int" else Lowered(x.value.cast(WIDE), "wide", x.range)

    def _arith(self, op: str, left: Lowered, right: Lowered) -> Lowered:
        found = self._range(left).arith(op, self._range(right))
        check_wide(self.node, found)
        wide = not found.fits() or "wide" in (left.kind, right.kind)
        if wide:
            left, right = self._widen(left), self._widen(right)
        a, b = left.value, right.value
        value = a + b if op == "+" else a - b if op == "-" else a * b
        return Lowered(value, "wide" if wide else "int", found)

    @staticmethod
    def _range(x: Lowered) -> Range:
        return x.range if x.range is not None else Range(0, 0)

    def _div(self, n: Lowered, d: Lowered) -> Lowered:
        """`(2|n| + d) // 2d` with the sign of n."""
        found = self._range(n).over(self._range(d))
        two = Lowered(ibis.literal(2, type="int64"), "int", Range(2, 2))
        divisor = self._arith("*", d, two)
        halves = []
        for sign in ("+", "-"):
            doubled = self._arith("*", n, two)
            zero = Lowered(ibis.literal(0, type="int64"), "int", Range(0, 0))
            top = doubled if sign == "+" else self._arith("-", zero, doubled)
            halves.append(self._quotient(self._arith("+", top, d), divisor, found))
        if self._range(n).lo >= 0:
            return halves[0]
        value = ibis.cases((n.value >= 0, halves[0].value), else_=-halves[1].value)
        return Lowered(value, halves[0].kind, found)

    def _quotient(self, n: Lowered, d: Lowered, found: Range) -> Lowered:
        if "wide" in (n.kind, d.kind):
            value = _builtin(self.dialect.div_wide, WIDE)(
                self._widen(n).value, self._widen(d).value
            )
            if found.fits():
                return Lowered(value.cast("int64"), "int", found)
            return Lowered(value, "wide", found)
        return Lowered(_builtin(self.dialect.div, "int64")(n.value, d.value), "int", found)

    def _limit(self, kind: str, x: Lowered, bound: Lowered) -> Lowered:
        mine, other = self._range(x), self._range(bound)
        if kind == "at_most":
            found = Range(min(mine.lo, other.lo), min(mine.hi, other.hi))
        else:
            found = Range(max(mine.lo, other.lo), max(mine.hi, other.hi))
        wide = "wide" in (x.kind, bound.kind)
        a, b = (self._widen(x).value, self._widen(bound).value) if wide else (x.value, bound.value)
        value = ibis.cases((a > b if kind == "at_most" else a < b, b), else_=a)
        if wide and found.fits():
            return Lowered(value.cast("int64"), "int", found)
        return Lowered(value, "wide" if wide else "int", found)

    def _case(self, branches: tuple[tuple[ir.Expr, ir.Expr], ...], default: ir.Expr) -> Lowered:
        if not branches:
            return self.lower(default)
        values = [self.lower(value) for _, value in branches]
        values.append(self.lower(default))
        if any(v.kind == "wide" for v in values):
            values = [self._widen(v) for v in values]
        ranges = [v.range for v in values if v.range is not None]
        found = ranges[0] if ranges else None
        for other in ranges[1:]:
            found = found.either(other) if found else other
        pairs = [
            (self._bool(condition), v.value)
            for (condition, _), v in zip(branches, values, strict=False)
        ]
        value = ibis.cases(*pairs, else_=values[-1].value)
        return Lowered(value, values[0].kind, found)


def _builtin(name: str, returns: str) -> Any:
    def divide(n: Any, d: Any) -> Any: ...

    divide.__name__ = name
    signature = ((returns, returns), returns)
    return ibis.udf.scalar.builtin(divide, name=name, signature=signature)


def extend(
    below: Any, shape: Shape, columns: tuple[tuple[str, ir.Expr], ...], dialect: Dialect
) -> tuple[Any, Shape, list[Guard]]:
    """Add columns; a column that might leave bigint is cast so that it fails, with a guard."""
    lowering = Lowering(below, shape, dialect)
    kinds, ranges = dict(shape.kinds), dict(shape.ranges)
    added: dict[str, Any] = {}
    guards: list[Guard] = []
    for name, expression in columns:
        lowering.node = name
        low = lowering.lower(expression)
        value, found = low.value, low.range
        if found is not None and not found.fits():
            outside = (value > INT64_MAX) | (value < -INT64_MAX)
            guards.append(Guard(name, below, outside))
            value = ibis.cases((outside, ibis.literal(UNCASTABLE, type=WIDE)), else_=value)
            found = found.clip(-INT64_MAX, INT64_MAX)
        added[name] = value.cast("int64") if low.kind == "wide" else value
        kinds[name] = "int" if low.kind == "wide" else low.kind
        ranges.pop(name, None)
        if found is not None:
            ranges[name] = found
    return below.mutate(**added), Shape(kinds, ranges, shape.rows), guards


def pick(below: Any, shape: Shape, names: tuple[str, ...]) -> tuple[Any, Shape]:
    """Keep some columns in the given order."""
    kinds = {n: shape.kinds[n] for n in names}
    ranges = {n: shape.ranges[n] for n in names if n in shape.ranges}
    return below.select(*names), Shape(kinds, ranges, shape.rows)


def grouped(below: Any, shape: Shape, node: ir.Grouped, dialect: Dialect) -> tuple[Any, Shape]:
    """One row per key; sums that may leave bigint are summed in decimal(38,0)."""
    lowering = Lowering(below, shape, dialect)
    kinds: dict[str, str] = {node.key: shape.kinds[node.key]}
    ranges = {node.key: shape.ranges[node.key]} if node.key in shape.ranges else {}
    made: dict[str, Any] = {}
    for name, aggregate in node.columns:
        lowering.node = name
        made[name], kinds[name], ranges[name] = _aggregate(lowering, aggregate, shape.rows)
    key = below[node.key]
    return below.filter(key.notnull()).group_by(node.key).aggregate(**made), Shape(
        kinds, ranges, shape.rows
    )


def _aggregate(low: Lowering, aggregate: ir.Aggregate, rows: int) -> tuple[Any, str, Range]:
    inner = low.lower(aggregate.of)
    found = inner.range or Range(0, 0)
    if aggregate.kind == "count":
        return inner.value.count(), "int", Range(0, rows)
    if aggregate.kind in ("min", "max"):
        value = inner.value.min() if aggregate.kind == "min" else inner.value.max()
        return value, inner.kind, found
    total = Range(min(0, found.lo) * rows, max(0, found.hi) * rows)
    check_wide(low.node, total)
    if total.fits() and inner.kind == "int":
        return _narrow(inner.value.sum()), "int", total
    return inner.value.cast(WIDE).sum().cast(WIDE), "wide", total


def _narrow(total: Any) -> Any:
    """Cast a sum to bigint: ibis takes it for one, DuckDB makes 128 bits, 60 times slower."""
    return total.cast(WIDE).cast("int64")


def matched(
    left: tuple[Any, Shape], right: tuple[Any, Shape], node: ir.Matched
) -> tuple[Any, Shape]:
    """Join columns of the right table on the key; unmatched rows get nulls."""
    (a, shape), (b, other) = left, right
    kept = [a[name] for name in shape.kinds if name not in node.names]
    joined = a.left_join(b, node.key).select(*kept, *(b[name] for name in node.names))
    kinds = {n: k for n, k in shape.kinds.items() if n not in node.names}
    ranges = {n: r for n, r in shape.ranges.items() if n in kinds}
    kinds |= {n: other.kinds[n] for n in node.names}
    ranges |= {n: other.ranges[n] for n in node.names if n in other.ranges}
    return joined, Shape(kinds, ranges, shape.rows)


def looked_up(
    left: tuple[Any, Shape], other: Shape, node: ir.Matched, rows: list[dict[str, Any]]
) -> tuple[Any, Shape]:
    """Add the columns of a few known rows as constants: no join, so the order of rows stays."""
    below, shape = left
    made: dict[str, Any] = {}
    for name in node.names:
        kind = _TYPES[other.kinds[name]]
        known = [row for row in rows if row[name] is not None and row[node.key] is not None]
        pairs = [
            (
                below[node.key] == int(row[node.key]),
                ibis.literal(int(row[name]), type="int64").cast(kind),
            )
            for row in known
        ]
        made[name] = ibis.cases(*pairs, else_=ibis.null(kind)) if pairs else ibis.null(kind)
    kinds = {**shape.kinds, **{name: other.kinds[name] for name in node.names}}
    ranges = {n: r for n, r in shape.ranges.items() if n not in node.names}
    ranges |= {n: other.ranges[n] for n in node.names if n in other.ranges}
    return below.mutate(**made), Shape(kinds, ranges, shape.rows)


def numbered(below: Any, shape: Shape, node: ir.Numbered) -> tuple[Any, Shape]:
    """Add running columns; the frame is explicit and the order ends in the subject key."""
    order = [ibis.desc(o.name) if o.descending else ibis.asc(o.name) for o in node.order]
    window = ibis.window(
        group_by=[node.part, *node.within], order_by=order, preceding=None, following=0
    )
    made: dict[str, Any] = {}
    for name, running in node.columns:
        if running.kind == "count":
            made[name] = (ibis.row_number().over(window) + 1).cast("int64")
        else:
            made[name] = _narrow(below[running.column].sum().over(window))
    kinds = {**shape.kinds, **dict.fromkeys(made, "int")}
    ranges = {**shape.ranges, **dict.fromkeys(made, Range(0, max(1, shape.rows)))}
    return below.mutate(**made), Shape(kinds, ranges, shape.rows)
