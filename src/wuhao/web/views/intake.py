"""Handing data in: batches, upload with findings, and the source cell in its sheet."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.exact import from_quanta
from wuhao.intake import selectors, services
from wuhao.web.display import Shown, grouped, label_of, moment, quantity, short_digest
from wuhao.web.request import Request
from wuhao.web.shapes import (
    Act,
    Box,
    Button,
    Cell,
    Column,
    Entry,
    Fig,
    Finding,
    Form,
    Item,
    Link,
    Row,
    Step,
    Wrong,
)  # fmt: skip

LIST_AT_MOST = 200
CSS = {"error": "stop", "warning": "ask", "note": "note"}
LIGHTS = {
    "draft": "warn", "submitted": "warn", "accepted": "ok", "returned": "bad", "withdrawn": "idle",
}  # fmt: skip


def word(severity: str) -> str:
    """The word for how grave a finding is."""
    return {"error": _("停"), "warning": _("问"), "note": _("提示")}[severity]


def batches(request: Request) -> HttpResponse:
    """The batches in reach, latest first."""
    found = selectors.batches(request.viewer)
    may = bool(selectors.templates(request.viewer))
    upload = reverse("web:upload")
    page = {
        "title": _("数据报送"),
        "purpose": _("各部门报来的表：查过、提交、受理，才入台账。"),
        "acts": [Act(upload, _("报送数据"), main=True)] if may else [],
        "count_text": grouped(len(found)),
        "counter": _("批"),
        "columns": _columns(),
        "rows": [_row(one) for one in found],
        "shown_say": _("最近 %(n)s 批") % {"n": len(found)},
        "empty_title": _("还没有报来的表"),
        "empty_say": _("选一张表，按部门自己的样子上传就行。"),
        "empty_act": Link(upload, _("报送数据")) if may else None,
    }
    return render(request, "web/pages/batches.html", {"page": page})


def _columns() -> list[Column]:
    return [
        Column(_("批次")),
        Column(_("表")),
        Column(_("报送单位"), css="p2"),
        Column(_("文件"), css="p3"),
        Column(_("状态")),
        Column(_("行数"), _("行"), "num p2"),
        Column(_("停"), _("处"), "num p2"),
        Column(_("问"), _("处"), "num p2"),
        Column(_("收到"), css="p3"),
    ]


def _row(one: dict[str, Any]) -> Row:
    url = reverse("web:batch", args=[one["no"]])
    return Row(
        [
            Cell(Shown(one["no"]), "nb", True),
            Cell(Shown(f"{one['title']} {one['period'] // 100}")),
            Cell(Shown(one["office"]), "p2"),
            Cell(Shown(one["file"]), "p3 small"),
            Cell(Shown(str(one["status_label"]), kind=f"light-{LIGHTS[one['status']]}"), "nb"),
            Cell(Shown(grouped(one["rows"])), "num p2"),
            Cell(Shown(grouped(one["errors"])), "num p2"),
            Cell(Shown(grouped(one["warnings"])), "num p2"),
            Cell(Shown(moment(one["created_at"])), "p3 nb small"),
        ],
        url,
    )


def upload(request: Request) -> HttpResponse:
    """Take a workbook as the office keeps it; show everything that was found at once."""
    offered = selectors.templates(request.viewer)
    if not offered:
        raise DomainError(_("您的岗位不报送数据。"))
    errors: list[Wrong] = []
    if request.method == "POST":
        errors = _missing(request)
        if not errors:
            try:
                return _receive(request)
            except DomainError as error:
                errors = [Wrong(str(s), "file") for s in error.sentences]
    page = {
        "title": _("报送数据"),
        "purpose": _("按部门自己的样子上传，列名、单位、合计行都不必改。"),
        "crumbs": [Link(reverse("web:batches"), _("数据报送")), Link("", _("上传"))],
        "form_title": _("选一张表"),
        "multipart": True,
        "errors": errors,
        "fields": _upload_fields(request, offered, errors),
        "submit": _("上传并检查"),
        "boxes": [_what_happens(), _what_is_asked(offered)],
    }
    return render(request, "web/pages/form.html", {"page": page}, status=422 if errors else 200)


def _missing(request: Request) -> list[Wrong]:
    found = []
    if not request.POST.get("template"):
        found.append(Wrong(_("请选这是哪一张表。"), "template"))
    year = request.POST.get("year", "")
    if not (year.isdecimal() and len(year) == 4):
        found.append(Wrong(_("年度要写成四位数字，例如 2021。"), "year"))
    if "file" not in request.FILES:
        found.append(Wrong(_("请选要上传的文件。"), "file"))
    return found


def _receive(request: Request) -> HttpResponse:
    file = request.FILES.getlist("file")[0]
    code, period = request.POST["template"], int(request.POST["year"]) * 100
    name = PurePath(file.name or _("未命名")).name
    handed = services.Handed(name, file.read(), code, period)
    received = services.receive(handed, request.viewer)
    if received.seen_before:
        messages.info(
            request,
            _("这个文件已经收到过，就是批次 %(no)s，没有重复收。") % {"no": received.batch.no},
        )
    return redirect("web:batch", no=received.batch.no)


def _upload_fields(request: Request, offered: Sequence[Any], errors: list[Wrong]) -> list[Entry]:
    said = {wrong.field: wrong.sentence for wrong in errors}
    choices = [
        (t.code, f"{t.code} {label_of(t.title, getattr(t, 'title_en', ''))}") for t in offered
    ]
    year = request.POST.get("year", str(request.as_of.on.year - 1))
    return [
        Entry("template", _("哪一张表"), "select", choices=choices, error=said.get("template", ""),
              value=request.POST.get("template", "")),
        Entry("year", _("数据年度"), help=_("表里的数是哪一年的，四位数字。"), value=year,
              error=said.get("year", "")),
        Entry("file", _("文件"), "file", _("Excel 文件（.xlsx、.xls、.et）或 CSV，不超过 20 MB。"),
              accept=".xlsx,.xls,.xlsm,.et,.csv", error=said.get("file", "")),
    ]  # fmt: skip


def _what_happens() -> Box:
    return Box(
        _("上传之后"),
        sentences=[
            _("原文件原样留存，按摘要认得出是不是同一个。"),
            _("找出工作表、表头、列和单位，逐格检查，问题一次列全。"),
            _("没有要停的问题，才能提交；受理之后才入台账。"),
        ],
    )


def _what_is_asked(offered: Sequence[Any]) -> Box:
    items = [
        Item(
            f"{t.code} {label_of(t.title, getattr(t, 'title_en', ''))}",
            said="、".join(c.label for c in t.columns if c.required),
        )
        for t in offered
    ]
    return Box(_("各表必填的列"), items=items)


def batch(request: Request, no: str) -> HttpResponse:
    """One batch: its steps, what was found, what to do next."""
    return _batch_page(request, no, [])


def _batch_page(request: Request, no: str, errors: list[Wrong]) -> HttpResponse:
    """The page of a batch; with errors, what was refused stands above and beside its field."""
    one = selectors.described(selectors.batch(request.viewer, no))
    found = selectors.findings(request.viewer, no)
    only = request.GET.get("only", "")
    shown = [f for f in found if not only or f["severity"] == only]
    page = {
        "title": _("%(title)s：%(found)s") % {"title": one["title"], "found": _finding_words(one)},
        "purpose": f"{one['office']} · {one['file']} · {moment(one['created_at'])}",
        "crumbs": [Link(reverse("web:batches"), _("数据报送")), Link("", no)],
        "acts": [Act(reverse("web:batch-file", args=[no]), _("下载原文件"))],
        "steps_label": _("报送步骤"),
        "steps": _steps(one),
        "figs": _figs(one),
        "seals": [
            _("批次 %(no)s") % {"no": no},
            _("文件 %(digest)s") % {"digest": short_digest(one["file_digest"])},
            _("行数据 %(digest)s") % {"digest": short_digest(one["digest"])},
        ],
        "findings_title": _finding_words(one),
        "findings_said": _("原表单元格可以点开"),
        "findings": [_finding(no, f) for f in shown[:LIST_AT_MOST]],
        "shown_say": _("显示 %(n)s / %(all)s 处")
        % {"n": min(len(shown), LIST_AT_MOST), "all": len(found)},
        "finding_links": _finding_links(request, one, only),
        "next": _next(one),
        "errors": errors,
        "forms": _forms(request, one, errors),
        "boxes": [_sums(one)] if one["sums"] else [],
    }
    foot = [(_("来源"), f"{one['office']} {one['file']}")]
    context = {"page": page, "foot": foot}
    return render(request, "web/pages/run.html", context, status=400 if errors else 200)


def _finding_words(one: dict[str, Any]) -> str:
    if one["errors"]:
        return ngettext("%(n)s 处要停", "%(n)s 处要停", one["errors"]) % {"n": one["errors"]}
    if one["warnings"]:
        return ngettext("%(n)s 处要问", "%(n)s 处要问", one["warnings"]) % {"n": one["warnings"]}
    return _("没有查出要改的")


def _steps(one: dict[str, Any]) -> list[Step]:
    names = [_("收到"), _("检查"), _("提交"), _("受理"), _("入台账")]
    done = {"draft": 2, "submitted": 3, "accepted": 5, "returned": 2, "withdrawn": 2}[one["status"]]
    days = [moment(one["created_at"]), "", "", "", ""]
    if one["status"] == "returned":
        days[2] = _("已退回")
    if one["ledger_no"]:
        days[4] = _("账号 %(no)s") % {"no": one["ledger_no"]}
    return [
        Step(name, "done" if at < done else "now" if at == done else "", day)
        for at, (name, day) in enumerate(zip(names, days, strict=True))
    ]


def _figs(one: dict[str, Any]) -> list[Fig]:
    return [
        Fig(_("行数"), grouped(one["rows"]), _("行"), _("去掉表头、说明和合计行")),
        Fig(_("要停"), grouped(one["errors"]), _("处"), _("不改不能提交")),
        Fig(_("要问"), grouped(one["warnings"]), _("处"), _("请核实，核实无误可以提交")),
        Fig(_("状态"), str(one["status_label"]), "", _("%(year)s 年度")
            % {"year": one["period"] // 100}),
    ]  # fmt: skip


def _finding(no: str, found: dict[str, Any]) -> Finding:
    sheet, cell = found["sheet"], found["cell"]
    url = reverse("web:cell", args=[no, sheet, cell]) if sheet and cell else ""
    place = f"{sheet}!{cell}" if cell else sheet
    severity = found["severity"]
    return Finding(CSS[severity], word(severity), place, found["sentence"], url=url)


def _finding_links(request: Request, one: dict[str, Any], only: str) -> list[Link]:
    if only:
        return [Link(request.path, _("全部"))]
    links = []
    for severity, count in (("error", one["errors"]), ("warning", one["warnings"])):
        if count:
            words = _("只看“%(word)s”的 %(n)s 处") % {"word": word(severity), "n": count}
            links.append(Link(f"{request.path}?only={severity}", words))
    return links


def _next(one: dict[str, Any]) -> list[str]:
    if one["status"] == "accepted":
        return [_("已经入台账。有错就更正文件，另报一批；原批次不改。")]
    if one["status"] == "submitted":
        return [
            _("市局核对之后受理；受理时一次入账，要么全入，要么不入。"),
            _("要退回的，写明原因，报送单位会看到。"),
        ]
    if one["errors"]:
        return [
            _("按清单改正原文件，“停”的每一处都要改。"),
            _("改好之后重新上传，会另成一批。"),
        ]
    return [_("“问”的各处请核实；核实无误就提交。")]


def _forms(request: Request, one: dict[str, Any], errors: list[Wrong]) -> list[Form]:
    role, no = request.viewer.role, one["no"]
    url = reverse("web:batch-move", args=[no])
    if one["status"] == "draft" and role in services.SUBMIT.roles and not one["errors"]:
        return [Form(url, [Button("submit", _("提交"), "main")])]
    if one["status"] == "submitted" and role in services.ACCEPT.roles:
        note = Entry(
            "note", _("意见"), "area", _("退回必须写明原因；受理可以不写。"),
            value=request.POST.get("note", ""), error=errors[0].sentence if errors else "",
        )  # fmt: skip
        buttons = [Button("accept", _("受理入账"), "main"), Button("return", _("退回"), "bad")]
        return [Form(url, buttons, [note])]
    if one["status"] in services.WITHDRAW.sources and role in services.WITHDRAW.roles:
        return [Form(url, [Button("withdraw", _("撤回"), "bad")])]
    return []


def _sums(one: dict[str, Any]) -> Box:
    """Sums of the amounts as intake keeps them: quanta by column."""
    columns = {c.fact or c.code: c for c in services.template(one["template"]).columns}
    pairs = [
        (label_of(columns[code].label, columns[code].label_en), _sum(columns[code], int(quanta)))
        for code, quanta in one["sums"].items()
        if code in columns and columns[code].is_number
    ]
    return Box(_("合计"), _("与部门自己的合计核对"), pairs=pairs)


def _sum(column: Any, quanta: int) -> str:
    unit = column.unit.base if column.unit else "one"
    shown = quantity(from_quanta(quanta, column.quantum), unit, by_size=True)
    return f"{shown.text} {shown.unit}".strip()


@require_POST
def batch_move(request: Request, no: str) -> HttpResponse:
    """Submit, accept, return or withdraw a batch; a refusal is said on the batch's own page."""
    try:
        _move(request, no)
    except OutOfScope:
        raise
    except DomainError as error:
        return _batch_page(request, no, [Wrong(str(s), "note") for s in error.sentences])
    return redirect("web:batch", no=no)


def _move(request: Request, no: str) -> None:
    found = selectors.batch(request.viewer, no)
    note, wanted = request.POST.get("note", ""), request.POST.get("transition", "")
    if wanted == "submit":
        services.submit(found, request.viewer, note)
        messages.success(request, _("%(no)s 已提交，等市局受理。") % {"no": no})
    elif wanted == "accept":
        entered = services.accept(found, request.viewer, note)
        words = {"no": no, "n": grouped(entered)}
        messages.success(request, _("%(no)s 已受理，入账 %(n)s 项。") % words)
    elif wanted == "withdraw":
        services.withdraw(found, request.viewer, note)
        messages.success(request, _("%(no)s 已撤回。") % {"no": no})
    elif wanted == "return":
        services.send_back(found, request.viewer, note)
        messages.success(request, _("%(no)s 已退回。") % {"no": no})
    else:
        raise DomainError(_("不认得这个动作。请从页面上的按钮进入。"))


def batch_file(request: Request, no: str) -> FileResponse:
    """The workbook as it was received."""
    content, name = selectors.original(request.viewer, no)
    return FileResponse(content, as_attachment=True, filename=name)
