"""Collections (一表通): from an old workbook to a table that offices fill in, and to one of all."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.units import UNITS
from wuhao.intake import selectors, services
from wuhao.intake.proposing import Proposed
from wuhao.web.city import office_label
from wuhao.web.display import Shown, day_text, grouped, short_day, unit_label
from wuhao.web.lights import due_light
from wuhao.web.request import Request
from wuhao.web.shapes import Act, Box, Cell, Column, Entry, Item, Link, Row, Wrong
from wuhao.web.views.receipts import XLSX

LIGHTS = {"draft": "idle", "open": "warn", "closed": "ok"}


def kind_labels() -> dict[str, str]:
    """What a column may hold, in words."""
    return {
        "uscc": _("信用代码"), "text": _("文字"), "choice": _("选项"), "amount": _("数"),
        "integer": _("整数"), "date": _("日期"),
    }  # fmt: skip


def collections(request: Request) -> HttpResponse:
    """The collections in reach, latest first."""
    found = selectors.collections(request.viewer)
    may = request.viewer.role in services.OPEN.roles
    new = reverse("web:collection-new")
    page = {
        "title": _("收表"),
        "purpose": _("把一张旧表变成各单位要填的表：发出、催报、收齐、合并。"),
        "acts": [Act(new, _("发起收表"), main=True)] if may else [],
        "count_text": grouped(len(found)),
        "counter": _("次收表"),
        "columns": [
            Column(_("编号")), Column(_("表")), Column(_("状态")), Column(_("截止日"), css="p2"),
            Column(_("交齐单位"), css="num"), Column(_("要填单位"), css="num p2"),
        ],
        "rows": [_row(one) for one in found],
        "shown_say": "",
        "empty_title": _("还没有收过表"),
        "empty_say": _("拿一张去年的表或空表上传，两分钟就能发出去。"),
        "empty_act": Link(new, _("发起收表")) if may else None,
    }  # fmt: skip
    return render(request, "web/pages/batches.html", {"page": page})


def _row(one: dict[str, Any]) -> Row:
    light = f"light-{LIGHTS[one['status']]}"
    return Row(
        [
            Cell(Shown(one["code"]), "nb", True),
            Cell(Shown(one["title"])),
            Cell(Shown(str(one["status_label"]), kind=light), "nb"),
            Cell(Shown(day_text(one["due_on"])), "p2 nb"),
            Cell(Shown(grouped(one["answered"])), "num"),
            Cell(Shown(grouped(one["asked"])), "num p2"),
        ],
        reverse("web:collection", args=[one["code"]]),
    )


def new(request: Request) -> HttpResponse:
    """Take a workbook, blank or of last year, and propose the table that is asked for."""
    if request.viewer.role not in services.OPEN.roles:
        raise DomainError(_("只有市局的岗位可以发起收表。"))
    errors: list[Wrong] = []
    if request.method == "POST":
        files = request.FILES.getlist("file")
        try:
            if not files:
                raise DomainError(_("请选要上传的文件。"))
            name = (files[0].name or "").rsplit("/", 1)[-1]
            made = services.propose_collection(name, files[0].read(), request.viewer)
            return redirect("web:collection", code=made.code)
        except DomainError as error:
            errors = [Wrong(str(s), "file") for s in error.sentences]
    page = {
        "title": _("发起收表"),
        "purpose": _("上传一张空表或去年的表，系统照着提出各列，您看过就能发。"),
        "crumbs": [Link(reverse("web:collections"), _("收表")), Link("", _("发起"))],
        "form_title": _("选一张表"),
        "multipart": True,
        "errors": errors,
        "fields": [
            Entry(
                "file", _("文件"), "file",
                _("Excel 文件（.xlsx、.xls、.et）或 CSV，不超过 64 MB。"),
                accept=".xlsx,.xls,.xlsm,.et,.csv,.txt",
                error=errors[0].sentence if errors else "",
            ),
        ],
        "submit": _("上传，提出各列"),
        "boxes": [
            Box(
                _("上传之后"),
                sentences=[
                    _("认出表头、单位和每列填什么；不对的可以改。"),
                    _("选要哪些单位填、限几个工作日，发出之后在各单位的工作台上。"),
                    _("各单位在页面上填，或下载填好的表再传上来。"),
                ],
            )
        ],
    }  # fmt: skip
    return render(request, "web/pages/form.html", {"page": page}, status=422 if errors else 200)


def collection(request: Request, code: str) -> HttpResponse:
    """One collection: its columns while it is drafted, who owes once it is sent out."""
    return _page(request, code, [])


def _page(request: Request, code: str, errors: list[Wrong]) -> HttpResponse:
    found = selectors.collection(request.viewer, code)
    one = selectors.described_collection(request.viewer, found)
    bureau = request.viewer.role in services.OPEN.roles
    columns = services.proposed_of(found)
    page: dict[str, Any] = {
        "title": one["title"],
        "purpose": _purpose(one),
        "crumbs": [Link(reverse("web:collections"), _("收表")), Link("", code)],
        "acts": _acts(one, bureau),
        "code": code,
        "errors": errors,
        "status": one["status"],
        "bureau": bureau,
        "columns": [_column(column) for column in columns],
        "asks": [_ask(ask) for ask in selectors.asks(request.viewer, code)],
        "owing": one["asked"] - one["answered"],
        "boxes": [_terms(one)],
        "calendar_known": one["calendar_known"],
    }
    if bureau:
        page["boxes"] += _punctuality(request)
    if bureau and one["status"] == "draft":
        page |= _draft(request, one, columns)
    if not bureau and one["status"] == "open":
        page["fill_url"] = reverse("web:collection-fill", args=[code])
        page["blank_url"] = reverse("web:collection-form", args=[code])
        query = f"template={code}&year={one['period'] // 100}"
        page["upload_url"] = f"{reverse('web:upload')}?{query}"
    context = {"page": page, "foot": [(_("底表"), one["layout"])]}
    return render(request, "web/pages/collection.html", context, status=400 if errors else 200)


def _purpose(one: dict[str, Any]) -> str:
    if one["status"] == "draft":
        return _("先看各列对不对，再选单位和限期发出。")
    words = _("%(purpose)s · %(due)s 前交 · 交齐 %(answered)s / %(asked)s 家")
    return words % {
        "purpose": one["purpose"], "due": short_day(one["due_on"]),
        "answered": one["answered"], "asked": one["asked"],
    }  # fmt: skip


def _acts(one: dict[str, Any], bureau: bool) -> list[Act]:
    if not bureau:
        return []
    code = one["code"]
    acts = [Act(reverse("web:collection-form", args=[code]), _("下载空表"))]
    if one["status"] != "draft":
        acts.append(Act(reverse("web:collection-merged", args=[code]), _("下载合并表"), main=True))
    return acts


def _column(column: Proposed) -> dict[str, Any]:
    return {
        "index": column.index,
        "label": column.label,
        "kind": column.kind,
        "kind_label": kind_labels().get(column.kind, column.kind),
        "unit": column.unit,
        "options": "、".join(column.options),
        "required": column.required,
        "key": column.key,
        "held": bool(column.held),
    }


def _draft(request: Request, one: dict[str, Any], columns: list[Proposed]) -> dict[str, Any]:
    asked = request.POST
    return {
        "kinds": list(kind_labels().items()),
        "units": [("", "—"), *((u.label, unit_label(u.code)) for u in UNITS.values() if u.label)],
        "offices": [
            {"code": code, "label": office_label(short), "on": code in asked.getlist("office")}
            for code, short, _kind in selectors.addressees(request.viewer)
        ],
        "terms": [
            Entry("title", _("表的名称"), value=asked.get("title", one["title"])),
            Entry("purpose", _("用途"), help=_("填表的人看得到，例如：2022 年度园区考核。"),
                  value=asked.get("purpose", "")),
            Entry("year", _("数据年度"), value=asked.get("year", str(one["period"] // 100))),
            Entry("days", _("限期"), help=_("从发出的次日起算，按国务院放假安排扣除。"),
                  unit=_("个工作日"), value=asked.get("days", "5")),
        ],
    }  # fmt: skip


def _ask(ask: Any) -> dict[str, Any]:
    light, words = due_light(ask.days, answered=ask.answered_on is not None)
    return {
        "code": ask.code,
        "office": office_label(ask.office),
        "light": light,
        "words": words,
        "batch": ask.batch,
        "url": reverse("web:batch", args=[ask.batch]) if ask.batch else "",
        "status": ask.status_label,
        "rows": grouped(ask.rows) if ask.batch else "—",
        "answered": day_text(ask.answered_on),
        "urged": ask.urged,
        "owes": ask.answered_on is None,
    }


def _terms(one: dict[str, Any]) -> Box:
    pairs = [
        (_("编号"), one["code"]),
        (_("收表单位"), office_label(one["office"])),
        (_("数据年度"), str(one["period"] // 100)),
    ]
    if one["due_on"]:
        days = ngettext("%(n)s 个工作日", "%(n)s 个工作日", one["working_days"])
        pairs += [
            (_("发出日"), day_text(one["opened_on"])),
            (_("限期"), days % {"n": one["working_days"]}),
            (_("截止日"), day_text(one["due_on"])),
        ]
    return Box(_("这次收表"), pairs=pairs)


def _punctuality(request: Request) -> list[Box]:
    found = selectors.punctuality(request.viewer)
    items = [
        Item(
            office_label(one.office),
            right=f"{one.in_time}/{one.asked}",
            said=_("迟交 %(late)s 次，未交 %(owing)s 次，催报 %(urged)s 次")
            % {"late": one.late, "owing": one.owing, "urged": one.urged},
        )
        for one in found
    ]
    return [Box(_("各单位按时交的次数"), _("历次收表"), items=items)] if items else []


@require_POST
def columns(request: Request, code: str) -> HttpResponse:
    """Confirm or correct the proposed columns."""
    found = selectors.collection(request.viewer, code)
    made = [
        _posted(request, column) for column in services.proposed_of(found)
        if f"keep-{column.index}" in request.POST
    ]  # fmt: skip
    return _done(
        request, code, lambda: services.set_columns(found, made, request.viewer), _("各列已存。")
    )


def _posted(request: Request, column: Proposed) -> Proposed:
    at, posted = column.index, request.POST
    words = posted.get(f"options-{at}", "").replace("，", "、").split("、")
    return Proposed(
        at,
        posted.get(f"label-{at}", "").strip(),
        posted.get(f"kind-{at}", ""),
        posted.get(f"unit-{at}", "") if posted.get(f"kind-{at}") in ("amount", "integer") else "",
        tuple(word.strip() for word in words if word.strip()),
        required=f"required-{at}" in posted,
        key=posted.get("key") == str(at),
        held=column.held,
    )


@require_POST
def send(request: Request, code: str) -> HttpResponse:
    """Send a drafted collection to the offices chosen."""
    found, posted = selectors.collection(request.viewer, code), request.POST
    terms = services.Terms(
        posted.get("title", ""),
        posted.get("purpose", ""),
        _whole(posted.get("year", "")) * 100,
        tuple(posted.getlist("office")),
        _whole(posted.get("days", "")),
    )
    return _done(
        request, code, lambda: services.open_collection(found, terms, request.viewer),
        _("已发出，各单位的工作台上看得到。"),
    )  # fmt: skip


def _whole(text: str) -> int:
    return int(text) if text.strip().isdecimal() and len(text) < 7 else 0


@require_POST
def urge(request: Request, code: str) -> HttpResponse:
    """Urge one office, or all that owe."""
    found = selectors.collection(request.viewer, code)
    offices = request.POST.getlist("office")
    return _done(
        request, code, lambda: services.urge(found, offices, request.viewer),
        _("已催报，记录在案。"),
    )  # fmt: skip


@require_POST
def close(request: Request, code: str) -> HttpResponse:
    """End a collection."""
    found = selectors.collection(request.viewer, code)
    return _done(
        request, code, lambda: services.close_collection(found, request.viewer), _("已结束收表。")
    )


def _done(request: Request, code: str, act: Any, words: str) -> HttpResponse:
    """Do what was asked and go back; a refusal is said on the collection's own page."""
    try:
        act()
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, code, [Wrong(str(s)) for s in error.sentences])
    messages.success(request, words)
    return redirect("web:collection", code=code)


def form(request: Request, code: str) -> FileResponse:
    """The workbook to fill in, with what is known already."""
    found = selectors.collection(request.viewer, code)
    content = services.form_of(found, request.viewer)
    name = f"{found.title}.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


def merged(request: Request, code: str) -> FileResponse:
    """All that offices handed in, in the layout that was sent out, with sources."""
    found = selectors.collection(request.viewer, code)
    if request.viewer.role not in services.OPEN.roles:
        raise OutOfScope(_("没有您能看到的收表 %(code)s。") % {"code": code})
    content = services.merged_workbook(found)
    name = f"{found.title}_{_('合并')}.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


def fill(request: Request, code: str) -> HttpResponse:
    """Fill the table in in the page, row by row."""
    found = selectors.collection(request.viewer, code)
    errors: list[Wrong] = []
    rows = services.page_rows(found, request.viewer)
    if request.method == "POST":
        rows = _typed(request, [c.code for c in services.template(code).columns])
        try:
            received = services.fill_in(found, rows, request.viewer)
            if received.seen_before:
                messages.info(request, received.sentence)
            return redirect("web:batch", no=received.batch.no)
        except DomainError as error:
            errors = [Wrong(str(s)) for s in error.sentences]
    page = {
        "title": found.title,
        "purpose": _("在格子里填，填好提交检查；空行不算。"),
        "crumbs": [Link(reverse("web:collection", args=[code]), found.title), Link("", _("填写"))],
        "errors": errors,
        "columns": _headings(code),
        "rows": _grid(code, rows),
        "too_many": services.too_long(found, request.viewer),
        "blank_url": reverse("web:collection-form", args=[code]),
    }
    return render(request, "web/pages/fill.html", {"page": page}, status=422 if errors else 200)


def _headings(code: str) -> list[dict[str, Any]]:
    return [
        {
            "code": column.code,
            "label": column.label,
            "unit": unit_label(column.unit.code) if column.unit else "",
            "required": column.required,
            "num": column.kind in ("amount", "integer"),
            "options": list(dict.fromkeys(choice.label for choice in column.choices.values())),
        }
        for column in services.template(code).columns
    ]


def _grid(code: str, rows: list[dict[str, str]]) -> list[list[dict[str, Any]]]:
    columns = _headings(code)
    return [
        [
            column | {"name": f"r{at}-{column['code']}", "value": row.get(column["code"], "")}
            for column in columns
        ]
        for at, row in enumerate(rows)
    ]


def _typed(request: Request, codes: list[str]) -> list[dict[str, str]]:
    rows = []
    for at in range(services.IN_PAGE + services.SPARE):
        if not any(f"r{at}-{code}" in request.POST for code in codes):
            break
        rows.append({code: request.POST.get(f"r{at}-{code}", "") for code in codes})
    return rows
