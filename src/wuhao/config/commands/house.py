"""Commands that keep the house: serve, work, manage, demo, audit."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import click

from wuhao.config.cli import Refusal, set_up_house
from wuhao.config.places import DEMO_MARK

ADDRESS = "127.0.0.1"
# What a house in use keeps in its folder.
KEPT = ("db.sqlite3", "files", "lake", "audit", "letters")
PORT = click.IntRange(1, 65535)
DEMO_DAY = "2022-06-28"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Django's own commands (migrate, makemigrations, check …)."""
    set_up_house()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["wuhao manage", *arguments])


@click.command()
@click.option("--port", type=PORT, default=8000, show_default=True, help="The port to serve on.")
@click.option("--address", default=ADDRESS, show_default=True, help="The address to bind.")
@click.option("--workers", default=1, show_default=True, help="Web processes.")
def serve(port: int, address: str, workers: int) -> None:
    """Serve the site, with a worker for long work beside it."""
    if not os.environ.get("WUHAO_SECRET_KEY"):
        raise click.ClickException(
            "WUHAO_SECRET_KEY is not set. Set it to a long random text that stays the same, "
            "or run `wuhao demo`, which makes one of its own."
        )
    set_up_house()
    _migrate()
    _serve(port, address, workers)


def _serve(port: int, address: str, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    worker = subprocess.Popen([sys.executable, "-m", "wuhao.config", "work"])
    try:
        Server(
            "wuhao.config.wsgi:application",
            address=address,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=4,
            log_enabled=False,
        ).serve()
    finally:
        worker.terminate()
        worker.wait()


@click.command()
def work() -> None:
    """Run registered jobs until stopped; seal the audit log and wake lost jobs each minute."""
    set_up_house()
    from django.core.management import call_command

    from wuhao.core.keeping import keeping

    with keeping():
        call_command("db_worker", verbosity=0)


def _migrate() -> None:
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.WUHAO_VAR).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)


@click.command()
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    default=DEMO_DAY,
    show_default=True,
    help="The day the demo lives on.",
)
@click.option(
    "--scale",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    help="Multiples of the demo city's size.",
)
@click.option("--port", type=PORT, default=8000, show_default=True, help="The port to serve on.")
@click.option("--serve/--no-serve", "serving", default=True, help="Open the site afterwards.")
@click.option("--fresh", is_flag=True, help="Begin anew instead of going on.")
def demo(today: datetime, scale: int, port: int, serving: bool, fresh: bool) -> None:
    """Play the demo city from six departments' workbooks to a letter, then serve it."""
    _demo_environment(today.date().isoformat())
    set_up_house()
    from wuhao.demo import play

    if fresh:
        play.clear()
    _migrate()
    for line in play.play(scale=scale):
        click.echo(line)
    if serving:
        click.echo(f"打开 http://{ADDRESS}:{port}/ （按 Ctrl+C 停止）")
        _serve(port, ADDRESS, 1)


def _demo_environment(today: str) -> None:
    """The demo keeps its own key in its own folder; both are synthetic and local.

    A folder with a house's data that no demo made is somebody's work and is left alone.
    """
    os.environ["WUHAO_DEMO"] = "1"
    os.environ["WUHAO_TODAY"] = today
    root = Path(__file__).resolve().parents[4]
    var = Path(os.environ.setdefault("WUHAO_VAR", str(root / "var")))
    var.mkdir(parents=True, exist_ok=True)
    ours = (var / DEMO_MARK).exists() or (var / "demo").is_dir()
    if not ours and any((var / name).exists() for name in KEPT):
        raise Refusal(f"“{var}”里有别的数据，演示不动它；请用 WUHAO_VAR 另指一个目录。")
    (var / DEMO_MARK).write_text(today, encoding="ascii")
    key = var / "secret-key"
    if not key.exists():
        key.write_text(os.urandom(32).hex(), encoding="ascii")
        key.chmod(0o600)
    os.environ.setdefault("WUHAO_SECRET_KEY", key.read_text(encoding="ascii"))


@click.group()
def audit() -> None:
    """The audit log: seal and verify its chain."""


@audit.command()
def seal() -> None:
    """Link the settled entries into the chain."""
    set_up_house()
    from wuhao.core.audit import seal as seal_entries

    click.echo(f"封链 {seal_entries()} 行。")


@audit.command()
def verify() -> None:
    """Walk the chain; exit 1 when anything was altered, is missing or was reordered."""
    set_up_house()
    from wuhao.core.audit import verify as verify_entries

    verdict = verify_entries()
    for trouble in verdict.troubles:
        click.echo(trouble)
    click.echo(f"已封 {verdict.sealed} 行，未封 {verdict.unsealed} 行。")
    sys.exit(1 if verdict.troubles else 0)


@click.group()
def run() -> None:
    """Sealed runs of an evaluation."""


@run.command("verify")
@click.argument("no", required=False)
def verify_run(no: str | None) -> None:
    """Compare files and rows of one run, or of all, with what was sealed; exit 1 if they differ."""
    set_up_house()
    from wuhao.core.errors import DomainError
    from wuhao.runs.models import Run
    from wuhao.runs.services import verify as verify_sealed

    found = Run.objects.filter(no=no) if no else Run.objects.order_by("pk")
    if no and not found:
        raise Refusal(f"没有编号为“{no}”的计算。")
    troubles = 0
    for each in found:
        try:
            verify_sealed(each)
            click.echo(f"{each.no}：与封存的相符。")
        except DomainError as error:
            troubles += 1
            click.echo(str(error))
    sys.exit(1 if troubles else 0)
