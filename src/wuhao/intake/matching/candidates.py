"""Which names of a register may be meant by others: those that share rare pieces with them.

Pieces are pairs of neighbouring characters in whatever order, pairs with one between them, and
pairs of syllables. A piece counts the more the rarer it is in the register, so that divisions and
trades count little without a list of either. Only the rarest pieces of a name are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from wuhao.intake.matching.names import Name
from wuhao.intake.matching.sounds import looked, syllable

LOOKED_UP = 12
"""So many pieces of a name are looked up, the rarest first."""
READ = 800
"""So many names are read for one, unless a single piece has more; a piece with more is common."""
KEPT = 24
"""So many candidates are kept for a name."""
AT_ONCE = 4000
"""So many names are looked up at a time."""

Pairs = tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]


def pieces(name: Name) -> set[str]:
    """The pieces by which a name is found."""
    core = looked(name.core)
    near = {"".join(sorted(core[at : at + 2])) for at in range(len(core) - 1)}
    apart = {f"{core[at]}_{core[at + 2]}" for at in range(len(core) - 2)}
    syllables = [syllable(character) for character in name.core]
    sounds = {f"{a} {b}" for a, b in pairwise(syllables)}
    return near | apart | sounds | ({core} if len(core) < 2 else set())


class Index:
    """The pieces of a register's names, and who has them."""

    def __init__(self, names: Sequence[Name]) -> None:
        """Index the names by their places."""
        numbers: dict[str, int] = {}
        found_piece, found_name = [], []
        for place, name in enumerate(names):
            for piece in pieces(name):
                found_piece.append(numbers.setdefault(piece, len(numbers)))
                found_name.append(place)
        which, owner = np.array(found_piece, np.int64), np.array(found_name, np.int64)
        self.numbers = numbers
        self.owners = owner[np.argsort(which, kind="stable")]
        counts = np.bincount(which, minlength=len(numbers))
        self.ends = np.cumsum(counts)
        self.counts = counts
        self.weights = np.log1p(len(names) / np.maximum(counts, 1))
        self.unknown = float(np.log1p(len(names)))

    def candidates(self, names: Sequence[Name]) -> Iterator[Pairs]:
        """Pairs of places (name, register), the likeliest first for a name.

        Each has the share of the name's pieces, by their weights, that the other has too.
        """
        for first in range(0, len(names), AT_ONCE):
            yield self._found(names[first : first + AT_ONCE], first)

    def _found(self, names: Sequence[Name], first: int) -> Pairs:
        asked, owners, weights = [], [], []
        for place, name in enumerate(names):
            rarest, all_of_it = self._rarest(name)
            for piece in rarest:
                end, count = self.ends[piece], self.counts[piece]
                owners.append(self.owners[end - count : end])
                asked.append(np.full(count, place, np.int64))
                weights.append(np.full(count, self.weights[piece] / all_of_it))
        if not asked:
            nothing = np.empty(0, np.int64)
            return nothing, nothing, np.empty(0)
        return _most(np.concatenate(asked), np.concatenate(owners), np.concatenate(weights), first)

    def _rarest(self, name: Name) -> tuple[list[int], float]:
        """The rarest known pieces of a name, and the weight of these and of unknown ones."""
        found = pieces(name)
        known = [self.numbers[piece] for piece in found if piece in self.numbers]
        rare = sorted((self.counts[piece], piece) for piece in known)[:LOOKED_UP]
        kept = _within(rare)
        weight = sum(float(self.weights[piece]) for piece in kept)
        return kept, weight + self.unknown * (len(found) - len(known)) / 2


def _within(rare: Sequence[tuple[int, int]]) -> list[int]:
    """The rarest pieces that together are not had by too many names."""
    kept: list[int] = []
    read = 0
    for count, piece in rare:
        read += int(count)
        if read > READ and kept:
            break
        if count <= 2 * READ:
            kept.append(piece)
    return kept


def _most(
    asked: npt.NDArray[Any], owners: npt.NDArray[Any], weights: npt.NDArray[Any], first: int
) -> Pairs:
    """Add up what each pair shares and keep the most for each name."""
    span = int(owners.max()) + 1
    keys, places = np.unique(asked * span + owners, return_inverse=True)
    shared = np.bincount(places, weights)
    order = np.lexsort((keys % span, -shared, keys // span))
    name, owner, shared = (keys // span)[order], (keys % span)[order], shared[order]
    begins = np.flatnonzero(np.r_[True, name[1:] != name[:-1]])
    rank = np.arange(len(name)) - np.repeat(begins, np.diff(np.r_[begins, len(name)]))
    kept = rank < KEPT
    return name[kept] + first, owner[kept], shared[kept]
