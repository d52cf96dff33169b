"""Reads of intake: batches in reach, what was found, and a source cell in its sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from wuhao.core import city
from wuhao.core.errors import OutOfScope
from wuhao.core.scope import grant_of
from wuhao.core.viewer import Viewer
from wuhao.intake import store
from wuhao.intake.models import Batch
from wuhao.intake.reader.model import letter
from wuhao.intake.reader.workbook import read_workbook
from wuhao.intake.templates import Template, load_template


@dataclass(frozen=True)
class CellInSheet:
    """A source cell with its surroundings: letters, and rows of (number, texts)."""

    batch: Mapping[str, Any]
    sheet: str
    cell: str
    letters: list[str]
    rows: list[tuple[int, list[str]]]
    hidden_columns: int = 0


def templates(viewer: Viewer) -> list[Template]:
    """The templates that this post may hand in."""
    found = [load_template(path) for path in sorted(city.path_of("templates").glob("*.yaml"))]
    if viewer.role == "dept_provider":
        return [template for template in found if template.owner == viewer.office]
    return found if viewer.role in ("bureau_admin", "bureau_staff") else []


def batches(viewer: Viewer, status: str = "") -> list[dict[str, Any]]:
    """Batches in reach, latest first."""
    found = _in_reach(viewer).order_by("-created_at", "-pk").select_related("office", "file")
    if status:
        found = found.filter(status=status)
    return [described(batch) for batch in found[:200]]


def batch(viewer: Viewer, no: str) -> Batch:
    """A batch by its number. Raises OutOfScope when it is not in reach."""
    found = _in_reach(viewer).select_related("office", "file").filter(no=no).first()
    if found is None:
        raise OutOfScope(f"没有您能看到的批次 {no}。")
    return found


def findings(viewer: Viewer, no: str) -> list[dict[str, Any]]:
    """Everything found in a batch, errors first."""
    rows = list(
        batch(viewer, no)
        .findings.order_by("pk")
        .values("sheet", "cell", "severity", "code", "sentence")
    )
    rank = {"error": 0, "warning": 1, "note": 2}
    return sorted(rows, key=lambda row: rank[row["severity"]])


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
    }


def cell_context(viewer: Viewer, no: str, sheet: str, cell: str, around: int = 6) -> CellInSheet:
    """A source cell in its sheet as the office sent it.

    Those who do not reach every row see the headings and the cell's own row alone, and only when
    that row is theirs. Raises OutOfScope otherwise.
    """
    found = Batch.objects.select_related("office", "file").filter(no=no).first()
    if found is None:
        raise OutOfScope(f"没有您能看到的批次 {no}。")
    row_no = int("".join(filter(str.isdigit, cell)) or 0)
    whole = _reaches_whole(viewer, found)
    if not whole and not _owns_row(viewer, found, sheet, row_no):
        raise OutOfScope(f"没有您能看到的单元格 {no} {sheet} {cell}。")
    grid = _grid(found, sheet)
    first = _first_row(found, sheet)
    near = range(row_no - around, row_no + around + 1) if whole else [row_no]
    shown = [n for n in dict.fromkeys([*range(1, first), *near]) if 1 <= n <= len(grid)]
    width = max((len(row) for row in grid), default=0)
    return CellInSheet(
        described(found),
        sheet,
        cell,
        [letter(n) for n in range(width)],
        [(n, [*grid[n - 1], *[""] * (width - len(grid[n - 1]))]) for n in sorted(shown)],
    )


def _in_reach(viewer: Viewer) -> QuerySet[Batch]:
    if viewer.role in ("bureau_admin", "bureau_staff", "machine"):
        return Batch.objects.all()
    if viewer.role == "dept_provider":
        return Batch.objects.filter(office__code=viewer.office)
    return Batch.objects.none()


def _reaches_whole(viewer: Viewer, batch: Batch) -> bool:
    grant = grant_of(viewer.role)
    if grant.own_columns:
        return viewer.office == batch.office.code
    return grant.rows == "all" and "secret" in grant.classes


def _owns_row(viewer: Viewer, batch: Batch, sheet: str, row_no: int) -> bool:
    if grant_of(viewer.role).rows != "own" or not viewer.own_key:
        return False
    rows = store.rows_of(batch.no).select(["sheet", "row", "uscc"]).to_pylist()
    return any(
        row["sheet"] == sheet and row["row"] == row_no and row["uscc"] == viewer.own_key
        for row in rows
    )


def _first_row(batch: Batch, sheet: str) -> int:
    table = store.rows_of(batch.no).select(["sheet", "row"]).to_pylist()
    return min((row["row"] for row in table if row["sheet"] == sheet), default=1)


def _grid(batch: Batch, sheet: str) -> list[list[str]]:
    content = store.path_of(batch.file.digest).read_bytes()
    workbook = read_workbook(content, batch.file.name)
    found = next((s for s in workbook.sheets if s.name == sheet), None)
    if found is None:
        raise OutOfScope(f"批次 {batch.no} 里没有工作表 {sheet}。")
    return [[_text(value) for value in row] for row in found.cells]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
