"""Doubtful matches: both records side by side, decided once, and undone where that was wrong."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.registers import selectors
from wuhao.registers.services import matches
from wuhao.web.city import office_label
from wuhao.web.display import Shown, day_text, grouped, moment, undone_words
from wuhao.web.request import Request
from wuhao.web.shapes import Button, Cell, Column, Decided, Entry, Form, Link, Row, Wrong

LIGHTS = {"open": "warn", "decided": "ok"}


def questions(request: Request) -> HttpResponse:
    """What nobody could place for certain, open ones first."""
    found = selectors.match_questions(request.viewer)
    waiting = sum(one["status"] == "open" for one in found)
    page = {
        "title": _("待认定的企业"),
        "purpose": _("部门写的代码、名称对不上名录的：认定一次，以后照此办理，不再问。"),
        "count_text": grouped(waiting),
        "counter": _("家待认定"),
        "columns": [
            Column(_("写的名称")), Column(_("写的代码"), css="p2"), Column(_("名录里相像的")),
            Column(_("理由"), css="p3"), Column(_("状态")), Column(_("认定"), css="p2"),
        ],
        "rows": [_row(one) for one in found],
        "shown_say": _("共 %(n)s 家") % {"n": grouped(len(found))},
        "empty_title": _("没有待认定的"),
        "empty_say": _("报来的代码和名称都对得上名录。"),
    }  # fmt: skip
    return render(request, "web/pages/list.html", {"page": page})


def _row(one: dict[str, Any]) -> Row:
    return Row(
        [
            Cell(Shown(one["name"]), "", True),
            Cell(Shown(one["code"] or "—"), "p2 code"),
            Cell(Shown(one["candidate_name"] or "—")),
            Cell(Shown("，".join(one["reasons"])), "p3 small"),
            Cell(Shown(one["status_label"], kind=f"light-{LIGHTS[one['status']]}"), "nb"),
            Cell(Shown(one["verdict"] or "—"), "p2"),
        ],
        reverse("web:match", args=[one["pk"]]),
    )


def question(request: Request, pk: int) -> HttpResponse:
    """One question: what was written beside what the directory says."""
    return _page(request, pk, [])


def _page(request: Request, pk: int, errors: list[Wrong]) -> HttpResponse:
    one = selectors.match_question(request.viewer, pk)
    record = one["candidate_record"]
    page = {
        "title": _("“%(name)s”是哪一家") % {"name": one["name"]},
        "purpose": "，".join(one["reasons"]),
        "crumbs": [Link(reverse("web:matches"), _("待认定的企业")), Link("", str(pk))],
        "errors": errors,
        "rows": _side_by_side(one, record),
        "candidate_url": reverse("web:record", args=["enterprise", record["uscc"]])
        if record
        else "",
        "places": [
            {
                "url": reverse("web:cell", args=[p["batch"], p["sheet"], p["cell"]]),
                "place": f"{p['batch']} {p['sheet']}!{p['cell']}",
                "said": f"{office_label(p['office'])} · {p['status']}",
            }
            for p in one["places"]
        ],
        "made": [_decided(d) for d in one["decisions"]],
        "made_title": _("认定过的"),
        "made_empty": _("还没有认定过。"),
        "forms": _forms(request, one, errors),
    }
    status = 400 if errors else 200
    return render(request, "web/pages/match.html", {"page": page}, status=status)


def _side_by_side(one: dict[str, Any], record: dict[str, Any]) -> list[tuple[str, str, str]]:
    names = record.get("names", [])
    former = "；".join(
        _("%(name)s（至 %(day)s）") % {"name": n["name"], "day": day_text(n["valid_to"])}
        for n in names
        if n["valid_to"]
    )
    return [
        (_("名称"), one["name"], names[0]["name"] if names else "—"),
        (_("信用代码"), one["code"] or _("没有写"), record.get("uscc", "—")),
        (_("曾用名"), "", former or "—"),
        (_("园区"), "", record.get("park") or "—"),
        (_("行业"), "", record.get("sector") or "—"),
        (_("所属区县"), "", record.get("district") or "—"),
        (_("成立日期"), "", day_text(record.get("established_on"))),
    ]


def _decided(decision: dict[str, Any]) -> Decided:
    who = f"{decision['name']} {decision['uscc']}".strip()
    said = " · ".join(part for part in (who, decision["note"], decision["by"]) if part)
    return Decided(decision["verdict"], moment(decision["at"]), said, undone_words(decision))


def _forms(request: Request, one: dict[str, Any], errors: list[Wrong]) -> list[Form]:
    if request.viewer.role not in matches.BUREAU:
        return []
    asked = request.POST if errors else {}
    note = Entry("note", _("理由"), value=asked.get("note", ""))
    if one["status"] == "decided":
        url = reverse("web:match-undo", args=[one["pk"]])
        undo = Button("undo", _("撤销认定"), "bad")
        return [Form(url, [undo], [note], title=_("认错了"))]
    url = reverse("web:match-decide", args=[one["pk"]])
    other = Entry(
        "uscc", _("另一家的信用代码"), help=_("选“是另一家”时填。"), value=asked.get("uscc", "")
    )
    same = [Button("same", _("是同一家"), "main")] if one["candidate"] else []
    buttons = [*same, Button("other", _("是另一家")), Button("none", _("名录里没有"))]
    return [Form(url, buttons, [other, note], title=_("认定"))]


@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Decide who is meant; the drafts that wait are checked anew."""
    found = selectors.match_question(request.viewer, pk)["question"]
    posted = request.POST
    said = matches.Verdict(
        posted.get("transition", ""), posted.get("uscc", ""), posted.get("note", "")
    )
    try:
        matches.decide(found, said, request.viewer)
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, pk, [Wrong(str(s)) for s in error.sentences])
    messages.success(request, _("已认定；等着的批次已经重查，以后同样写法不再问。"))
    return redirect("web:matches")


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Undo a decision; accepted batches that relied on it are named."""
    found = selectors.match_question(request.viewer, pk)["question"]
    try:
        relied = matches.undo(found, request.viewer, request.POST.get("note", ""))
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, pk, [Wrong(str(s)) for s in error.sentences])
    messages.success(request, _("已撤销，重新列为待认定。"))
    if relied:
        words = _("已受理的批次 %(nos)s 是照原认定读的，请报送单位另报一批更正。")
        messages.warning(request, words % {"nos": "、".join(relied)})
    return redirect("web:match", pk=pk)
