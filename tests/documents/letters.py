"""A small official document for the tests of this room."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from wuhao.documents.layout.content import Imprint, OfficialDocument, Paragraph, Slot

DAY = date(2022, 6, 28)


def slot(code: str = "enterprises_above_scale", text: str = "1004", **more: object) -> Slot:
    frozen = Slot(
        code=code,
        label="规模以上工业企业数",
        text=text,
        suffix="家",
        unit="家",
        value=Decimal(1004),
        numerator=Decimal(1004),
        basis="企业台账",
        cut_off=DAY,
        lineage="ab" * 32,
    )
    return replace(frozen, **more)  # type: ignore[arg-type]


def document(**more: object) -> OfficialDocument:
    body = (
        Paragraph(("您提出的建议收悉，现答复如下：",)),
        Paragraph((), "已开展的工作", 1),
        Paragraph(("现有", slot(), "，其中A类", slot("grade_a", "201"), "。"), "底数清楚。", 2),
        Paragraph(("亩均效益评价已经公布。",), "评价公开。", 2),
        Paragraph((), "下一步打算", 1),
        Paragraph(("感谢您的关心支持。",)),
    )
    plain = OfficialDocument(
        agency="某某市工业和信息化局",
        number="某工信字〔2022〕21号",
        title=("对市十六届", "人大一次会议", "第1022号", "建议的", "答　复"),
        addressee="某某代表：",
        body=body,
        signed_by="某某市工业和信息化局",
        signed_on=DAY,
        contacts=("联系电话：0731-0000000",),
        imprint=Imprint(("市人大常委会联工委", "市政府督查室"), "某某市工业和信息化局办公室", DAY),
        class_mark="B类",
        label="演示数据",
    )
    return replace(plain, **more)  # type: ignore[arg-type]
