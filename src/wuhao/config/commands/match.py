"""The command `wuhao match`: which record of a register each name means, without a database."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

REFUSED = 2
WORDS = {"certain": "确定", "doubtful": "存疑", "none": "没有"}


@click.command()
@click.argument("names", type=click.Path(path_type=Path))
@click.argument("register", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The CSV of answers.")
@click.option("--json", "as_json", is_flag=True, help="Print the answers as JSON too.")
def match(names: Path, register: Path, out: Path, as_json: bool) -> None:
    """Match NAMES (columns name, code) with REGISTER (key, name, code, former_names)."""
    from wuhao.intake.matching.files import read_names, read_register, write_answers
    from wuhao.intake.matching.match import match as matched
    from wuhao.intake.reader.model import UnreadableFile

    try:
        asked, records = read_names(names), read_register(register)
        answers = matched(asked, records)
        write_answers(out, asked, answers)
    except (UnreadableFile, OSError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(REFUSED) from error
    counts = Counter(answer.certainty for answer in answers)
    if as_json:
        rows = [
            {"name": name, "key": a.key, "certainty": a.certainty, "reasons": list(a.reasons)}
            for (name, _code), a in zip(asked, answers, strict=True)
        ]
        told = {"counts": {word: counts[word] for word in WORDS}, "answers": rows}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    parts = "，".join(f"{label} {counts[word]} 个" for word, label in WORDS.items())
    click.echo(f"{len(asked)} 个名称：{parts}。写入 {out}。")
