"""Lists and records of the registers."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wuhao.core.register import Field, Register, record, rows, visible
from wuhao.registers import selectors
from wuhao.registers.register import ENTERPRISES, PARKS, PROJECTS, data_year
from wuhao.web import enterprise, records
from wuhao.web.exports import export
from wuhao.web.listing import ListPage, Words, list_page, query_of, with_query
from wuhao.web.request import Request
from wuhao.web.shapes import Act

REGISTERS = {register.code: register for register in (ENTERPRISES, PARKS, PROJECTS)}


def home(request: Request) -> HttpResponse:
    """The registers' front door: the own record for an enterprise, the list for an office."""
    if request.viewer.own_key:
        return redirect("web:record", register="enterprise", key=request.viewer.own_key)
    return redirect("web:list", register="enterprise")


def listing(request: Request, register: str) -> HttpResponse:
    """One page of a register as a list."""
    ledger = register_named(register)
    query = query_of(request)
    found = rows(ledger, request.viewer, request.as_of, query)
    page = list_page(request, ledger, found, query, _words(request, ledger), _opens(ledger))
    page.export_url = reverse("web:list-export", args=[register])
    page.acts = _others(ledger)
    if ledger is ENTERPRISES:
        _add_grades(request, page, found.fields, dict(query.filters))
        if selectors.sees_disagreements(request.viewer):
            page.acts = [*page.acts, Act(reverse("web:disagreements"), _("部门说法不一"))]
    foot = [(_("来源"), _("各部门已受理的报送批次，点开档案可见原表单元格"))]
    return render(request, "web/pages/list.html", {"page": page, "foot": foot})


def _add_grades(
    request: Request, page: ListPage, fields: list[Field], filters: dict[str, str]
) -> None:
    if any(f.code == "grade" for f in fields):
        counts = selectors.grade_counts(request.viewer, request.as_of, **filters)
        page.grades = [(grade, counts[grade]) for grade in "ABCD" if counts[grade]]


def _words(request: Request, register: Register) -> Words:
    if register is ENTERPRISES:
        year = data_year(request.as_of)
        return Words(
            str(register.label),
            _("查企业、看档次和年度指标。点一行打开一企一档。"),
            _("家"),
            _("数据年 %(year)s") % {"year": year},
            _("台账里还没有企业"),
            _("企业名录受理之后，企业会出现在这里。"),
        )
    return Words(
        str(register.label),
        _("点一行打开档案。"),
        _("行"),
        empty_title=_("这本台账还是空的"),
        empty_say=_("数据入账之后会出现在这里。"),
    )


def _opens(register: Register) -> Any:
    def address(row: Mapping[str, Any]) -> str:
        return reverse("web:record", args=[register.code, row[register.identity]])

    return address


def _others(register: Register) -> list[Act]:
    return [
        Act(reverse("web:list", args=[other.code]), str(other.label))
        for other in REGISTERS.values()
        if other is not register
    ]


@require_POST
def listing_export(request: Request, register: str) -> HttpResponse:
    """The filtered list as a file, with a purpose."""
    ledger = register_named(register)
    return export(request, ledger, query_of(request), _("各部门已受理的报送批次"))


def one(request: Request, register: str, key: str) -> HttpResponse:
    """A record: facts with their sources, and what belongs to them."""
    ledger = register_named(register)
    row = record(ledger, request.viewer, request.as_of, key)
    fields = visible(ledger, request.viewer)
    page = records.record_page(ledger, fields, row)
    if ledger is ENTERPRISES:
        enterprise.complete(request, page, fields, row)
    elif ledger is PARKS:
        within = query_of(request)
        url = reverse("web:list", args=["enterprise"])
        chosen = with_query(url, type(within)(filters={"park": key}))
        page["acts"] = [Act(chosen, _("园区内的企业"), main=True)]
    foot = [(_("来源"), _("每个数后的小字是报送部门，点开见原表单元格"))]
    return render(request, "web/pages/record.html", {"page": page, "foot": foot})


def history(request: Request, key: str) -> HttpResponse:
    """An enterprise's names, parks and recognitions, each with its days."""
    row = record(ENTERPRISES, request.viewer, request.as_of, key)
    page = records.record_page(ENTERPRISES, visible(ENTERPRISES, request.viewer), row)
    enterprise.head(request, page, row, current="history")
    page["changes"] = enterprise.changes(request, key)
    return render(request, "web/pages/history.html", {"page": page})


def register_named(code: str) -> Register:
    """The register with a code. Raises Http404."""
    if code not in REGISTERS:
        raise Http404(code)
    return REGISTERS[code]
