"""From polynomials with units to integer sums: exact scales, and units that must agree."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from wuhao.engine.exact import quantise
from wuhao.engine.expression import Compare, Condition, Joined, Not, Polynomial, Quantity
from wuhao.engine.model import Fact, Sum
from wuhao.engine.units import ONE, Dimensions, Unit, combine, parse_unit, unknown_unit


class UnitMismatch(ValueError):
    """Units do not go together; the message is a sentence."""


def integer_terms(
    polynomial: Polynomial, facts: dict[str, Fact]
) -> tuple[tuple[tuple[tuple[str, ...], int], ...], Fraction]:
    """Return integer terms over fact quanta and the scale that makes them the true value."""
    exact = []
    for names, coefficient in polynomial.terms:
        digits = sum(facts[name].digits for name in names)
        exact.append((names, coefficient / 10**digits))
    below = lcm(*(c.denominator for _, c in exact)) if exact else 1
    whole = [(names, int(c * below)) for names, c in exact]
    common = gcd(*(c for _, c in whole)) or 1
    return tuple((names, c // common) for names, c in whole), Fraction(common, below)


def dimensions_of(polynomial: Polynomial, facts: dict[str, Fact]) -> Unit:
    """Return the unit of an expression; its terms must share dimensions and unit factor."""
    found: Unit | None = None
    for names, _ in polynomial.terms:
        unit = ONE
        for name in names:
            unit = unit.times(parse_unit(facts[name].unit) or ONE)
        if found is not None and found != unit:
            both = f"{unit_text(found.dimensions)} 与 {unit_text(unit.dimensions)}"
            raise UnitMismatch(f"相加的各项单位不同（{both}）。")
        found = unit
    return found or ONE


def to_sum(text: str, polynomial: Polynomial, facts: dict[str, Fact]) -> Sum:
    """Return the integer form of an expression. Raises UnitMismatch."""
    unit = dimensions_of(polynomial, facts)
    terms, scale = integer_terms(polynomial, facts)
    return Sum(text, terms, scale * unit.factor, unit_text(unit.dimensions))


def unit_text(dimensions: Dimensions) -> str:
    """Return base units as text: `yuan`, `yuan*m2`, `kg/m2`, or `1`."""
    above = [n if p == 1 else f"{n}^{p}" for n, p in dimensions if p > 0]
    below = [n if p == -1 else f"{n}^{-p}" for n, p in dimensions if p < 0]
    top = "*".join(above) or "1"
    return f"{top}/{'/'.join(below)}" if below else top


def _dimensions(text: str) -> Dimensions:
    """Read back what `unit_text` wrote."""
    if text == "1":
        return ()
    above, *below = text.split("/")
    powers: Dimensions = ()
    for sign, names in ((1, above.split("*")), (-1, below)):
        for name in names:
            base, _, power = name.partition("^")
            if base != "1":
                powers = combine(powers, ((base, int(power or 1)),), sign)
    return powers


def quotient_factor(unit: str, numerator: Sum, denominator: Sum | None) -> Fraction:
    """Return f with: value in `unit` = f x num / den over the integer sums. Raises UnitMismatch."""
    target = parse_unit(unit)
    if target is None:
        raise UnitMismatch(unknown_unit(unit))
    dimensions = _dimensions(numerator.unit)
    scale = numerator.scale
    if denominator is not None:
        dimensions = combine(dimensions, _dimensions(denominator.unit), -1)
        scale /= denominator.scale
    if dimensions != target.dimensions:
        raise UnitMismatch(
            f"单位对不上：算式得到 {unit_text(dimensions)}，"
            f"而“{unit}”是 {unit_text(target.dimensions)}。"
        )
    return scale / target.factor


def check_quantities(condition: Condition, facts: dict[str, Fact]) -> None:
    """Check the units inside a condition. Raises UnitMismatch."""
    if isinstance(condition, Joined):
        for part in condition.parts:
            check_quantities(part, facts)
    elif isinstance(condition, Not):
        check_quantities(condition.part, facts)
    elif isinstance(condition, Compare):
        _check_compare(condition, facts)
    elif isinstance(condition, Quantity):
        quantity_bound(condition, facts)


def _check_compare(condition: Compare, facts: dict[str, Fact]) -> None:
    sides = [dimensions_of(side, facts) for side in (condition.left, condition.right)]
    plain = [side.constant() for side in (condition.left, condition.right)]
    if None in plain and any(value is not None for value in plain):
        return  # a bare number is read in the unit of the other side
    if sides[0] != sides[1]:
        raise UnitMismatch("比较的两边单位不同。")


def quantity_bound(condition: Quantity, facts: dict[str, Fact]) -> Fraction:
    """Return the bound of `left op "5 亩"` in the unit of the left side. Raises UnitMismatch.

    The bound is rounded to what the facts can hold: five mu are kept as 3333.33 m2, and land of
    just five mu is not below five mu.
    """
    have, want = dimensions_of(condition.left, facts), parse_unit(condition.unit)
    if want is None:
        raise UnitMismatch(f"不认识单位“{condition.unit}”。")
    if have.dimensions != want.dimensions:
        raise UnitMismatch(
            f"单位对不上：“{condition.unit}”不能与 {unit_text(have.dimensions)} 比较。"
        )
    bound = condition.value * want.factor / have.factor
    if any(len(names) > 1 for names, _ in condition.left.terms):
        return bound
    digits = max((facts[name].digits for name in condition.left.names()), default=0)
    return Fraction(quantise(bound, digits), 10**digits)
