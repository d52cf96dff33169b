"""Change the engine in small ways and see whether a test fails: `make mutate`.

A random sample of all mutants is tried (`--sample`, `--seed`; `--sample 0` tries every one, which
takes days). Said are the share that tests noticed, its 95 % interval, and every survivor.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import subprocess
import sys

GENERATE = "wuhao.engine.findings.*"
"""One small module: asking for its mutants makes those of the whole engine, and times its tests."""
NOTICED = ("killed", "timeout", "segfault", "suspicious", "caught by type check")


def main() -> int:
    """Try a sample and print what came of it; 1 when fewer are noticed than asked for."""
    asked = _arguments()
    if not _statuses():
        _run([GENERATE], asked.workers)
    names = sorted(name for name in _statuses() if re.search(asked.only, name))
    if asked.sample and asked.sample < len(names):
        names = sorted(random.Random(asked.seed).sample(names, asked.sample))  # noqa: S311
    untried = [name for name in names if _statuses()[name] == "not checked"]
    if untried:
        _run(untried, asked.workers)
    return _report({name: _statuses()[name] for name in names}, asked.at_least)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="how many mutants; 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--only", default="", help="a regular expression that names must match")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--at-least", type=float, default=0.9, help="the share asked for")
    return parser.parse_args()


def _run(names: list[str], workers: int) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(workers), *names]
    subprocess.run(command, check=True)  # noqa: S603


def _statuses() -> dict[str, str]:
    """Return the status of every mutant that was made, by name."""
    told = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = (line.strip().rpartition(": ") for line in told.stdout.splitlines())
    return {name: status for name, colon, status in lines if colon}


def _report(found: dict[str, str], at_least: float) -> int:
    noticed = sum(status in NOTICED for status in found.values())
    for name, status in found.items():
        if status not in NOTICED:
            print(f"{status:12} {name}")
    low, high = _interval(noticed, len(found))
    share = noticed / len(found)
    print(f"{noticed} of {len(found)} noticed: {share:.1%}, 95 % interval {low:.1%} to {high:.1%}")
    return 0 if share >= at_least else 1


def _interval(noticed: int, of: int) -> tuple[float, float]:
    """Return Wilson's interval for a share of which a sample was taken."""
    z, share = 1.96, noticed / of
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    below = 1 + z * z / of
    return (middle - half) / below, (middle + half) / below


if __name__ == "__main__":
    sys.exit(main())
