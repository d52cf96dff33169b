"""The six workbooks that offices send of a made-up population, each laid out in its own way.

Units: tax in 元, statistics in 千元 and 吨标准煤, land in ㎡, electricity in kWh, emissions in 吨.
Each office has its own words for its columns, its own order of rows, its titles, notes and feet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

from wuhao.core.codes import completed_uscc
from wuhao.demo.differing import land_by_tax, parks_by_land
from wuhao.demo.faults import Planted, plant
from wuhao.demo.shapes import ABOVE, Blank, Enterprise, Population, Tenure
from wuhao.demo.sheets import Book, Head, Sheet, Value, write_book

SCALES = {"above": "规上", "below": "规下"}
STATES = {
    "in_production": "已投产",
    "under_construction": "在建（合同期内）",
    "overdue_construction": "在建（超合同期）",
    "suspended": "停产",
}
RIGHTS = {"own": "自有", "rented_in": "租入", "rented_out": "租出", "occupied": "占用"}
CREDITS = {"honest": "环保诚信", "qualified": "环保合格", "risk": "环保风险", "bad": "环保不良"}
_OFFICES = {"T0": "mkt", "T1": "tax", "T2": "stats", "T3": "land", "T4": "power", "T6": "env"}
_SENT = {"T0": (3, 10), "T1": (5, 12), "T2": (4, 28), "T3": (5, 20), "T4": (4, 15), "T6": (5, 6)}
SOME_ENTERPRISES = 12
"""So many rows the table of staff had last year."""
_NOTE = "说明：“无”或 0 为确认零值，“—”为不适用，空白为未报。"
_CODE_HEAD = Head("统一社会信用代码", 22)


def write_workbooks(population: Population, out_dir: Path, year: int) -> list[Path]:
    """Write the six workbooks of a year into a folder and return their paths, in sending order.

    Raises ValueError where the population is of another year.
    """
    if year != population.year:
        raise ValueError(f"the population is of {population.year}, not of {year}")
    makers: dict[str, Callable[[Population], Sheet]] = {
        "T0": directory_sheet,
        "T1": tax_sheet,
        "T2": statistics_sheet,
        "T3": land_sheet,
        "T4": power_sheet,
        "T6": emission_sheet,
    }
    return [
        write_book(_book(population, code, out_dir / population.words.files[code], maker), code)
        for code, maker in makers.items()
    ]


def write_faulty_workbook(population: Population, out_dir: Path) -> tuple[Path, list[Planted]]:
    """Write the tax workbook with planted mistakes and say which mistake stands in which cell."""
    sheet = tax_sheet(population)
    planted = plant(sheet, _new_to_all(population))
    path = out_dir / population.words.faulty_file
    return write_book(_book(population, "T1", path, lambda _: sheet), "T1"), planted


def write_waiting_workbook(population: Population, out_dir: Path) -> Path:
    """Write the electricity workbook of the year before, which nobody has accepted yet."""
    enterprises = tuple(_a_year_before(e) for e in population.enterprises)
    earlier = replace(population, year=population.year - 1, enterprises=enterprises)
    path = out_dir / population.words.waiting_file
    return write_book(_book(earlier, "T4", path, power_sheet), "T4")


def write_collected_workbook(population: Population, path: Path) -> Path:
    """Write last year's table of staff, as the bureau kept it, to be sent out anew."""
    heads = (
        Head("序号", 6, 0), Head("企业名称", 34), _CODE_HEAD, Head("工资总额（万元）", 16),
        Head("年末用工人数（人）", 16, 0), Head("缺工人数（人）", 14, 0), Head("主要缺工工种", 16),
    )  # fmt: skip
    draw = Random("collected")
    trades = ("车工", "焊工", "装配工", "质检员")
    rows: list[list[Value]] = []
    for number, enterprise in enumerate(population.enterprises[:SOME_ENTERPRISES], start=1):
        staff = draw.randint(20, 300)
        wages = Decimal(staff * draw.randint(700, 1100)) / 100
        rows.append([
            Decimal(number), enterprise.name, enterprise.uscc, wages,
            Decimal(staff), Decimal(draw.randint(0, 12)), draw.choice(trades),
        ])  # fmt: skip
    titles = [f"{population.year}年园区用工情况表", population.words.label]
    sheet = Sheet("用工", titles, heads, rows, ["说明：用工人数按年末数填报。"])
    book = Book(
        path=path,
        author=population.words.offices["iit"],
        comment=population.words.label,
        sheets=(sheet,),
        sent_on=date(population.year + 1, 1, 20),
    )
    return write_book(book, "collected")


def _a_year_before(enterprise: Enterprise) -> Enterprise:
    """Electricity was a little less, so that a year on year check has something to compare."""
    kwh = enterprise.facts["power_kwh"]
    before = (kwh * 94 / 100).quantize(Decimal(1)) if isinstance(kwh, Decimal) else kwh
    return replace(enterprise, facts={**enterprise.facts, "power_kwh": before})


def _book(
    population: Population, code: str, path: Path, maker: Callable[[Population], Sheet]
) -> Book:
    return Book(
        path=path,
        author=population.words.offices[_OFFICES[code]],
        comment=population.words.label,
        sheets=(maker(population), _code_sheet(population)),
        sent_on=date(population.year + 1, *_SENT[code]),
    )


def _feet(population: Population, code: str, *notes: str) -> list[str]:
    office = population.words.offices[_OFFICES[code]]
    sent = date(population.year + 1, *_SENT[code])
    signed = f"填报单位：{office}    单位负责人：张三    填表人：李四    填报日期："
    return [*notes, f"{signed}{sent.year}年{sent.month}月{sent.day}日"]


def directory_sheet(population: Population) -> Sheet:
    """The directory of enterprises (企业名录); members of the cast stand on their stated rows."""
    words = population.words
    heads = (
        Head("序号", 6, 0), Head("企业名称", 34), _CODE_HEAD, Head("所属园区", 18),
        Head("所属区县", 12), Head("行业代码", 10), Head("行业名称", 26), Head("规模", 8),
        Head("成立日期", 13), Head("投产日期", 13), Head("建设状态", 16),
    )  # fmt: skip
    titles = [
        f"{words.name}园区工业企业名录（{population.year}年）",
        words.label,
        f"填报单位：{words.offices['mkt']}    数据年度：{population.year}年",
    ]
    feet = _feet(population, "T0", f"说明：本表共 {len(population.enterprises)} 家，含规下。")
    sheet = Sheet("企业名录", titles, heads, [], feet)
    rows = {member.row: member.uscc for member in population.cast}
    ordered = _standing(population, population.enterprises, rows, sheet.first_row)
    sheet.rows = [_directory_row(population, no, e) for no, e in enumerate(ordered, 1)]
    return sheet


def _standing(
    population: Population, ordered: Sequence[Enterprise], rows: Mapping[int, str], first_row: int
) -> list[Enterprise]:
    """The enterprises in their order, but those that stand on a stated row of the sheet."""
    there = {row: uscc for row, uscc in rows.items() if uscc in population.by_uscc}
    found = [e for e in ordered if e.uscc not in there.values()]
    for row in sorted(there):
        found.insert(row - first_row, population.by_uscc[there[row]])
    return found


def _directory_row(population: Population, no: int, enterprise: Enterprise) -> list[Value]:
    names = population.words.parks if no % 9 == 0 else population.words.short_parks
    return [
        Decimal(no), enterprise.name, enterprise.uscc, names[enterprise.park],
        enterprise.district, enterprise.sector, enterprise.sector_label,
        SCALES[enterprise.scale], enterprise.established_on, enterprise.in_production_on,
        STATES[enterprise.construction_state],
    ]  # fmt: skip


def _figures(enterprise: Enterprise, codes: tuple[str, ...], divisor: int = 1) -> list[Value]:
    """The figures of an enterprise in the sheet's unit, which is `divisor` base units."""
    found: list[Value] = []
    for code in codes:
        value = enterprise.facts.get(code, Blank.NOT_APPLICABLE)
        found.append(value / divisor if isinstance(value, Decimal) else value)
    return found


def tax_sheet(population: Population) -> Sheet:
    """Tax paid (税收) in 元, by credit code but for stated rows, with a heading of two storeys."""
    heads = (
        Head("序号", 6, 0), Head("纳税人识别号", 22), Head("纳税人名称", 34),
        Head("入库税金合计", 18, summed=True),
        Head("增值税", 16, summed=True, above="其中"),
        Head("企业所得税", 16, summed=True, above="其中"),
        Head("免抵调库", 16, summed=True), Head("退库税额", 16, summed=True),
        Head("应税土地面积（㎡）", 16), Head("备注", 12),
    )  # fmt: skip
    codes = ("tax_paid_yuan", "vat_yuan", "cit_yuan", "export_exempt_yuan", "tax_refund_yuan")
    titles = [
        f"{population.year}年度园区企业税收入库情况表",
        population.words.label,
        f"编制单位：{population.words.offices['tax']}    单位：元",
    ]
    feet = _feet(population, "T1", _NOTE, "退库税额不含出口退税；入库税金合计不含社保费。")
    sheet = Sheet("入库汇总", titles, heads, [], feet)
    by_code = sorted(population.enterprises, key=lambda e: e.uscc)
    ordered = _standing(population, by_code, population.stands.get("T1", {}), sheet.first_row)
    land = land_by_tax(population)
    sheet.rows = [
        [Decimal(no), e.uscc, e.name, *_figures(e, codes), land.get(e.uscc), None]
        for no, e in enumerate(ordered, 1)
    ]
    return sheet


def _count(text: str) -> Head:
    return Head(text, 16, 0, summed=True)


def statistics_sheet(population: Population) -> Sheet:
    """The yearly report of above-scale industry (统计年报), money in 千元, by industry."""
    heads = (
        _CODE_HEAD, Head("单位详细名称", 34), Head("行业小类", 10),
        _count("工业总产值（千元）"), _count("工业增加值（千元）"), _count("营业收入（千元）"),
        _count("利润总额（千元）"), _count("平均用工人数（人）"), _count("研发经费（千元）"),
        Head("综合能源消费量（吨标准煤）", 18, summed=True),
    )  # fmt: skip
    money = ("output_yuan", "value_added_yuan", "revenue_yuan", "profit_yuan")
    ordered = sorted(population.of_scale(ABOVE), key=lambda e: (e.sector, e.uscc))
    rows: list[list[Value]] = [
        [
            e.uscc, e.name, e.sector, *_figures(e, money, 1000), *_figures(e, ("staff_person",)),
            *_figures(e, ("rd_yuan", "energy_kgce"), 1000),
        ]
        for e in ordered
    ]  # fmt: skip
    titles = [
        f"{population.words.name}规模以上工业企业主要指标（{population.year}年）",
        f"{population.words.label}    综合机关名称：{population.words.offices['stats']}",
    ]
    return Sheet("年报", titles, heads, rows, _feet(population, "T2", _NOTE))


def land_sheet(population: Population) -> Sheet:
    """Industrial land by parcel, holder and right (用地明细) in ㎡, by parcel."""
    heads = (
        Head("宗地编号", 24), Head("权利人名称", 34), Head("信用代码", 22),
        Head("使用权面积（㎡）", 16), Head("取得方式", 10), Head("起始时间", 13),
        Head("终止时间", 13), Head("所在园区", 18), Head("备注", 12),
    )  # fmt: skip
    ordered = sorted(population.tenures, key=lambda t: (t.parcel, t.right, t.uscc, t.started_on))
    titles = [
        f"{population.words.name}园区工业用地明细表",
        f"{population.words.label}    截至{population.year}年12月31日",
    ]
    note = "说明：出租的宗地，出租方列“租出”，承租方列“租入”，各一行；面积不加总。"
    parks = parks_by_land(population)
    rows = [_land_row(population, tenure, parks[tenure.uscc]) for tenure in ordered]
    return Sheet("用地明细", titles, heads, rows, _feet(population, "T3", note))


def _land_row(population: Population, tenure: Tenure, park: str) -> list[Value]:
    holder = population.by_uscc[tenure.uscc].name
    return [
        tenure.parcel, holder, tenure.uscc, tenure.area_m2, RIGHTS[tenure.right],
        tenure.started_on, tenure.ended_on, population.words.short_parks[park], None,
    ]  # fmt: skip


def power_sheet(population: Population) -> Sheet:
    """Electricity settled (用电量) in kWh, accounts of one enterprise added up, in no order."""
    heads = (
        Head("序号", 6, 0), Head("用户名称", 34), Head("户号", 24), Head("用电户信用代码", 22),
        Head("全年用电量(kWh)", 18, 0, summed=True),
    )  # fmt: skip
    shuffled = Random("T4/order").sample(population.enterprises, len(population.enterprises))
    rows: list[list[Value]] = [
        [Decimal(no), e.name, "；".join(e.accounts), e.uscc, *_figures(e, ("power_kwh",))]
        for no, e in enumerate(shuffled, 1)
    ]
    titles = [f"{population.year}年园区工业用户电量清单", population.words.label]
    feet = _feet(population, "T4", "说明：同一企业多个户号的电量已合并。")
    return Sheet("电量", titles, heads, rows, feet)


def emission_sheet(population: Population) -> Sheet:
    """Main pollutants (排放) in 吨 and credit grade, ordered by park and name."""
    heads = (
        Head("企业名称", 34), Head("社会信用代码", 22), Head("所在园区", 16),
        Head("COD", 12, 4, summed=True), Head("氨氮", 12, 4, summed=True),
        Head("二氧化硫", 12, 4, summed=True), Head("氮氧化物", 12, 4, summed=True),
        Head("环保信用等级", 14),
    )  # fmt: skip
    codes = ("cod_kg", "nh3n_kg", "so2_kg", "nox_kg")
    parks = population.words.short_parks
    ordered = sorted(population.enterprises, key=lambda e: (e.park, e.name))
    rows: list[list[Value]] = [
        [e.name, e.uscc, parks[e.park], *_figures(e, codes, 1000), CREDITS[e.env_credit]]
        for e in ordered
    ]
    titles = [
        f"{population.year}年度企业主要污染物排放量及环保信用等级",
        population.words.label,
        "单位：吨",
    ]
    return Sheet("排放量", titles, heads, rows, _feet(population, "T6", _NOTE))


def _code_sheet(population: Population) -> Sheet:
    """The list of codes and words that offices send behind their data (代码表)."""
    groups = (
        ("园区", population.words.parks),
        ("规模", SCALES),
        ("建设状态", STATES),
        ("权属方式", RIGHTS),
        ("环保信用等级", CREDITS),
    )
    rows: list[list[Value]] = [
        [group, code, label] for group, entries in groups for code, label in entries.items()
    ]
    heads = (Head("类别", 16), Head("代码", 22), Head("名称", 30))
    return Sheet("代码表", [population.words.label], heads, rows)


def _new_to_all(population: Population) -> tuple[str, str]:
    """A right credit code that no enterprise of the directory has, and a name to go with it."""
    prefix = population.enterprises[-1].uscc[:8]
    codes = (completed_uscc(f"{prefix}MAX{serial:05d}") for serial in range(100_000))
    return next(code for code in codes if code not in population.by_uscc), "查无此企制造有限公司"
