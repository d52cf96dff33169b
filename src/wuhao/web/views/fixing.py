"""All cells in question on one page, each with a field to correct it; checked again once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.intake import selectors, services
from wuhao.web.city import office_label, title_of
from wuhao.web.findings import CSS, sentence_of, word
from wuhao.web.request import Request
from wuhao.web.shapes import Link, Wrong

AT_ONCE = 200
ASKED = ("error", "warning")


def fix(request: Request, no: str) -> HttpResponse:
    """Correct the cells that stop a draft, or that are asked about, in one go."""
    one = selectors.described(selectors.batch(request.viewer, no))
    if one["status"] != "draft":
        raise DomainError(_("这一批已经不是草稿，不能再改；有错请另报一批更正。"))
    cells = _cells(request, no)
    errors: list[Wrong] = []
    if request.method == "POST":
        texts = {
            place: request.POST[f"t-{at}"]
            for at, place in enumerate(cells) if f"t-{at}" in request.POST
        }  # fmt: skip
        try:
            return _corrected(request, no, texts)
        except OutOfScope:
            raise
        except DomainError as error:
            errors = [Wrong(str(s)) for s in error.sentences]
    stands = selectors.texts_at(request.viewer, no, cells)
    page = {
        "title": _("逐格改正 %(title)s") % {"title": title_of(one)},
        "purpose": _("只改要改的格，原文件不动；存下之后整批重新检查。"),
        "crumbs": [Link(reverse("web:batch", args=[no]), no), Link("", _("逐格改正"))],
        "errors": errors,
        "lines": [
            {
                "name": f"t-{at}",
                "place": f"{sheet}!{cell}",
                "url": reverse("web:cell", args=[no, sheet, cell]),
                "said": said,
                "value": request.POST.get(f"t-{at}", stands.get((sheet, cell), "")),
            }
            for at, ((sheet, cell), said) in enumerate(cells.items())
        ],
        "back": reverse("web:batch", args=[no]),
        "at_once": AT_ONCE,
        "full": len(cells) == AT_ONCE,
    }
    foot = [(_("来源"), f"{office_label(one['office'])} {one['file']}")]
    context = {"page": page, "foot": foot}
    return render(request, "web/pages/fix.html", context, status=422 if errors else 200)


def _cells(request: Request, no: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The first cells in question, gravest first, each with all that is said of it."""
    cells: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in selectors.findings(request.viewer, no):
        place = (one["sheet"], one["cell"])
        if one["severity"] not in ASKED or not all(place):
            continue
        if place not in cells and len(cells) == AT_ONCE:
            continue
        said = {
            "css": CSS[one["severity"]],
            "word": word(one["severity"]),
            "sentence": sentence_of(one),
        }
        cells.setdefault(place, []).append(said)
    return cells


def _corrected(request: Request, no: str, texts: dict[tuple[str, str], str]) -> HttpResponse:
    batch = selectors.batch(request.viewer, no)
    changed = services.edit_cells(batch, texts, request.viewer)
    if not changed:
        raise DomainError(_("一格也没有改。请改了再存，或回到这一批。"))
    words = ngettext("改了 %(n)s 格，整批重新检查过。", "改了 %(n)s 格，整批重新检查过。", changed)
    messages.success(request, words % {"n": changed})
    return redirect("web:batch", no=no)
