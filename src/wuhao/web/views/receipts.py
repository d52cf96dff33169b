"""What a batch leaves behind: the difference to the one before, a receipt, the marked workbook."""

from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.core.errors import DomainError
from wuhao.core.exact import from_quanta
from wuhao.intake import selectors, services
from wuhao.intake.difference import Change, RowDifference
from wuhao.web.batches import kind_words
from wuhao.web.city import office_label, title_of
from wuhao.web.display import Shown, grouped, label_of, moment, quantity, state_name, text_of
from wuhao.web.periods import period_text
from wuhao.web.request import Request
from wuhao.web.shapes import Act, Cell, Column, Link, Row, Table
from wuhao.web.views.intake import sum_pairs

SHOWN = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def difference(request: Request, no: str) -> HttpResponse:
    """Which rows are new, changed or gone since the batch before, cell by cell."""
    one = selectors.described(selectors.batch(request.viewer, no))
    if not one["against"]:
        raise DomainError(_("这是这张表的第一批，没有可比的。"))
    kind = request.GET.get("kind", "changed")
    words = kind_words()
    lines = selectors.difference(request.viewer, no, kind, SHOWN)
    count = one["difference"].get(kind, 0)
    page = {
        "title": _("与 %(no)s 相比") % {"no": one["against"]},
        "purpose": f"{title_of(one)} · {office_label(one['office'])} · {one['file']}",
        "crumbs": [Link(reverse("web:batch", args=[no]), no), Link("", _("差异"))],
        "tabs": [
            Link(
                f"{request.path}?kind={name}", words[name], current=name == kind,
                said=grouped(one["difference"].get(name, 0)),
            )
            for name in ("new", "changed", "missing")
        ],
        "table": _lines(no, one["against"], lines, kind),
        "said": _("%(same)s 行没有变化；这里列 %(n)s / %(all)s 行") % {
            "same": grouped(one["difference"].get("unchanged", 0)),
            "n": len(lines), "all": grouped(count),
        },
    }  # fmt: skip
    foot = [(_("来源"), f"{office_label(one['office'])} {one['file']}")]
    return render(request, "web/pages/difference.html", {"page": page, "foot": foot})


def _lines(no: str, against: str, lines: list[RowDifference], kind: str) -> Table:
    owner = against if kind == "missing" else no
    rows = [
        Row(
            [
                Cell(Shown(f"{line.sheet} {line.row}"), "nb", True),
                Cell(Shown(" ".join(line.key)), "code"),
                Cell(Shown("；".join(map(_said, line.changes)) or "—")),
            ],
            reverse("web:cell", args=[owner, line.sheet, f"A{line.row}"]),
        )
        for line in lines
    ]
    columns = [Column(_("原表行")), Column(_("主键")), Column(_("原来 → 现在"))]
    return Table(kind_words().get(kind, ""), columns, rows)


def _said(change: Change) -> str:
    label = label_of(change.column.label, change.column.label_en)
    before = value_words(change.column, change.before, change.before_state)
    now = value_words(change.column, change.now, change.now_state)
    return f"{label} {before} → {now}"


def value_words(column: Any, value: Any, state: int) -> str:
    """A checked value in words: its quantity with its unit, or its state."""
    name = state_name(state)
    if name == "missing":
        return _("未报")
    if name == "na":
        return _("不适用")
    if column.kind in ("amount", "integer"):
        exact = from_quanta(value or 0, column.quantum)
        shown = quantity(exact, column.unit.base if column.unit else "one")
        return f"{shown.text}{shown.unit}" if Decimal(exact) else "0"
    return text_of(value)


def receipt(request: Request, no: str) -> HttpResponse:
    """The receipt of a batch, to be printed: rows, sums, digests, who signed, who accepted."""
    one = selectors.receipt(request.viewer, no)
    if one["status"] not in ("submitted", "accepted"):
        raise DomainError(_("提交之后才有回执。"))
    pairs = [
        (_("批次号"), no),
        (_("报送单位"), office_label(one["office"])),
        (_("表"), f"{one['template']} {title_of(one)}"),
        (_("期间"), period_text(one["period"])),
        (_("文件"), one["file"]),
        (_("文件摘要（SHA-256）"), one["file_digest"]),
        (_("行数"), grouped(one["rows"])),
        (_("行数据摘要"), one["digest"]),
        (_("页面上改正的单元格"), grouped(one["edits"])),
        (_("提交人"), _when(one["signed_office"], one["signed_by"], one["submitted_at"])),
        (_("受理人"), _when("", one["accepted_by"], one["accepted_at"])),
        (_("账号"), str(one["ledger_no"] or "—")),
    ]
    if one["on_behalf"]:
        scan = one["scan"] or _("没有附扫描件")
        pairs.insert(2, (_("代报"), _("由市局代为录入；纸质件：%(scan)s") % {"scan": scan}))
    page = {
        "title": _("报送回执 %(no)s") % {"no": no},
        "purpose": _("行数、合计和摘要与提交时一致；换了一个字，摘要就不一样。"),
        "crumbs": [Link(reverse("web:batch", args=[no]), no), Link("", _("回执"))],
        "acts": [Act(reverse("web:batch-file", args=[no]), _("下载原文件"))],
        "pairs": pairs,
        "sums": sum_pairs(one),
        "difference": [
            (kind_words()[kind], grouped(count)) for kind, count in one["difference"].items()
        ],
        "against": one["against"],
        "print_say": _("按 Ctrl+P 打印，A4 一页。"),
    }
    return render(request, "web/pages/receipt.html", {"page": page})


def _when(office: str, name: str, at: Any) -> str:
    if at is None:
        return "—"
    who = " ".join(part for part in (office_label(office) if office else "", name) if part)
    return f"{who} · {moment(at)}"


def annotated(request: Request, no: str) -> FileResponse:
    """The office's own workbook, each cell marked and commented with what was found there."""
    content, name = services.annotated(selectors.batch(request.viewer, no))
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


def scan(request: Request, no: str) -> FileResponse:
    """The scan of the paper from which a batch was entered."""
    content, name = selectors.scan(request.viewer, no)
    return FileResponse(content, as_attachment=True, filename=name)
