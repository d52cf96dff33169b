"""The engine's intermediate form: integer expressions over columns, and tables built from tables.

It knows nothing of SQL. Numbers are integers; `Div` is the only division (half up, away
from zero, by a positive divisor). Every comparison and `Case` condition is two-valued: verbs ask
`IsNull` first where a column may be null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# ---- expressions -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Col:
    """A column of the table below."""

    name: str


@dataclass(frozen=True)
class Int:
    """A whole number."""

    value: int


@dataclass(frozen=True)
class Text:
    """A literal text."""

    value: str


@dataclass(frozen=True)
class Null:
    """No value; `kind` is "int" or "text"."""

    kind: str = "int"


@dataclass(frozen=True)
class Arith:
    """`+`, `-` or `*` of two integers."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Div:
    """Quotient rounded half up away from zero; the divisor must be positive where it is reached."""

    n: Expr
    d: Expr


@dataclass(frozen=True)
class Cmp:
    """Comparison of two integers or two texts."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class IsNull:
    """True when the expression has no value."""

    of: Expr


@dataclass(frozen=True)
class Prefix:
    """A text begins with a word."""

    of: Expr
    word: str


@dataclass(frozen=True)
class Both:
    """All parts hold."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Negate:
    """The part does not hold."""

    part: Expr


@dataclass(frozen=True)
class Case:
    """The value of the first branch whose condition holds, else the default."""

    branches: tuple[tuple[Expr, Expr], ...]
    default: Expr


@dataclass(frozen=True)
class Floor:
    """Quotient rounded down, for a dividend that is never negative and a positive divisor."""

    n: Expr
    d: Expr


@dataclass(frozen=True)
class Limit:
    """An integer kept `at_most` or `at_least` a bound; both have a value where it is reached."""

    kind: str
    of: Expr
    bound: Expr


Expr = (
    Col
    | Int
    | Text
    | Null
    | Arith
    | Div
    | Cmp
    | IsNull
    | Prefix
    | Both
    | Either
    | Negate
    | Case
    | Floor
    | Limit
)

TRUE = Both(())
FALSE = Either(())


def add(*parts: Expr) -> Expr:
    """Return the sum of the parts (0 for none)."""
    total: Expr | None = None
    for part in parts:
        total = part if total is None else Arith("+", total, part)
    return Int(0) if total is None else total


def times(left: Expr, factor: int) -> Expr:
    """Return a multiple; a factor of one is left out."""
    return left if factor == 1 else Arith("*", left, Int(factor))


def known(*names: str) -> Expr:
    """Return the condition that every named column has a value."""
    return Both(tuple(Negate(IsNull(Col(name))) for name in names))


# ---- tables ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """A table given from outside, by name."""

    name: str


@dataclass(frozen=True)
class Extend:
    """The child with columns added (or replaced), each computed from the child's columns."""

    child: Table
    columns: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True)
class Pick:
    """Some of the child's columns, in this order."""

    child: Table
    names: tuple[str, ...]


@dataclass(frozen=True)
class Aggregate:
    """`kind` is sum, count, min or max of an integer expression; nulls do not take part."""

    kind: str
    of: Expr


@dataclass(frozen=True)
class Grouped:
    """One row per value of `key`."""

    child: Table
    key: str
    columns: tuple[tuple[str, Aggregate], ...]


@dataclass(frozen=True)
class Matched:
    """The child with columns of `other` where the key is equal; null where nothing matches."""

    child: Table
    other: Table
    key: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """A sort key: a column that is never null."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class Running:
    """Over rows up to and including this one: `count` of rows, or `sum` of a 0/1 column."""

    kind: str
    column: str = ""


@dataclass(frozen=True)
class Numbered:
    """The child with running columns inside each part; the order ends in the subject key."""

    child: Table
    part: str
    order: tuple[Order, ...]
    columns: tuple[tuple[str, Running], ...]
    within: tuple[str, ...] = ()  # the part is divided further by these columns


@dataclass(frozen=True)
class Keep:
    """The child, computed once and stored under a name; its true bounds are then known if small."""

    child: Table
    name: str
    small: bool = False


@dataclass(frozen=True)
class Host:
    """Columns computed outside SQL (class F), row by row, joined back on `key`.

    `compute` gets the input columns of one row and returns the output columns.
    """

    child: Table
    key: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    compute: Callable[[Mapping[str, Any]], Sequence[int | None]]
    name: str


Table = Source | Extend | Pick | Grouped | Matched | Numbered | Keep | Host
