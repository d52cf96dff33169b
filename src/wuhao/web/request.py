"""The request as views of this room see it: with a viewer and the day looked at."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict

from wuhao.core.register import AsOf
from wuhao.core.viewer import Viewer

View = TypeVar("View", bound=Callable[..., Any])


class Request(HttpRequest):
    """An HttpRequest after ViewerMiddleware."""

    viewer: Viewer
    as_of: AsOf


def public(view: View) -> View:
    """Mark a view that a visitor without a login may open."""
    view.public = True  # type: ignore[attr-defined]
    return view


def address(request: HttpRequest, **changes: str | None) -> str:
    """This page's address with some parameters changed; None drops one."""
    query = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    query.pop("as_of", None)
    text = query.urlencode()
    return f"{request.path}?{text}" if text else request.path


def kept(request: HttpRequest, *dropped: str) -> list[tuple[str, str]]:
    """The parameters of this page as hidden fields, without those that a form sets anew."""
    gone = {"as_of", "page", *dropped}
    return [(k, v) for k, values in request.GET.lists() if k not in gone for v in values]


def form_key(request: HttpRequest) -> str:
    """What tells two wishes apart: the form's token, so that a double click is one."""
    return request.POST.get("csrfmiddlewaretoken", "")[:16]
