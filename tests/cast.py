"""The same small cast for every test: offices, and people in their posts."""

from datetime import date

from wuhao.core import services
from wuhao.core.models import Office, User
from wuhao.core.viewer import Viewer, viewer_of

SINCE = date(2020, 1, 1)


def office(code: str, **fields: str) -> Office:
    defaults = {"name": code, "short": code, "kind": "department", **fields}
    return Office.objects.get_or_create(code=code, defaults=defaults)[0]


def person(username: str, role: str, office_code: str, **more: str) -> Viewer:
    """A person in a post, as the viewer they are today."""
    office(office_code)
    services.appoint(username, username, office_code, role, since=SINCE, **more)
    return viewer_of(User.objects.get(username=username))
