"""A Register describes a ledger once; this module is its only reader.

Lists, records, search, exports and jobs go through `rows` and `record` and get plain rows, never
instances. Fields and rows outside the viewer's scope do not leave the database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from wuhao.core import day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.scope import INTERNAL, PUBLIC_CLASS, grant_of
from wuhao.core.viewer import Viewer

COUNT_STOPS_AT = 10_001
PAGE_SIZE = 50
STATE_SUFFIX = "__state"


@dataclass(frozen=True)
class AsOf:
    """As of which day in the world, and known up to which ledger number (None: all known)."""

    on: date = field(default_factory=day.today)
    ledger: int | None = None


@dataclass(frozen=True)
class Field:
    """A column of a register: code, label, unit of the stored value, class, path, owner."""

    code: str
    label: Any
    label_en: str = ""
    unit: str = ""
    cls: str = INTERNAL
    of: str = ""
    kind: str = "text"
    owner: str = ""
    sortable: bool = True
    filter: str = ""
    importable: bool = False
    quantum: str = "1"
    state_of: str = ""
    choices: Callable[[], Sequence[tuple[str, Any]]] | None = None
    listed: bool = True

    @property
    def path(self) -> str:
        return self.of or self.code


@dataclass(frozen=True)
class Register:
    """A ledger: base query, identity, scope paths by kind, fields, free-text search paths."""

    code: str
    label: Any
    base: Callable[[AsOf], QuerySet[Any]]
    identity: str
    scope: Mapping[str, str]
    fields: Callable[[], Sequence[Field]]
    order: Sequence[str] = ()
    search: Sequence[str] = ()


@dataclass(frozen=True)
class Query:
    """What is asked: filters by field code, free text, order by field code, page and size."""

    filters: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    order: str = ""
    page: int = 1
    size: int = PAGE_SIZE


@dataclass(frozen=True)
class Page:
    """A page of plain rows with the fields it may show. `count` stops at 10,001."""

    rows: list[dict[str, Any]]
    fields: list[Field]
    count: int
    page: int
    size: int

    @property
    def has_more(self) -> bool:
        return self.page * self.size < self.count

    @property
    def count_is_floor(self) -> bool:
        return self.count >= COUNT_STOPS_AT


def visible(register: Register, viewer: Viewer) -> list[Field]:
    """The fields of a register that this viewer may see."""
    grant = grant_of(viewer.role)
    return [
        f
        for f in register.fields()
        if f.cls in grant.classes or (grant.own_columns and f.owner and f.owner == viewer.office)
    ]


def scope_q(register: Register, viewer: Viewer) -> Q:
    """The row filter of this viewer; raises OutOfScope where the role reaches no row at all."""
    kind = grant_of(viewer.role).rows
    if kind == "all":
        return Q()
    path = register.scope.get(kind)
    reach = {"park": viewer.parks, "own": (viewer.own_key,), "office": (viewer.office,)}.get(kind)
    if path is None or not reach or not all(reach):
        raise OutOfScope(_("您的岗位看不到“%(what)s”。") % {"what": register.label})
    return Q(**{f"{path}__in": reach})


def rows(register: Register, viewer: Viewer, as_of: AsOf, query: Query) -> Page:
    """One page of a register, scoped to the viewer.

    Raises DomainError for filtering or sorting on a field that the viewer cannot see.
    """
    fields = visible(register, viewer)
    scoped = register.base(as_of).filter(scope_q(register, viewer))
    found = scoped.filter(_filters(register, fields, query))
    ordered = found.order_by(*_order(register, fields, query), register_key(register), "pk")
    start = max(query.page - 1, 0) * query.size
    values = ordered.values(*_paths(fields, register))[start : start + query.size]
    count = found.order_by()[:COUNT_STOPS_AT].count()
    return Page([_plain(fields, row) for row in values], fields, count, query.page, query.size)


def selected(register: Register, viewer: Viewer, as_of: AsOf, query: Query) -> QuerySet[Any]:
    """The scoped and filtered query set behind a page, for counts, sums and exports."""
    scoped = register.base(as_of).filter(scope_q(register, viewer))
    return scoped.filter(_filters(register, visible(register, viewer), query))


def record(register: Register, viewer: Viewer, as_of: AsOf, key: str) -> dict[str, Any]:
    """One row by its natural key. Raises OutOfScope when there is none within the scope."""
    fields = visible(register, viewer)
    found = register.base(as_of).filter(scope_q(register, viewer))
    row = found.filter(**{register.identity: key}).values(*_paths(fields, register)).first()
    if row is None:
        raise OutOfScope(
            _("“%(what)s”里没有您能看到的 %(key)s。") % {"what": register.label, "key": key}
        )
    return _plain(fields, row)


def register_key(register: Register) -> str:
    """The natural key's path, the last word of every order."""
    return register.identity


def _filters(register: Register, fields: Sequence[Field], query: Query) -> Q:
    known = {f.code: f for f in fields}
    found = Q()
    for code, wanted in query.filters.items():
        if code not in known or not known[code].filter:
            raise DomainError(
                _("不能按“%(code)s”筛选：没有这一列，或您看不到它。") % {"code": code}
            )
        found &= _condition(known[code], wanted)
    if text := query.text.strip():
        hits = Q()
        for path in register.search:
            hits |= Q(**{f"{path}__icontains": text})
        found &= hits
    return found


def _condition(column: Field, wanted: str) -> Q:
    if column.filter == "choice":
        return Q(**{f"{column.path}__in": [w for w in wanted.split(",") if w]})
    return Q(**{f"{column.path}__icontains": wanted})


def _order(register: Register, fields: Sequence[Field], query: Query) -> list[Any]:
    if not query.order:
        return list(register.order)
    code, descending = query.order.removeprefix("-"), query.order.startswith("-")
    column = next((f for f in fields if f.code == code and f.sortable), None)
    if column is None:
        raise DomainError(_("不能按“%(code)s”排序：没有这一列，或您看不到它。") % {"code": code})
    by = F(column.path)
    return [by.desc(nulls_last=True) if descending else by.asc(nulls_last=True)]


def _paths(fields: Sequence[Field], register: Register) -> list[str]:
    paths = [f.path for f in fields] + [f.state_of for f in fields if f.state_of]
    return list(dict.fromkeys([register.identity, *paths]))


def _plain(fields: Sequence[Field], row: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for f in fields:
        plain[f.code] = row[f.path]
        if f.state_of:
            plain[f.code + STATE_SUFFIX] = row[f.state_of]
    return plain


__all__ = [
    "PUBLIC_CLASS",
    "AsOf",
    "Field",
    "Page",
    "Query",
    "Register",
    "record",
    "rows",
    "scope_q",
    "selected",
    "visible",
]
