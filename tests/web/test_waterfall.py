"""The waterfall and its formulas, from an explanation with hand-made numbers."""

from dataclasses import replace
from decimal import Decimal as D

from django.utils import translation

from wuhao.engine.explain import Explanation, FactShown, ItemShown, LineShown, PointsShown
from wuhao.engine.facts import State
from wuhao.registers.selectors import SourceCell
from wuhao.web.formulas import Origin, formulas
from wuhao.web.waterfall import waterfall

TAX = FactShown("tax_paid_yuan", "实缴税金", "yuan", D("2416200.00"), State.VALUE)
REFUND = FactShown("tax_refund_yuan", "退税", "yuan", D(0), State.ZERO)
LAND = FactShown("land_m2", "用地面积", "m2", D("30800.00"), State.VALUE)
PER_MU = ItemShown(
    code="tax_per_mu",
    label="亩均税收",
    unit="万元/亩",
    formula="",
    numerator=(REFUND, TAX),
    denominator=(LAND,),
    value=D("5.229870"),
    benchmark=D("12.860000"),
    ratio=D("0.40667"),
    cap=D("1.5"),
    capped=False,
    score=D("12.200100"),
    weight=D(30),
    full=D(45),
    article=None,
    status="default",
    note=None,
    note_text="",
)
CAPPED = replace(PER_MU, code="clean", capped=True, score=D(15), weight=D(10), ratio=D("1.5"))
ABSENT = replace(
    PER_MU, code="rd", value=None, ratio=None, score=D(0), note="missing", note_text="数据未报"
)
FOUND = Explanation(
    subject="甲",
    group="above",
    group_label="规上",
    excluded=None,
    excluded_text="",
    ungraded=None,
    ungraded_text="",
    items=(PER_MU, CAPPED, ABSENT),
    branches=(),
    adjustments=(),
    total=D("27.200100"),
    rank=2,
    group_size=3,
    base_size=3,
    original_grade="B",
    grade="B",
    flag=None,
    lines=(LineShown("A", D(60)), LineShown("B", D(20)), LineShown("C", None)),
)


def test_each_step_begins_where_the_one_before_it_ended() -> None:
    first, second, third = waterfall(FOUND).rows
    assert (first.x, first.width) == ("0", "12.2")
    assert second.join_in == first.join_out == second.x == "12.2"
    assert third.join_in == second.join_out == "27.2"
    assert waterfall(FOUND).total_width == "27.2"


def test_the_scale_holds_lines_full_marks_and_total() -> None:
    drawn = waterfall(FOUND)
    assert D(drawn.scale) >= 60
    assert all(0 < D(line.percent) < 100 for line in drawn.lines)
    assert [line.css for line in drawn.lines] == ["b", "a"]


def test_full_marks_are_dotted_only_where_they_were_missed() -> None:
    first, second, _third = waterfall(FOUND).rows
    assert first.ghost_width == "30"
    assert second.ghost_width == ""
    assert second.css == "capb"
    assert "150%" in second.ratio_note


def test_the_item_that_lost_most_is_named() -> None:
    worst = waterfall(FOUND).worst
    assert worst is not None
    assert worst.code == "rd"


def test_a_line_that_nobody_reached_is_not_drawn() -> None:
    assert "c" not in [line.css for line in waterfall(FOUND).lines]


BONUS = PointsShown("award", "bonus", "省级奖励", D(2), "省级奖励：每次加 2 分", "第九条", None)
FINE = PointsShown("fine", "deduction", "环保处罚", D(-5), "环保处罚：扣 5 分", None, "default")


def test_points_are_steps_between_the_items_and_the_total() -> None:
    drawn = waterfall(replace(FOUND, points=(BONUS, FINE), total=D("24.200100")))
    award, fine = drawn.rows[-2:]
    assert (award.label, award.unit, award.score) == ("省级奖励", "每次加 2 分 · 第九条", "+2.00")
    assert (award.x, award.width, award.css) == ("27.2", "2", "plus")
    assert (fine.score, fine.css) == ("\N{MINUS SIGN}5.00", "minus")
    assert (fine.start, fine.x, fine.join_out) == ("29.2", "24.2", drawn.total_width)


def test_points_beyond_everything_else_are_still_on_the_scale() -> None:
    many = replace(BONUS, points=D(90))
    assert D(waterfall(replace(FOUND, points=(many,))).scale) > D("117.2")


def test_a_line_of_points_that_cannot_be_told_is_a_dash() -> None:
    unknown = replace(BONUS, points=None)
    assert waterfall(replace(FOUND, points=(unknown,))).rows[-1].score == "—"


def test_an_explanation_without_items_draws_nothing() -> None:
    drawn = waterfall(replace(FOUND, items=(), total=None, lines=()))
    assert drawn.rows == []
    assert drawn.worst is None


ORIGIN = Origin(
    {"tax_per_mu": {"tax_paid_yuan": 1, "tax_refund_yuan": -1, "land_m2": 1}},
    {
        "tax_paid_yuan": SourceCell(
            "tax_paid_yuan", "实缴税金", "yuan", "0.01", 241620000, 0,
            "T1-202100-01", "税收.xlsx", "入库汇总", "D6", "市税务局", "税", 2,
        )
    },
    [],
    "同组 3 家合计之比",
)  # fmt: skip


def test_a_formula_fills_in_numbers_with_their_signs_and_units() -> None:
    first = formulas([PER_MU], ORIGIN)[0]
    step = first.steps[0]
    assert step.say == "（实缴税金 \N{MINUS SIGN} 退税） ÷ 用地面积"
    assert step.top == "241.62 \N{MINUS SIGN} 0.00"
    assert (step.top_unit, step.bottom, step.bottom_unit) == ("万元", "46.20", "亩")
    assert step.result == "5.2299"
    assert first.steps[1].result == "0.4067"
    assert (first.steps[2].left, first.steps[2].result) == ("0.4067 × 30", "12.20")


def test_a_fact_leads_to_its_cell_and_one_without_says_so() -> None:
    refund, tax, land = formulas([PER_MU], ORIGIN)[0].facts
    assert tax.cell == "入库汇总!D6"
    assert tax.url.startswith("/cells/T1-202100-01/")
    assert tax.url.endswith("/D6/")
    assert "2,416,200.00 元" in tax.said
    assert refund.said == "确认为 0"
    assert land.url == ""


def test_an_absent_figure_says_how_it_is_counted() -> None:
    refund = replace(REFUND, value=None, state=State.MISSING, note="按零计")
    item = replace(PER_MU, numerator=(refund, TAX))
    with translation.override("zh-hans"):
        assert formulas([item], ORIGIN)[0].facts[0].said == "未报，按零计"
    with translation.override("en"):
        assert "counted as zero" in formulas([item], ORIGIN)[0].facts[0].said


def test_a_benchmark_from_another_article_says_from_which() -> None:
    assert formulas([PER_MU], ORIGIN)[0].benchmark_said == "12.8600 万元/亩"
    own = replace(PER_MU, benchmark_basis="第七条")
    assert formulas([own], ORIGIN)[0].benchmark_said == "12.8600 万元/亩 · 第七条"


def test_a_missing_value_is_never_printed_as_a_number() -> None:
    step = formulas([ABSENT], ORIGIN)[0].steps[0]
    assert step.result == "数据未报"
    assert waterfall(FOUND).rows[2].value == "—"
