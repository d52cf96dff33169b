"""Commands of intake: `check` reads a file against a template without a database; `load` hands
it in as a person, and submits and accepts it where asked.

A file with errors ends with code 1 and every finding on its own line; what cannot be read or done
ends with code 2.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wuhao.config.commands.acting import acting_as
from wuhao.config.commands.writing import write
from wuhao.config.places import CITY

if TYPE_CHECKING:
    from wuhao.core.viewer import Viewer
    from wuhao.intake.checks import Reading
    from wuhao.intake.findings import Finding
    from wuhao.intake.models import Batch
    from wuhao.intake.reader.model import Workbook

WORDS = {"error": "错误", "warning": "提醒", "note": "说明"}
FAULTY = 1
REFUSED = 2


@click.group()
def intake() -> None:
    """Files in, checked rows out."""


@intake.command()
@click.argument("template_file", metavar="TEMPLATE", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--annotated", type=click.Path(path_type=Path), help="Write FILE with its findings.")
def check(template_file: Path, file: Path, as_json: bool, annotated: Path | None) -> None:
    """Check FILE against TEMPLATE (a YAML file, or a code of the city's templates)."""
    from wuhao.engine.findings import Refused
    from wuhao.intake.checks import check as check_workbook
    from wuhao.intake.reader.model import UnreadableFile
    from wuhao.intake.reader.workbook import read_workbook
    from wuhao.intake.templates import load_template

    try:
        template = load_template(_template_path(template_file))
        workbook = read_workbook(file, known=template.known_headings())
    except (Refused, UnreadableFile) as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    reading = check_workbook(template, workbook)
    if annotated is not None:
        _give_back(file, workbook, reading, annotated)
    click.echo(_as_json(reading, file) if as_json else "\n".join(_lines(reading)))
    if reading.errors:
        raise SystemExit(FAULTY)


def _give_back(file: Path, workbook: Workbook, reading: Reading, path: Path) -> None:
    """Write the file with its cells marked; never over the file itself."""
    from wuhao.intake.annotate.given_back import given_back

    if path.suffix.lower() != ".xlsx" or path.resolve() == file.resolve():
        click.echo(f"“{path.name}”应是另一个 .xlsx 文件名，不写在原文件上。", err=True)
        raise SystemExit(REFUSED)
    write(path, given_back(file.read_bytes(), workbook, reading.findings))


def _template_path(given: Path) -> Path:
    if given.suffix or given.exists():
        return given
    return CITY / f"templates/{given}.yaml"


def _as_json(reading: Reading, file: Path) -> str:
    content: dict[str, Any] = {
        "template": reading.template.code,
        "file": file.name,
        "rows": len(reading.rows),
        "errors": reading.errors,
        "warnings": reading.warnings,
        "counts": dict(sorted(Counter(f.code for f in reading.findings).items())),
        "sums_in_quanta": reading.sums(),
        "findings": [asdict(finding) for finding in reading.findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _lines(reading: Reading) -> list[str]:
    lines = [_line(finding) for finding in reading.findings]
    tail = f"读到 {len(reading.rows)} 行：错误 {reading.errors} 处，提醒 {reading.warnings} 处。"
    return [*lines, tail]


def _line(finding: Finding) -> str:
    place = "!".join(part for part in (finding.sheet, finding.cell) if part)
    return f"{WORDS[finding.severity]}\t{place}\t{finding.code}\t{finding.sentence}"


@intake.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--template", required=True, help="The template's code, as T1.")
@click.option("--period", required=True, type=int, help="202100 a year, 202106 a month.")
@click.option("--as", "username", required=True, help="The person who hands it in.")
@click.option("--submit", "submits", is_flag=True, help="Submit it when it has no errors.")
@click.option("--accept", "accepts", is_flag=True, help="Accept it too; the person must be bureau.")
@click.option("--note", default="", help="A note for the audit.")
def load(file: Path, template: str, period: int, username: str, **steps: Any) -> None:
    """Hand FILE in as a person; the same file twice is recognised."""
    from wuhao.config.cli import set_up_house

    set_up_house()
    from wuhao.core.errors import DomainError
    from wuhao.intake import services

    try:
        by = acting_as(username)
        received = services.receive_path(file, template, period, by)
        click.echo(received.sentence)
        _go_on(received.batch, by, steps)
    except DomainError as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error


def _go_on(batch: Batch, by: Viewer, steps: dict[str, Any]) -> None:
    """Submit and accept as asked; a step that was done before is not done again."""
    from wuhao.intake import services

    for found in batch.findings.order_by("pk"):
        click.echo(f"{WORDS[found.severity]}\t{found.sheet}!{found.cell}\t{found.sentence}")
    if (steps["submits"] or steps["accepts"]) and batch.status == batch.Status.DRAFT:
        services.submit(batch, by, steps["note"])
    if steps["accepts"] and batch.status == batch.Status.SUBMITTED:
        entered = services.accept(batch, by, steps["note"])
        click.echo(f"{batch.no} 已受理，入账 {entered} 项，账号 {batch.ledger_id}。")
    click.echo(f"{batch.no}：{batch.get_status_display()}。")
