"""The effect of accepted figures: observations, set-based, and the wide row kept beside them."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
from django.utils.translation import gettext as _

from wuhao.core import bulk
from wuhao.core.errors import DomainError
from wuhao.core.models import LedgerEntry
from wuhao.core.viewer import Viewer
from wuhao.engine.facts import State
from wuhao.intake.models import Batch
from wuhao.registers.models import Enterprise, Indicator
from wuhao.registers.services import claims

STAGING = "staged_observation"
COLUMNS = {
    "subject_id": "bigint",
    "indicator_id": "bigint",
    "period": "integer",
    "value": "bigint",
    "state": "smallint",
    "sheet": "varchar(100)",
    "row": "integer",
    "col": "varchar(3)",
}
Staged = tuple[int, int, int, int | None, int, str, int, str]


def receive_figures(batch: Batch, rows: pa.Table, ledger: LedgerEntry, by: Viewer) -> int:
    """Enter every fact column of an accepted batch; returns how many observations came."""
    appended = enter_rows(batch, rows, subjects_of(rows), ledger)
    claims.keep(batch, rows, ledger)
    return appended


def enter_rows(batch: Batch, rows: pa.Table, subjects: list[int], ledger: LedgerEntry) -> int:
    """Enter every fact column of rows whose subjects are known."""
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    facts = [name for name in rows.column_names if name in indicators]
    staged = list(_staged(rows, facts, subjects, indicators, batch.period))
    return enter(staged, batch.pk, ledger.no)


def enter(staged: list[Staged], batch_id: int | None, ledger_no: int) -> int:
    """Supersede what stood, append what came, bring the wide rows up to date; one transaction."""
    with bulk.staging(STAGING, COLUMNS):
        bulk.load(STAGING, list(COLUMNS), staged)
        bulk.index(STAGING, ["subject_id", "indicator_id", "period"])
        bulk.execute(_SUPERSEDE, [ledger_no])
        appended = bulk.execute(_APPEND, [batch_id, ledger_no])
        bulk.execute(_ENSURE_YEAR)
        _refresh_wide_rows(sorted({entry[1] for entry in staged}))
    return appended


def subjects_of(rows: pa.Table, column: str = "uscc") -> list[int]:
    """The subject of every row by its credit code. Raises DomainError for codes not registered."""
    keys: list[str] = rows.column(column).to_pylist()
    known = dict(Enterprise.objects.values_list("uscc", "pk"))
    strangers = sorted({key for key in keys if key not in known})
    if strangers:
        words = _("有 %(n)s 家企业不在企业名录里，例如 %(some)s。请先报送企业名录，再受理这一批。")
        raise DomainError(words % {"n": len(strangers), "some": "、".join(strangers[:3])})
    return [known[key] for key in keys]


def _staged(
    rows: pa.Table, facts: list[str], subjects: list[int], indicators: dict[str, int], period: int
) -> Iterator[Staged]:
    sheets, numbers = rows.column("sheet").to_pylist(), rows.column("row").to_pylist()
    for fact in facts:
        cells = zip(*(rows.column(name).to_pylist() for name in _cell_columns(fact)), strict=True)
        places = zip(subjects, sheets, numbers, strict=True)
        for (subject, sheet, row), (value, state, column) in zip(places, cells, strict=True):
            kept = value if state == State.VALUE else None
            yield subject, indicators[fact], period, kept, state, sheet, row, column or ""


def _cell_columns(fact: str) -> tuple[str, str, str]:
    return fact, f"{fact}__state", f"{fact}__column"


def _refresh_wide_rows(indicator_ids: Iterable[int]) -> None:
    listed = Indicator.objects.filter(pk__in=list(indicator_ids)).exclude(slot=None)
    for pk, slot in listed.values_list("pk", "slot"):
        # Slots come from our own list of two-digit names, never from a user.
        bulk.execute(_WIDEN.format(slot=slot), [pk])


_SUPERSEDE = f"""
UPDATE registers_observation SET superseded_by = %s
WHERE superseded_by IS NULL AND EXISTS (
  SELECT 1 FROM {STAGING} s
  WHERE s.subject_id = registers_observation.subject_id
    AND s.indicator_id = registers_observation.indicator_id
    AND s.period = registers_observation.period)
"""  # noqa: S608
_APPEND = f"""
INSERT INTO registers_observation
  (subject_id, indicator_id, period, value, state, sheet, "row", "column", batch_id, ledger_id)
SELECT subject_id, indicator_id, period, value, state, sheet, "row", col, %s, %s
FROM {STAGING} ORDER BY subject_id, indicator_id
"""  # noqa: S608
_ENSURE_YEAR = f"""
INSERT INTO registers_enterpriseyear (enterprise_id, year, scale, construction_state)
SELECT DISTINCT s.subject_id, s.period / 100, '', '' FROM {STAGING} s
WHERE s.period % 100 = 0
  AND EXISTS (SELECT 1 FROM registers_enterprise e WHERE e.subject_id = s.subject_id)
  AND NOT EXISTS (SELECT 1 FROM registers_enterpriseyear y
                  WHERE y.enterprise_id = s.subject_id AND y.year = s.period / 100)
"""  # noqa: S608
_WIDEN = f"""
UPDATE registers_enterpriseyear SET i{{slot}} = s.value, s{{slot}} = s.state
FROM {STAGING} s
WHERE s.indicator_id = %s AND s.period %% 100 = 0
  AND registers_enterpriseyear.enterprise_id = s.subject_id
  AND registers_enterpriseyear.year = s.period / 100
"""  # noqa: S608
