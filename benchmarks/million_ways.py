"""The ways that are compared: each reads facts.parquet of a folder and writes a Parquet file."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import million_sql
from benchmarks.million_data import AVERAGED, WEIGHTS, items

Once = Callable[[], None]


def wuhao(folder: Path, digests: bool = True) -> Once:
    """The engine: scheme and snapshot in, results.parquet out, digests of both taken."""
    from wuhao.engine.evaluate import evaluate
    from wuhao.engine.facts import read_snapshot
    from wuhao.engine.outcome import write_results
    from wuhao.engine.scheme import load_scheme

    def once() -> None:
        scheme = load_scheme(folder / "scheme.yaml")
        facts = read_snapshot(folder / "facts.parquet")
        assert facts is not None
        outcome = evaluate(scheme, facts)
        if digests:
            outcome.write_results(folder / "wuhao.parquet")
        else:
            write_results(folder / "wuhao.parquet", outcome.results)

    return once


def without_digests(folder: Path) -> Once:
    """The engine, but nobody asks for the digests."""
    return wuhao(folder, digests=False)


def by_hand(folder: Path, in_order: bool = True) -> Once:
    """The same integer arithmetic written by hand in SQL, without digests."""
    import duckdb

    source = million_sql.statements(folder, in_order)

    def once() -> None:
        with duckdb.connect() as connection:
            connection.execute(million_sql.DIVIDE)
            for statement in source:
                connection.execute(statement)

    return once


def in_any_order(folder: Path) -> Once:
    """The same SQL without its last ORDER BY."""
    return by_hand(folder, in_order=False)


def in_pandas(folder: Path) -> Once:
    """The same method in floating point with pandas, as an analyst would write it; no notes."""
    import pandas

    def once() -> None:
        frame = pandas.read_parquet(folder / "facts.parquet")
        out = frame[["subject", "scale"]].copy()
        total = pandas.Series(0.0, index=frame.index)
        for at, (item, num, den) in enumerate(items()):
            n = frame[num].astype("float64").mask(frame[f"{num}__state"] == 1, 0.0)
            d = frame[den].astype("float64").mask(frame[f"{den}__state"] == 1, 0.0)
            out[f"{item}__num"], out[f"{item}__den"] = n, d
            d = d.where(d > 0)
            both = n.notna() & d.notna()
            sums = pandas.DataFrame({"n": n.where(both), "d": d.where(both)})
            sums = sums.groupby(frame["scale"]).transform("sum")
            out[f"{item}__value"] = n / d
            out[f"{item}__benchmark"] = sums["n"] / sums["d"]
            ratio = (out[f"{item}__value"] / out[f"{item}__benchmark"]).clip(0, 1.5)
            weight = frame["scale"].map({g: w[at] for g, w in WEIGHTS.items()})
            points = ratio * weight
            if at + 1 in AVERAGED:
                points = points.fillna(points.groupby(frame["scale"]).transform("mean"))
            out[f"{item}__score"] = points if item == "item01" else points.fillna(0)
            total = total + out[f"{item}__score"]
        out["total"] = total.round(6)
        keys = ["total", "item01__value", "item02__value", "subject"]
        ordered = out.dropna(subset=["total"]).sort_values(
            keys, ascending=[False, False, False, True]
        )
        out["rank"] = ordered.groupby("scale").cumcount() + 1
        size = out.groupby("scale")["total"].transform("count")
        above, middle = size * 20 // 100, size * 20 // 100 + size * 55 // 100
        conditions = [
            out["rank"] <= above,
            out["rank"] <= middle,
            out["rank"] <= size - -(-size * 5 // 100),
        ]
        out["grade"] = np.where(
            out["rank"].isna(), None, np.select(conditions, ["A", "B", "C"], "D")
        )
        out.to_parquet(folder / "pandas.parquet", compression="zstd")

    return once


def _by_library(folder: Path, name: str, score: Callable[[Any, Any], tuple[Any, Any]]) -> Once:
    """Weighted sums of a library for each group: 12 values, preference, rank; missing is zero."""
    import pandas

    def once() -> None:
        frame = pandas.read_parquet(folder / "facts.parquet")
        out = frame[["subject", "scale"]].copy()
        for item, num, den in items():
            n = frame[num].astype("float64").fillna(0.0)
            out[f"{item}__value"] = (n / frame[den].astype("float64")).fillna(0.0)
        for group, weights in WEIGHTS.items():
            here = out["scale"] == group
            matrix = out.loc[here, [f"{item}__value" for item, _, _ in items()]].to_numpy()
            preference, rank = score(matrix, np.array(weights) / 100)
            out.loc[here, "total"], out.loc[here, "rank"] = preference, rank
        out.to_parquet(folder / f"{name}.parquet", compression="zstd")

    return once


def in_pymcdm(folder: Path) -> Once:
    """WSM of pymcdm over min-max values: its other normalisations refuse zeros."""
    from pymcdm.helpers import rrankdata
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    def score(matrix: Any, weights: Any) -> tuple[Any, Any]:
        preference = WSM(minmax_normalization)(matrix, weights, np.ones(len(weights)))
        return preference, rrankdata(preference)

    return _by_library(folder, "pymcdm", score)


def in_scikit_criteria(folder: Path) -> Once:
    """WeightedSumModel of scikit-criteria over values divided by their sum."""
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.preprocessing.scalers import SumScaler

    def score(matrix: Any, weights: Any) -> tuple[Any, Any]:
        made = skcriteria.mkdm(matrix, [max] * len(weights), weights=weights)
        result = WeightedSumModel().evaluate(SumScaler("matrix").transform(made))
        return result.e_.score, result.rank_

    return _by_library(folder, "scikit_criteria", score)


SQL = "hand-written DuckDB SQL"
WAYS: dict[str, Callable[[Path], Once]] = {
    "wuhao": wuhao,
    "wuhao, digests not asked for": without_digests,
    SQL: by_hand,
    "the same SQL, rows in any order": in_any_order,
    "pandas": in_pandas,
    "pymcdm WSM": in_pymcdm,
    "scikit-criteria WeightedSumModel": in_scikit_criteria,
}
NEEDS = {"pymcdm WSM": "pymcdm", "scikit-criteria WeightedSumModel": "skcriteria"}


def ways() -> list[str]:
    """Return the ways whose libraries are installed."""
    return [name for name in WAYS if name not in NEEDS or find_spec(NEEDS[name])]
