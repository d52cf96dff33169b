"""Figures in bound content controls, and the part of the package that keeps what was frozen."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from lxml import etree

from wuhao.documents.layout.content import Slot
from wuhao.documents.layout.ooxml import Element, Type, el, run, val

NAMESPACE = "urn:wuhao:figures:1"
STORE_ID = "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)).upper() + "}"
DATASTORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
FIRST_ID = 704_000
TAG_LIMIT = 64  # what Word accepts


def control(slot: Slot, place: int, type_: Type) -> Element:
    """The content control (`w:sdt`) of the slot at a place, counted from 1.

    Programs that know no controls show its plain text. Raises ValueError for a code too long.
    """
    if len(slot.tag) > TAG_LIMIT:
        raise ValueError(f"数字代码“{slot.code}”太长，内容控件的标记最多 {TAG_LIMIT} 个字符。")
    binding = {
        "w:prefixMappings": f"xmlns:f='{NAMESPACE}'",
        "w:xpath": f"/f:figures[1]/f:figure[{place}]/f:text[1]",
        "w:storeItemID": STORE_ID,
    }
    properties = el(
        "w:sdtPr",
        None,
        type_.properties(),
        val("w:alias", slot.label[:TAG_LIMIT]),
        val("w:tag", slot.tag),
        val("w:id", FIRST_ID + place),
        el("w:dataBinding", binding),
        el("w:text"),
    )
    return el("w:sdt", None, properties, el("w:sdtContent", None, run(slot.text, type_)))


def figures_part(slots: Sequence[Slot]) -> Element:
    """`customXml/item1.xml`: per slot all that was frozen, and the text the control shows."""
    root = etree.Element(f"{{{NAMESPACE}}}figures", nsmap={"f": NAMESPACE})
    for slot in slots:
        figure = etree.SubElement(root, f"{{{NAMESPACE}}}figure", _attributes(slot))
        etree.SubElement(figure, f"{{{NAMESPACE}}}text").text = slot.text
    return root


def properties_part() -> Element:
    """`customXml/itemProps1.xml`: the name by which controls find the figures."""
    root = etree.Element(f"{{{DATASTORE}}}datastoreItem", nsmap={"ds": DATASTORE})
    root.set(f"{{{DATASTORE}}}itemID", STORE_ID)
    refs = etree.SubElement(root, f"{{{DATASTORE}}}schemaRefs")
    etree.SubElement(refs, f"{{{DATASTORE}}}schemaRef").set(f"{{{DATASTORE}}}uri", NAMESPACE)
    return root


def _attributes(slot: Slot) -> dict[str, str]:
    said = {
        "code": slot.code,
        "digest": slot.digest,
        "label": slot.label,
        "frozen": slot.text,
        "suffix": slot.suffix,
        "unit": slot.unit,
        "value": slot.value,
        "numerator": slot.numerator,
        "denominator": slot.denominator,
        "basis": slot.basis,
        "cutOff": slot.cut_off,
        "lineage": slot.lineage,
        "digits": slot.digits,
    }
    return {key: str(value) for key, value in said.items() if value is not None}


def slot_of(figure: Element) -> Slot:
    """A slot as it was frozen. Raises ValueError where a number or day is malformed."""

    def number(key: str) -> Decimal | None:
        text = figure.get(key)
        return None if text is None else Decimal(text)

    day, digits = figure.get("cutOff"), figure.get("digits")
    return Slot(
        code=figure.get("code", ""),
        label=figure.get("label", ""),
        text=figure.get("frozen", ""),
        suffix=figure.get("suffix", ""),
        unit=figure.get("unit", ""),
        value=number("value"),
        numerator=number("numerator"),
        denominator=number("denominator"),
        basis=figure.get("basis", ""),
        cut_off=None if day is None else date.fromisoformat(day),
        lineage=figure.get("lineage", ""),
        digits=None if digits is None else int(digits),
    )
