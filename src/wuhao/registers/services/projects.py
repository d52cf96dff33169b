"""The effect of an accepted monthly report: projects, and what was invested in each."""

from typing import Any

import pyarrow as pa

from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.intake.models import Batch
from wuhao.registers.models import Park, Project, Subject
from wuhao.registers.services import observations

KEPT = ("name", "park", "owner_code", "owner_name", "batch", "sheet", "row")


def receive_projects(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Enter projects by their national code, then their figures of the month.

    Returns how many observations came.
    """
    entries = rows.to_pylist()
    ids = _subjects([entry["project_code"] for entry in entries])
    parks = dict(Park.objects.values_list("code", "pk"))
    Project.objects.bulk_create(
        [_project(batch, entry, ids, parks) for entry in entries],
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=list(KEPT),
        batch_size=500,
    )
    subjects = [ids[entry["project_code"]] for entry in entries]
    return observations.enter_rows(batch, rows, subjects, ledger)


def _subjects(codes: list[str]) -> dict[str, int]:
    kind = Subject.Kind.PROJECT
    made = [Subject(kind=kind, key=code) for code in codes]
    Subject.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    return dict(Subject.objects.filter(kind=kind).values_list("key", "pk"))


def _project(
    batch: Batch, entry: dict[str, Any], ids: dict[str, int], parks: dict[str, int]
) -> Project:
    return Project(
        subject_id=ids[entry["project_code"]],
        code=entry["project_code"],
        name=entry["project_name"],
        park_id=parks.get(entry["park"] or ""),
        owner_code=entry["uscc"] or "",
        owner_name=entry["owner_name"] or "",
        batch=batch,
        sheet=entry["sheet"],
        row=entry["row"],
    )
