"""The command `wuhao`. Topics are loaded when they are called, so that `wuhao evaluate` needs no
database and no web framework."""

import errno
import importlib
import os

import click

WHY = {
    errno.ENOENT: "没有这个文件或目录",
    errno.EACCES: "没有权限",
    errno.EEXIST: "已经有了",
    errno.EISDIR: "是目录，不是文件",
    errno.ENOTDIR: "不是目录",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "这里只能读，不能写",
    errno.EADDRINUSE: "端口已被占用，请用 --port 换一个",
}
LAZY = {
    "evaluate": "wuhao.config.commands.engine:evaluate",
    "explain": "wuhao.config.commands.engine:explain",
    "lifts": "wuhao.config.commands.engine:lifts",
    "compare": "wuhao.config.commands.engine:compare",
    "scheme": "wuhao.config.commands.engine:scheme",
    "intake": "wuhao.config.commands.intake:intake",
    "match": "wuhao.config.commands.match:match",
    "template": "wuhao.config.commands.template:template",
    "workbook": "wuhao.config.commands.workbook:workbook",
    "figures": "wuhao.config.commands.letter:figures",
    "letter": "wuhao.config.commands.letter:letter",
    "audit": "wuhao.config.commands.house:audit",
    "demo": "wuhao.config.commands.house:demo",
    "serve": "wuhao.config.commands.house:serve",
    "work": "wuhao.config.commands.house:work",
    "manage": "wuhao.config.commands.house:manage",
    "run": "wuhao.config.commands.house:run",
}


class Refusal(click.ClickException):
    """What the machine or the settings do not allow: one sentence, code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the sentence to the error stream."""
        click.echo(self.message, err=True)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for.

    What the machine refuses (a path, a port, the database, a setting) is told in a sentence;
    errors of the program stay what they are.
    """

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise  # whoever read the output has seen enough: click ends quietly
        except OSError as error:
            raise Refusal(_of_the_machine(error)) from error
        except Exception as error:
            if told := _of_the_house(error):
                raise Refusal(told) from error
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(LAZY)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in LAZY:
            return None
        module, _, attribute = LAZY[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


def _of_the_machine(error: OSError) -> str:
    where = f"“{error.filename}”：" if error.filename else ""
    why = WHY.get(error.errno or 0, error.strerror or str(error))
    return f"{where}{why}。请核对后再试。"


def _of_the_house(error: Exception) -> str:
    """A sentence for what Django says of database and settings; nothing for everything else."""
    kind = type(error)
    if not kind.__module__.startswith("django."):
        return ""
    if kind.__name__ == "ImproperlyConfigured":
        return f"设置不对：{error}"
    if kind.__name__ in ("OperationalError", "ProgrammingError") and "no such table" in str(error):
        return "数据库里还没有表。请先运行 wuhao demo 或 wuhao serve。"
    return f"数据库打不开：{error}。" if kind.__name__ == "OperationalError" else ""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wuhao")
def main() -> None:
    """Wuhao (五好): the open operating system of a city's industrial parks."""


def set_up_house() -> None:
    """Start Django for the commands that read or write the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuhao.config.settings")
    import django

    from wuhao.core.bindings import require_bindings

    django.setup()
    require_bindings()
