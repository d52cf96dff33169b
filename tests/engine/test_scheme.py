"""A scheme is refused with every fault at once: line, key, what is accepted, the nearest name."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.build import one_item, scheme
from tests.paths import CITY
from wuhao.engine import wording
from wuhao.engine.findings import SchemeError
from wuhao.engine.scheme import load_scheme
from wuhao.engine.verbs import benchmark, grade, score, total
from wuhao.engine.vocabulary import AGGREGATES, BENCHMARKS, GRADINGS, SCORES

DEFAULT = CITY / "schemes" / "per_mu_benefit" / "2022.yaml"


def sentences(folder: Path, content: dict[str, Any]) -> list[str]:
    with pytest.raises(SchemeError) as refused:
        scheme(folder, content)
    return [str(finding) for finding in refused.value.findings]


def test_a_file_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "a.yaml", "没有这个文件"), (tmp_path, "这是目录，不是文件")):
        with pytest.raises(SchemeError, match=f"读不到文件：{told}。"):
            load_scheme(path)


def test_weights_that_do_not_sum_to_100_are_refused_with_the_sum(tmp_path: Path) -> None:
    groups = {"all": {"weights": {"tax": "99.5"}, "status": "default"}}
    [sentence] = sentences(tmp_path, one_item(groups=groups))
    assert "权重合计应为 100，现为 99.5。" in sentence


def test_all_faults_are_reported_at_once_with_their_lines(tmp_path: Path) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    text = text.replace("denominator: energy_kgce", "denominator: energy_kgec")
    text = text.replace("tax_per_mu: 30,", "tax_per_mu: 31,")
    text = text.replace("kind: total_over_total", "kind: total_over_totals")
    text = text.replace("tie: include_up", "ties: include_up")
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemeError) as refused:
        load_scheme(path)
    found = {f.key: f for f in refused.value.findings}
    lines = text.splitlines()
    assert "energy_kgec" in lines[found["indicators.va_per_tce.denominator"].line - 1]
    assert "是否想写“energy_kgce”？" in found["indicators.va_per_tce.denominator"].sentence
    assert "tax_per_mu: 31" in lines[found["groups.above.weights"].line - 1]
    assert "接受 total_over_total、mean_of_values、fixed" in found["benchmark.kind"].sentence
    assert "不认识“ties”" in found["grades.ties"].sentence


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("kind: total_over_total", "kind: total_over_totals", "benchmark.kind"),
        ('cap: "1.5"', 'cap: "-1"', "item.score.cap"),
        ('cap: "1.5"', 'cpa: "1.5"', "item.score.cpa"),
        ("\nfacts:", "\nfatcs:", "fatcs"),
        ("\ngroups:", "\ngroup:", "group"),
        ("\ngrades:", "\ngraeds:", "graeds"),
        ("order: [A,", "ordre: [A,", "grades.ordre"),
        ("tie: include_up", "tei: include_up", "grades.tei"),
        ("ratio: 8", "ratoi: 8", "digits.ratoi"),
        ("label: 实缴税金, unit:", "label: 实缴税金, unti:", "facts.tax_paid_yuan.unti"),
        ("rd_ratio: 15", "rd_ratoi: 15", "groups.above.weights.rd_ratoi"),
        ("    weights: {tax_per_mu: 30", "    weighst: {tax_per_mu: 30", "groups.above.weighst"),
        ("numerator: tax_", "numerator: taks_", "indicators.tax_per_mu.numerator"),
        ("unit: kgce", "unit: kgse", "facts.energy_kgce.unit"),
        ("unit: 万元/亩", "unit: 万园/亩", "indicators.tax_per_mu.unit"),
    ],
)
def test_a_fault_is_told_once_and_not_again_where_its_name_is_used(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "bad.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemeError) as refused:
        load_scheme(path)
    assert [finding.key for finding in refused.value.findings] == [key]


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"grades": {"kind": "shares", "status": "default"}}, ["grades"] * 3),
        ({"grades": {"kind": "lottery", "order": ["A", "D"], "status": "default"}},
         ["adjustments[2].to", "adjustments[3].to", "grades.kind"]),
        ({"digits": {"value": 6, "benchmark": 6, "score": 6}}, ["digits"]),
    ],
)  # fmt: skip
def test_what_hangs_on_a_faulty_part_is_not_told_beside_it(
    tmp_path: Path, changes: dict[str, Any], keys: list[str]
) -> None:
    found = sentences(tmp_path, one_item(**changes))
    assert [sentence.split("：")[1] for sentence in found] == keys


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ({"id": "extra", "kidn": "bonus"}, ["points[1].kidn"]),
        ({"id": "extra"}, ["points[1]"]),
        ({"id": "extra", "kind": "bonus", "whne": "lifted == 1"}, ["points[1].whne"]),
    ],
)
def test_a_slip_is_read_as_the_key_nearest_to_it(
    tmp_path: Path, written: dict[str, str], keys: list[str]
) -> None:
    line = {**written, "each": 2, "status": "default"}
    if "whne" not in line:
        line["when"] = "lifted == 1"
    limit = {"id": "most", "lines": ["extra", "other"], "at_most": 3, "status": "default"}
    other = {"id": "other", "kind": "bonus", "each": 1, "events": "capped", "status": "default"}
    found = sentences(tmp_path, one_item(points=[line, other], point_limits=[limit]))
    assert [sentence.split("：")[1] for sentence in found] == keys


def test_what_stands_under_an_alias_is_told_once(tmp_path: Path) -> None:
    text = yaml.safe_dump(one_item(), allow_unicode=True, sort_keys=False)
    old = "groups:\n  all:\n    weights:\n      tax: 100\n    status: default\n"
    assert old in text
    one = "{when: lifted == 1, weights: &same {tax: 50, b: 25, c: 25}, status: default}"
    new = f"groups:\n  one: {one}\n  all: {{weights: *same, status: default}}\n"
    path = tmp_path / "bad.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemeError) as refused:
        load_scheme(path)
    assert [f.key for f in refused.value.findings] == [
        "groups.one.weights.b",
        "groups.one.weights.c",
    ]


def test_an_item_whose_score_is_faulty_is_not_said_to_lack_its_numerator(tmp_path: Path) -> None:
    content = one_item()
    score = {"kind": "trimmed_mean", "marsk": ["vetoed", "capped", "lifted"], "full": 10}
    item = {"unit": "1", "score": score, "absent": "zero", "status": "default"}
    content["indicators"] = {"tax": item}
    [sentence] = sentences(tmp_path, content)
    assert "是否想写“marks”？" in sentence


def test_an_adjustment_of_a_scheme_without_grades_is_told_what_it_lacks(tmp_path: Path) -> None:
    content = one_item(grades=None, adjustments=one_item()["adjustments"][:1])
    del content["grades"]
    [sentence] = sentences(tmp_path, content)
    assert "方案没有 grades，to 无档次可写，请先写 grades。" in sentence


def test_a_faulty_fact_is_not_said_to_be_lacking_by_what_uses_it(tmp_path: Path) -> None:
    content = one_item(
        quantities={"much": "2 * marked", "sum_of_marks": "many + 1"},
        evaluation_unit={
            "missing": {"default": "unknown", "marked": "known_only"},
            "facts": {"marked": "max"},
            "rules": [{"id": "site", "kind": "together", "by": ["scale"], "article": "一"}],
        },
        scope={"exclude": [{"id": "out", "when": "marked > 3", "article": "一"}]},
        tie_break=["total", "marked", "subject"],
    )
    content["facts"]["marked"] = {"unit": "分", "quantum": "1"}
    content["attributes"] = {**content.get("attributes", {}), "scale": {}}
    content["indicators"]["expert"] = {
        "unit": "1",
        "score": {"kind": "trimmed_mean", "marks": ["marked", "capped", "lifted"], "full": 10},
        "absent": "zero",
        "status": "default",
    }
    content["groups"]["all"]["weights"] = {"tax": 60, "expert": 40}
    keys = [sentence.split("：")[1] for sentence in sentences(tmp_path, content)]
    assert keys == ["facts.marked.unit", "quantities.sum_of_marks"]


def test_a_misspelt_status_is_refused_with_what_is_accepted_and_the_nearest(
    tmp_path: Path,
) -> None:
    content = one_item(doc={"title": "试验", "status": "exerpt"})
    content["indicators"]["tax"]["status"] = "defualt"
    content["grades"]["status"] = "excerpt"
    found = {sentence.split("：")[1]: sentence for sentence in sentences(tmp_path, content)}
    assert list(found) == ["doc.status", "indicators.tax.status", "grades.status"]
    assert "是否想写“excerpt”？" in found["doc.status"]
    assert "接受 in_force、default、draft，是否想写“default”？" in found["indicators.tax.status"]
    assert "“excerpt”不在可选项内" in found["grades.status"]


def test_what_is_not_said_of_a_document_is_no_fault(tmp_path: Path) -> None:
    for doc in ({"title": "试验", "status": None, "pages": 3}, {}):
        assert scheme(tmp_path, one_item(doc=doc)).doc.get("status") is None
    [sentence] = sentences(tmp_path, one_item(doc="试验"))
    assert "doc：这里要写“键: 值”。" in sentence


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("万元/米", "或其中两个以“/”相除，是否想写“平方米”？"),
        ("万园", "接受 yuan、m2"),
        ("万元/亩/人", "至多有一个“/”"),
    ],
)
def test_an_unknown_unit_is_told_with_what_is_accepted(
    tmp_path: Path, unit: str, told: str
) -> None:
    content = one_item()
    content["indicators"]["tax"]["unit"] = unit
    [sentence] = sentences(tmp_path, content)
    assert f"不认识单位“{unit}”" in sentence
    assert told in sentence


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"unit": "万元/吨"}, "单位对不上"),
        ({"unit": "万元/米"}, "不认识单位"),
        ({"numerator": "tax_yuan / land_m2"}, "数据项请写在 denominator 里"),
        ({"numerator": "tax_yuan + land_m2"}, "单位不同"),
        ({"numerator": "tax_yuan ** 2"}, "不接受的运算符"),
        ({"numerator": "__import__('os')"}, "不是算式"),
        ({"numerator": "tax_yuan / 0"}, "除以了零"),
        ({"absent": "full_marks"}, "不在可选项内"),
        ({"absent": {"missing": "zero"}}, "absent 还缺"),
        ({"status": None, "article": None}, "要写依据"),
        ({"score": {"kind": "ratio", "cap": "0"}}, "应大于零"),
        ({"score": {"kind": "ratio", "cap": "1", "floor": "2"}}, "不能大于 cap"),
        (
            {"benchmark": {"kind": "fixed", "value": "1.0000001"}},
            "超过 digits.benchmark 的 6 位小数",
        ),
        ({"benchmark": {"kind": "fixed", "value": {"al": "1"}}}, "应给出这些组：all"),
    ],
)
def test_an_indicator_is_refused(tmp_path: Path, change: dict[str, Any], expected: str) -> None:
    content = copy.deepcopy(one_item())
    content["indicators"]["tax"] |= change
    if change.get("status", "") is None:
        del content["indicators"]["tax"]["status"], content["indicators"]["tax"]["article"]
    assert any(expected in sentence for sentence in sentences(tmp_path, content))


def test_a_benchmark_tells_its_own_article_where_it_has_one(tmp_path: Path) -> None:
    fixed = {"kind": "fixed", "value": "10"}
    content = one_item(benchmark={"kind": "mean_of_values", "article": "第六条"})
    content["facts"]["power_kwh"] = {"unit": "kwh", "quantum": "1"}
    tax = content["indicators"]["tax"]
    del tax["benchmark"]
    content["indicators"]["own"] = {**tax, "benchmark": {**fixed, "article": "第七条"}}
    content["indicators"]["bare"] = {**tax, "benchmark": fixed}
    content["indicators"]["alike"] = {**tax, "benchmark": {**fixed, "status": "default"}}
    content["groups"]["all"]["weights"] = {"tax": 25, "own": 25, "bare": 25, "alike": 25}
    content["groups"]["all"]["items"] = {
        "tax": {"benchmark": {**fixed, "article": "附表"}, "status": "default"}
    }
    made = scheme(tmp_path, content)
    told = {code: wording.benchmark_basis_text(item) for code, item in made.indicators.items()}
    assert told == {"tax": "第六条", "own": "第七条", "bare": "", "alike": ""}
    assert wording.benchmark_basis_text(made.group("all").items["tax"]) == "附表"


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("tax_yun > 5", "是否想写“tax_yuan”"),
        ('land_m2 < "5 元"', "单位对不上"),
        ('starts(name, "C")', "不是属性"),
        ("tax_yuan + 1", "不是条件"),
        ("tax_yuan > (", "读不懂"),
    ],
)
def test_a_condition_is_refused(tmp_path: Path, when: str, expected: str) -> None:
    rule = {"id": "r", "when": when, "status": "default"}
    assert any(expected in s for s in sentences(tmp_path, one_item(scope={"exclude": [rule]})))


def test_shares_must_sum_to_100_and_have_one_rest(tmp_path: Path) -> None:
    grades = copy.deepcopy(one_item()["grades"])
    grades["share"]["A"] = 21
    grades["rounding"]["D"] = "rest"
    found = sentences(tmp_path, one_item(grades=grades))
    assert any("合计应为 100，现为 101" in s for s in found)
    assert any("恰有一档为 rest" in s for s in found)


def test_a_file_that_is_not_yaml_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("scheme: [", encoding="utf-8")
    with pytest.raises(SchemeError, match="不是合格的 YAML"):
        load_scheme(path)
    with pytest.raises(SchemeError, match="读不到文件"):
        load_scheme(tmp_path / "absent.yaml")


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text(DEFAULT.read_text(encoding="utf-8") + "\nlabel: 再来一次\n", encoding="utf-8")
    with pytest.raises(SchemeError, match="写了两次"):
        load_scheme(path)


def test_the_digest_is_of_the_content_not_of_the_file(tmp_path: Path) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    path = tmp_path / "same.yaml"
    path.write_text("# another remark\n" + text, encoding="utf-8")
    assert load_scheme(path).digest == load_scheme(DEFAULT).digest
    path.write_text(
        text.replace("tax_per_mu: 70, tax_per_kwh: 30", "tax_per_mu: 60, tax_per_kwh: 40")
    )
    assert load_scheme(path).digest != load_scheme(DEFAULT).digest


def test_every_word_of_the_vocabulary_has_a_builder() -> None:
    # A target is not of a group: it is added to the subjects, not to the benchmarks of groups.
    assert {*benchmark.BUILDERS, "target"} == set(BENCHMARKS)
    assert set(score.BUILDERS) == set(SCORES)
    assert set(total.BUILDERS) == set(AGGREGATES)
    assert {*grade.PLACES, "thresholds"} == set(GRADINGS)
