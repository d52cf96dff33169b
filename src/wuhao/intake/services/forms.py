"""The forms of a collection: what is filled in beforehand, and all that came in, merged."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from wuhao.core import bindings
from wuhao.core.errors import DomainError
from wuhao.core.viewer import Viewer
from wuhao.engine.facts import State
from wuhao.intake import store
from wuhao.intake.blanks import workbook_of, written
from wuhao.intake.catalogue import template
from wuhao.intake.cells import Cell
from wuhao.intake.checks import Row, check
from wuhao.intake.merging import Layout, Part, cell_of, merged, typed_workbook
from wuhao.intake.models import Batch, Collection
from wuhao.intake.proposing import propose
from wuhao.intake.reader.words import shown
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.services.batches import Handed, Received, receive
from wuhao.intake.services.collections import proposed_of
from wuhao.intake.templates import Template

CONTEXT = "intake.context"
TOLD = ("uscc", "text", "choice", "code")
IN_PAGE = 500
"""So many rows are filled in in the page; longer tables want the workbook."""
SPARE = 10
"""So many empty rows stand below those that are filled in."""


def form_of(collection: Collection, by: Viewer) -> BytesIO:
    """The workbook to be filled in by a viewer's office, with what is known already."""
    wanted = template(collection.code)
    return BytesIO(workbook_of(wanted, known_rows(collection, by)))


def known_rows(collection: Collection, by: Viewer) -> list[dict[str, Cell]]:
    """The rows that an office finds filled in, by column code.

    A park finds its enterprises; others the rows of the workbook that was sent out, without its
    figures. Figures that the house holds of the period, and the viewer may see, stand in both.
    """
    wanted = template(collection.code)
    rows = _firms(wanted, by) or _rows_sent(collection, wanted)
    _hold(collection, rows, by)
    return rows


def _firms(wanted: Template, by: Viewer) -> list[dict[str, Cell]]:
    """A park's own enterprises where rows are known by credit code."""
    if wanted.key != ("uscc",) or not by.parks:
        return []
    firms = bindings.get(CONTEXT, "firms")(by)
    name = next((c.code for c in wanted.columns if c.kind == "text" and "名" in c.label), "")
    return [
        {"uscc": _text(code)} | ({name: _text(called)} if name else {})
        for code, called in firms.items()
    ]


def _rows_sent(collection: Collection, wanted: Template) -> list[dict[str, Cell]]:
    """The rows of the workbook that was sent out: who they are about, not what was said of them."""
    told = [c.code for c in wanted.columns if c.kind in TOLD]
    rows = _layout_rows(collection, wanted)
    return [{code: row.values[code] for code in told if code in row.values} for row in rows]


def _layout_rows(collection: Collection, wanted: Template) -> list[Row]:
    content = store.path_of(collection.layout.digest).read_bytes()
    workbook = read_workbook(content, collection.layout.name, wanted.known_headings())
    return check(wanted, workbook).rows


def _hold(collection: Collection, rows: list[dict[str, Cell]], by: Viewer) -> None:
    """Fill in the figures that the house holds; what stays open is for the office to fill."""
    held = {c.code: c.held for c in proposed_of(collection) if c.held}
    if not held or not rows:
        return
    known = bindings.get(CONTEXT, "held")(by, list(held.values()), collection.period)
    wanted = template(collection.code)
    for row in rows:
        key = row["uscc"].value if "uscc" in row else None
        for code, fact in held.items():
            quanta, quantum = known.get(fact, {}).get(key), known.get("", {}).get(fact)
            if quanta is not None and quantum is not None:
                row[code] = _requantised(wanted, code, quanta * quantum)


def _requantised(wanted: Template, code: str, exact: Any) -> Cell:
    count, _rest = divmod(exact, wanted.column(code).quantum)
    return Cell(int(count), State.VALUE if count else State.ZERO, "")


def _text(value: str) -> Cell:
    return Cell(value, State.VALUE, "")


def page_rows(collection: Collection, by: Viewer) -> list[dict[str, str]]:
    """The rows of the page: what the office handed in last, else what is known; and empty ones."""
    wanted = template(collection.code)
    last = Batch.objects.filter(template=collection.code, office__code=by.office).last()
    if last is not None:
        entries = store.rows_of(last.no).to_pylist()[:IN_PAGE]
        rows = [{c.code: cell_of(c, entry) for c in wanted.columns} for entry in entries]
    else:
        rows = known_rows(collection, by)[:IN_PAGE]
    return [_typed(wanted, row) for row in rows] + [{} for _row in range(SPARE)]


def too_long(collection: Collection, by: Viewer) -> bool:
    """Whether more rows are known than a page takes."""
    return len(known_rows(collection, by)) > IN_PAGE


def _typed(wanted: Template, row: Mapping[str, Cell]) -> dict[str, str]:
    """A row as it would be typed."""
    values = {code: written(wanted.column(code), cell) for code, cell in row.items()}
    return {code: shown(value) for code, value in values.items() if value is not None}


def fill_in(collection: Collection, rows: Sequence[Mapping[str, str]], by: Viewer) -> Received:
    """Hand in what was typed into the page, through the one door that files take.

    Raises DomainError for a page without a filled row.
    """
    filled = [row for row in rows if any(text.strip() for text in row.values())]
    if not filled:
        raise DomainError(_("一行也没有填。请至少填一行，或下载工作簿填写。"))
    wanted = template(collection.code)
    name = _("%(title)s_页面填写.xlsx") % {"title": collection.title[:80]}
    content = typed_workbook(wanted, filled)
    return receive(Handed(name, content, collection.code, collection.period), by)


def merged_workbook(collection: Collection) -> BytesIO:
    """All that offices had accepted or submitted, in the layout that was sent out."""
    wanted = template(collection.code)
    content = store.path_of(collection.layout.digest).read_bytes()
    found = propose(read_workbook(content, collection.layout.name), ())
    if found is None:
        raise DomainError(_("发出的工作簿里认不出表，不能按原样合并。"))
    batches = latest_batches(collection)
    parts = [Part(b.office.short, b.no, store.rows_of(b.no)) for b in batches.values()]
    owing = [ask.office.short for ask in _asks(collection) if ask.office_id not in batches]
    layout = Layout(found.sheet, found.table, proposed_of(collection))
    return BytesIO(merged(wanted, layout, parts, owing))


def _asks(collection: Collection) -> Any:
    return collection.asks.select_related("office").order_by("pk")


def latest_batches(collection: Collection) -> dict[int, Batch]:
    """The batch that counts of every office: accepted before submitted, later before earlier."""
    sent = Batch.objects.filter(
        template=collection.code,
        status__in=(Batch.Status.SUBMITTED, Batch.Status.ACCEPTED),
    ).select_related("office")
    # "accepted" sorts before "submitted", so that it is written over nothing by what follows it.
    found: dict[int, Batch] = {}
    for batch in sent.order_by("office__pk", "status", "-pk"):
        found.setdefault(batch.office_id, batch)
    return found
