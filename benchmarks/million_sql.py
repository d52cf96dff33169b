"""The method of the benchmark written by hand for DuckDB: the same integers, the same columns.

It reads and writes Parquet itself and gives what Wuhao gives, byte for byte; benchmarks check that
by its digest. It is made for this one scheme: no other note, rule or missing value can occur.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.million_data import AVERAGED, WEIGHTS, items

DIVIDE = "create macro rdiv(n, d) as (2 * n + d) // (2 * d)"
AVERAGES = [f"item{at:02d}" for at in AVERAGED]


def statements(folder: Path, in_order: bool) -> list[str]:
    """Three statements: items, scored and ranked, results to Parquet (in key order or in any)."""
    return [_scored(folder), _ranked(), _copied(folder, "order by s.subject" if in_order else "")]


def _scored(folder: Path) -> str:
    """Numerators, denominators, values, benchmarks, points without averages, notes."""
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
    # Where a value is missing so is the quotient: least() would make full marks of it.
    raw = ", ".join(
        f"case when {i}__value >= {i}__benchmark * 3 // 2 + 2 then 150000001 "
        f"else rdiv({i}__value * 100000000, {i}__benchmark) end as {i}__raw"
        for i, _, _ in pairs
    )
    points = ", ".join(
        f"rdiv(case when {i}__raw > 150000000 then 150000000 else {i}__raw end * "
        f"case scale when 'above' then {a} else {b} end, 100) as {i}__points"
        for (i, _, _), a, b in zip(pairs, WEIGHTS["above"], WEIGHTS["below"], strict=True)
    )
    notes = ", ".join(
        f"case when {n} is null or {d} is null then 'missing' when {d} = 0 then 'zero_denominator' "
        f"when {i}__raw > 150000000 then 'capped' end as {i}__note"
        for i, n, d in pairs
    )
    return f"""create temp table scored as
        with f as (select subject, scale, {facts} from '{folder}/facts.parquet'),
        v as (select *, {value} from f),
        b as (select scale, {benchmarks} from f group by scale),
        r as (select v.*, b.* exclude (scale), {raw} from v join b using (scale))
        select *, {points}, {notes} from r"""


def _means() -> str:
    return ", ".join(
        f"rdiv(sum({i}__points), count({i}__points))::bigint as {i}__m" for i in AVERAGES
    )


def _filled() -> str:
    """Scores: the average or zero stands in; without a first item there is no total."""
    made = []
    for i, _, _ in items():
        stand_in = f"{i}__m" if i in AVERAGES else "0"
        made.append(
            f"{i}__points as {i}__score"
            if i == "item01"
            else f"coalesce({i}__points, {stand_in}) as {i}__score"
        )
    return ", ".join(made)


def _ranked() -> str:
    total = " + ".join(f"{i}__score" for i, _, _ in items())
    return f"""create temp table ranked as
        with m as (select scale, {_means()} from scored group by scale),
        s as (select subject, scale, item01__value as v1, coalesce(item02__value, -1) as v2,
            {_filled()}, {total} as total from scored join m using (scale)),
        p as (select subject, scale, total, row_number() over (partition by scale
            order by total desc, v1 desc, v2 desc, subject) as rank,
            count(*) over (partition by scale) as n from s where total is not null),
        c as (select scale, min(total) filter (rank <= n * 20 // 100) as a,
            min(total) filter (rank <= n * 20 // 100 + n * 55 // 100) as b,
            min(total) filter (rank <= n - (n * 5 + 99) // 100) as c from p group by scale)
        select subject, total, rank, n as group_size, case when total >= c.a then 'A'
            when total >= c.b then 'B' when total >= c.c then 'C' else 'D' end as grade
        from p join c using (scale)"""


def _copied(folder: Path, order: str) -> str:
    trace = ", ".join(
        f"{n} as {i}__num, {d} as {i}__den, {i}__value, {i}__benchmark, {i}__score, {i}__note"
        for i, n, d in items()
    )
    return f"""copy (with m as (select scale, {_means()} from scored group by scale),
        s as (select *, {_filled()} from scored join m using (scale))
        select s.subject, scale as "group", null::varchar as excluded,
            case when item01__value is null then item01__note || ':item01' end as ungraded,
            {trace}, total, rank, group_size, group_size as base_size, grade as original_grade,
            grade, null::varchar as adjustments, null::varchar as flag
        from s left join ranked using (subject) {order})
        to '{folder}/hand.parquet' (format parquet, compression zstd)"""
