"""Who looks, which day is looked at, what a browser may load, and how a refusal is said."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from wuhao.core import day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.register import AsOf
from wuhao.core.viewer import PUBLIC, viewer_of
from wuhao.web.request import Request
from wuhao.web.shapes import Refusal

# Before this day nothing of the house was so.
FIRST_DAY = date(year=1949, month=10, day=1)
Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


class ContentSecurityPolicyMiddleware:
    """Lets a page load from its own host alone, and run no script or style written into it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = POLICY
        return response


class LanguageMiddleware:
    """Chinese, until somebody chooses English by the switch; the browser's wish does not count."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        patch_vary_headers(response, ("Cookie",))
        return response


class ViewerMiddleware:
    """Sets `request.viewer` and `request.as_of`; refuses whoever has no post.

    Every view needs a viewer unless it is marked `public`. A DomainError becomes a page that says
    its sentences.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        request.viewer = viewer_of(request.user)
        request.as_of = AsOf(on=_day_asked(request))
        return self.get_response(request)

    def process_view(
        self, request: Request, view: Callable[..., Any], *_args: object
    ) -> HttpResponseBase | None:
        if getattr(view, "public", False) or request.viewer != PUBLIC:
            return None
        if request.user.is_authenticated:
            return refusal(request, 403, _("您还没有岗位"), [_("请联系本单位管理员任命岗位。")])
        answer = redirect_to_login(request.get_full_path())
        if getattr(request, "htmx", False):
            answer.headers["HX-Redirect"] = answer.headers["Location"]
        return answer

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        if isinstance(error, OutOfScope):
            return refusal(request, 404, _("这里看不到"), [str(s) for s in error.sentences])
        if isinstance(error, DomainError):
            return refusal(request, 400, _("没有办成"), [str(s) for s in error.sentences])
        return None


def refusal(request: HttpRequest, status: int, title: str, sentences: list[str]) -> HttpResponse:
    """The page that says why something was not shown or not done, and where to go on."""
    back = _came_from(request)
    page = Refusal(title, sentences, back or "/", _("返回上一页") if back else _("回到首页"))
    return render(request, "web/pages/refused.html", {"page": page}, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of this site that the request came from; empty for another site or the same page."""
    referer = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(referer, {request.get_host()}) and referer
    return here if here and urlsplit(here).path != request.path else ""


def _day_asked(request: Request) -> date:
    today = day.today()
    if "as_of" in request.GET:
        request.session["as_of"] = request.GET["as_of"]
    kept = request.session.get("as_of", "")
    if not kept:
        return today
    try:
        asked = date.fromisoformat(kept)
    except ValueError:
        asked = date.min
    if asked < FIRST_DAY:
        del request.session["as_of"]
        messages.warning(request, _("日期要写成 2022-06-28 这样；现在按今天显示。"))
        return today
    if asked >= today:
        del request.session["as_of"]
        return today
    return asked
