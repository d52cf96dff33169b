"""Drawings from numbers."""

from decimal import Decimal

from wuhao.web.charts import at, bins_of, distribution, distribution_options, table_of


def spans(*counts: dict[str, int]) -> list[dict[str, object]]:
    """Spans of ten points each, as the evaluation counts them."""
    return [
        {"from": Decimal(10 * n), "to": Decimal(10 * n + 10), "counts": one}
        for n, one in enumerate(counts)
    ]


FOUR = spans({"D": 2}, {"C": 4, "D": 1}, {"B": 8}, {"A": 3})


def test_empty_spans_at_both_ends_are_dropped_and_inner_ones_kept() -> None:
    bins = bins_of(spans({}, {"C": 1}, {"C": 0}, {"A": 1}, {"A": 0}))
    assert [b.lower for b in bins] == [10, 20, 30]
    assert bins_of([]) == []
    assert bins_of(spans({"A": 0})) == []


def test_bars_of_a_span_stand_on_one_another() -> None:
    drawn = distribution(bins_of(spans({"A": 1, "B": 2})), [], None, "")
    b, a = drawn.bars
    assert (b.css, a.css) == ("b", "a")
    assert Decimal(a.y) + Decimal(a.height) == Decimal(b.y)
    assert abs(Decimal(b.height) / Decimal(a.height) - 2) < Decimal("0.01")


def test_the_own_mark_lies_between_its_neighbours() -> None:
    lines = [("C | B", Decimal(20)), ("B | A", Decimal(30))]
    drawn = distribution(bins_of(FOUR), lines, Decimal(25), "")
    assert Decimal(drawn.lines[0].x) < Decimal(drawn.mark_x) < Decimal(drawn.lines[1].x)


def test_a_total_beyond_the_spans_is_marked_at_the_edge() -> None:
    drawn = distribution(bins_of(FOUR), [], Decimal(400), "")
    assert drawn.mark_x == "572"


def test_the_chart_and_its_table_hold_the_same_counts() -> None:
    bins = bins_of(FOUR)
    options = distribution_options(bins, [("B | A", Decimal(30))])
    in_chart = sum(point[1] for series in options["series"] for point in series["data"])
    in_table = sum(sum(row["counts"]) for row in table_of(bins)["rows"])
    assert in_chart == in_table == 18


def test_colours_of_a_chart_are_names_of_the_style_sheet() -> None:
    options = distribution_options(bins_of(FOUR), [])
    colours = [series["itemStyle"]["color"] for series in options["series"]]
    assert colours == ["var(--d)", "var(--c)", "var(--b)", "var(--a)"]


def test_coordinates_are_short() -> None:
    assert at(Decimal("12.200")) == "12.2"
    assert at(Decimal(0)) == "0"
    assert at(Decimal("-1.005")) == "-1.01"
