"""Named figures with their parts and lineage, and official documents as they will print."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.core.units import UNITS
from wuhao.documents import selectors as documents
from wuhao.reports.figures import FigureValue, figure_value, figure_values
from wuhao.reports.letters import letter_page
from wuhao.web import city
from wuhao.web import letter as paper
from wuhao.web.display import day_text, grouped, quantity, short_digest, unit_label, unit_word
from wuhao.web.request import Request
from wuhao.web.shapes import Act, Fig, Item, Link


@dataclass(frozen=True)
class Rule:
    """A check of the paper's form, in the margin."""

    mark: str
    title: str
    said: str


def home(request: Request) -> HttpResponse:
    """Reports open on the figures."""
    return redirect("web:figures")


def fig_of(value: FigureValue) -> Fig:
    """A figure as a named number with its denominator beside it."""
    return Fig(
        label=value.label,
        text=_number(value),
        unit=unit_word(value.figure.rule.unit),
        of=parts_of(value) or value.basis,
        exact=_exact(value),
        share=_share(value),
    )


def _number(value: FigureValue) -> str:
    subject = value.text.removesuffix(value.figure.rule.unit)
    if value.value is None:
        return ""
    number = f"{value.value:f}"
    return subject.replace(number, grouped(value.value)) if number in subject else subject


def _exact(value: FigureValue) -> str:
    return "" if value.numerator is None else grouped(value.numerator)


def _share(value: FigureValue) -> str | None:
    """The length of a rate's bar in hundredths; other figures have none."""
    if value.figure.rule.unit != "%" or value.value is None:
        return None
    return f"{min(max(value.value, Decimal(0)), Decimal(100)):f}"


def parts_of(value: FigureValue) -> str:
    """Numerator over denominator with their units; empty for a figure without one."""
    if value.numerator is None or value.denominator is None:
        return ""
    above, below = value.figure.rule.parts_in
    return f"{_part(value.numerator, above)} ÷ {_part(value.denominator, below)}"


def _part(number: Decimal, unit: str) -> str:
    shown = quantity(number, unit, by_size=True)
    return f"{shown.text} {shown.unit}"


def figures(request: Request) -> HttpResponse:
    """Every named figure that this viewer reaches, with basis and cut-off."""
    found = figure_values(request.viewer, request.as_of)
    known = sum(not value.missing for value in found)
    page = {
        "title": _("数字"),
        "purpose": _("%(n)s 个数，%(known)s 个有数；文书里的数都从这里取。")
        % {"n": len(found), "known": known},
        "crumbs": [Link(reverse("web:reports"), _("报表文书")), Link("", _("数字"))],
        "acts": _acts(request),
        "figures": [_line(value) for value in found],
    }
    return render(request, "web/pages/figures.html", {"page": page})


def _acts(request: Request) -> list[Act]:
    if not documents.may_read(request.viewer):
        return []
    return [Act(reverse("web:letters"), _("文书"))]


def _line(value: FigureValue) -> dict[str, Any]:
    return {
        "url": reverse("web:figure", args=[value.figure.code]),
        "code": value.figure.code,
        "label": value.label,
        "text": _number(value),
        "unit": unit_word(value.figure.rule.unit),
        "exact": _exact(value),
        "parts": parts_of(value) or value.missing,
        "basis": value.basis,
        "cut_off": day_text(value.cut_off),
    }


def figure(request: Request, code: str) -> HttpResponse:
    """One figure: its parts, its basis, and the records behind it."""
    value = figure_value(request.viewer, code, request.as_of)
    page = {
        "title": value.label,
        "purpose": value.basis,
        "crumbs": [Link(reverse("web:figures"), _("数字")), Link("", code)],
        "figs": _figs(value),
        "seals": [
            _("责任单位 %(office)s") % {"office": city.words_of(value.figure.owner).label},
            _("截止 %(day)s") % {"day": day_text(value.cut_off)},
            _("来源摘要 %(digest)s") % {"digest": short_digest(value.lineage_digest)},
        ],
        "lineage_said": _("改动其中一条，来源摘要就变"),
        "lineage": [
            Item(
                part.selector,
                right=_("%(n)s 条") % {"n": grouped(part.count)},
                said=f"{part.source} · {part.filter} · {short_digest(part.digest)}",
            )
            for part in value.lineage
        ],
        "detail": [(label, grouped(count)) for label, count in value.detail],
    }
    return render(request, "web/pages/figure.html", {"page": page})


def _figs(value: FigureValue) -> list[Fig]:
    if value.missing:
        return [Fig(_("缺数"), "—", of=value.missing)]
    figs = [Fig(_("数值"), _number(value), unit_word(value.figure.rule.unit), value.basis)]
    if value.numerator is not None and value.denominator is not None:
        above, below = value.figure.rule.parts_in
        figs += [
            Fig(_("分子"), grouped(value.numerator), _base(above), _("精确值")),
            Fig(_("分母"), grouped(value.denominator), _base(below), _("精确值")),
        ]
    return figs


def _base(unit: str) -> str:
    """The unit in which a part is kept, or the word that counts it."""
    return unit_label(unit) if unit in UNITS else unit_word(unit)


def letters(request: Request) -> HttpResponse:
    """The documents, latest first."""
    found = documents.documents(request.viewer)
    page = {
        "title": _("文书"),
        "purpose": _("正文里的每个数都连着口径和来源。"),
        "crumbs": [Link(reverse("web:reports"), _("报表文书")), Link("", _("文书"))],
        "acts": [Act(reverse("web:figures"), _("数字"))],
        "items": [
            Item(
                one["title"],
                reverse("web:letter", args=[one["ref"]]),
                right=str(one["status_label"]),
                said=f"{one['office']} · {one['kind']} · {day_text(one['created_at'])}",
            )
            for one in found
        ],
    }
    return render(request, "web/pages/letters.html", {"page": page})


def letter_file(request: Request, ref: str) -> FileResponse:
    """The document's latest version as a file."""
    path = documents.file_of(request.viewer, ref)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def letter(request: Request, ref: str) -> HttpResponse:
    """A document as it will print, with the state of every figure beside it."""
    found = letter_page(request.viewer, ref)
    document, content = found.document, found.content
    page = {
        "title": "".join(content.title),
        "purpose": _("%(state)s · 第 %(no)s 稿 · %(day)s")
        % {
            "state": document["status_label"],
            "no": document["version"],
            "day": day_text(document["created_at"]),
        },
        "crumbs": [Link(reverse("web:letters"), _("文书")), Link("", document["ref"])],
        "acts": [Act(reverse("web:letter-file", args=[ref]), _("下载 Word"), main=True)],
        "blocks": [
            *paper.head_blocks(content, content.number or _("（印发时编号）")),
            *paper.body_blocks(content, found.checks),
            *paper.foot_blocks(content),
        ],
        "checks_title": paper.title_of_checks(found.checks),
        "marks": paper.marks(found.checks),
        "rules": [
            Rule(_("版"), _("按 GB/T 9704 排版"), _("版心 156 × 225 毫米，每页 22 行，每行 28 字"))
        ],
    }
    foot = [(_("版式"), "GB/T 9704—2012")]
    return render(request, "web/pages/document.html", {"page": page, "foot": foot})
