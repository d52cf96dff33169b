"""Of whom a number of many is taken: of the subject's group (`part`), or of all who use the item.

`everyone` is a key that is the same for all in scope; it is added where a word asks for it.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.model import Kind, Scheme

KEYS = {"group": "part", "all": "everyone"}


def key_of(kind: Kind) -> str:
    """Return the key column of the population that a word speaks of."""
    return KEYS[kind.params.get("population", "group")]


def with_everyone(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add the key of all in scope, where a word asks for it."""
    kinds = [kind for i in scheme.indicators.values() for kind in (i.benchmark, i.score)]
    if all(key_of(kind) == "part" for kind in kinds):
        return table
    one = ir.Case(((ir.known("part"), ir.Int(1)),), ir.Null())
    return ir.Extend(table, (("everyone", one),))


def named(name: str, key: str) -> str:
    """Return the name of a stored table of one row per population."""
    return name if key == "part" else f"{name}_all"
