"""What a run lacks, enterprise by enterprise, and what changed since the run before it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from wuhao.core.errors import DomainError
from wuhao.core.register import Field
from wuhao.evaluation import changes as compared
from wuhao.evaluation.changes import Brought, Changes, FactChange, Moved
from wuhao.evaluation.gaps import gap_of_run, results_lacking
from wuhao.evaluation.register import SCORE_QUANTUM, results_of
from wuhao.intake import selectors as intake
from wuhao.registers.register import SCALES
from wuhao.registers.selectors import park_names
from wuhao.runs import selectors as runs
from wuhao.web.city import fact_label, words_of
from wuhao.web.display import Shown, grouped, label_of, short_digest
from wuhao.web.exports import Leaving, export_rows
from wuhao.web.lacks import said_offices
from wuhao.web.listing import Words, list_page, query_of
from wuhao.web.request import Request, address, kept
from wuhao.web.shapes import Act, Cell, Column, Link, Row, Table

PAGE = 50
CAUSES = {"own": gettext_lazy("自己的数变了"), "moved": gettext_lazy("只因基准或名次变动")}
RESULT = ("total", "rank", "grade")


def gap(request: Request, no: str, template: str) -> HttpResponse:
    """The enterprises of a run that a table still to come leaves as 未报."""
    said = runs.run(request.viewer, no)
    lacking = gap_of_run(request.viewer, no, template)
    query = replace(query_of(request), filters={}, text="", order="")
    found = results_lacking(request.viewer, no, lacking, query)
    title = label_of(lacking.title, lacking.title_en)
    words = Words(
        _("缺 %(offices)s 的数") % {"offices": said_offices([lacking])},
        _("“%(title)s”还没有受理时算的 %(no)s：这些企业的相应指标按未报计。")
        % {"title": title, "no": said["no"]},
        _("家"),
        empty_title=_("没有企业因此按未报计"),
        empty_say=_("这些指标另有来源。"),
    )
    opens = lambda row: reverse("web:explain", args=[no, row["uscc"]])  # noqa: E731
    page = list_page(request, results_of(no), found, query, words, opens)
    page.columns = [replace(column, sort_url="") for column in page.columns]
    page.filters = []
    page.crumbs = [Link(reverse("web:run", args=[no]), no), Link("", title)]
    return render(request, "web/pages/list.html", {"page": page})


def changes(request: Request, no: str) -> HttpResponse:
    """Facts, benchmarks and results that changed since the run before, or since one named."""
    found = _found(request, no)
    cause = request.GET.get("cause", "")
    moved = _of_cause(found, cause)
    at, parks = query_of(request).page, park_names(request.viewer)
    shown = moved[(at - 1) * PAGE : at * PAGE]
    page = {
        "title": _("比上次变了什么"),
        "purpose": _purpose(found, no),
        "crumbs": [Link(reverse("web:run", args=[no]), no), Link("", _("变化"))],
        "acts": [Act(reverse("web:run", args=[no]), _("评价过程"))],
        "count_text": grouped(len(moved)),
        "counter": _("家的结果变了"),
        "basis": _quiet(found),
        "tables": _tables(request, found),
        "chips": [],
        "filters": [],
        "causes": _causes(request, found, cause),
        "columns": [
            Column(_("企业")), Column(_("园区"), css="p2"), Column(_("缘由"), css="p2"),
            Column(_("总分"), css="num"), Column(_("组内名次"), css="num p2"), Column(_("档次")),
        ],
        "rows": [_row(no, found, one, parks) for one in shown],
        "shown_say": _("共 %(n)s 家") % {"n": grouped(len(moved))},
        "steps": _steps(request, at, len(moved)),
        "kept_all": kept(request),
        "export_url": reverse("web:changes-export", args=[no]) if found else "",
        "empty_title": _("没有企业的结果变了") if found else _("没有可比的"),
        "empty_say": _("总分、名次、档次都和上次相同。")
        if found
        else _("同一年度、同一方案还没有更早的计算。"),
    }  # fmt: skip
    return render(request, "web/pages/changes.html", {"page": page, "foot": _foot(found)})


def _found(request: Request, no: str) -> Changes | None:
    """The comparison with the run named by `than`, else with the one before; None without one."""
    data = request.GET if request.method == "GET" else request.POST
    than = data.get("than") or compared.run_before(request.viewer, no)
    return None if than is None else compared.changes(request.viewer, than, no)


def _of_cause(found: Changes | None, cause: str) -> Sequence[Moved]:
    if found is None:
        return []
    return [one for one in found.moved if cause not in CAUSES or one.own == (cause == "own")]


def _purpose(found: Changes | None, no: str) -> str:
    if found is None:
        return no
    words = _("%(after)s 与 %(before)s 相比；账号 %(since)s 之后至 %(upto)s 入账的数算进了后一份。")
    return words % {
        "after": found.after["no"],
        "before": found.before["no"],
        "since": found.before["ledger_no"],
        "upto": found.after["ledger_no"],
    }


def _quiet(found: Changes | None) -> str:
    if found is None or not found.quiet:
        return ""
    return _("另有 %(n)s 家自己的数变了，结果没有变") % {"n": grouped(found.quiet)}


def _causes(request: Request, found: Changes | None, chosen: str) -> list[Link]:
    """How many of each cause, each leading to those alone; the one chosen leads back to all."""
    if found is None:
        return []
    own = sum(one.own for one in found.moved)
    counts = {"own": own, "moved": len(found.moved) - own}
    return [
        Link(
            address(request, cause=None if code == chosen else code, page=None),
            f"{label} {grouped(counts[code])}",
            current=code == chosen,
        )
        for code, label in CAUSES.items()
    ]


def _tables(request: Request, found: Changes | None) -> list[Table]:
    if found is None:
        return []
    tables = []
    if found.facts:
        rows = [_fact_row(request, one) for one in found.facts]
        columns = [Column(_("数据")), Column(_("企业"), _("家"), "num"), Column(_("来自批次"))]
        tables.append(Table(_("变了的数据"), columns, rows))
    if found.benchmarks:
        tables.append(_benchmarks(found))
    return tables


def _fact_row(request: Request, one: FactChange) -> Row:
    said = "；".join(_brought(batch) for batch in one.batches)
    return Row(
        [
            Cell(Shown(fact_label(one.code, one.label))),
            Cell(Shown(grouped(one.subjects)), "num"),
            Cell(Shown(said or _("台账的变更，不是批次")), "", main=len(one.batches) == 1),
        ],
        _batch_url(request, one),
    )


def _brought(one: Brought) -> str:
    said = f"{one.batch.batch_no} {words_of(one.batch.office).label}"
    if one.subjects is None:
        return said
    return _("%(batch)s %(n)s 家") % {"batch": said, "n": grouped(one.subjects)}


def _batch_url(request: Request, one: FactChange) -> str:
    if len(one.batches) != 1 or not intake.may_read(request.viewer):
        return ""
    return reverse("web:batch", args=[one.batches[0].batch.batch_no])


def _benchmarks(found: Changes) -> Table:
    scheme, _lines = runs.kept(found.after["no"])
    labels = {code: indicator.label for code, indicator in scheme.indicators.items()}
    scales = {code: str(label) for code, label in SCALES}
    rows = [
        Row(
            [
                Cell(Shown(scales.get(one.group, one.group))),
                Cell(Shown(labels.get(one.item, one.item))),
                Cell(Shown(_two(one.before, one.after, scheme.digits["benchmark"])), "num"),
            ]
        )
        for one in found.benchmarks
    ]
    columns = [Column(_("组")), Column(_("项目")), Column(_("基准"), css="num")]
    return Table(_("变了的基准"), columns, rows)


def _two(before: int | None, after: int | None, digits: int) -> str:
    """A number before and after, from quanta of so many digits."""
    said = [
        "—" if one is None else grouped(Decimal(one).scaleb(-digits).normalize() + 0, 4)
        for one in (before, after)
    ]
    return " → ".join(said)


def _row(no: str, found: Changes | None, one: Moved, parks: Mapping[str, str]) -> Row:
    facts = [] if found is None else [f for f in found.facts if f.code in one.facts]
    changed = "、".join(fact_label(f.code, f.label) for f in facts)
    before, after = one.before or {}, one.after or {}
    totals = [_score(part.get("total")) for part in (before, after)]
    ranks = [_said(part.get("rank")) for part in (before, after)]
    grades = [_grade(part) for part in (one.before, one.after)]
    url = reverse("web:explain", args=[no, one.key]) if one.after else ""
    return Row(
        [
            Cell(Shown(one.name), "", True, changed),
            Cell(Shown(parks.get(one.park, "—")), "p2"),
            Cell(Shown(_cause(one)), "p2 small"),
            Cell(Shown(_arrow(totals)), "num"),
            Cell(Shown(_arrow(ranks)), "num p2"),
            Cell(Shown(_arrow(grades)), "nb"),
        ],
        url,
    )


def _cause(one: Moved) -> str:
    if one.before is None:
        return _("上次没有这家")
    if one.after is None:
        return _("这次没有这家")
    return str(CAUSES["own" if one.own else "moved"])


def _score(total: int | None) -> str:
    return "—" if total is None else grouped(Decimal(total) * Decimal(SCORE_QUANTUM), 2)


def _said(number: int | None) -> str:
    return "—" if number is None else grouped(number)


def _grade(part: Mapping[str, Any] | None) -> str:
    return "—" if part is None else str(part["grade"]) or _("不定级")


def _arrow(two: Sequence[str]) -> str:
    return two[0] if two[0] == two[1] else " → ".join(two)


def _steps(request: Request, at: int, count: int) -> list[Link]:
    steps = []
    if at > 1:
        steps.append(Link(address(request, page=str(at - 1)), _("上一页"), rel="prev"))
    if at * PAGE < count:
        steps.append(Link(address(request, page=str(at + 1)), _("下一页"), rel="next"))
    return steps


def _foot(found: Changes | None) -> list[tuple[str, str]]:
    if found is None:
        return []
    return [
        (_("结果"), f"{one['no']} {short_digest(one['result_digest'])}")
        for one in (found.before, found.after)
    ]


@require_POST
def changes_export(request: Request, no: str) -> HttpResponse:
    """The enterprises whose result changed as a file, with a purpose."""
    found = _found(request, no)
    if found is None:
        raise DomainError(_("同一年度、同一方案还没有更早的计算，没有可比的。"))
    moved = _of_cause(found, str(request.POST.get("cause", "")))
    parks = park_names(request.viewer)
    source = " ".join(f"{one['no']} {one['result_digest']}" for one in (found.before, found.after))
    leaving = Leaving("run_changes", _("评价结果的变化"), source)
    return export_rows(request, leaving, _fields(), (_plain(found, one, parks) for one in moved))


def _fields() -> list[Field]:
    when = (("before", _("上次")), ("after", _("这次")))
    return [
        Field("name", _("企业")),
        Field("uscc", _("统一社会信用代码")),
        Field("park", _("园区")),
        Field("cause", _("缘由")),
        Field("facts", _("变了的数据")),
        *(
            Field(f"total_{code}", said + _("总分"), unit="score", quantum=SCORE_QUANTUM)
            for code, said in when
        ),
        *(Field(f"rank_{code}", said + _("组内名次"), kind="integer") for code, said in when),
        *(Field(f"grade_{code}", said + _("档次")) for code, said in when),
    ]


def _plain(found: Changes, one: Moved, parks: Mapping[str, str]) -> dict[str, Any]:
    labels = {fact.code: fact_label(fact.code, fact.label) for fact in found.facts}
    row: dict[str, Any] = {
        "name": one.name,
        "uscc": one.key,
        "park": parks.get(one.park, ""),
        "cause": _cause(one),
        "facts": "、".join(labels[code] for code in one.facts),
    }
    for when, part in (("before", one.before), ("after", one.after)):
        row |= {f"{code}_{when}": (part or {}).get(code) for code in RESULT}
    return row
