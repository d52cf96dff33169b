"""Clean sheets that the demo does not hand in, for mistakes to be planted into: T5 and T9."""

from datetime import date
from decimal import Decimal
from random import Random

from wuhao.demo.shapes import ABOVE, Enterprise, Population
from wuhao.demo.sheets import Head, Sheet, Value

_CENT = Decimal("0.01")
_CALORIFIC_SHARE = (55, 95)
"""The calorific value of energy as a share of the equivalent one, in hundredths."""


def energy_sheet(population: Population) -> Sheet:
    """Energy at both values (综合能源消费量) in tons of coal, by credit code."""
    heads = (
        Head("统一社会信用代码", 22), Head("单位详细名称", 34),
        Head("综合能耗（等价值）（吨标准煤）", 18, summed=True),
        Head("综合能耗（当量值）（吨标准煤）", 18, summed=True),
    )  # fmt: skip
    draw = Random(f"T5/{population.year}")
    rows: list[list[Value]] = []
    for enterprise in sorted(population.of_scale(ABOVE), key=lambda e: e.uscc):
        equivalent = enterprise.facts.get("energy_kgce")
        if isinstance(equivalent, Decimal) and equivalent:
            tons = (equivalent / 1000).quantize(_CENT)
            share = Decimal(draw.randint(*_CALORIFIC_SHARE)) / 100
            calorific = (tons * share).quantize(_CENT)
            rows.append([enterprise.uscc, enterprise.name, tons, calorific])
    titles = [f"规模以上工业能源消费（{population.year}年）", population.words.label]
    return Sheet("能源", titles, heads, rows)


def projects_sheet(population: Population) -> Sheet:
    """Made-up projects (项目) with a month's investment in 万元, by code."""
    heads = (
        Head("项目代码", 30), Head("项目名称", 34), Head("建设单位信用代码", 22),
        Head("建设单位", 34), Head("所在园区", 18), Head("计划总投资（万元）", 14, summed=True),
        Head("本月完成投资（万元）", 14, summed=True),
        Head("自开工累计完成投资（万元）", 14, summed=True),
    )  # fmt: skip
    draw = Random(f"T9/{population.year}")
    owners = draw.sample(population.of_scale(ABOVE), min(400, len(population.of_scale(ABOVE))))
    rows = [_project(population, draw, no, owner) for no, owner in enumerate(owners, 1)]
    month = date(population.year, 12, 1)
    titles = [f"{month.year}年{month.month}月项目投资完成情况", population.words.label]
    return Sheet("项目", titles, heads, rows)


def _project(population: Population, draw: Random, no: int, owner: Enterprise) -> list[Value]:
    total = Decimal(draw.randint(2_000, 300_000))
    so_far = (total * draw.randint(5, 95) / 100).quantize(_CENT)
    month = (so_far * draw.randint(2, 30) / 100).quantize(_CENT)
    kind, action = draw.randint(10, 49), draw.randint(1, 5)
    code = f"{population.year}-{owner.park[:6]}-{kind}-{action:02d}-{no:06d}"
    park = population.words.short_parks[owner.park]
    name = f"{owner.name}扩产项目{no}"
    return [code, name, owner.uscc, owner.name, park, total, month, so_far]
