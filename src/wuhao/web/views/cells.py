"""A source cell, in its sheet as the office sent it."""

import itertools
import re
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.intake import selectors, services
from wuhao.intake.selectors import CellInSheet, cell_context
from wuhao.web.city import office_label
from wuhao.web.display import moment, short_digest
from wuhao.web.request import Request
from wuhao.web.shapes import Act, Button, Entry, Form, Link, Wrong

PLACE = re.compile(r"([A-Z]+)([0-9]+)")
NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
KEY = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{18}")


def cell(request: Request, no: str, sheet: str, ref: str) -> HttpResponse:
    """The page of a source cell: headings, neighbours, and the cell itself marked."""
    return _page(request, (no, sheet, ref), [])


@require_POST
def edit(request: Request, no: str, sheet: str, ref: str) -> HttpResponse:
    """Correct the cell of a draft; the whole is checked anew, the file stays as it was sent."""
    try:
        said = request.POST.get("text", "")
        found = selectors.batch(request.viewer, no)
        services.edit_cell(found, (sheet, ref), said, request.viewer)
    except OutOfScope:
        raise
    except DomainError as error:
        return _page(request, (no, sheet, ref), [Wrong(str(s), "text") for s in error.sentences])
    messages.success(request, _("%(cell)s 已改，整批重新检查过。") % {"cell": f"{sheet}!{ref}"})
    return redirect("web:batch", no=no)


def _page(request: Request, place: tuple[str, str, str], errors: list[Wrong]) -> HttpResponse:
    no, sheet, ref = place
    found = cell_context(request.viewer, no, sheet, ref)
    column, row = _place(ref)
    letters, grid = _window(found, column)
    hit = next((line for line in grid if line["number"] == row), None)
    value = next((c["text"] for c in hit["cells"] if c["hit"]), "") if hit else ""
    one = found.batch
    page = {
        "place": f"{sheet}!{ref}",
        "purpose": f"{office_label(one['office'])} · {one['file']}",
        "crumbs": [
            Link(reverse("web:batch", args=[no]) if _opens_batch(request) else "", no),
            Link("", _("原表单元格")),
        ],
        "acts": _acts(request, no),
        "finding": _("原表里写的是 %(value)s") % {"value": value} if value else _("原表里是空格"),
        "sheet": sheet,
        "letters": letters,
        "column": column,
        "row": row,
        "grid": grid,
        "grid_note": _note(grid),
        "pairs": [
            (_("报送单位"), office_label(one["office"])),
            (_("文件"), one["file"]),
            (_("工作表"), sheet),
            (_("单元格"), ref),
            (_("列名"), _heading(grid, column, letters, row)),
            (_("收到"), moment(one["created_at"])),
            (_("批次"), no),
            (_("文件摘要"), short_digest(one["file_digest"])),
        ],
    }
    page |= {"errors": errors, "edited": _edited(found), "form": _form(request, found, value)}
    foot = [(_("来源"), f"{office_label(one['office'])} {one['file']}")]
    context = {"page": page, "foot": foot}
    return render(request, "web/pages/cell.html", context, status=400 if errors else 200)


def _edited(found: CellInSheet) -> str:
    """What the cell was corrected to in the page, by whom and when."""
    if found.edit is None:
        return ""
    words = _("在页面上改为“%(after)s”（%(who)s，%(when)s）；原文件不动。")
    return words % {
        "after": found.edit["after"] or _("空"),
        "who": found.edit["by__user__name"] or "",
        "when": moment(found.edit["at"]),
    }


def _form(request: Request, found: CellInSheet, value: str) -> Form | None:
    """Where a draft's cell may be corrected."""
    if found.batch["status"] != "draft" or not _opens_batch(request):
        return None
    url = reverse("web:cell-edit", args=[found.batch["no"], found.sheet, found.cell])
    stands = found.edit["after"] if found.edit else value
    text = Entry("text", _("改为"), help=_("只改这一格，原文件不动；改后整批重新检查。"),
                 value=request.POST.get("text", stands))  # fmt: skip
    return Form(url, [Button("edit", _("改这一格"), "main")], [text])


def card(request: Request, no: str, sheet: str, ref: str) -> HttpResponse:
    """The little window that a source mark opens: the cell and the rows beside it."""
    found = cell_context(request.viewer, no, sheet, ref, around=1)
    column, row = _place(ref)
    letters, grid = _window(found, column)
    at = letters.index(column) if column in letters else 0
    near = [line for line in grid if abs(line["number"] - row) <= 1]
    kept = sorted({0, at}) if letters else []
    small = {
        "letters": [letters[n] for n in kept],
        "rows": [
            {"number": line["number"], "cells": [line["cells"][n] for n in kept]} for line in near
        ],
    }
    return render(request, "web/parts/cell_card.html", {"card": small})


def _place(ref: str) -> tuple[str, int]:
    match = PLACE.fullmatch(ref)
    return (match.group(1), int(match.group(2))) if match else ("", 0)


def _opens_batch(request: Request) -> bool:
    return request.viewer.role in services.SUBMIT.roles


def _acts(request: Request, no: str) -> list[Act]:
    if not _opens_batch(request):
        return []
    return [Act(reverse("web:batch", args=[no]), _("看这一批"))]


def _window(found: CellInSheet, column: str) -> tuple[list[str], list[dict[str, Any]]]:
    _column, row = _place(found.cell)
    first_data = next((n for n, texts in found.rows if any(map(KEY.fullmatch, texts))), row)
    grid: list[dict[str, Any]] = []
    for number, texts in found.rows:
        cells = [
            {
                "text": text,
                "hit": number == row and letter == column,
                "css": _css(text, number == row, letter == column),
            }
            for letter, text in zip(found.letters, texts, strict=True)
        ]
        heading = number < first_data and number != row
        spans = heading and not any(texts[1:])
        shown = cells[:1] if spans else cells
        width = len(cells) if spans else 1
        line = {"number": number, "cells": cells, "shown": shown, "span": width}
        grid.append(line | {"heading": heading})
    return found.letters, grid


def _css(text: str, in_row: bool, in_column: bool) -> str:
    place = "hit" if in_row and in_column else "in" if in_row or in_column else ""
    return f"{place} r".strip() if NUMBER.fullmatch(text) else place


def _heading(grid: list[dict[str, Any]], column: str, letters: list[str], row: int) -> str:
    """The words of the heading rows above a column, without the title that spans the sheet."""
    if column not in letters:
        return "—"
    at = letters.index(column)
    above = [line["cells"][at]["text"] for line in grid if line["heading"] and line["number"] < row]
    return " ".join(text for text in above if text) or "—"


def _note(grid: list[dict[str, Any]]) -> str:
    numbers = [line["number"] for line in grid]
    gaps = any(b - a > 1 for a, b in itertools.pairwise(numbers))
    if gaps:
        return _("表头之后跳到这一行附近；原文件按收到时的样子留存。")
    return _("原文件按收到时的样子留存。")
