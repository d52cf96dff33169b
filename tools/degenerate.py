"""Write docs/engine/degenerate-data.md from the contracts that the tests run.

``python tools/degenerate.py`` writes the page; ``--check`` fails where it is not what the contracts
say. Every ``contracts*.yaml`` below tests/engine is a chapter: ``title``, then ``methods`` with
``label``, optional ``call`` and ``cells``: for each of the eight cases the input and either
``gives`` with ``why``, or ``refused``; ``reasons`` adds words of its own, ``text`` stands under the
title, ``show_call`` shows what is called. A test beside the file runs every cell.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from wuhao.engine.index.reasons import REASONS
from wuhao.engine.wording import NOTES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "engine" / "degenerate-data.md"
CASES = {
    "zero": "零",
    "negative": "负数",
    "missing": "未报",
    "constant": "全都相同",
    "tied": "并列",
    "infinite": "无穷大、非数",
    "empty": "整列或整组没有值",
    "one": "只有一个",
}
OUTCOME = ("gives", "why", "refused")
HEAD = """# Degenerate data (退化数据的约定)

What each method does with data on which it could fail. Made by `tools/degenerate.py` from the
contracts that the tests run, cell by cell; do not edit. `–` is no value: a subject without a value
is never the best, and a word says why. Infinity and NaN are refused before any method sees them.
"""


def page() -> str:
    """Return the page: a chapter for each file of contracts."""
    chapters = [chapter(path) for path in sorted((ROOT / "tests/engine").rglob("contracts*.yaml"))]
    return "\n".join([HEAD, *chapters])


def chapter(path: Path) -> str:
    """Return one file of contracts as tables."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = [f"## {content['title']}", "", *([content["text"]] if "text" in content else [])]
    lines += words(content)
    for name, method in content["methods"].items():
        call = f"：`{called(method['call'])}`" if "show_call" in content else ""
        lines += [f"### {method['label']}", "", f"`{name}`{call}", ""]
        lines += ["| 情形 | 输入 | 结果 |", "|---|---|---|"]
        lines += [row(CASES[case], cell) for case, cell in method["cells"].items()]
        lines.append("")
    return "\n".join(lines)


def words(content: dict[str, Any]) -> Iterator[str]:
    """Go through the lines that explain the words of a chapter."""
    meanings = NOTES if "show_call" in content else REASONS
    used: set[str] = set()
    for method in content["methods"].values():
        for cell in method["cells"].values():
            why = cell.get("why") or []
            used |= {why} if isinstance(why, str) else {word for word in why if word}
    if used:
        yield from ["| 原因 | 意思 |", "|---|---|"]
        known = meanings | content.get("reasons", {})
        yield from (f"| `{word}` | {text} |" for word, text in known.items() if word in used)
        yield ""


def row(case: str, cell: dict[str, Any]) -> str:
    """Return one cell of a contract as a row."""
    given = "；".join(f"{name} = {shown(v)}" for name, v in cell.items() if name not in OUTCOME)
    if "refused" in cell:
        return f"| {case} | {given} | 拒绝：“…{cell['refused']}…” |"
    why = cell.get("why") or []
    notes = why if isinstance(why, list) else [why if v is None else None for v in cell["gives"]]
    pairs = zip(cell["gives"], notes or [None] * len(cell["gives"]), strict=True)
    result = "，".join(shown(v) + (f" `{word}`" if word else "") for v, word in pairs)
    return f"| {case} | {given} | {result} |"


def called(call: dict[str, Any]) -> str:
    """Return a rule in one line of YAML."""
    text: str = yaml.safe_dump(call, default_flow_style=True, sort_keys=False, width=10**4)
    return text.strip()


def shown(value: Any) -> str:
    """Return a value of a cell as it stands on the page."""
    if isinstance(value, list):
        return "，".join(shown(inner) for inner in value) or "（空）"
    if isinstance(value, dict):
        pairs = (f"{name}：{shown(inner)}" for name, inner in value.items())
        return "（" + "，".join(pairs) + "）"
    return "–" if value is None else str(value)


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    same = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
    if not same:
        sys.stderr.write("docs/engine/degenerate-data.md is not what the contracts say\n")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
