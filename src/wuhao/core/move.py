"""The one door for every status change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from wuhao.core import audit
from wuhao.core.errors import DomainError
from wuhao.core.viewer import Viewer

Guard = Callable[[Any, Viewer], None]


@dataclass(frozen=True)
class Transition:
    """A change of status: from which statuses, to which, by which roles, under which guard.

    A guard raises DomainError when the object is not ready.
    """

    name: str
    label: str | Promise
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    guard: Guard | None = None


def move(obj: models.Model, transition: Transition, by: Viewer, note: str = "") -> None:
    """Move an object's status: permission, guard, conditional update, audit line.

    Raises DomainError when the role may not, the guard refuses, or somebody was quicker.
    """
    if by.role not in transition.roles:
        raise DomainError(
            _("您的岗位不能办理“%(what)s”，请交有权的岗位办理。") % {"what": transition.label}
        )
    if transition.guard is not None:
        transition.guard(obj, by)
    before = str(getattr(obj, "status"))  # noqa: B009 - every moved model names its state so
    with transaction.atomic():
        rows = type(obj)._default_manager.filter(pk=obj.pk, status__in=transition.sources)
        if rows.update(status=transition.target) == 0:
            raise DomainError(
                _("“%(what)s”没有办成：它已不在可办的状态，请刷新后再看。")
                % {"what": transition.label}
            )
        audit.record(
            f"{obj._meta.label_lower}.{transition.name}",
            audit.urn(obj),
            by,
            before={"status": before},
            after={"status": transition.target},
            note=note,
        )
    obj.refresh_from_db(fields=["status"])
