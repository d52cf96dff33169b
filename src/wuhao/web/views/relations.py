"""How an enterprise belongs with others: branches, groups, sites; entered, ended, undone."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wuhao.core import day
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.register import record, visible
from wuhao.registers import selectors
from wuhao.registers.register import ENTERPRISES
from wuhao.registers.selectors import Related
from wuhao.registers.services import relations as services
from wuhao.web import enterprise, records
from wuhao.web.display import day_text
from wuhao.web.request import Request
from wuhao.web.shapes import Button, Entry, Form, Wrong


def relations(request: Request, key: str) -> HttpResponse:
    """The relations of an enterprise, what the registers suggest, and a form for the bureau."""
    return _page(request, key, [])


def _page(request: Request, key: str, errors: list[Wrong]) -> HttpResponse:
    row = record(ENTERPRISES, request.viewer, request.as_of, key)
    page = records.record_page(ENTERPRISES, visible(ENTERPRISES, request.viewer), row)
    enterprise.head(request, page, row, current="relations")
    may = request.viewer.role in services.BUREAU
    page["errors"] = errors
    page["relations"] = [
        _line(key, one, may=may) for one in selectors.relations(request.viewer, key)
    ]
    page["suggestions"] = [
        {
            "kind": enterprise.relation_words(one.kind, is_head=one.head == key),
            "other": one.other_name,
            "url": reverse("web:record", args=["enterprise", one.other]),
            "reason": one.reason,
            "hidden": _hidden(one.kind, one.enterprise, one.head, one.reason),
        }
        for one in selectors.suggestions(request.viewer, key)
    ]
    page["may"] = may
    page["enter_url"] = reverse("web:relation-enter", args=[key])
    page["form"] = _form(request, key, errors) if may else None
    status = 400 if errors else 200
    return render(request, "web/pages/relations.html", {"page": page}, status=status)


def _hidden(kind: str, belongs: str, head: str, reason: str) -> list[tuple[str, str]]:
    return [
        ("kind", kind),
        ("enterprise", belongs),
        ("head", head),
        ("since", day.today().isoformat()),
        ("reason", reason),
    ]


def _line(key: str, one: Related, *, may: bool) -> dict[str, Any]:
    until = _("至 %(day)s") % {"day": day_text(one.valid_to)} if one.valid_to else ""
    since = _("自 %(day)s 起") % {"day": day_text(one.valid_from)}
    undone = _("已撤销：%(why)s") % {"why": one.undone_reason} if one.undone_at else ""
    return {
        "kind": enterprise.relation_words(one.kind, is_head=one.is_head),
        "other": one.other_name,
        "url": reverse("web:record", args=["enterprise", one.other]),
        "dates": " ".join(part for part in (since, until) if part),
        "said": " · ".join(part for part in (one.reason, one.entered_by, undone) if part),
        "gone": bool(undone or until),
        "forms": _end_forms(key, one) if may and not one.undone_at else [],
    }


def _end_forms(key: str, one: Related) -> list[Form]:
    why = Entry(f"why-{one.pk}", _("终止或撤销的理由"))
    buttons = [Button("undo", _("登记错了，撤销"), "bad")]
    fields = [why]
    if one.valid_to is None:
        on = Entry(f"on-{one.pk}", _("从哪天起不再是"), kind="date", value=f"{day.today()}")
        fields = [on, why]
        buttons = [Button("end", _("终止")), *buttons]
    return [Form(reverse("web:relation-end", args=[key, one.pk]), buttons, fields)]


def _form(request: Request, key: str, errors: list[Wrong]) -> Form:
    asked = request.POST if errors else {}
    kinds = [
        ("branch-of", _("这家是另一家的分支机构")),
        ("branch-has", _("另一家是这家的分支机构")),
        ("group-of", _("这家是另一家集团的成员")),
        ("group-has", _("另一家是这家集团的成员")),
        ("site-of", _("这家在另一家的厂址上")),
        ("site-has", _("另一家在这家的厂址上")),
    ]
    fields = [
        Entry("way", _("关系"), "select", choices=kinds, value=asked.get("way", "")),
        Entry("other", _("另一家的信用代码"), value=asked.get("other", "")),
        Entry("since", _("自何时起"), "date", value=asked.get("since", f"{day.today()}")),
        Entry(
            "reason", _("依据"), help=_("如登记材料、公告、宗地。"), value=asked.get("reason", "")
        ),
    ]
    url = reverse("web:relation-enter", args=[key])
    return Form(url, [Button("enter", _("登记"), "main")], fields)


@require_POST
def enter(request: Request, key: str) -> HttpResponse:
    """Enter a relation, from the form or as the registers suggest it."""
    record(ENTERPRISES, request.viewer, request.as_of, key)
    try:
        services.relate(_asked(request, key), request.viewer)
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, key, [Wrong(str(s)) for s in error.sentences])
    messages.success(request, _("关联已登记。"))
    return redirect("web:relations", key=key)


def _asked(request: Request, key: str) -> services.Belonging:
    posted = request.POST
    since = _day(posted.get("since", ""))
    if "way" not in posted:
        ends = (posted.get("enterprise", ""), posted.get("head", ""))
        if key not in ends:
            raise DomainError(_("这条关联说的不是这家企业，请在它自己的档案里登记。"))
        return services.Belonging(posted.get("kind", ""), *ends, since, posted.get("reason", ""))
    kind, _dash, way = posted["way"].partition("-")
    other = posted.get("other", "")
    belongs, head = (key, other) if way == "of" else (other, key)
    return services.Belonging(kind, belongs, head, since, posted.get("reason", ""))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DomainError(_("“%(text)s”不是日期，请写成 2022-06-28。") % {"text": text}) from None


@require_POST
def end(request: Request, key: str, pk: int) -> HttpResponse:
    """End a relation on a day, or undo it where it was entered wrongly."""
    found = selectors.relation(request.viewer, key, pk)
    posted = request.POST
    why = posted.get(f"why-{pk}", "")
    try:
        if posted.get("transition") == "undo":
            services.undo(found, request.viewer, why)
        else:
            services.end(found, _day(posted.get(f"on-{pk}", "")), request.viewer, why)
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, key, [Wrong(str(s)) for s in error.sentences])
    messages.success(request, _("已办理，档案里留有记录。"))
    return redirect("web:relations", key=key)
