"""Who a row is about when its credit code does not say: asked once for a whole file.

A code that is missing, fails its check, or is not in the directory is looked up with the name
beside it. What is certain is read as that enterprise, and said; what is doubtful waits for a
person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from wuhao.core.codes import normalised
from wuhao.intake.checks import DIRECTORY, Context, Reading, Row
from wuhao.intake.findings import ERROR, WARNING, Finding
from wuhao.intake.matching.match import CERTAIN, DOUBTFUL
from wuhao.intake.reader.model import Workbook, column_index
from wuhao.intake.reader.words import shown
from wuhao.intake.templates import Column, Template

# Findings of a code cell that an answer takes the place of.
CODE_FAULTS = ("required", "unknown_enterprise")
CODE_FAULT = "uscc_"


@dataclass(frozen=True)
class Asked:
    """A row's code and name as written, with the cells in which they stand."""

    code: str
    name: str
    sheet: str
    code_cell: str
    name_cell: str


@dataclass(frozen=True)
class Identity:
    """What the registers say of it: the enterprise, how certain, why, and the current name.

    decided: a person said so of the same code and name before. overtaken: a person said that it
    was nobody of the directory, which now holds somebody for certain.
    """

    key: str
    certainty: str
    reasons: tuple[str, ...]
    name: str = ""
    decided: bool = False
    overtaken: bool = False


@dataclass(frozen=True)
class Question:
    """An answer that is to be remembered: what was asked, and what was said."""

    asked: Asked
    identity: Identity


@dataclass
class Identified:
    """Codes to read in place of what was written, the findings that say so, and the questions."""

    edits: dict[tuple[str, str], str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    answered: set[tuple[str, str]] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)


Identify = Callable[[Sequence[Asked]], Sequence[Identity]]


def identified(
    reading: Reading, workbook: Workbook, context: Context, identify: Identify
) -> Identified:
    """Ask about every row whose code does not name an enterprise; one call for the file."""
    found = Identified()
    if context.known is None or reading.template.effect == DIRECTORY:
        return found
    asked = list(_asked(reading, workbook, context))
    for one, identity in zip(asked, identify(asked) if asked else (), strict=True):
        _take(found, one, identity)
    return found


def without_answered(reading: Reading, found: Identified) -> list[Finding]:
    """The findings of a reading, those of codes that were answered replaced by what was said."""
    kept = [
        one
        for one in reading.findings
        if (one.sheet, one.cell) not in found.answered or not _of_code(one.code)
    ]
    return sorted([*kept, *found.findings], key=lambda one: (one.sheet, one.row))


def _of_code(code: str) -> bool:
    return code in CODE_FAULTS or code.startswith(CODE_FAULT)


def _asked(reading: Reading, workbook: Workbook, context: Context) -> Iterator[Asked]:
    pairs = list(_pairs(reading.template))
    grids = {sheet.name: sheet.cells for sheet in workbook.sheets}
    for row in reading.rows:
        for code, name in pairs:
            cell, named = row.values.get(code.code), row.values.get(name.code)
            if cell is None or named is None or not named.value:
                continue
            if cell.value is not None and cell.value in (context.known or ()):
                continue
            written = _written(grids[row.sheet], row, cell.column)
            yield Asked(
                normalised(written),
                str(named.value),
                row.sheet,
                f"{cell.column}{row.row_no}",
                f"{named.column}{row.row_no}",
            )


def _pairs(template: Template) -> Iterator[tuple[Column, Column]]:
    """Code columns of registered enterprises, each with the column of its names."""
    for name in template.columns:
        code = template.codes_of(name) if name.match == "name" else None
        if code is not None and code.registered:
            yield code, name


def _written(cells: list[list[object]], row: Row, letters: str) -> str:
    line, at = cells[row.row_no - 1], column_index(letters)
    return shown(line[at]) if at < len(line) and line[at] is not None else ""


def _take(found: Identified, asked: Asked, identity: Identity) -> None:
    place = (asked.sheet, asked.code_cell)
    if identity.certainty == CERTAIN and identity.key:
        found.edits[place] = identity.key
        found.answered.add(place)
        found.findings.append(_named_as(asked, identity))
    elif identity.certainty == DOUBTFUL:
        found.answered.add(place)
        found.findings.append(_doubtful(asked, identity))
    if identity.decided or identity.overtaken or identity.certainty == DOUBTFUL:
        found.questions.append(Question(asked, identity))


def _named_as(asked: Asked, identity: Identity) -> Finding:
    wrote = f"写的代码“{asked.code}”不在名录里" if asked.code else "没有写代码"
    by = "照以前的认定" if identity.decided else f"按{'，'.join(identity.reasons)}"
    sentence = (
        f"{asked.code_cell}：“{asked.name}”{wrote}，{by}认作“{identity.name}”"
        f"（{identity.key}），请核对。"
    )
    return _finding(asked, WARNING, "named_as", sentence)


def _doubtful(asked: Asked, identity: Identity) -> Finding:
    like = f"与名录里的“{identity.name}”相像（{'，'.join(identity.reasons)}）"
    sentence = (
        f"{asked.code_cell}：认不准“{asked.name}”是哪一家，{like}；已列入待认定，"
        "市局认定之后这一批会自动重查，也可以直接改正代码。"
    )
    return _finding(asked, ERROR, "match_doubtful", sentence)


def _finding(asked: Asked, severity: str, code: str, sentence: str) -> Finding:
    row = int(asked.code_cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return Finding(asked.sheet, asked.code_cell, severity, code, sentence, row)
