"""Units of measure: each converts exactly into the base unit in which its kind is kept.

Sources: 1 亩 = 2000/3 ㎡ (15 亩 = 1 公顷). Base units: yuan, m2, kwh, kgce, kg, person.
"""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Unit:
    """A unit as offices write it: code, label, base unit and how many of those it holds."""

    code: str
    label: str
    base: str
    factor: Fraction
    label_en: str = ""


MU_M2 = Fraction(2000, 3)

UNITS = {
    unit.code: unit
    for unit in (
        Unit("yuan", "元", "yuan", Fraction(1), "yuan"),
        Unit("qian_yuan", "千元", "yuan", Fraction(1000), "thousand yuan"),
        Unit("wan_yuan", "万元", "yuan", Fraction(10_000), "×10,000 yuan"),
        Unit("yi_yuan", "亿元", "yuan", Fraction(100_000_000), "×100 million yuan"),
        Unit("bai_wan_yuan", "百万元", "yuan", Fraction(1_000_000), "million yuan"),
        Unit("m2", "㎡", "m2", Fraction(1), "m²"),
        Unit("wan_m2", "万平方米", "m2", Fraction(10_000), "×10,000 m²"),
        Unit("km2", "平方公里", "m2", Fraction(1_000_000), "km²"),
        Unit("mu", "亩", "m2", MU_M2, "mu"),
        Unit("ha", "公顷", "m2", Fraction(10_000), "ha"),
        Unit("kwh", "千瓦时", "kwh", Fraction(1), "kWh"),
        Unit("mwh", "兆瓦时", "kwh", Fraction(1000), "MWh"),
        Unit("wan_kwh", "万千瓦时", "kwh", Fraction(10_000), "×10,000 kWh"),
        Unit("yi_kwh", "亿千瓦时", "kwh", Fraction(100_000_000), "×100 million kWh"),
        Unit("kgce", "千克标准煤", "kgce", Fraction(1), "kgce"),
        Unit("tce", "吨标准煤", "kgce", Fraction(1000), "tce"),
        Unit("wan_tce", "万吨标准煤", "kgce", Fraction(10_000_000), "×10,000 tce"),
        Unit("kg", "千克", "kg", Fraction(1), "kg"),
        Unit("t", "吨", "kg", Fraction(1000), "t"),
        Unit("wan_t", "万吨", "kg", Fraction(10_000_000), "×10,000 t"),
        Unit("person", "人", "person", Fraction(1), "persons"),
        Unit("wan_person", "万人", "person", Fraction(10_000), "×10,000 persons"),
        Unit("one", "", "one", Fraction(1)),
    )
}

# Other ways in which offices write the same unit.
_SPELLINGS = {
    "平方米": "m2",
    "m²": "m2",
    "m2": "m2",
    "平米": "m2",
    "平方公尺": "m2",
    "万㎡": "wan_m2",
    "km2": "km2",
    "km²": "km2",
    "mwh": "mwh",
    "公頃": "ha",
    "畝": "mu",
    "人民币元": "yuan",
    "元人民币": "yuan",
    "万人民币元": "wan_yuan",
    "万元人民币": "wan_yuan",
    "亿元人民币": "yi_yuan",
    "kwh": "kwh",
    "度": "kwh",
    "万度": "wan_kwh",
    "万kwh": "wan_kwh",
    "吨标煤": "tce",
    "tce": "tce",
    "千克标煤": "kgce",
    "kgce": "kgce",
    "公斤": "kg",
    "kg": "kg",
    "t": "t",
    "个": "one",
}
_BY_LABEL = {unit.label: unit for unit in UNITS.values() if unit.label}


def unit_named(text: str) -> Unit | None:
    """The unit that a heading names, by code, label or a common spelling; None where unknown."""
    cleaned = text.strip()
    by_spelling = UNITS.get(_SPELLINGS.get(cleaned.lower(), ""))
    return UNITS.get(cleaned) or _BY_LABEL.get(cleaned) or by_spelling


def convert(value: Fraction, source: Unit, target: Unit) -> Fraction:
    """Convert exactly between two units of one kind. Raises ValueError for different kinds."""
    if source.base != target.base:
        raise ValueError(f"{source.label} and {target.label} do not measure the same kind")
    return value * source.factor / target.factor
