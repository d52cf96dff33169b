"""Pure rules of the documents room."""

from collections.abc import Sequence
from re import search

from wuhao.documents.layout.content import OfficialDocument, paragraph_text
from wuhao.documents.layout.words import CLOSE, OPEN

MOBILE = r"(?<!\d)1[3-9]\d{9}(?!\d)"
NUMBERED = r"^\s*([一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.、]|（\d+）)"


def style_findings(document: OfficialDocument) -> Sequence[str]:
    """What the form of an official document forbids, as sentences; empty when sound.

    Sources: GB/T 9704-2012 7.2.5 (number), 7.3.2 (addressee), 7.3.3 (levels); personal
    information is not printed.
    """
    lines = [paragraph_text(paragraph) for paragraph in document.body]
    findings = []
    if document.number and not (OPEN in document.number and CLOSE in document.number):
        findings.append(f"发文字号的年份要用六角括号{OPEN}{CLOSE}括起。")
    if not document.addressee.endswith("："):
        findings.append("主送机关之后要用全角冒号。")
    findings += [f"“{p.lead[:12]}”自带序号，成文时会重复编号。"
                 for p in document.body if p.level and search(NUMBERED, p.lead)]  # fmt: skip
    if any(search(MOBILE, line) for line in [*lines, *document.contacts]):
        findings.append("文中有手机号码，请改用办公电话。")
    return findings
