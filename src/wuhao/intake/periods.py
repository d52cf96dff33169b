"""Does the chosen period suit the file? Years in its name and titles; files seen before."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from wuhao.intake.findings import WARNING, Finding
from wuhao.intake.headings import Matching
from wuhao.intake.reader.model import letter

# A year of data: 2021年, 2021年度; not the 2022 of a day such as 2022年3月1日.
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?!\s*\d{1,2}\s*月)")


def other_years(year: int, name: str, matchings: list[Matching]) -> Iterator[Finding]:
    """Questions where the file's name or a title names other years than the one chosen."""
    places = [("", "", name), *(place for matching in matchings for place in _titles(matching))]
    for sheet, cell, text in places:
        years = sorted({int(found) for found in _YEAR.findall(text)})
        if years and year not in years:
            words = _("“%(text)s”说的是 %(years)s 年，而选的是 %(year)s 年度，请核对。")
            said = {"text": text[:60], "years": "、".join(map(str, years)), "year": year}
            yield Finding(sheet, cell, WARNING, "another_year", words % said)


def seen_before(numbers: list[str]) -> Iterator[Finding]:
    """Questions where the same file was received for another period, as these batches."""
    for no in numbers:
        words = _("同一个文件已作为批次 %(no)s 收过，那一批是另一个期间的，请核对年度。")
        yield Finding("", "", WARNING, "another_period", words % {"no": no})


def _titles(matching: Matching) -> Iterator[tuple[str, str, str]]:
    """The texts above a table, with their place."""
    for row, cells in enumerate(matching.sheet.cells[: matching.table.header_rows[0] - 1], start=1):
        for column, value in enumerate(cells):
            if isinstance(value, str) and value.strip():
                yield matching.sheet.name, f"{letter(column)}{row}", value.strip()
