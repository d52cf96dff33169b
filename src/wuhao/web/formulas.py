"""How each item was computed, with its numbers filled in, its article and its source cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuhao.engine.explain import FactShown, ItemShown
from wuhao.engine.facts import State
from wuhao.registers.selectors import SourceCell
from wuhao.web.city import fact_label, office_label
from wuhao.web.display import grouped, quantity, unit_word
from wuhao.web.enterprise import cell_url
from wuhao.web.scoring import compared, scored

Signs = Mapping[str, int]
LAND = "land_m2"
COUNTED = {
    "按零计": gettext_lazy("按零计"),
    "评价单元有成员未报，不能合计": gettext_lazy("评价单元有成员未报，不能合计"),
}
"""What the engine says of an absent figure, for the English pages."""


@dataclass(frozen=True)
class Step:
    """A step of a formula: words, and either a fraction or a line, and what comes out."""

    say: str
    result: str
    unit: str = ""
    left: str = ""
    top: str = ""
    top_unit: str = ""
    bottom: str = ""
    bottom_unit: str = ""


@dataclass(frozen=True)
class FactLine:
    """A fact behind a formula and the cell that it was read from."""

    label: str
    cell: str
    said: str
    url: str = ""


@dataclass(frozen=True)
class Formula:
    """The formula of an item as its box prints it."""

    anchor: str
    title: str
    said: str
    steps: list[Step]
    facts: list[FactLine]
    article: str
    default: bool
    benchmark_label: str = ""
    benchmark_how: str = ""
    benchmark_said: str = ""


@dataclass(frozen=True)
class Origin:
    """Where an explanation's numbers come from: signs by item, cells by fact, parcels, base."""

    signs: Mapping[str, Signs]
    sources: Mapping[str, SourceCell]
    tenures: Sequence[Mapping[str, Any]]
    base: str


def formulas(items: Sequence[ItemShown], origin: Origin) -> list[Formula]:
    """One box an item, in the order of the scheme."""
    return [_formula(place, item, origin) for place, item in enumerate(items, start=1)]


def _formula(place: int, item: ItemShown, origin: Origin) -> Formula:
    signs = origin.signs.get(item.code, {})
    default = item.status == "default"
    return Formula(
        anchor=f"f-{item.code}",
        title=_("%(item)s怎么算") % {"item": item.label},
        said=_("第 %(n)s 项") % {"n": place},
        steps=_steps(item, signs),
        facts=_lines_of(item, origin),
        article=_article(item),
        default=default,
        benchmark_label=_("目标") if item.method.benchmark == "target" else _("基准"),
        benchmark_how=compared(item, origin.base),
        benchmark_said=_benchmark(item),
    )


def _benchmark(item: ItemShown) -> str:
    """The benchmark, and the article that it comes from where the item comes from another."""
    if item.benchmark is None:
        return ""
    value = f"{grouped(item.benchmark, 4)} {unit_word(item.unit)}"
    return " · ".join(part for part in (value, item.benchmark_basis) if part)


def _article(item: ItemShown) -> str:
    if item.article:
        return item.article
    return _("实施办法正文未公开，权数、封顶和基准为演示默认值")


def _steps(item: ItemShown, signs: Signs) -> list[Step]:
    if item.value is None:
        return [Step(_("没有可算的值"), item.note_text or "—", left=_facts(item.numerator, signs))]
    value = grouped(item.value, 4)
    steps = [_first(item, signs, value)]
    if item.ratio is not None:
        say, left, top, bottom = scored(item)
        steps.append(Step(say, grouped(item.ratio, 4), left=left, top=top, bottom=bottom))
    if item.score is not None:
        weight = grouped(item.weight.normalize(), None if item.weight % 1 else 0)
        left = f"{grouped(item.ratio, 4)} × {weight}" if item.ratio is not None else item.note_text
        say = _("乘以权数 %(weight)s") % {"weight": weight}
        steps.append(Step(say, grouped(item.score, 2), _("分"), left=left))
    return steps


def _first(item: ItemShown, signs: Signs, value: str) -> Step:
    above = _names(item.numerator, signs)
    if not item.denominator:
        return Step(above, value, unit_word(item.unit), left=_facts(item.numerator, signs))
    say = f"{above} ÷ {_names(item.denominator, signs)}"
    return Step(
        say,
        value,
        unit_word(item.unit),
        top=_facts(item.numerator, signs),
        top_unit=_common_unit(item.numerator),
        bottom=_facts(item.denominator, signs),
        bottom_unit=_common_unit(item.denominator),
    )


def _sign(place: int, fact: FactShown, signs: Signs) -> str:
    minus = signs.get(fact.code, 1) < 0
    if place == 0:
        return "\N{MINUS SIGN}" if minus else ""
    return " \N{MINUS SIGN} " if minus else " + "


def _names(facts: Sequence[FactShown], signs: Signs) -> str:
    ordered = _plus_first(facts, signs)
    words = "".join(
        _sign(at, fact, signs) + fact_label(fact.code, fact.label)
        for at, fact in enumerate(ordered)
    )
    return f"（{words}）" if len(ordered) > 1 else words


def _facts(facts: Sequence[FactShown], signs: Signs) -> str:
    ordered = _plus_first(facts, signs)
    return "".join(_sign(at, fact, signs) + _number(fact) for at, fact in enumerate(ordered))


def _plus_first(facts: Sequence[FactShown], signs: Signs) -> list[FactShown]:
    order = {code: place for place, code in enumerate(signs)}
    return sorted(facts, key=lambda f: (signs.get(f.code, 1) < 0, order.get(f.code, 0)))


def _number(fact: FactShown) -> str:
    if fact.value is None:
        return _("未报") if fact.state == State.MISSING else _("不适用")
    return quantity(fact.value, fact.unit).text


def _common_unit(facts: Sequence[FactShown]) -> str:
    units = {quantity(fact.value, fact.unit).unit for fact in facts if fact.value is not None}
    return units.pop() if len(units) == 1 else ""


def _lines_of(item: ItemShown, origin: Origin) -> list[FactLine]:
    """A line a fact; the land's parcels follow it, each with its own cell."""
    lines = []
    for fact in (*item.numerator, *item.denominator):
        if fact.code == LAND and origin.tenures:
            count = _("%(n)s 宗合计") % {"n": len(origin.tenures)}
            lines.append(FactLine(fact_label(fact.code, fact.label), count, _exact(fact)))
            lines += [_parcel(tenure) for tenure in origin.tenures]
        else:
            lines.append(_fact(fact, origin.sources.get(fact.code)))
    return lines


def _parcel(tenure: Mapping[str, Any]) -> FactLine:
    area = quantity(tenure["area_m2"], "m2")
    return FactLine(
        f"{tenure['parcel_code']} {tenure['right']}",
        f"{tenure['sheet']}!{tenure['cell']}",
        f"{tenure['file_name']} · {area.exact}",
        cell_url(tenure["batch_no"], tenure["sheet"], tenure["cell"]),
    )


def _fact(fact: FactShown, cell: SourceCell | None) -> FactLine:
    said, label = _exact(fact), fact_label(fact.code, fact.label)
    if cell is None or not cell.batch_no:
        where = cell.note if cell is not None else ""
        return FactLine(label, where or _("没有来源单元格"), said)
    place = f"{cell.sheet}!{cell.cell}" if cell.cell else cell.note or cell.batch_no
    words = " · ".join(part for part in (office_label(cell.office), cell.file_name, said) if part)
    return FactLine(label, place, words, cell_url(cell.batch_no, cell.sheet, cell.cell))


def _exact(fact: FactShown) -> str:
    if fact.value is None:
        return "，".join(part for part in (_number(fact), _counted(fact)) if part)
    shown = quantity(fact.value, fact.unit)
    text = shown.exact or f"{shown.text} {shown.unit}".strip()
    return _("确认为 0") if fact.state == State.ZERO else text


def _counted(fact: FactShown) -> str:
    """How an absent figure is counted, or why the figure of a unit is absent."""
    return str(COUNTED.get(fact.note, fact.note))


def signs_of(scheme: Any) -> dict[str, dict[str, int]]:
    """The sign of every fact in every item's formula, in the scheme's own order."""
    found: dict[str, dict[str, int]] = {}
    for item in scheme.indicators.values():
        sums = [part for part in (item.numerator, item.denominator) if part is not None]
        signs = {name: sign for part in sums for names, sign in part.terms for name in names}
        found[item.code] = {code: signs[code] for code in scheme.facts if code in signs}
    return found
