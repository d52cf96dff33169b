"""The effect of an accepted directory: enterprises, their dated names and parks, their year."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from wuhao.core import bulk
from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.intake.models import Batch
from wuhao.registers.models import Subject
from wuhao.registers.rules import year_of
from wuhao.registers.services import choices, claims

STAGING = "staged_enterprise"
COLUMNS = {
    "uscc": "varchar(18)",
    "name": "varchar(120)",
    "park": "varchar(20)",
    "sector": "varchar(8)",
    "sector_name": "varchar(80)",
    "district": "varchar(40)",
    "established_on": "date",
    "in_production_on": "date",
    "scale": "varchar(8)",
    "construction_state": "varchar(20)",
    "sheet": "varchar(100)",
    "row": "integer",
}
KEPT = {"sector_name": "sector_label"}
"""Columns of the register that a directory names otherwise."""
MAY_BE_EMPTY = ("park", "established_on", "in_production_on")


def receive_directory(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Enter the rows of an accepted directory; returns how many enterprises it named.

    What the bureau chose where offices differ is entered in place of what the directory says.
    """
    entries = {entry["uscc"]: entry for entry in rows.to_pylist()}
    with _staged(entries.values()):
        _enter_enterprises(batch)
    claims.keep(batch, rows, ledger)
    with _staged(choices.followed(list(entries.values()))):
        _enter_dated(batch)
        _enter_years(batch)
    return len(entries)


def _staged(entries: Iterable[dict[str, Any]]) -> Any:
    return bulk.staged(STAGING, COLUMNS, [_line(entry) for entry in entries], ["uscc"])


def _line(entry: dict[str, Any]) -> list[Any]:
    """A row of the directory as it is staged; days as text, which every database reads."""
    line = []
    for name in COLUMNS:
        value = entry.get(KEPT.get(name, name))
        if isinstance(value, date):
            value = value.isoformat()
        line.append(value or (None if name in MAY_BE_EMPTY else ""))
    return line


def _enter_enterprises(batch: Batch) -> None:
    bulk.execute(_SUBJECTS, [Subject.Kind.ENTERPRISE.value, Subject.Kind.ENTERPRISE.value])
    bulk.execute(_ENTERPRISES, [batch.pk, Subject.Kind.ENTERPRISE.value])


def _enter_dated(batch: Batch) -> None:
    """End the names and parks that are others now, and open those that hold from here on."""
    first_day = f"{year_of(batch.period)}-01-01"
    after = bulk.day_after("valid_from")
    for close, enter in ((_CLOSE_NAMES, _ENTER_NAMES), (_CLOSE_PARKS, _ENTER_PARKS)):
        bulk.execute(close.format(after=after), [first_day, first_day])
        bulk.execute(enter, [first_day, first_day, first_day, batch.pk])


def _enter_years(batch: Batch) -> None:
    bulk.execute(_YEARS, [year_of(batch.period)])


_SUBJECTS = f"""
INSERT INTO registers_subject (kind, "key")
SELECT %s, s.uscc FROM {STAGING} s
WHERE NOT EXISTS (
  SELECT 1 FROM registers_subject t WHERE t.kind = %s AND t."key" = s.uscc)
"""  # noqa: S608
_ENTERPRISES = f"""
INSERT INTO registers_enterprise
  (subject_id, uscc, sector, sector_name, district, established_on, in_production_on,
   batch_id, sheet, "row")
SELECT t.id, s.uscc, s.sector, s.sector_name, s.district, s.established_on, s.in_production_on,
  %s, s.sheet, s."row"
FROM {STAGING} s JOIN registers_subject t ON t.kind = %s AND t."key" = s.uscc
WHERE true
ON CONFLICT (subject_id) DO UPDATE SET
  sector = excluded.sector, sector_name = excluded.sector_name, district = excluded.district,
  established_on = excluded.established_on, in_production_on = excluded.in_production_on,
  batch_id = excluded.batch_id, sheet = excluded.sheet, "row" = excluded."row"
"""  # noqa: S608
# What held until now ends with the new year; what began on or after its first day, a day after.
_ENDS = "valid_to = CASE WHEN valid_from < %s THEN %s ELSE {after} END"
# A first name, and a first park, hold from the founding day; later ones from the year on, or from
# the day on which the one before ended.
_SINCE = """COALESCE((
    SELECT CASE WHEN MAX(n.valid_to) IS NULL THEN NULL
      WHEN MAX(n.valid_to) > %s THEN MAX(n.valid_to) ELSE %s END
    FROM {dated} n WHERE n.enterprise_id = e.subject_id), s.established_on, %s)"""
_NONE_HOLDS = """WHERE NOT EXISTS (
  SELECT 1 FROM {dated} n WHERE n.enterprise_id = e.subject_id AND n.valid_to IS NULL)"""
_CLOSE_NAMES = f"""
UPDATE registers_enterprisename
SET {_ENDS}
WHERE valid_to IS NULL AND EXISTS (
  SELECT 1 FROM {STAGING} s JOIN registers_enterprise e ON e.uscc = s.uscc
  WHERE e.subject_id = registers_enterprisename.enterprise_id
    AND s.name <> registers_enterprisename.name)
"""  # noqa: S608
_CLOSE_PARKS = f"""
UPDATE registers_enterprisepark
SET {_ENDS}
WHERE valid_to IS NULL AND EXISTS (
  SELECT 1 FROM {STAGING} s
  JOIN registers_enterprise e ON e.uscc = s.uscc
  LEFT JOIN registers_park p ON p.code = s.park
  WHERE e.subject_id = registers_enterprisepark.enterprise_id
    AND (p.subject_id IS NULL OR p.subject_id <> registers_enterprisepark.park_id))
"""  # noqa: S608
_ENTER_NAMES = f"""
INSERT INTO registers_enterprisename
  (enterprise_id, name, valid_from, batch_id, sheet, "row")
SELECT e.subject_id, s.name,
  {_SINCE.format(dated="registers_enterprisename")},
  %s, s.sheet, s."row"
FROM {STAGING} s JOIN registers_enterprise e ON e.uscc = s.uscc
{_NONE_HOLDS.format(dated="registers_enterprisename")}
"""  # noqa: S608
_ENTER_PARKS = f"""
INSERT INTO registers_enterprisepark
  (enterprise_id, park_id, valid_from, batch_id, sheet, "row")
SELECT e.subject_id, p.subject_id,
  {_SINCE.format(dated="registers_enterprisepark")},
  %s, s.sheet, s."row"
FROM {STAGING} s
JOIN registers_enterprise e ON e.uscc = s.uscc
JOIN registers_park p ON p.code = s.park
{_NONE_HOLDS.format(dated="registers_enterprisepark")}
"""  # noqa: S608
_YEARS = f"""
INSERT INTO registers_enterpriseyear (enterprise_id, year, scale, construction_state)
SELECT e.subject_id, %s, s.scale, s.construction_state
FROM {STAGING} s JOIN registers_enterprise e ON e.uscc = s.uscc
WHERE true
ON CONFLICT (enterprise_id, year) DO UPDATE SET
  scale = excluded.scale, construction_state = excluded.construction_state
"""  # noqa: S608
