"""Drawings from numbers."""

from decimal import Decimal

from wuhao.web.charts import at, distribution, distribution_options, histogram, table_of

TOTALS = [(Decimal(n), "A" if n > 80 else "B" if n > 40 else "C") for n in range(10, 111)]


def test_every_total_is_counted_once() -> None:
    bins = histogram(TOTALS)
    assert sum(sum(b.counts.values()) for b in bins) == len(TOTALS)
    assert all(
        sum(b.lower <= total < b.upper and g == grade for total, g in TOTALS) == n
        for b in bins
        for grade, n in b.counts.items()
    )


def test_no_totals_make_no_spans_and_one_total_makes_one() -> None:
    assert histogram([]) == []
    assert len(histogram([(Decimal("62.18"), "C")])) == 1


def test_negative_totals_have_a_place() -> None:
    bins = histogram([(Decimal("-3.5"), "D"), (Decimal(5), "C")])
    assert bins[0].lower <= Decimal("-3.5") < bins[0].upper


def test_bars_of_a_span_stand_on_one_another() -> None:
    bins = histogram([(Decimal(10), "A"), (Decimal(10), "B"), (Decimal(10), "B")])
    drawn = distribution(bins, [], None, "")
    b, a = drawn.bars
    assert (b.css, a.css) == ("b", "a")
    assert Decimal(a.y) + Decimal(a.height) == Decimal(b.y)
    assert abs(Decimal(b.height) / Decimal(a.height) - 2) < Decimal("0.01")


def test_the_own_mark_lies_between_its_neighbours() -> None:
    bins = histogram(TOTALS)
    lines = [("C | B", Decimal(40)), ("B | A", Decimal(80))]
    drawn = distribution(bins, lines, Decimal(60), "")
    assert Decimal(drawn.lines[0].x) < Decimal(drawn.mark_x) < Decimal(drawn.lines[1].x)


def test_the_chart_and_its_table_hold_the_same_counts() -> None:
    bins = histogram(TOTALS)
    options = distribution_options(bins, [("B | A", Decimal(80))])
    in_chart = sum(point[1] for series in options["series"] for point in series["data"])
    in_table = sum(sum(row["counts"]) for row in table_of(bins)["rows"])
    assert in_chart == in_table == len(TOTALS)


def test_coordinates_are_short() -> None:
    assert at(Decimal("12.200")) == "12.2"
    assert at(Decimal(0)) == "0"
    assert at(Decimal("-1.005")) == "-1.01"
