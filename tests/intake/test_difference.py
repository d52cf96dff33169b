"""Two batches beside one another, against a comparison of plain dictionaries."""

from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.intake.books import credit_code, firm, read, taxes, template
from wuhao.engine.facts import State
from wuhao.intake.difference import ColumnsOnDisk, Difference
from wuhao.intake.rows import rows_table


def table(*rows: list[object]) -> pa.Table:
    return rows_table(template(), read(taxes(*rows)))


def counts(now: pa.Table, before: pa.Table) -> dict[str, int]:
    return Difference(template(), now, before).counts


def plainly(now: pa.Table, before: pa.Table) -> dict[str, int]:
    """The same by dictionaries; the first row of a key counts."""
    skipped = {"sheet", "row"}

    def by_key(rows: pa.Table) -> dict[str, tuple[object, ...]]:
        found: dict[str, tuple[object, ...]] = {}
        for row in rows.to_pylist():
            kept = tuple(
                v for k, v in row.items() if k not in skipped and not k.endswith("__column")
            )
            found.setdefault(row["uscc"], kept)
        return found

    new, old = by_key(now), by_key(before)
    same = [key for key in new if key in old and new[key] == old[key]]
    return {
        "new": len(new.keys() - old.keys()),
        "changed": len(new.keys() & old.keys()) - len(same),
        "unchanged": len(same),
        "missing": len(old.keys() - new.keys()),
    }


@pytest.mark.parametrize("seed", range(12))
def test_the_counts_are_those_of_a_plain_comparison(seed, tmp_path):
    draw = Random(seed)

    def some() -> pa.Table:
        numbers = draw.sample(range(40), draw.randint(0, 30))
        return table(
            *(firm(n, draw.choice([1, 2, "无", None, "—"]), draw.choice([0, 5])) for n in numbers)
        )

    now, before = some(), some()
    assert counts(now, before) == plainly(now, before)
    pq.write_table(before, tmp_path / "rows.parquet")
    on_disk = Difference(template(), now, ColumnsOnDisk(tmp_path / "rows.parquet"))
    in_memory = Difference(template(), now, before)
    assert on_disk.counts == in_memory.counts
    for kind in ("new", "changed", "missing"):
        assert on_disk.lines(kind, 50) == in_memory.lines(kind, 50)


def test_a_changed_row_names_its_cells_before_and_now():
    now = table(firm(1, 100, "—"), firm(2, 5, 0))
    before = table(firm(2, 5, 0), firm(1, 90, 3))
    [line] = Difference(template(), now, before).lines("changed", 10)
    assert (line.key, line.sheet, line.row) == ((credit_code(1),), "表", 3)
    said = {c.column.code: (c.before, c.now, c.before_state, c.now_state) for c in line.changes}
    assert said == {
        "tax_paid_yuan": (9000, 10_000, State.VALUE, State.VALUE),
        "vat_yuan": (300, None, State.VALUE, State.NOT_APPLICABLE),
    }


def test_zero_missing_and_not_applicable_are_three_things():
    kinds = [0, None, "—"]
    for one in kinds:
        for other in kinds:
            found = counts(table(firm(1, 1, one)), table(firm(1, 1, other)))
            assert found["changed"] == (one != other)


def test_rows_that_are_gone_are_named_by_their_place_in_the_earlier_file():
    difference = Difference(template(), table(firm(1)), table(firm(2), firm(3), firm(1)))
    assert [(line.kind, line.row) for line in difference.lines("missing", 10)] == [
        ("missing", 3), ("missing", 4),
    ]  # fmt: skip
    assert len(difference.lines("missing", 1)) == 1


def test_a_change_of_a_single_column_is_counted_by_column():
    now = table(firm(1, 2), firm(2, 2), firm(3, 2))
    before = table(firm(1, 1), firm(2, 1), firm(3, 2))
    assert Difference(template(), now, before).changed_cells() == {"tax_paid_yuan": 2}


def test_against_an_empty_batch_every_row_is_new():
    now, empty = table(firm(1), firm(2)), table()
    assert counts(now, empty) == {"new": 2, "changed": 0, "unchanged": 0, "missing": 0}
    assert counts(empty, now) == {"new": 0, "changed": 0, "unchanged": 0, "missing": 2}
