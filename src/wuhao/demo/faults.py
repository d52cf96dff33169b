"""Mistakes planted in a tax sheet, so that the demo can show how findings look."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from wuhao.core.codes import USCC_ALPHABET
from wuhao.demo.sheets import Sheet

CODE, NAME, PAID, VAT, REFUND = 1, 2, 3, 4, 7
_SLIP = 10_000


@dataclass(frozen=True)
class Planted:
    """A mistake: where it stands and of which kind it is."""

    sheet: str
    cell: str
    kind: str


def plant(sheet: Sheet, unknown: tuple[str, str]) -> list[Planted]:
    """Plant one mistake of each kind into rows spread over a tax sheet; needs eight rows or more.

    Kinds: bad_check, unit_slip, text_in_number, negative, missing_code, unknown_enterprise,
    duplicate. `unknown` is the code and name of an enterprise that is not in the directory.
    """
    steps: list[tuple[str, int, Callable[[int], None]]] = [
        ("bad_check", CODE, lambda row: _break_check(sheet, row)),
        ("unit_slip", PAID, lambda row: _slip(sheet, row)),
        ("text_in_number", VAT, lambda row: _set(sheet, row, VAT, "约120万")),
        ("negative", REFUND, lambda row: _set(sheet, row, REFUND, Decimal("-43600.00"))),
        ("missing_code", CODE, lambda row: _set(sheet, row, CODE, None)),
        ("unknown_enterprise", CODE, lambda row: _replace(sheet, row, unknown)),
        ("duplicate", CODE, lambda row: _repeat(sheet, row)),
    ]
    spread = len(sheet.rows) // (len(steps) + 1)
    planted = []
    for place, (kind, column, change) in enumerate(steps, 1):
        row = place * spread
        row = _large_row(sheet, row) if kind == "unit_slip" else row
        change(row)
        at = row + 1 if kind == "duplicate" else row
        planted.append(Planted(sheet.name, sheet.cell(at, column), kind))
    return planted


def _set(sheet: Sheet, row: int, column: int, value: Decimal | str | None) -> None:
    sheet.rows[row][column] = value


def _break_check(sheet: Sheet, row: int) -> None:
    code = str(sheet.rows[row][CODE])
    after = USCC_ALPHABET[(USCC_ALPHABET.index(code[-1]) + 1) % len(USCC_ALPHABET)]
    sheet.rows[row][CODE] = code[:-1] + after


def _large_row(sheet: Sheet, start: int) -> int:
    """The first row from `start` on that paid enough for a slip of the unit to be beyond belief."""
    for row in range(start, len(sheet.rows)):
        paid = sheet.rows[row][PAID]
        if isinstance(paid, Decimal) and paid > 2_000_000:
            return row
    raise ValueError(f"no row behind {start} paid more than 2,000,000 yuan")


def _slip(sheet: Sheet, row: int) -> None:
    """Amounts of a row a 万 times too large, as if a sheet in 万元 had been converted twice."""
    for column in range(PAID, REFUND + 1):
        value = sheet.rows[row][column]
        if isinstance(value, Decimal):
            sheet.rows[row][column] = value * _SLIP


def _replace(sheet: Sheet, row: int, unknown: tuple[str, str]) -> None:
    sheet.rows[row][CODE], sheet.rows[row][NAME] = unknown


def _repeat(sheet: Sheet, row: int) -> None:
    """The row once more below itself, with another amount paid."""
    again = list(sheet.rows[row])
    paid = again[PAID]
    again[PAID] = paid + 61_200 if isinstance(paid, Decimal) else paid
    sheet.rows.insert(row + 1, again)
