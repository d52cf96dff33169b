"""The command `wuhao template`: the workbook that an office fills in, without a database."""

from __future__ import annotations

from pathlib import Path

import click

from wuhao.config.commands.writing import write
from wuhao.config.places import CITY

REFUSED = 2


@click.command()
@click.argument("code", metavar="CODE")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The workbook, .xlsx.")
def template(code: str, out: Path) -> None:
    """Write the workbook of a template: CODE of the city's templates (T1), or a YAML file."""
    from wuhao.engine.findings import Refused
    from wuhao.intake.blanks import workbook_of
    from wuhao.intake.templates import load_template

    path = Path(code) if code.endswith(".yaml") else CITY / f"templates/{code}.yaml"
    if not path.exists():
        known = "、".join(sorted(one.stem for one in (CITY / "templates").glob("*.yaml")))
        click.echo(f"没有模板“{code}”；本市有 {known}，也可以给出 YAML 文件。", err=True)
        raise SystemExit(REFUSED)
    if out.suffix.lower() != ".xlsx":
        click.echo(f"“{out.name}”应以 .xlsx 结尾。", err=True)
        raise SystemExit(REFUSED)
    try:
        made = load_template(path)
        write(out, workbook_of(made))
    except Refused as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    click.echo(f"“{made.title}”的空表写入 {out}。")
