"""Cases of a scheme: worked examples in YAML that a person without Python reads and signs."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.engine.build import one_item, scheme
from tests.paths import CITY, EXAMPLES
from wuhao.config.commands.engine import scheme as commands
from wuhao.engine.cases import load_cases, run_cases
from wuhao.engine.findings import SchemeError

SHIPPED = sorted([*EXAMPLES.rglob("*.cases.yaml"), *CITY.rglob("*.cases.yaml")])
HEAD = "scheme: scheme.yaml\ncases:\n"
CASE = """
  - name: 一家
    article: 第一条
    given:
      - {subject: 甲, tax_yuan: 12, land_m2: 1}
      - {subject: 乙, tax_yuan: 6, land_m2: 1}
      - {subject: 丙, tax_yuan: 5, land_m2: 1}
      - {subject: 丁, tax_yuan: 4, land_m2: 1}
      - {subject: 戊, tax_yuan: 3, land_m2: 1}
    expected:
      - {subject: 甲, %s}
"""


def write(folder: Path, text: str) -> Path:
    scheme(folder, one_item())
    path = folder / "a.cases.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def expecting(folder: Path, words: str) -> list[str]:
    file = load_cases(write(folder, HEAD + CASE % words))
    [verdict] = run_cases(file)
    return list(verdict.differences)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_shipped_case_comes_out(path: Path) -> None:
    differences = [d for verdict in run_cases(load_cases(path)) for d in verdict.differences]
    assert differences == []


def test_every_shipped_scheme_has_its_cases() -> None:
    schemes = [p for p in [*EXAMPLES.rglob("*.yaml"), *CITY.glob("schemes/**/*.yaml")]
               if not p.name.endswith(".cases.yaml")]  # fmt: skip
    lacking = [p.name for p in schemes if not p.with_suffix(".cases.yaml").exists()]
    assert len(schemes) >= 4
    assert lacking == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("total: 120", [], id="met, to the decimals written"),
        pytest.param("total: 120.0000", [], id="met, with more decimals"),
        pytest.param("total: 119", ["应为 119，算得 120"], id="below"),
        pytest.param("total: 121", ["应为 121，算得 120"], id="above"),
        pytest.param("grade: A, rank: 1", [], id="words and counts"),
        pytest.param("grade: B", ["应为 B，算得 A"], id="another grade"),
        pytest.param("excluded: null", [], id="nothing is expected and found"),
        pytest.param("excluded: utility", ["应为 utility，算得 无"], id="something expected"),
        pytest.param("total: null", ["应为 无，算得"], id="nothing expected but found"),
    ],
)
def test_an_expectation_is_compared_as_it_is_written(
    tmp_path: Path, words: str, told: list[str]
) -> None:
    found = expecting(tmp_path, words)
    assert len(found) == len(told)
    for sentence, part in zip(found, told, strict=True):
        assert part in sentence
        assert sentence.startswith("a.cases.yaml:13：甲 的 ")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("cases: []", "缺少“scheme”", id="no scheme"),
        pytest.param(HEAD + CASE % "totl: 1", "结果里没有“totl”，是否想写“total”？", id="a slip"),
        pytest.param(HEAD + CASE % "tax: {worth: 1}", "不认识“worth”", id="part of an item"),
        pytest.param(HEAD + CASE.replace("甲, %s", "庚"), "“庚”不在可选项内", id="a stranger"),
        pytest.param(HEAD + CASE.replace("subject: 甲, %s", "rank: 1"),
                     "缺少“subject”", id="nobody"),
        pytest.param(HEAD + (CASE % "rank: 1").replace("article: 第一条", "note: 手算"),
                     "要写依据", id="without an article"),
        pytest.param(HEAD + (CASE % "rank: 1").replace("tax_yuan: 12", "tax_yuan: 12 亩"),
                     "不是", id="a unit of another kind"),
        pytest.param(HEAD + (CASE % "rank: 1").replace("tax_yuan: 12", "tax_yuan: 很多"),
                     "不是", id="no number"),
        pytest.param(HEAD + (CASE % "rank: 1").replace("tax_yuan: 12", "tax_yuan: 1e30"),
                     "太大", id="beyond 64 bits"),
        pytest.param(HEAD + (CASE % "rank: 1").replace("subject: 甲, tax", "tax", 1),
                     "缺少“subject”", id="facts of nobody"),
        pytest.param(HEAD + "  - name: 空\n    article: 一\n", "缺少“given”", id="nothing given"),
        pytest.param(HEAD + (CASE % "rank: 1").replace(
            "    expected:", "      - {subject: 甲, tax_yuan: 1, land_m2: 1}\n    expected:"),
            "写了两次", id="one subject twice"),
        pytest.param(HEAD + CASE % "total: 很高", "“很高”不是数", id="a total that is no number"),
        pytest.param(HEAD + (CASE % "rank: 1").replace(", rank: 1", ""), "什么也检验不了",
            id="a subject without a result"),
        pytest.param(HEAD + "  - {name: 空, article: 一, given: [], expected: []}",
            "given：至少要写一个主体", id="no subject"),
        pytest.param(
            HEAD + "  - {name: 空, article: 一, given: [], expected: [{subject: 甲, rank: 1}]}",
            "given：至少要写一个主体", id="a result of no subject"),
    ],
)  # fmt: skip
def test_a_malformed_case_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SchemeError, match=r"a\.cases\.yaml") as refused:
        load_cases(write(tmp_path, text))
    assert told in str(refused.value)


def test_states_and_units_are_read_as_offices_write_them(tmp_path: Path) -> None:
    text = HEAD + (CASE % "rank: 1").replace(
        "{subject: 甲, tax_yuan: 12, land_m2: 1}",
        "{subject: 甲, tax_yuan: 1.5 万元, land_m2: 1 亩, vetoed: 未报}",
    ).replace(
        "{subject: 乙, tax_yuan: 6, land_m2: 1}",
        "{subject: 乙, tax_yuan: 不适用, land_m2: 0, vetoed: null}",
    )
    [case] = load_cases(write(tmp_path, text)).cases
    jia, yi = _row(case, "甲"), _row(case, "乙")
    assert (jia["tax_yuan"], jia["land_m2"]) == (1_500_000, 66_667)
    assert (yi["tax_yuan__state"], yi["land_m2__state"], yi["vetoed__state"]) == (3, 1, 2)


def _row(case, subject: str) -> dict:
    return next(r for r in case.facts.table.to_pylist() if r["subject"] == subject)


def test_the_command_says_what_holds_and_ends_with_1_where_something_does_not(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, HEAD + CASE % "grade: A" + (CASE % "grade: B").replace("一家", "又一家"))
    done = CliRunner().invoke(commands, ["test", str(path)])
    assert done.exit_code == 1
    assert "通过  一家（第一条）" in done.output
    assert "不符  又一家（第一条）" in done.output
    assert "甲 的 grade 应为 B，算得 A。" in done.output


def test_the_command_ends_with_0_where_all_hold_and_2_where_it_cannot_read(tmp_path: Path) -> None:
    good = write(tmp_path, HEAD + CASE % "grade: A")
    assert CliRunner().invoke(commands, ["test", str(good)]).exit_code == 0
    refused = CliRunner().invoke(commands, ["test", str(tmp_path / "none.yaml")])
    assert refused.exit_code == 2
    assert "读不到文件" in refused.output


@pytest.mark.parametrize("written", [True, False])
def test_a_scheme_given_instead_of_its_cases_is_told_which_file_is_meant(
    tmp_path: Path, written: bool
) -> None:
    scheme(tmp_path, one_item())
    if written:
        (tmp_path / "scheme.cases.yaml").write_text(HEAD + CASE % "grade: A", encoding="utf-8")
    done = CliRunner().invoke(commands, ["test", str(tmp_path / "scheme.yaml")])
    assert done.exit_code == 2
    [line] = done.output.splitlines()
    assert f"这是方案，不是算例；要给出的是它的算例文件“{tmp_path / 'scheme.cases.yaml'}”" in line
    assert ("现在还没有，请先写" in line) is not written


def test_an_index_given_instead_of_cases_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "index.yaml").write_text("index: one\nlabel: 指数\n", encoding="utf-8")
    with pytest.raises(SchemeError, match="这是综合指数，不是算例") as refused:
        load_cases(tmp_path / "index.yaml")
    assert len(refused.value.findings) == 1


def test_two_cases_of_one_name_are_refused_with_the_lines_of_both(tmp_path: Path) -> None:
    twice = HEAD + CASE % "grade: A" + CASE % "rank: 1"
    with pytest.raises(SchemeError) as refused:
        load_cases(write(tmp_path, twice))
    [found] = refused.value.findings
    lines = [at for at, line in enumerate(twice.splitlines(), start=1) if "name: 一家" in line]
    assert (found.line, found.key) == (lines[1], "cases[2].name")
    assert f"第 {lines[0]} 行已有名为“一家”的算例" in found.sentence


def test_a_case_without_a_name_and_an_attribute_that_nobody_gave(tmp_path: Path) -> None:
    content = one_item(attributes={"scale": {"optional": True, "values": ["大", "小"]}})
    scheme(tmp_path, content)
    path = tmp_path / "a.cases.yaml"
    case = (CASE % "total: 120").replace("land_m2: 1}", "land_m2: 1, scale: null}", 1)
    path.write_text(HEAD + case, encoding="utf-8")
    [verdict] = run_cases(load_cases(path))
    assert verdict.differences == ()
    path.write_text(HEAD + case.replace("name: 一家", "label: 一家"), encoding="utf-8")
    with pytest.raises(SchemeError, match="缺少“name”"):
        load_cases(path)
