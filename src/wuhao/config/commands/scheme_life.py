"""`wuhao scheme list, enter, review, enact, withdraw, changes, dry-run`: the life of a scheme.

Everything goes through the services of the house, as the person named by `--as`; what they refuse
is told in their own sentences, with code 2. A version is named by the beginning of its digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wuhao.config.cli import Refusal, set_up_house
from wuhao.config.commands.acting import acting_as
from wuhao.engine.findings import EngineError
from wuhao.engine.versions import differences

if TYPE_CHECKING:
    from wuhao.core.viewer import Viewer
    from wuhao.evaluation.schemes import DryRun
    from wuhao.runs.models import SchemeVersion

    Act = Callable[[SchemeVersion, Viewer, str], object]

SHOWN = 12
NOBODY = "没有等级"
VERSION = click.argument("version", metavar="VERSION")
AS_USER = click.option("--as", "username", required=True, help="The person who does it.")
NOTE = click.option("--note", default="", help="A note for the audit.")


@contextmanager
def _house() -> Iterator[None]:
    """Open the house; what it refuses ends the command in its own sentences."""
    set_up_house()
    from wuhao.core.errors import DomainError

    try:
        yield
    except (DomainError, EngineError) as error:
        raise Refusal(str(error)) from error


def _found(by: Viewer, start: str) -> SchemeVersion:
    from wuhao.runs.selectors import scheme_version

    return scheme_version(by, start)


def _moved(act: Act, username: str, start: str, note: str) -> None:
    """Let a service do its act on a version, as a person; tell what the version is now."""
    by = acting_as(username)
    version = _found(by, start)
    act(version, by, note)
    click.echo(_line(version))


def _line(version: SchemeVersion) -> str:
    people = [
        f"{word} {post.user.name}"
        for word, post in (("起草", version.drafted_by), ("复核", version.reviewed_by))
        if post is not None
    ]
    said = "，".join([f"{version.valid_from} 起", *people])
    name = f"{version.digest[:SHOWN]}  {version.get_status_display()}"
    return f"{name}  {version.code}  {version.title}（{said}）"


@click.command("list")
@click.option("--as", "username", default="", help="Log-in to look as; default: the house.")
def list_versions(username: str) -> None:
    """List the versions of schemes that the house keeps, latest first."""
    with _house():
        from wuhao.runs.selectors import scheme_versions

        found = scheme_versions(acting_as(username))
        for version in found:
            click.echo(_line(version))
        if not found:
            click.echo("没有可看的方案版本。起草：wuhao scheme enter 文件 --as 用户名")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@AS_USER
def enter(file: Path, username: str) -> None:
    """Enter FILE as a draft; the same content is the version that is already there."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(f"“{file}”不是 UTF-8 文本，请另存为 UTF-8。") from error
    with _house():
        from wuhao.runs import schemes

        version = schemes.draft(text, acting_as(username))
        click.echo(_line(version))
        if version.status == version.Status.DRAFT:
            click.echo(f"下一步由另一位同事：wuhao scheme review {version.digest[:SHOWN]} --as …")


@click.command()
@VERSION
@AS_USER
@NOTE
def review(version: str, username: str, note: str) -> None:
    """Sign the draft VERSION as a second person."""
    with _house():
        from wuhao.runs import schemes

        _moved(schemes.review, username, version, note)


@click.command()
@VERSION
@AS_USER
@click.option("--note", required=True, help="The document or the meeting that decided it.")
def enact(version: str, username: str, note: str) -> None:
    """Put the reviewed VERSION in force; from then on it is locked.

    Refused once data of its period have been accepted.
    """
    with _house():
        from wuhao.evaluation import schemes

        _moved(schemes.enact, username, version, note)


@click.command()
@VERSION
@AS_USER
@NOTE
def withdraw(version: str, username: str, note: str) -> None:
    """Take back VERSION before it is in force; its text stays on record."""
    with _house():
        from wuhao.runs import schemes

        _moved(schemes.withdraw, username, version, note)


@click.command()
@VERSION
@click.option("--since", default="", metavar="VERSION", help="Default: the one in force.")
@AS_USER
def changes(version: str, since: str, username: str) -> None:
    """Tell in words what VERSION changes, compared with the version in force or another."""
    with _house():
        from wuhao.runs import schemes
        from wuhao.runs.selectors import scheme_in_force

        by = acting_as(username)
        new = _found(by, version)
        old = _found(by, since) if since else scheme_in_force(by, new.code)
        click.echo(f"{old.digest[:SHOWN]} → {new.digest[:SHOWN]}")
        found = differences(schemes.scheme_of(old), schemes.scheme_of(new))
        for sentence in found or ["两个版本相同。"]:
            click.echo(sentence)


@click.command("dry-run")
@VERSION
@click.option("--period", required=True, type=int, help="Whose facts: 202100 is the year 2021.")
@AS_USER
def dry_run(version: str, period: int, username: str) -> None:
    """Try VERSION on a period's accepted facts; nothing of it is kept."""
    with _house():
        from wuhao.evaluation import schemes
        from wuhao.runs.selectors import current

        by = acting_as(username)
        tried = schemes.dry_run(_found(by, version), period, by)
        for line in _tried(tried, compared=current(by, period) is not None):
            click.echo(line)


def _tried(tried: DryRun, compared: bool) -> Iterator[str]:
    counts = sorted((grade or NOBODY, n) for grade, n in tried.grades.items())
    yield f"用 {tried.period} 期的数据试算（不保存）：" + "，".join(f"{g} {n}" for g, n in counts)
    if compared:
        yield f"与已公布的结果相比，{len(tried.movers)} 户的等级不同。"
    else:
        yield f"{tried.period} 期还没有公布过结果，没有可比的等级。"
    for mover in tried.movers:
        yield f"{mover.subject}  {mover.before or NOBODY} → {mover.after or NOBODY}"
    yield from (f"注意：{note}" for note in tried.notes)


LIFE = (list_versions, enter, review, enact, withdraw, changes, dry_run)
