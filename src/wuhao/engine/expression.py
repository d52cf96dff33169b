"""Small languages of a scheme: arithmetic over facts, and conditions over facts and attributes.

Arithmetic is `+ - * /`, numbers and parentheses; division only by numbers, so that every
expression is a polynomial with rational coefficients and needs no rounding. Conditions are
comparisons joined by `and`, `or`, `not`, and the calls `starts(attribute, "D44", …)` and
`missing(name)`. A comparison with an unknown value is false.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Monomial = tuple[str, ...]


class ExpressionError(ValueError):
    """The text is not an expression of the language; the message is a sentence."""


@dataclass(frozen=True)
class Polynomial:
    """A sum of products of facts, each with a rational coefficient."""

    terms: tuple[tuple[Monomial, Fraction], ...]

    @staticmethod
    def of(terms: Mapping[Monomial, Fraction]) -> Polynomial:
        """Build one from a mapping; terms that cancel out are dropped."""
        return Polynomial(tuple(sorted((m, c) for m, c in terms.items() if c)))

    @staticmethod
    def number(value: Fraction) -> Polynomial:
        """Return the constant polynomial."""
        return Polynomial.of({(): value})

    def names(self) -> list[str]:
        """Return the facts used, sorted."""
        return sorted({name for monomial, _ in self.terms for name in monomial})

    def constant(self) -> Fraction | None:
        """Return the value when there are no facts in it."""
        if any(monomial for monomial, _ in self.terms):
            return None
        return sum((c for _, c in self.terms), Fraction(0))

    def plus(self, other: Polynomial, sign: int = 1) -> Polynomial:
        """Return the sum (sign 1) or the difference (sign -1)."""
        terms = dict(self.terms)
        for monomial, coefficient in other.terms:
            terms[monomial] = terms.get(monomial, Fraction(0)) + sign * coefficient
        return Polynomial.of(terms)

    def times(self, other: Polynomial) -> Polynomial:
        """Return the product."""
        terms: dict[Monomial, Fraction] = {}
        for left, a in self.terms:
            for right, b in other.terms:
                monomial = tuple(sorted(left + right))
                terms[monomial] = terms.get(monomial, Fraction(0)) + a * b
        return Polynomial.of(terms)


@dataclass(frozen=True)
class Compare:
    """`left op right` over polynomials (numbers)."""

    op: str
    left: Polynomial
    right: Polynomial


@dataclass(frozen=True)
class TextCompare:
    """An attribute compared with words; several words only for `==` (in) and `!=` (not in)."""

    op: str
    attribute: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Quantity:
    """A polynomial compared with a quantity with a unit, such as `land_m2 < "5 亩"`."""

    op: str
    left: Polynomial
    value: Fraction
    unit: str


@dataclass(frozen=True)
class Starts:
    """An attribute begins with one of the words."""

    attribute: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Missing:
    """A fact or an attribute has no value."""

    name: str


@dataclass(frozen=True)
class Joined:
    """`and` / `or` of several conditions."""

    op: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    part: Condition


Condition = Compare | TextCompare | Quantity | Starts | Missing | Joined | Not

_OPS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_MIRROR = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise ExpressionError(f"“{text}”读不懂：请检查括号和运算符。") from error


def parse_arithmetic(text: str, lookup: Callable[[str], Polynomial]) -> Polynomial:
    """Read an arithmetic expression. `lookup` gives a name's polynomial or raises."""
    return _arithmetic(_tree(text), lookup)


def _arithmetic(node: ast.expr, lookup: Callable[[str], Polynomial]) -> Polynomial:
    if isinstance(node, ast.Name):
        return lookup(node.id)
    if isinstance(node, ast.Constant):
        return Polynomial.number(_number(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return Polynomial(()).plus(_arithmetic(node.operand, lookup), -1)
    if isinstance(node, ast.BinOp):
        return _binary(node, lookup)
    raise ExpressionError(f"“{ast.unparse(node)}”不是算式；算式只用 + - * /、数和括号。")


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionError(f"“{value}”不是数；算式只用 + - * /、数和括号。")
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError("算式里的数太大，超出能算的范围。")
    return Fraction(Decimal(repr(value)))


def _binary(node: ast.BinOp, lookup: Callable[[str], Polynomial]) -> Polynomial:
    left, right = _arithmetic(node.left, lookup), _arithmetic(node.right, lookup)
    if isinstance(node.op, ast.Add):
        return left.plus(right)
    if isinstance(node.op, ast.Sub):
        return left.plus(right, -1)
    if isinstance(node.op, ast.Mult):
        return left.times(right)
    if isinstance(node.op, ast.Div):
        return left.times(Polynomial.number(1 / _divisor(node, right)))
    raise ExpressionError(f"“{ast.unparse(node)}”用了不接受的运算符；只接受 + - * /。")


def _divisor(node: ast.BinOp, right: Polynomial) -> Fraction:
    divisor = right.constant()
    if divisor is None:
        raise ExpressionError(f"“{ast.unparse(node)}”除以了数据项；数据项请写在 denominator 里。")
    if divisor == 0:
        raise ExpressionError(f"“{ast.unparse(node)}”除以了零。")
    return divisor


@dataclass(frozen=True)
class Names:
    """What a condition may speak of: attributes, and names with a polynomial."""

    attributes: Iterable[str]
    lookup: Callable[[str], Polynomial]


def parse_condition(text: str, names: Names) -> Condition:
    """Read a condition over facts and attributes."""
    return _condition(_tree(text), names)


def _condition(node: ast.expr, names: Names) -> Condition:
    if isinstance(node, ast.BoolOp):
        op = "and" if isinstance(node.op, ast.And) else "or"
        return Joined(op, tuple(_condition(part, names) for part in node.values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Not(_condition(node.operand, names))
    if isinstance(node, ast.Call):
        return _call(node, names)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compare(node, names)
    raise ExpressionError(f"“{ast.unparse(node)}”不是条件；条件要有比较，如 land_m2 < 100。")


def _call(node: ast.Call, names: Names) -> Condition:
    called = node.func.id if isinstance(node.func, ast.Name) else ""
    first = node.args[0] if node.args else None
    if called == "missing" and len(node.args) == 1 and isinstance(first, ast.Name):
        if first.id not in names.attributes:
            names.lookup(first.id)
        return Missing(first.id)
    if called == "starts" and len(node.args) > 1 and isinstance(first, ast.Name):
        return Starts(_attribute(first.id, names), tuple(_word(arg) for arg in node.args[1:]))
    raise ExpressionError(
        f'“{ast.unparse(node)}”读不懂；接受 starts(属性, "前缀", …) 和 missing(名称)。'
    )


def _attribute(name: str, names: Names) -> str:
    if name not in names.attributes:
        raise ExpressionError(f"“{name}”不是属性；属性要先写在 attributes 里。")
    return name


def _word(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ExpressionError(f"“{ast.unparse(node)}”应是带引号的文字。")


def _compare(node: ast.Compare, names: Names) -> Condition:
    left, operator, right = node.left, node.ops[0], node.comparators[0]
    if isinstance(operator, ast.In | ast.NotIn):
        return _membership(node, names)
    op = _OPS.get(type(operator))
    if op is None:
        raise ExpressionError(f"“{ast.unparse(node)}”用了不接受的比较。")
    if isinstance(left, ast.Constant) and isinstance(left.value, str):
        left, right, op = right, left, _MIRROR[op]
    if isinstance(left, ast.Name) and left.id in names.attributes:
        return TextCompare(op, left.id, (_word(right),))
    number = _arithmetic(left, names.lookup)
    if isinstance(right, ast.Constant) and isinstance(right.value, str):
        value, unit = _quantity(right.value)
        return Quantity(op, number, value, unit)
    return Compare(op, number, _arithmetic(right, names.lookup))


def _membership(node: ast.Compare, names: Names) -> Condition:
    left, right = node.left, node.comparators[0]
    if not isinstance(left, ast.Name) or not isinstance(right, ast.List | ast.Tuple):
        raise ExpressionError(f'“{ast.unparse(node)}”应写成：属性 in ["甲", "乙"]。')
    op = "==" if isinstance(node.ops[0], ast.In) else "!="
    words = tuple(_word(word) for word in right.elts)
    return TextCompare(op, _attribute(left.id, names), words)


def _quantity(text: str) -> tuple[Fraction, str]:
    number, _, unit = text.strip().partition(" ")
    try:
        return Fraction(number), unit.strip()
    except (ValueError, ZeroDivisionError) as error:
        raise ExpressionError(f"“{text}”不是带单位的数，应写成“5 亩”。") from error


def condition_names(condition: Condition) -> set[str]:
    """Return every fact and attribute that a condition speaks of."""
    if isinstance(condition, Joined):
        return set().union(*(condition_names(part) for part in condition.parts))
    if isinstance(condition, Not):
        return condition_names(condition.part)
    if isinstance(condition, Compare):
        return {*condition.left.names(), *condition.right.names()}
    if isinstance(condition, Quantity):
        return set(condition.left.names())
    return {condition.name if isinstance(condition, Missing) else condition.attribute}
