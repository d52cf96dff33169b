"""`wuhao scheme new FILE`: a first scheme by asking."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from wuhao.engine.starter import CHOICES, Answers, Choice, scheme_text


def numbers(text: str) -> list[Decimal]:
    """Read `30 20 50`. Raises UsageError for what is not a list of numbers above zero."""
    try:
        found = [Decimal(word) for word in text.replace("，", " ").replace(",", " ").split()]
    except InvalidOperation as error:
        raise click.UsageError(f"“{text}”应是用空格分开的数，例如 60 40。") from error
    if not found or any(not number.is_finite() or number <= 0 for number in found):
        raise click.UsageError(f"“{text}”应是大于零的数。")
    return found


def chosen(text: str) -> list[Choice]:
    """Read `1 2 8`, the numbers of indicators in the order in which they were shown."""
    picked = [int(n) if n == int(n) else 0 for n in numbers(text)]
    if len(set(picked)) < len(picked) or not all(1 <= n <= len(CHOICES) for n in picked):
        raise click.UsageError(f"请写 1 到 {len(CHOICES)} 的序号，各写一次。")
    return [CHOICES[n - 1] for n in picked]


def named(labels: list[str], text: str) -> dict[str, Decimal]:
    """Give each label its number. Raises UsageError when their counts differ."""
    found = numbers(text)
    if len(found) != len(labels):
        raise click.UsageError(
            f"要 {len(labels)} 个数（{'、'.join(labels)}），写了 {len(found)} 个。"
        )
    return dict(zip(labels, found, strict=True))


def identifier(text: str) -> str:
    """Read the code of a scheme, which names it in runs and files."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text):
        raise click.UsageError(f"“{text}”应由小写字母、数字和单个下划线组成，并以字母开头。")
    return text


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(file: Path) -> None:
    """Ask a few questions and write a first scheme to FILE."""
    if file.exists():
        raise click.UsageError(f"“{file}”已经有了，不会覆盖；请换一个文件名。")
    answers = _ask()
    if troubles := list(answers.troubles()):
        raise click.UsageError("".join(troubles))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(scheme_text(answers), encoding="utf-8")
    click.echo(f"已写入 {file}。下一步：wuhao scheme check {file}")


def _ask() -> Answers:
    code = identifier(click.prompt("方案代码（小写字母、数字、下划线）"))
    label = click.prompt("方案名称", default="亩均效益评价")
    title = click.prompt("依据文件的标题")
    number = click.prompt("文号（没有就直接回车）", default="", show_default=False)
    year = click.prompt("评价年度", type=click.IntRange(1950, 2100))
    for at, choice in enumerate(CHOICES, start=1):
        click.echo(f"  {at}. {choice.label}（{choice.unit}）")
    items = chosen(click.prompt("选哪几项（序号，用空格分开）"))
    labels = [item.label for item in items]
    weights = named(labels, click.prompt(f"权重，合计 100（{'、'.join(labels)}）"))
    grades = click.prompt("档次，好的在前", default="A B C D").split()
    if len(grades) < 2 or len(set(grades)) < len(grades):
        raise click.UsageError("至少要两个不同的档次。")
    shares = named(grades, click.prompt(f"各档比例，合计 100（{'、'.join(grades)}）"))
    [cap] = named(["封顶倍数"], click.prompt("单项得分封顶，权重的几倍", default="1.5")).values()
    by_code = {item.code: weights[item.label] for item in items}
    return Answers(code, label, title, number, year, by_code, shares, cap)
