"""Gather every marked text of the house into the English catalogue, or compile it.

``python tools/messages.py`` gathers and compiles; ``--check`` fails where a text is not listed or
the compiled catalogue is older than its source. Chinese stands in the code, English in
src/wuhao/web/locale/en; a text without a translation is shown in Chinese.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOM = Path(__file__).parents[1] / "src/wuhao"
LOCALE = ROOM / "web/locale"
CATALOGUE = LOCALE / "en/LC_MESSAGES/django.po"


def gather(locale: Path) -> None:
    """Run makemessages over all rooms into one catalogue."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuhao.config.settings")
    django.setup()
    settings.LOCALE_PATHS = [str(locale)]
    Command.msgmerge_options = [*Command.msgmerge_options, "--no-fuzzy-matching"]
    Command.xgettext_options = [*Command.xgettext_options, "--keyword=lazy"]
    before = Path.cwd()
    os.chdir(ROOM)
    try:
        call_command(
            Command(),
            locale=["en"],
            ignore_patterns=["web/locale/*"],
            no_location=True,
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )
    finally:
        os.chdir(before)


def compile_catalogue(path: Path) -> None:
    """Make the .mo beside a .po, without the day on which it was made."""
    source = re.sub(
        r'"(?:POT-Creation|PO-Revision)-Date:.*\n', "", path.read_text(encoding="utf-8")
    )
    path.write_text(source, encoding="utf-8")
    command = ["msgfmt", "--check-format", "-o", str(path.with_suffix(".mo")), str(path)]
    subprocess.run(command, check=True)  # noqa: S603


def entries(path: Path) -> set[str]:
    """The texts that a catalogue lists."""
    text = path.read_text(encoding="utf-8").replace('"\n"', "")
    return set(re.findall(r'^msgid "(.+)"$', text, re.M))


def missing() -> list[str]:
    """Texts in the code that the committed catalogue does not list."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "locale"
        (made / "en/LC_MESSAGES").mkdir(parents=True)
        gather(made)
        return sorted(entries(made / "en/LC_MESSAGES/django.po") - entries(CATALOGUE))


def main() -> int:
    """Gather and compile, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    if parser.parse_args().check:
        lacking = missing()
        sys.stderr.write("".join(f"not in the catalogue: {text}\n" for text in lacking))
        return 1 if lacking else 0
    gather(LOCALE)
    compile_catalogue(CATALOGUE)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
