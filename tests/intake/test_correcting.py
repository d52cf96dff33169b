"""A draft corrected in the page: cells, and how its sheet is read; remembered for the layout."""

import pytest

from tests.intake.books import book, credit_code, firm, taxes
from tests.intake.test_services import handed
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.models import AuditEntry
from wuhao.intake import selectors, services, store
from wuhao.intake.models import CellEdit, ReadingRule
from wuhao.intake.reader.ruled import Rule


def drafted(house, content: bytes):
    return services.receive(handed(content), house.tax).batch


def errors(batch) -> list[tuple[str, str]]:
    return list(batch.findings.filter(severity="error").values_list("cell", "code"))


def test_a_corrected_cell_is_read_in_place_of_what_was_sent(house):
    content = taxes(firm(1, "一百"), firm(2, 5))
    batch = drafted(house, content)
    assert errors(batch) == [("C3", "number")]
    services.edit_cell(batch, ("表", "C3"), " 100 ", house.tax)
    batch.refresh_from_db()
    assert (batch.errors, batch.sums["tax_paid_yuan"]) == (0, 10_500)
    assert store.rows_digest(store.rows_of(batch.no)) == batch.digest
    assert store.path_of(batch.file.digest).read_bytes() == content
    [edit] = selectors.edits(house.tax, batch.no)
    assert (edit["cell"], edit["before"], edit["after"], edit["by"]) == ("C3", "一百", "100", "tax")
    entry = AuditEntry.objects.get(action="intake.batch.edit")
    assert (entry.before, entry.after) == ({"表!C3": "一百"}, {"表!C3": "100"})


def test_a_corrected_batch_can_be_submitted_and_accepted(house, registers):
    batch = drafted(house, taxes(firm(1, "一百")))
    with pytest.raises(DomainError, match="1 处错误"):
        services.submit(batch, house.tax)
    services.edit_cell(batch, ("表", "C3"), "100", house.tax)
    batch.refresh_from_db()
    services.submit(batch, house.tax)
    assert services.accept(batch, house.bureau) == 1
    [(_no, rows, _ledger)] = registers.calls
    assert rows["tax_paid_yuan"].to_pylist() == [10_000]


def test_a_correction_taken_back_leaves_no_trace_but_in_the_audit(house):
    batch = drafted(house, taxes(firm(1, 7)))
    services.edit_cell(batch, ("表", "C3"), "8", house.tax)
    services.edit_cell(batch, ("表", "C3"), "7", house.tax)
    assert not CellEdit.objects.exists()
    assert AuditEntry.objects.filter(action="intake.batch.edit").count() == 2


def test_an_empty_correction_makes_the_cell_empty(house):
    batch = drafted(house, taxes(firm(1, 7, "坏")))
    services.edit_cell(batch, ("表", "D3"), "", house.tax)
    assert errors(batch) == []


def test_many_cells_are_corrected_at_once_and_checked_once(house):
    batch = drafted(house, taxes(firm(1, "x"), firm(2, "y"), firm(3, 5)))
    texts = {("表", "C3"): "1", ("表", "C4"): "2", ("表", "C5"): "5"}
    assert services.edit_cells(batch, texts, house.tax) == 2
    batch.refresh_from_db()
    assert (batch.errors, batch.sums["tax_paid_yuan"]) == (0, 800)
    assert services.edit_cells(batch, texts, house.tax) == 0


def test_with_one_wrong_place_nothing_is_corrected(house):
    batch = drafted(house, taxes(firm(1, "x"), firm(2, "y")))
    with pytest.raises(DomainError, match="没有单元格"):
        services.edit_cells(batch, {("表", "C3"): "1", ("表", "C99"): "2"}, house.tax)
    assert not CellEdit.objects.exists()


@pytest.mark.parametrize("cell", ["C99", "3C", "", "C0", "AAAA1"])
def test_a_cell_that_is_not_there_is_refused(house, cell):
    batch = drafted(house, taxes(firm(1)))
    with pytest.raises(DomainError, match="没有单元格"):
        services.edit_cell(batch, ("表", cell), "1", house.tax)
    with pytest.raises(DomainError, match="没有工作表"):
        services.edit_cell(batch, ("别的表", "C3"), "1", house.tax)


def test_only_a_draft_is_corrected_and_only_by_its_office_or_the_bureau(house):
    batch = drafted(house, taxes(firm(1)))
    with pytest.raises(DomainError, match="不是您的机构"):
        services.edit_cell(batch, ("表", "C3"), "1", house.market)
    with pytest.raises(DomainError, match="不报送数据"):
        services.edit_cell(batch, ("表", "C3"), "1", house.lead)
    services.edit_cell(batch, ("表", "C3"), "2", house.bureau)
    services.submit(batch, house.tax)
    with pytest.raises(DomainError, match="不是草稿"):
        services.edit_cell(batch, ("表", "C3"), "3", house.tax)


@pytest.mark.parametrize(("length", "refused"), [(500, False), (501, True)])
def test_a_correction_has_a_longest_length(house, length, refused):
    batch = drafted(house, taxes(firm(1)))
    if refused:
        with pytest.raises(DomainError, match="超过 500 字"):
            services.edit_cell(batch, ("表", "B3"), "字" * length, house.tax)
    else:
        services.edit_cell(batch, ("表", "B3"), "字" * length, house.tax)
        assert errors(batch) == [("B3", "length")]


# ---- how a sheet is read --------------------------------------------------------------------

ODD = [
    ["2021 年税收登记表"],
    ["代", "名", "数"],
    [credit_code(1), "1号厂", 100],
    [credit_code(2), "2号厂", 50],
    ["以上为第一组"],
    ["全部", "", 150],
]
RULE = Rule((2, 2), 3, 4, (6,), ((0, "uscc", ""), (1, "name", ""), (2, "tax_paid_yuan", "千元")))


def test_a_sheet_with_headings_of_its_own_is_read_as_a_person_says(house):
    batch = drafted(house, book(ODD))
    assert [code for _cell, code in errors(batch)] == ["no_table"]
    services.correct_reading(batch, "表", RULE, house.tax)
    batch.refresh_from_db()
    assert (batch.errors, batch.rows, batch.sums["tax_paid_yuan"]) == (0, 2, 15_000_000)
    read = selectors.sheet_read(house.tax, batch.no)
    assert (read.header, read.first, read.last, read.totals, read.known) == (
        (2, 2),
        3,
        4,
        [6],
        True,
    )
    assert [(c.letter, c.code, c.unit) for c in read.columns] == [
        ("A", "uscc", ""), ("B", "name", ""), ("C", "tax_paid_yuan", "千元"),
    ]  # fmt: skip


def test_the_same_layout_of_the_next_year_is_read_alike_without_being_asked(house):
    services.correct_reading(drafted(house, book(ODD)), "表", RULE, house.tax)
    again = [["2022 年税收登记表"], *ODD[1:4], [credit_code(7), "7号厂", 9]]
    batch = drafted(house, book(again))
    assert (batch.errors, batch.rows, batch.sums["tax_paid_yuan"]) == (0, 3, 15_900_000)


def test_another_office_or_another_layout_is_not_read_by_the_rule(house):
    services.correct_reading(drafted(house, book(ODD)), "表", RULE, house.tax)
    other = drafted(house, book([["登记表"], ["代", "名", "数（新）"], *ODD[2:4]]))
    assert [code for _cell, code in errors(other)] == ["no_table"]
    ReadingRule.objects.update(office_id=house_office(house.market))
    assert [code for _cell, code in errors(drafted(house, book([*ODD, [None]])))] == ["no_table"]


def house_office(viewer) -> int:
    from wuhao.core.models import Office

    return Office.objects.get(code=viewer.office).pk


def test_a_new_word_about_the_same_layout_takes_the_place_of_the_old_one(house):
    batch = drafted(house, book(ODD))
    services.correct_reading(batch, "表", RULE, house.tax)
    yuan = Rule(RULE.header, 3, 4, (6,), (*RULE.columns[:2], (2, "tax_paid_yuan", "元")))
    services.correct_reading(batch, "表", yuan, house.tax)
    batch.refresh_from_db()
    assert batch.sums["tax_paid_yuan"] == 15_000
    assert ReadingRule.objects.count() == 1


def test_a_column_said_to_be_unused_is_left_out_without_a_note(house):
    batch = drafted(house, taxes(firm(1, 7, 3)))
    columns = ((3, "-", ""),)
    services.correct_reading(batch, "表", Rule((2, 2), 3, 0, (), columns), house.tax)
    assert store.rows_of(batch.no)["vat_yuan"].to_pylist() == [None]
    assert not batch.findings.filter(code="column_unread").exists()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule((0, 1), 3), "表头应在"),
        (Rule((2, 1), 3), "表头应在"),
        (Rule((2, 7), 8), "表头应在"),
        (Rule((2, 2), 2), "第一行数据"),
        (Rule((2, 2), 7), "第一行数据"),
        (Rule((2, 2), 4, 3), "最后一行数据"),
        (Rule((2, 2), 3, 7), "最后一行数据"),
        (Rule((2, 2), 3, 0, (), ((0, "nothing", ""),)), "没有的项目"),
        (Rule((2, 2), 3, 0, (), ((0, "uscc", ""), (1, "uscc", ""))), "两列都选作"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(house, rule, said):
    batch = drafted(house, book(ODD))
    with pytest.raises(DomainError, match=said):
        services.correct_reading(batch, "表", rule, house.tax)
    assert not ReadingRule.objects.exists()


def test_every_fault_of_a_rule_is_told_at_once(house):
    batch = drafted(house, book(ODD))
    with pytest.raises(DomainError) as refused:
        services.correct_reading(batch, "表", Rule((3, 1), 2, 1, (), ((0, "x", ""),)), house.tax)
    assert len(refused.value.sentences) == 3


def test_how_a_sheet_was_read_is_for_those_who_reach_the_batch(house):
    batch = drafted(house, book(ODD))
    with pytest.raises(OutOfScope):
        selectors.sheet_read(house.market, batch.no)
    with pytest.raises(OutOfScope):
        selectors.sheet_read(house.tax, batch.no, "没有的表")
    roles = [role for _n, role, _texts in selectors.sheet_read(house.bureau, batch.no).rows]
    assert len(roles) == 6


# ---- the batch before, the receipt, entering for another office ---------------------------------


def test_a_second_batch_says_what_changed_before_it_is_accepted(house):
    first = drafted(house, taxes(firm(1, 100), firm(2, 5), firm(3, 1)))
    assert (first.against, first.difference) == (None, {})
    services.submit(first, house.tax)
    services.accept(first, house.bureau)
    second = drafted(house, taxes(firm(1, 101), firm(2, 5), firm(4, 1)))
    assert second.against == first
    assert second.difference == {"new": 1, "changed": 1, "unchanged": 1, "missing": 1}
    [line] = selectors.difference(house.tax, second.no, "changed", 10)
    assert [(c.column.code, c.before, c.now) for c in line.changes] == [
        ("tax_paid_yuan", 10_000, 10_100)
    ]
    with pytest.raises(OutOfScope):
        selectors.difference(house.market, second.no, "changed", 10)
    assert selectors.difference(house.tax, second.no, "nothing", 10) == []


def test_the_batch_before_is_of_the_same_period_or_else_of_the_latest_before(house):
    for period, tax in ((201900, 1), (202000, 2)):
        batch = services.receive(handed(taxes(firm(1, tax)), period=period), house.tax).batch
        services.submit(batch, house.tax)
        services.accept(batch, house.bureau)
    found = drafted(house, taxes(firm(1, 3)))
    assert found.against is not None
    assert found.against.period == 202000


def test_the_receipt_tells_who_signed_and_who_accepted(house):
    batch = drafted(house, taxes(firm(1, 100)))
    services.submit(batch, house.tax)
    services.accept(batch, house.bureau)
    said = selectors.receipt(house.tax, batch.no)
    assert (said["signed_by"], said["accepted_by"]) == ("tax", "bureau")
    assert (said["rows"], said["sums"]["tax_paid_yuan"], said["digest"]) == (
        1,
        10_000,
        batch.digest,
    )
    assert said["submitted_at"] is not None
    assert said["accepted_at"] is not None


def test_paper_entered_for_an_office_keeps_its_scan(house):
    scan = ("盖章件.pdf", b"%PDF-1.4 paper")
    one = services.Handed("税收.xlsx", taxes(firm(1)), "X1", 202100, scan=scan)
    batch = services.receive(one, house.bureau).batch
    assert (batch.on_behalf, batch.office.code) == (True, "tax")
    content, name = selectors.scan(house.tax, batch.no)
    assert (content.read(), name) == (scan[1], scan[0])
    own = drafted(house, taxes(firm(2)))
    assert not own.on_behalf
    with pytest.raises(OutOfScope):
        selectors.scan(house.tax, own.no)
