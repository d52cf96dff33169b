"""The demo city seen by its people: a client a role, and a browser on a live site."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread

from wuhao.core.models import User

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AsUser = Callable[[str], Client]


@pytest.fixture
def as_user(demo_db: Path) -> AsUser:
    """Log in as one of the demo's people; an empty name is a visitor."""

    def client(username: str) -> Client:
        found = Client()
        if username:
            found.force_login(User.objects.get(username=username))
        return found

    return client


@pytest.fixture
def site(demo_db: Path) -> Iterator[str]:
    """The address of the demo's site, served for one test."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One Chromium a worker; the tests that want it are skipped where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"browser tests want Debian's chromium at {CHROMIUM}")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the driver runs a loop in the tests' thread
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def opened(chromium, site: str, as_user: AsUser):
    """Open a page of the site as a person, logged in by cookie; console errors fail the test."""
    contexts, complaints = [], []

    def open_as(username: str, path: str, width: int = 1440, language: str = "zh-hans"):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        cookies = [{"name": django_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}]
        if username:
            kept = as_user(username).cookies[django_settings.SESSION_COOKIE_NAME].value
            cookies.append(
                {"name": django_settings.SESSION_COOKIE_NAME, "value": kept, "url": site}
            )
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("console", lambda m: _note_fault(m, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: _must_stay_here(r.url, site, complaints))
        page.goto(site + path)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def _note_fault(message, complaints: list[str]) -> None:
    """Errors of scripts and of the policy; an answer that refuses a form is not one."""
    if message.type == "error" and "the server responded with a status of 4" not in message.text:
        complaints.append(message.text)


def _must_stay_here(url: str, site: str, complaints: list[str]) -> None:
    if not url.startswith((site, "data:", "blob:")):
        complaints.append(f"a request left the site: {url}")
