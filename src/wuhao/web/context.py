"""What every page's frame shows: stages, the day, who looks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.core import day
from wuhao.core.register import AsOf
from wuhao.core.scope import grant_of
from wuhao.core.viewer import PUBLIC, Viewer
from wuhao.web import city
from wuhao.web.display import day_text, label_of, moment
from wuhao.web.request import kept
from wuhao.web.shapes import Stage


@dataclass(frozen=True)
class Knot:
    """A stage of the navigation: page, words, addresses below it, and who finds it there."""

    page: str
    words: Callable[[], str]
    below: tuple[str, ...]
    hidden_from: frozenset[str] = frozenset()


MACHINE_ROOM = frozenset({"sys_admin", "sec_admin", "auditor"})
THREAD = (
    Knot("web:desk", lambda: _("工作台"), ("/",)),
    Knot(
        "web:batches",
        lambda: _("数据报送"),
        ("/intake/", "/collections/"),
        MACHINE_ROOM | {"city_lead", "enterprise_user", "county_staff"},
    ),
    Knot("web:registers", lambda: _("台账"), ("/registers/", "/cells/"), MACHINE_ROOM),
    Knot("web:evaluation", lambda: _("评价"), ("/evaluation/",), MACHINE_ROOM),
    Knot(
        "web:reports",
        lambda: _("报表文书"),
        ("/reports/",),
        MACHINE_ROOM | {"enterprise_user", "county_staff"},
    ),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame of the page, for its templates as `shell`."""
    viewer: Viewer = getattr(request, "viewer", PUBLIC)
    as_of: AsOf = getattr(request, "as_of", None) or AsOf()
    grant = grant_of(viewer.role)
    office = city.words_of(viewer.office).label if viewer.office else ""
    return {
        "shell": {
            "demo": settings.WUHAO_DEMO,
            "city": city.city_name(),
            "today": day_text(day.today()),
            "today_iso": day.today().isoformat(),
            "as_of": day_text(as_of.on),
            "as_of_iso": as_of.on.isoformat(),
            "past": as_of.on < day.today(),
            "now": moment(day.now()),
            "who": " · ".join(part for part in (office, viewer.name) if part),
            "initial": viewer.name[:1],
            "role": label_of(grant.label, grant.label_en),
            "query": request.GET.get("q", "") if request.path == reverse("web:search") else "",
            "stages": _stages(viewer, request.path),
            "kept": kept(request),
        }
    }


def _stages(viewer: Viewer, path: str) -> list[Stage]:
    if viewer == PUBLIC:
        return []
    knots = [knot for knot in THREAD if viewer.role not in knot.hidden_from]
    return [
        Stage(reverse(knot.page), knot.words(), current=_is_below(path, knot)) for knot in knots
    ]


def _is_below(path: str, knot: Knot) -> bool:
    return any(path == start if start == "/" else path.startswith(start) for start in knot.below)
