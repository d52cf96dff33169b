"""A snapshot is taken only whole: every column, key and state that the scheme reads."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.engine.build import facts, one_item, scheme
from wuhao.engine.exact import div
from wuhao.engine.facts import Facts, conform
from wuhao.engine.findings import FactsError
from wuhao.engine.model import Scheme

ROWS = [
    {"subject": "甲", "tax_yuan": 5, "land_m2": 5, "scale": "大"},
    {"subject": "乙", "tax_yuan": 6, "land_m2": 6, "scale": "小"},
]


@pytest.fixture
def made(tmp_path: Path) -> Scheme:
    return scheme(tmp_path, one_item(attributes={"scale": {"label": "规模"}}))


def told(table: pa.Table, made: Scheme) -> list[str]:
    with pytest.raises(FactsError) as refused:
        conform(Facts(table, made.quanta()), made)
    return [str(finding) for finding in refused.value.findings]


def table(made: Scheme, rows: list[dict[str, Any]] = ROWS) -> pa.Table:
    return facts(made, rows).table


def with_column(found: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return found.set_column(found.column_names.index(name), name, values)


def test_every_absent_column_is_told_at_once(made: Scheme) -> None:
    without = table(made).drop_columns(["subject", "tax_yuan", "scale"])
    assert told(without, made) == [
        "facts：scale：缺少属性“规模”的列 scale。",
        "facts：subject：缺少主体代码列 subject。",
        "facts：tax_yuan：缺少数据项“tax_yuan”的列 tax_yuan。",
    ]


def test_an_optional_column_that_is_absent_is_not_reported_by_anybody(tmp_path: Path) -> None:
    made = scheme(tmp_path, one_item(attributes={"scale": {"optional": True}}))
    given = table(made).drop_columns(["scale", "vetoed", "vetoed__state"])
    rows = conform(Facts(given, made.quanta()), made).table.to_pylist()
    assert [(row["scale"], row["vetoed"], row["vetoed__state"]) for row in rows] == [
        (None, None, 2),
        (None, None, 2),
    ]


def test_rows_without_a_key_are_counted_and_not_called_repeated(made: Scheme) -> None:
    keys = pa.array([None, "甲", None, "甲"], pa.string())
    found = with_column(table(made, [*ROWS, *ROWS]), "subject", keys)
    assert told(found, made) == [
        "facts：subject：主体“甲”出现了 2 次。",
        "facts：subject：有 2 行没有主体代码。",
    ]


def test_a_number_without_its_state_is_refused(made: Scheme) -> None:
    without = table(made).drop_columns(["land_m2__state", "vetoed__state"])
    assert told(without, made) == [
        "facts：land_m2：缺少状态列 land_m2__state。",
        "facts：vetoed：缺少状态列 vetoed__state。",
    ]


@pytest.mark.parametrize("state", [4, -1, 1, None])
def test_a_state_that_contradicts_the_value_or_is_none_is_counted(
    made: Scheme, state: int | None
) -> None:
    found = with_column(table(made), "land_m2__state", pa.array([state, 0], pa.int8()))
    assert told(found, made) == ["facts：land_m2：有 1 行的值与状态不符（只有状态 0 才有值）。"]


@pytest.mark.parametrize(
    ("n", "d", "rounded"), [(5, 10, 1), (-5, 10, -1), (4, 10, 0), (-4, 10, 0), (15, 10, 2)]
)
def test_halves_are_rounded_away_from_zero(n: int, d: int, rounded: int) -> None:
    assert div(n, d) == rounded


@pytest.mark.parametrize("d", [0, -3])
def test_nothing_is_divided_by_zero_or_less(d: int) -> None:
    with pytest.raises(ValueError, match="positive divisor"):
        div(1, d)
