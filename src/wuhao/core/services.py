"""Writes to the ground floor: the city's offices and people, ledger numbers, exports."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import audit, city
from wuhao.core.errors import DomainError
from wuhao.core.models import ExportLog, LedgerEntry, Office, Post, User
from wuhao.core.viewer import Viewer


@transaction.atomic
def load_offices() -> int:
    """Enter or update the city's offices from city.yaml; the same file twice changes nothing."""
    entries = city.read("city.yaml")["offices"]
    for entry in entries:
        Office.objects.update_or_create(code=entry["code"], defaults=_office_fields(entry))
    for entry in entries:
        if parent := entry.get("parent"):
            Office.objects.filter(code=entry["code"]).update(parent=Office.objects.get(code=parent))
    return len(entries)


def _office_fields(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": entry["name"],
        "short": entry.get("short", entry["name"]),
        "name_en": entry.get("name_en", ""),
        "kind": entry["kind"],
        "mark": entry.get("mark", ""),
        "park_code": entry.get("park", ""),
    }


@transaction.atomic
def appoint(username: str, name: str, office: str, role: str, **more: Any) -> Post:
    """Give a person a post, making the account where there is none.

    `since` is the first day; `own_key` the enterprise of an enterprise's contact; `password`
    is set on a new account only.
    """
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, more.get("password"), name=name)
    post, _ = Post.objects.get_or_create(
        user=user,
        office=Office.objects.get(code=office),
        role=role,
        own_key=more.get("own_key", ""),
        defaults={"valid_from": more.get("since", date(2022, 1, 1))},
    )
    return post


def new_ledger_no(cause: str, by: Viewer) -> LedgerEntry:
    """The next ledger number, for an accepted batch or a correction; call it in its transaction."""
    return LedgerEntry.objects.create(cause=cause, by_id=by.post_id)


@transaction.atomic
def log_export(by: Viewer, register: str, purpose: str, *, rows: int, digest: str) -> ExportLog:
    """Write down what leaves the house. Raises DomainError without a purpose."""
    if by.post_id is None:
        raise DomainError(_("只有在岗的人可以导出。请先登录。"))
    if not purpose.strip():
        raise DomainError(_("导出要写明用途。请填写用途后再导出。"))
    log = ExportLog.objects.create(
        post_id=by.post_id, register=register, purpose=purpose.strip(), rows=rows, digest=digest
    )
    change = {"rows": rows, "digest": digest, "purpose": purpose.strip()}
    audit.record("core.export", f"core.register/{register}", by, after=change, note=purpose)
    return log
