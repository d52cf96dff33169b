"""What leaves the house through a list: a workbook or a CSV file, stamped and written down."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from wuhao.core import day
from wuhao.core.errors import DomainError
from wuhao.core.register import Field, Page, Query, Register, rows
from wuhao.core.services import log_export
from wuhao.web.display import SCORE, day_text, english, moment, state_name, unit_label
from wuhao.web.listing import chosen
from wuhao.web.request import Request
from wuhao.web.values import heading, is_number, number_of, shown

PIECE = 1000
AT_MOST = 200_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNKNOWN = ("missing", "na")
Line = list[tuple[Field, Any, str]]
Say = Callable[[Page], None]


@dataclass(frozen=True)
class Wanted:
    """What is to be written: a register's rows by a query, these columns, codes put in words."""

    register: Register
    query: Query
    fields: Sequence[Field]
    say: Say | None = None


@dataclass(frozen=True)
class Leaving:
    """What a file that leaves the house is: a code for the export log, a name, and its source."""

    code: str
    label: str
    source: str


def unknown_word(state: str) -> str:
    """What stands in a cell without a number."""
    return _("不适用") if state == "na" else _("未报")


def export(
    request: Request, register: Register, query: Query, source: str, say: Say | None = None
) -> HttpResponse:
    """Answer with the whole filtered list as a file: the shown columns, base units, exact.

    `say` puts words in place of a page's codes, as the list itself does.
    The purpose is asked for and written into the file and the export log. Raises DomainError
    without a purpose, for a visitor, or for more than 200,000 rows.
    """
    _purpose(request)
    first = rows(register, request.viewer, request.as_of, replace(query, page=1, size=PIECE))
    fields = chosen(request, register, first.fields)
    lines = list(_lines(request, Wanted(register, query, fields, say)))
    return _answer(request, Leaving(register.code, str(register.label), source), fields, lines)


def export_rows(
    request: Request, leaving: Leaving, fields: Sequence[Field], found: Iterable[Mapping[str, Any]]
) -> HttpResponse:
    """Answer with plain rows as a file, as `export` does. Raises DomainError without a purpose."""
    _purpose(request)
    return _answer(
        request, leaving, fields, [[(f, *_plain(f, row)) for f in fields] for row in found]
    )


def _purpose(request: Request) -> str:
    purpose = str(request.POST.get("purpose", "")).strip()
    if not purpose:
        raise DomainError(_("导出要写明用途。请填写用途后再导出。"))
    return purpose


def _answer(
    request: Request, leaving: Leaving, fields: Sequence[Field], lines: list[Line]
) -> HttpResponse:
    purpose = _purpose(request)
    form = "csv" if request.POST.get("format") == "csv" else "xlsx"
    stamp = _stamp(request, leaving, purpose)
    body = _csv(fields, lines, stamp) if form == "csv" else _xlsx(fields, lines, stamp)
    digest = hashlib.sha256(body).hexdigest()
    log_export(request.viewer, leaving.code, purpose, rows=len(lines), digest=digest)
    answer = HttpResponse(body, content_type=XLSX if form == "xlsx" else "text/csv; charset=utf-8")
    name = f"{leaving.label}_{day.today():%Y%m%d}.{form}"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _lines(request: Request, wanted: Wanted) -> Iterator[Line]:
    page = 1
    while True:
        piece = replace(wanted.query, page=page, size=PIECE)
        found = rows(wanted.register, request.viewer, request.as_of, piece)
        if wanted.say is not None:
            wanted.say(found)
        for row in found.rows:
            yield [(f, *_plain(f, row)) for f in wanted.fields]
        if len(found.rows) < PIECE:
            return
        page += 1
        if page * PIECE > AT_MOST:
            raise DomainError(_("一次最多导出 20 万行，请先筛选。"))


def _plain(column: Field, row: Mapping[str, Any]) -> tuple[Any, str]:
    """A cell's value and its state; a missing number stays words, a confirmed zero a 0."""
    state = state_name(row.get(f"{column.code}__state"))
    raw = row[column.code]
    if state in UNKNOWN:
        return unknown_word(state), state
    if not is_number(column):
        return ("" if raw in (None, "") else shown(column, row).text), state
    if state == "zero":
        return 0, state
    if raw is None:
        return (unknown_word("missing") if column.state_of else ""), "missing"
    return number_of(column, raw), state


def _stamp(request: Request, leaving: Leaving, purpose: str) -> list[tuple[str, str]]:
    viewer = request.viewer
    return [
        (_("名称"), leaving.label),
        (_("导出"), f"{viewer.office_name} {viewer.name}"),
        (_("时间"), moment(day.now())),
        (_("用途"), purpose),
        (_("数据截至"), day_text(request.as_of.on)),
        (_("来源"), leaving.source),
        (_("单位"), _("数值为基本单位的精确值，单位写在列名后")),
        (_("保管"), _("内部资料 注意保存")),
    ]


def _title(column: Field) -> str:
    unit = _("分") if column.unit == SCORE else unit_label(column.unit) if column.unit else ""
    if not unit:
        return heading(column)
    return f"{heading(column)} ({unit})" if english() else f"{heading(column)}（{unit}）"


def _number_format(column: Field) -> str:
    """Thousands in groups, and as many decimals as the column keeps."""
    exponent = Decimal(column.quantum).as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _xlsx(fields: Sequence[Field], lines: list[Line], stamp: list[tuple[str, str]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet = book.add_worksheet(_("数据"))
    looks = [book.add_format({"num_format": _number_format(f)}) for f in fields]
    for place, column in enumerate(fields):
        sheet.write_string(0, place, _title(column), head)
        sheet.set_column(place, place, 30 if column.code == "name" else 16)
    for at, line in enumerate(lines, start=1):
        for place, (column, value, state) in enumerate(line):
            if is_number(column) and state not in UNKNOWN:
                sheet.write_number(at, place, value, looks[place])
            else:
                sheet.write_string(at, place, str(value))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_footer(f"&L{stamp[1][1]} {stamp[2][1]}  {stamp[-1][1]}&R&P / &N")
    notes = book.add_worksheet(_("口径说明"))
    notes.set_column(0, 1, 24)
    for at, (label, text) in enumerate(stamp):
        notes.write_string(at, 0, label, head)
        notes.write_string(at, 1, text)
    book.close()
    return out.getvalue()


def _csv(fields: Sequence[Field], lines: list[Line], stamp: list[tuple[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["# " + "；".join(f"{label} {text}" for label, text in stamp)])
    writer.writerow([_title(column) for column in fields])
    for line in lines:
        writer.writerow([_harmless(column, value) for column, value, _state in line])
    return ("\N{ZERO WIDTH NO-BREAK SPACE}" + out.getvalue()).encode()


def _harmless(column: Field, value: Any) -> str:
    """Text that a spreadsheet would run as a formula is kept from it."""
    text = str(value)
    return f"'{text}" if not is_number(column) and text[:1] in ("=", "+", "-", "@") else text
