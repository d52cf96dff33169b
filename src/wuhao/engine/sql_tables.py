"""Tables of the intermediate form as SQL: a select each, in a subquery or, if read twice, a CTE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wuhao.engine import ir
from wuhao.engine.bounds import Range, Shape, check_wide
from wuhao.engine.exact import INT64_MAX
from wuhao.engine.sql_values import (
    INT,
    UNCASTABLE,
    WIDE,
    Dialect,
    Lowering,
    Value,
    cases,
    cast,
    integer,
)

WIDTHS = {"TINYINT": 2**7 - 1, "SMALLINT": 2**15 - 1, "INT": 2**31 - 1}


@dataclass(frozen=True, eq=False)
class Select:
    """A select: pieces of text and, between them, the tables it reads.

    A table is a stored one's name, or a select; two selects are the same only where they are one
    object, which is then computed once.
    """

    pieces: tuple[str, ...]
    reads: tuple[Select | str, ...]


Made = tuple[Select, Shape]


@dataclass(frozen=True)
class Guard:
    """Rows for which a node leaves bigint; there must be none.

    The cast of such a value fails. Only then is it asked which node it was: to ask beforehand
    would compute everything below once more for every node that might overflow.
    """

    node: str
    query: Select


def to_sql(top: Select) -> str:
    """Return the text of a query."""
    times: dict[int, int] = {}
    _count(top, times)
    named: dict[int, str] = {}
    shared: list[str] = []
    body = _written(top, times, named, shared)
    return f"WITH {', '.join(shared)} {body}" if shared else body


def _count(select: Select, times: dict[int, int]) -> None:
    """Count how often every select is read."""
    for below in select.reads:
        if isinstance(below, Select):
            times[id(below)] = times.get(id(below), 0) + 1
            if times[id(below)] == 1:
                _count(below, times)


def _written(
    select: Select, times: dict[int, int], named: dict[int, str], shared: list[str]
) -> str:
    parts = []
    for below in select.reads:
        if isinstance(below, str):
            parts.append(below)
        elif times[id(below)] == 1:
            parts.append(f"({_written(below, times, named, shared)})")
        else:
            if id(below) not in named:
                text = _written(below, times, named, shared)
                named[id(below)] = f"shared_{len(shared)}"
                shared.append(f"{named[id(below)]} AS ({text})")
            parts.append(named[id(below)])
    head, *tails = select.pieces
    return head + "".join(p + tail for p, tail in zip(parts, tails, strict=True))


class Tables:
    """Makes selects in the words of one engine."""

    def __init__(self, dialect: Dialect) -> None:
        """Write for the given engine."""
        self.dialect = dialect
        self._name = dialect.name

    def stored(self, name: str, shape: Shape) -> Made:
        """Read a stored table."""
        return self._select(shape.kinds, {}, self._name(name)), shape

    def narrowed(self, below: Select, shape: Shape) -> Select:
        """Return the table with every integer in the fewest bytes that hold it: for storing."""
        made = {code: cast(self._name(code), width) for code, width in _widths(shape).items()}
        return self._select(shape.kinds, made, below)

    def widened(self, name: str, shape: Shape) -> Made:
        """Read a table that was stored `narrowed`; arithmetic is in bigint again."""
        made = {code: cast(self._name(code), INT) for code in _widths(shape)}
        return self._select(shape.kinds, made, self._name(name)), shape

    def extend(
        self, below: Select, shape: Shape, columns: Iterable[tuple[str, ir.Expr]]
    ) -> tuple[Select, Shape, list[Guard]]:
        """Add columns; one that might leave bigint is cast so that it fails, with a guard."""
        lowering = Lowering(shape, self.dialect)
        kinds, ranges = dict(shape.kinds), dict(shape.ranges)
        added: dict[str, str] = {}
        guards: list[Guard] = []
        for name, expression in columns:
            lowering.node = name
            low = lowering.lower(expression)
            sql, found = low.sql, low.range
            if found is not None and not found.fits():
                beyond = f"({sql} > {integer(INT64_MAX)} OR {sql} < {integer(-INT64_MAX)})"
                guards.append(Guard(name, self._counted(below, shape, beyond)))
                sql, found = cases([(beyond, UNCASTABLE)], sql), found.clip(-INT64_MAX, INT64_MAX)
            added[name] = cast(sql, INT) if low.kind == "wide" else sql
            kinds[name] = "int" if low.kind == "wide" else low.kind
            ranges.pop(name, None)
            if found is not None:
                ranges[name] = found
        return self._select(kinds, added, below), Shape(kinds, ranges, shape.rows), guards

    def pick(self, below: Select, shape: Shape, names: tuple[str, ...]) -> Made:
        """Keep some columns in the given order."""
        kinds = {n: shape.kinds[n] for n in names}
        ranges = {n: shape.ranges[n] for n in names if n in shape.ranges}
        return self._select(kinds, {}, below), Shape(kinds, ranges, shape.rows)

    def grouped(self, below: Select, shape: Shape, node: ir.Grouped) -> Made:
        """One row per key; sums that may leave bigint are summed in decimal(38,0)."""
        lowering = Lowering(shape, self.dialect)
        kinds: dict[str, str] = {node.key: shape.kinds[node.key]}
        ranges = {node.key: shape.ranges[node.key]} if node.key in shape.ranges else {}
        made: dict[str, str] = {}
        for name, aggregate in node.columns:
            lowering.node = name
            value = _aggregate(lowering, aggregate, shape.rows)
            made[name], kinds[name], ranges[name] = value.sql, value.kind, value.bounds()
        key = self._name(node.key)
        select = self._select(kinds, made, below, f" WHERE {key} IS NOT NULL GROUP BY {key}")
        return select, Shape(kinds, ranges, shape.rows)

    def matched(self, left: Made, right: Made, node: ir.Matched) -> Made:
        """Join columns of the right table on the key; unmatched rows get nulls."""
        (a, shape), (b, other) = left, right
        kept = [name for name in shape.kinds if name not in node.names]
        sides = [("l", kept), ("r", node.names)]
        columns = [f"{side}.{self._name(name)}" for side, names in sides for name in names]
        key = self._name(node.key)
        head = f"SELECT {', '.join(columns)} FROM "
        pieces = (head, " AS l LEFT JOIN ", f" AS r ON l.{key} = r.{key}")
        kinds = {n: shape.kinds[n] for n in kept} | {n: other.kinds[n] for n in node.names}
        return Select(pieces, (a, b)), Shape(kinds, _ranges(shape, other, node), shape.rows)

    def looked_up(
        self, left: Made, other: Shape, node: ir.Matched, rows: list[dict[str, Any]]
    ) -> Made:
        """Add the columns of a few known rows as constants: no join, so the order of rows stays."""
        below, shape = left
        key = self._name(node.key)
        made: dict[str, str] = {}
        for name in node.names:
            kind = self.dialect.type(other.kinds[name])
            pairs = [
                (f"{key} = {int(row[node.key])}", cast(str(int(row[name])), kind))
                for row in rows
                if row[name] is not None and row[node.key] is not None
            ]
            none = cast("NULL", kind)
            made[name] = cases(pairs, none) if pairs else none
        kinds = {**shape.kinds, **{name: other.kinds[name] for name in node.names}}
        found = Shape(kinds, _ranges(shape, other, node), shape.rows)
        return self._select(kinds, made, below), found

    def numbered(self, below: Select, shape: Shape, node: ir.Numbered) -> Made:
        """Add running columns; the frame is explicit and the order ends in the subject key."""
        part = ", ".join(self._name(name) for name in (node.part, *node.within))
        order = ", ".join(
            f"{self._name(o.name)} {'DESC' if o.descending else 'ASC'}" for o in node.order
        )
        frame = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
        window = f"OVER (PARTITION BY {part} ORDER BY {order} {frame})"
        made: dict[str, str] = {}
        for name, running in node.columns:
            if running.kind == "count":
                made[name] = cast(f"ROW_NUMBER() {window}", INT)
            else:
                made[name] = _narrow(f"SUM({self._name(running.column)}) {window}")
        kinds = {**shape.kinds, **dict.fromkeys(made, "int")}
        ranges = {**shape.ranges, **dict.fromkeys(made, Range(0, max(1, shape.rows)))}
        return self._select(kinds, made, below), Shape(kinds, ranges, shape.rows)

    def _counted(self, below: Select, shape: Shape, condition: str) -> Select:
        """Count the rows of which a condition holds, and name the first subject among them."""
        subject, name = self._name("subject_no"), self._name("first")
        first = f", MIN({subject}) AS {name}" if "subject_no" in shape.kinds else ""
        pieces = (f"SELECT COUNT(*) AS n{first} FROM ", f" AS t WHERE {condition}")
        return Select(pieces, (below,))

    def _select(
        self, names: Iterable[str], made: Mapping[str, str], below: Select | str, tail: str = ""
    ) -> Select:
        """Return a select of the named columns, of which some are computed."""
        columns = [
            f"{made[name]} AS {self._name(name)}" if name in made else self._name(name)
            for name in names
        ]
        return Select((f"SELECT {', '.join(columns)} FROM ", f" AS t{tail}"), (below,))


def _widths(shape: Shape) -> dict[str, str]:
    """Return the type of every column that needs less than eight bytes."""
    found = {}
    for name, bounds in shape.ranges.items():
        fitting = [w for w, most in WIDTHS.items() if max(abs(bounds.lo), abs(bounds.hi)) <= most]
        if shape.kinds[name] == "int" and fitting:
            found[name] = fitting[0]
    return found


def _ranges(shape: Shape, other: Shape, node: ir.Matched) -> dict[str, Range]:
    """Return the bounds of a table with columns of another; theirs count where names meet."""
    kept = {n: r for n, r in shape.ranges.items() if n not in node.names}
    return kept | {n: other.ranges[n] for n in node.names if n in other.ranges}


def _aggregate(lowering: Lowering, aggregate: ir.Aggregate, rows: int) -> Value:
    inner = lowering.lower(aggregate.of)
    found = inner.bounds()
    if aggregate.kind == "count":
        return Value(f"COUNT({inner.sql})", "int", Range(0, rows))
    if aggregate.kind in ("min", "max"):
        return Value(f"{aggregate.kind.upper()}({inner.sql})", inner.kind, found)
    total = Range(min(0, found.lo) * rows, max(0, found.hi) * rows)
    check_wide(lowering.node, total)
    if total.fits() and inner.kind == "int":
        return Value(_narrow(f"SUM({inner.sql})"), "int", total)
    return Value(cast(f"SUM({inner.wide().sql})", WIDE), "wide", total)


def _narrow(total: str) -> str:
    """Cast a sum to bigint: DuckDB makes 128 bits of it, which are 60 times slower."""
    return cast(cast(total, WIDE), INT)
