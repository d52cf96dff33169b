"""An enterprise's name taken apart: where it is, what it is called, its form, whether a branch.

A Chinese enterprise's name is made of a division, a trade name (字号), a trade and a form of
organisation, in this order or with the division in brackets (企业名称登记管理规定, 2021, 第六条).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南"
    "|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_DIVISION = re.compile(
    rf"(?:中国|(?:{PROVINCES})(?:省|市|维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区)?)"
    r"|[\u4e00-\u9fff]{2,6}?(?:自治州|自治县|地区|省|市|盟|旗)"
    r"|[\u4e00-\u9fff]{1,5}?(?:县|区)(?=[\u4e00-\u9fff]{4})"
)
FORMS = (
    "集团股份有限公司", "集团有限责任公司", "集团有限公司", "股份有限责任公司", "股份有限公司",
    "有限责任公司", "有限公司", "股份公司", "集团公司", "农民专业合作社", "专业合作社",
    "合作社", "有限合伙", "普通合伙", "特殊普通合伙", "合伙企业", "股份合作公司", "实业公司",
    "总公司", "公司", "总厂", "集团", "个体工商户", "经营部", "加工厂", "工作室", "事务所",
    "研究院", "研究所", "商行",
)  # fmt: skip
_FORM = re.compile(f"(?:{'|'.join(sorted(FORMS, key=len, reverse=True))})+$")
_BRANCH = re.compile(
    r"(?:(?<=公司)|(?<=集团)|(?<=厂)).{0,20}(?:分公司|分厂|办事处|项目部|营业部|分店|分行|支行)$"
)
_MARKS = re.compile(r"[\s\W_]+")


@dataclass(frozen=True)
class Name:
    """A name as it is compared.

    exact: without space, brackets and marks, in half width. loose: the same, with one spelling of
    forms that mean the same. core: what is left without divisions and form. division: what was
    taken off in front. form: at the end.
    """

    text: str
    exact: str
    loose: str
    core: str
    division: str
    form: str
    branch: bool


@lru_cache(maxsize=2**20)
def parsed(text: str) -> Name:
    """Take a name apart."""
    exact = exact_of(text)
    branch = _BRANCH.search(exact) is not None
    found = _FORM.search(exact)
    form = found[0] if found and found.start() > 1 else ""
    body = exact.removesuffix(form)
    division, core = _without_divisions(body)
    loose = exact.replace("有限责任公司", "有限公司")
    return Name(text, exact, loose, core or body, division, form, branch)


def exact_of(text: str) -> str:
    """A name without space, brackets and marks, in half width."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _without_divisions(body: str) -> tuple[str, str]:
    found = []
    while (match := _DIVISION.match(body)) and len(body) - match.end() >= 2:
        found.append(match[0])
        body = body[match.end() :]
    return "".join(found), body
