"""Reads of intake: batches in reach, what was found, and a source cell in its sheet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import pyarrow.compute as pc
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wuhao.core import city
from wuhao.core.errors import OutOfScope
from wuhao.core.scope import grant_of
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.handing import hands_in
from wuhao.intake.models import Batch
from wuhao.intake.reader.model import ErrorValue, letter
from wuhao.intake.reader.words import shown
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import Template, load_templates
from wuhao.intake.transitions import BUREAU, PROVIDERS

LATEST = 200
GRAVE_FIRST = {"error": 0, "warning": 1, "note": 2}
_CELL = re.compile(r"[A-Z]{1,3}([1-9]\d{0,6})")


@dataclass(frozen=True)
class CellInSheet:
    """A source cell with its surroundings: letters, and rows of (number, texts)."""

    batch: Mapping[str, Any]
    sheet: str
    cell: str
    letters: list[str]
    rows: list[tuple[int, list[str]]]


def templates(viewer: Viewer) -> list[Template]:
    """The templates that this post may hand in."""
    if viewer.role not in (*PROVIDERS, *BUREAU):
        return []
    found = load_templates(city.path_of("templates")).values()
    return [t for t in found if viewer.role in BUREAU or hands_in(viewer, t)]


def all_templates(viewer: Viewer) -> list[Template]:
    """Every template of the city, for rooms above that ask what is still to come."""
    return list(load_templates(city.path_of("templates")).values())


def accepted_templates(viewer: Viewer, period: int) -> frozenset[str]:
    """The templates of which a batch of a period is accepted; no figure, so nobody's secret."""
    found = Batch.objects.filter(status=Batch.Status.ACCEPTED, period=period)
    return frozenset(found.values_list("template", flat=True))


def batches(viewer: Viewer, status: str = "") -> list[dict[str, Any]]:
    """Batches in reach, latest first, at most 200."""
    found = _in_reach(viewer).order_by("-created_at", "-pk")
    if status:
        found = found.filter(status=status)
    return [described(batch) for batch in found[:LATEST]]


def batch(viewer: Viewer, no: str) -> Batch:
    """A batch by its number. Raises OutOfScope when it is not in reach."""
    found = _in_reach(viewer).filter(no=no).first()
    if found is None:
        raise OutOfScope(_("没有您能看到的批次 %(no)s。") % {"no": no})
    return found


def findings(viewer: Viewer, no: str) -> list[dict[str, Any]]:
    """Everything found in a batch, errors first, then by place in the file."""
    found = batch(viewer, no).findings.order_by("pk")
    rows: list[dict[str, Any]] = [
        dict(row) for row in found.values("sheet", "cell", "severity", "code", "sentence")
    ]
    return sorted(rows, key=lambda row: GRAVE_FIRST[row["severity"]])


def original(viewer: Viewer, no: str) -> tuple[BinaryIO, str]:
    """The file as it was received, opened, and its name. Raises OutOfScope out of reach."""
    found = batch(viewer, no)
    return store.path_of(found.file.digest).open("rb"), found.file.name


def may_read(viewer: Viewer) -> bool:
    """Whether a post reads batches at all: the bureau's, an office's data officer's."""
    return viewer.role in (*PROVIDERS, "machine", *BUREAU)


def count_accepted(viewer: Viewer, period: int | None = None) -> int:
    """How many accepted batches are in reach."""
    found = _in_reach(viewer).filter(status=Batch.Status.ACCEPTED)
    return (found if period is None else found.filter(period=period)).count()


def described(batch: Batch) -> dict[str, Any]:
    """A batch as plain data."""
    return {
        "no": batch.no,
        "template": batch.template,
        "title": batch.title,
        "period": batch.period,
        "office": batch.office.short,
        "mark": batch.office.mark,
        "file": batch.file.name,
        "file_digest": batch.file.digest,
        "status": batch.status,
        "status_label": batch.get_status_display(),
        "rows": batch.rows,
        "sums": batch.sums,
        "errors": batch.errors,
        "warnings": batch.warnings,
        "digest": batch.digest,
        "ledger_no": batch.ledger_id,
        "created_at": batch.created_at,
        "created_by": batch.created_by_id,
    }


def cell_context(viewer: Viewer, no: str, sheet: str, cell: str, around: int = 6) -> CellInSheet:
    """A source cell in its sheet as the office sent it: headings and the rows around the cell.

    An enterprise sees the headings and its own row alone. Raises OutOfScope for everybody whose
    post does not reach the office's figures, and for a cell that is not in the sheet.
    """
    outside = OutOfScope(
        _("没有您能看到的单元格 %(sheet)s!%(cell)s。") % {"sheet": sheet, "cell": cell}
    )
    found = Batch.objects.select_related("office", "file").filter(no=no).first()
    place = _CELL.fullmatch(cell)
    if found is None or place is None:
        raise outside
    row_no = int(place[1])
    whole = _reaches_whole(viewer, found)
    if not whole and not _owns_row(viewer, found, sheet, row_no):
        raise outside
    grid = _grid(found, sheet)
    if grid is None or row_no > len(grid):
        raise outside
    near = range(row_no - around, row_no + around + 1) if whole else [row_no]
    numbers = sorted({*range(1, _first_data_row(found, sheet)), *near} & {*range(1, len(grid) + 1)})
    width = max(len(row) for row in grid)
    return CellInSheet(
        described(found),
        sheet,
        cell,
        [letter(index) for index in range(width)],
        [(number, _padded(grid[number - 1], width)) for number in numbers],
    )


def _in_reach(viewer: Viewer) -> QuerySet[Batch]:
    found = Batch.objects.select_related("office", "file")
    if viewer.role in BUREAU or viewer.role == "machine":
        return found
    if viewer.role in PROVIDERS and viewer.office:
        return found.filter(office__code=viewer.office)
    return found.none()


def _reaches_whole(viewer: Viewer, batch: Batch) -> bool:
    """Whether a post sees all rows of a batch: its own office, or every class on every row."""
    grant = grant_of(viewer.role)
    if viewer.role in PROVIDERS:
        return bool(viewer.office) and viewer.office == batch.office.code
    return grant.rows == "all" and "secret" in grant.classes


def _owns_row(viewer: Viewer, batch: Batch, sheet: str, row_no: int) -> bool:
    """Whether a row of an accepted batch speaks of the viewer's own enterprise."""
    if grant_of(viewer.role).rows != "own" or not viewer.own_key:
        return False
    if batch.status != Batch.Status.ACCEPTED:
        return False
    rows = store.rows_of(batch.no, ["sheet", "row", "uscc"])
    mine = pc.and_(pc.equal(rows["sheet"], sheet), pc.equal(rows["row"], row_no))
    return viewer.own_key in rows.filter(mine)["uscc"].to_pylist()


def _first_data_row(batch: Batch, sheet: str) -> int:
    rows = store.rows_of(batch.no, ["sheet", "row"])
    first = pc.min(rows.filter(pc.equal(rows["sheet"], sheet))["row"]).as_py()
    return 1 if first is None else int(first)


def _grid(batch: Batch, sheet: str) -> list[list[Any]] | None:
    content = store.path_of(batch.file.digest).read_bytes()
    workbook = read_workbook(content, batch.file.name)
    return next((found.cells for found in workbook.sheets if found.name == sheet), None)


def _padded(row: list[Any], width: int) -> list[str]:
    texts = [value.text if isinstance(value, ErrorValue) else shown(value) for value in row]
    return texts + [""] * (width - len(texts))
