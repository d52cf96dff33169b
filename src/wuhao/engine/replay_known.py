"""What can be computed again for one subject, by name: all else is refused.

Whoever adds a word to the vocabulary adds its arithmetic to `benchmarks_again`, `score_columns`,
`replay_item` or `columns`, proves it by the oracle, and then names it here.
"""

from __future__ import annotations

from wuhao.engine.benchmarks_again import BENCHMARKS
from wuhao.engine.columns import AGGREGATES
from wuhao.engine.findings import EngineError
from wuhao.engine.model import Kind, Scheme
from wuhao.engine.word import POPULATIONS
from wuhao.engine.words_more import IDEALS

KNOWN = {
    "基准": {"none", *BENCHMARKS},
    "分位数取法": {"lower", "higher", "linear"},
    "另读的数": {"target", "before", "past"},
    "计分": {"ratio", "completion", "goalposts", "min_max", "reverse", "interval", "rank_steps"}
    | {"distance", "level_growth", "trimmed_mean"},
    "理想值": {"number", *IDEALS},
    "统计范围": {*POPULATIONS, "condition"},
    "合成": set(AGGREGATES),
    "缺项处理": {
        "zero",
        "group_average",
        "not_graded",
        "reweigh",
        "group_mean_value",
        "group_median_value",
        "refuse",
    },
    "加减分": {"bonus", "deduction", "factor"},
    "定档": {"shares", "counts", "thresholds"},
    "调整": {"lift", "cap", "veto"},
}


def check_known(scheme: Scheme) -> None:
    """Refuse methods whose arithmetic is not known here. Raises EngineError."""
    items = [way for code in scheme.indicators for way in scheme.ways(code)]
    kinds = [kind for item in items for kind in (item.benchmark, item.score)]
    used = {
        "基准": {item.benchmark.name for item in items},
        "分位数取法": {k.params["interpolation"] for k in kinds if "interpolation" in k.params},
        "另读的数": {name for item in items for name in item.reads},
        "计分": {item.score.name for item in items},
        "理想值": {ideal_word(item.score) for item in items} - {""},
        "统计范围": {population_word(k) for k in kinds if "population" in k.params},
        "合成": {b.kind for group in scheme.groups for b in group.root.branches()},
        "缺项处理": {how for item in items for how in item.absent.values()},
        "加减分": {line.kind for line in scheme.points},
        "定档": {grades.kind.name for grades in scheme.gradings()},
        "调整": {rule.kind for rule in scheme.adjustments},
    }
    strange = [f"{what} {name}" for what in KNOWN for name in sorted(used[what] - KNOWN[what])]
    if strange:
        raise EngineError(f"方案用了这里还不会复算的方法：{'、'.join(strange)}。")


def population_word(kind: Kind) -> str:
    """Return of whom a number is taken: a word, or those for whom a condition holds."""
    found = str(kind.params["population"])
    return found if found in POPULATIONS else "condition"


def ideal_word(score: Kind) -> str:
    """Return which ideal a score is a distance to: a number, a word, or none at all."""
    ideal = score.params.get("ideal", "")
    return ideal if isinstance(ideal, str) else "number"
