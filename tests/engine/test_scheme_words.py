"""What a reader of the workbook is told of a scheme's methods, in words instead of codes."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.paths import CITY, EXAMPLES
from wuhao.engine.model import Kind
from wuhao.engine.scheme import load_scheme
from wuhao.engine.scheme_words import KEYS, VALUES, kind_text
from wuhao.engine.vocabulary import BENCHMARKS, GRADINGS, SCORES

SCHEMES = sorted(
    path
    for path in [*EXAMPLES.rglob("*.yaml"), *CITY.glob("schemes/**/*.yaml")]
    if not path.name.endswith(".cases.yaml")
)


def test_every_method_and_every_parameter_has_words() -> None:
    words = {**BENCHMARKS, **SCORES, **GRADINGS}
    keys = {key for word in words.values() for key in (*word.params, *word.defaults)}
    assert {name for name in words if ("kind", name) not in VALUES} == set()
    assert keys - KEYS.keys() == set()


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_code_word_of_a_method_is_left_in_a_shipped_scheme(path: Path) -> None:
    scheme = load_scheme(path)
    labels = {group.code: group.label for group in scheme.groups}
    items = scheme.indicators.values()
    kinds = [kind for item in items for kind in (item.benchmark, item.score)]
    kinds += [grades.kind for grades in scheme.gradings()]
    codes = {*BENCHMARKS, *SCORES, *GRADINGS, *labels} - {"none"}
    told = " ".join(kind_text(kind, labels) for kind in kinds if kind.name != "none")
    assert set(re.findall(r"[a-z_]{4,}", told)) & codes == set()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind("maximum", {"times": Decimal(1), "population": "group"}), "最大值"),
        (Kind("fixed", {"value": {"big": Decimal(30)}}), "固定值（数值 规上 30）"),
        (
            Kind("ratio", {"cap": Decimal("1.5"), "floor": Decimal(0), "negative": "zero"}),
            "与基准之比（封顶 1.5，保底 0，负值时 按零计）",
        ),
        (
            Kind("quantile", {"share": Decimal("0.8"), "interpolation": "lower", "times": 2}),
            "分位数（比例 0.8，插值 取较低者，倍数 2）",
        ),
        (
            Kind("shares", {"share": {"A": 20}, "rounding": {"A": "floor"}}),
            "按比例（比例 A 20，取整 A 向下取整）",
        ),
        (Kind("trimmed_mean", {"marks": ("a", "b", "c")}), "去掉最高最低后的平均（评分 a、b、c）"),
    ],
)
def test_a_method_is_told_with_what_differs_from_the_plain_one(kind: Kind, words: str) -> None:
    assert kind_text(kind, {"big": "规上"}) == words
