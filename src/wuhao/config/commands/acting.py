"""Who a command acts as: the person named by `--as`, or the house where nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wuhao.config.cli import Refusal

if TYPE_CHECKING:
    from wuhao.core.viewer import Viewer


def acting_as(username: str) -> Viewer:
    """Return what the person of this log-in may see and do; the house for an empty one.

    Raises Refusal for a log-in that nobody has, or whose person has left.
    """
    from wuhao.core.models import User
    from wuhao.core.viewer import MACHINE, PUBLIC, viewer_of

    if not username:
        return MACHINE
    found = viewer_of(User.objects.filter(username=username).first())
    if found == PUBLIC:
        raise Refusal(f"没有名为“{username}”的在任用户，请核对 --as。")
    return found
