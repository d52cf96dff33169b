"""Characters that are easily taken for one another: by sound, and by look."""

from __future__ import annotations

from functools import cache

from pypinyin import Style, pinyin

# A starter list of characters that look alike, each group in the order of use; not of any standard.
LOOK_ALIKE = (
    "己已巳", "末未", "土士", "人入", "日曰", "戊戌戍", "拔拨", "晴睛", "侯候", "徽微",
    "蓝篮", "辰晨", "赢嬴", "炬矩", "玖久", "千干于", "天夭", "大太犬", "贝见", "户卢",
    "申甲由田", "风凤", "冶治", "析折", "准淮", "券卷", "梁粱", "喝渴", "沪泸", "崇祟",
    "竟竞", "免兔", "乌鸟", "今令", "刀力刁", "厉历", "幻幼", "旦亘", "木本", "水永",
    "王玉", "白自", "目且", "石右", "科料", "帅师", "盛晟", "钧均", "瑶遥", "浩皓",
    "晖辉", "麒骐", "宏弘", "荣蓉", "佳家", "嘉加",
)  # fmt: skip
_LOOK = {character: group[0] for group in reversed(LOOK_ALIKE) for character in group}


@cache
def syllable(character: str) -> str:
    """The first reading of a character without its tone; other characters are their own."""
    return str(pinyin(character, style=Style.NORMAL, heteronym=False)[0][0])


def sounded(text: str) -> str:
    """A text by its syllables."""
    return " ".join(map(syllable, text))


def looked(text: str) -> str:
    """A text in which characters that look alike are one."""
    return "".join(_LOOK.get(character, character) for character in text)
