"""The evaluation of a year: compute a draft from the registers, publish it, send grades down."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from wuhao.core import city, day
from wuhao.core.errors import DomainError
from wuhao.core.jobs import Tell, quiet
from wuhao.core.models import LedgerEntry
from wuhao.core.register import AsOf
from wuhao.core.viewer import Viewer
from wuhao.engine.facts import Facts
from wuhao.engine.model import Scheme
from wuhao.engine.scheme import load_scheme
from wuhao.registers.register import GRADE_KIND
from wuhao.registers.rules import land_day
from wuhao.registers.selectors import fact_table
from wuhao.registers.services.recognitions import ListSource, recognise
from wuhao.runs import schemes
from wuhao.runs import selectors as seen
from wuhao.runs import services as runs
from wuhao.runs.models import Run

SCHEMES = "schemes/per_mu_benefit"
MAY_COMPUTE = ("bureau_admin", "bureau_staff")
STEPS = 3


def scheme_path(year: int) -> Path:
    """The per-mu scheme of an evaluation year: the version put in force, else the city's file.

    The city's file says under which code the year is evaluated; once people have put a version of
    it in force, that is locked and the file is not asked. Raises DomainError without a file.
    """
    path = city.path_of(f"{SCHEMES}/{year}.yaml")
    if not path.exists():
        raise DomainError(_("没有 %(year)s 年度的亩均效益评价方案。") % {"year": year})
    version = schemes.enacted(load_scheme(path).code, (year - 1) * 100)
    return path if version is None else schemes.file_of(version)


def grade_letters() -> tuple[str, ...]:
    """The grades of the city's latest per-mu scheme, best first; none where it has no scheme."""
    latest = max(city.path_of(SCHEMES).glob("[0-9][0-9][0-9][0-9].yaml"), default=None)
    return () if latest is None else tuple(city.read(f"{SCHEMES}/{latest.name}")["grades"]["order"])


def compute_draft(year: int, by: Viewer, tell: Tell = quiet) -> Run:
    """Compute an evaluation year's draft: facts of the year before, known up to now.

    `tell` is told before each of the three steps and may stop the work there.
    Raises DomainError when the role may not, or nothing has been accepted yet.
    """
    if by.role not in MAY_COMPUTE:
        raise DomainError(_("只有市局的岗位可以计算评价草稿。"))
    path, period = scheme_path(year), (year - 1) * 100
    ledger = LedgerEntry.objects.order_by("-no").first()
    if ledger is None:
        raise DomainError(_("还没有受理任何批次，没有数据可算。请先受理部门报送的批次。"))
    tell(0, STEPS, _("正在取数：只取已受理的批次。"))
    scheme = load_scheme(path)
    facts = facts_known(scheme, period, ledger, by)
    tell(1, STEPS, _("取到 %(n)s 家，正在逐家计分、排名、定档。") % {"n": facts.table.num_rows})
    order = runs.Order(path, period, "enterprise", ledger)
    computed = runs.computed(order, facts)
    tell(2, STEPS, _("已算完，正在封存输入、方案和结果。"))
    return runs.keep(order, facts, computed, by)


def facts_known(scheme: Scheme, period: int, ledger: LedgerEntry, by: Viewer) -> Facts:
    """The facts that a scheme reads, of a period, as they were known at a ledger number."""
    as_of = AsOf(on=max(land_day(period), day.today()), ledger=ledger.no)
    return fact_table(by, as_of, period, scheme.facts)


@transaction.atomic
def publish(run_no: str, by: Viewer, note: str) -> Run:
    """Publish a draft and send its grades down to the registers as dated recognitions.

    Raises OutOfScope for a run that is not there or not to be seen.
    """
    seen.run(by, run_no)
    run = Run.objects.select_for_update().get(no=run_no)
    runs.publish(run, by, note)
    grades = run.outcomes.exclude(grade="").values_list("subject_key", "grade")
    source = ListSource(GRADE_KIND, run.scheme.title, f"runs.run/{run.no}", valid_from=day.today())
    recognise(source, dict(grades))
    return run


def compute_job(by: Viewer, tell: Tell, *, year: int) -> dict[str, str | bool]:
    """The job behind the button: compute a draft and say which, and whether it is a new one."""
    before = set(Run.objects.values_list("no", flat=True))
    no = compute_draft(year, by, tell).no
    return {"run": no, "new": no not in before}
