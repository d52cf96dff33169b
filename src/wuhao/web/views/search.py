"""The one search: enterprises by name or credit code, parks, batches and pages."""

import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wuhao.core.errors import OutOfScope
from wuhao.core.register import Query, Register, rows
from wuhao.web.context import shell
from wuhao.web.listing import with_query
from wuhao.web.request import Request
from wuhao.web.shapes import Box, Item, Link
from wuhao.web.views.registers import REGISTERS

SHOWN = 8
CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


def search(request: Request) -> HttpResponse:
    """Search what the viewer reaches; a whole credit code opens its record at once."""
    text = request.GET.get("q", "").strip()
    groups = [_pages(request, text)] if text else []
    for register in REGISTERS.values() if text else ():
        group, keys = _register(request, register, text)
        if len(keys) == 1 and CREDIT_CODE.fullmatch(text.upper()):
            return redirect("web:record", register=register.code, key=keys[0])
        groups.append(group)
    title = _("“%(text)s”") % {"text": text} if text else _("搜索")
    page = {"title": title, "groups": [g for g in groups if g is not None]}
    return render(request, "web/pages/search.html", {"page": page})


def _register(request: Request, register: Register, text: str) -> tuple[Box | None, list[str]]:
    query = Query(text=text, size=SHOWN)
    try:
        found = rows(register, request.viewer, request.as_of, query)
    except OutOfScope:
        return None, []
    if not found.count:
        return None, []
    items = [_item(register, row) for row in found.rows]
    said = ngettext("找到 %(n)s 个", "找到 %(n)s 个", found.count) % {"n": found.count}
    url = with_query(reverse("web:list", args=[register.code]), query)
    more = Link(url, _("在台账里看")) if found.has_more else None
    box = Box(str(register.label), said, items=items, more=more)
    return box, [row[register.identity] for row in found.rows]


def _item(register: Register, row: dict[str, Any]) -> Item:
    key = row[register.identity]
    url = reverse("web:record", args=[register.code, key])
    return Item(row.get("name") or key, url, key, row.get("park_name") or "")


def _pages(request: Request, text: str) -> Box | None:
    stages = shell(request)["shell"]["stages"]
    hits = [Item(s.label, s.url) for s in stages if text.lower() in s.label.lower()]
    return Box(_("页面"), items=hits) if hits else None
