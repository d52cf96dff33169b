"""A small city: two parks, ten enterprises, and one published evaluation of 2021's figures.

Every number that the tests expect follows from this table:

    code  park  scale  tax yuan  exempt  refund  land m2  outcome
    甲    P1    above  3000000   0       0       10000    A
    乙    P1    above  2000000   100000  0       20000    B
    丙    P1    above  1000000   0       50000   30000    C
    丁    P2    above  500000    -       -       40000    D by veto
    戊    P2    above  400000    0       0       -        not graded: public_utility
    己    P2    below  200000    0       0       10000    A
    庚    P1    below  100000    0       0       5000     B
    辛    -     below  -         -       -       -        not graded: below_5_mu
"""

from datetime import date
from decimal import Decimal

from tests.cast import office
from wuhao.core.models import LedgerEntry
from wuhao.engine.facts import State
from wuhao.intake.models import Batch, RawFile
from wuhao.registers.models import (
    Enterprise,
    EnterpriseName,
    EnterprisePark,
    EnterpriseYear,
    Indicator,
    Observation,
    Park,
    Subject,
)
from wuhao.runs.models import Outcome, Run, SchemeVersion

DAY = date(2022, 6, 28)
SINCE = date(2019, 1, 1)
INDICATORS = ("tax_paid_yuan", "export_exempt_yuan", "tax_refund_yuan", "land_m2")
TABLE = {
    "甲": ("P1", "above", "3000000", "0", "0", "10000", "A", "", ""),
    "乙": ("P1", "above", "2000000", "100000", "0", "20000", "B", "", "wage_arrears"),
    "丙": ("P1", "above", "1000000", "0", "50000", "30000", "C", "", ""),
    "丁": ("P2", "above", "500000", None, None, "40000", "D", "", "major_accident"),
    "戊": ("P2", "above", "400000", "0", "0", None, "", "public_utility", ""),
    "己": ("P2", "below", "200000", "0", "0", "10000", "A", "", ""),
    "庚": ("P1", "below", "100000", "0", "0", "5000", "B", "", ""),
    "辛": ("", "below", None, None, None, None, "", "below_5_mu", ""),
}
SCHEME = """
quantities:
  tax_counted: tax_paid_yuan + export_exempt_yuan - tax_refund_yuan
grades: {order: [A, B, C, D]}
scope:
  exclude:
    - {id: public_utility, label: 公用事业}
    - {id: below_5_mu, label: 用地不足5亩}
adjustments:
  - {id: major_accident, kind: veto, label: 生产安全事故}
  - {id: wage_arrears, kind: cap, label: 拖欠工资}
"""


def build(published: bool = True) -> None:
    """Enter the city into the database."""
    for code in INDICATORS:
        unit = "m2" if code == "land_m2" else "yuan"
        owner = "land" if code == "land_m2" else "tax"
        Indicator.objects.update_or_create(
            code=code,
            defaults={"label": code, "unit": unit, "quantum": "0.01", "owner": owner,
                      "cls": "secret"},
        )  # fmt: skip
    for code, short in (("P1", "东园区"), ("P2", "西园区")):
        subject = Subject.objects.create(kind="park", key=code)
        Park.objects.create(subject=subject, code=code, name=short, short=short, level="省级")
    for name, row in TABLE.items():
        enterprise(name, *row[:6])
    run("RUN-2021", 202100, published)


def enterprise(name: str, park: str, scale: str, *amounts: str | None) -> Enterprise:
    """Enter one enterprise with its year; amounts as in the table, None where nothing is known."""
    subject = Subject.objects.create(kind="enterprise", key=uscc(name))
    found = Enterprise.objects.create(subject=subject, uscc=uscc(name))
    EnterpriseName.objects.create(enterprise=found, name=name, valid_from=SINCE)
    if park:
        held = Park.objects.get(code=park)
        EnterprisePark.objects.create(enterprise=found, park=held, valid_from=SINCE)
    EnterpriseYear.objects.create(enterprise=found, year=2021, scale=scale)
    ledger = LedgerEntry.objects.create(cause=name)
    for code, amount in zip(INDICATORS, amounts, strict=True):
        state = State.MISSING if amount is None else State.VALUE if int(amount) else State.ZERO
        value = int(Decimal(amount or 0) * 100) if state is State.VALUE else None
        Observation.objects.create(
            subject=subject, indicator=Indicator.objects.get(code=code), period=202100,
            ledger=ledger, value=value, state=state,
        )  # fmt: skip
    return found


def run(no: str, period: int, published: bool) -> Run:
    """Enter a run over the table."""
    scheme, _new = SchemeVersion.objects.get_or_create(
        digest="s" * 64,
        defaults={"code": "demo", "title": "方案", "text": SCHEME, "valid_from": SINCE},
    )
    found = Run.objects.create(
        no=no, scheme=scheme, period=period, subject_kind="enterprise",
        ledger=LedgerEntry.objects.create(cause="试"), facts_digest=no, scheme_digest="s",
        result_digest="r", status="published" if published else "draft",
    )  # fmt: skip
    for name, row in TABLE.items():
        grade, excluded, adjustments = row[6:]
        Outcome.objects.create(
            run=found, subject_key=uscc(name), label=name, park_code=row[0], group=row[1],
            grade=grade, excluded=excluded, adjustments=adjustments,
        )  # fmt: skip
    return found


def batch(no: str, status: str = "accepted") -> Batch:
    """Enter a batch."""
    file = RawFile.objects.create(digest=no, name=f"{no}.xlsx", size=1)
    return Batch.objects.create(
        no=no, template="T1", title="税收", period=202100, office=office("tax"), file=file,
        status=status, digest="d" * 64,
    )  # fmt: skip


def uscc(name: str) -> str:
    """The credit code under which the tests know an enterprise."""
    return f"9143020{list(TABLE).index(name) if name in TABLE else 9}0000000000"


def delete(name: str) -> None:
    """Delete an enterprise with everything that hangs on it."""
    Observation.objects.filter(subject__key=uscc(name)).delete()
    Enterprise.objects.get(uscc=uscc(name)).delete()
    Subject.objects.get(key=uscc(name)).delete()


def correct(name: str, code: str, value: int) -> None:
    """Correct a figure of an enterprise; value in quanta."""
    held = Observation.objects.filter(subject__key=uscc(name), indicator__code=code)
    held.update(value=value, state=State.VALUE)
