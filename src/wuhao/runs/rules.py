"""Rules of the runs room, pure."""

from collections.abc import Mapping
from typing import Any

JUDGED = [
    "subject", "group", "excluded", "ungraded", "total", "rank", "group_size", "original_grade",
    "grade", "adjustments",
]  # fmt: skip


KEPT = [
    "subject_key", "group", "excluded", "total", "rank", "group_size", "original_grade", "grade",
    "adjustments",
]  # fmt: skip


def judged(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the house keeps of a row of results, as it was sealed; words that lack are empty."""
    return {
        "subject_key": row["subject"],
        "group": row["group"] or "",
        "excluded": row["excluded"] or row["ungraded"] or "",
        "total": row["total"],
        "rank": row["rank"],
        "group_size": row["group_size"],
        "original_grade": row["original_grade"] or "",
        "grade": row["grade"] or "",
        "adjustments": row["adjustments"] or "",
    }


def run_no(code: str, period: int, count: int) -> str:
    """The number of a run: scheme, year, and the how-manieth draft of that year."""
    return f"{code}-{period // 100}-{count + 1}"
