"""Real names and what happens to them on the way: `certain` is right, and most are found."""

import csv
import random
from collections.abc import Callable
from itertools import pairwise

import openpyxl
import pytest

from tests.paths import SHARED_DATA
from wuhao.intake.matching.match import CERTAIN, NONE, Answer, Record, match
from wuhao.intake.matching.names import parsed
from wuhao.intake.matching.sounds import LOOK_ALIKE, syllable

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not SHARED_DATA.exists(), reason="the real data does not lie beside the project"
    ),
]
PLACES = ("株洲市", "长沙市", "湖南", "青岛", "济南市", "山东省", "广州", "江苏", "宁波市", "天津")
TRADES = ("科技", "机械制造", "电子", "新材料", "食品", "建材", "轨道装备", "生物医药", "贸易")
FORMS = ("有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司")


def shandong() -> list[tuple[str, str]]:
    path = SHARED_DATA / "shandong-enterprise-list" / "企业名单.xlsx"
    sheet = openpyxl.load_workbook(path, read_only=True).active
    rows = sheet.iter_rows(min_row=2, values_only=True)
    return list(dict.fromkeys((str(row[2]).strip(), str(row[3] or "").strip()) for row in rows))


def composed(made: random.Random, count: int) -> list[str]:
    """Names of a place, a real trade name, a trade and a form."""
    path = SHARED_DATA / "company-short-names" / "company_short_names_half_a.txt"
    short = [word for line in path.open(encoding="utf-8") if len(word := line.strip()) > 1]
    chosen = made.sample(short, count)
    return [
        f"{made.choice(PLACES)}{word}{made.choice(TRADES)}{made.choice(FORMS)}" for word in chosen
    ]


class Mistakes:
    """What people do to names on the way."""

    def __init__(self, made: random.Random, names: list[str]) -> None:
        self.made = made
        self.characters = sorted({c for name in names for c in name if "\u4e00" <= c <= "\u9fff"})
        self.by_sound: dict[str, list[str]] = {}
        for character in self.characters:
            self.by_sound.setdefault(syllable(character), []).append(character)

    def wrong_character(self, name: str) -> str:
        at = self.made.randrange(len(parsed(name).division), len(name) - 2)
        return name[:at] + self.made.choice(self.characters) + name[at + 1 :]

    def same_sound(self, name: str) -> str:
        places = [
            at for at in range(len(name) - 2) if len(self.by_sound.get(syllable(name[at]), ())) > 1
        ]
        at = self.made.choice(places)
        others = [c for c in self.by_sound[syllable(name[at])] if c != name[at]]
        return name[:at] + self.made.choice(others) + name[at + 1 :]

    def alike(self, name: str) -> str:
        for group in self.made.sample(LOOK_ALIKE, len(LOOK_ALIKE)):
            for one, other in pairwise(group):
                if one in name:
                    return name.replace(one, other, 1)
        return self.wrong_character(name)

    def left_out(self, name: str) -> str:
        at = self.made.randrange(len(name) - 2)
        return name[:at] + name[at + 1 :]

    def exchanged(self, name: str) -> str:
        at = self.made.randrange(len(name) - 3)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]

    def spaced(self, name: str) -> str:
        return f"{name[:2]} {name[2:]}　"

    def without_place(self, name: str) -> str:
        return name[len(parsed(name).division) :]

    def other_form(self, name: str) -> str:
        return name.replace("有限责任公司", "公司").replace("有限公司", "公司")

    def shortened(self, name: str) -> str:
        name = parsed(name).division + parsed(name).core
        return name[: max(6, len(name) - 2)]

    def other_trade(self, name: str) -> str:
        core = parsed(name).core
        kept = parsed(name).division + core[: max(3, len(core) - 2)]
        return f"{kept}{self.made.choice(TRADES)}有限公司"


def asked(seed: int, size: int) -> tuple[list[Record], list[tuple[str, str | None]]]:
    """A register, and names with the key that each means (None: it is not in the register)."""
    made = random.Random(seed)
    real = [name for name, _code in shandong() if len(name) > 7]
    names = list(dict.fromkeys([*real, *composed(made, size)]))
    strangers = [name for name in composed(made, size // 10) if name not in set(names)]
    records = [Record(str(at), name) for at, name in enumerate(names)]
    mistakes = Mistakes(made, names)
    ways: list[Callable[[str], str]] = [
        mistakes.wrong_character, mistakes.same_sound, mistakes.alike, mistakes.left_out,
        mistakes.exchanged, mistakes.spaced, mistakes.without_place, mistakes.other_form,
        mistakes.shortened, mistakes.other_trade, str,
    ]  # fmt: skip
    known = set(names)
    pairs: list[tuple[str, str | None]] = [(name, None) for name in strangers]
    for at in made.sample(range(len(names)), size // 4):
        written = made.choice(ways)(names[at])
        if written == names[at] or written not in known:
            pairs.append((written, str(at)))
    return records, pairs


def judged(pairs: list[tuple[str, str | None]], found: list[Answer]) -> tuple[float, float]:
    """Precision of `certain`, and how many of those in the register are found at all."""
    sure = [
        a.key == key for (_, key), a in zip(pairs, found, strict=True) if a.certainty == CERTAIN
    ]
    there = [a.key == key for (_, key), a in zip(pairs, found, strict=True) if key is not None]
    return sum(sure) / len(sure), sum(there) / len(there)


@pytest.mark.parametrize("seed", [11, 12])
def test_certain_is_right_and_most_names_with_mistakes_are_found(seed: int) -> None:
    records, pairs = asked(seed, 12_000)
    precision, recall = judged(pairs, match([(name, "") for name, _ in pairs], records))
    assert precision >= 0.9995
    assert recall >= 0.95


def test_two_real_lists_of_listed_firms_agree_by_name() -> None:
    """Renames between the two dates that share nothing can only be found by a code."""
    folder = SHARED_DATA / "listed-companies"
    with (folder / "a_share_company_2020.csv").open(encoding="utf-8-sig") as file:
        later = {
            row["companyId:ID(Company)"]: row["fullname:string"] for row in csv.DictReader(file)
        }
    with (folder / "a_share_names_gbk.csv").open(encoding="gb18030") as file:
        earlier = {row["期货代码"]: row["公司名称"].strip() for row in csv.DictReader(file)}
    records = [Record(code, name) for code, name in later.items() if name]
    pairs = [(name, code) for code, name in earlier.items() if code in later and name]
    found = match([(name, "") for name, _code in pairs], records)
    precision, recall = judged([(name, code) for name, code in pairs], found)
    assert len(pairs) > 3000
    assert precision >= 0.9995
    assert recall >= 0.95


def test_real_codes_decide_without_names() -> None:
    rows = [(name, code) for name, code in shandong() if len(code) == 18]
    by_code = {code: name for name, code in rows}
    records = [Record(code, name, code) for code, name in by_code.items()]
    found = match([(name[:-2], code) for name, code in rows], records)
    sure = [answer for answer in found if answer.certainty == CERTAIN]
    assert all(answer.key == code for (_, code), answer in zip(rows, found, strict=True))
    assert len(sure) > 0.95 * len(rows)
    assert not any(answer.certainty == NONE for answer in found)
