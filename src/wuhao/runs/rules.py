"""Rules of the runs room, pure."""


def run_no(code: str, period: int, count: int) -> str:
    """The number of a run: scheme, year, and the how-manieth draft of that year."""
    return f"{code}-{period // 100}-{count + 1}"
