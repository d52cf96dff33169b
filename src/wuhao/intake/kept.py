"""The checked cells of a table, kept column by column: a hundred thousand rows in few objects."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine.facts import State
from wuhao.intake.cells import Cell, Outcome
from wuhao.intake.headings import Matched
from wuhao.intake.templates import NUMBER_KINDS

STATES = tuple(State)
NO_PLACE = (-1, "")


class Kept:
    """Values and states of the columns that a table has; counts stand as 64-bit integers."""

    __slots__ = ("layout", "rows", "states", "values")

    def __init__(self, columns: Sequence[Matched]) -> None:
        self.layout = {m.column.code: (at, m.found.letter) for at, m in enumerate(columns)}
        self.values: list[Any] = [
            array("q") if m.column.kind in NUMBER_KINDS else [] for m in columns
        ]
        self.states = [bytearray() for _ in columns]
        self.rows = 0

    def add(self, line: Sequence[Outcome]) -> RowCells:
        """Keep what was read of a row, an outcome per column."""
        for outcome, values, states in zip(line, self.values, self.states, strict=True):
            value = outcome.value
            values.append(0 if value is None and type(values) is array else value)
            states.append(outcome.state)
        self.rows += 1
        return RowCells(self, self.rows - 1)

    def value_at(self, at: int, row: int) -> Any:
        """The value of a cell; None where a count has none."""
        values = self.values[at]
        if type(values) is array and self.states[at][row] != State.VALUE:
            return None
        return values[row]

    def arrow(self, code: str, kind: pa.DataType) -> pa.Array:
        """The values of a column, null where there is none or the table has no such column."""
        at, _letters = self.layout.get(code, NO_PLACE)
        if at < 0:
            return pa.nulls(self.rows, kind)
        values = self.values[at]
        if type(values) is not array:
            return pa.array(values, kind)
        # The bits of "has a value" are Arrow's own mask of a column: nothing is copied.
        known = pc.equal(self.arrow_states(code), pa.scalar(State.VALUE.value, pa.int8()))
        mask = known.buffers()[1]
        return pa.Array.from_buffers(pa.int64(), self.rows, [mask, pa.py_buffer(values)])

    def arrow_states(self, code: str) -> pa.Array:
        """The states of a column; missing where the table has no such column."""
        at, _letters = self.layout.get(code, NO_PLACE)
        if at < 0:
            return pa.repeat(pa.scalar(State.MISSING.value, pa.int8()), self.rows)
        return pa.Array.from_buffers(pa.int8(), self.rows, [None, pa.py_buffer(self.states[at])])

    def arrow_letters(self, code: str) -> pa.Array:
        """The column's letter in its sheet, for every row; null where there is no such column."""
        _at, letters = self.layout.get(code, (-1, None))
        return pa.repeat(pa.scalar(letters, pa.string()), self.rows)


class RowCells(Mapping[str, Cell]):
    """The cells of a row by column code, made on demand.

    A hundred thousand rows of thirty cells would be three million objects.
    """

    __slots__ = ("_kept", "_row")

    def __init__(self, kept: Kept, row: int) -> None:
        self._kept, self._row = kept, row

    def __getitem__(self, code: str) -> Cell:
        kept, row = self._kept, self._row
        at, letters = kept.layout[code]
        return Cell(kept.value_at(at, row), STATES[kept.states[at][row]], letters)

    def get(self, code: str, default: Any = None) -> Any:
        """The cell of a column; the default where the file has no such column."""
        return self[code] if code in self._kept.layout else default

    def __contains__(self, code: object) -> bool:
        return code in self._kept.layout

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept.layout)

    def __len__(self) -> int:
        return len(self._kept.layout)
