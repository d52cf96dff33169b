"""The verbs of composite indices beside pymcdm and scikit-criteria.

Every way runs in a process of its own, every work once after a small one that warms it up; the ways
take turns. Processor seconds are shown: what else the machine does falls on all of them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import warnings

from benchmarks.index_ways import INDICATORS, SAME, WAYS, WHOLE, data, ways

SIZES = (100, 1_000, 100_000)
OURS = "wuhao"
AIM = 10
"""How many times as fast as others the verbs are meant to be."""
Found = dict[str, list[dict[str, float]]]


def run(rows: int, rounds: int, only: list[str] | None = None) -> list[str]:
    """Run every way in turn and return the section of docs/benchmarks.md."""
    names = [name for name in ways() if not only or name in {*only, OURS}]
    found: Found = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(_apart(name, rows))
    return report(found, rows, rounds, _gap(names))


def _apart(name: str, rows: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.index_methods", name, str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def contest(name: str, rows: int) -> dict[str, float]:
    """Return the processor seconds of each work of a way; data are made ready before."""
    for work in WAYS[name](data(20)).values():
        work()
    took = {}
    for label, work in WAYS[name](data(rows)).items():
        started = time.process_time()
        work()
        took[label] = time.process_time() - started
    return took


def _gap(names: list[str], rows: int = 1_000) -> float:
    """Return the largest difference of any number of any work from ours."""
    works = {name: WAYS[name](data(rows)) for name in names}
    gaps = [0.0]
    for work in SAME:
        ours = works[OURS][work]()
        for name in names:
            gaps += [abs(a - b) for a, b in zip(ours, works[name][work](), strict=True)]
    return max(gaps)


def report(found: Found, rows: int, rounds: int, gap: float) -> list[str]:
    """Return the lines of the table."""
    others = [name for name in found if name != OURS]
    titles = [f"{name}, s | {OURS} is faster by" for name in others]
    lines = [
        f"## Composite indices of {rows:,} subjects, {INDICATORS} indicators",
        "",
        f"Processor seconds, medians of {rounds} rounds. Each way has the values in memory in its "
        f"own form. A factor below 1: {OURS} is slower.",
        "",
        f"| work | {OURS}, s | {' | '.join(titles)} |",
        f"|---|---|{'---|---|' * len(others)}",
    ]
    for work in SAME:
        cells = [cell for name in others for cell in _cells(found, name, work, work)]
        lines.append(f"| {work} | {' | '.join([_middle(found[OURS], work), *cells])} |")
    for name in others:
        for work in [work for work in found[name][0] if work not in SAME]:
            seconds, factor = _cells(found, name, work, WHOLE)
            lines.append(f"| {work}, beside {OURS}'s whole index | {_middle(found[OURS], WHOLE)}")
            before = "– | – | " * others.index(name)
            after = " | –" * 2 * (len(others) - 1 - others.index(name))
            lines[-1] += f" | {before}{seconds} | {factor}{after} |"
    return [*lines, "", *_words(found, others, gap), ""]


def _words(found: Found, others: list[str], gap: float) -> list[str]:
    """Return what the table comes to: the aim is ten times as fast as the others."""
    same = [
        f"{name}'s {work}"
        for name in others
        for work in SAME
        if _factor(found, name, work, work) >= AIM
    ]
    pairs = [
        work
        for name in others
        for work in found[name][0]
        if work not in SAME and _factor(found, name, work, WHOLE) >= AIM
    ]
    return [
        f"- The works of the first {len(SAME)} rows differ by at most {gap:.0e}.",
        f"- {OURS} computes in 40-digit decimals, the same bytes on any machine, with a note",
        "  beside every cell; the others in binary numbers, a column at a time.",
        f"- {AIM} times as fast as the same work of another: {', '.join(same) or 'none'}.",
        f"- {AIM} times as fast as other work, which compares each two subjects as no verb here",
        f"  does: {', '.join(pairs) or 'none'}.",
    ]


def _middle(rounds: list[dict[str, float]], work: str) -> str:
    return f"{statistics.median(cell[work] for cell in rounds):.4f}"


def _cells(found: Found, name: str, work: str, beside: str) -> tuple[str, str]:
    """Return the seconds of another way, and in how many times that ours does its work."""
    factor = _factor(found, name, work, beside)
    return _middle(found[name], work), f"{factor:.2g}" if factor < 10 else f"{factor:.0f}"


def _factor(found: Found, name: str, work: str, beside: str) -> float:
    pairs = zip(found[name], found[OURS], strict=True)
    return statistics.median(other[work] / own[beside] for other, own in pairs)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(contest(sys.argv[1], int(sys.argv[2]))))
