"""How a sheet was understood, shown over the sheet itself; a person corrects it there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.units import UNITS
from wuhao.intake import selectors, services
from wuhao.intake.reader.ruled import UNUSED, Rule
from wuhao.intake.selectors import SheetRead
from wuhao.web.display import label_of, unit_label
from wuhao.web.request import Request
from wuhao.web.shapes import Link, Wrong

ROLES = ("title", "head", "data", "total", "note", "empty")


def reading(request: Request, no: str) -> HttpResponse:
    """The page of a batch's sheet as it was read."""
    return _page(request, no, request.GET.get("sheet", ""), [])


@require_POST
def reading_correct(request: Request, no: str) -> HttpResponse:
    """Take a person's word for rows and columns; check anew, and remember it for the layout."""
    sheet = request.POST.get("sheet", "")
    try:
        services.correct_reading(
            selectors.batch(request.viewer, no), sheet, _rule(request.POST), request.viewer
        )
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, no, sheet, [Wrong(str(s)) for s in error.sentences])
    words = _("已按您说的读，重新检查过；本单位下次报同样版式的表，也照这样读。")
    messages.success(request, words)
    return redirect("web:batch", no=no)


def _rule(posted: QueryDict) -> Rule:
    columns = []
    for name in posted:
        if name.startswith("c-") and name[2:].isdecimal():
            code, unit = posted.get(name, ""), posted.get(f"u-{name[2:]}", "")
            if code or unit:
                columns.append((int(name[2:]), code, unit))
    header = (_number(posted, "top"), _number(posted, "bottom"))
    totals = tuple(
        int(part) for part in posted.get("totals", "").replace("，", ",").split(",")
        if part.strip().isdecimal()
    )  # fmt: skip
    first, last = _number(posted, "first"), _number(posted, "last")
    return Rule(header, first, last, totals, tuple(sorted(columns)))


def _number(posted: QueryDict, name: str) -> int:
    text = posted.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _page(request: Request, no: str, name: str, errors: list[Wrong]) -> HttpResponse:
    read = selectors.sheet_read(request.viewer, no, name)
    one = read.batch
    asked = request.POST if errors else {}
    may = one["status"] == "draft" and request.viewer.role in services.SUBMIT.roles
    page = {
        "title": _("“%(sheet)s”是这样读的") % {"sheet": read.sheet},
        "purpose": _("颜色是认出来的部分。认错了，点左边的行号、上边的列名改过来。"),
        "crumbs": [Link(reverse("web:batch", args=[no]), no), Link("", _("读法"))],
        "url": reverse("web:reading-correct", args=[no]),
        "no": no,
        "sheet": read.sheet,
        "sheets": [
            Link(f"{request.path}?sheet={other}", other, current=other == read.sheet)
            for other in read.sheets
        ],
        "may": may,
        "known": read.known,
        "errors": errors,
        "fields": _fields(read, asked),
        "columns": _columns(read, services.template(one["template"]), asked),
        "rows": _rows(read),
        "count": read.count,
        "legend": [(role, _role_word(role)) for role in ROLES[:-1]],
    }
    foot = [(_("来源"), f"{one['office']} {one['file']}")]
    status = 400 if errors else 200
    return render(request, "web/pages/reading.html", {"page": page, "foot": foot}, status=status)


def _role_word(role: str) -> str:
    return {
        "title": _("标题"), "head": _("表头"), "data": _("数据"), "total": _("合计"),
        "note": _("说明"), "empty": "",
    }[role]  # fmt: skip


def _fields(read: SheetRead, asked: Any) -> list[dict[str, Any]]:
    top, bottom = read.header
    fields = [
        ("top", _("表头从第几行"), top),
        ("bottom", _("表头到第几行"), bottom),
        ("first", _("第一行数据"), read.first),
        ("last", _("最后一行数据"), read.last),
    ]
    found = [
        {"name": name, "label": label, "value": asked.get(name, value or "")}
        for name, label, value in fields
    ]
    totals = asked.get("totals", "，".join(map(str, read.totals)))
    return [*found, {"name": "totals", "label": _("合计行（用逗号隔开）"), "value": totals}]


def _columns(read: SheetRead, template: Any, asked: Any) -> list[dict[str, Any]]:
    """For every column of the sheet: its letter, what it was taken for, and the choices."""
    taken = {column.index: column for column in read.columns}
    labels = [(column.code, label_of(column.label, column.label_en)) for column in template.columns]
    units = [(unit.label, unit_label(unit.code)) for unit in UNITS.values() if unit.label]
    found = []
    for index, letter in enumerate(read.letters):
        column = taken.get(index)
        found.append(
            {
                "index": index,
                "letter": letter,
                "heading": column.heading if column else "",
                "code": asked.get(f"c-{index}", column.code if column else ""),
                "unit": asked.get(f"u-{index}", column.unit if column else ""),
                "choices": [("", _("没有认")), (UNUSED, _("不用这一列")), *labels],
                "units": [("", "—"), *units],
            }
        )
    return found


def _rows(read: SheetRead) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    last = 0
    for number, role, texts in read.rows:
        if number - last > 1:
            rows.append({"gap": number - last - 1})
        rows.append({"number": number, "role": role, "word": _role_word(role), "texts": texts})
        last = number
    return rows
