"""Which record a name means: codes first, then names, then likeness; merely alike is never sure."""

import pytest

from tests.intake.books import credit_code
from wuhao.intake.matching.match import CERTAIN, DOUBTFUL, NONE, Answer, Record, match
from wuhao.intake.matching.names import parsed

ONE, TWO, THREE = credit_code(1), credit_code(2), credit_code(3)
REGISTER = [
    Record("a", "株洲联诚电子科技有限公司", ONE, ("株洲联城电子厂", "株洲第二电子厂")),
    Record("b", "湖南天元精密机械股份有限公司", TWO),
    Record("c", "长沙市新天地建材有限公司"),
    Record("d", "湘潭（中国）金龙食品有限责任公司", THREE),
    Record("e", "株洲市同名贸易有限公司", credit_code(5)),
    Record("f", "株洲市同名贸易有限公司", credit_code(6)),
    Record("g", "衡阳老厂", "430200000012345"),
]


def answer(name: str, code: str = "") -> Answer:
    [found] = match([(name, code)], REGISTER)
    return found


def test_an_agreeing_credit_code_decides_whatever_the_spelling_of_the_name() -> None:
    found = answer("株洲联诚电子科技公司", ONE.lower())
    assert (found.key, found.certainty) == ("a", CERTAIN)
    assert found.reasons[0] == "信用代码相同"
    assert "登记为“株洲联诚电子科技有限公司”" in found.reasons[1]
    assert answer("", ONE) == Answer("a", CERTAIN, ("信用代码相同",))


def test_an_agreeing_code_with_a_strange_name_is_put_before_a_person() -> None:
    found = answer("广州远洋渔业合作社", TWO)
    assert (found.key, found.certainty) == ("b", DOUBTFUL)
    assert "名称不同" in found.reasons[1]


def test_fifteen_digits_lead_to_the_credit_code_through_the_organisation_code() -> None:
    tax_number = "430200" + ONE[8:17]
    assert answer("株洲联诚电子", tax_number).key == "a"
    assert answer("株洲联诚电子", tax_number).reasons[0] == "组织机构代码相同"
    assert answer("株洲联诚电子", ONE[8:17]).certainty == CERTAIN
    assert answer("衡阳老厂", "430200000012345").reasons == ("代码相同",)


def test_a_name_written_otherwise_is_the_same_name() -> None:
    for place in ("株洲", " 株洲　", "株洲-"):
        name = f"{place}联诚电子科技有限公司"
        assert (answer(name).key, answer(name).certainty) == ("a", CERTAIN)
    found = answer("湘潭(中国)金龙食品有限责任公司")
    assert (found.key, found.certainty) == ("d", CERTAIN)
    assert found.reasons == ("名称相同", "写法不同（空格、括号、全半角）")


def test_a_former_name_is_the_same_enterprise() -> None:
    found = answer("株洲第二电子厂")
    assert (found.key, found.certainty, found.reasons) == ("a", CERTAIN, ("与曾用名相同",))


def test_another_form_of_organisation_is_a_question() -> None:
    found = answer("湘潭中国金龙食品有限公司")
    assert (found.key, found.certainty) == ("d", DOUBTFUL)
    assert "字号和行业相同" in found.reasons


def test_the_same_name_with_another_right_code_is_a_question() -> None:
    found = answer("湖南天元精密机械股份有限公司", credit_code(9))
    assert (found.key, found.certainty) == ("b", DOUBTFUL)
    assert found.reasons == ("名称相同", f"代码不同：登记为“{TWO}”")
    without = answer("长沙市新天地建材有限公司", credit_code(9))
    assert (without.key, without.certainty) == ("c", CERTAIN)  # the register knows no code


def test_a_code_with_one_wrong_character_does_not_part_equal_names() -> None:
    wrong = TWO[:-1] + ("0" if TWO[-1] != "0" else "1")
    found = answer("湖南天元精密机械股份有限公司", wrong)
    assert (found.key, found.certainty) == ("b", CERTAIN)
    assert "代码只差一位，校验不符" in found.reasons[1]


def test_two_records_of_one_name_are_a_question_that_a_code_decides() -> None:
    found = answer("株洲市同名贸易有限公司")
    assert (found.certainty, found.reasons) == (DOUBTFUL, ("名称相同的有 2 家",))
    assert answer("株洲市同名贸易有限公司", credit_code(6)).key == "f"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("株洲联成电子科技有限公司", "读音相同", id="a character of the same sound"),
        pytest.param("湖南夭元精密机械股份有限公司", "有形近字", id="a character that looks alike"),
        pytest.param("株洲联诚电子", "名称相近", id="shortened"),
        pytest.param("联诚电子科技有限公司", "少“株洲”", id="without its division"),
        pytest.param("株洲诚联电子科技有限公司", "名称相近", id="two characters exchanged"),
        pytest.param("株洲联诚电子科技有限公司荷塘分公司", "一方是分支机构", id="a branch"),
        pytest.param("长沙联诚电子科技有限公司", "“长沙”登记为“株洲”", id="in another place"),
    ],
)
def test_a_name_that_is_merely_alike_is_a_question_with_its_reasons(name: str, reason: str) -> None:
    found = answer(name)
    assert found.certainty == DOUBTFUL
    assert found.key in ("a", "b")
    assert any(reason in one for one in found.reasons), found.reasons


def test_a_name_like_none_and_an_empty_name_have_no_record() -> None:
    assert answer("内蒙古草原牧业合作社") == Answer("", NONE, ("登记册里没有相近的名称",))
    assert answer("") == Answer("", NONE, ("没有名称",))
    assert match([("甲公司", "")], []) == [Answer("", NONE, ("登记册里没有相近的名称",))]


def test_answers_stand_in_the_order_of_the_names() -> None:
    asked = [(record.name, record.code) for record in reversed(REGISTER)]
    assert [found.key for found in match(asked, REGISTER)] == list("gfedcba")


@pytest.mark.parametrize(
    ("text", "division", "core", "form"),
    [
        ("株洲市联诚电子科技有限公司", "株洲市", "联诚电子科技", "有限公司"),
        ("湖南省株洲市联诚集团股份有限公司", "湖南省株洲市", "联诚", "集团股份有限公司"),
        ("内蒙古自治区联诚合作社", "内蒙古自治区", "联诚", "合作社"),
        ("北京联诚有限公司", "北京", "联诚", "有限公司"),
        ("联诚", "", "联诚", ""),
        ("有限公司", "", "有限公司", ""),
    ],
)
def test_a_name_is_taken_apart(text: str, division: str, core: str, form: str) -> None:
    name = parsed(text)
    assert (name.division, name.core, name.form) == (division, core, form)


def test_branches_are_told_from_a_firm_whose_name_ends_alike() -> None:
    assert parsed("株洲联诚有限公司荷塘分公司").branch
    assert parsed("某某集团第三项目部").branch
    assert not parsed("株洲联诚有限公司").branch
    assert not parsed("分公司管理咨询有限公司").branch
