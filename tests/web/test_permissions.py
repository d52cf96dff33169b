"""Who is answered how, at every address: each role on its own, on others' and on no reference.

A row of the table is a request, a column a person. `.` is shown, `>` led on, `L` asked to log in,
`-` not there, `!` refused in words, `?` a wrong password, `u` a form to mend, `m` another method.
"""

import shutil
from copy import deepcopy
from datetime import date

import pytest
import yaml
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve

from tests.intake.books import book
from tests.paths import ROOT
from tests.web.conftest import AsUser
from wuhao.core import city
from wuhao.core.models import Job, Post, User
from wuhao.core.viewer import viewer_of
from wuhao.documents.models import Document
from wuhao.intake import services as intake
from wuhao.registers.models import Disagreement, EnterprisePark, MatchQuestion
from wuhao.registers.services.relations import Belonging, relate
from wuhao.runs.models import Outcome, Run
from wuhao.runs.services import folder_of

PEOPLE = ["", "bureau", "desk", "tax", "stats", "park", "park2", "enterprise", "lead", "audit",
          "sysadmin"]  # fmt: skip
SAID = {200: ".", 302: ">", 400: "!", 401: "?", 404: "-", 405: "m", 422: "u"}
FORMS = {
    "login": {"username": "bureau", "password": "wrong"},
    "upload": {"template": "T1", "year": "2021"},
    "list-export": {"purpose": "核对", "format": "csv"},
    "results-export": {"purpose": "核对", "format": "csv"},
    "changes-export": {"purpose": "核对", "format": "csv"},
    "run-publish": {"note": "会议"},
    "batch-move": {"transition": "accept"},
    "reading-correct": {"sheet": "入库汇总"},
    "cell-edit": {"text": "12.5"},
    "collection-urge": {"office": "tax"},
    "match-decide": {"transition": "none"},
    "disagreements-by-rule": {"reason": "照规则"},
    "disagreements-export": {"purpose": "核对", "format": "csv"},
}
# {own}: the enterprise of the log-in `enterprise`; {neighbour}: another of the same park;
# {abroad}: one of another park. D6 is a cell of {own}'s row, D17 of {neighbour}'s.
# Columns: visitor, bureau, desk, tax, stats, park, park2, enterprise, lead, audit, sysadmin.
TABLE = """
GET  /                                             L . . . . . . . . . .
GET  /login/                                       . . . . . . . . . . .
POST /login/                                       ? ? ? ? ? ? ? ? ? ? ?
GET  /logout/                                      m m m m m m m m m m m
POST /logout/                                      > > > > > > > > > > >
GET  /language/                                    > > > > > > > > > > >
POST /language/                                    > > > > > > > > > > >
GET  /search/?q={own}                              L > > > > > . > > . .
GET  /search/?q={abroad}                           L > > > > . > . > . .
GET  /intake/                                      L . . . . . . . . . .
GET  /intake/upload/                               L . . . . . . ! ! ! !
POST /intake/upload/                               L u u u u u u ! ! ! !
GET  /intake/T1-202100-02/                         L . . . - - - - - - -
GET  /intake/T4-202000-01/                         L . . - - - - - - - -
GET  /intake/T9-202100-01/                         L - - - - - - - - - -
GET  /intake/T4-202000-01/move/                    L m m m m m m m m m m
POST /intake/T4-202000-01/move/                    L > > - - - - - - - -
POST /intake/T9-202100-01/move/                    L - - - - - - - - - -
GET  /intake/T1-202100-02/file/                    L . . . - - - - - - -
GET  /intake/T9-202100-01/file/                    L - - - - - - - - - -
GET  /intake/T1-202100-02/annotated/               L . . . - - - - - - -
GET  /intake/T1-202100-02/scan/                    L - - - - - - - - - -
GET  /intake/T1-202100-02/difference/              L ! ! ! - - - - - - -
GET  /intake/T1-202100-02/receipt/                 L . . . - - - - - - -
GET  /intake/T1-202100-01/receipt/                 L ! ! ! - - - - - - -
GET  /intake/T1-202100-01/fix/                     L . . . - - - - - - -
POST /intake/T1-202100-01/fix/                     L u u u - - - - - - -
GET  /intake/T1-202100-02/fix/                     L ! ! ! - - - - - - -
GET  /intake/T1-202100-01/reading/                 L . . . - - - - - - -
GET  /intake/T1-202100-01/reading/correct/         L m m m m m m m m m m
POST /intake/T1-202100-01/reading/correct/         L ! ! ! - - - - - - -
POST /intake/T1-202100-02/reading/correct/         L ! ! ! - - - - - - -
GET  /cells/T1-202100-01/入库汇总/D6/edit/             L m m m m m m m m m m
POST /cells/T1-202100-01/入库汇总/D6/edit/             L > > > - - - - - - -
POST /cells/T1-202100-02/入库汇总/D6/edit/             L ! ! ! - - - - - - -
GET  /cells/T1-202100-02/入库汇总/D6/                  L . . . - - - . - - -
GET  /cells/T1-202100-02/入库汇总/D17/                 L . . . - - - - - - -
GET  /cells/T9-202100-01/入库汇总/D6/                  L - - - - - - - - - -
GET  /cells/T1-202100-02/入库汇总/D6/card/             L . . . - - - . - - -
GET  /cells/T1-202100-02/入库汇总/D17/card/            L . . . - - - - - - -
GET  /collections/                                 L . . . . . . . . . .
GET  /collections/new/                             L . . ! ! ! ! ! ! ! !
POST /collections/new/                             L u u ! ! ! ! ! ! ! !
GET  /collections/{collection}/                    L . . . - - - - - - -
GET  /collections/{drafted}/                       L . . - - - - - - - -
GET  /collections/NONE/                            L - - - - - - - - - -
GET  /collections/{drafted}/columns/               L m m m m m m m m m m
POST /collections/{drafted}/columns/               L ! ! - - - - - - - -
GET  /collections/{drafted}/send/                  L m m m m m m m m m m
POST /collections/{drafted}/send/                  L ! ! - - - - - - - -
POST /collections/{collection}/send/               L ! ! ! - - - - - - -
GET  /collections/{collection}/urge/               L m m m m m m m m m m
POST /collections/{collection}/urge/               L > > ! - - - - - - -
GET  /collections/{collection}/close/              L m m m m m m m m m m
POST /collections/{collection}/close/              L > > ! - - - - - - -
GET  /collections/{collection}/form/               L . . . - - - - - - -
GET  /collections/{collection}/fill/               L . . . - - - - - - -
POST /collections/{collection}/fill/               L u u u - - - - - - -
GET  /collections/{collection}/merged/             L . . - - - - - - - -
GET  /registers/                                   L > > > > > > > > > >
GET  /registers/enterprise/                        L . . . . . . . . - -
GET  /registers/park/                              L . . . . . . - . - -
GET  /registers/matches/                           L . . . . . . . . . .
GET  /registers/matches/{match}/                   L . . . - - - - - - -
GET  /registers/matches/999999/                    L - - - - - - - - - -
GET  /registers/matches/{match}/decide/            L m m m m m m m m m m
POST /registers/matches/{match}/decide/            L > > ! - - - - - - -
GET  /registers/matches/{match}/undo/              L m m m m m m m m m m
POST /registers/matches/{match}/undo/              L ! ! ! - - - - - - -
GET  /registers/disagreements/                     L . . . . . . - . - -
GET  /registers/disagreements/by-rule/             L m m m m m m m m m m
POST /registers/disagreements/by-rule/             L > > ! ! ! ! - ! - -
GET  /registers/disagreements/export/              L m m m m m m m m m m
POST /registers/disagreements/export/              L . . . . . . - . - -
GET  /registers/disagreements/{differing}/park/    L . . . . - - - . - -
GET  /registers/disagreements/{own}/park/          L - - - - - - - - - -
GET  /registers/disagreements/{differing}/park/choose/  L m m m m m m m m m m
POST /registers/disagreements/{differing}/park/choose/  L - - - - - - - - - -
GET  /registers/disagreements/{differing}/park/undo/    L m m m m m m m m m m
POST /registers/disagreements/{differing}/park/undo/    L ! ! ! ! - - - ! - -
GET  /registers/enterprise/{own}/relations/        L . . . . . - . . - -
GET  /registers/enterprise/{abroad}/relations/     L . . . . - . - . - -
GET  /registers/enterprise/{own}/relations/enter/  L m m m m m m m m m m
POST /registers/enterprise/{own}/relations/enter/  L ! ! ! ! ! - ! ! - -
GET  /registers/enterprise/{own}/relations/{relation}/end/  L m m m m m m m m m m
POST /registers/enterprise/{own}/relations/{relation}/end/  L ! ! - - ! - ! ! - -
GET  /registers/nothing/                           L - - - - - - - - - -
GET  /registers/enterprise/export/                 L m m m m m m m m m m
POST /registers/enterprise/export/                 L . . . . . . . . - -
GET  /registers/enterprise/{own}/                  L . . . . . - . . - -
GET  /registers/enterprise/{neighbour}/            L . . . . . - - . - -
GET  /registers/enterprise/{abroad}/               L . . . . - . - . - -
GET  /registers/enterprise/NONE/                   L - - - - - - - - - -
GET  /registers/park/430200Y01/                    L . . . . . - - . - -
GET  /registers/park/430281Y01/                    L . . . . - . - . - -
GET  /registers/enterprise/{own}/history/          L . . . . . - . . - -
GET  /registers/enterprise/{abroad}/history/       L . . . . - . - . - -
GET  /evaluation/                                  L > > > > > > > > > >
GET  /evaluation/compute/2022/                     L m m m m m m m m m m
POST /evaluation/compute/2022/                     L > > ! ! ! ! ! ! ! !
GET  /evaluation/latest/{own}/                     L > > > > > > > > > >
GET  /evaluation/{run}/                            L . . . . . . . . . .
GET  /evaluation/{draft}/                          L . . - - - - - . - -
GET  /evaluation/NONE/                             L - - - - - - - - - -
GET  /evaluation/{draft}/publish/                  L m m m m m m m m m m
POST /evaluation/{draft}/publish/                  L > ! - - - - - ! - -
POST /evaluation/NONE/publish/                     L - - - - - - - - - -
GET  /evaluation/{run}/results/                    L . . . . . . . . - -
GET  /evaluation/{draft}/results/                  L . . - - - - - . - -
GET  /evaluation/{run}/results/export/             L m m m m m m m m m m
POST /evaluation/{run}/results/export/             L . . . . . . . . - -
POST /evaluation/{draft}/results/export/           L . . - - - - - . - -
GET  /evaluation/{run}/gaps/T1/                    L - - - - - - - - - -
GET  /evaluation/{draft}/gaps/T1/                  L - - - - - - - - - -
GET  /evaluation/{run}/changes/                    L . . - - - - - . - -
GET  /evaluation/{draft}/changes/                  L . . - - - - - . - -
GET  /evaluation/NONE/changes/                     L - - - - - - - - - -
GET  /evaluation/{run}/changes/export/             L m m m m m m m m m m
POST /evaluation/{run}/changes/export/             L ! ! - - - - - ! - -
POST /evaluation/{draft}/changes/export/           L . . - - - - - . - -
GET  /evaluation/{run}/explain/{own}/              L . . - - . - . . - -
GET  /evaluation/{run}/explain/{own}/lifts/              L . . - - - - . - - -
GET  /evaluation/{run}/explain/{neighbour}/        L . . - - . - - . - -
GET  /evaluation/{run}/explain/{neighbour}/lifts/        L . . - - - - - - - -
GET  /evaluation/{run}/explain/{abroad}/           L . . - - - . - . - -
GET  /evaluation/{run}/explain/{abroad}/lifts/           L . . - - - - - - - -
GET  /evaluation/{draft}/explain/{own}/            L . . - - - - - . - -
GET  /evaluation/NONE/explain/{own}/               L - - - - - - - - - -
GET  /reports/                                     L > > > > > > > > > >
GET  /reports/figures/                             L . . . . . . - . - -
GET  /reports/figures/grade_a/                     L . . . . . . - . . .
GET  /reports/figures/nothing/                     L ! ! ! ! ! ! ! ! ! !
GET  /reports/letters/                             L . . . . . . . . . .
GET  /reports/letters/{letter}/                    L . . - - - - - . - -
GET  /reports/letters/nothing/                     L - - - - - - - - - -
GET  /reports/letters/{letter}/file/               L . . - - - - - . - -
GET  /jobs/{job}/                                  L . ! ! ! ! ! ! ! ! !
GET  /jobs/999999/                                 L ! ! ! ! ! ! ! ! ! !
GET  /jobs/{job}/cancel/                           L m m m m m m m m m m
POST /jobs/{job}/cancel/                           L > ! ! ! ! ! ! ! ! !
GET  /public/                                      . . . . . . . . . . .
GET  /public/2022/a-list/                          . . . . . . . . . . .
GET  /public/2021/a-list/                          - - - - - - - - - - -
"""
ROWS = [tuple(line.split(maxsplit=2)) for line in TABLE.strip().splitlines()]


@pytest.fixture
def references(demo_db) -> dict[str, object]:
    """What stands in the addresses, with a draft run and a job of the bureau's made for them."""
    run = Run.objects.get(status=Run.Status.PUBLISHED)
    names = {
        "own": "91430200MA4W2C1J9K",
        "neighbour": "91430200MAYAX4WE7C",
        "abroad": EnterprisePark.objects.filter(park__code="430281Y01").first().enterprise.uscc,
        "run": run.no,
        "draft": "draft-1",
        "letter": Document.objects.get().ref,
    }
    _copy_as_draft(run, names["draft"])
    names["match"] = _match()
    differing = Disagreement.objects.filter(field="park").order_by("enterprise__uscc").first()
    names["differing"] = differing.enterprise.uscc
    bureau = viewer_of(User.objects.get(username="bureau"))
    said = Belonging("site", names["neighbour"], names["own"], date(2020, 1, 1), "同在一地")
    names["relation"] = relate(said, bureau).pk
    names |= {"drafted": _collection(sent=False), "collection": _collection(sent=True)}
    bureau = Post.objects.get(user__username="bureau")
    job = Job.objects.create(kind="evaluation.compute", key="bureau's", post=bureau)
    return names | {"job": job.pk}


def _match() -> int:
    """A question that the tax bureau's file asked."""
    tax = viewer_of(User.objects.get(username="tax"))
    rows = [["信用代码", "纳税人名称", "实缴税金合计（元）"], [None, "株洲芸河精密刃具有限公司", 1]]
    intake.receive(intake.Handed("问.xlsx", book(rows), "T1", 202000), tax)
    return MatchQuestion.objects.latest("pk").pk


def _collection(*, sent: bool) -> str:
    """The code of a collection, drafted, or sent to the tax bureau."""
    bureau = viewer_of(User.objects.get(username="bureau"))
    content = book([["企业名称", "户数"], ["甲", 1], ["乙", 2]])
    made = intake.propose_collection(f"收表{sent}.xlsx", content, bureau)
    if sent:
        intake.open_collection(made, intake.Terms("表", "核对", 202100, ("tax",), 5), bureau)
    return made.code


def _copy_as_draft(run: Run, no: str) -> None:
    outcomes = list(run.outcomes.all())
    shutil.copytree(folder_of(run.no), folder_of(no))
    run.pk, run.no, run.status, run.facts_digest = None, no, Run.Status.DRAFT, "other"
    run.save()
    for outcome in outcomes:
        outcome.pk, outcome.run = None, run
    Outcome.objects.bulk_create(outcomes)


def answer(client: Client, method: str, address: str) -> str:
    """What a person is answered; nothing that it changes is kept."""
    asking = Client(raise_request_exception=False)
    asking.cookies = deepcopy(client.cookies)
    with transaction.atomic():
        if method == "GET":
            response = asking.get(address)
        else:
            response = asking.post(address, FORMS.get(resolve(address).url_name, {}))
        transaction.set_rollback(True)
    if response.headers.get("Location", "").startswith("/login/?"):
        return "L"
    return SAID.get(response.status_code, str(response.status_code))


@pytest.mark.parametrize("person", PEOPLE)
def test_each_person_is_answered_as_the_table_says(
    as_user: AsUser, references: dict[str, object], person: str
) -> None:
    client, column = as_user(person), PEOPLE.index(person)
    found = {
        (method, address): answer(client, method, address.format_map(references))
        for method, address, _answers in ROWS
    }
    assert found == {(method, address): row.split()[column] for method, address, row in ROWS}


def test_every_address_stands_in_the_table() -> None:
    filled = {"job": 1, "match": 1, "relation": 1, "run": "x", "draft": "x", "letter": "x"}
    filled |= dict.fromkeys(
        ("own", "neighbour", "abroad", "collection", "drafted", "differing"), "x"
    )
    found = {
        (resolve(address.format_map(filled).split("?")[0]).url_name, method)
        for method, address, _answers in ROWS
    }
    names = {pattern.name for pattern in get_resolver("wuhao.web.urls").url_patterns}
    assert {name for name, _method in found} == names
    post_only = {
        resolve(address.format_map(filled)).url_name
        for _method, address, row in ROWS
        if row.split()[1] == "m"
    }
    assert {(name, "POST") for name in post_only} <= found


def test_every_role_that_has_a_demo_post_stands_in_the_table() -> None:
    users = {user["username"]: user["role"] for user in city.read("city.yaml")["users"]}
    text = (ROOT / "src/wuhao/core/roles.yaml").read_text(encoding="utf-8")
    assert set(users.values()) == {users[person] for person in PEOPLE if person}
    assert set(users.values()) <= set(yaml.safe_load(text))


def test_a_guess_is_answered_as_if_nothing_stood_there() -> None:
    """Whoever is not shown a thing gets the answer that a made-up reference gets."""
    answers = {(method, address): row.split() for method, address, row in ROWS}
    pairs = [
        (("GET", "/intake/T4-202000-01/"), ("GET", "/intake/T9-202100-01/")),
        (("POST", "/intake/T4-202000-01/move/"), ("POST", "/intake/T9-202100-01/move/")),
        (("GET", "/intake/T1-202100-02/file/"), ("GET", "/intake/T9-202100-01/file/")),
        (("GET", "/registers/enterprise/{abroad}/"), ("GET", "/registers/enterprise/NONE/")),
        (("GET", "/evaluation/{draft}/"), ("GET", "/evaluation/NONE/")),
        (("GET", "/reports/letters/{letter}/"), ("GET", "/reports/letters/nothing/")),
        (("GET", "/jobs/{job}/"), ("GET", "/jobs/999999/")),
    ]
    for there, nowhere in pairs:
        refused = [told for told in answers[there] if told not in ".>"]
        assert set(refused) <= set(answers[nowhere]), there
