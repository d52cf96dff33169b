"""Handing data in: batches, upload with findings, and the source cell in its sheet."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import urlencode

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
from wuhao.web.batches import kind_words, next_words
from wuhao.web.city import office_label, title_of
from wuhao.web.display import Shown, english, grouped, label_of, moment, quantity, short_digest
from wuhao.web.findings import lines, word
from wuhao.web.jobs import asked_for
from wuhao.web.periods import WHOLE, parts, period_text
from wuhao.web.request import Request, form_key
from wuhao.web.shapes import (
    Act,
    Box,
    Button,
    Cell,
    Column,
    Entry,
    Fig,
    Form,
    Item,
    Link,
    Row,
    Step,
    Wrong,
)  # fmt: skip

LIST_AT_MOST = 2000
LIGHTS = {
    "draft": "warn", "submitted": "warn", "accepted": "ok", "returned": "bad", "withdrawn": "idle",
}  # fmt: skip


def batches(request: Request) -> HttpResponse:
    """The batches in reach, latest first."""
    found = selectors.batches(request.viewer)
    may = bool(selectors.templates(request.viewer))
    upload = reverse("web:upload")
    page = {
        "title": _("数据报送"),
        "purpose": _("各部门报来的表：查过、提交、受理，才入台账。"),
        "acts": [Act(reverse("web:collections"), _("收表")), Act(upload, _("报送数据"), main=True)]
        if may
        else [],
        "count_text": grouped(len(found)),
        "counter": _("批"),
        "columns": _columns(),
        "rows": [_row(one) for one in found],
        "shown_say": _("最近 %(n)s 批") % {"n": len(found)},
        "job": asked_for(request),
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
            Cell(Shown(f"{title_of(one)} {period_text(one['period'])}")),
            Cell(Shown(office_label(one["office"])), "p2"),
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
    if request.POST.get("part", WHOLE) not in dict(parts()):
        found.append(Wrong(_("请从列表里选全年、月份或季度。"), "part"))
    if "file" not in request.FILES:
        found.append(Wrong(_("请选要上传的文件。"), "file"))
    return found


def _receive(request: Request) -> HttpResponse:
    file = request.FILES.getlist("file")[0]
    code = request.POST["template"]
    period = int(request.POST["year"]) * 100 + int(request.POST.get("part") or WHOLE)
    office = request.POST.get("office", "")
    handed = services.Handed(
        _name(file), file.read(), code, period, office=office, scan=_scan(request)
    )
    if len(handed.content) > services.SMALL_BYTES:
        key = f"{code}/{period}/{request.viewer.post_id}/{form_key(request)}"
        job = services.receive_later(handed, request.viewer, key)
        return redirect(f"{reverse('web:batches')}?job={job.pk}")
    received = services.receive(handed, request.viewer)
    if received.seen_before:
        messages.info(
            request,
            _("这个文件已经收到过，就是批次 %(no)s，没有重复收。") % {"no": received.batch.no},
        )
    return redirect("web:batch", no=received.batch.no)


def _name(file: Any) -> str:
    return PurePath(file.name or _("未命名")).name


def _scan(request: Request) -> tuple[str, bytes] | None:
    scans = request.FILES.getlist("scan")
    return (_name(scans[0]), scans[0].read()) if scans else None


def _upload_fields(request: Request, offered: Sequence[Any], errors: list[Wrong]) -> list[Entry]:
    said = {wrong.field: wrong.sentence for wrong in errors}
    choices = [
        (t.code, f"{t.code} {label_of(t.title, getattr(t, 'title_en', ''))}") for t in offered
    ]
    choices += [(ask["code"], ask["title"]) for ask in selectors.open_asks(request.viewer)]
    asked = request.POST or request.GET
    year = asked.get("year", str(request.as_of.on.year - 1))
    return [
        Entry("template", _("哪一张表"), "select", choices=choices, error=said.get("template", ""),
              value=asked.get("template", "")),
        Entry("year", _("数据年度"), help=_("表里的数是哪一年的，四位数字。"), value=year,
              error=said.get("year", "")),
        Entry("part", _("月份或季度"), "select", _("月报选月份，季报选季度，年报选全年。"),
              choices=parts(), value=asked.get("part", WHOLE), error=said.get("part", "")),
        *_for_whom(request, asked),
        Entry("file", _("文件"), "file", _("Excel 文件（.xlsx、.xls、.et）或 CSV，不超过 64 MB。"),
              accept=".xlsx,.xls,.xlsm,.et,.csv,.txt", error=said.get("file", "")),
    ]  # fmt: skip


def _for_whom(request: Request, asked: Any) -> list[Entry]:
    """For the bureau: for which office it enters the table, and the paper it enters it from."""
    offices = selectors.offices_reporting(request.viewer)
    if not offices:
        return []
    choices = [("", _("这张表的责任单位")), *offices]
    return [
        Entry("office", _("替哪个单位报"), "select", _("代报时选；单位自己报的不用选。"),
              choices=choices, value=asked.get("office", "")),
        Entry("scan", _("纸质件扫描"), "file", _("代报时附上盖章的纸质件，PDF 或图片。"),
              accept=".pdf,.png,.jpg,.jpeg"),
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
            said=_listed([label_of(c.label, c.label_en) for c in t.columns if c.required]),
        )
        for t in offered
    ]
    return Box(_("各表必填的列"), items=items)


def _listed(words: Sequence[str]) -> str:
    return (", " if english() else "、").join(words)


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
        "title": _("%(title)s：%(found)s") % {"title": title_of(one), "found": _finding_words(one)},
        "purpose": f"{office_label(one['office'])} · {one['file']} · {moment(one['created_at'])}",
        "crumbs": [Link(reverse("web:batches"), _("数据报送")), Link("", no)],
        "acts": _acts(request, one),
        "job": asked_for(request),
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
        "findings": lines(no, shown[:LIST_AT_MOST]),
        "shown_say": _("显示 %(n)s / %(all)s 处")
        % {"n": min(len(shown), LIST_AT_MOST), "all": len(found)},
        "finding_links": _finding_links(request, one, only),
        "next": next_words(one, theirs=_handed_in(request, one)),
        "errors": errors,
        "forms": _forms(request, one, errors),
        "boxes": [
            *_difference(one),
            *_edited(request, one),
            *([_sums(one)] if one["sums"] else []),
        ],
    }
    foot = [(_("来源"), f"{office_label(one['office'])} {one['file']}")]
    context = {"page": page, "foot": foot}
    return render(request, "web/pages/run.html", context, status=400 if errors else 200)


def _handed_in(request: Request, one: dict[str, Any]) -> bool:
    """Whether it is this viewer's to correct: of the own office, or handed in from this post."""
    if request.viewer.role not in services.ACCEPT.roles:
        return True
    return bool(one["created_by"] == request.viewer.post_id)


def _acts(request: Request, one: dict[str, Any]) -> list[Act]:
    no = one["no"]
    acts = [Act(reverse("web:batch-file", args=[no]), _("下载原文件"))]
    if one["errors"] or one["warnings"]:
        acts.append(Act(reverse("web:batch-annotated", args=[no]), _("下载批注过的")))
        if one["status"] == "draft" and _handed_in(request, one):
            acts.append(Act(reverse("web:batch-fix", args=[no]), _("逐格改正")))
    acts.append(Act(reverse("web:reading", args=[no]), _("看怎样读的")))
    if one["scan"]:
        acts.append(Act(reverse("web:batch-scan", args=[no]), _("纸质件扫描")))
    if one["status"] in ("submitted", "accepted"):
        acts.append(Act(reverse("web:batch-receipt", args=[no]), _("回执")))
    over = one["status"] in ("returned", "withdrawn") or (
        one["status"] == "draft" and one["errors"]
    )
    if over and _handed_in(request, one):
        chosen = urlencode({"template": one["template"], "year": one["period"] // 100})
        acts.append(Act(f"{reverse('web:upload')}?{chosen}", _("重新上传"), main=True))
    return acts


def _finding_words(one: dict[str, Any]) -> str:
    if one["errors"]:
        return ngettext("%(n)s 处要停", "%(n)s 处要停", one["errors"]) % {"n": one["errors"]}
    if one["warnings"]:
        return ngettext("%(n)s 处要问", "%(n)s 处要问", one["warnings"]) % {"n": one["warnings"]}
    return _("没有查出要改的")


def _steps(one: dict[str, Any]) -> list[Step]:
    if one["status"] == "withdrawn":
        received = Step(_("收到"), "done", moment(one["created_at"]))
        return [received, Step(_("检查"), "done"), Step(_("撤回"), "done", _("到此为止"))]
    names = [_("收到"), _("检查"), _("提交"), _("受理"), _("入台账")]
    done = {"draft": 2, "submitted": 3, "accepted": 5, "returned": 2}[one["status"]]
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
        Fig(_("状态"), str(one["status_label"]), "", _stands_for(one)),
    ]  # fmt: skip


def _stands_for(one: dict[str, Any]) -> str:
    """The period, and that the bureau entered it where it did."""
    period = period_text(one["period"])
    return _("%(period)s · 市局代报") % {"period": period} if one["on_behalf"] else period


def _finding_links(request: Request, one: dict[str, Any], only: str) -> list[Link]:
    if only:
        return [Link(request.path, _("全部"))]
    links = []
    for severity, count in (("error", one["errors"]), ("warning", one["warnings"])):
        if count:
            words = _("只看“%(word)s”的 %(n)s 处") % {"word": word(severity), "n": count}
            links.append(Link(f"{request.path}?only={severity}", words))
    return links


def _forms(request: Request, one: dict[str, Any], errors: list[Wrong]) -> list[Form]:
    role, no = request.viewer.role, one["no"]
    url = reverse("web:batch-move", args=[no])
    theirs = _handed_in(request, one)
    if one["status"] == "draft" and role in services.SUBMIT.roles and not one["errors"] and theirs:
        return [Form(url, [Button("submit", _("提交"), "main")])]
    if one["status"] == "submitted" and role in services.ACCEPT.roles:
        note = Entry(
            "note", _("意见"), "area", _("退回必须写明原因；受理可以不写。"),
            value=request.POST.get("note", ""), error=errors[0].sentence if errors else "",
        )  # fmt: skip
        buttons = [Button("accept", _("受理入账"), "main"), Button("return", _("退回"), "bad")]
        return [Form(url, buttons, [note])]
    if one["status"] in services.WITHDRAW.sources and role in services.WITHDRAW.roles and theirs:
        return [Form(url, [Button("withdraw", _("撤回"), "bad")])]
    return []


def _difference(one: dict[str, Any]) -> list[Box]:
    """How the rows stand to the batch before, before anything is accepted."""
    if not one["against"]:
        return []
    words = kind_words()
    pairs = [
        (words[kind], _("%(n)s 行") % {"n": grouped(n)}) for kind, n in one["difference"].items()
    ]
    more = Link(reverse("web:batch-difference", args=[one["no"]]), _("逐行看"))
    return [Box(_("与上次相比"), one["against"], pairs=pairs, more=more)]


def _edited(request: Request, one: dict[str, Any]) -> list[Box]:
    """The cells that were corrected in the page."""
    pairs = [
        (f"{edit['sheet']}!{edit['cell']}", f"{edit['before'] or '—'} → {edit['after'] or '—'}")
        for edit in selectors.edits(request.viewer, one["no"])
    ]
    return [Box(_("页面上改正的"), _("原文件不动"), pairs=pairs)] if pairs else []


def _sums(one: dict[str, Any]) -> Box:
    """Sums of the amounts as intake keeps them: quanta by column."""
    return Box(_("合计"), _("与部门自己的合计核对"), pairs=sum_pairs(one))


def sum_pairs(one: dict[str, Any]) -> list[tuple[str, Any]]:
    """The sums of a batch, each with its column's label and unit."""
    columns = {c.fact or c.code: c for c in services.template(one["template"]).columns}
    return [
        (label_of(columns[code].label, columns[code].label_en), _sum(columns[code], int(quanta)))
        for code, quanta in one["sums"].items()
        if code in columns and columns[code].is_number
    ]


def _sum(column: Any, quanta: int) -> str:
    unit = column.unit.base if column.unit else "one"
    shown = quantity(from_quanta(quanta, column.quantum), unit, by_size=True)
    return f"{shown.text} {shown.unit}".strip()


@require_POST
def batch_move(request: Request, no: str) -> HttpResponse:
    """Submit, accept, return or withdraw a batch; a refusal is said on the batch's own page."""
    try:
        work = _move(request, no)
    except OutOfScope:
        raise
    except DomainError as error:
        return _batch_page(request, no, [Wrong(str(s), "note") for s in error.sentences])
    return redirect(reverse("web:batch", args=[no]) + work)


def _move(request: Request, no: str) -> str:
    """Do what was asked; returns what the address of long work adds, else nothing."""
    found = selectors.batch(request.viewer, no)
    note, wanted = request.POST.get("note", ""), request.POST.get("transition", "")
    if wanted == "submit":
        services.submit(found, request.viewer, note)
        messages.success(request, _("%(no)s 已提交，等市局受理。") % {"no": no})
    elif wanted == "accept" and found.rows > services.FEW_ROWS:
        job = services.accept_later(found, request.viewer, note)
        return f"?job={job.pk}"
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
    return ""


def batch_file(request: Request, no: str) -> FileResponse:
    """The workbook as it was received."""
    content, name = selectors.original(request.viewer, no)
    return FileResponse(content, as_attachment=True, filename=name)
