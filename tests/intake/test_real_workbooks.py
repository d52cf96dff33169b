"""Real workbooks that nobody here wrote, and what a person sees in them, written down by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.paths import SHARED_DATA
from wuhao.config.commands.workbook import show

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not SHARED_DATA.exists(), reason="the real data does not lie beside the project"
    ),
]

# file: sheet: (heading rows, range of data, rows of data, columns, rows with notes), None: no table
SEEN: dict[str, dict[str, tuple[tuple[int, int], str, int, int, list[int]] | None]] = {
    "messy-excel/nbs_人口年度数据.xls": {
        "年度数据": ((3, 3), "A4:T8", 5, 20, [1, 2, 9, 10]),
    },
    "messy-excel/nbs_分省年度数据_GDP.xls": {
        "分省年度数据": ((4, 4), "A5:F35", 31, 6, [1, 2, 3, 36, 37, 38]),
    },
    "messy-excel/nbs_生活垃圾清运年度数据.xls": {
        "年度数据": ((3, 3), "A4:U19", 16, 21, [1, 2, 20, 21, 22]),
    },
    "messy-excel/nbs_能源消费分行业_年度数据.xls": {
        "年度数据": ((3, 3), "A4:K55", 52, 11, [1, 2, 56]),
    },
    "messy-excel/分省年度数据_无抬头.xls": {"分省年度数据": ((1, 1), "A2:T32", 31, 20, [])},
    "messy-excel/土地供应_2007年02月-工业用地.xls": {"sheet1": ((1, 1), "A2:V39", 38, 22, [])},
    "messy-excel/地级市碳排放强度.xlsx": {
        "Sheet1": ((1, 1), "A2:G7081", 7080, 7, []),
        "数据说明": None,
    },
    "messy-excel/1997-2019年290个中国城市碳排放清单.xlsx": {
        "NOTE": None,
        "emission vector": ((1, 1), "A2:D3930", 3929, 4, []),
        "emission matrix": ((1, 1), "A2:Y291", 290, 25, []),
    },
    "messy-excel/路基检验单_module.xls": {
        "检验单": None, "路侧绿化 (2)": None, "中间交工证书": None, "评定表": None, "Sheet1": None,
    },
    "messy-excel/项目清单_两级表头.xlsx": {
        "按学院汇总统计": ((2, 3), "A4:I937", 934, 9, [1]),
    },
    "shandong-enterprise-list/企业名单.xlsx": {"企业名单": ((1, 1), "A2:I4413", 4412, 9, [])},
    "land-deals/landchina_2017_half_a.csv": {
        "landchina_2017_half_a": ((1, 1), "A2:AA1825", 1824, 27, []),
    },
    "land-deals/jieguo_2019_pipe.txt": {"jieguo_2019_pipe": ((1, 1), "A2:AC31", 30, 29, [])},
    "city-panel-cn/地级市产业结构_2000-2023.xlsx": {
        "数据来源": None,
        "面板数据2000-2023": ((1, 1), "A2:O7975", 7974, 15, [7991, 7992]),
        "2023": ((1, 1), "A2:O333", 332, 15, [343, 344]),
    },
    "industrial-parks-tw/園區名單及座標_114.06.05.xlsx": {
        "園區資訊彙整(判別園區類別)": ((1, 1), "A2:N342", 341, 14, []),
    },
}  # fmt: skip


def told(name: str) -> dict[str, dict[str, Any]]:
    done = CliRunner().invoke(show, [str(SHARED_DATA / name), "--json"])
    assert done.exit_code == 0, done.output
    return {sheet["name"]: sheet for sheet in json.loads(done.output)["sheets"]}


@pytest.mark.parametrize("name", SEEN, ids=lambda name: Path(name).stem)
def test_a_real_workbook_is_understood_as_a_person_does(name: str) -> None:
    found = {}
    for sheet, content in told(name).items():
        assert len(content["tables"]) < 2
        found[sheet] = None
        for table in content["tables"]:
            found[sheet] = (
                tuple(table["header_rows"]),
                table["data_range"],
                table["data_rows"],
                len(table["columns"]),
                [note["row"] for note in table["notes"]],
            )
    assert found == SEEN[name]


def columns(name: str, sheet: str) -> dict[str, tuple[str, str, str]]:
    [table] = told(name)[sheet]["tables"]
    return {c["column"]: ("/".join(c["heading"]), c["unit"], c["type"]) for c in table["columns"]}


def test_units_and_kinds_are_read_off_real_headings() -> None:
    land = columns("messy-excel/土地供应_2007年02月-工业用地.xls", "sheet1")
    assert land["E"] == ("面积(公顷)", "公顷", "number")
    assert land["L"] == ("成交价格(万元)", "万元", "number")
    parks = columns(
        "industrial-parks-tw/園區名單及座標_114.06.05.xlsx", "園區資訊彙整(判別園區類別)"
    )
    assert parks["I"] == ("園區總基地面積 (公頃)", "公頃", "number")
    panel = columns("city-panel-cn/地级市产业结构_2000-2023.xlsx", "2023")
    assert panel["F"] == ("gdp（亿元人民币）", "亿元人民币", "number")
    assert panel["H"] == ("第二产业增加值", "", "number")
    assert columns("messy-excel/地级市碳排放强度.xlsx", "Sheet1")["G"][1] == "吨"
    listed = columns("messy-excel/项目清单_两级表头.xlsx", "按学院汇总统计")
    assert [listed[c][0] for c in "DE"] == ["项目负责人/姓名", "项目负责人/学号"]


def test_units_of_rows_are_read_off_the_labels_of_a_yearbook() -> None:
    [table] = told("messy-excel/nbs_生活垃圾清运年度数据.xls")["年度数据"]["tables"]
    units = {row["row"]: row["unit"] for row in table["row_units"]}
    assert (units[4], units[5]) == ("万吨", "座")


def test_a_legend_beside_the_real_table_is_told_apart() -> None:
    sheet = told("industrial-parks-tw/園區名單及座標_114.06.05.xlsx")
    [table] = sheet["園區資訊彙整(判別園區類別)"]["tables"]
    beside = {one["cell"]: one["text"] for one in table["beside"]}
    assert (beside["P4"], beside["Q4"]) == ("1", "已開發完成")
