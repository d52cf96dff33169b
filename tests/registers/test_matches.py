"""One enterprise: read as whom it certainly means, asked once where it is doubtful, undone."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import office, person
from tests.intake.books import book, credit_code
from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.models import AuditEntry
from wuhao.intake import services, store
from wuhao.intake.models import Batch
from wuhao.registers import selectors
from wuhao.registers.models import EnterpriseName, MatchAsked, MatchDecision, MatchQuestion
from wuhao.registers.services import matches, reference

PERIOD = 202100
NAMES = {
    1: "株洲芸河精密刀具有限公司",
    2: "株洲云河精密刀具有限公司",
    3: "湖南麓屿生物医药股份有限公司",
    4: "醴陵砚拓陶瓷有限公司",
}
TAXES = ["信用代码", "纳税人名称", "实缴税金合计（元）"]
TYPED_OVER = "醴陵砚拓陶次有限公司"


@pytest.fixture
def people(db):
    reference.load_parks()
    reference.load_indicators()
    for code in ("mkt", "tax", "stats"):
        office(code)
    made = SimpleNamespace(
        bureau=person("bureau", "bureau_admin", "iit"),
        tax=person("tax", "dept_provider", "tax"),
        stats=person("stats", "dept_provider", "stats"),
        market=person("mkt", "dept_provider", "mkt"),
        lead=person("lead", "city_lead", "gov"),
    )
    rows = [
        ["统一社会信用代码", "企业名称"],
        *([credit_code(n), name] for n, name in NAMES.items()),
    ]
    batch = services.receive(
        services.Handed("名.xlsx", book(rows), "T0", PERIOD), made.market
    ).batch
    services.submit(batch, made.market)
    services.accept(batch, made.bureau)
    return made


def handed(people, *rows: tuple[object, ...], period: int = PERIOD) -> Batch:
    content = book([TAXES, *map(list, rows)])
    return services.receive(services.Handed("税.xlsx", content, "T1", period), people.tax).batch


def found(batch: Batch, severity: str = "error") -> list[tuple[str, str]]:
    return list(batch.findings.filter(severity=severity).values_list("cell", "code"))


def codes(batch: Batch) -> list[str | None]:
    read: list[str | None] = store.rows_of(batch.no)["uscc"].to_pylist()
    return read


def fifteen(number: int) -> str:
    """The 15-digit number of before 2015: a division and the code of the organisation."""
    return "430200" + credit_code(number)[8:17]


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        (None, NAMES[1], "没有写代码"),
        (None, "株洲芸河精密刀具（有限公司）", "没有写代码"),
        (fifteen(3), NAMES[3], "组织机构代码相同"),
        (credit_code(1)[:-1] + ("0" if credit_code(1)[-1] != "0" else "1"), NAMES[1], "只差一位"),
    ],
    ids=["no code", "written otherwise", "15 digits", "a slip of the code"],
)
def test_a_row_whose_name_is_certain_is_read_by_it_and_said(people, code, name, said):
    batch = handed(people, (code, name, 100))
    assert found(batch) == []
    [(cell, kind)] = [f for f in found(batch, "warning") if f[1] == "named_as"]
    assert (cell, kind) == ("A2", "named_as")
    assert said in batch.findings.get(code="named_as").sentence
    assert codes(batch) in ([credit_code(1)], [credit_code(3)])
    assert not MatchQuestion.objects.exists()


def test_a_former_name_is_certain_as_well(people):
    held = EnterpriseName.objects.get(name=NAMES[3])
    held.valid_to = date(2021, 1, 1)
    held.save()
    EnterpriseName.objects.create(
        enterprise=held.enterprise, name="湖南麓屿药业股份有限公司", valid_from=date(2021, 1, 1)
    )
    batch = handed(people, (None, NAMES[3], 5))
    assert codes(batch) == [credit_code(3)]
    assert "曾用名" in batch.findings.get(code="named_as").sentence


@pytest.mark.parametrize(
    ("code", "name", "error"),
    [
        (None, "北京某某科技有限公司", "required"),
        (credit_code(9), "北京某某科技有限公司", "unknown_enterprise"),
        (credit_code(9), TYPED_OVER, "unknown_enterprise"),  # a sound code of its own
    ],
)
def test_what_is_nobody_stays_the_error_that_it_was(people, code, name, error):
    batch = handed(people, (code, name, 5))
    assert found(batch) == [("A2", error)]
    assert not MatchQuestion.objects.exists()


def test_a_sound_code_with_the_very_name_of_another_is_doubtful(people):
    batch = handed(people, (credit_code(9), NAMES[4], 5))
    assert found(batch) == [("A2", "match_doubtful")]
    assert "代码不同" in batch.findings.get(code="match_doubtful").sentence


def doubtful(people) -> tuple[Batch, MatchQuestion]:
    batch = handed(people, (None, TYPED_OVER, 77), (credit_code(1), NAMES[1], 1))
    assert found(batch) == [("A2", "match_doubtful")]
    return batch, MatchQuestion.objects.get()


def test_a_doubtful_one_waits_on_the_queue_with_its_reasons(people):
    batch, question = doubtful(people)
    with pytest.raises(DomainError, match="错误"):
        services.submit(batch, people.tax)
    [one] = selectors.match_questions(people.bureau)
    assert (one["name"], one["candidate"], one["status"]) == (TYPED_OVER, credit_code(4), "open")
    assert one["reasons"]
    seen = selectors.match_question(people.bureau, question.pk)
    assert [(p["batch"], p["cell"]) for p in seen["places"]] == [(batch.no, "A2")]
    assert seen["candidate_record"]["names"][0]["name"] == NAMES[4]


def test_the_office_that_asked_reads_it_and_no_other(people):
    _batch, question = doubtful(people)
    assert len(selectors.match_questions(people.tax)) == 1
    assert selectors.match_questions(people.stats) == []
    for viewer in (people.stats, people.lead):
        with pytest.raises(OutOfScope):
            selectors.match_question(viewer, question.pk)


def test_a_decision_lets_the_draft_go_on_and_is_never_asked_again(people):
    batch, question = doubtful(people)
    matches.decide(question, matches.Verdict("same", note="电话核实"), people.bureau)
    batch.refresh_from_db()
    assert (batch.errors, codes(batch)) == (0, [credit_code(4), credit_code(1)])
    assert "照以前的认定" in batch.findings.get(code="named_as").sentence
    again = handed(people, (None, f" {TYPED_OVER}", 8), period=202000)
    assert (again.errors, codes(again)) == (0, [credit_code(4)])
    assert MatchQuestion.objects.count() == 1
    assert selectors.count_open_matches(people.bureau) == 0


def test_another_enterprise_or_none_may_be_meant(people):
    batch, question = doubtful(people)
    said = matches.Verdict("other", credit_code(2).lower())
    matches.decide(question, said, people.bureau)
    assert codes(batch)[0] == credit_code(2)
    matches.undo(question, people.bureau, "认错了")
    question.refresh_from_db()
    matches.decide(question, matches.Verdict("none"), people.bureau)
    assert found(batch) == [("A2", "required")]
    assert found(handed(people, (None, TYPED_OVER, 8), period=202000)) == [("A2", "required")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (matches.Verdict("other", credit_code(9)), "名录里没有"),
        (matches.Verdict("other"), "名录里没有"),
        (matches.Verdict("perhaps"), "请选"),
    ],
)
def test_a_decision_that_names_nobody_is_refused(people, said, words):
    _batch, question = doubtful(people)
    with pytest.raises(DomainError, match=words):
        matches.decide(question, said, people.bureau)
    assert not MatchDecision.objects.exists()


def test_only_the_bureau_decides_and_only_once(people):
    _batch, question = doubtful(people)
    with pytest.raises(DomainError, match="不能办理"):
        matches.decide(question, matches.Verdict("same"), people.tax)
    matches.decide(question, matches.Verdict("same"), people.bureau)
    with pytest.raises(DomainError, match="没有办成"):
        matches.decide(question, matches.Verdict("none"), people.bureau)
    assert MatchDecision.objects.count() == 1


def test_a_wrong_decision_is_undone_and_names_the_batches_that_relied_on_it(people):
    batch, question = doubtful(people)
    matches.decide(question, matches.Verdict("same"), people.bureau)
    batch.refresh_from_db()
    services.submit(batch, people.tax)
    services.accept(batch, people.bureau)
    waiting = handed(people, (None, TYPED_OVER, 8), period=202000)
    with pytest.raises(DomainError, match="写明原因"):
        matches.undo(question, people.bureau, " ")
    question.refresh_from_db()
    assert matches.undo(question, people.bureau, "两家不同") == [batch.no]
    assert found(waiting) == [("A2", "match_doubtful")]
    seen = selectors.match_question(people.bureau, question.pk)
    assert seen["decisions"][0]["undone_by"] == "bureau"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"registers.match.decide", "registers.match.undo"} <= actions


def test_a_file_asks_with_a_constant_number_of_statements(people):
    def asked(count: int, period: int) -> int:
        rows = [(None, f"{TYPED_OVER}{n}", 5) for n in range(count)]
        with CaptureQueriesContext(connection) as seen:
            handed(people, *rows, period=period)
        return len(seen)

    asked(1, 201800)
    assert asked(40, 201900) == asked(2, 202000)


def test_a_corrected_code_takes_its_question_off_the_batch(people):
    batch, _question = doubtful(people)
    services.edit_cell(batch, ("表", "A2"), credit_code(4), people.tax)
    assert not MatchAsked.objects.filter(batch=batch).exists()
    assert found(batch) == []


def test_a_submitted_batch_goes_back_when_the_decision_it_relied_on_is_undone(people):
    batch, question = doubtful(people)
    matches.decide(question, matches.Verdict("same"), people.bureau)
    batch.refresh_from_db()
    services.submit(batch, people.tax)
    question.refresh_from_db()
    assert matches.undo(question, people.bureau, "两家不同") == []
    batch.refresh_from_db()
    assert batch.status == "returned"
    with pytest.raises(DomainError):
        services.accept(batch, people.bureau)


def test_an_open_question_is_asked_as_the_directory_stands_now(people):
    _batch, question = doubtful(people)
    rows = [["统一社会信用代码", "企业名称"], [credit_code(6), "醴陵砚拓陶次制造有限公司"]]
    more = services.receive(services.Handed("新.xlsx", book(rows), "T0", PERIOD), people.market)
    services.submit(more.batch, people.market)
    services.accept(more.batch, people.bureau)
    again = handed(people, (None, TYPED_OVER, 8), period=202000)
    question.refresh_from_db()
    named = again.findings.get(code="match_doubtful").sentence
    assert selectors.match_questions(people.bureau)[0]["candidate_name"] in named
    assert MatchQuestion.objects.count() == 1


def test_an_office_sees_the_cells_of_its_own_batches_alone(people):
    _batch, question = doubtful(people)
    other = handed(people, (None, TYPED_OVER, 8), period=202000)
    Batch.objects.filter(pk=other.pk).update(office=office("stats"))
    seen = selectors.match_question(people.stats, question.pk)["places"]
    assert [place["batch"] for place in seen] == [other.no]
    assert len(selectors.match_question(people.bureau, question.pk)["places"]) == 2


def listed_anew(people, *rows: tuple[str, str]) -> None:
    """A later directory with more enterprises, or with other names."""
    kept = {credit_code(n): name for n, name in NAMES.items()} | dict(rows)
    content = book([["统一社会信用代码", "企业名称"], *map(list, kept.items())])
    batch = services.receive(services.Handed("新.xlsx", content, "T0", PERIOD), people.market).batch
    assert batch.errors == 0
    services.submit(batch, people.market)
    services.accept(batch, people.bureau)


def test_nobody_yields_when_the_directory_comes_to_hold_somebody(people):
    _batch, question = doubtful(people)
    matches.decide(question, matches.Verdict("none"), people.bureau)
    assert found(handed(people, (None, TYPED_OVER, 8), period=202000)) == [("A2", "required")]
    listed_anew(people, (credit_code(9), TYPED_OVER))
    later = handed(people, (None, TYPED_OVER, 9), period=202000)
    assert (codes(later), found(later)) == ([credit_code(9)], [])
    shown = selectors.match_question(people.bureau, question.pk)
    now, before = shown["decisions"]
    assert (now["uscc"], now["by"], "名录后来有了这一家" in now["note"]) == (
        credit_code(9),
        "",
        True,
    )
    assert before["undone_at"] is not None
    assert AuditEntry.objects.filter(action="registers.match.overtaken").count() == 1
    again = handed(people, (None, TYPED_OVER, 10), period=201900)
    assert codes(again) == [credit_code(9)]
    assert MatchDecision.objects.count() == 2


def test_nobody_stands_against_the_one_who_was_not_meant(people):
    """Said not to be that enterprise, it is not that enterprise under a new name either."""
    _batch, question = doubtful(people)
    assert question.candidate.uscc == credit_code(4)
    matches.decide(question, matches.Verdict("none"), people.bureau)
    listed_anew(people, (credit_code(4), TYPED_OVER))
    assert found(handed(people, (None, TYPED_OVER, 8), period=202000)) == [("A2", "required")]
    assert MatchDecision.objects.filter(undone_at=None).count() == 1


def test_more_evidence_than_a_database_takes_at_once(people):
    handed(people, (None, TYPED_OVER, 8))
    known = matches.evidence_of("", TYPED_OVER)
    many = [f"{n:064d}" for n in range(260_000)]
    with CaptureQueriesContext(connection) as seen:
        assert list(matches._ids_of([*many, known])) == [known]
    assert len(seen) == 260_000 // matches.AT_ONCE + 1
    assert matches._enterprises_of([*many, credit_code(1)]).keys() == {credit_code(1)}
