"""Every cell of contracts.yaml: what each verb does with data on which methods fail."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import yaml

from tests.engine.index.build import number, table, values
from tests.paths import ROOT
from wuhao.engine.findings import EngineError
from wuhao.engine.index.aggregate import METHODS as MEANS
from wuhao.engine.index.aggregate import aggregate
from wuhao.engine.index.ahp import ahp
from wuhao.engine.index.denominate import denominate
from wuhao.engine.index.impute import STATISTICS, impute, impute_constant
from wuhao.engine.index.normalise import METHODS, normalise
from wuhao.engine.index.reasons import ABSENT, REASONS
from wuhao.engine.index.table import Table
from wuhao.engine.index.treat import LOGS, log, winsorise
from wuhao.engine.index.weights import critic, entropy, equal, given

CASES = ("zero", "negative", "missing", "constant", "tied", "infinite", "empty", "one")
CONTRACTS = yaml.safe_load((ROOT / "tests/engine/index/contracts.yaml").read_text(encoding="utf-8"))
Cell = dict[str, Any]


def cells() -> Iterator[Any]:
    for name, method in CONTRACTS["methods"].items():
        for case, cell in method["cells"].items():
            yield pytest.param(name, method.get("call", {}), cell, id=f"{name}: {case}")


def exact(call: dict[str, Any]) -> dict[str, Any]:
    """Parameters as the verbs take them: numbers are decimals, counts stay counts."""
    whole = ("max_points", "cap", "clip")
    return {
        name: value
        if name in whole or (isinstance(value, str) and not value[0].isdigit())
        else number(value)
        for name, value in call.items()
    }


def single(cell: Cell) -> Table:
    groups = {"g": cell["g"]} if "g" in cell else None
    return table(groups, **{code: cell[code] for code in ("x", "by") if code in cell})


def pair(cell: Cell) -> Table:
    return table(a=cell["a"], b=cell["b"])


def shares(found: Table, parts: list[str]) -> Table:
    """Show the weights of the parts as a column; a part without one is found by aggregate."""
    whole = table(**{part: [1] for part in parts})
    aggregate(whole.weigh(found.weights), "total", parts, method="arithmetic")
    return table(x=[found.weights[part] for part in parts])


def run_given(cell: Cell) -> Table:
    weights = {code: Decimal(str(weight)) for code, weight in cell["weights"].items()}
    return shares(given(table(z=[1]), weights), cell.get("parts", [*weights]))


def run_ahp(cell: Cell) -> Table:
    judged = {
        a: {b: Decimal(str(v)) for b, v in row.items()} for a, row in cell["judgements"].items()
    }
    return shares(ahp(table(z=[1]), cell["parts"], judgements=judged), cell["parts"])


def run_mean(method: str) -> Callable[..., Table]:
    def run(cell: Cell, **call: Any) -> Table:
        found = aggregate(equal(pair(cell), "ab"), "x", "ab", method=method, **call)
        return found

    return run


VERBS: dict[str, Callable[..., Table]] = {
    "denominate": lambda cell: denominate(single(cell), "x", by="by"),
    "impute.constant": lambda cell, **call: impute_constant(single(cell), "x", **call),
    "treat.winsorise": lambda cell, **call: winsorise(single(cell), "x", **call),
    "weights.given": run_given,
    "weights.equal": lambda cell: shares(equal(pair(cell), "ab"), ["a", "b"]),
    "weights.entropy": lambda cell: shares(entropy(pair(cell), "ab"), ["a", "b"]),
    "weights.critic": lambda cell: shares(critic(pair(cell), "ab"), ["a", "b"]),
    "weights.ahp": run_ahp,
    **{f"aggregate.{m}": run_mean(m) for m in MEANS},
    **{
        f"impute.{m}": lambda cell, m=m, **call: impute(single(cell), "x", method=m, **call)
        for m in STATISTICS
    },
    **{f"treat.{m}": lambda cell, m=m: log(single(cell), "x", method=m) for m in LOGS},
    **{
        f"normalise.{m}": lambda cell, m=m, **call: normalise(single(cell), "x", method=m, **call)
        for m in METHODS
    },
}


def verb(name: str) -> Callable[..., Table]:
    return VERBS[name.split(" by ")[0].split(",")[0]]


@pytest.mark.parametrize(("name", "call", "cell"), [*cells()])
def test_each_cell_of_the_contract_holds(name: str, call: dict[str, Any], cell: Cell) -> None:
    if "refused" in cell:
        with pytest.raises(EngineError, match=cell["refused"]):
            verb(name)(cell, **exact(call))
        return
    found = verb(name)(cell, **exact(call))
    shown = [None if v is None else round(v, 6) for v in values(found)]
    assert shown == [number(v) for v in cell["gives"]]
    if not name.startswith("weights"):
        why = cell.get("why")
        expected = [why if v is None else None for v in shown] if isinstance(why, str) else why
        assert list(found.columns["x"].notes) == (expected or [None] * len(shown))


def swapped(cell: Any, strange: str) -> Any:
    if isinstance(cell, dict):
        return {name: swapped(inner, strange) for name, inner in cell.items()}
    if isinstance(cell, list):
        return [swapped(inner, strange) for inner in cell]
    return strange if cell == "Infinity" else cell


@pytest.mark.parametrize("strange", ["-Infinity", "NaN", "sNaN"])
def test_what_is_refused_of_infinity_is_refused_of_nan(strange: str) -> None:
    for name, method in CONTRACTS["methods"].items():
        cell = swapped(method["cells"]["infinite"], strange)
        with pytest.raises(EngineError, match="有限"):
            verb(name)(cell, **exact(method.get("call", {})))


def test_every_verb_has_every_cell_and_every_absence_has_a_reason() -> None:
    named = {name.split(" by ")[0].split(",")[0] for name in CONTRACTS["methods"]}
    assert named == set(VERBS)
    for method in CONTRACTS["methods"].values():
        assert tuple(method["cells"]) == CASES
        for cell in method["cells"].values():
            why = cell.get("why", [])
            for word in [why] if isinstance(why, str) else why:
                assert word is None or word in REASONS
            for value, word in zip(cell.get("gives", []), why, strict=False):
                assert isinstance(why, str) or (value is None) == (word in ABSENT)


def test_the_page_is_what_the_contracts_say() -> None:
    tool = ROOT / "tools" / "degenerate.py"
    done = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
