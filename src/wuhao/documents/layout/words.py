"""How GB/T 9704-2012 writes numbers, dates, headings and titles."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise

from wuhao.documents.layout.content import Paragraph

OPEN, CLOSE = "\u3014", "\u3015"  # hexagonal brackets, never square or round ones
DIGITS = "〇一二三四五六七八九"
TITLE_CHARS = 20  # 2号 characters on a line of the type area
SEAL_INDENT = Decimal(4)  # characters free to the right of the date of a sealed document


def document_number(agency_code: str, year: int, serial: int) -> str:
    """The number of a document (发文字号): whole year in hexagonal brackets, no 第, no padding.

    Raises ValueError for a year that is not of four digits or a serial below 1.
    """
    if not 1000 <= year <= 9999:
        raise ValueError(f"发文字号的年份要写全四位，不能是 {year}。")
    if serial < 1:
        raise ValueError(f"发文字号的序号从 1 起，不能是 {serial}。")
    return f"{agency_code}{OPEN}{year}{CLOSE}{serial}号"


def chinese_date(day: date) -> str:
    """A date in full, in Arabic digits, without padding: 2022年6月28日."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese digits, as headings are numbered. Raises ValueError outside."""
    if not 1 <= number <= 99:
        raise ValueError(f"层次序号只能是 1 到 99，不能是 {number}。")
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones else "")


def heading_mark(level: int, number: int) -> str:
    """The mark before a heading: 一、（一）1. （1）. Raises ValueError for another level."""
    forms = {
        1: lambda: f"{chinese_number(number)}、",
        2: lambda: f"（{chinese_number(number)}）",
        3: lambda: f"{number}.",
        4: lambda: f"（{number}）",
    }
    if level not in forms:
        raise ValueError(f"结构层次只有四级，没有第 {level} 级。")
    return forms[level]()


def numbered(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Put each heading's mark before its sentence, counting anew under every higher heading."""
    counts = [0] * 5
    for paragraph in paragraphs:
        level = paragraph.level
        if level:
            counts[level] += 1
            counts[level + 1 :] = [0] * (4 - level)
            yield replace(paragraph, lead=heading_mark(level, counts[level]) + paragraph.lead)
        else:
            yield paragraph


def title_lines(words: Sequence[str], width: int = TITLE_CHARS) -> list[str]:
    """Break a title between words into the fewest lines, shaped as a trapezoid or a diamond.

    Raises ValueError for a word longer than a line.
    """
    if too_long := [word for word in words if len(word) > width]:
        raise ValueError(f"标题的词“{too_long[0]}”一行排不下（每行 {width} 字），请拆开。")
    for count in range(1, len(words) + 1):
        if fitting := [lines for lines in _breaks(words, count) if _longest(lines) <= width]:
            return min(fitting, key=_ungainly)
    return []


def _breaks(words: Sequence[str], count: int) -> Iterator[list[str]]:
    for cuts in combinations(range(1, len(words)), count - 1):
        ends = [0, *cuts, len(words)]
        yield ["".join(words[a:b]) for a, b in pairwise(ends)]


def _longest(lines: Sequence[str]) -> int:
    return max(len(line) for line in lines)


def _ungainly(lines: Sequence[str]) -> tuple[bool, int]:
    """Whether the shape is neither trapezoid nor diamond; then how uneven the lines are."""
    lengths = [len(line) for line in lines]
    peak = lengths.index(max(lengths))
    rises = all(a <= b for a, b in pairwise(lengths[: peak + 1]))
    falls = all(a >= b for a, b in pairwise(lengths[peak:]))
    rectangle = len(lengths) > 1 and len(set(lengths)) == 1
    mean = sum(lengths) / len(lengths)
    spread = round(sum((length - mean) ** 2 for length in lengths) * 100)
    return not (rises and falls) or rectangle, spread


def width_of(text: str) -> Decimal:
    """A text's width in characters of the grid; an ASCII letter or digit is half a character."""
    return sum((Decimal("0.5") if char.isascii() else Decimal(1) for char in text), Decimal(0))


def sign_off_indents(unit: str, day: str) -> tuple[Decimal, Decimal]:
    """Right indents, in characters, of the unit's name and the date of a sealed document.

    The date stands four characters from the right, the name is centred over it; a name too long
    for that pushes the date to the left.
    """
    overhang = (width_of(unit) - width_of(day)) / 2
    date_indent = max(SEAL_INDENT, overhang)
    return date_indent - overhang, date_indent
