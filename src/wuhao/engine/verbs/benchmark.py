"""benchmark: what each item is compared with, one row per population, joined to every subject.

Reads what `measure` added. Adds `<item>__benchmark` in quanta of digits.benchmark: null where a
group has no positive benchmark, and for items scored without one.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator, Kind, Scheme
from wuhao.engine.verbs.benchmarks.by_order import maximum, places, quantile
from wuhao.engine.verbs.benchmarks.target import positive, targets
from wuhao.engine.verbs.measure import users
from wuhao.engine.verbs.populations import KEYS, key_of, named, with_everyone

Made = tuple[list[tuple[str, ir.Aggregate]], ir.Expr]


def benchmark(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the benchmark of every item."""
    table = targets(scheme, places(scheme, with_everyone(scheme, table)))
    for key in KEYS.values():
        items = [
            item
            for item in scheme.indicators.values()
            if item.benchmark.name in BUILDERS and key_of(item.benchmark) == key
        ]
        if items:
            table = _joined(scheme, table, items, key)
    return table


def _joined(scheme: Scheme, table: ir.Table, items: list[Indicator], key: str) -> ir.Table:
    """Add the benchmarks of items that are taken of the same populations."""
    aggregates: list[tuple[str, ir.Aggregate]] = [("members", ir.Aggregate("count", ir.Col(key)))]
    values: list[tuple[str, ir.Expr]] = []
    for item in items:
        needed, value = BUILDERS[item.benchmark.name](scheme, item)
        aggregates += needed
        values.append((f"{item.code}__benchmark", value))
    names = tuple(name for name, _ in values)
    # Stored first, so that the true bounds of the sums are known where they are divided.
    summed = ir.Grouped(table, key, tuple(aggregates))
    rows = ir.Extend(ir.Keep(summed, named("sums", key), small=True), tuple(values))
    above = tuple((name, positive(name)) for name in names)
    picked = ir.Pick(ir.Extend(rows, above), (key, *names))
    return ir.Matched(table, ir.Keep(picked, named("benchmarks", key), small=True), key, names)


def _where_valued(item: Indicator, column: str) -> ir.Expr:
    has_value = ir.Cmp("==", ir.Col(f"{item.code}__lack"), ir.Int(0))
    return ir.Case(((has_value, ir.Col(f"{item.code}__{column}")),), ir.Null())


def _quotient(code: str, above: str, below: str, factor: Fraction) -> ir.Expr:
    top, under = ir.Col(f"{code}__{above}"), ir.Col(f"{code}__{below}")
    some = ir.Both((ir.known(f"{code}__{below}"), ir.Cmp(">", under, ir.Int(0))))
    quotient = ir.Div(ir.times(top, factor.numerator), ir.times(under, factor.denominator))
    return ir.Case(((some, quotient),), ir.Null())


def _total_over_total(scheme: Scheme, item: Indicator) -> Made:
    """Sum of numerators over sum of denominators, of those who have a value."""
    aggregates = [
        (f"{item.code}__nums", ir.Aggregate("sum", _where_valued(item, "num"))),
        (f"{item.code}__dens", ir.Aggregate("sum", _where_valued(item, "den"))),
    ]
    factor = item.factor * _times(item.benchmark) * 10 ** scheme.digits["benchmark"]
    return aggregates, _quotient(item.code, "nums", "dens", factor)


def _mean_of_values(scheme: Scheme, item: Indicator) -> Made:
    """Mean of the (quantised) values of those who have one."""
    aggregates = [
        (f"{item.code}__values", ir.Aggregate("sum", _where_valued(item, "value"))),
        (f"{item.code}__count", ir.Aggregate("count", _where_valued(item, "value"))),
    ]
    shift = Fraction(10 ** scheme.digits["benchmark"], 10 ** scheme.digits["value"])
    return aggregates, _quotient(item.code, "values", "count", _times(item.benchmark) * shift)


def _fixed(scheme: Scheme, item: Indicator) -> Made:
    """A published number, the same for all or one for each group."""
    value, digits = item.benchmark.params["value"], scheme.digits["benchmark"]
    branches = []
    for at in users(scheme, item.code):
        group = scheme.groups[at - 1].code
        found = value[group] if isinstance(value, dict) else value
        here = ir.Cmp("==", ir.Col("part"), ir.Int(at))
        branches.append((here, ir.Int(quantise(Fraction(found), digits))))
    return [], ir.Case(tuple(branches), ir.Null())


def _times(kind: Kind) -> Fraction:
    return Fraction(kind.params["times"])


BUILDERS: dict[str, Callable[[Scheme, Indicator], Made]] = {
    "total_over_total": _total_over_total,
    "mean_of_values": _mean_of_values,
    "fixed": _fixed,
    "maximum": maximum,
    "quantile": quantile,
}
