"""Run the benchmarks (all, or those named) and write docs/benchmarks.md."""

import argparse
import importlib
import os
import platform
from pathlib import Path

ENTRIES = ("engine_million", "index_methods", "matching", "intake")
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def arguments() -> argparse.Namespace:
    """Read the command line; an unknown name ends the run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(ENTRIES))
    parser.add_argument("--rows", type=int, nargs="+", help="sizes to run (each has its own)")
    parser.add_argument("--rounds", type=int, default=5, help="how often the ways take turns")
    parser.add_argument("--only", nargs="+", help="ways to run; the hand-written SQL among them")
    found = parser.parse_args()
    unknown = [name for name in found.names if name not in ENTRIES]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(ENTRIES)}")
    return found


def main() -> None:
    """Run entries and replace the page."""
    found = arguments()
    lines = [
        "# Benchmarks",
        "",
        f"`make bench` on Python {platform.python_version()}, {os.cpu_count()} cores. "
        "Each run is a process of its own.",
        "",
    ]
    for name in found.names or ENTRIES:
        entry = importlib.import_module(f"benchmarks.{name}")
        for rows in found.rows or entry.SIZES:
            lines += entry.run(rows, found.rounds, found.only)
    lines += [
        f"The load of the machine when the last run ended was {os.getloadavg()[0]:.1f}: beyond the",
        "number of cores, read processor seconds and ratios, not seconds.",
    ]
    PAGE.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
