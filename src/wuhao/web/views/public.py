"""What anyone may read without a login: the published A list."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wuhao.evaluation import selectors
from wuhao.web import city
from wuhao.web.display import day_text, grouped, percent
from wuhao.web.request import Request, public
from wuhao.web.shapes import Link

SHOWN_FIRST = 10
WIDTH = 300


@public
def a_list(request: Request, year: int | None = None) -> HttpResponse:
    """The A list of a year, or of the year published last."""
    found = selectors.public_list(year)
    said = found["run"]
    if year is not None and said is None:
        raise Http404(str(year))
    page: dict[str, Any] = {
        "title": _("亩均效益 A 类企业名单"),
        "office": city.issuer_name(),
        "title_1": "",
        "title_2": _("A 类企业名单"),
        "rows": [],
        "ways": _ways(),
        "foot": [],
    }
    if said is not None:
        page |= _published(found)
    return render(request, "web/pages/public.html", {"page": page})


def _published(found: dict[str, Any]) -> dict[str, Any]:
    said, rows = found["run"], found["rows"]
    year = said["period"] // 100 + 1
    above = [row for row in rows if row["group"] == "above"] or rows
    lines = [_line(place, row) for place, row in enumerate(above, start=1)]
    counts = found.get("counts", {})
    graded = sum(counts.values())
    when = {
        "day": day_text(said["published_at"]),
        "year": said["period"] // 100,
    }
    return {
        "title": _("%(year)s 年度亩均效益 A 类企业名单") % {"year": year},
        "title_1": _("%(year)s 年度亩均效益") % {"year": year},
        "lead": _lead(len(rows), graded),
        "said": _("%(day)s公布 · 数据年 %(year)s · 公布后不再改动") % when,
        "list_title": _("规上企业，按总分名次"),
        "rows": lines[:SHOWN_FIRST],
        "rest": lines[SHOWN_FIRST:],
        "rest_title": _("看其余 %(n)s 家") % {"n": grouped(len(lines[SHOWN_FIRST:]))},
        "rest_said": _("名单只写企业和档次；税收等数额经企业书面授权才公开。"),
        "distribution": _distribution(counts, graded),
        "distribution_said": _("不定级的企业不在其内。"),
        "foot": [
            _("依据：%(title)s") % {"title": said["title"]},
            _("名单校验码 %(digest)s") % {"digest": said["result_digest"][:16]},
        ],
    }


def _lead(listed: int, graded: int) -> str:
    if not graded:
        words = ngettext("%(n)s 家企业评为 A 类。", "%(n)s 家企业评为 A 类。", listed)
        return words % {"n": grouped(listed)}
    return _("%(graded)s 家参评企业里，%(n)s 家评为 A 类，占 %(share)s。") % {
        "graded": grouped(graded),
        "n": grouped(listed),
        "share": percent(listed, graded),
    }


def _line(place: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "rank": place,
        "first": place <= 3,
        "name": row["name"],
        "said": f"{row['park']} · {row['code']}" if row["park"] else row["code"],
        "why_not": "",
    }


def _distribution(counts: dict[str, int], graded: int) -> list[dict[str, Any]]:
    largest = max(counts.values(), default=0) or 1
    return [
        {
            "grade": grade,
            "count_text": _("%(n)s 家") % {"n": grouped(counts.get(grade, 0))},
            "width": counts.get(grade, 0) * WIDTH // largest,
            "share": percent(counts.get(grade, 0), graded),
        }
        for grade in "ABCD"
        if graded
    ]


def _ways() -> list[Link]:
    ways = [Link(reverse("web:login"), _("企业登录，看自己的得分"), said=_("凭信用代码登录"))]
    if number := city.telephone():
        call = _("致电 %(number)s，或登录后在得分说明页查对来源") % {"number": number}
        ways.append(Link(f"tel:{number}", _("对结果有意见"), said=call))
    return ways
