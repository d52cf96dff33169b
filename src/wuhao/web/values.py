"""A register's plain row becomes values for a page: the one place that reads kind and state."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wuhao.core.register import STATE_SUFFIX, Field
from wuhao.web.display import (
    SHOWN_IN,
    Shown,
    Source,
    column_unit,
    grouped,
    label_of,
    quantity,
    state_name,
    text_of,
)

NUMBERS = frozenset({"amount", "integer"})


def is_number(column: Field) -> bool:
    """Whether a column's values stand right and add up."""
    return bool(column.unit) or column.kind in NUMBERS


def heading(column: Field) -> str:
    """A column's label in the page's language."""
    return label_of(column.label, column.label_en)


def heading_unit(column: Field) -> str:
    """The unit that stands under a column's heading."""
    return column_unit(column.unit) if column.unit else ""


def number_of(column: Field, raw: Any) -> Decimal:
    """The exact value of a stored number: a whole number counts the field's quanta."""
    if isinstance(raw, int):
        return Decimal(raw) * Decimal(column.quantum)
    return Decimal(raw)


def shown(
    column: Field,
    row: Mapping[str, Any],
    *,
    by_size: bool = False,
    source: Source | None = None,
) -> Shown:
    """One value of a row, with its state; an empty number is 未报, an empty text is a dash."""
    state = state_name(row.get(column.code + STATE_SUFFIX))
    raw = row.get(column.code)
    if state in ("missing", "na"):
        return Shown("", state=state, source=source)
    if not is_number(column):
        return _words(column, raw, source)
    if state == "zero":
        zero = quantity(Decimal(0), column.unit)
        return Shown(zero.text, zero.unit, zero.exact, "zero", "number", source)
    if raw is None or raw == "":
        kind = "missing" if column.unit in SHOWN_IN else "value"
        return Shown("—", state=kind, kind="number")
    return _number(column, raw, by_size, source)


def _number(column: Field, raw: Any, by_size: bool, source: Source | None) -> Shown:
    value = number_of(column, raw)
    if column.unit:
        found = quantity(value, column.unit, by_size=by_size)
        return Shown(found.text, found.unit, found.exact, kind="number", source=source)
    return Shown(grouped(value), exact=grouped(value), kind="number", source=source)


def _words(column: Field, raw: Any, source: Source | None) -> Shown:
    if column.kind == "grade":
        return Shown(str(raw or ""), kind="grade", source=source)
    if column.choices is not None and raw not in (None, ""):
        labels = {str(value): str(label) for value, label in column.choices()}
        return Shown(labels.get(str(raw), str(raw)), source=source)
    return Shown(text_of(raw), kind=column.kind, source=source)
