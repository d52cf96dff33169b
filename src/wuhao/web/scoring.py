"""How a value became a score, in a sentence and a line of numbers, for every word of a scheme.

A word that is not named here is told by its rule alone: never by another word's sentence.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from wuhao.engine.explain import ItemShown
from wuhao.web.display import grouped

MINUS = " \N{MINUS SIGN} "
Params = Mapping[str, Any]
Said = tuple[str, str, str, str]
"""The sentence; then a line of numbers, or the top and the bottom of a fraction."""


def scored(item: ItemShown) -> Said:
    """Say how the value of an item became its ratio."""
    say = SCORES.get(item.method.score)
    return say(item) if say else (_("按方案的计分办法"), _number(item.value), "", "")


def compared(item: ItemShown, totals: str) -> str:
    """Say what the benchmark of an item is; `totals` says it of totals of the group."""
    kind, params = item.method.benchmark, item.method.benchmark_params
    if kind == "total_over_total" and params.get("population", "group") == "group":
        said = totals
    else:
        say = BENCHMARKS.get(kind)
        said = say(params) if say else _("按方案的规定")
    times = params.get("times", Decimal(1))
    if times == 1:
        return said
    return _("%(benchmark)s的 %(times)s 倍") % {"benchmark": said, "times": _plain(times)}


def _number(value: Decimal | None) -> str:
    return "—" if value is None else grouped(value, 4)


def _plain(value: Decimal) -> str:
    """A parameter as the scheme writes it."""
    return grouped(value.normalize(), max(0, -int(value.normalize().as_tuple().exponent)))


def _percent(share: Decimal) -> str:
    return f"{_plain(share * 100)}%"


def _ratio(item: ItemShown) -> Said:
    target = item.method.benchmark == "target"
    if item.cap is None:
        say = _("与目标比") if target else _("与基准比")
    else:
        words = _("与目标比，最多算 %(cap)s 倍") if target else _("与基准比，最多算 %(cap)s 倍")
        say = words % {"cap": grouped(item.cap)}
    return say, "", _number(item.value), _number(item.benchmark)


def _reverse(item: ItemShown) -> Said:
    words = _("越小越好：2 减去与基准之比，最高 %(cap)s，最低 %(floor)s")
    if item.method.benchmark == "target":
        words = _("越小越好：2 减去与目标之比，最高 %(cap)s，最低 %(floor)s")
    params = item.method.params
    say = words % {"cap": _plain(params["cap"]), "floor": _plain(params["floor"])}
    return say, f"2{MINUS}{_number(item.value)} ÷ {_number(item.benchmark)}", "", ""


def _goalposts(item: ItemShown) -> Said:
    low, high = (item.method.params[name] for name in ("low", "high"))
    words = _("在下限 %(low)s 与上限 %(high)s 之间的位置")
    if item.method.params["transform"] == "ln":
        words = _("取对数后，在下限 %(low)s 与上限 %(high)s 之间的位置")
        left = f"(ln {_number(item.value)}{MINUS}ln {_plain(low)})"
        left += f" ÷ (ln {_plain(high)}{MINUS}ln {_plain(low)})"
        return words % {"low": _plain(low), "high": _plain(high)}, left, "", ""
    top, bottom = (
        f"{_number(item.value)}{MINUS}{_plain(low)}",
        f"{_plain(high)}{MINUS}{_plain(low)}",
    )
    return words % {"low": _plain(low), "high": _plain(high)}, "", top, bottom


def _min_max(item: ItemShown) -> Said:
    low, high, params = item.method.lowest, item.method.highest, item.method.params
    if low == high:
        return _("各家的值都相同，都得满分"), _number(item.value), "", ""
    less = params["better"] == "less"
    say = _among(item) % {"low": _number(low), "high": _number(high)}
    ends = (high, item.value) if less else (item.value, low)
    top = MINUS.join(_number(end) for end in ends)
    bottom = f"{_number(high)}{MINUS}{_number(low)}"
    if not params["base"]:
        return say, "", top, bottom
    base = _percent(params["base"])
    rest = _percent(1 - params["base"])
    say = _("%(place)s，最差的得 %(base)s") % {"place": say, "base": base}
    return say, f"{base} + {rest} × ({top}) ÷ ({bottom})", "", ""


def _among(item: ItemShown) -> str:
    everyone = item.method.params.get("population") == "all"
    if item.method.params["better"] == "less":
        if everyone:
            return _("越小越好：在全部参评企业最低 %(low)s 与最高 %(high)s 之间的位置")
        return _("越小越好：在同组最低 %(low)s 与最高 %(high)s 之间的位置")
    if everyone:
        return _("在全部参评企业最低 %(low)s 与最高 %(high)s 之间的位置")
    return _("在同组最低 %(low)s 与最高 %(high)s 之间的位置")


def _interval(item: ItemShown) -> Said:
    value, table = item.value or Decimal(0), item.method.params["table"]
    reached = next(((bound, share) for bound, share in table.items() if value >= bound), None)
    if reached is None:
        words = {"low": _plain(min(table)), "share": _percent(item.method.params["below"])}
        return _("按分段表：低于 %(low)s 的得 %(share)s") % words, _number(value), "", ""
    words = {"bound": _plain(reached[0]), "share": _percent(reached[1])}
    return _("按分段表：达到 %(bound)s 的得 %(share)s") % words, _number(value), "", ""


def _rank_steps(item: ItemShown) -> Said:
    params, rank = item.method.params, item.method.rank or 1
    everyone = params.get("population") == "all"
    words = _("同组第 %(rank)s 名：第一名得满分，每后一名少 %(step)s，最低 %(floor)s")
    if everyone:
        words = _("全部参评企业第 %(rank)s 名：第一名得满分，每后一名少 %(step)s，最低 %(floor)s")
    step, floor = _percent(params["step"]), _percent(params["floor"])
    say = words % {"rank": grouped(rank), "step": step, "floor": floor}
    return say, f"100%{MINUS}{rank - 1} × {step}", "", ""


def _distance(item: ItemShown) -> Said:
    ideal, reach = item.method.ideal, _plain(item.method.params["reach"])
    words = {"ideal": _number(ideal), "reach": reach}
    say = _("离理想值 %(ideal)s 越近越好，相差 %(reach)s 及以上不得分") % words
    return say, f"1{MINUS}|{_number(item.value)}{MINUS}{_number(ideal)}| ÷ {reach}", "", ""


def _level_growth(item: ItemShown) -> Said:
    level, found = item.method.params["level"], item.method
    shares = {"level": _percent(level), "growth": _percent(1 - level)}
    say = _("与基准比的水平占 %(level)s，比上年的增长占 %(growth)s") % shares
    left = f"{_number(found.level)} × {shares['level']} + "
    return say, f"{left}{_number(found.growth)} × {shares['growth']}", "", ""


def _trimmed_mean(item: ItemShown) -> Said:
    full = _plain(item.method.params["full"])
    say = _("专家评分去掉最高分和最低分后的平均，满分 %(full)s") % {"full": full}
    return say, "", _number(item.value), full


SCORES: dict[str, Callable[[ItemShown], Said]] = {
    "ratio": _ratio,
    "completion": _ratio,
    "reverse": _reverse,
    "goalposts": _goalposts,
    "min_max": _min_max,
    "interval": _interval,
    "rank_steps": _rank_steps,
    "distance": _distance,
    "level_growth": _level_growth,
    "trimmed_mean": _trimmed_mean,
}


def _who(params: Params) -> str:
    """Of whom a benchmark is taken; a condition is not told, only that there is one."""
    if params.get("population", "group") == "group":
        return _("同组企业")
    return _("全部参评企业") if params["population"] == "all" else _("方案所指的企业")


def _of(words: str, params: Params) -> str:
    return words % {"who": _who(params)}


def _quantile(params: Params) -> str:
    words = _("%(who)s从低到高 %(share)s 处的值")
    return words % {"who": _who(params), "share": _percent(params["share"])}


def _previous_year(params: Params) -> str:
    if "of" not in params:
        return _("公布的上年数")
    if params.get("population", "own") == "own":
        return _("本企业的上年数")
    return _of(_("%(who)s上年合计之比"), params)


BENCHMARKS: dict[str, Callable[[Params], str]] = {
    "total_over_total": lambda params: _of(_("%(who)s合计之比"), params),
    "mean_of_values": lambda params: _of(_("%(who)s的平均值"), params),
    "maximum": lambda params: _of(_("%(who)s的最高值"), params),
    "median": lambda params: _of(_("%(who)s的中位值"), params),
    "quantile": _quantile,
    "fixed": lambda params: _("方案规定的数"),
    "target": lambda params: _("本企业的目标"),
    "previous_year": _previous_year,
}
