"""Who sees which batches and which source cells."""

import pytest

from tests.cast import person
from tests.intake.books import credit_code, firm, taxes
from tests.intake.test_services import handed
from wuhao.core.errors import OutOfScope
from wuhao.core.viewer import PUBLIC, Viewer
from wuhao.intake import selectors, services


@pytest.fixture
def batch(house):
    rows = [firm(n, 100 + n) for n in range(1, 31)]
    batch = services.receive(handed(taxes(*rows)), house.tax).batch
    services.submit(batch, house.tax)
    services.accept(batch, house.bureau)
    return batch


@pytest.fixture
def own(house):
    return person("boss", "enterprise_user", "firm", own_key=credit_code(9))


@pytest.mark.parametrize(
    ("who", "count"), [("tax", 1), ("bureau", 1), ("market", 0), ("park", 0), ("lead", 0)]
)
def test_batches_are_seen_by_their_office_and_the_bureau(house, batch, who, count):
    viewer = getattr(house, who)
    assert len(selectors.batches(viewer)) == count
    assert selectors.count_accepted(viewer) == count


@pytest.mark.parametrize("who", ["market", "park", "lead"])
def test_a_batch_out_of_reach_is_as_if_it_were_not_there(house, batch, who):
    for read in (selectors.batch, selectors.findings, selectors.original):
        with pytest.raises(OutOfScope, match="没有您能看到的批次"):
            read(getattr(house, who), batch.no)


@pytest.mark.parametrize(
    ("who", "codes"),
    [("tax", ["X1"]), ("market", ["D1"]), ("bureau", ["D1", "X1"]), ("park", []), ("lead", [])],
)
def test_an_office_is_offered_its_own_templates(house, who, codes):
    assert [t.code for t in selectors.templates(getattr(house, who))] == codes


def test_a_batch_is_described_in_plain_data(house, batch):
    [row] = selectors.batches(house.tax)
    assert (row["no"], row["rows"], row["status"], row["period"]) == (
        batch.no,
        30,
        "accepted",
        202100,
    )
    assert row["ledger_no"] == batch.ledger_id


def test_findings_come_errors_first(house):
    batch = services.receive(
        handed(taxes(firm(1, 1.005), firm(2, "x"), ["合计", "", 9])), house.tax
    ).batch
    severities = [f["severity"] for f in selectors.findings(house.tax, batch.no)]
    assert severities == ["error", "warning", "note"]


def test_the_original_is_given_back_byte_for_byte(house):
    content = taxes(firm(1))
    batch = services.receive(handed(content), house.tax).batch
    stream, name = selectors.original(house.tax, batch.no)
    with stream:
        assert (stream.read(), name) == (content, "税收.xlsx")


def test_a_cell_is_shown_with_headings_and_neighbours(house, batch):
    shown = selectors.cell_context(house.bureau, batch.no, "表", "C17", around=2)
    assert shown.letters == ["A", "B", "C", "D", "E", "F"]
    assert [number for number, _ in shown.rows] == [1, 2, 15, 16, 17, 18, 19]
    rows = dict(shown.rows)
    assert rows[2][2] == "实缴税金（元）"
    assert rows[17][:3] == [credit_code(15), "15号厂", "115"]


def test_an_enterprise_sees_the_headings_and_its_own_row_alone(house, batch, own):
    shown = selectors.cell_context(own, batch.no, "表", "C11")
    assert [number for number, _ in shown.rows] == [1, 2, 11]
    assert dict(shown.rows)[11][0] == credit_code(9)


@pytest.mark.parametrize("cell", ["C10", "C12", "C2", "C999"])
def test_an_enterprise_sees_no_other_row(house, batch, own, cell):
    with pytest.raises(OutOfScope):
        selectors.cell_context(own, batch.no, "表", cell)


def test_an_enterprise_sees_nothing_of_a_batch_that_is_not_accepted(house, own):
    batch = services.receive(handed(taxes(firm(9))), house.tax).batch
    with pytest.raises(OutOfScope):
        selectors.cell_context(own, batch.no, "表", "C3")


@pytest.mark.parametrize("who", ["market", "park", "lead"])
def test_other_posts_see_no_cell(house, batch, who):
    with pytest.raises(OutOfScope):
        selectors.cell_context(getattr(house, who), batch.no, "表", "C17")


@pytest.mark.parametrize(
    "viewer", [PUBLIC, Viewer("dept_provider"), Viewer("enterprise_user"), Viewer("no")]
)
def test_a_viewer_without_office_or_enterprise_sees_no_cell(house, batch, viewer):
    assert selectors.batches(viewer) == []
    with pytest.raises(OutOfScope):
        selectors.cell_context(viewer, batch.no, "表", "C17")


@pytest.mark.parametrize(
    ("sheet", "cell"), [("表", "C999"), ("表", "C0"), ("表", "17"), ("表", "C17;"), ("别表", "C17")]
)
def test_a_cell_that_is_not_in_the_file_is_not_shown(house, batch, sheet, cell):
    with pytest.raises(OutOfScope):
        selectors.cell_context(house.bureau, batch.no, sheet, cell)
