"""One million enterprises x 12 indicators with the whole trace: Wuhao beside hand-written SQL of
the same integer arithmetic, pandas and pymcdm. Each contestant runs in a process of its own."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

ROWS = 1_000_000
REPEATS = 5
ITEMS = 12
DENOMINATORS = ("land", "energy", "staff", "revenue")
WEIGHTS = {
    "above": [20, 12, 10, 10, 8, 8, 8, 6, 6, 5, 4, 3],
    "below": [30, 10, 8, 8, 8, 8, 8, 6, 5, 4, 3, 2],
}
AVERAGED = (5, 9)  # items whose absence is filled with the group's average score


def items() -> list[tuple[str, str, str]]:
    """Return (item, numerator fact, denominator fact)."""
    return [(f"item{i:02d}", f"n{i:02d}", DENOMINATORS[i % 4]) for i in range(1, ITEMS + 1)]


def scheme_content() -> dict[str, Any]:
    """The scheme of the benchmark."""
    codes = [f"n{i:02d}" for i in range(1, ITEMS + 1)] + list(DENOMINATORS)
    return {
        "scheme": "million",
        "label": "百万户",
        "doc": {"title": "benchmark"},
        "effective": {"from": "2022-01-01", "to": None},
        "subject": {"column": "subject"},
        "digits": {"value": 6, "benchmark": 6, "ratio": 8, "score": 6},
        "facts": {code: {"unit": "1", "quantum": "0.01"} for code in codes},
        "attributes": {"scale": {}},
        "benchmark": {"kind": "total_over_total", "status": "default"},
        "item": {
            "score": {"kind": "ratio", "cap": "1.5", "floor": "0"},
            "absent": "zero",
            "status": "default",
        },
        "indicators": {
            name: {
                "numerator": num,
                "denominator": den,
                "unit": "1",
                "status": "default",
                **({"absent": "group_average"} if int(name[4:]) in AVERAGED else {}),
                **({"absent": "not_graded"} if name == "item01" else {}),
            }
            for name, num, den in items()
        },
        "groups": {
            group: {
                "when": f'scale == "{group}"',
                "weights": {f"item{i:02d}": w for i, w in enumerate(weights, start=1)},
                "status": "default",
            }
            for group, weights in WEIGHTS.items()
        },
        "tie_break": ["total", "item01", "item02", "subject"],
        "grades": {
            "kind": "shares",
            "order": ["A", "B", "C", "D"],
            "share": {"A": 20, "B": 55, "C": 20, "D": 5},
            "rounding": {"A": "floor", "B": "floor", "C": "rest", "D": "ceil"},
            "status": "default",
        },
    }


def make_data(folder: Path, rows: int) -> None:
    """Write scheme.yaml and facts.parquet (a snapshot: 2 % missing, 1 % confirmed zero)."""
    content = scheme_content()
    (folder / "scheme.yaml").write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    made = np.random.default_rng(20220628)
    scale = np.where(made.random(rows) < 0.7, "above", "below")
    columns: dict[str, Any] = {
        "subject": pa.array([f"91430200{i:010d}" for i in range(rows)]),
        "scale": pa.array(scale),
    }
    for code in content["facts"]:
        draw = made.random(rows)
        state = np.where(draw < 0.02, 2, np.where(draw < 0.03, 1, 0)).astype("int8")
        value = np.exp(made.normal(13, 1.2, rows)).astype("int64") + 1
        columns[code] = pa.array(value, mask=state != 0)
        columns[f"{code}__state"] = pa.array(state)
    quanta = json.dumps({"quanta": dict.fromkeys(content["facts"], "0.01")})
    table = pa.table(columns).replace_schema_metadata({b"wuhao": quanta.encode()})
    pq.write_table(table, folder / "facts.parquet", compression="zstd")


def wuhao(folder: Path) -> Callable[[], dict[str, Any]]:
    """The engine: scheme and snapshot in, results.parquet out, digests taken."""
    from wuhao.engine.evaluate import evaluate
    from wuhao.engine.facts import read_snapshot
    from wuhao.engine.scheme import load_scheme

    def once() -> dict[str, Any]:
        scheme = load_scheme(folder / "scheme.yaml")
        facts = read_snapshot(folder / "facts.parquet")
        assert facts is not None
        outcome = evaluate(scheme, facts)
        pq.write_table(outcome.results, folder / "wuhao.parquet", compression="snappy")
        return grades(folder / "wuhao.parquet")

    return once


def handwritten(folder: Path) -> Callable[[], dict[str, Any]]:
    """The same integer arithmetic written by hand in SQL, without digests."""
    import duckdb

    source = hand_sql(folder)

    def once() -> dict[str, Any]:
        with duckdb.connect() as connection:
            connection.execute("create macro rdiv(n, d) as (2 * n + d) // (2 * d)")
            for statement in source:
                connection.execute(statement)
        return grades(folder / "hand.parquet")

    return once


def hand_sql(folder: Path) -> list[str]:
    """Three statements: items, scored and ranked, results to Parquet."""
    pairs = items()
    columns = dict.fromkeys(code for _, num, den in pairs for code in (num, den))
    facts = ", ".join(f"case {c}__state when 1 then 0 when 0 then {c} end as {c}" for c in columns)
    value = ", ".join(
        f"case when {d} > 0 then rdiv({n} * 1000000, {d}) end as {i}__value" for i, n, d in pairs
    )
    benchmarks = ", ".join(
        f"rdiv(sum({n}) filter ({n} is not null and {d} > 0) * 1000000, "
        f"sum({d}) filter ({n} is not null and {d} > 0))::bigint as {i}__benchmark"
        for i, n, d in pairs
    )
    # least() would turn a missing value into full marks: DuckDB's takes the other argument.
    ratio = ", ".join(
        f"case when {i}__value is null then null "
        f"when {i}__value >= {i}__benchmark * 3 // 2 + 2 then 150000000 "
        f"else least(rdiv({i}__value * 100000000, {i}__benchmark), 150000000) end as {i}__ratio"
        for i, _, _ in pairs
    )
    weights = {
        i: f"case scale when 'above' then {a} else {b} end"
        for (i, _, _), a, b in zip(pairs, WEIGHTS["above"], WEIGHTS["below"], strict=True)
    }
    score = ", ".join(f"rdiv({i}__ratio * ({weights[i]}), 100) as {i}__points" for i in weights)
    averaged = [f"item{at:02d}" for at in AVERAGED]
    means = ", ".join(
        f"rdiv(sum({i}__points), count({i}__points))::bigint as {i}__m" for i in averaged
    )
    filled = {
        i: f"coalesce({i}__points, {i}__m)" if i in averaged else f"coalesce({i}__points, 0)"
        for i in weights
    }
    scores = ", ".join(f"{expression} as {i}__score" for i, expression in filled.items())
    note = ", ".join(
        f"case when {n} is null or {d} is null then 'missing' when {d} = 0 then 'zero_denominator' "
        f"when {i}__ratio = 150000000 and rdiv({i}__value * 100000000, {i}__benchmark) > 150000000 "
        f"then 'capped' end as {i}__note"
        for i, n, d in pairs
    )
    total = " + ".join(f"{i}__score" for i in weights)
    trace = ", ".join(
        f"{n} as {i}__num, {d} as {i}__den, {i}__value, {i}__benchmark, {i}__score, {i}__note"
        for i, n, d in pairs
    )
    return [
        f"""create temp table scored as
        with f as (select subject, scale, {facts} from '{folder}/facts.parquet'),
        v as (select *, {value} from f),
        b as (select scale, {benchmarks} from f group by scale),
        r as (select v.*, b.* exclude (scale), {ratio} from v join b using (scale))
        select *, {score}, {note} from r""",
        f"""create temp table ranked as
        with m as (select scale, {means} from scored group by scale),
        s as (select subject, scale, item01__value as v1, coalesce(item02__value, -1) as v2,
            {scores}, case when v1 is not null then {total} end as total
            from scored join m using (scale)),
        p as (select subject, scale, total, row_number() over (partition by scale
            order by total desc, v1 desc, v2 desc, subject) as rank,
            count(*) over (partition by scale) as n from s where total is not null),
        c as (select scale, min(total) filter (rank <= n * 20 // 100) as a,
            min(total) filter (rank <= n * 20 // 100 + n * 55 // 100) as b,
            min(total) filter (rank <= n - (n * 5 + 99) // 100) as c from p group by scale)
        select subject, total, rank, n as group_size, case when total >= c.a then 'A'
            when total >= c.b then 'B' when total >= c.c then 'C' else 'D' end as grade
        from p join c using (scale)""",
        f"""copy (with m as (select scale, {means} from scored group by scale),
        s as (select *, {scores} from scored join m using (scale))
        select s.subject, scale as "group", {trace}, total, rank, group_size, grade
        from s left join ranked using (subject) order by s.subject)
        to '{folder}/hand.parquet' (format parquet)""",
    ]


def in_pandas(folder: Path) -> Callable[[], dict[str, Any]]:
    """The same method in floating point with pandas, as an analyst would write it."""
    import pandas

    def once() -> dict[str, Any]:
        frame = pandas.read_parquet(folder / "facts.parquet")
        out = frame[["subject", "scale"]].copy()
        total = pandas.Series(0.0, index=frame.index)
        for at, (item, num, den) in enumerate(items()):
            n = frame[num].astype("float64").mask(frame[f"{num}__state"] == 1, 0.0)
            d = frame[den].astype("float64").mask(frame[f"{den}__state"] == 1, 0.0)
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
        out.to_parquet(folder / "pandas.parquet")
        return grades(folder / "pandas.parquet")

    return once


def in_pymcdm(folder: Path) -> Callable[[], dict[str, Any]]:
    """TOPSIS of pymcdm on the same 12 values: another method, shown for its cost."""
    import pandas
    from pymcdm.methods import TOPSIS

    def once() -> dict[str, Any]:
        frame = pandas.read_parquet(folder / "facts.parquet")
        values = []
        for _, num, den in items():
            n = frame[num].astype("float64").fillna(0.0)
            values.append((n / frame[den].astype("float64")).fillna(0.0).to_numpy())
        matrix = np.column_stack(values)
        weights = np.array(WEIGHTS["above"]) / 100
        preference = TOPSIS()(matrix, weights, np.ones(ITEMS))
        rank = pandas.Series(preference).rank(ascending=False)
        out = pandas.DataFrame({"subject": frame["subject"], "total": preference, "rank": rank})
        out.to_parquet(folder / "pymcdm.parquet")
        return {}

    return once


CONTESTANTS = {
    "wuhao": wuhao,
    "hand-written DuckDB SQL": handwritten,
    "pandas": in_pandas,
    "pymcdm TOPSIS": in_pymcdm,
}


def grades(path: Path) -> dict[str, Any]:
    """Count the grades of a result and add up its totals: contestants must agree."""
    table = pq.read_table(path, columns=["grade", "total"])
    counts = table.group_by("grade").aggregate([("total", "count")]).to_pylist()
    found = {str(row["grade"]): row["total_count"] for row in counts if row["grade"]}
    total = sum(v for v in table.column("total").to_pylist() if v is not None)
    return {
        "grades": dict(sorted(found.items())),
        "sum": int(total) if isinstance(total, int) else total,
    }


def contest(name: str, folder: Path, repeats: int) -> dict[str, Any]:
    """Run one contestant in this process; return its times, its memory, its counts."""
    started = time.perf_counter()
    once = CONTESTANTS[name](folder)
    imported = time.perf_counter() - started
    times, processor = [], []
    answer: dict[str, Any] = {}
    for _ in range(repeats):
        started, before = time.perf_counter(), time.process_time()
        answer = once()
        times.append(time.perf_counter() - started)
        processor.append(time.process_time() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "first": imported + times[0],
        "median": statistics.median(times),
        "cpu": statistics.median(processor),
        "peak": peak,
        **answer,
    }


def run(rows: int = ROWS, repeats: int = REPEATS) -> list[str]:
    """Run every contestant in its own process and return the section of docs/benchmarks.md."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_data(folder, rows)
        found = {name: _apart(name, folder, repeats) for name in CONTESTANTS}
    return report(found, rows, repeats)


def _apart(name: str, folder: Path, repeats: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.engine_million", name, str(folder), str(repeats)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def report(found: dict[str, dict[str, Any]], rows: int, repeats: int) -> list[str]:
    """Return the lines of the table."""
    base = found["hand-written DuckDB SQL"]["median"]
    same = found["wuhao"]["grades"] == found["hand-written DuckDB SQL"]["grades"]
    sums = found["wuhao"]["sum"] == found["hand-written DuckDB SQL"]["sum"]
    lines = [
        f"## One scheme over {rows:,} enterprises, {ITEMS} indicators, with trace",
        "",
        f"Parquet in, Parquet out. Median of {repeats} runs; “first” has imports and compilation.",
        "",
        "| way | first, s | median, s | ratio to SQL | processor, s | peak memory, MB |",
        "|---|---|---|---|---|---|",
    ]
    for name, cell in found.items():
        times = f"{cell['first']:.2f} | {cell['median']:.2f} | {cell['median'] / base:.2f}"
        lines.append(f"| {name} | {times} | {cell['cpu']:.2f} | {cell['peak']:.0f} |")
    equal = "the same" if same and sums else "NOT the same"
    return [
        *lines,
        "",
        f"Wuhao and the hand-written SQL give {equal} grades and sum of totals:",
        f"{found['wuhao']['grades']}. Wuhao's time includes checking the facts, compiling",
        "the scheme and the sha256 digests of facts and results, which the others do not take.",
        "pandas works in floating point; pymcdm computes another method (TOPSIS) and is shown",
        "for its cost only.",
        "",
    ]


if __name__ == "__main__":
    print(json.dumps(contest(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
