"""Bindings: the one way in which an effect may rise from a lower room to the room that owns it.

A lower room declares the names it will call (`declare`); the owner binds each once in its
`apps.ready()` (`bind`). `unbound()` is asked at start-up: a name unbound or bound twice stops it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Effect = Callable[..., Any]

_declared: dict[str, set[str]] = {}
_bound: dict[tuple[str, str], Effect] = {}


def declare(kind: str, names: Iterable[str]) -> None:
    """Say which names of a kind (as `intake.effect`) will be called."""
    _declared.setdefault(kind, set()).update(names)


def bind(kind: str, name: str, effect: Effect) -> None:
    """Bind a name to the owner's effect. Raises ImproperlyConfigured when bound to another one."""
    bound = _bound.setdefault((kind, name), effect)
    if bound is not effect:
        raise ImproperlyConfigured(f"{kind} {name} is bound twice: {bound!r} and {effect!r}.")


def get(kind: str, name: str) -> Effect:
    """The effect bound to a name. Raises ImproperlyConfigured where nothing is bound."""
    try:
        return _bound[kind, name]
    except KeyError:
        raise ImproperlyConfigured(f"Nothing is bound to {kind} {name}.") from None


def require_bindings() -> None:
    """Refuse to start while a name is unbound. Raises ImproperlyConfigured, naming all of them."""
    if found := problems():
        raise ImproperlyConfigured(" ".join(found))


def problems() -> list[str]:
    """Names declared but not bound, and names bound that nobody declared; empty when sound."""
    declared = {(kind, name) for kind, names in _declared.items() for name in names}
    missing = [f"{kind} {name} is declared but not bound." for kind, name in declared - set(_bound)]
    extra = [f"{kind} {name} is bound but not declared." for kind, name in set(_bound) - declared]
    return sorted(missing + extra)
