"""`wuhao explain` and the workbook tell units, bonus, factors and limits in words."""

from pathlib import Path

from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from tests.engine.build import facts, scheme
from tests.engine.test_factors import BONUS, BOTH, LARGE, OTHER, SECTOR
from tests.engine.test_own_items import FIXED
from tests.engine.test_units import SAME, TENANTS, content, firm
from wuhao.config.commands.engine import explain
from wuhao.engine.evaluate import evaluate


def kept(folder: Path) -> Path:
    """A tenant with its owner, two firms that are evaluated each and together, all parts used."""
    made = content(TENANTS, {**SAME, "separately": True})
    made["attributes"] = {**made["attributes"], "sector": {}}
    made |= {"points": [BONUS, OTHER, SECTOR, {**LARGE, "floor": 1}], "point_limits": [BOTH]}
    made["groups"]["all"] |= {"by": {"attribute": "sector"}, "items": {"tax": FIXED}}
    built = scheme(folder, made)
    rows = [
        firm("O", 100, 100, lifted=2, vetoed=2, sector="C39", firm="F", site="S"),
        firm("T", 100, 0, "O", lifted="zero", vetoed="zero"),
        firm("X", 300, 90, firm="F", site="S"),
    ]
    evaluate(built, facts(built, rows), threads=1).save(folder / "out")
    return folder / "out"


def told(folder: Path, subject: str) -> list[str]:
    done = CliRunner().invoke(explain, [str(folder), subject])
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_explain_tells_the_unit_and_every_line(tmp_path: Path) -> None:
    folder = kept(tmp_path)
    lines = told(folder, "O")
    assert lines[0] == "O  all：C39"
    assert lines[1:3] == [
        "评价单元以“O”为主：总分 63.000000，等级 D",
        "    成员 O、T",
    ]
    assert lines[3].startswith("合并评价单元以“O”为主：总分 ")
    assert lines[4] == "    成员 O、T、X"
    assert "    分子 tax_yuan 2.00 yuan" in lines
    at = lines.index("加减分前 40.000000")
    assert lines[at + 1 : at + 6] == [
        "bonus：每次加 4 分：8.000000（默认值）",
        "other：每次加 3 分：6.000000（默认值）",
        "加分合计：合计至多 10 分：-4.000000（九）",
        "行业系数：总分乘以 1.2：10.000000（第七条）",
        "large：总分乘以 1.05，总分不低于 1：3.000000（默认值）",
    ]
    assert told(folder, "T")[1:] == [
        "评价单元以“O”为主：总分 63.000000，等级 D",
        lines[3],
        "不参评：承租并入（并入评价）",
    ]


def test_the_workbook_says_what_the_rules_mean(tmp_path: Path) -> None:
    book = CalamineWorkbook.from_path(str(kept(tmp_path) / "results.xlsx"))
    heading, first, *_ = book.get_sheet_by_name("评价结果").to_python()
    cells = dict(zip(heading, first, strict=True))
    assert (cells["评价单元"], cells["评价单元成员"], cells["合并评价单元成员"]) == (
        "O", "O,T", "O,T,X",
    )  # fmt: skip
    assert (cells["行业系数系数"], cells["加分合计"], cells["总分"]) == (1.2, -4, 63)
    meaning = [[c for c in row if c] for row in book.get_sheet_by_name("口径说明").to_python()]
    unless = 'scale == "above"'
    units = f"承租并入：并入 landlord 所指的主体合并评价，但 {unless} 的除外"
    assert ["评价单元", units, unless, "第四条"] in meaning
    together = "集团同址：firm、site 相同的分别评价并合并评价"
    assert ["评价单元", together, "默认值"] in meaning
    assert ["加减分", "加分合计：合计至多 10 分", "bonus、other", "九"] in meaning
    table = "行业系数：总分按 sector 乘以系数（C39 1.2，C26 0.8，其余 1）"
    assert ["加减分", table, "第七条"] in meaning
    assert ["权重：all：C39", "tax 100"] in meaning
    assert any(row[0] == "tax（all：C39）" and row[-1] == "第六条" for row in meaning if row)
