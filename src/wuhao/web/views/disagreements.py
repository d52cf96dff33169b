"""Where offices differ of an enterprise: values side by side, one followed, undone if wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.register import Field, Page, record, rows, visible
from wuhao.registers import selectors
from wuhao.registers.register import DISAGREEMENTS, ENTERPRISES
from wuhao.registers.selectors import Said
from wuhao.registers.services import choices
from wuhao.web.city import office_label, words_of
from wuhao.web.display import Shown, moment, quantity, undone_words
from wuhao.web.enterprise import cell_url
from wuhao.web.exports import Leaving, export_rows
from wuhao.web.listing import ListPage, Words, chosen, list_page, query_of, with_query
from wuhao.web.request import Request
from wuhao.web.shapes import Button, Cell, Column, Decided, Entry, Form, Link, Row, Wrong

PIECE = 500
ALWAYS = ("field",)
LIGHTS = {"open": "warn", "rule": "ok", "choice": "ok"}


def disagreements(request: Request) -> HttpResponse:
    """Every field of which offices differ; those that wait for a choice first."""
    return _list(request, [])


def _list(request: Request, errors: list[Wrong]) -> HttpResponse:
    query = query_of(request)
    found = rows(DISAGREEMENTS, request.viewer, request.as_of, query)
    words = Words(
        _("部门说法不一"),
        _("同一年度里，几个部门对一家企业的名称、园区、规模或用地说得不一样。"),
        _("处"),
        empty_title=_("没有说法不一的"),
        empty_say=_("各部门对每家企业说的都一样。"),
    )
    page = list_page(request, DISAGREEMENTS, found, query, words, _opens)
    page.export_url = reverse("web:disagreements-export")
    _add_said(request, page, found)
    form = _rule_form(request, found, errors)
    context = {"page": page, "form": form, "errors": errors}
    status = 400 if errors else 200
    return render(request, "web/pages/disagreements.html", context, status=status)


def _opens(row: Any) -> str:
    return reverse("web:disagreement", args=[row["uscc"], row["field"]])


def _add_said(request: Request, page: ListPage, found: Page) -> None:
    """A column with what every office says; the status gets its light."""
    said = selectors.said_of(request.viewer, [(r["uscc"], r["field"]) for r in found.rows])
    codes = [f.code for f in chosen(request, DISAGREEMENTS, found.fields)]
    page.columns = [
        *(
            replace(column, css="nb") if code in ALWAYS else column
            for code, column in zip(codes, page.columns, strict=True)
        ),
        Column(_("各部门的说法")),
    ]
    page.rows = [
        Row([*_lit(codes, row, r), Cell(Shown(_brief(said.get((r["uscc"], r["field"]), []))))],
            row.url)
        for row, r in zip(page.rows, found.rows, strict=True)
    ]  # fmt: skip


def _lit(codes: Sequence[str], row: Row, plain: dict[str, Any]) -> Iterator[Cell]:
    """A row's cells with a light beside the status; the field stays on a telephone too."""
    for code, cell in zip(codes, row.cells, strict=True):
        if code == "settled":
            light = f"light-{LIGHTS[plain['settled']]}"
            yield replace(cell, value=Shown(cell.text, kind=light), css="nb p2")
        else:
            yield replace(cell, css="nb") if code in ALWAYS else cell


def _brief(said: Sequence[Said]) -> str:
    return "；".join(f"{office_label(one.office_short)} {_value(one).text}" for one in said)


def _value(said: Said) -> Shown:
    if said.hidden:
        return Shown(_("您的岗位看不到"))
    if isinstance(said.value, Decimal):
        shown = quantity(said.value, "m2")
        return Shown(f"{shown.text} {shown.unit}".strip(), exact=shown.exact)
    return Shown(said.value)


def _rule_form(request: Request, found: Page, errors: list[Wrong]) -> Form | None:
    """Follow the rule for all that wait on this page, where the named office has spoken."""
    waiting = [row for row in found.rows if row["settled"] == "open"]
    if request.viewer.role not in choices.BUREAU or not waiting:
        return None
    reason = Entry(
        "reason",
        _("理由"),
        value=request.POST.get("reason", "") if errors else "",
        error=errors[0].sentence if errors else "",
    )
    button = Button("rule", _("本页待选定的都按规则办"))
    return Form(reverse("web:disagreements-by-rule"), [button], [reason])


@require_POST
def by_rule(request: Request) -> HttpResponse:
    """Choose for one page of the list what the rule says, where it names an office that spoke."""
    query = query_of(request)
    found = rows(DISAGREEMENTS, request.viewer, request.as_of, query)
    pairs = [(row["uscc"], row["field"]) for row in found.rows if row["settled"] == "open"]
    try:
        done = choices.follow_rule(pairs, request.viewer, request.POST.get("reason", ""))
    except OutOfScope:
        raise
    except DomainError as error:
        return _list(request, [Wrong(str(s), "reason") for s in error.sentences])
    messages.success(request, _by_rule_said(done, len(pairs) - done))
    return redirect(with_query(reverse("web:disagreements"), query))


def _by_rule_said(done: int, left: int) -> str:
    said = ngettext("%(n)s 处已按规则选定。", "%(n)s 处已按规则选定。", done) % {"n": done}
    if not left:
        return said
    words = ngettext(
        "%(n)s 处没有规则，或规则指的部门没有说，请逐处选定。",
        "%(n)s 处没有规则，或规则指的部门没有说，请逐处选定。",
        left,
    )
    return said + words % {"n": left}


@require_POST
def listing_export(request: Request) -> HttpResponse:
    """The filtered list as a file, with what every office says."""
    fields = [*visible(DISAGREEMENTS, request.viewer), Field("said", _("各部门的说法"))]
    leaving = Leaving("disagreement", _("部门说法不一"), _("各部门已受理的报送批次"))
    return export_rows(request, leaving, [f for f in fields if f.listed], _all(request))


def _all(request: Request) -> Iterator[dict[str, Any]]:
    query = replace(query_of(request), page=1, size=PIECE)
    while True:
        found = rows(DISAGREEMENTS, request.viewer, request.as_of, query)
        said = selectors.said_of(request.viewer, [(r["uscc"], r["field"]) for r in found.rows])
        for row in found.rows:
            yield row | {"said": _brief(said.get((row["uscc"], row["field"]), []))}
        if len(found.rows) < PIECE:
            return
        query = replace(query, page=query.page + 1)


def disagreement(request: Request, key: str, field: str) -> HttpResponse:
    """One field of one enterprise: what every office says, the rule, what was chosen and why."""
    return _page(request, key, field, [])


def _page(request: Request, key: str, field: str, errors: list[Wrong]) -> HttpResponse:
    one = selectors.disagreement(request.viewer, key, field)
    held = record(ENTERPRISES, request.viewer, request.as_of, key)
    page = {
        "title": _("%(name)s：%(field)s") % {"name": held["name"], "field": one["field_label"]},
        "purpose": _purpose(one),
        "crumbs": [
            Link(reverse("web:disagreements"), _("部门说法不一")),
            Link(reverse("web:record", args=["enterprise", key]), held["name"]),
            Link("", one["field_label"]),
        ],
        "errors": errors,
        "light": LIGHTS.get(one["settled"], "ok"),
        "status": one["settled_label"] or _("已经一致"),
        "said": [_line(request, one, said) for said in one["said"]],
        "rule": _rule(one),
        "land": field == "land",
        "made": [_chosen(choice) for choice in one["choices"]],
        "made_title": _("选定过的"),
        "made_empty": _("还没有选定过。"),
        "forms": _forms(request, one, key, errors),
    }
    context = {"page": page}
    status = 400 if errors else 200
    return render(request, "web/pages/disagreement.html", context, status=status)


def _purpose(one: dict[str, Any]) -> str:
    if one["year"] is None:
        return _("各部门现在说的一样。")
    return _("%(year)s 年度的报表里说法不一。") % {"year": one["year"]}


def _line(request: Request, one: dict[str, Any], said: Said) -> dict[str, Any]:
    """An office's word with its year, cell, and what stands behind it.

    The cell opens for those who may read the batch: the bureau, and the office itself.
    """
    opens = request.viewer.role in choices.BUREAU or request.viewer.office == said.office
    chosen = one["standing"]
    marks = []
    if chosen is not None and chosen.claim_id == said.pk:
        marks.append(_("已选定"))
    if _named_by_rule(one) == said.office:
        marks.append(_("规则以此为准"))
    if said.of_register:
        marks.append(_("台账来自这里"))
    return {
        "office": office_label(said.office_short),
        "value": _value(said),
        "year": said.year,
        "place": " ".join(part for part in (said.batch_no, said.sheet, said.cell) if part),
        "url": cell_url(said.batch_no, said.sheet, said.cell) if opens else "",
        "marks": "，".join(marks),
    }


def _named_by_rule(one: dict[str, Any]) -> str:
    """The first office of the rule that has said anything."""
    speaking = {said.office for said in one["said"] if said.year == one["year"]}
    return next((office for office in one["authority"].offices if office in speaking), "")


def _rule(one: dict[str, Any]) -> str:
    authority = one["authority"]
    if not authority.offices:
        return _("没有规定以哪个部门为准，请逐处选定。")
    order = "、".join(words_of(office).label for office in authority.offices)
    ground = authority.document or _("默认规则，没有找到文件依据")
    return _("依次以 %(offices)s 的说法为准（%(ground)s）。") % {"offices": order, "ground": ground}


def _chosen(choice: dict[str, Any]) -> Decided:
    title = f"{office_label(choice['said'].office_short)} {_value(choice['said']).text}"
    why = " · ".join(part for part in (choice["reason"], choice["by"]) if part)
    return Decided(title, moment(choice["at"]), why, undone_words(choice))


def _forms(request: Request, one: dict[str, Any], key: str, errors: list[Wrong]) -> list[Form]:
    if request.viewer.role not in choices.BUREAU:
        return []
    asked = request.POST if errors else {}
    reason = Entry("reason", _("理由"), value=asked.get("reason", ""))
    forms = []
    if one["year"] is not None:
        offered = [
            (str(said.pk), f"{office_label(said.office_short)}：{_value(said).text}")
            for said in one["said"]
        ]
        named = _named_by_rule(one)
        default = next((str(said.pk) for said in one["said"] if said.office == named), "")
        claim = Entry(
            "claim",
            _("以谁的说法为准"),
            kind="select",
            choices=offered,
            value=asked.get("claim", default),
        )
        url = reverse("web:disagreement-choose", args=[key, one["field"]])
        forms.append(Form(url, [Button("choose", _("选定"), "main")], [claim, reason]))
    if one["standing"] is not None:
        url = reverse("web:disagreement-undo", args=[key, one["field"]])
        why = Entry("undo_reason", _("撤销的理由"), value=asked.get("undo_reason", ""))
        forms.append(Form(url, [Button("undo", _("撤销选定"), "bad")], [why]))
    return forms


@require_POST
def choose(request: Request, key: str, field: str) -> HttpResponse:
    """Follow one office's word; the register shows it from today on."""
    posted = request.POST.get("claim", "")
    pk = int(posted) if posted.isdecimal() and len(posted) < 18 else 0
    claim = selectors.claim_said(request.viewer, key, field, pk)
    try:
        choices.choose(claim, request.viewer, request.POST.get("reason", ""))
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, key, field, [Wrong(str(s)) for s in error.sentences])
    messages.success(request, _("已选定，理由已记下。"))
    return redirect("web:disagreement", key=key, field=field)


@require_POST
def undo(request: Request, key: str, field: str) -> HttpResponse:
    """Undo the choice that stands; the register shows again what the directory says."""
    standing = selectors.disagreement(request.viewer, key, field)["standing"]
    try:
        if standing is None:
            raise DomainError(_("这一处没有正在执行的选定。"))
        choices.undo(standing, request.viewer, request.POST.get("undo_reason", ""))
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, key, field, [Wrong(str(s)) for s in error.sentences])
    messages.success(request, _("已撤销，台账恢复为名录的说法。"))
    return redirect("web:disagreement", key=key, field=field)
