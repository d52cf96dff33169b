"""One million enterprises x 12 indicators with the whole trace: Wuhao beside hand-written SQL of
the same integer arithmetic, pandas, pymcdm and scikit-criteria.

Every run is a process of its own. The ways take turns, so that what else the machine does falls on
all of them; ratios are taken within a round.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.million_data import ITEMS, make_data
from benchmarks.million_ways import SQL, WAYS, ways
from wuhao.engine.digest import table_digest

SIZES = (1_000_000,)
Cell = dict[str, Any]


def run(rows: int, rounds: int, only: list[str] | None = None) -> list[str]:
    """Run every way in turn and return the section of docs/benchmarks.md."""
    names = only or ways()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make_data(folder, rows)
        found: dict[str, list[Cell]] = {name: [] for name in names}
        for _ in range(rounds):
            for name in names:
                found[name].append(_apart(name, folder))
        same = _same_bytes(folder)
    return report(found, rows, rounds, same)


def _apart(name: str, folder: Path) -> Cell:
    command = [sys.executable, "-m", "benchmarks.engine_million", name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: Cell = json.loads(done.stdout.splitlines()[-1])
    return answer


def contest(name: str, folder: Path) -> Cell:
    """Run one way in this process, first with its imports and then once more."""
    started = time.perf_counter()
    once = WAYS[name](folder)
    once()
    first = time.perf_counter() - started
    started, before = time.perf_counter(), time.process_time()
    once()
    seconds, processor = time.perf_counter() - started, time.process_time() - before
    return {"first": first, "seconds": seconds, "processor": processor, "peak": _peak()}


def _peak() -> float:
    """Return the most memory this process has held, in MiB; getrusage counts its parent's too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def _same_bytes(folder: Path) -> bool:
    """Return whether Wuhao and the SQL gave the same columns with the same values in key order."""
    files = [folder / "wuhao.parquet", folder / "hand.parquet"]
    digests = {table_digest(pq.read_table(file).sort_by("subject")) for file in files}
    return len(digests) == 1


def report(found: dict[str, list[Cell]], rows: int, rounds: int, same: bool) -> list[str]:
    """Return the lines of the table."""
    lines = [
        f"## One scheme over {rows:,} enterprises, {ITEMS} indicators, with trace",
        "",
        f"Parquet (zstd) in, Parquet (zstd) out. Medians of {rounds} rounds in which the ways took "
        "turns; “first” has imports and compilation.",
        "",
        "| way | first, s | second, s | ratio to SQL | processor, s | peak memory, MiB |",
        "|---|---|---|---|---|---|",
    ]
    for name, cells in found.items():
        middle = {key: statistics.median(cell[key] for cell in cells) for key in cells[0]}
        ratio = statistics.median(
            cell["seconds"] / base["seconds"] for cell, base in zip(cells, found[SQL], strict=True)
        )
        lines.append(
            f"| {name} | {middle['first']:.2f} | {middle['seconds']:.2f} | {ratio:.2f} "
            f"| {middle['processor']:.2f} | {middle['peak']:.0f} |"
        )
    return [*lines, "", *_words(same), ""]


def _words(same: bool) -> list[str]:
    equal = "the same bytes (by digest)" if same else "NOT THE SAME BYTES"
    missing = [name for name in WAYS if name not in ways()]
    left_out = [f"Not installed here, so left out: {', '.join(missing)}."] if missing else []
    return [
        f"- Wuhao and the hand-written SQL give {equal}: every column of",
        "  [results.parquet](engine/results.md), in key order. Without its last ORDER BY the SQL",
        "  leaves the order of rows to DuckDB.",
        "- Wuhao checks the facts and compiles the scheme each time. “wuhao” also takes the sha256",
        "  digests of facts and results, which no other way does; the second row leaves them out.",
        "- pandas computes the same method in floating point, with the trace but without notes.",
        "- pymcdm and scikit-criteria have no ratio to a group's benchmark: shown is their nearest",
        "  method, a weighted sum over min-max values (pymcdm; its others refuse zeros)",
        "  or values divided by their sum, for each group, with values, total and rank: no caps,",
        "  stand-ins, notes, grades or tie-break. Most of their time is pandas and Parquet.",
        *left_out,
    ]


if __name__ == "__main__":
    print(json.dumps(contest(sys.argv[1], Path(sys.argv[2]))))
