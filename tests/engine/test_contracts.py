"""Every cell of contracts.yaml: what each word of a scheme does with data on which methods fail."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.engine.degenerate import CASES, METHODS, Cell, read, results, run, shown, why
from wuhao.engine.findings import EngineError
from wuhao.engine.vocabulary import ABSENT, AGGREGATES, BENCHMARKS, GRADINGS, SCORES
from wuhao.engine.wording import NOTES


def cells(lost: bool) -> Iterator[Any]:
    for name, method in METHODS.items():
        for case, cell in method["cells"].items():
            if ("refused" in cell) == lost:
                yield pytest.param(name, case, cell, id=f"{name}: {case}")


def refused(name: str, case: str, cell: Cell) -> None:
    """Read the cell as a file; what can be read is evaluated."""
    read(name, cell)
    run(name, {case: cell})


def number(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) else value


@pytest.mark.parametrize(("name", "case", "cell"), list(cells(lost=False)))
def test_each_cell_of_the_contract_holds(name: str, case: str, cell: Cell) -> None:
    found = results(name)[case]
    assert [shown(name, row) for row in found] == [number(value) for value in cell["gives"]]
    assert [why(name, row) for row in found] == cell.get("why", [None] * len(found))


@pytest.mark.parametrize(("name", "case", "cell"), list(cells(lost=True)))
def test_what_the_contract_refuses_is_refused(name: str, case: str, cell: Cell) -> None:
    with pytest.raises(EngineError, match=cell["refused"]):
        refused(name, case, cell)


@pytest.mark.parametrize("strange", ["-Infinity", "NaN", "sNaN", "inf", "1e400"])
def test_what_is_refused_of_infinity_is_refused_of_what_is_like_it(strange: str) -> None:
    with pytest.raises(EngineError, match=r"不是有限的数|超出|太大"):
        read("score.ratio", {"x": [1, strange]})


def test_every_word_has_every_cell() -> None:
    words = {"score": SCORES, "benchmark": BENCHMARKS, "absent": ABSENT, "aggregate": AGGREGATES,
             "grading": GRADINGS}  # fmt: skip
    named = {name.partition(",")[0] for name in METHODS}
    assert named == {f"{kind}.{word}" for kind, found in words.items() for word in found}
    for method in METHODS.values():
        assert tuple(method["cells"]) == CASES
        for cell in method["cells"].values():
            assert {word for word in cell.get("why", []) if word} <= set(NOTES)


SCORED = [name for name in METHODS if name.startswith("score.") and "trimmed" not in name]
TREATED = [f"absent.{name}" for name in ABSENT if name != "refuse"]
LAND = {
    "zero": {"x": [30, 10, 20, 999], "by": [1, 1, 1, 0]},
    "missing": {"x": [30, 10, 20, 999], "by": [1, 1, 1, None]},
    "negative": {"x": [30, 10, 20, 999], "by": [1, 1, 1, -1]},
}


@pytest.mark.parametrize("name", [*SCORED, *TREATED])
def test_zero_or_missing_land_is_never_the_best_firm(name: str) -> None:
    """The last of each has the most tax and no land; all else, also the other item, is equal."""
    more = {"last": [10] * 4, "b": [5] * 4}
    for found in run(name, {case: {**cell, **more} for case, cell in LAND.items()}).values():
        landless = found[-1]
        assert landless["x__value"] is None
        ranks = [row["rank"] for row in found[:-1]]
        assert sorted(ranks)[0] == 1
        assert landless["rank"] is None or landless["rank"] > 1
        best = max(row["total"] for row in found[:-1])
        assert landless["total"] is None or landless["total"] < best


def test_who_is_out_under_reweigh_is_not_scored_on_the_item() -> None:
    """The one exception: where the item is left out, the rest alone decides."""
    cell = {"x": [10, 10, 999], "by": [1, 1, 0], "b": [5, 5, 10]}
    *_, landless = run("absent.reweigh", {"zero": cell})["zero"]
    assert (landless["x__score"], landless["rank"]) == (None, 1)
