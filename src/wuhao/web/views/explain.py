"""Why an enterprise got its grade: from the total back to the cells of the workbooks."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.core.errors import OutOfScope
from wuhao.engine.explain import Explanation, UnitShown
from wuhao.evaluation import selectors
from wuhao.evaluation.explaining import Explained, explanation, lifting
from wuhao.runs import selectors as runs
from wuhao.web import charts, lacks
from wuhao.web.charts import Distribution
from wuhao.web.display import grouped, short_digest
from wuhao.web.formulas import Origin, formulas, signs_of
from wuhao.web.lifting import lift_table
from wuhao.web.request import Request
from wuhao.web.shapes import Act, Link
from wuhao.web.waterfall import Waterfall, waterfall


def latest(request: Request, key: str) -> HttpResponse:
    """The explanation in the latest run that this viewer may see."""
    seen = runs.runs(request.viewer)
    if not seen:
        raise OutOfScope(_("还没有公布过评价结果。公布之后，这里说明每一分从哪里来。"))
    if not request.viewer.own_key:
        return redirect("web:explain", no=seen[0]["no"], key=key)
    judged = selectors.grade_history(request.viewer, key)
    if not judged:
        raise OutOfScope(_("已公布的评价里没有本企业。公布之后才入名录的，下一次评价时参评。"))
    return redirect("web:explain", no=judged[0]["run"], key=key)


def explain(request: Request, no: str, key: str) -> HttpResponse:
    """The waterfall, each item's formula with its numbers, and the cells behind them."""
    found = explanation(request.viewer, no, key)
    trace, said = found.trace, found.run
    drawn = waterfall(trace)
    scheme, _lines = runs.kept(no)
    origin = Origin(signs_of(scheme), found.sources, found.tenures, _base(trace))
    page = {
        "name": found.name,
        "purpose": _purpose(found),
        "crumbs": _crumbs(found),
        "acts": _acts(request, found),
        "grade": trace.grade or trace.excluded_text or trace.ungraded_text,
        "total": "—" if trace.total is None else grouped(trace.total, 2),
        "verdict": _verdict(trace, said),
        "pairs": _pairs(trace),
        "lacks": lacks.of_one(request, no, key),
        "distribution": _distribution(request, found),
        "finding": _finding(trace, drawn),
        "rows": drawn.rows,
        "lines": drawn.lines,
        "scale": drawn.scale,
        "total_width": drawn.total_width,
        "sum_note": _sum_note(found),
        "banded": found.is_banded,
        "formulas": [] if found.is_banded else formulas(trace.items, origin),
        "adjustments": trace.adjustments,
        "lifts_url": "" if found.is_banded else reverse("web:lifts", args=[no, key]),
    }
    foot = [
        (_("方案"), f"{said['scheme']} {short_digest(said['scheme_digest'])}"),
        (_("输入快照"), short_digest(said["facts_digest"])),
        (_("引擎"), _("同一输入重算，结果逐字节相同")),
    ]
    return render(request, "web/pages/explain.html", {"page": page, "foot": foot})


def lifts(request: Request, no: str, key: str) -> HttpResponse:
    """What would lift the enterprise to the next grade; asked for after the page stands."""
    page = lift_table(lifting(request.viewer, no, key))
    return render(request, "web/parts/lifts.html", {"page": page})


def _purpose(found: Explained) -> str:
    said = found.run
    return _("%(name)s · %(year)s 年度（数据年 %(data)s）· %(no)s · %(state)s") % {
        "name": found.name,
        "year": said["period"] // 100 + 1,
        "data": said["period"] // 100,
        "no": said["no"],
        "state": said["status_label"],
    }


def _crumbs(found: Explained) -> list[Link]:
    record = reverse("web:record", args=["enterprise", found.uscc])
    return [
        Link(reverse("web:results", args=[found.run["no"]]), _("评价结果")),
        Link(record, _("一企一档")),
    ]


def _acts(request: Request, found: Explained) -> list[Act]:
    record = reverse("web:record", args=["enterprise", found.uscc])
    acts = [Act(record, _("一企一档"), main=True)]
    if not request.viewer.own_key:
        results = reverse("web:results", args=[found.run["no"]])
        acts.insert(0, Act(results, _("评价结果")))
    return acts


def _verdict(trace: Explanation, said: dict[str, Any]) -> str:
    if not trace.grade:
        return trace.excluded_text or trace.ungraded_text or _("不定级")
    stage = _("公布为") if said["status"] == "published" else _("拟评")
    words = {"stage": stage, "grade": trace.grade}
    above = _line_above(trace)
    if above is None:
        return _("%(stage)s %(grade)s 档") % words
    letter, gap = above
    words |= {"above": letter, "gap": grouped(gap, 2)}
    return _("%(stage)s %(grade)s 档，差 %(above)s 线 %(gap)s 分") % words


def _line_above(trace: Explanation) -> tuple[str, Decimal] | None:
    """The grade just above and how many points it is away; none for the best, or one adjusted."""
    total = trace.total
    if total is None or trace.grade != trace.original_grade:
        return None
    above = [(line.total, line.grade) for line in trace.lines
             if line.total is not None and line.total > total]  # fmt: skip
    if not above:
        return None
    border, letter = min(above)
    return letter, border - total


def _pairs(trace: Explanation) -> list[tuple[str, str]]:
    pairs = []
    if trace.rank is not None:
        size = grouped(trace.group_size or 0)
        pairs.append((_("%(group)s名次") % {"group": trace.group_label}, f"{trace.rank} / {size}"))
    pairs += [
        (_("%(grade)s 线") % {"grade": line.grade}, grouped(line.total, 2))
        for line in trace.lines
        if line.total is not None
    ]
    if trace.original_grade and trace.original_grade != trace.grade:
        pairs.append((_("调整前"), trace.original_grade))
    return pairs + [_unit(unit) for unit in trace.units]


def _unit(unit: UnitShown) -> tuple[str, str]:
    """The unit that an enterprise is evaluated in: its head, and how many members the head has."""
    label = _("合并评价") if unit.kind == "joint" else _("评价单元")
    if not unit.members:
        return label, _("并入 %(head)s") % {"head": unit.head}
    grade = "" if unit.grade is None else _("，%(grade)s 档") % {"grade": unit.grade}
    return label, _("%(n)s 家合并") % {"n": len(unit.members)} + grade


def _distribution(request: Request, found: Explained) -> Distribution | None:
    trace = found.trace
    if trace.total is None or trace.group is None or request.viewer.own_key:
        return None
    counted = selectors.distribution(request.viewer, found.run["no"], trace.group)
    bins = charts.bins_of(counted)
    if len(bins) < 2:
        return None
    said = _("%(group)s企业总分分布，本企业 %(total)s 分") % {
        "group": trace.group_label,
        "total": grouped(trace.total, 2),
    }
    return charts.distribution(bins, _borders(trace), trace.total, said)


def _borders(trace: Explanation) -> list[tuple[str, Decimal]]:
    lines = [(line.grade, line.total) for line in trace.lines if line.total is not None]
    below = {"A": "B", "B": "C", "C": "D"}
    marks = [(f"{below.get(grade, '')} | {grade}", total) for grade, total in lines]
    return sorted(marks, key=lambda pair: pair[1])


def _finding(trace: Explanation, drawn: Waterfall) -> str:
    if trace.excluded_text:
        return _("不参评：%(why)s") % {"why": trace.excluded_text}
    worst = drawn.worst
    if worst is None or worst.score is None:
        return _("各项与基准相比")
    lost = worst.weight - worst.score
    if lost <= 0:
        return _("每一项都达到了基准")
    words = {"n": len(drawn.rows), "item": worst.label, "lost": grouped(lost, 2)}
    return _("%(n)s 项之中，%(item)s失分最多，失 %(lost)s 分") % words


def _sum_note(found: Explained) -> str:
    if found.trace.excluded_text:
        return _("不参评的企业不算分，也不占档次名额。")
    if found.is_banded:
        return _("您的岗位只看各项与基准相比的大致位置，看不到企业的数额和得分。")
    return _("各项先按全部小数相加，最后保留两位，与逐项相加可差 0.01。")


def _base(trace: Explanation) -> str:
    if trace.base_size is None:
        return _("同组合计之比")
    return _("同组 %(n)s 家合计之比") % {"n": grouped(trace.base_size)}
