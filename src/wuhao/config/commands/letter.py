"""Commands of figures and letters."""

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from wuhao.config.cli import set_up_house
from wuhao.config.commands.acting import acting_as

if TYPE_CHECKING:
    pass

WORDS = {"holds": "相符", "changed": "已变", "no_source": "缺来源", "lost": "失绑"}
AS_USER = click.option("--as", "username", default="", help="Log-in to act as; default: the house.")


def _refuse(*sentences: object) -> NoReturn:
    for sentence in sentences:
        click.echo(str(sentence), err=True)
    sys.exit(2)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON with parts and lineage.")
@AS_USER
def figures(as_json: bool, username: str) -> None:
    """Print the named figures as of today."""
    set_up_house()
    from wuhao.core.errors import DomainError
    from wuhao.reports.figures import figure_values

    try:
        plain = [value.plain() for value in figure_values(acting_as(username))]
    except DomainError as wrong:
        _refuse(*wrong.sentences)
    if as_json:
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for row in plain:
        said = row["text"] or f"缺数：{row['missing']}"
        click.echo(f"{row['label']}（{row['code']}） {said} 截至 {row['cut_off']}")


@click.group()
def letter() -> None:
    """Official letters: draft one from the figures, check one that was drafted."""


@letter.command()
@click.argument("template", default="parks_reply")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Copy the file here.")
@AS_USER
def draft(template: str, out: Path | None, username: str) -> None:
    """Fill TEMPLATE with today's figures, freeze them and write a .docx."""
    set_up_house()
    from wuhao.core.errors import DomainError
    from wuhao.documents.services import path_of
    from wuhao.reports.letters import draft_letter

    try:
        version = draft_letter(acting_as(username), template)
    except DomainError as wrong:
        _refuse(*wrong.sentences)
    path = path_of(version)
    if out is not None:
        shutil.copyfile(path, out)
    click.echo(f"{version.document.title}：{version.slots.count()} 个数字已冻结，见 {out or path}")


@letter.command()
@click.argument("file", type=click.Path(path_type=Path))
@AS_USER
def check(file: Path, username: str) -> None:
    """Recompute every figure in FILE; exit 1 when one has changed, has no source or is lost."""
    set_up_house()
    from wuhao.core.errors import DomainError
    from wuhao.reports.letters import check_file

    try:
        found = check_file(acting_as(username), file)
    except DomainError as wrong:
        _refuse(*wrong.sentences)
    for row in found:
        now = f" → {row.new}" if row.state == "changed" else ""
        click.echo(f"{row.place:>2} {WORDS[row.state]} {row.label} {row.old}{now}（{row.said}）")
    wrong_ones = sum(row.state != "holds" for row in found)
    click.echo(f"{len(found)} 个数字，{len(found) - wrong_ones} 个相符。")
    sys.exit(1 if wrong_ones else 0)
