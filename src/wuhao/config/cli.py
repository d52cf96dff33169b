"""The command `wuhao`. Topics are loaded when they are called, so that `wuhao evaluate` needs no
database and no web framework."""

import importlib
import os

import click

LAZY = {
    "evaluate": "wuhao.config.commands.engine:evaluate",
    "explain": "wuhao.config.commands.engine:explain",
    "lifts": "wuhao.config.commands.engine:lifts",
    "compare": "wuhao.config.commands.engine:compare",
    "scheme": "wuhao.config.commands.engine:scheme",
    "intake": "wuhao.config.commands.intake:intake",
    "figures": "wuhao.config.commands.letter:figures",
    "letter": "wuhao.config.commands.letter:letter",
    "audit": "wuhao.config.commands.house:audit",
    "demo": "wuhao.config.commands.house:demo",
    "serve": "wuhao.config.commands.house:serve",
    "work": "wuhao.config.commands.house:work",
    "manage": "wuhao.config.commands.house:manage",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(LAZY)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in LAZY:
            return None
        module, _, attribute = LAZY[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wuhao")
def main() -> None:
    """Wuhao (五好): the open operating system of a city's industrial parks."""


def set_up_house() -> None:
    """Start Django for the commands that read or write the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuhao.config.settings")
    import django

    django.setup()
