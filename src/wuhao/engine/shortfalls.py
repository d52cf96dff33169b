"""What an item lacks for full marks, and which way its value and its facts have to move."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from wuhao.engine.benchmarks_again import before
from wuhao.engine.bounds import Range
from wuhao.engine.exact import quantise
from wuhao.engine.model import Indicator
from wuhao.engine.replay import Replay
from wuhao.engine.replay_item import ItemReplay
from wuhao.engine.row import Terms
from wuhao.engine.score_columns import extreme, falls


def senses(replay: Replay, item: Indicator) -> tuple[int, ...]:
    """Return the signs of the changes of a value that may better its score."""
    ideal = replay.replays[item.code].ideal()
    if ideal is not None:
        return (-1,) if replay.result[f"{item.code}__value"] > ideal else (1,)
    if item.score.name != "interval":
        return (-1,) if falls(item) else (1,)
    params = item.score.params
    rising = [params["below"], *reversed(params["table"].values())]
    pairs = list(pairwise(rising))
    up, down = any(a < b for a, b in pairs), any(a > b for a, b in pairs)
    return tuple(sense for sense, may in ((1, up), (-1, down)) if may)


def slope(replay: Replay, terms: Terms, fact: str) -> int:
    """Return the derivative of a sum by a fact, at the facts as they are."""
    total = 0
    for names, coefficient in terms:
        power = names.count(fact)
        if power:
            rest = list(names)
            rest.remove(fact)
            product = replay.row.sum(((tuple(rest), coefficient * power),))
            total += product.lo if product else 0
    return total


def gaps(replay: Replay) -> dict[str, int]:
    """Return leading fact → the change that gives full marks in every item that it leads.

    Where it leads several, the largest; what has to fall has a change below zero, at most to zero.
    """
    found: dict[str, int] = {}
    for item in replay.items.values():
        for fact, change in _lacking(replay, item).items():
            found[fact] = max(found.get(fact, 0), change, key=abs)
    return {fact: change for fact, change in found.items() if change}


def _lacking(replay: Replay, item: Indicator) -> dict[str, int]:
    """Return leading fact → its change for full marks in one item; of marks, every one leads."""
    if item.marks:
        return _marks_lacking(replay, item)
    gap, fact = _gap(replay, item), _leading(replay, item)
    if not gap or fact is None:
        return {}
    by = -(-abs(gap) // slope(replay, item.numerator.terms, fact))
    if gap > 0:
        return {fact: replay.unit.by_own(fact, by)}
    return {fact: -min(by, max(replay.own.spans[fact].lo, 0))}


def _marks_lacking(replay: Replay, item: Indicator) -> dict[str, int]:
    """Return for every known mark of an item with a value what it has below the full mark."""
    if replay.result[f"{item.code}__value"] is None:
        return {}
    full = Fraction(item.score.params["full"]) / item.factor
    most, spans = -(-full.numerator // full.denominator), replay.own.spans
    return {code: max(most - spans[code].lo, 0) for code in item.marks if code in spans}


def _leading(replay: Replay, item: Indicator) -> str | None:
    """Return the largest fact of the numerator that raises it."""
    spans = replay.own.spans
    rising = [
        fact
        for fact in item.numerator.facts()
        if fact in spans and slope(replay, item.numerator.terms, fact) > 0
    ]
    return max(rising, key=lambda fact: spans[fact].lo, default=None)


def _gap(replay: Replay, item: Indicator) -> int:
    """Return by how much the numerator has to change for full marks, all else as it is."""
    value = replay.result[f"{item.code}__value"]
    full = None if value is None else _full(replay, item, value)
    if full is None:
        return 0
    row, scale = replay.row, item.factor * 10 ** replay.scheme.digits["value"]
    wanted, now = Fraction(full) * row.denominator(item).lo / scale, row.numerator(item).lo
    if full > value:
        return int(max(-(-wanted.numerator // wanted.denominator) - now, 0))
    return int(min(wanted.numerator // wanted.denominator - now, 0))


def _full(replay: Replay, item: Indicator, value: int) -> int | None:
    """Return the nearest value of full marks, None where the value has them or none is known."""
    params, digits, found = item.score.params, replay.scheme.digits, replay.replays[item.code]
    if item.score.name == "interval":
        return _nearest(replay, item, value)
    if item.score.name == "goalposts":
        full = quantise(Fraction(params["high"]), digits["value"])
    elif found.ideal() is not None:
        return None if found.ideal() == value else found.ideal()
    elif item.score.name in ("min_max", "rank_steps") or extreme(item):
        crowd = found.peers.crowd
        full = crowd.lowest(value) if found.falls else crowd.highest(value)
    else:
        against = _against_benchmark(replay, item, found, value)
        if against is None:
            return None
        full = against
    return full if (full < value if found.falls else full > value) else None


def _against_benchmark(
    replay: Replay, item: Indicator, found: ItemReplay, value: int
) -> int | None:
    """Return the value of full marks against the benchmark as it is."""
    digits, cap = replay.scheme.digits, Fraction(item.score.params["cap"])
    bench = replay.result[f"{item.code}__benchmark"]
    if bench is None:
        return None
    unit = Fraction(bench * 10 ** digits["value"], 10 ** digits["benchmark"])
    if found.falls:
        return int((2 - cap) * unit // 1)
    full = max(-(-(cap * unit).numerator // (cap * unit).denominator), _grown(replay, item))
    top = found.peers.crowd.highest(value)
    return min(full, top) if found.at_top(replay.row, Range(top, top)) else full


def _grown(replay: Replay, item: Indicator) -> int:
    """Return the value of full growth on last year; zero where growth earns nothing."""
    past = before(replay.replays[item.code], replay.row)
    if past is None:
        return 0
    full = past.lo * (1 + Fraction(item.score.params["full_growth"]))
    return -(-full.numerator // full.denominator)


def _nearest(replay: Replay, item: Indicator, value: int) -> int | None:
    """Return the nearest value that a table gives its greatest share, the ones above first."""
    params, digits = item.score.params, replay.scheme.digits["value"]
    lines = [(quantise(Fraction(b), digits), share) for b, share in params["table"].items()]
    most = max(params["below"], *params["table"].values())
    ends = [None, *(bound - 1 for bound, _ in lines)]
    spans = [*lines, (None, params["below"])]
    best = [(low, high) for (low, share), high in zip(spans, ends, strict=True) if share == most]
    if any((low is None or low <= value) and (high is None or value <= high) for low, high in best):
        return None
    above = [low for low, _ in best if low is not None and low > value]
    below = [high for _, high in best if high is not None and high < value]
    return min(above) if above else max(below)
