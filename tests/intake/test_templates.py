"""Loading templates: what is kept, and every fault at once with its line."""

from decimal import Decimal

import pytest

from tests.intake.books import CITY, template
from tests.paths import CITY as ZHUZHOU
from wuhao.engine.facts import State
from wuhao.intake.templates import TemplateError, load_template, load_templates

HEAD = """\
template: Q1
title: 试
owner: tax
effect: observations
period: year
key: [uscc]
columns:
  - {code: uscc, label: 代码, kind: uscc}
"""


def faults(tmp_path, text: str) -> list[tuple[int, str]]:
    path = tmp_path / "templates" / "Q1.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_template(path)
    assert all(finding.file == "Q1.yaml" for finding in caught.value.findings)
    return [(finding.line, finding.sentence) for finding in caught.value.findings]


def test_a_template_is_loaded_with_units_words_and_checks():
    taxes = template()
    column = taxes.column("tax_paid_yuan")
    assert (taxes.owner, taxes.key, taxes.effect) == ("tax", ("uscc",), "observations")
    assert (column.unit.base, column.quantum) == ("yuan", Decimal("0.01"))
    assert column.words["无"] is State.ZERO
    assert column.words["—"] is State.NOT_APPLICABLE or column.words["-"] is State.NOT_APPLICABLE
    assert [check.code for check in taxes.checks] == ["vat_within_tax"]


def test_a_code_list_is_read_from_the_city():
    scale = template("D1").column("scale")
    assert scale.choices["规模以上"].code == scale.choices["规上"].code == "above"


def test_every_fault_is_named_at_its_line_at_once(tmp_path):
    found = faults(
        tmp_path,
        HEAD
        + """\
  - {code: Tax-Paid, label: 税金, kind: amount, unit: 银元}
  - {code: area, label: 面积, kind: amont, unit: ㎡, base: yuan, quantum: "0.02"}
  - {code: pick, label: 选, kind: choice, choices: {file: none.yaml, list: items, label: label}}
  - {code: area, label: 代码, kind: text, pattern: "["}
checks:
  - {code: c, expression: "vat <= area", severity: fatal, sentence: 不对。}
""",
    )
    words = [
        (9, "不能作列代码"), (9, "不认识单位"), (10, "amont"), (10, "0.02"), (10, "基本单位"),
        (11, "none.yaml"), (12, "正则式"), (14, "没有“vat”这一列"),
    ]  # fmt: skip
    for line, said in words:
        assert any(at == line and said in sentence for at, sentence in found), (line, said)
    assert any("用了两次" in sentence for _, sentence in found)
    assert any("表头" in sentence and "代码" in sentence for _, sentence in found)


def test_an_unknown_key_is_named_with_the_nearest_known_one(tmp_path):
    [(line, sentence)] = faults(tmp_path, HEAD.replace("owner:", "owner: tax\nownr:"))
    assert line == 4
    assert "ownr" in sentence
    assert "owner" in sentence


def test_an_amount_without_a_unit_is_refused(tmp_path):
    [(line, sentence)] = faults(tmp_path, HEAD + "  - {code: a, label: 税, kind: amount}\n")
    assert (line, "单位" in sentence) == (9, True)


def test_the_faults_of_all_files_of_a_folder_come_together(tmp_path):
    for name in ("A", "B"):
        (tmp_path / f"{name}.yaml").write_text("template: A\n", encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        load_templates(tmp_path)
    assert {finding.file for finding in caught.value.findings} == {"A.yaml", "B.yaml"}


def test_the_templates_of_both_cities_load():
    assert set(load_templates(CITY / "templates")) == {"D1", "X1"}
    assert set(load_templates(ZHUZHOU / "templates")) >= {"T0", "T1", "T2", "T3", "T4", "T6"}


def test_the_digest_changes_with_the_content_and_not_with_the_layout(tmp_path):
    source = (CITY / "templates" / "X1.yaml").read_text(encoding="utf-8")
    first = template().digest
    (tmp_path / "X1.yaml").write_text("# more words\n" + source, encoding="utf-8")
    assert load_template(tmp_path / "X1.yaml").digest == first
    (tmp_path / "X1.yaml").write_text(source.replace("max: 1", "max: 2"), encoding="utf-8")
    assert load_template(tmp_path / "X1.yaml").digest != first
