"""Run the benchmarks (all, or those named) and write docs/benchmarks.md."""

import importlib
import os
import platform
import sys
from pathlib import Path

ENTRIES = ("engine_million",)
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main(names: list[str]) -> None:
    """Run entries and replace the page; an unknown name ends the run."""
    unknown = [name for name in names if name not in ENTRIES]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(ENTRIES)}")
    lines = [
        "# Benchmarks",
        "",
        f"`make bench` on Python {platform.python_version()}, {os.cpu_count()} cores. "
        "Each contestant runs in a process of its own.",
        "",
    ]
    for name in names or ENTRIES:
        lines += importlib.import_module(f"benchmarks.{name}").run()
    PAGE.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
