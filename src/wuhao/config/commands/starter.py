"""`wuhao scheme new FILE`: a first scheme by asking; a mistaken answer is asked for again."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

import click

from wuhao.engine.starter import CHOICES, Answers, Choice, scheme_text

T = TypeVar("T")
YEARS = range(1950, 2101)


class Mistaken(ValueError):
    """An answer that cannot be; the sentence says what is accepted."""


def numbers(text: str) -> list[Decimal]:
    """Read `30 20 50`. Raises Mistaken for what is not a list of numbers above zero."""
    try:
        found = [Decimal(word) for word in text.replace("，", " ").replace(",", " ").split()]
    except InvalidOperation as error:
        raise Mistaken(f"“{text}”应是用空格分开的数，例如 60 40。") from error
    if not found or any(not number.is_finite() or number <= 0 for number in found):
        raise Mistaken(f"“{text}”应是大于零的数。")
    return found


def chosen(text: str) -> list[Choice]:
    """Read `1 2 8`, the numbers of indicators in the order in which they were shown."""
    picked = [int(n) if n == int(n) else 0 for n in numbers(text)]
    if len(set(picked)) < len(picked) or not all(1 <= n <= len(CHOICES) for n in picked):
        raise Mistaken(f"请写 1 到 {len(CHOICES)} 的序号，各写一次。")
    return [CHOICES[n - 1] for n in picked]


def named(labels: list[str], text: str) -> dict[str, Decimal]:
    """Give each label its number. Raises Mistaken when their counts differ."""
    found = numbers(text)
    if len(found) != len(labels):
        raise Mistaken(f"要 {len(labels)} 个数（{'、'.join(labels)}），写了 {len(found)} 个。")
    return dict(zip(labels, found, strict=True))


def parts(name: str, labels: list[str], text: str) -> dict[str, Decimal]:
    """Give each label its part of a hundred. Raises Mistaken when they are not a hundred."""
    found = named(labels, text)
    total = sum(found.values(), Decimal(0))
    if total != 100:
        raise Mistaken(f"{name}合计应为 100，现为 {total.normalize():f}。")
    return found


def identifier(text: str) -> str:
    """Read the code of a scheme, which names it in runs and files."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text):
        raise Mistaken(f"“{text}”应由小写字母、数字和单个下划线组成，并以字母开头。")
    return text


def year_of(text: str) -> int:
    """Read the year of an evaluation."""
    if not re.fullmatch(r"[0-9]{4}", text) or int(text) not in YEARS:
        raise Mistaken(f"“{text}”应是 {YEARS[0]} 到 {YEARS[-1]} 的年份，例如 2022。")
    return int(text)


def letters(text: str) -> list[str]:
    """Read the grades, the best first."""
    found = text.split()
    if len(found) < 2 or len(set(found)) < len(found):
        raise Mistaken(f"“{text}”：至少要两个不同的档次，用空格分开，例如 A B C D。")
    return found


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(file: Path) -> None:
    """Ask a few questions and write a first scheme to FILE."""
    if file.exists():
        raise click.UsageError(f"“{file}”已经有了，不会覆盖；请换一个文件名。")
    text = scheme_text(_ask())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError:
        click.echo(text)  # the answers are not lost with the file
        raise
    click.echo(f"已写入 {file}。下一步：wuhao scheme check {file}")


def _ask() -> Answers:
    code = _answer("方案代码（小写字母、数字、下划线）", identifier)
    label = click.prompt("方案名称", default="亩均效益评价")
    title = click.prompt("依据文件的标题")
    number = click.prompt("文号（没有就直接回车）", default="", show_default=False)
    year = _answer("评价年度", year_of)
    for at, choice in enumerate(CHOICES, start=1):
        click.echo(f"  {at}. {choice.label}（{choice.unit}）")
    items = _answer("选哪几项（序号，用空格分开）", chosen)
    labels = [item.label for item in items]
    names = f"（{'、'.join(labels)}）"
    weights = _answer(f"权重，合计 100{names}", lambda text: parts("权重", labels, text))
    grades = _answer("档次，好的在前", letters, "A B C D")
    shown = f"各档比例，合计 100（{'、'.join(grades)}）"
    shares = _answer(shown, lambda text: parts("各档比例", grades, text))
    [cap] = _answer(
        "单项得分封顶，权重的几倍", lambda text: named(["封顶倍数"], text), "1.5"
    ).values()
    by_code = {item.code: weights[item.label] for item in items}
    return Answers(code, label, title, number, year, by_code, shares, cap)


def _answer(question: str, read: Callable[[str], T], default: str | None = None) -> T:
    """Ask until the answer can be read; what was answered before is kept."""
    while True:
        try:
            return read(click.prompt(question, default=default))
        except Mistaken as mistake:
            click.echo(f"{mistake}请再答一次。", err=True)
