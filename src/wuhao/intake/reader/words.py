"""Words of a sheet: cleaning, what is a heading, a unit, a totals row, a note."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from wuhao.core.units import unit_named

_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_NUMBERLIKE = re.compile(r"[+\-\u2212－]?[\d,，.．%％\s]+")
# Round, square, lenticular and tortoise-shell brackets, in half and full width.
_OPEN, _CLOSE = r"（(\[\uff3b【\u3014", r"）)\]\uff3d】\u3015"
_BRACKETED = re.compile(f"[{_OPEN}]([^{_OPEN}{_CLOSE}]*)[{_CLOSE}]")
_SLASH_UNIT = re.compile(r"[/／]([^/／]+)$")
_TAIL_UNIT = re.compile(r"_([^_]+)$")
# Measures that the house does not convert but a reader of the workbook wants to see.
_MEASURE = re.compile(
    r"(?:十|百|千|万|萬|百万|亿|億)?(?:美元|港元|吨|公斤|标准煤|立方米|公里|米|人|户|戶|家|个|個|座|件|项|次|处|台|辆|套|年|月|天|日|小时|岁|分|%|％|‰|tones?)"
)
_UNIT_LINE = re.compile(r"(?:^|[\s（(；;，,]|计量|金额|数量)单位\s*[:：]\s*([^\s）)；;。]+)")
_TOTALS = re.compile(
    r"(?:本页|本表|全市|全部|各户|园区)?(?:合计|总计|小计|共计|总和)(?:[:：（(].*)?"
)
_LABELLED = re.compile(r"[^:：（(]{2,12}[:：]")
# Kinds of measure that no column of the house is kept in.
_STRANGE = re.compile(
    r"(?:十|百|千|万|百万|亿)?(?:美元|港元|港币|欧元|日元|英镑|立方米|立方|公里|米|兆焦|吉焦|千瓦|兆瓦|桶|斤|担)"
)
_NOTE = re.compile(
    r"(?:注\d*|备注|说明|附注|来源|资料来源|数据来源|填[报表](?:单位|部门|人|日期)|制表(?:人|单位|日期)?"
    r"|编制单位|(?:单位)?负责人|联系人|联系电话|审核人?|复核人?|经办人|报[出送]日期)[:：、.]|※|\*注"
)


def blank(value: Any) -> bool:
    """Whether a cell holds nothing but space."""
    return value is None or (isinstance(value, str) and (not value or not clean(value)))


def clean(text: str) -> str:
    """Text without invisible characters, with line breaks and runs of space as one space."""
    # Letters and digits alone need no cleaning; most cells of a long file are such.
    return text if text.isalnum() else _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()


def shown(value: Any) -> str:
    """A cell as text for people: whole floats without `.0`."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    return clean(value) if isinstance(value, str) else str(value)


def wordy(value: Any) -> bool:
    """Whether a cell holds words: text that is not a number in disguise."""
    if not isinstance(value, str):
        return False
    text = clean(value)
    return bool(text) and _NUMBERLIKE.fullmatch(unicodedata.normalize("NFKC", text)) is None


def yearly(value: Any) -> bool:
    """Whether a cell is a year, as headings of panel tables have them: 2021, 2021.0, "1995"."""
    if isinstance(value, str):
        text = clean(value)
        value = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
    return isinstance(value, int | float) and 1949 <= value <= 2100 and value == int(value)


def numberlike(value: Any) -> bool:
    """Whether a cell is a number, or text that is one in disguise: 1,234.5 or 12%."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float | Decimal):
        return True
    if not isinstance(value, str):
        return False
    text = unicodedata.normalize("NFKC", clean(value))
    return _NUMBERLIKE.fullmatch(text) is not None and any(c.isdigit() for c in text)


def labelled(value: Any) -> bool:
    """Whether a cell is a label of a form, with or without what it labels: 标段：, 编号：12."""
    return isinstance(value, str) and _LABELLED.match(clean(value)) is not None


def prose(value: Any) -> bool:
    """Whether a cell is running text and not the name of something."""
    return isinstance(value, str) and (len(_BRACKETED.sub("", value)) > 40 or "http" in value)


def heading_key(text: str) -> str:
    """A heading as it is compared: half width, without space, lower case, notes kept."""
    if text.isascii() and text.isalnum():
        return text.lower()
    return _SPACE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).lower()


def bare_heading(text: str) -> str:
    """A heading as it is compared without bracketed notes, units behind a slash and marks."""
    key = heading_key(text)
    previous = ""
    while key != previous:
        previous, key = key, _BRACKETED.sub("", key)
    slash = _SLASH_UNIT.search(key)
    if slash and unit_named(slash[1]):
        key = key[: slash.start()]
    return key.strip("*:。,、;")


def _without_unit(found: re.Match[str]) -> str:
    return "" if unit_named(re.sub(r"^(?:计量|金额)?单位:", "", found[1])) else found[0]


def unitless_heading(text: str) -> str:
    """A heading as it is compared with its notes but without its unit: 税金(元) is 税金."""
    key = _BRACKETED.sub(_without_unit, heading_key(text))
    slash = _SLASH_UNIT.search(key)
    return key[: slash.start()] if slash and unit_named(slash[1]) else key


def heading_unit(text: str) -> str:
    """The unit that a heading names in brackets or behind a slash, as written; else empty."""
    for inner in reversed(_BRACKETED.findall(clean(text))):
        for word in re.split(r"[，,；;、\s]", inner):
            candidate = re.sub(r"^(?:计量|金额)?单位\s*[:：]", "", word).strip()
            if candidate and unit_named(candidate):
                return candidate
    for behind in (_SLASH_UNIT.search(clean(text)), _TAIL_UNIT.search(clean(text))):
        if behind and unit_named(behind[1].strip()):
            return behind[1].strip()
    return ""


def strange_unit(text: str) -> str:
    """A unit in a heading's brackets that the house cannot convert: 万美元, 立方米; else empty."""
    inner = [clean(word) for word in _BRACKETED.findall(clean(text))]
    strange = [word for word in inner if _STRANGE.fullmatch(word) and not unit_named(word)]
    return strange[-1] if strange else ""


def heading_measure(text: str) -> str:
    """The unit that a heading names, or a measure in its brackets that the house knows not."""
    inner = [clean(word) for word in _BRACKETED.findall(clean(text))]
    return heading_unit(text) or next((w for w in reversed(inner) if _MEASURE.fullmatch(w)), "")


def line_units(text: str) -> list[str]:
    """The units that a line such as 单位：千元、人 names; 填报单位 is an office, not a unit."""
    found = []
    for words in _UNIT_LINE.findall(clean(text)):
        found += [word for word in re.split(r"[、，,/／]", words) if unit_named(word)]
    return found


def totals_label(value: Any) -> bool:
    """Whether a cell says that its row is a total: 合计, 总 计, 小计（3 户）."""
    return isinstance(value, str) and _TOTALS.fullmatch(_SPACE.sub("", clean(value))) is not None


def subtotal_label(value: Any) -> bool:
    """Whether a totals label is a subtotal of the rows since the one before."""
    return isinstance(value, str) and "小计" in _SPACE.sub("", value)


def note_text(value: Any) -> bool:
    """Whether a cell begins a note or a footer line: 注：, 填报单位：, 制表人."""
    return isinstance(value, str) and _NOTE.match(_SPACE.sub("", clean(value))) is not None
