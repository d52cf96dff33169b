"""What is wrong with a scheme or a table of facts, all of it at once, as sentences."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

SURE = 0.65
"""How alike two words are when one is surely a slip of the other: two letters of four changed."""


@dataclass(frozen=True)
class Finding:
    """One fault: the file, the line or row (from 1; 0 is the whole file), the key, a sentence."""

    file: str
    line: int
    key: str
    sentence: str

    def __str__(self) -> str:
        """The finding as one printed line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}：{self.key}：{self.sentence}" if self.key else f"{place}：{self.sentence}"


class EngineError(Exception):
    """The engine cannot go on; the message is a sentence that names the node concerned."""


class Overflow(EngineError):
    """A node has left bigint, for so many rows; `first` numbers the first subject concerned."""

    def __init__(self, node: str, count: int, first: int | None, subject: str = "") -> None:
        """Say which node it was, and of whom where the subject's name is known."""
        of = f"（首个为 {subject}）" if subject else ""
        super().__init__(
            f"“{node}”有 {count} 行{of}超出 64 位整数；请检查数据中的极大值，或减少 digits 的位数。"
        )
        self.node, self.count, self.first = node, count, first

    def named(self, subjects: Sequence[Any]) -> Overflow:
        """Return the same with the name of the first subject concerned."""
        subject = "" if self.first is None else str(subjects[self.first])
        return Overflow(self.node, self.count, self.first, subject)


class Refused(EngineError):
    """Input is refused; `findings` holds every fault, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings in the order of file, line and key."""
        self.findings = sorted(findings, key=lambda f: (f.file, f.line, f.key, f.sentence))
        super().__init__("\n".join(str(finding) for finding in self.findings))


class SchemeError(Refused):
    """The scheme is refused."""


class FactsError(Refused):
    """The table of facts is refused."""


def nearest(word: str, accepted: Iterable[str]) -> str:
    """Return a clause that names the nearest accepted word, or nothing."""
    found = difflib.get_close_matches(word, list(accepted), n=1, cutoff=0.5)
    return f"，是否想写“{found[0]}”？" if found else "。"


def slip_of(word: str, accepted: Iterable[str]) -> str | None:
    """Return the accepted word that was surely meant, or None."""
    found = difflib.get_close_matches(word, list(accepted), n=1, cutoff=SURE)
    return found[0] if found else None


def slips(written: Iterable[str], free: Iterable[str]) -> dict[str, str]:
    """Return which written word was surely meant as which free one, the nearest pairs first."""
    words = list(free)
    pairs = [(difflib.SequenceMatcher(None, w, f).ratio(), w, f) for w in written for f in words]
    found: dict[str, str] = {}
    for ratio, word, meant in sorted(pairs, key=lambda pair: -pair[0]):
        if ratio >= SURE and word not in found and meant not in found.values():
            found[word] = meant
    return found


def why(error: Exception) -> str:
    """Return why a file could not be read: in words for what happens to users."""
    if isinstance(error, FileNotFoundError):
        return "没有这个文件"
    if isinstance(error, PermissionError):
        return "没有读它的权限"
    return "这是目录，不是文件" if isinstance(error, IsADirectoryError) else str(error)


def listed(words: Iterable[str]) -> str:
    """Return accepted words as they are shown in a sentence."""
    return "、".join(words)
