"""Codes of enterprises: check and complete them, and say in a sentence what is wrong.

Sources: GB 32100-2015 (统一社会信用代码, 18 characters) and GB 11714-1997 (全国组织机构代码,
the nine characters inside it). Registration numbers (注册号, 15 characters) are what enterprises
carried before 2015; they are told apart, since no one can turn one into the other by arithmetic.
"""

import re
import unicodedata
from dataclasses import dataclass

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LENGTH = 18
REGISTRATION_LENGTH = 15

_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_REGISTRATION = re.compile(r"[0-9]{15}|[0-9]{6}NA[0-9]{6}[0-9X]")


@dataclass(frozen=True)
class CodeFault:
    """What is wrong with a code: a short key and a sentence for the reader.

    Keys: empty, registration_number, length, letter, organisation_check, check.
    """

    key: str
    sentence: str


def normalised(text: str) -> str:
    """The code as it is kept: half-width, upper case, without blanks or an Excel apostrophe."""
    half = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s'’]", "", half).upper()


def organisation_check_character(body: str) -> str:
    """The ninth character of an organisation code from its first eight (GB 11714)."""
    total = sum(int(c, 36) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def uscc_check_character(body: str) -> str:
    """The 18th character of a credit code from its first seventeen (GB 32100)."""
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[-total % 31]


def completed_uscc(body: str) -> str:
    """A credit code from office, kind and division (8) and the first 8 of the organisation code."""
    inner = body + organisation_check_character(body[8:])
    return inner + uscc_check_character(inner)


def is_registration_number(text: str) -> bool:
    """Whether a text has the shape of a 15-character registration number (注册号)."""
    return _REGISTRATION.fullmatch(normalised(text)) is not None


def uscc_check(text: str) -> CodeFault | None:
    """What is wrong with a credit code, or None where both check characters are right."""
    code = normalised(text)
    shape = _shape_fault(code)
    if shape is not None:
        return shape
    return _check_fault(code)


def _shape_fault(code: str) -> CodeFault | None:
    if not code:
        return CodeFault("empty", "没有填统一社会信用代码，请补填。")
    if is_registration_number(code):
        return CodeFault(
            "registration_number",
            f"“{code}”是 15 位注册号，不是统一社会信用代码，请换成 18 位代码。",
        )
    if len(code) != USCC_LENGTH:
        return CodeFault(
            "length", f"统一社会信用代码应为 18 位，“{code}”有 {len(code)} 位，请核对。"
        )
    wrong = [place for place, c in enumerate(code, 1) if c not in USCC_ALPHABET]
    if not wrong:
        return None
    seen = "、".join(f"第 {place} 位“{code[place - 1]}”" for place in wrong)
    return CodeFault(
        "letter", f"“{code}”的{seen}不是代码可用的字符（不用字母 I、O、S、V、Z），请核对。"
    )


def _check_fault(code: str) -> CodeFault | None:
    expected = uscc_check_character(code[:17])
    if code[17] != expected:
        return CodeFault("check", f"“{code}”第 18 位校验不符，应为“{expected}”，请核对是否抄错。")
    expected = organisation_check_character(code[8:16])
    if code[16] != expected:
        return CodeFault(
            "organisation_check",
            f"“{code}”第 17 位（组织机构代码校验）不符，应为“{expected}”，请核对是否抄错。",
        )
    return None
