"""Findings: what is wrong in a file, where, and what to do, one sentence each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"
NOTE = "note"
SEVERITIES = (ERROR, WARNING, NOTE)

# So many findings of one code in one column are listed singly; the rest are counted in one line.
LISTED_SINGLY = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: sheet, cell as `D17` (empty: the sheet or file), severity, code, sentence."""

    sheet: str
    cell: str
    severity: str
    code: str
    sentence: str
    row: int = 0
    column: str = ""


class Findings:
    """Collects all findings of a file; a flood of the same kind ends in a line that counts it."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._counts: dict[tuple[str, str, str, str], int] = {}

    def add(self, finding: Finding) -> None:
        """Keep a finding, or only count it when its kind has been listed often enough."""
        kind = (finding.sheet, finding.column, finding.code, finding.severity)
        count = self._counts.get(kind, 0) + 1
        self._counts[kind] = count
        if count <= LISTED_SINGLY:
            self._kept.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Keep several findings."""
        for finding in findings:
            self.add(finding)

    def all(self) -> list[Finding]:
        """Every finding by sheet, row and cell; then the counted rest of each flood."""
        kept = sorted(self._kept, key=lambda f: (f.sheet, f.row, len(f.cell), f.cell))
        return kept + [
            Finding(
                sheet,
                "",
                severity,
                code,
                f"{column}列还有 {count - LISTED_SINGLY} 处同样的问题没有列出，请先改已列出的。",
                0,
                column,
            )
            for (sheet, column, code, severity), count in self._counts.items()
            if count > LISTED_SINGLY
        ]


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding forbids handing the batch in."""
    return any(finding.severity == ERROR for finding in findings)
