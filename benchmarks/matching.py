"""Names against a register: Wuhao beside Splink, each in a process of its own.

Splink is given what a name holds: its first and last characters to block by, the name, its core and
its place to compare; it is trained on the data as its documentation says, and links at 0.5.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.matching_data import Asked, register_and_names

SIZES = (200_000,)
Found = list[tuple[str, str]]
"""For every name the key and how certain: certain, doubtful or none."""
Cell = dict[str, float]
SURE = 0.99
"""From so probable a link on, Splink's is called certain."""


def run(rows: int, rounds: int, only: list[str] | None = None) -> list[str]:
    """Run every way in turn and return the section of docs/benchmarks.md."""
    names = [name for name in WAYS if (not only or name in only) and _there(name)]
    found: dict[str, list[Cell]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(_apart(name, rows))
    return report(found, rows, rounds)


def _there(name: str) -> bool:
    return name != "Splink" or find_spec("splink") is not None


def _apart(name: str, rows: int) -> Cell:
    command = [sys.executable, "-m", "benchmarks.matching", name, str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: Cell = json.loads(done.stdout.splitlines()[-1])
    return answer


def contest(name: str, rows: int) -> Cell:
    """Run one way in this process."""
    register, asked = register_and_names(1, rows)
    started = time.perf_counter()
    found = WAYS[name](register, [written for written, _ in asked])
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak": _peak(), **_judged(asked, found)}


def _judged(asked: Asked, found: Found) -> Cell:
    pairs = [(key, answer) for (_, key), answer in zip(asked, found, strict=True)]
    sure = [answer[0] == key for key, answer in pairs if answer[1] == "certain"]
    there = [answer[0] == key for key, answer in pairs if key is not None]
    strange = [answer[1] == "none" for key, answer in pairs if key is None]
    return {
        "precision": sum(sure) / max(len(sure), 1),
        "sure": len(sure),
        "recall": sum(there) / len(there),
        "strange": sum(strange) / len(strange),
    }


def _peak() -> float:
    """The most memory this process has held, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def wuhao(register: list[str], asked: list[str]) -> Found:
    """`wuhao match` without its files."""
    from wuhao.intake.matching.match import Record, match

    records = [Record(str(at), name) for at, name in enumerate(register)]
    answers = match([(name, "") for name in asked], records)
    return [(answer.key, answer.certainty) for answer in answers]


def splink(register: list[str], asked: list[str]) -> Found:
    """Splink 5 over DuckDB; a link at 0.99 is called certain, one at 0.5 doubtful."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    database = DuckDBAPI()
    tables = [
        database.register(_table(names, label[0]), dataset_display_name=label)
        for label, names in (("asked", asked), ("register", register))
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.98, 0.92, 0.85]),
            cl.LevenshteinAtThresholds("core", [1, 2]),
            cl.ExactMatch("place"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("core"),
            block_on("substr(core, 1, 3)"),
            block_on("substr(core, 2, 3)"),
            block_on("substr(name, 1, 6)"),
        ],
    )
    linker = Linker(tables, settings, log_level=30)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    rule = block_on("core")
    linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=3e5)
    rule = block_on("place", "substr(core, 1, 2)")
    linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=3e5)
    links = linker.inference.predict(threshold_match_probability=0.5).as_duckdbpyrelation()
    return _best(links.fetchall(), links.columns, len(asked))


def _best(rows: list[Any], columns: list[str], count: int) -> Found:
    """The likeliest link of every name."""
    place = {name: at for at, name in enumerate(columns)}
    best: dict[int, tuple[float, str]] = {}
    for row in rows:
        left, right = row[place["unique_id_l"]], row[place["unique_id_r"]]
        name, key = (left, right) if left.startswith("a") else (right, left)
        standing = (row[place["match_probability"]], key[1:])
        best[int(name[1:])] = max(best.get(int(name[1:]), standing), standing)
    return [
        (best[at][1], "certain" if best[at][0] >= 0.99 else "doubtful")
        if at in best
        else ("", "none")
        for at in range(count)
    ]


def _table(names: list[str], side: str) -> Any:
    """Names as Splink takes them; which side they are of is the first letter of their numbers."""
    import pyarrow as pa

    from wuhao.intake.matching.names import parsed

    parts = [parsed(name) for name in names]
    return pa.table(
        {
            "unique_id": [f"{side}{at}" for at in range(len(names))],
            "name": [part.exact for part in parts],
            "core": [part.core for part in parts],
            "place": [part.division[:2] for part in parts],
        }
    )


WAYS: dict[str, Callable[[list[str], list[str]], Found]] = {"wuhao": wuhao, "Splink": splink}


def report(found: dict[str, list[Cell]], rows: int, rounds: int) -> list[str]:
    """The lines of the table."""
    lines = [
        f"## {rows:,} names against a register of {rows:,}",
        "",
        f"Medians of {rounds} rounds. Seven names of ten mean one of the register, most of them "
        "with a slip of one of six kinds; the rest are strangers. Only names are given.",
        "",
        "| way | seconds | peak memory, MiB | called certain | of these right "
        "| found of those there | strangers told so |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, cells in found.items():
        middle = {key: statistics.median(cell[key] for cell in cells) for key in cells[0]}
        lines.append(
            f"| {name} | {middle['seconds']:.1f} | {middle['peak']:.0f} | {middle['sure']:,.0f} "
            f"| {middle['precision']:.5f} | {middle['recall']:.3f} | {middle['strange']:.3f} |"
        )
    said = "" if len(found) == len(WAYS) else "Splink is not installed here, so left out."
    return [*lines, "", *([said, ""] if said else [])]


if __name__ == "__main__":
    print(json.dumps(contest(sys.argv[1], int(sys.argv[2]))))
