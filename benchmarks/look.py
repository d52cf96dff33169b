"""Look at every page: screenshots at two widths and in two languages, and one contact sheet.

``python -m benchmarks.look`` serves the demo that ``make demo`` made and writes to var/look/.
With ``--readme`` it takes the pictures of the README instead, into docs/pictures/.
"""

from __future__ import annotations

import argparse
import html
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-lcd-text",
]
WIDTHS = {"desk": 1440, "phone": 390}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
FIRM = "91430200MA4W2C1J9K"
RUN = "zz_2022_demo-2021-1"


@dataclass(frozen=True)
class Shot:
    """A page to look at: a name, who looks, the address, and a link to follow from there."""

    name: str
    who: str
    url: str
    follow: str = ""


SHOTS = (
    Shot("01-login", "", "/login/"),
    Shot("02-desk-bureau", "bureau", "/"),
    Shot("03-desk-tax", "tax", "/"),
    Shot("04-batches", "bureau", "/intake/"),
    Shot("05-upload", "tax", "/intake/upload/"),
    Shot("06-findings", "tax", "/intake/T1-202100-01/"),
    Shot("07-list", "bureau", "/registers/enterprise/?f.scale=above&sort=-tax_paid_yuan"),
    Shot("08-record", "bureau", f"/registers/enterprise/{FIRM}/"),
    Shot("09-history", "bureau", f"/registers/enterprise/{FIRM}/history/"),
    Shot("10-run", "bureau", f"/evaluation/{RUN}/"),
    Shot("11-results", "bureau", f"/evaluation/{RUN}/results/?f.scale=above"),
    Shot("12-explain", "bureau", f"/evaluation/{RUN}/explain/{FIRM}/"),
    Shot("13-explain-park", "park", f"/evaluation/{RUN}/explain/{FIRM}/"),
    Shot("14-cell", "bureau", f"/evaluation/{RUN}/explain/{FIRM}/", "#f-tax_per_mu .mini a"),
    Shot("15-figures", "bureau", "/reports/figures/"),
    Shot("16-figure", "bureau", "/reports/figures/grade_a_share/"),
    Shot("17-letters", "bureau", "/reports/letters/"),
    Shot("18-letter", "bureau", "/reports/letters/", "[data-rows] a.name"),
    Shot("19-search", "bureau", "/search/?q=刀具"),
    Shot("20-public", "", "/public/"),
    Shot("21-enterprise", "enterprise", "/"),
    Shot("22-not-there", "bureau", "/registers/enterprise/91430200000000000X/"),
    Shot("23-fix", "tax", "/intake/T1-202100-01/fix/"),
    Shot("24-reading", "tax", "/intake/T1-202100-01/reading/"),
    Shot("25-receipt", "bureau", "/intake/T1-202100-02/receipt/"),
    Shot("26-collections", "bureau", "/collections/"),
    Shot("27-collection", "bureau", "/collections/C2022001/"),
    Shot("28-fill", "park", "/collections/C2022001/fill/"),
    Shot("29-matches", "bureau", "/registers/matches/"),
    Shot("30-match", "bureau", "/registers/matches/", "[data-rows] a"),
    Shot("31-disagreements", "bureau", "/registers/disagreements/"),
    Shot("32-disagreement", "bureau", "/registers/disagreements/?f.field=park", "[data-rows] a"),
    Shot("33-relations", "bureau", f"/registers/enterprise/{FIRM}/relations/"),
    Shot("34-changes", "bureau", f"/evaluation/{RUN}/changes/"),
)


# What a person sees first, for the README: name of the picture, and the page.
README = {
    "desk": Shot("desk", "bureau", "/"),
    "findings": Shot("findings", "tax", "/intake/T1-202100-01/"),
    "results": Shot("results", "bureau", f"/evaluation/{RUN}/results/?f.scale=above"),
    "explain": Shot("explain", "bureau", f"/evaluation/{RUN}/explain/{FIRM}/"),
    "cell": Shot("cell", "bureau", f"/evaluation/{RUN}/explain/{FIRM}/", "#f-tax_per_mu .mini a"),
    "letter": Shot("letter", "bureau", "/reports/letters/", "[data-rows] a.name"),
}


@contextmanager
def served(port: int) -> Iterator[str]:
    """Serve the demo while looking."""
    environment = {**os.environ, "WUHAO_DEMO": "1", "WUHAO_TODAY": "2022-06-28"}
    command = [sys.executable, "-m", "wuhao.config", "manage", "runserver", "--noreload"]
    server = subprocess.Popen(
        [*command, str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait(address: str) -> None:
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"{address}/login/", timeout=1).close()  # noqa: S310
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise SystemExit("The site did not start; run make demo first.")


def look(browser: Browser, address: str, folder: Path, only: str) -> list[Path]:
    """Take every shot; returns the pictures."""
    pictures: list[Path] = []
    for language, code in LANGUAGES.items():
        for size, width in WIDTHS.items():
            for who in dict.fromkeys(shot.who for shot in SHOTS):
                context = browser.new_context(viewport={"width": width, "height": 900})
                context.add_cookies([{"name": "django_language", "value": code, "url": address}])
                page = context.new_page()
                page.on("console", lambda m: _complain(m.type, m.text))
                page.on("pageerror", lambda error: _complain("error", str(error)))
                _log_in(page, address, who)
                for shot in (s for s in SHOTS if s.who == who and only in s.name):
                    path = folder / f"{shot.name}-{language}-{size}.png"
                    _take(page, address, shot, path)
                    pictures.append(path)
                context.close()
    return sorted(pictures)


def readme_pictures(browser: Browser, address: str, folder: Path) -> None:
    """The README's six pictures in both languages, as high as a screen."""
    for language, code in LANGUAGES.items():
        for name, shot in README.items():
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": "django_language", "value": code, "url": address}])
            page = context.new_page()
            _log_in(page, address, shot.who)
            _take(page, address, shot, folder / f"{name}-{language}.png", whole=False)
            context.close()


def _complain(kind: str, text: str) -> None:
    if kind in ("error", "warning") and "status of 404" not in text:
        sys.stderr.write(f"{kind}: {text}\n")


def _log_in(page: Page, address: str, who: str) -> None:
    if not who:
        return
    page.goto(f"{address}/login/")
    page.click(f"button[value={who}]")


def _take(page: Page, address: str, shot: Shot, path: Path, whole: bool = True) -> None:
    page.goto(address + shot.url)
    if shot.follow and page.locator(shot.follow).count():
        page.locator(shot.follow).first.click()
    if page.locator("[data-chart]").count():
        page.wait_for_selector("[data-drawn=yes]", timeout=5000)
    page.screenshot(path=path, full_page=whole)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        sys.stderr.write(f"{path.name}: {wide} px wider than the screen\n")


def contact_sheet(browser: Browser, pictures: list[Path], folder: Path) -> None:
    """All pictures on one page, and that page as a picture."""
    cells = "".join(
        f'<figure><img src="{p.name}" width="{360 if p.stem.endswith("-desk") else 120}">'
        f"<figcaption>{html.escape(p.stem)}</figcaption></figure>"
        for p in pictures
    )
    sheet = folder / "index.html"
    sheet.write_text(
        "<!doctype html><meta charset=utf-8><style>body{display:flex;flex-wrap:wrap;gap:12px;"
        "font:11px sans-serif}figure{margin:0}img{border:1px solid #ccc}</style>" + cells,
        encoding="utf-8",
    )
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    page.goto(sheet.as_uri())
    page.screenshot(path=folder / "contact-sheet.png", full_page=True)


def main() -> int:
    """Look at the pages named, or at all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="a part of the shots' names")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--readme", action="store_true", help="take the README's pictures")
    arguments = parser.parse_args()
    if not Path(CHROMIUM).exists():
        sys.stderr.write(f"There is no {CHROMIUM}; install Debian's chromium to look.\n")
        return 1
    root = Path(__file__).parents[1]
    var = Path(os.environ.get("WUHAO_VAR", root / "var"))
    folder = root / "docs/pictures" if arguments.readme else var / "look"
    folder.mkdir(parents=True, exist_ok=True)
    with served(arguments.port) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if arguments.readme:
            readme_pictures(browser, address, folder)
        else:
            contact_sheet(browser, look(browser, address, folder, arguments.only), folder)
        browser.close()
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
