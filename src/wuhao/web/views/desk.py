"""The desk: what waits for me, what I wait for, my figures."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wuhao.core import day
from wuhao.core.errors import OutOfScope
from wuhao.core.exact import from_quanta
from wuhao.evaluation import selectors as results
from wuhao.evaluation import services as evaluation
from wuhao.evaluation.gaps import wanted_tables
from wuhao.evaluation.register import SCORE_QUANTUM
from wuhao.intake import selectors as intake
from wuhao.intake import services as handing_in
from wuhao.registers import selectors as registers
from wuhao.reports.figures import FigureValue, figure_value
from wuhao.runs import selectors as runs
from wuhao.web.city import office_label, title_of, words_of
from wuhao.web.display import grouped, label_of, local_day, moment, short_day
from wuhao.web.lights import due_light
from wuhao.web.request import Request
from wuhao.web.shapes import Act, Fig, Item, Link
from wuhao.web.views.reports import fig_of

MINE = (
    "enterprises_above_scale",
    "graded_enterprises",
    "grade_a_share",
    "tax_per_mu_above_scale",
    "batches_accepted",
)


# What a batch's status says of its table, the least first.
STANDS = ("withdrawn", "returned", "draft", "submitted", "accepted")


@dataclass(frozen=True)
class Group:
    """Things to do of one kind."""

    title: str
    items: list[Item]
    bad: bool = False


@dataclass(frozen=True)
class Desk:
    """Everything the desk template prints."""

    say: str
    groups: list[Group]
    awaited: list[Item]
    figures: list[Fig]
    figures_say: str
    figures_url: str
    acts: list[Act]
    offices: list[Item]
    offices_say: str
    empty_say: str
    empty_act: Link | None = None
    days: list[Any] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return sum(len(group.items) for group in self.groups)


def desk(request: Request) -> HttpResponse:
    """The page after logging in."""
    found = intake.batches(request.viewer)
    groups = [g for g in (*_to_do(request, found), _own(request)) if g is not None and g.items]
    count = sum(len(group.items) for group in groups)
    words = ngettext("等您办的 %(n)s 件。", "等您办的 %(n)s 件。", count) % {"n": count}
    figures = _figures(request)
    page = Desk(
        say=words if count else _("今天没有等您办的事。"),
        groups=groups,
        awaited=[*_owed(request), *_awaited(request, found)],
        figures=[fig_of(value) for value in figures] or _own_figures(request),
        figures_say=_("截至 %(day)s") % {"day": short_day(request.as_of.on)},
        figures_url=reverse("web:figures") if figures else "",
        acts=_acts(request),
        offices=_offices(request, found),
        offices_say=_("%(year)s 年度") % {"year": request.as_of.on.year - 1},
        empty_say=_("部门报来新的表，或草稿要审定时，会出现在这里。"),
        empty_act=Link(reverse("web:registers"), _("看台账")) if _has_register(request) else None,
    )
    return render(request, "web/pages/desk.html", {"page": page})


def _acts(request: Request) -> list[Act]:
    if intake.templates(request.viewer):
        return [Act(reverse("web:upload"), _("报送数据"), main=True)]
    return []


def _offices(request: Request, found: list[dict[str, Any]]) -> list[Item]:
    """For the bureau: how far each office's table of last year has come.

    The batch that is accepted counts, else the one furthest on its way, the latest of several.
    """
    if request.viewer.role not in handing_in.ACCEPT.roles:
        return []
    period = (request.as_of.on.year - 1) * 100
    latest: dict[str, dict[str, Any]] = {}
    of_year = [one for one in found if one["period"] == period]
    for one in sorted(reversed(of_year), key=lambda b: STANDS.index(b["status"])):
        latest[one["template"]] = one
    return [
        _office(template, latest.get(template.code))
        for template in wanted_tables(request.viewer, request.as_of.on.year)
    ]


def _office(template: Any, one: dict[str, Any] | None) -> Item:
    office = words_of(template.owner).label
    title = f"{template.code} {label_of(template.title, template.title_en)}"
    if one is None:
        return Item(title, said=office, light="bad", light_words=_("未报"))
    light = "ok" if one["status"] == "accepted" else "warn"
    said = _("%(office)s · %(no)s · %(rows)s 行") % {
        "office": office,
        "no": one["no"],
        "rows": grouped(one["rows"]),
    }
    url = reverse("web:batch", args=[one["no"]])
    return Item(title, url, said=said, light=light, light_words=str(one["status_label"]))


def _has_register(request: Request) -> bool:
    return bool(_figures(request)) or bool(request.viewer.own_key)


def _to_do(request: Request, found: list[dict[str, Any]]) -> list[Group]:
    role = request.viewer.role
    by_status: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        by_status.setdefault(one["status"], []).append(one)
    groups = []
    if role in handing_in.ACCEPT.roles:
        waiting = by_status.get("submitted", [])
        groups.append(Group(_("等受理的批次"), [_batch(one, _("受理")) for one in waiting]))
        groups.append(Group(_("等认定的企业"), _matches(request)))
        groups.append(Group(_("等选定的说法"), _disagreements(request)))
        groups.append(Group(_("等审定的评价草稿"), _drafts(request)))
    else:
        groups.append(
            Group(_("要填的表"), [_asked(ask) for ask in intake.open_asks(request.viewer)])
        )
        back = by_status.get("returned", [])
        groups.append(Group(_("退回要改的"), [_batch(one, _("去改")) for one in back], bad=True))
    drafts = by_status.get("draft", [])
    if request.viewer.office and role not in handing_in.ACCEPT.roles:
        groups.append(Group(_("还没有提交的批次"), [_batch(one, _("办理")) for one in drafts]))
    return groups


def _asked(ask: dict[str, Any]) -> Item:
    """A table that the bureau asks this office to fill in."""
    light, words = due_light(ask["days"], answered=False)
    urged = ngettext("催过 %(n)s 次", "催过 %(n)s 次", ask["urged"]) % {"n": ask["urged"]}
    return Item(
        ask["title"],
        reverse("web:collection", args=[ask["code"]]),
        said=urged if ask["urged"] else _("市局收表"),
        light=light,
        light_words=words,
        act=_("去填"),
        due=short_day(ask["due_on"]),
    )


def _owed(request: Request) -> list[Item]:
    """For the bureau: collections that not every office has answered."""
    if request.viewer.role not in handing_in.OPEN.roles:
        return []
    items = []
    for one in intake.collections(request.viewer):
        if one["status"] == "open" and one["answered"] < one["asked"]:
            light, words = due_light(one["days"], answered=False)
            said = _("交齐 %(answered)s / %(asked)s 家") % one
            url = reverse("web:collection", args=[one["code"]])
            items.append(Item(one["title"], url, said=said, light=light, light_words=words))
    return items


def _matches(request: Request) -> list[Item]:
    """One line for all codes and names that nobody could place."""
    count = registers.count_open_matches(request.viewer)
    if not count:
        return []
    title = ngettext("%(n)s 家认不准是谁", "%(n)s 家认不准是谁", count) % {"n": count}
    return [
        Item(
            title,
            reverse("web:matches"),
            said=_("部门写的代码、名称与名录相像而不相同"),
            light="warn",
            light_words=_("待认定"),
            act=_("去认定"),
        )
    ]


def _disagreements(request: Request) -> list[Item]:
    """One line for all fields of which offices differ and nobody chose yet."""
    count = registers.count_open_disagreements(request.viewer)
    if not count:
        return []
    title = ngettext("%(n)s 处部门说法不一", "%(n)s 处部门说法不一", count) % {"n": count}
    return [
        Item(
            title,
            f"{reverse('web:disagreements')}?f.settled=open",
            said=_("企业的名称、园区、规模或用地，几个部门说得不一样"),
            light="warn",
            light_words=_("待选定"),
            act=_("去选定"),
        )
    ]


def _drafts(request: Request) -> list[Item]:
    if request.viewer.role not in evaluation.MAY_COMPUTE:
        return []
    return [
        Item(
            _("审定 %(no)s") % {"no": said["no"]},
            reverse("web:run", args=[said["no"]]),
            said=_("%(title)s · 计算于 %(when)s")
            % {"title": said["title"], "when": moment(said["created_at"])},
            light="warn",
            light_words=_("待审定"),
            act=_("去看"),
        )
        for said in runs.runs(request.viewer)
        if said["status"] == "draft"
    ]


def _batch(one: dict[str, Any], act: str) -> Item:
    light, words = _light(one)
    return Item(
        f"{title_of(one)} · {one['period'] // 100}",
        reverse("web:batch", args=[one["no"]]),
        said=f"{one['no']} · {office_label(one['office'])} · {one['file']}",
        light=light,
        light_words=words,
        act=act,
        due=short_day(one["created_at"]),
    )


def _light(one: dict[str, Any]) -> tuple[str, str]:
    """How long a batch has waited; there is no statutory limit for it, so no date is named."""
    if one["status"] == "draft" and one["errors"]:
        count = one["errors"]
        return "bad", ngettext("%(n)s 处要改", "%(n)s 处要改", count) % {"n": count}
    waited = (day.today() - local_day(one["created_at"])).days
    if waited <= 0:
        return "ok", _("今天收到")
    words = ngettext("等了 %(n)s 天", "等了 %(n)s 天", waited) % {"n": waited}
    return "warn", words


def _own(request: Request) -> Group | None:
    """What an enterprise's contact may do: see how its grade came about."""
    if not request.viewer.own_key:
        return None
    judged = results.grade_history(request.viewer, request.viewer.own_key)[:1]
    items = [
        Item(
            _("看本企业的得分说明"),
            reverse("web:explain", args=[said["no"], request.viewer.own_key]),
            said=said["title"],
            light="idle",
            light_words=str(said["status_label"]),
            act=_("打开"),
        )
        for said in (runs.run(request.viewer, one["run"]) for one in judged)
    ]
    return Group(_("本企业的评价"), items)


def _own_figures(request: Request) -> list[Fig]:
    """Total and rank of the own enterprise in the evaluation published last."""
    if not request.viewer.own_key:
        return []
    last = results.grade_history(request.viewer, request.viewer.own_key)[:1]
    figs = []
    for one in (o for o in last if o["total"] is not None):
        year = _("%(year)s 年度") % {"year": one["period"] // 100 + 1}
        total = grouped(from_quanta(one["total"], Decimal(SCORE_QUANTUM)), 2)
        size = _("共 %(n)s 家") % {"n": grouped(one["group_size"])}
        figs = [
            Fig(_("总分"), total, _("分"), year),
            Fig(_("组内名次"), grouped(one["rank"]), "", size),
        ]
    return figs


def _awaited(request: Request, found: list[dict[str, Any]]) -> list[Item]:
    """For an office: its batches under way. For the bureau: drafts that offices have not sent."""
    status = "draft" if request.viewer.role in handing_in.ACCEPT.roles else "submitted"
    waiting = [one for one in found if one["status"] == status]
    if status == "draft":
        waiting = [one for one in waiting if _table(one) not in _accepted(found)]
    return [
        Item(
            office_label(one["office"]) if status == "draft" else title_of(one),
            reverse("web:batch", args=[one["no"]]),
            said=f"{title_of(one)} {one['no']}",
            light=_light(one)[0],
            light_words=_light(one)[1],
        )
        for one in waiting
    ]


def _table(one: dict[str, Any]) -> tuple[str, int]:
    return one["template"], one["period"]


def _accepted(found: list[dict[str, Any]]) -> set[tuple[str, int]]:
    """The tables of which a batch is accepted: nobody waits for an earlier draft any more."""
    return {_table(one) for one in found if one["status"] == "accepted"}


def _figures(request: Request) -> list[FigureValue]:
    if request.viewer.own_key:
        return []
    try:
        values = [figure_value(request.viewer, code, request.as_of) for code in MINE]
    except OutOfScope:
        return []
    return [value for value in values if not value.missing]
