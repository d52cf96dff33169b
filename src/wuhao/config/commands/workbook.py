"""The command `wuhao workbook show`: what is understood of a file, without a database.

A file that cannot be read ends with code 2 and a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

REFUSED = 2


@click.group()
def workbook() -> None:
    """What a workbook holds."""


@workbook.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print all that was understood as JSON.")
def show(file: Path, as_json: bool) -> None:
    """Show the tables of FILE (.xlsx, .xls, .ods, .csv, .txt): headings, units, data, totals."""
    from wuhao.intake.reader.model import UnreadableFile
    from wuhao.intake.reader.told import workbook_told
    from wuhao.intake.reader.workbook import read_workbook

    try:
        told = workbook_told(read_workbook(file))
    except UnreadableFile as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for sheet in told["sheets"]:
        for line in _lines(sheet):
            click.echo(line)


def _lines(sheet: dict[str, Any]) -> Iterator[str]:
    hidden = "" if sheet["visible"] else "（隐藏）"
    yield f"工作表“{sheet['name']}”{hidden}：{sheet['rows']} 行 {sheet['columns']} 列"
    if sheet["hidden_rows"] or sheet["hidden_columns"]:
        columns = "、".join(sheet["hidden_columns"]) or "无"
        yield f"  隐藏：{len(sheet['hidden_rows'])} 行，列 {columns}"
    if sheet["formulas"]:
        yield f"  公式 {sheet['formulas']} 格，取其存下的值"
    if not sheet["tables"]:
        yield "  没有认出表。" if sheet["rows"] else "  空。"
    for table in sheet["tables"]:
        yield from _table_lines(table)


def _table_lines(table: dict[str, Any]) -> Iterator[str]:
    top, bottom = table["header_rows"]
    rows = f"第 {top} 行" if top == bottom else f"第 {top}-{bottom} 行"
    yield f"  表：表头{rows}，数据 {table['data_range'] or '无'}，共 {table['data_rows']} 行"
    for column in table["columns"]:
        unit = f"（{column['unit']}）" if column["unit"] else ""
        kind = KINDS[column["type"]]
        yield f"    {column['column']}\t{' / '.join(column['heading'])}{unit}\t{kind}"
    if table["totals_rows"]:
        yield f"    合计行：{'、'.join(str(row['row']) for row in table['totals_rows'])}"
    if table["units"]:
        yield f"    单位：{'、'.join(table['units'])}"
    for note in table["notes"]:
        yield f"    注（第 {note['row']} 行）：{note['text']}"
    for beside in table["beside"]:
        yield f"    表旁 {beside['cell']}：{beside['text']}"


KINDS = {"number": "数", "date": "日期", "text": "文字", "mixed": "数与文字混杂", "empty": "空"}
