"""What offices say of an enterprise's name, park, size and land, kept as they hand it in."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import pyarrow as pa

from wuhao.core import bulk
from wuhao.core.exact import from_quanta
from wuhao.core.models import LedgerEntry
from wuhao.engine.facts import State
from wuhao.intake.catalogue import template
from wuhao.intake.matching.names import parsed
from wuhao.intake.models import Batch
from wuhao.intake.templates import Column
from wuhao.registers.models import ClaimedField as Field
from wuhao.registers.models import Enterprise
from wuhao.registers.rules import year_of
from wuhao.registers.services import disagreements

LAND_FACT = "land_m2"
STAGING = "staged_claim"
COLUMNS = {
    "enterprise_id": "bigint",
    "field": "varchar(8)",
    "value": "varchar(200)",
    "compared": "varchar(200)",
    "sheet": "varchar(100)",
    "row": "integer",
    "col": "varchar(3)",
}


Cell = tuple[str, int | None, str]


class Said(NamedTuple):
    """One value that a row says of a field of an enterprise, and its cell."""

    enterprise_id: int
    field: str
    value: str
    key: str
    sheet: str
    row: int | None
    column: str


def said(enterprise_id: int, field: str, value: str, cell: Cell) -> Said:
    """A value that a cell (sheet, row, column) says of a field."""
    return Said(enterprise_id, field, value, key_of(field, value), *cell)


def field_of(column: Column) -> str:
    """The field of which a column speaks; empty for a column that speaks of none.

    A template says so by `attribute:` or `match: name`, and for land by the fact.
    """
    if column.match == Field.NAME:
        return Field.NAME.value
    if column.attribute in Field.values:
        return column.attribute
    return Field.LAND.value if column.fact == LAND_FACT else ""


def key_of(field: str, value: str) -> str:
    """A value as it is compared: a name without marks and with one form, land in whole m²."""
    if field == Field.NAME:
        return parsed(value).loose
    if field == Field.LAND:
        return str(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))
    return value


def keep(batch: Batch, rows: pa.Table, ledger: LedgerEntry, more: Iterable[Said] = ()) -> int:
    """Keep what a batch's rows say, and `more` that follows from them; returns how much it was.

    What the office said before is superseded, but not by a table of an earlier year. Where
    offices then differ is drawn anew.
    """
    told = {(one.enterprise_id, one.field): one for one in (*_said(batch, rows), *more)}
    if not told:
        return 0
    year = year_of(batch.period)
    with bulk.staging(STAGING, COLUMNS):
        bulk.load(STAGING, list(COLUMNS), told.values())
        bulk.index(STAGING, ["enterprise_id", "field"])
        bulk.execute(_SUPERSEDE, [ledger.no, batch.office_id, year])
        marks = [batch.office_id, year, batch.pk, ledger.no, batch.office_id, ledger.no]
        bulk.execute(_APPEND, marks)
    disagreements.redraw(told)
    return len(told)


def _said(batch: Batch, rows: pa.Table) -> Iterable[Said]:
    wanted = template(batch.template)
    speaking = [c for c in wanted.columns if field_of(c) and _name(c) in rows.column_names]
    if not speaking:
        return
    ids = dict(Enterprise.objects.values_list("uscc", "pk"))
    places = [rows.column(name).to_pylist() for name in ("sheet", "row")]
    for column in speaking:
        code = wanted.codes_of(column)
        if code is None:
            continue
        cells = [rows.column(name).to_pylist() for name in _cell_columns(_name(column))]
        keys, field = rows.column(code.code).to_pylist(), field_of(column)
        for key, sheet, row, value, state, letter in zip(keys, *places, *cells, strict=True):
            text = _text(column, value, state)
            if text and key in ids:
                yield said(ids[key], field, text, (sheet, row, letter or ""))


def _name(column: Column) -> str:
    return column.fact or column.code


def _cell_columns(name: str) -> tuple[str, str, str]:
    return name, f"{name}__state", f"{name}__column"


def _text(column: Column, value: object, state: int) -> str:
    """A cell as text; empty where it says nothing. A confirmed zero is a number as any other."""
    if state == State.ZERO and column.is_number:
        return str(from_quanta(0, column.quantum))
    if state != State.VALUE or value is None:
        return ""
    if isinstance(value, int):
        return str(from_quanta(value, column.quantum))
    return str(value)[:200]


_SUPERSEDE = f"""
UPDATE registers_fieldclaim SET superseded_by = %s
WHERE superseded_by IS NULL AND office_id = %s AND year <= %s AND EXISTS (
  SELECT 1 FROM {STAGING} s
  WHERE s.enterprise_id = registers_fieldclaim.enterprise_id
    AND s.field = registers_fieldclaim.field)
"""  # noqa: S608
_APPEND = f"""
INSERT INTO registers_fieldclaim
  (enterprise_id, field, value, "key", sheet, "row", "column", office_id, year, batch_id,
   ledger_id, superseded_by)
SELECT s.enterprise_id, s.field, s.value, s.compared, s.sheet, s."row", s.col, %s, %s, %s, %s,
  CASE WHEN EXISTS (
    SELECT 1 FROM registers_fieldclaim c
    WHERE c.enterprise_id = s.enterprise_id AND c.field = s.field AND c.office_id = %s
      AND c.superseded_by IS NULL) THEN %s END
FROM {STAGING} s ORDER BY s.enterprise_id, s.field
"""  # noqa: S608
