"""What the form of an official document forbids is said as sentences."""

import pytest

from tests.documents.letters import document
from wuhao.documents.layout.content import Paragraph
from wuhao.documents.rules import style_findings


def test_a_sound_document_has_no_findings():
    assert style_findings(document()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "某工信字[2022]21号"}, "六角括号"),
        ({"addressee": "某某代表:"}, "全角冒号"),
        ({"body": (Paragraph((), "一、工作", 1),)}, "重复编号"),
        ({"body": (Paragraph((), "（二）工作", 2),)}, "重复编号"),
        ({"contacts": ("联系电话：" + "138" + "0" * 8,)}, "手机号码"),
    ],
)
def test_each_fault_is_named(change, said):
    [finding] = style_findings(document(**change))
    assert said in finding


def test_an_office_telephone_is_no_mobile():
    assert style_findings(document(contacts=("联系电话：0731-0000000",))) == []
