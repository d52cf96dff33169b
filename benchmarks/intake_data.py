"""A workbook of 100,000 enterprises with 30 columns, its template, and the batch before it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import xlsxwriter

from wuhao.core.codes import completed_uscc

FIGURES = 28
CHANGED = 0.03
"""So many figures differ from the batch before."""


def template_text() -> str:
    """A template of a credit code, a name and 28 amounts in 千元."""
    head = (
        "template: B1\ntitle: 基准\nowner: stats\neffect: observations\nperiod: year\nkey: [uscc]\n"
        "columns:\n"
        "  - {code: uscc, label: 统一社会信用代码, kind: uscc, required: true}\n"
        "  - {code: name, label: 企业名称, kind: text, required: true, match: name}\n"
    )
    figures = (
        f"  - {{code: f{n}, label: 指标{n}, kind: amount, unit: 千元, quantum: '0.01', "
        f"fact: f{n}, min: 0}}\n"
        for n in range(FIGURES)
    )
    checks = (
        "checks:\n"
        "  - {code: within, expression: f1 <= f0 + f2 + f3, severity: warning, sentence: 核对。}\n"
    )
    return head + "".join(figures) + checks


def codes(rows: int) -> list[str]:
    """Synthetic credit codes with right check characters."""
    return [completed_uscc(f"91430200{_series(n)}") for n in range(rows)]


def _series(number: int) -> str:
    letters = "ABCDEFGHJK"
    return f"MA{letters[number // 100_000]}{number % 100_000:05d}"


def write_workbook(path: Path, rows: int, seed: int) -> None:
    """Write the workbook; a seed other than 0 changes some figures and adds a few firms."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("年报")
    sheet.write_row(0, 0, ["单位：千元"])
    heads = ["统一社会信用代码", "企业名称", *(f"指标{n}" for n in range(FIGURES))]
    sheet.write_row(1, 0, heads)
    drawn, other = Random(1), Random(f"changed/{seed}")
    for number, code in enumerate(codes(rows), start=2):
        figures = [round(drawn.lognormvariate(7, 1.5), 2) for _ in range(FIGURES)]
        if seed:
            figures = [f * 2 if other.random() < CHANGED else f for f in figures]
        sheet.write_row(number, 0, [code, f"第{number}精密制造有限公司", *figures])
    book.close()
