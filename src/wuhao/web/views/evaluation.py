"""The evaluation of a year: its runs, one run's steps, its results, and the public list."""

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

from wuhao.core import jobs
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.register import Page, Query, Register, visible
from wuhao.evaluation import selectors, services
from wuhao.evaluation.gaps import RunGap, gaps_of_run
from wuhao.evaluation.register import results_of
from wuhao.reports.selectors import within
from wuhao.runs import selectors as runs
from wuhao.runs.services import PUBLISH
from wuhao.web import charts, lacks
from wuhao.web.display import grouped, moment, percent, short_day, short_digest
from wuhao.web.exports import export
from wuhao.web.jobs import asked_for, with_job
from wuhao.web.listing import ListPage, Words, list_page, query_of
from wuhao.web.request import Request, form_key
from wuhao.web.shapes import Act, Box, Button, Entry, Fig, Form, Link, Step, Wrong

GROUPS = ("above", "below")


def home(request: Request) -> HttpResponse:
    """The latest evaluation that this viewer may see, or how to begin one."""
    seen = runs.runs(request.viewer)
    if request.viewer.own_key:
        return redirect("web:explain-latest", key=request.viewer.own_key)
    if seen:
        return redirect(with_job(request, reverse("web:run", args=[seen[0]["no"]])))
    year = request.as_of.on.year
    page = {
        "title": _("%(year)s 年度亩均效益评价") % {"year": year},
        "purpose": _("还没有算过。部门数据受理之后，先算一份草稿。"),
        "steps_label": _("评价步骤"),
        "steps": _steps(None),
        "job": asked_for(request),
        "next": [_("先看各部门的批次是否都已受理，再计算草稿。")],
        "forms": _compute_forms(request, year),
        "rows": [],
    }
    return render(request, "web/pages/evaluation.html", {"page": page})


def run(request: Request, no: str) -> HttpResponse:
    """One run: steps, how many got each grade, digests, what to do next."""
    return _run_page(request, no, [])


def _run_page(request: Request, no: str, errors: list[Wrong]) -> HttpResponse:
    """The page of a run; with errors, what was refused stands above and beside its field."""
    said = runs.run(request.viewer, no)
    year = said["period"] // 100 + 1
    lacking = _gaps_found(request, said)
    page = {
        "title": _("%(year)s 年度亩均效益评价") % {"year": year},
        "purpose": _purpose(said),
        "acts": _run_acts(request, no),
        "steps_label": _("评价步骤"),
        "steps": _steps(said),
        "figs": _figs(request, no),
        "seals": _seals(said),
        "job": asked_for(request),
        "next": _next(request, said),
        "errors": errors,
        "forms": _forms(request, said, year, errors, lacking),
        "boxes": [_digests(said)],
        "notes": said["notes"],
        "gap_notes": [lacks.note(no, one) for one in lacking],
        "rows": [_run_line(one, no) for one in runs.runs(request.viewer)],
    }
    foot = [(_("方案"), f"{said['scheme']} {short_digest(said['scheme_digest'])}"),
            (_("输入快照"), short_digest(said["facts_digest"])),
            (_("引擎"), _("同一输入重算，结果逐字节相同"))]  # fmt: skip
    context = {"page": page, "foot": foot}
    return render(request, "web/pages/evaluation.html", context, status=400 if errors else 200)


def _gaps_found(request: Request, said: dict[str, Any]) -> list[RunGap]:
    """What a draft lacks, by department (缺数): it may be computed and shown, and says so."""
    if said["status"] != "draft" or not selectors.sees_results(request.viewer):
        return []
    return gaps_of_run(request.viewer, said["no"])


def _purpose(said: dict[str, Any]) -> str:
    words = {"year": said["period"] // 100, "no": said["no"], "state": said["status_label"]}
    return _("数据年 %(year)s · %(no)s · %(state)s") % words


def _steps(said: dict[str, Any] | None) -> list[Step]:
    if said is None:
        names = (_("方案发布"), _("数据受理"), _("计算草稿"), _("公布结果"))
        return [Step(name, "now" if at == 2 else "done" if at < 2 else "")
                for at, name in enumerate(names)]  # fmt: skip
    published = said["published_at"]
    return [
        Step(_("方案发布"), "done", said["scheme"]),
        Step(_("数据受理"), "done", _("账号 %(no)s") % {"no": said["ledger_no"]}),
        Step(_("计算草稿"), "done", short_day(said["created_at"])),
        Step(
            _("公布结果"),
            "done" if published else "now",
            short_day(published) if published else _("待审定"),
        ),
    ]


def _compares(request: Request) -> bool:
    """Whether this viewer sees how enterprises stand to one another: scores, and more than one."""
    return selectors.sees_results(request.viewer) and not request.viewer.own_key


def _run_acts(request: Request, no: str) -> list[Act]:
    if not _compares(request):
        return []
    acts = [Act(f"{reverse('web:results', args=[no])}?f.scale=above", _("看结果"), main=True)]
    if runs.sees_drafts(request.viewer):
        acts.insert(0, Act(reverse("web:changes", args=[no]), _("比上次变了什么")))
    return acts


def _figs(request: Request, no: str) -> list[Fig]:
    if not _compares(request):
        return []
    counts = selectors.grade_counts(request.viewer, no)
    graded = sum(n for grade, n in counts.items() if grade)
    beside = _("不定级 %(n)s 家，不在其内") % {"n": grouped(counts[""])}
    said = " · ".join(part for part in (within(request.viewer), beside) if part)
    return [Fig(_("参评"), grouped(graded), _("家"), said), *_shares(counts, graded)]


def _shares(counts: Any, graded: int) -> list[Fig]:
    return [
        Fig(
            _("%(grade)s 档") % {"grade": grade},
            grouped(counts[grade]),
            _("家"),
            _("占参评 %(graded)s 家的 %(share)s")
            % {"graded": grouped(graded), "share": percent(counts[grade], graded)},
        )
        for grade in "ABCD"
        if graded
    ]


def _seals(said: dict[str, Any]) -> list[str]:
    seals = [
        _("方案 %(digest)s") % {"digest": short_digest(said["scheme_digest"])},
        _("快照 %(digest)s") % {"digest": short_digest(said["facts_digest"])},
        _("结果 %(digest)s") % {"digest": short_digest(said["result_digest"])},
    ]
    return seals + ([_("方案为默认参数，正文未公开")] if said["is_default"] else [])


def _digests(said: dict[str, Any]) -> Box:
    pairs = [
        (_("方案摘要"), said["scheme_digest"]),
        (_("输入摘要"), said["facts_digest"]),
        (_("结果摘要"), said["result_digest"]),
        (_("计算时刻"), moment(said["created_at"])),
        (_("公布时刻"), moment(said["published_at"])),
    ]
    return Box(_("封存"), _("按摘要核对，改动一处即不相符"), pairs=pairs)


def _next(request: Request, said: dict[str, Any]) -> list[str]:
    if not selectors.sees_results(request.viewer):
        return [_("您的岗位看不到企业的得分和档次；公布的 A 类名单人人可看。")]
    if request.viewer.role not in services.MAY_COMPUTE:
        return [_("从结果点开一家企业，看每一分从哪里来。")]
    if said["status"] == "draft":
        return [
            _("看结果和不定级企业，核对有疑问的得分说明。"),
            _("部门更正数据并受理之后，重新计算；输入没变，得到的还是这一份。"),
            _("审定之后写明由哪次会议或哪位负责人审定，再公布。"),
        ]
    return [_("结果已经公布，不再改动。更正数据后重新计算，另成一份草稿。")]


def _forms(
    request: Request,
    said: dict[str, Any],
    year: int,
    errors: list[Wrong],
    lacking: list[RunGap],
) -> list[Form]:
    forms = []
    if said["status"] == "draft" and request.viewer.role in PUBLISH.roles:
        entry = Entry(
            "note", _("审定"), "area", _("写明由哪次会议或哪位负责人审定。"),
            value=request.POST.get("note", ""), error=errors[0].sentence if errors else "",
        )  # fmt: skip
        url = reverse("web:run-publish", args=[said["no"]])
        button = Button("publish", _("公布结果"), "main")
        forms.append(Form(url, [button], [entry], lacks.publish_warning(lacking)))
    return [*forms, *_compute_forms(request, year)]


def _compute_forms(request: Request, year: int) -> list[Form]:
    """The button that computes, for who may; it rests while the page shows such work going on."""
    if request.viewer.role not in services.MAY_COMPUTE:
        return []
    shown = asked_for(request)
    resting = shown is not None and shown["running"]
    url = reverse("web:compute", args=[year])
    return [Form(url, [Button("compute", _("计算草稿"), disabled=resting)])]


def _run_line(said: dict[str, Any], current: str) -> dict[str, Any]:
    return {
        "url": reverse("web:run", args=[said["no"]]),
        "no": said["no"],
        "current": said["no"] == current,
        "state": said["status_label"],
        "when": moment(said["created_at"]),
        "digest": short_digest(said["result_digest"]),
    }


@require_POST
def compute(request: Request, year: int) -> HttpResponse:
    """Register the computing of a draft and show its progress."""
    if request.viewer.role not in services.MAY_COMPUTE:
        raise DomainError(_("只有市局的岗位可以计算评价草稿。"))
    seen = runs.runs(request.viewer)
    key = f"evaluation.compute/{year}/{request.viewer.post_id}/{len(seen)}/{form_key(request)}"
    made = jobs.enqueue("evaluation.compute", {"year": year}, request.viewer, key)
    back = reverse("web:run", args=[seen[0]["no"]]) if seen else reverse("web:evaluation")
    return redirect(f"{back}?job={made.pk}")


@require_POST
def publish(request: Request, no: str) -> HttpResponse:
    """Publish a draft with the words of who decided."""
    try:
        services.publish(no, request.viewer, request.POST.get("note", ""))
    except OutOfScope:
        raise
    except DomainError as error:
        return _run_page(request, no, [Wrong(str(s), "note") for s in error.sentences])
    messages.success(request, _("%(no)s 已公布，档次已记入企业台账。") % {"no": no})
    return redirect("web:run", no=no)


def results(request: Request, no: str) -> HttpResponse:
    """A run's results: distribution, list, export."""
    said = runs.run(request.viewer, no)
    query = query_of(request)
    register = results_of(no)
    found = selectors.results(request.viewer, no, _by_rank(request, register, query))
    _say_reasons(no, found)
    words = Words(
        _("评价结果"),
        _purpose(said),
        _("家"),
        _("%(state)s，%(year)s 年度") % {
            "state": said["status_label"], "year": said["period"] // 100 + 1
        },
        _("这次计算没有结果"),
        _("没有企业进入评价范围。"),
    )  # fmt: skip
    page = list_page(request, register, found, query, words, lambda row: _explained(no, row))
    lacks.mark_rows(request, no, page, found)
    _add_chart(request, page, no, query.filters.get("scale", GROUPS[0]))
    page.crumbs = [Link(reverse("web:run", args=[no]), no), Link("", _("结果"))]
    page.export_url = reverse("web:results-export", args=[no])
    page.acts = [Act(reverse("web:run", args=[no]), _("评价过程"))]
    foot = [
        (_("方案"), f"{said['scheme']} {short_digest(said['scheme_digest'])}"),
        (_("输入快照"), short_digest(said["facts_digest"])),
    ]
    return render(request, "web/pages/results.html", {"page": page, "foot": foot})


def _by_rank(request: Request, register: Register, query: Query) -> Query:
    """Results stand by rank until another order is asked for; those without a rank come last.

    Who may not see the rank gets them by name, which tells nothing of it.
    """
    if query.order:
        return query
    seen = {column.code for column in visible(register, request.viewer)}
    return replace(query, order="rank" if "rank" in seen else "name")


def _say_reasons(no: str, found: Page) -> None:
    """Reasons and adjustments in the scheme's own words instead of their codes."""
    scheme, _lines_of_run = runs.kept(no)
    words = {rule.code: rule.label for rule in scheme.exclusions}
    words |= {rule.code: rule.label for rule in scheme.adjustments}
    for row in found.rows:
        for column in ("excluded", "adjustments"):
            codes = str(row.get(column) or "").split(",")
            row[column] = "、".join(words.get(code, code) for code in codes if code)


def _explained(no: str, row: Any) -> str:
    return reverse("web:explain", args=[no, row["uscc"]])


def _add_chart(request: Request, page: ListPage, no: str, group: str) -> None:
    """The distribution of those in reach; one enterprise alone makes none."""
    if not _compares(request) or group not in GROUPS:
        return
    counts = selectors.grade_counts(request.viewer, no, scale=group)
    page.grades = [(grade, counts[grade]) for grade in "ABCD" if counts[grade]]
    bins = charts.bins_of(selectors.distribution(request.viewer, no, group))
    if bins:
        lines = _lines(no, group)
        page.chart = charts.distribution_options(bins, lines)
        page.chart_table = charts.table_of(bins)
        page.chart_title = _finding(counts)
        scale = _("规上企业") if group == "above" else _("规下企业")
        page.chart_said = " · ".join(part for part in (within(request.viewer), scale) if part)


def _lines(no: str, group: str) -> list[tuple[str, Decimal]]:
    """The borders of the grades of a group, lowest first."""
    scheme, lines = runs.kept(no)
    digits = scheme.digits["score"] if scheme.rank_digits is None else scheme.rank_digits
    found = [
        (_("%(grade)s 线") % {"grade": line.grade}, Decimal(line.standing).scaleb(-digits))
        for line in lines
        if line.group == group and line.standing is not None
    ]
    return sorted(found, key=lambda pair: pair[1])


def _finding(counts: Any) -> str:
    graded = sum(n for grade, n in counts.items() if grade)
    words = {"n": counts["A"], "graded": graded}
    return (
        ngettext(
            "%(graded)s 家参评企业里，%(n)s 家是 A 档",
            "%(graded)s 家参评企业里，%(n)s 家是 A 档",
            graded,
        )
        % words
    )


@require_POST
def results_export(request: Request, no: str) -> HttpResponse:
    """The filtered results as a file, with a purpose."""
    said = runs.run(request.viewer, no)
    source = f"{said['no']} {said['result_digest']}"
    register = results_of(no)
    query = _by_rank(request, register, query_of(request))
    return export(request, register, query, source, lambda found: _say_reasons(no, found))
