"""The list page of any register: chips, columns, order, totals, steps and export."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wuhao.core.register import Field, Page, Query, Register
from wuhao.web.display import grouped
from wuhao.web.request import Request, address, kept
from wuhao.web.shapes import Act, Cell, Column, Fig, Link, Row
from wuhao.web.values import heading, heading_unit, is_number, shown

FILTER = "f."
SIZES = (50, 200)
MAX_DEFAULT_COLUMNS = 11
Opens = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    text: str
    drop_url: str


@dataclass(frozen=True)
class Filter:
    """A filter that can be set: by choice or by words."""

    code: str
    name: str
    label: str
    choices: list[Link] = field(default_factory=list)
    help: str = ""


@dataclass(frozen=True)
class Choice:
    """A column that can be shown or hidden."""

    code: str
    label: str
    on: bool


@dataclass(frozen=True)
class Words:
    """What a list says of itself."""

    title: str
    purpose: str = ""
    counter: str = ""
    basis: str = ""
    empty_title: str = ""
    empty_say: str = ""


@dataclass
class ListPage:
    """Everything that the list template prints."""

    title: str
    purpose: str
    counter: str
    basis: str
    count_text: str
    columns: list[Column]
    rows: list[Row]
    shown_say: str
    steps: list[Link]
    chips: list[Chip]
    filters: list[Filter]
    clear_url: str
    kept: list[tuple[str, str]]
    kept_all: list[tuple[str, str]]
    choosable: list[Choice]
    empty_title: str
    empty_say: str
    acts: list[Act] = field(default_factory=list)
    sums: list[Fig] = field(default_factory=list)
    grades: list[tuple[str, int]] = field(default_factory=list)
    total: list[Cell] = field(default_factory=list)
    crumbs: list[Link] = field(default_factory=list)
    export_url: str = ""
    empty_act: Link | None = None
    chart: dict[str, Any] | None = None
    chart_table: dict[str, Any] | None = None
    chart_title: str = ""
    chart_said: str = ""


def query_of(request: Request, size: int = SIZES[0]) -> Query:
    """What the address asks for: `q`, `f.<code>`, `sort`, `page`."""
    data = request.GET if request.method == "GET" else request.POST
    filters = {k[len(FILTER) :]: str(v) for k, v in data.items() if k.startswith(FILTER) and v}
    page = data.get("page", "1")
    return Query(
        filters=filters,
        text=str(data.get("q", "")),
        order=str(data.get("sort", "")),
        page=_page_no(str(page)),
        size=size,
    )


def _page_no(text: str) -> int:
    """A page that a list may have; the first for anything else."""
    number = int(text) if text.isdecimal() and len(text) < 8 else 1
    return max(number, 1)


def list_page(
    request: Request,
    register: Register,
    found: Page,
    query: Query,
    words: Words,
    opens: Opens,
) -> ListPage:
    """Shape one page of a register for the list template."""
    columns = chosen(request, register, found.fields)
    looks = classes(columns, query.order.removeprefix("-"))
    kept_all = kept(request)
    narrowed = bool(query.filters or query.text)
    return ListPage(
        title=words.title,
        purpose=words.purpose,
        counter=words.counter,
        basis=words.basis,
        count_text=f"{found.count - 1:,}+" if found.count_is_floor else f"{found.count:,}",
        columns=[_column(request, f, query, css) for f, css in zip(columns, looks, strict=True)],
        rows=[_row(columns, looks, row, opens) for row in found.rows],
        shown_say=_shown_say(found),
        steps=_steps(request, found),
        chips=_chips(request, found.fields, query),
        filters=_filters(request, found.fields, query),
        clear_url=request.path,
        kept=kept(request, "col"),
        kept_all=kept_all,
        choosable=[Choice(f.code, heading(f), f in columns) for f in found.fields if f.listed],
        empty_title=_("没有符合条件的") if narrowed else words.empty_title,
        empty_say=_("去掉一两个条件再看。") if narrowed else words.empty_say,
        empty_act=Link(request.path, _("全部去掉")) if narrowed else None,
    )


def chosen(request: Request, register: Register, fields: Sequence[Field]) -> list[Field]:
    """The columns this person chose for a register; until they choose, names before codes."""
    name = f"columns:{register.code}"
    if wanted := request.GET.getlist("col"):
        request.session[name] = wanted
    wanted = wanted or request.session.get(name, [])
    listed = [f for f in fields if f.listed]
    picked = [f for f in listed if f.code in wanted]
    return picked or _usual(listed)


def _usual(listed: Sequence[Field]) -> list[Field]:
    """The name first, no bare code beside it, and as many columns as a screen holds."""
    named = [f for f in listed if f.code == "name"]
    rest = [f for f in listed if f.code != "name" and not (named and f.kind == "code")]
    return [*named, *rest][:MAX_DEFAULT_COLUMNS]


def classes(columns: Sequence[Field], ordered_by: str) -> list[str]:
    """Each column's classes. On a telephone stay the first, the grade, and what the order is by.

    Without an order it is the first number that stays.
    """
    number = next((f.code for f in columns if is_number(f)), "")
    stays = {"name", ordered_by or number}
    return [_css(column, place, column.code in stays) for place, column in enumerate(columns)]


def _css(column: Field, place: int, stays: bool) -> str:
    words = "num" if is_number(column) else "nb" if column.kind == "choice" else ""
    if place == 0 or stays or column.code == "grade":
        return words
    return f"{words} {'p2' if place < 7 else 'p3'}".strip()


def _column(request: Request, column: Field, query: Query, css: str) -> Column:
    code, descending = query.order.removeprefix("-"), query.order.startswith("-")
    here = code == column.code
    turned = column.code if here and descending else f"-{column.code}"
    if not is_number(column):
        turned = f"-{column.code}" if here and not descending else column.code
    return Column(
        heading(column),
        heading_unit(column),
        css,
        ("descending" if descending else "ascending") if here else "",
        address(request, sort=turned, page=None) if column.sortable else "",
    )


def _row(
    columns: Sequence[Field], looks: Sequence[str], row: Mapping[str, Any], opens: Opens
) -> Row:
    main = next((f for f in columns if f.code == "name"), columns[0])
    cells = [
        Cell(shown(column, row), css, column is main)
        for column, css in zip(columns, looks, strict=True)
    ]
    return Row(cells, opens(row))


def _shown_say(found: Page) -> str:
    first = (found.page - 1) * found.size + 1
    last = first + len(found.rows) - 1
    return _("第 %(first)s 至 %(last)s 行，共 %(count)s 行") % {
        "first": grouped(first),
        "last": grouped(last),
        "count": f"{found.count - 1:,}+" if found.count_is_floor else grouped(found.count),
    }


def _steps(request: Request, found: Page) -> list[Link]:
    steps = []
    if found.page > 1:
        before = address(request, page=str(found.page - 1))
        steps.append(Link(before, _("上一页"), rel="prev"))
    if found.has_more:
        after = address(request, page=str(found.page + 1))
        left = found.count - found.page * found.size
        more = min(found.size, left)
        words = ngettext("再看 %(n)s 行", "再看 %(n)s 行", more) % {"n": more}
        steps.append(Link(after, words, rel="next"))
    return steps


def _chips(request: Request, fields: Sequence[Field], query: Query) -> list[Chip]:
    known = {f.code: f for f in fields}
    chips = [
        Chip(
            _filter_label(known[code], fields),
            _choice_label(known[code], wanted),
            address(request, **{FILTER + code: None, "page": None}),
        )
        for code, wanted in query.filters.items()
        if code in known
    ]
    if query.text:
        chips.append(Chip(_("搜索"), query.text, address(request, q=None, page=None)))
    return chips


def _choice_label(column: Field, wanted: str) -> str:
    if column.choices is None:
        return wanted
    labels = {str(value): str(label) for value, label in column.choices()}
    return "、".join(labels.get(one, one) for one in wanted.split(","))


def _filters(request: Request, fields: Sequence[Field], query: Query) -> list[Filter]:
    return [
        Filter(f.code, FILTER + f.code, _filter_label(f, fields), _choices(request, f))
        for f in fields
        if f.filter and f.code not in query.filters
    ]


def _filter_label(column: Field, fields: Sequence[Field]) -> str:
    """A filter by code goes by the name of what the code stands for, as park by park_name."""
    named = next((f for f in fields if f.code == f"{column.code}_name"), column)
    return heading(named)


def _choices(request: Request, column: Field) -> list[Link]:
    if column.choices is None:
        return []
    return [
        Link(address(request, **{FILTER + column.code: str(value), "page": None}), str(label))
        for value, label in column.choices()
    ]


def with_query(url: str, query: Query) -> str:
    """An address that keeps a query's filters and text, for exports and links back."""
    pairs = {FILTER + code: wanted for code, wanted in query.filters.items()}
    if query.text:
        pairs["q"] = query.text
    return f"{url}?{urlencode(pairs)}" if pairs else url
