"""Logging in and out, and the language."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from wuhao.web import city
from wuhao.web.request import Request, public
from wuhao.web.shapes import Entry, Wrong


@public
@never_cache
@sensitive_post_parameters("password")
def log_in(request: Request) -> HttpResponse:
    """Take a user name and a password; in the demo, offer its log-ins."""
    errors: list[Wrong] = []
    username = request.POST.get("username", "").strip()
    if request.method == "POST":
        errors = _empty(request)
    if request.method == "POST" and not errors:
        user = authenticate(request, username=username, password=request.POST.get("password", ""))
        if user is not None:
            login(request, user)
            return redirect(_next(request))
        errors = [Wrong(_("用户名或口令不对，请重新输入。"), "password")]
    page = {
        "next": _next(request),
        "errors": errors,
        "fields": _fields(username, errors),
        "demo_users": city.demo_users(),
        "demo_password": city.demo_password(),
    }
    status = 401 if errors else 200
    return render(request, "web/pages/login.html", {"page": page}, status=status)


def _empty(request: Request) -> list[Wrong]:
    lacking = [] if request.POST.get("username", "").strip() else [
        Wrong(_("请填写用户名。"), "username")
    ]  # fmt: skip
    if not request.POST.get("password"):
        lacking.append(Wrong(_("请填写口令。"), "password"))
    return lacking


def _fields(username: str, errors: list[Wrong]) -> list[Entry]:
    said = {wrong.field: wrong.sentence for wrong in errors}
    return [
        Entry("username", _("用户名"), value=username, autocomplete="username",
              error=said.get("username", "")),
        Entry("password", _("口令"), "password", autocomplete="current-password",
              error=said.get("password", "")),
    ]  # fmt: skip


def _next(request: Request) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure())
    return wanted if safe else "/"


@public
@require_POST
def log_out(request: Request) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("web:login")


@public
def language(request: Request) -> HttpResponseBase:
    """Switch the page's language and come back."""
    return set_language(request)
