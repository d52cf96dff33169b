"""Mistakes of twenty-nine kinds planted into clean sheets, each known by its cell.

Written without knowing how files are read or checked: what it plants is what offices do wrong.

Codes and names: bad_check, fifteen_digits, letter_for_digit, short_code, missing_code,
unknown_enterprise, name_of_another. Rows: duplicate. Numbers: text_in_number,
bad_grouping, negative, out_of_range, decimals_of_persons, excel_error. Units: slip_10, slip_1000,
slip_10000, column_in_wrong_unit. Relations: parts_over_total, value_added_over_output,
against_another_office, far_from_peers, calorific_over_equivalent, month_over_so_far, wrong_total.
Days and words: no_such_day, end_before_start, word_not_listed, bad_project_code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from wuhao.core.codes import USCC_ALPHABET, completed_uscc
from wuhao.demo.sheets import Sheet, Value

SLIP_AT_LEAST = Decimal(1000)
"""A slip by 10 of a figure of a few yuan is nothing that anybody could see."""


@dataclass(frozen=True)
class Spot:
    """A planted mistake: sheet, cell as `D17`, and kind."""

    sheet: str
    cell: str
    kind: str


@dataclass(frozen=True)
class Places:
    """Which column of a sheet holds what, 0-based; -1 where it has none."""

    code: int = -1
    name: int = -1
    money: tuple[int, ...] = ()
    total: int = -1
    parts: tuple[int, int] = (-1, -1)
    persons: int = -1
    output: int = -1
    value_added: int = -1
    revenue: int = -1
    begins: int = -1
    ends: int = -1
    word: int = -1
    positive: int = -1
    month: int = -1


DIRECTORY = Places(code=2, name=1, begins=8, ends=9, word=7)
TAX = Places(code=1, name=2, money=(3, 4, 5), total=3, parts=(4, 5), positive=7)
STATISTICS = Places(
    code=0, name=1, money=(3, 4, 5, 8), persons=7, output=3, value_added=4, revenue=5, positive=5
)
LAND = Places(code=2, name=1, money=(3,), begins=5, ends=6, word=4, positive=3)

ENERGY = Places(code=0, name=1, money=(2, 3), total=2, parts=(3, -1), positive=2)
PROJECTS = Places(code=0, name=3, money=(5, 6, 7), total=7, positive=6, month=6)

Planter = Callable[["Planting", int], int]


@dataclass
class Planting:
    """A sheet in the course of being spoilt: rows not yet touched, and what was planted."""

    sheet: Sheet
    places: Places
    draw: Random
    spots: list[Spot]
    untouched: list[int]
    codes: frozenset[str]

    @classmethod
    def of(cls, sheet: Sheet, places: Places, seed: str) -> Planting:
        """Begin with every row of a sheet, in an order of its own."""
        draw = Random(f"planted/{seed}/{sheet.name}")
        rows = list(range(len(sheet.rows)))
        draw.shuffle(rows)
        codes = frozenset(str(row[places.code]) for row in sheet.rows)
        return cls(sheet, places, draw, [], rows, codes)

    def plant(self, kind: str, times: int) -> None:
        """Plant a kind so many times, each into a row of its own."""
        for _ in range(times):
            row = next(self._rows_for(kind))
            self.untouched.remove(row)
            column = PLANTERS[kind](self, row)
            self.spots.append(Spot(self.sheet.name, self.sheet.cell(row, column), kind))

    def _rows_for(self, kind: str) -> Iterator[int]:
        """Untouched rows in which a kind can be seen."""
        fits = FITS.get(kind, _anywhere)
        return (row for row in self.untouched if fits(self, row))

    def value(self, row: int, column: int) -> Value:
        return self.sheet.rows[row][column]

    def put(self, row: int, column: int, value: Value) -> int:
        self.sheet.rows[row][column] = value
        return column

    def number(self, row: int, column: int) -> Decimal:
        value = self.value(row, column)
        return value if isinstance(value, Decimal) else Decimal(0)


def repeat_rows(planting: Planting) -> None:
    """Ten rows once more at the end, below all that was planted before."""
    rows = planting.sheet.rows
    for row in planting.untouched[:10]:
        rows.append(list(rows[row]))
        cell = planting.sheet.cell(len(rows) - 1, planting.places.code)
        planting.spots.append(Spot(planting.sheet.name, cell, "duplicate"))


def wrong_total(sheet: Sheet, column: int) -> Spot:
    """A total that was not drawn anew when a row came: it is off by about a hundredth."""
    values = [cells[column] for cells in sheet.rows]
    total = sum((value for value in values if isinstance(value, Decimal)), Decimal(0))
    sheet.off[column] = -max((total / 100).quantize(Decimal("0.01")), Decimal(1))
    return Spot(sheet.name, sheet.cell(len(sheet.rows), column), "wrong_total")


def column_in_wrong_unit(sheet: Sheet, column: int) -> Spot:
    """Write a whole column a thousand times too small, as if in 千元 where 元 is asked for."""
    for cells in sheet.rows:
        value = cells[column]
        if isinstance(value, Decimal):
            cells[column] = value / 1000
    return Spot(sheet.name, sheet.cell(0, column), "column_in_wrong_unit")


# ---- codes and names ----------------------------------------------------------------------------


def _bad_check(planting: Planting, row: int) -> int:
    code = str(planting.value(row, planting.places.code))
    after = USCC_ALPHABET[(USCC_ALPHABET.index(code[-1]) + 1) % len(USCC_ALPHABET)]
    return planting.put(row, planting.places.code, code[:-1] + after)


def _fifteen_digits(planting: Planting, row: int) -> int:
    code = str(planting.value(row, planting.places.code))
    return planting.put(row, planting.places.code, code[2:17])


def _letter_for_digit(planting: Planting, row: int) -> int:
    code = str(planting.value(row, planting.places.code))
    return planting.put(row, planting.places.code, code[:6] + code[6:].replace("0", "O", 1))


def _short_code(planting: Planting, row: int) -> int:
    code = str(planting.value(row, planting.places.code))
    return planting.put(row, planting.places.code, code[:-2])


def _missing_code(planting: Planting, row: int) -> int:
    return planting.put(row, planting.places.code, None)


def _unknown(planting: Planting, row: int) -> int:
    prefix = str(planting.value(row, planting.places.code))[:8]
    codes = (
        completed_uscc(f"{prefix}MAX{planting.draw.randrange(100_000):05d}") for _ in range(99)
    )
    code = next(code for code in codes if code not in planting.codes)
    planting.put(row, planting.places.name, "查无此企精密制造有限公司")
    return planting.put(row, planting.places.code, code)


def _name_of_another(planting: Planting, row: int) -> int:
    other = planting.untouched[0]
    return planting.put(row, planting.places.name, planting.value(other, planting.places.name))


# ---- numbers ------------------------------------------------------------------------------------


def _text(planting: Planting, row: int) -> int:
    word = planting.draw.choice(("约120万", "见附件", "待核", "3个", "同上"))
    return planting.put(row, planting.places.money[0], word)


def _grouping(planting: Planting, row: int) -> int:
    value = f"{planting.number(row, planting.places.money[0]):.0f}"
    return planting.put(row, planting.places.money[0], f"{value[:-2]},{value[-2:]}")


def _negative(planting: Planting, row: int) -> int:
    column = planting.places.positive
    return planting.put(row, column, -abs(planting.number(row, column)) - 1)


def _out_of_range(planting: Planting, row: int) -> int:
    column = planting.places.money[0]
    return planting.put(row, column, planting.number(row, column) * 10**7 + 10**13)


def _half_persons(planting: Planting, row: int) -> int:
    column = planting.places.persons
    return planting.put(row, column, f"{planting.number(row, column):.0f}.5")


def _excel_error(planting: Planting, row: int) -> int:
    return planting.put(
        row, planting.places.money[0], planting.draw.choice(("#DIV/0!", "#N/A", "#REF!"))
    )


# ---- units --------------------------------------------------------------------------------------


def _slip(factor: int) -> Planter:
    def slip(planting: Planting, row: int) -> int:
        column = planting.places.revenue if planting.places.revenue >= 0 else planting.places.total
        return planting.put(row, column, planting.number(row, column) * factor)

    return slip


def _anywhere(_planting: Planting, _row: int) -> bool:
    return True


def _large(planting: Planting, row: int) -> bool:
    column = planting.places.revenue if planting.places.revenue >= 0 else planting.places.total
    return planting.number(row, column) >= SLIP_AT_LEAST


# ---- relations ----------------------------------------------------------------------------------


def _parts(planting: Planting, row: int) -> int:
    first = planting.places.parts[0]
    return planting.put(row, first, planting.number(row, planting.places.total) + 1000)


def _month_over(planting: Planting, row: int) -> int:
    column = planting.places.month
    return planting.put(row, column, planting.number(row, planting.places.total) + 1)


def _value_added(planting: Planting, row: int) -> int:
    column = planting.places.value_added
    return planting.put(row, column, planting.number(row, planting.places.output) + 1)


def _against_another(planting: Planting, row: int) -> int:
    """Revenue below what the tax bureau says was paid in tax."""
    column = planting.places.revenue
    return planting.put(row, column, Decimal(3))


def _far_from_peers(planting: Planting, row: int) -> int:
    """A staff of one where hundreds work: revenue per head is beyond every neighbour's."""
    planting.put(row, planting.places.persons, Decimal(1))
    return planting.places.revenue


def _many_work(planting: Planting, row: int) -> bool:
    return planting.number(row, planting.places.persons) >= 150


# ---- days and words -----------------------------------------------------------------------------


def _no_such_day(planting: Planting, row: int) -> int:
    return planting.put(
        row, planting.places.begins, planting.draw.choice(("2015-02-30", "2016.13.1"))
    )


def _end_first(planting: Planting, row: int) -> int:
    """The end is put before the beginning; both cells are at fault, the beginning is named."""
    begins = planting.value(row, planting.places.begins)
    ends = begins if isinstance(begins, date) else date(1999, 1, 1)
    planting.put(row, planting.places.ends, ends - timedelta(planting.draw.randrange(400)))
    return planting.places.begins


def _word(planting: Planting, row: int) -> int:
    return planting.put(row, planting.places.word, planting.draw.choice(("合建", "借用", "不清")))


def _project_code(planting: Planting, row: int) -> int:
    code = str(planting.value(row, planting.places.code))
    wrong = planting.draw.choice((code[:-1], code.replace("-", ""), f"{code}0"))
    return planting.put(row, planting.places.code, wrong)


PLANTERS: dict[str, Planter] = {
    "bad_check": _bad_check,
    "fifteen_digits": _fifteen_digits,
    "letter_for_digit": _letter_for_digit,
    "short_code": _short_code,
    "missing_code": _missing_code,
    "unknown_enterprise": _unknown,
    "name_of_another": _name_of_another,
    "text_in_number": _text,
    "bad_grouping": _grouping,
    "negative": _negative,
    "out_of_range": _out_of_range,
    "decimals_of_persons": _half_persons,
    "excel_error": _excel_error,
    "slip_10": _slip(10),
    "slip_1000": _slip(1000),
    "slip_10000": _slip(10_000),
    "parts_over_total": _parts,
    "calorific_over_equivalent": _parts,
    "month_over_so_far": _month_over,
    "value_added_over_output": _value_added,
    "against_another_office": _against_another,
    "far_from_peers": _far_from_peers,
    "no_such_day": _no_such_day,
    "end_before_start": _end_first,
    "word_not_listed": _word,
    "bad_project_code": _project_code,
}
FITS: dict[str, Callable[[Planting, int], bool]] = {
    "slip_10": _large,
    "slip_1000": _large,
    "slip_10000": _large,
    "bad_grouping": _large,
    "far_from_peers": _many_work,
    "letter_for_digit": lambda planting, row: (
        "0" in str(planting.value(row, planting.places.code))[6:]
    ),
}
