"""Findings by the cell at which they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from wuhao.intake.findings import ERROR, NOTE, WARNING, Finding

COLOURS = {ERROR: "FFC7CE", WARNING: "FFEB9C", NOTE: "DDEBF7"}
WORDS = {ERROR: "错误", WARNING: "提醒", NOTE: "说明"}
WORST_FIRST = (ERROR, WARNING, NOTE)
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")


@dataclass
class Mark:
    """What is said at a cell: the worst severity and a line for every finding."""

    severity: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The comment, worst findings first."""
        return "\n".join(sorted(self.lines, key=lambda line: _rank(line)))


def _rank(line: str) -> int:
    return next(at for at, word in enumerate(WORST_FIRST) if line.startswith(WORDS[word]))


def marks_of(findings: Iterable[Finding], sheets: list[str]) -> dict[str, dict[str, Mark]]:
    """Sheet → cell → mark. What concerns no cell is said at A1, of no sheet at the first one's."""
    made: dict[str, dict[str, Mark]] = {}
    for finding in findings:
        sheet = finding.sheet if finding.sheet in sheets else sheets[0]
        cell = finding.cell if _CELL.fullmatch(finding.cell) else "A1"
        mark = made.setdefault(sheet, {}).setdefault(cell, Mark(finding.severity))
        mark.severity = min(mark.severity, finding.severity, key=WORST_FIRST.index)
        mark.lines.append(f"{WORDS[finding.severity]}：{finding.sentence}")
    return made
