"""Of whom a number of many is taken: of the subject's group (`part`), or of all who use the item,
perhaps only of those for whom a condition holds.

`everyone` is a key that is the same for all in scope; `<item>__among` is 1 for those for whom the
condition of the item's benchmark holds. Both are added where a word asks for them.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.model import Kind, Scheme
from wuhao.engine.verbs.conditions import condition

KEYS = {"group": "part", "all": "everyone"}


def key_of(kind: Kind) -> str:
    """Return the key column of the population that a word speaks of."""
    return KEYS.get(kind.params.get("population", "group"), "everyone")


def with_everyone(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the key of all in scope, where a word asks for it."""
    kinds = [kind for i in scheme.indicators.values() for kind in (i.benchmark, i.score)]
    if all(key_of(kind) == "part" for kind in kinds):
        return table
    one = ir.Case(((ir.known("part"), ir.Int(1)),), ir.Null())
    made = [("everyone", one)]
    for item in scheme.indicators.values():
        if item.among is not None:
            holds = ir.Case(((condition(scheme, item.among), ir.Int(1)),), ir.Int(0))
            made.append((f"{item.code}__among", holds))
    return ir.Extend(table, tuple(made))


def named(name: str, key: str) -> str:
    """Return the name of a stored table of one row per population."""
    return name if key == "part" else f"{name}_all"
