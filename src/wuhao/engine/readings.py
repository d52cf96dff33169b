"""What a word of an item reads for every subject beside the item's value: a target, last year's
number, the marks of experts, who is compared with whom."""

from __future__ import annotations

from fractions import Fraction

from wuhao.engine.draft import Draft
from wuhao.engine.expression import Condition
from wuhao.engine.findings import listed, nearest
from wuhao.engine.marks import Mark
from wuhao.engine.model import Kind, Quotient, Sum
from wuhao.engine.sums import UnitMismatch, quotient_factor
from wuhao.engine.word import POPULATIONS


def factor_of(mark: Mark, numerator: Sum, denominator: Sum | None) -> Fraction:
    """Return the factor from numerator over denominator to a unit, which must be theirs."""
    try:
        return quotient_factor(mark.text(), numerator, denominator)
    except UnitMismatch as error:
        mark.wrong(str(error))
        return Fraction(1)


def read_quotients(
    mark: Mark, found: dict[str, Mark], benchmark: Kind, score: Kind, draft: Draft
) -> dict[str, Quotient]:
    """Read the numbers that benchmark and score take of every subject, in the item's unit."""
    made: dict[str, Quotient | None] = {}
    unit = found["unit"]
    if "of" in benchmark.params:
        own = benchmark.params.get("population", "own") == "own"
        name = "target" if own else "past"
        made[name] = _quotient(found.get("benchmark", mark), benchmark, "of", unit, draft)
    if "previous" in score.params:
        made["before"] = _quotient(found.get("score", mark), score, "previous", unit, draft)
    return {name: quotient for name, quotient in made.items() if quotient is not None}


def _quotient(mark: Mark, kind: Kind, name: str, unit: Mark, draft: Draft) -> Quotient | None:
    inner = mark.meant([name, "over"])
    above = draft.sum_of(kind.params[name], inner.get(name, mark))
    over = kind.params.get("over")
    below = None if over is None else draft.sum_of(over, inner.get("over", mark))
    if above is None or (over is not None and below is None):
        return None
    return Quotient(above, below, factor_of(unit, above, below))


def read_among(mark: Mark, benchmark: Kind, draft: Draft) -> Condition | None:
    """Read the condition that a population is, where it is not one of the words."""
    text = benchmark.params.get("population", "group")
    words = POPULATIONS if "of" in benchmark.params else POPULATIONS[:2]
    if text in words:
        return None
    inner = mark.meant(["population"]).get("population", mark)
    if text.isidentifier():
        shown = f"{listed(words)}、一个条件"
        inner.wrong(f"“{text}”不在可选项内；接受 {shown}{nearest(text, words)}")
        return None
    return draft.condition_of(text, inner)


def read_marks(mark: Mark, found: dict[str, Mark], score: Kind, draft: Draft) -> Sum | None:
    """Read the facts that hold the marks of experts; all in one unit and quantum."""
    for name in ("numerator", "denominator"):
        if name in found:
            found[name].wrong(f"score 为 trimmed_mean 时不写 {name}，评分写在 marks。")
    place, codes = found.get("score", mark), score.params["marks"]
    strange = [code for code in codes if code not in draft.facts]
    for code in (code for code in strange if code not in draft.faulty):
        place.wrong(f"marks 中没有名为“{code}”的数据项{nearest(code, draft.facts)}")
    if strange:
        return None
    if len({(draft.facts[code].unit, draft.facts[code].digits) for code in codes}) > 1:
        place.wrong("marks 各项的 unit 与 quantum 应相同。")
        return None
    made = draft.sum_of(" + ".join(codes), place)
    text = f"trimmed_mean({', '.join(codes)})"
    return None if made is None else Sum(text, made.terms, made.scale, made.unit)
