"""Errors for the reader: sentences that say what is wrong, where, and what to do."""

from collections.abc import Sequence


class DomainError(Exception):
    """What a person asked for cannot be done; the sentences are shown as they are.

    Programming errors stay ordinary exceptions.
    """

    def __init__(self, *sentences: str) -> None:
        self.sentences: Sequence[str] = sentences
        super().__init__("\n".join(str(sentence) for sentence in sentences))


class OutOfScope(DomainError):
    """The viewer's post does not reach what was asked for; nothing is said of whether it exists."""
