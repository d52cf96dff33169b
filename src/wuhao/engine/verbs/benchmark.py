"""benchmark: what each item is compared with, one row per population, joined to every subject.

Reads what `measure` added. Adds `<item>__benchmark` in quanta of digits.benchmark: null where a
group has no positive benchmark, and for items scored without one.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from wuhao.engine import ir
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator, Scheme
from wuhao.engine.verbs.benchmarks.by_order import maximum, places, quantile
from wuhao.engine.verbs.benchmarks.common import Made, quotient, times, where_counts
from wuhao.engine.verbs.benchmarks.previous_year import past, pasts
from wuhao.engine.verbs.benchmarks.target import positive, targets
from wuhao.engine.verbs.measure import users
from wuhao.engine.verbs.populations import KEYS, key_of, named, with_everyone


def benchmark(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the benchmark of every item."""
    table = pasts(scheme, with_everyone(scheme, table))
    table = targets(scheme, places(scheme, table))
    for key in KEYS.values():
        items = [
            item
            for item in scheme.indicators.values()
            if item.benchmark.name in BUILDERS
            and "target" not in item.reads
            and key_of(item.benchmark) == key
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


def _total_over_total(scheme: Scheme, item: Indicator) -> Made:
    """Sum of numerators over sum of denominators, of those who have a value."""
    aggregates = [
        (f"{item.code}__nums", ir.Aggregate("sum", where_counts(item, "num"))),
        (f"{item.code}__dens", ir.Aggregate("sum", where_counts(item, "den"))),
    ]
    factor = item.factor * times(item.benchmark) * 10 ** scheme.digits["benchmark"]
    return aggregates, quotient(item.code, "nums", "dens", factor)


def _mean_of_values(scheme: Scheme, item: Indicator) -> Made:
    """Mean of the (quantised) values of those who have one."""
    aggregates = [
        (f"{item.code}__values", ir.Aggregate("sum", where_counts(item, "value"))),
        (f"{item.code}__count", ir.Aggregate("count", where_counts(item, "value"))),
    ]
    shift = Fraction(10 ** scheme.digits["benchmark"], 10 ** scheme.digits["value"])
    return aggregates, quotient(item.code, "values", "count", times(item.benchmark) * shift)


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


def _previous_year(scheme: Scheme, item: Indicator) -> Made:
    """Last year's number: a published one, or the total over total of the population."""
    return past(scheme, item) if "past" in item.reads else _fixed(scheme, item)


BUILDERS: dict[str, Callable[[Scheme, Indicator], Made]] = {
    "total_over_total": _total_over_total,
    "mean_of_values": _mean_of_values,
    "fixed": _fixed,
    "maximum": maximum,
    "quantile": quantile,
    "median": quantile,
    "previous_year": _previous_year,
}
