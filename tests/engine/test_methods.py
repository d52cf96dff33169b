"""Every method of scoring, comparing and filling in, on random populations: the engine, on one
thread and on eight, gives what the oracle gives, to the last digit."""

import copy
import random
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import CONTENT, population, scales
from wuhao.engine.evaluate import evaluate

TABLE = [
    {"at_least": "20", "share": "1"},
    {"at_least": "5.5", "share": "0.6"},
    {"at_least": "-1", "share": "0.2"},
]
ITEMS: dict[str, dict[str, Any]] = {
    "from a base up": {"score": {"kind": "min_max", "base": "0.2"}},
    "less is better": {"score": {"kind": "min_max", "better": "less"}},
    "between all": {"score": {"kind": "min_max", "base": "0.333333", "population": "all"}},
    "reverse": {"score": {"kind": "reverse"}},
    "reverse within limits": {"score": {"kind": "reverse", "cap": "1.2", "floor": "0.1"}},
    "intervals": {"score": {"kind": "interval", "table": TABLE}},
    "intervals above nothing": {"score": {"kind": "interval", "table": TABLE, "below": "0.1"}},
    "steps by rank": {"score": {"kind": "rank_steps", "step": "0.03", "floor": "0.1"}},
    "steps from the least": {
        "score": {"kind": "rank_steps", "step": "0.004", "better": "less", "population": "all"}
    },
    "the best is the benchmark": {"benchmark": {"kind": "maximum", "times": "0.8"}},
    "the best of all": {"benchmark": {"kind": "maximum", "population": "all"}},
    "total over total of all": {"benchmark": {"kind": "total_over_total", "population": "all"}},
    "mean of all": {"benchmark": {"kind": "mean_of_values", "population": "all", "times": "3"}},
    "a low quantile": {
        "benchmark": {"kind": "quantile", "share": "0.37", "interpolation": "lower"}
    },
    "a high quantile of all": {
        "benchmark": {
            "kind": "quantile", "share": "0.75", "interpolation": "higher", "population": "all"
        }
    },
    "a target of one's own": {"benchmark": {"kind": "target", "of": "goal_yuan / 2"}},
    "a reverse target": {
        "benchmark": {"kind": "target", "of": "goal_yuan"}, "score": {"kind": "reverse"}
    },
    "the median of all": {"benchmark": {"kind": "median", "population": "all", "times": "1.5"}},
    "a quantile between two": {
        "benchmark": {"kind": "quantile", "share": "0.37", "interpolation": "linear"}
    },
    "the median of some": {"benchmark": {"kind": "median", "population": 'scale == "below"'}},
    "the mean of some": {
        "benchmark": {
            "kind": "mean_of_values",
            "population": 'scale == "above" and land_m2 > "3 亩"',
        }
    },
    "the best of some": {"benchmark": {"kind": "maximum", "population": "vetoed == 1"}},
    "the total of some": {"benchmark": {"kind": "total_over_total", "population": "capped == 0"}},
    "one's own last year": {
        "benchmark": {"kind": "previous_year", "of": "goal_yuan", "over": "cod_kg"}
    },
    "the group's last year": {
        "benchmark": {
            "kind": "previous_year", "of": "goal_yuan", "over": "cod_kg", "population": "group"
        }
    },
    "last year of some": {
        "benchmark": {
            "kind": "previous_year", "of": "goal_yuan - refund_yuan", "over": "cod_kg",
            "population": "vetoed == 0",
        }
    },
    "last year as published": {
        "benchmark": {"kind": "previous_year", "value": {"above": "26.01", "below": "16.601"}}
    },
    "completion": {
        "benchmark": {"kind": "target", "of": "goal_yuan"}, "score": {"kind": "completion"}
    },
    "completion within limits": {
        "benchmark": {"kind": "maximum"},
        "score": {"kind": "completion", "cap": "0.9", "floor": "0.1"},
    },
    "distance to a number": {"score": {"kind": "distance", "ideal": "3", "reach": "7.5"}},
    "distance to the highest": {
        "score": {"kind": "distance", "ideal": "highest", "reach": "90", "population": "all"}
    },
    "distance to the lowest": {"score": {"kind": "distance", "ideal": "lowest", "reach": "0.4"}},
    "level and growth": {
        "benchmark": {"kind": "mean_of_values"},
        "score": {
            "kind": "level_growth", "level": "0.6", "cap": "1.2", "full_growth": "0.15",
            "previous": "goal_yuan", "over": "cod_kg",
        },
    },
    "growth on last year": {
        "benchmark": {"kind": "target", "of": "goal_yuan"},
        "score": {
            "kind": "level_growth", "level": "0.333333", "full_growth": "3",
            "previous": "goal_yuan / 3",
        },
    },
    "marks of experts": {
        "score": {
            "kind": "trimmed_mean", "full": "90",
            "marks": ["cod_kg", "so2_kg", "mark_kg", "other_kg"],
        }
    },
    "at least four marks": {
        "score": {
            "kind": "trimmed_mean", "full": "0.5", "fewest": 4,
            "marks": ["cod_kg", "so2_kg", "mark_kg", "other_kg"],
        }
    },
}  # fmt: skip
ABSENT = (
    "zero",
    "reweigh",
    "group_mean_value",
    "group_median_value",
    "group_average",
    {
        "missing": "group_median_value",
        "not_applicable": "reweigh",
        "zero_denominator": "group_mean_value",
        "negative_denominator": "not_graded",
    },
)


def content(item: dict[str, Any], absent: Any) -> dict[str, Any]:
    """The scheme of the populations, whose last item is by the method; it is in both groups."""
    made = copy.deepcopy(CONTENT)
    made["facts"]["goal_yuan"] = {"unit": "yuan", "quantum": "0.01"}
    made["facts"] |= {code: made["facts"]["cod_kg"] for code in ("mark_kg", "other_kg")}
    target = item.get("benchmark", {}).get("kind") == "target"
    changed = {"numerator": "tax_counted", "unit": "万元", **item, "absent": absent}
    if "marks" in item.get("score", {}):
        del changed["numerator"]
        changed["unit"] = "吨"
    elif not target:
        changed |= {"denominator": "emission", "unit": "万元/吨"}
    if "benchmark" not in item and item["score"]["kind"] == "reverse":
        changed["benchmark"] = {"kind": "total_over_total"}
    made["indicators"]["tax"] = {**changed, "status": "default"}
    weights = made["groups"]["above"]["weights"]
    made["groups"]["above"]["weights"] = {**weights, "tax_per_mu": "32.5", "tax": "30"}
    if absent == "reweigh":
        made["groups"]["above"]["weights"] = {"tax_per_mu": "60.5", "tax": "39.5"}
        made["indicators"]["tax_per_mu"]["absent"] = {
            "missing": "reweigh",
            "zero_denominator": "zero",
        }
        made["item"]["absent"] = "reweigh"
        del made["indicators"]["tax_per_ton"]
    return made


TOGETHER = (
    "between all",
    "reverse within limits",
    "intervals",
    "steps by rank",
    "a high quantile of all",
    "a target of one's own",
)
LATER_TOGETHER = (
    "the median of all",
    "a quantile between two",
    "the mean of some",
    "one's own last year",
    "the group's last year",
    "last year of some",
    "last year as published",
    "completion within limits",
    "distance to the highest",
    "level and growth",
    "marks of experts",
)


def methods_together(names: tuple[str, ...] = TOGETHER) -> dict[str, Any]:
    """A scheme of several methods, an item each, with every treatment of absent values in turn."""
    made = content(ITEMS["a target of one's own"], "zero")
    for code in ("tax", "tax_per_ton"):
        del made["indicators"][code]
    codes = [f"m{at}" for at in range(len(names))]
    for at, name in enumerate(names):
        absent = ABSENT[at % len(ABSENT)]
        made["indicators"][codes[at]] = content(ITEMS[name], absent)["indicators"]["tax"]
    for group in made["groups"].values():
        group |= {"aggregate": "arithmetic", "weights": dict.fromkeys(["tax_per_mu", *codes], 1)}
    return made


def people(seed: int, n: int, most: int) -> list[dict[str, Any]]:
    rows = population(seed, n, most)
    made = random.Random(seed)
    for row in rows:
        for code in ("goal_yuan", "mark_kg", "other_kg"):
            row[code] = made.choice([*[made.randint(-most // 20, most)] * 9, None, "n/a", 0])
    return rows


def agree(folder: Path, plan: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Both engines give the same; the oracle knows no flag, which is of class F alone."""
    made, expected = scheme(folder, plan), None
    for threads in (1, 8):
        results = evaluate(made, facts(made, rows), threads=threads).results
        if expected is None:
            expected = Oracle(plan, rows).table(results.schema, scales(made))
        pairs = zip(expected.to_pylist(), results.to_pylist(), strict=True)
        for left, right in pairs:
            assert left == {**right, "flag": right["flag"] if not made.is_float() else None}


def turn(names: list[str]) -> list[tuple[str, Any]]:
    """Every method with one treatment of absent values, every treatment in its turn."""
    return [(name, ABSENT[at % len(ABSENT)]) for at, name in enumerate(names)]


@pytest.mark.parametrize(("name", "absent"), turn(list(ITEMS)), ids=str)
def test_a_method_gives_what_the_oracle_gives(tmp_path: Path, name: str, absent: Any) -> None:
    seed = len(name) * 7 + len(str(absent))
    rows = people(seed, 60, random.Random(seed).choice([3, 300, 10**11]))
    agree(tmp_path, content(ITEMS[name], absent), rows)


@pytest.mark.soak
@pytest.mark.property
@pytest.mark.parametrize("absent", ABSENT, ids=str)
@pytest.mark.parametrize("name", ITEMS)
def test_it_does_so_for_any_size_and_magnitude(tmp_path: Path, name: str, absent: Any) -> None:
    made = random.Random(f"{name} {absent}")
    n, most = made.choice([1, 2, 5, 60, 400]), made.choice([3, 300, 10**6, 10**11, 10**15])
    agree(tmp_path, content(ITEMS[name], absent), people(made.randrange(10**9), n, most))


MEANS = [
    ("harmonic", None),
    ("power", "2"),
    ("geometric", None),
    ("power", "-2"),
    ("arithmetic", None),
    ("power", "0.5"),
    ("harmonic", None),
    ("harmonic", None),
]


@pytest.mark.parametrize(
    ("kind", "exponent", "absent"),
    [(*mean, ["zero", "reweigh", "not_graded"][at % 3]) for at, mean in enumerate(MEANS)],
)
def test_a_mean_gives_what_the_oracle_gives(
    tmp_path: Path, kind: str, exponent: str | None, absent: str
) -> None:
    plan = content({"score": {"kind": "min_max", "base": "0.1"}}, absent)
    for group in plan["groups"].values():
        group["aggregate"] = kind
        if exponent:
            group["exponent"] = exponent
    agree(tmp_path, plan, people(len(kind), 120, 300))
