"""The record of an enterprise (一企一档): figures with source marks, land, grades, changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuhao.core.register import Field
from wuhao.evaluation import selectors as evaluation
from wuhao.registers import selectors
from wuhao.registers.register import GRADE_KIND, SCALES, data_year
from wuhao.registers.selectors import SourceCell
from wuhao.runs import selectors as runs
from wuhao.web import lacks
from wuhao.web.city import office_label, word_of
from wuhao.web.display import Shown, Source, day_text, label_of, quantity
from wuhao.web.request import Request
from wuhao.web.shapes import Act, Box, Cell, Column, Fact, FactGroup, Item, Link, Row, Table
from wuhao.web.values import heading, is_number, shown

LAND = "land_m2"


@dataclass(frozen=True)
class Change:
    """A line of the history: when, what, before and after."""

    when: str
    what: str
    pairs: list[tuple[str, str]]


@dataclass(frozen=True)
class Tag:
    """A tag in the head of a record."""

    text: str
    css: str = ""


@dataclass(frozen=True)
class Tab:
    """A leaf of a record."""

    url: str
    label: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class _Years:
    period: int
    sources: Mapping[str, SourceCell] = field(default_factory=dict)


def head(request: Request, page: dict[str, Any], row: Mapping[str, Any], current: str) -> None:
    """Fill the head of the record: grade, line, tags, leaves."""
    key = row["uscc"]
    page["grade"] = row.get("grade") or ""
    page["line"] = [str(row[c]) for c in ("park_name", "sector_name") if row.get(c)]
    scales = {code: str(label) for code, label in SCALES}
    if row.get("scale"):
        page["tags"] = [Tag(scales.get(row["scale"], row["scale"]))]
    page["crumbs"] = [Link(reverse("web:list", args=["enterprise"]), _("企业台账")),
                      Link("", _("一企一档"))]  # fmt: skip
    page["tabs"] = [
        Tab(reverse("web:record", args=["enterprise", key]), _("档案"), current == "record"),
        Tab(reverse("web:relations", args=[key]), _("关联企业"), current == "relations"),
        Tab(reverse("web:record-history", args=[key]), _("变更记录"), current == "history"),
    ]


def complete(
    request: Request, page: dict[str, Any], fields: Sequence[Field], row: Mapping[str, Any]
) -> None:
    """Fill the record of an enterprise with what belongs to it."""
    key = row["uscc"]
    head(request, page, row, "record")
    period = data_year(request.as_of) * 100
    known = selectors.sources(request.viewer, key, period)
    page["groups"] = [_directory(request, page, key), *_year(fields, row, _Years(period, known))]
    land = next((f for f in fields if f.code == LAND), None)
    page["tables"] = [] if land is None else [_land(request, row, period, land)]
    page["tables"] += _events(request, key)
    past = selectors.history(request.viewer, key)
    judged = evaluation.grade_history(request.viewer, key)
    page["boxes"] = [
        *_differing(request, key),
        *_judged(fields, key, judged),
        _grades(fields, past),
        *_related(request, key),
        _names(past),
    ]
    page["tags"] = [
        *page.get("tags", []),
        *(Tag(w, "warn") for w in lacks.in_year(request, key, period)),
    ]
    if judged or runs.sees_drafts(request.viewer):
        url = reverse("web:explain-latest", args=[key])
        page["acts"] = [Act(url, _("得分说明"), main=True)]


def _directory(request: Request, page: dict[str, Any], key: str) -> FactGroup:
    group: FactGroup = page["groups"][0]
    where = selectors.directory_source(request.viewer, key)
    mark = _source_of_row(where)
    facts = [
        Fact(f.label, Shown(f.value.text, f.value.unit, f.value.exact, f.value.state,
                            f.value.kind, mark if f.value.text != "—" else None))
        for f in group.facts
    ]  # fmt: skip
    said = _("截至 %(day)s") % {"day": day_text(request.as_of.on)}
    return FactGroup(group.title, facts, said)


def _year(fields: Sequence[Field], row: Mapping[str, Any], years: _Years) -> list[FactGroup]:
    facts = [
        Fact(heading(f), shown(f, row, by_size=True, source=source_mark(years.sources.get(f.code))))
        for f in fields
        if is_number(f)
    ]
    if not facts:
        return []
    title = _("%(year)s 年度指标") % {"year": years.period // 100}
    return [FactGroup(title, facts, _("评价取这些数"))]


def cell_url(batch_no: str, sheet: str, cell: str) -> str:
    """The page of a source cell; empty where a value was read from no cell."""
    return reverse("web:cell", args=[batch_no, sheet, cell]) if batch_no and cell else ""


def source_mark(cell: SourceCell | None) -> Source | None:
    """The quiet mark behind a value; none for a value that no office handed in."""
    if cell is None or not cell.batch_no:
        return None
    preview = reverse("web:cell-card", args=[cell.batch_no, cell.sheet, cell.cell])
    return Source(
        office_label(cell.office),
        cell.mark or cell.office[:1],
        cell.file_name,
        _("工作表“%(sheet)s”%(cell)s") % {"sheet": cell.sheet, "cell": cell.cell},
        _("批次 %(no)s") % {"no": cell.batch_no},
        cell_url(cell.batch_no, cell.sheet, cell.cell),
        preview if cell.cell else "",
    )


def _source_of_row(where: Mapping[str, Any]) -> Source | None:
    if not where["batch_no"]:
        return None
    batch, sheet, cell = where["batch_no"], where["sheet"], where["cell"]
    return Source(
        office_label(where["office"]),
        where["mark"] or where["office"][:1],
        where["file_name"],
        _("工作表“%(sheet)s”%(cell)s") % {"sheet": sheet, "cell": cell},
        _("批次 %(no)s") % {"no": batch},
        cell_url(batch, sheet, cell),
        reverse("web:cell-card", args=[batch, sheet, cell]) if cell else "",
    )


def _land(request: Request, row: Mapping[str, Any], period: int, land: Field) -> Table:
    held = selectors.tenures(request.viewer, row["uscc"], period)
    rows = [
        Row(
            [
                Cell(Shown(t["parcel_code"], kind="code"), "code", True),
                Cell(Shown(str(t["right"]))),
                Cell(quantity(t["area_m2"], "m2"), "num"),
                Cell(Shown(day_text(t["valid_from"])), "p2"),
                Cell(Shown(f"{t['file_name']} {t['cell']}"), "p2 small"),
            ],
            cell_url(t["batch_no"], t["sheet"], t["cell"]),
        )
        for t in held
    ]
    columns = [
        Column(_("宗地")),
        Column(_("权属")),
        Column(_("面积"), label_of("亩", "mu"), "num"),
        Column(_("起"), css="p2"),
        Column(_("来源"), css="p2"),
    ]
    said = _("%(n)s 宗，%(year)s 年末") % {"n": len(rows), "year": period // 100}
    counted = shown(land, row)
    total = [
        Cell(Shown(_("计入（租出的减去）"))),
        Cell(Shown("")),
        Cell(counted, "num"),
        Cell(Shown(""), "p2"),
        Cell(Shown(""), "p2"),
    ]
    return Table(_("用地"), columns, rows, said, total if rows and counted.text else [])


def _judged(fields: Sequence[Field], key: str, judged: Sequence[Mapping[str, Any]]) -> list[Box]:
    """The years judged, each opening its explanation; nothing where grades are not to be seen."""
    if not any(f.code == "grade" for f in fields):
        return []
    items = [
        Item(
            _("%(year)s 年度") % {"year": one["period"] // 100 + 1},
            reverse("web:explain", args=[one["run"], key]),
            said=_rank_words(one),
            grade=one["grade"],
            right=_("不定级"),
        )
        for one in judged
    ]
    return [Box(_("历年评价"), items=items, empty_say=_("还没有公布过评价结果。"))]


def _rank_words(one: Mapping[str, Any]) -> str:
    if one["rank"] is None:
        return _("不参评")
    words = {"rank": one["rank"], "size": one["group_size"]}
    return _("组内第 %(rank)s 名，共 %(size)s 家") % words


def _grades(fields: Sequence[Field], past: Mapping[str, list[dict[str, Any]]]) -> Box:
    seen = any(f.code == "grade" for f in fields)
    empty = _("还没有公布过档次。") if seen else _("您的岗位看不到档次。")
    items = [_recognised(r) for r in past["recognitions"]]
    return Box(_("档次与认定"), items=items, empty_say=empty)


def _recognised(r: Mapping[str, Any]) -> Item:
    """A grade, or a list on which the enterprise stands, with its days."""
    since = _("自 %(day)s 起") % {"day": day_text(r["valid_from"])}
    if r["kind"] == GRADE_KIND:
        grade = r["level"] if r["level"] in "ABCD" else ""
        return Item(r["document"], said=since, grade=grade, right=r["level"])
    ends = _("至 %(day)s") % {"day": day_text(r["valid_to"])} if r["valid_to"] else ""
    said = " · ".join(part for part in (r["document"], since, ends) if part)
    return Item(recognition_words(r)[0], said=said, right=recognition_words(r)[1])


def recognition_words(r: Mapping[str, Any]) -> tuple[str, str]:
    """A list and a level in the page's words."""
    return word_of("recognition", r["kind"]), word_of("recognition_level", r["level"])


def _events(request: Request, key: str) -> list[Table]:
    """Penalties and accidents, where any are known and the post sees them."""
    found = selectors.events(request.viewer, key)
    rows = [
        Row(
            [
                Cell(Shown(day_text(e["happened_on"])), "nb"),
                Cell(Shown(word_of("event_kind", e["kind"])), "", True),
                Cell(Shown(word_of("accident_level", e["level"]) if e["level"] else "—")),
                Cell(Shown(e["document"]), "p2 small"),
                Cell(Shown(office_label(e["office"])), "p2 small"),
            ],
            cell_url(e["batch_no"], e["sheet"], f"A{e['row']}" if e["row"] else ""),
        )
        for e in found
    ]
    columns = [
        Column(_("日期")),
        Column(_("事项")),
        Column(_("等级")),
        Column(_("文书"), css="p2"),
        Column(_("来源"), css="p2"),
    ]
    said = _("%(n)s 件") % {"n": len(rows)}
    return [Table(_("处罚与事故"), columns, rows, said)] if rows else []


def _differing(request: Request, key: str) -> list[Box]:
    """The fields of which offices say different things; nothing where they agree."""
    lights = {"open": "warn"}
    items = [
        Item(
            one["field_label"],
            reverse("web:disagreement", args=[key, one["field"]]),
            said=_("%(year)s 年度") % {"year": one["year"]},
            light=lights.get(one["settled"], "ok"),
            light_words=one["settled_label"],
        )
        for one in selectors.disagreements_of(request.viewer, key)
    ]
    return [Box(_("部门说法不一"), items=items)] if items else []


def _related(request: Request, key: str) -> list[Box]:
    """Branches, groups and sites that stand today; nothing without any."""
    items = [
        Item(
            one.other_name,
            reverse("web:record", args=["enterprise", one.other]),
            said=one.reason,
            right=relation_words(one.kind, is_head=one.is_head),
        )
        for one in selectors.relations(request.viewer, key)
        if one.undone_at is None and one.valid_to is None
    ]
    return [Box(_("关联企业"), items=items, said=str(len(items)))] if items else []


def relation_words(kind: str, *, is_head: bool) -> str:
    """What the other end of a relation is to this enterprise."""
    other = {
        "branch": (_("分支机构"), _("所属法人")),
        "group": (_("集团成员"), _("集团母公司")),
        "site": (_("在本厂址的企业"), _("厂址的持有者")),
    }[kind]
    return other[0] if is_head else other[1]


def _names(past: Mapping[str, list[dict[str, Any]]]) -> Box:
    items = [Item(n["name"], right=day_text(n["valid_from"])) for n in past["names"]]
    return Box(_("用过的名称"), items=items, said=str(len(items)))


def changes(request: Request, key: str) -> list[Change]:
    """Dated names, parks and recognitions of an enterprise as a history, latest first."""
    past = selectors.history(request.viewer, key)
    found = [
        *_steps(past["names"], _("名称"), lambda r: str(r["name"])),
        *_steps(past["parks"], _("园区"), lambda r: str(r["park"])),
        *_steps(past["recognitions"], _("档次与认定"), _recognition_said),
    ]
    return [change for _day, change in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _recognition_said(r: Mapping[str, Any]) -> str:
    if r["kind"] == GRADE_KIND:
        return f"{r['document']} {r['level']}"
    return " ".join(recognition_words(r))


def _steps(rows: list[dict[str, Any]], what: str, say: Any) -> list[tuple[Any, Change]]:
    """Rows that are latest first, each with the row that it followed."""
    steps = []
    for place, row in enumerate(rows):
        before = say(rows[place + 1]) if place + 1 < len(rows) else ""
        change = Change(day_text(row["valid_from"]), what, [(before, say(row))])
        steps.append((row["valid_from"], change))
    return steps
