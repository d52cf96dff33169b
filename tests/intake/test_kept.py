"""Checked cells kept by columns, beside plain lists of the same cells."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuhao.core.exact import INT64_MAX
from wuhao.engine.facts import State
from wuhao.intake.cells import Cell, Outcome
from wuhao.intake.kept import Kept

KINDS = {"amount": pa.int64(), "text": pa.string(), "date": pa.date32()}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "amount": st.integers(-INT64_MAX, INT64_MAX),
    "text": st.text(max_size=5),
    "date": st.dates(date(1950, 1, 1), date(2099, 12, 31)),
}


def outcomes(kind: str) -> st.SearchStrategy[Outcome]:
    absent = st.sampled_from([s for s in State if s is not State.VALUE])
    return st.one_of(
        VALUES[kind].map(lambda value: Outcome(value, State.VALUE)),
        absent.map(lambda state: Outcome(None, state)),
    )


LINES = st.lists(st.tuples(*(outcomes(kind) for kind in KINDS)), max_size=12)


def kept() -> Kept:
    columns: Any = [
        SimpleNamespace(
            column=SimpleNamespace(code=kind, kind=kind), found=SimpleNamespace(letter=letter)
        )
        for kind, letter in zip(KINDS, "BDF", strict=True)
    ]
    return Kept(columns)


@given(lines=LINES)
def test_what_is_kept_is_what_was_read(lines: list[tuple[Outcome, ...]]) -> None:
    columns = kept()
    rows = [columns.add(line) for line in lines]
    for place, (kind, arrow) in enumerate(KINDS.items()):
        letter = "BDF"[place]
        cells = [Cell(line[place].value, line[place].state, letter) for line in lines]
        assert [row[kind] for row in rows] == cells
        assert columns.arrow(kind, arrow).to_pylist() == [cell.value for cell in cells]
        assert columns.arrow(kind, arrow).type == arrow
        assert columns.arrow_states(kind).to_pylist() == [cell.state.value for cell in cells]
        assert columns.arrow_letters(kind).to_pylist() == [letter] * len(lines)


def test_a_column_that_the_table_has_not_is_missing_and_has_no_letter() -> None:
    columns = kept()
    row = columns.add([Outcome(1, State.VALUE), Outcome(None, State.MISSING),
                       Outcome(None, State.ZERO)])  # fmt: skip
    assert row.get("other") is None
    assert "other" not in row
    with pytest.raises(KeyError):
        row["other"]
    assert (list(row), len(row)) == (list(KINDS), 3)
    assert columns.arrow("other", pa.int64()).to_pylist() == [None]
    assert columns.arrow_states("other").to_pylist() == [State.MISSING.value]
    assert columns.arrow_letters("other").to_pylist() == [None]


def test_a_zero_of_a_count_is_no_value() -> None:
    columns = kept()
    zero = [Outcome(None, State.ZERO), Outcome("无", State.VALUE), Outcome(None, State.MISSING)]
    assert columns.add(zero)["amount"] == Cell(None, State.ZERO, "B")
    assert columns.arrow("amount", pa.int64()).null_count == 1
