"""What the lists of results may show."""

from collections.abc import Sequence
from functools import cache, lru_cache, partial

import yaml
from django.utils.translation import gettext_lazy as _

from wuhao.core.register import Field, Register
from wuhao.core.scope import INTERNAL, PUBLIC_CLASS
from wuhao.registers.register import SCALES, park_choices
from wuhao.runs.models import Outcome, SchemeVersion

SCORE_QUANTUM = "0.000001"


def grade_order(run_no: str) -> tuple[str, ...]:
    """The grades of the scheme that a run was computed under, best first."""
    return _order(SchemeVersion.objects.get(runs__no=run_no).text)


@lru_cache(maxsize=16)
def _order(text: str) -> tuple[str, ...]:
    return tuple(yaml.safe_load(text)["grades"]["order"])


def _grades(run_no: str) -> Sequence[tuple[str, str]]:
    return [(grade, grade) for grade in grade_order(run_no)]


def _fields(run_no: str) -> Sequence[Field]:
    return [
        Field("uscc", _("统一社会信用代码"), cls=PUBLIC_CLASS, of="subject_key", kind="code"),
        Field("rank", _("组内名次"), kind="integer"),
        Field("name", _("企业"), cls=PUBLIC_CLASS, of="label"),
        Field("park", _("园区"), cls=PUBLIC_CLASS, of="park_code", kind="choice", filter="choice",
              choices=cache(park_choices)),  # asked once a page, not once a row
        Field("scale", _("规模"), cls=PUBLIC_CLASS, of="group", kind="choice", filter="choice",
              choices=lambda: SCALES),
        Field("total", _("总分"), cls=INTERNAL, kind="amount", unit="score",
              quantum=SCORE_QUANTUM),
        Field("original_grade", _("原档次"), cls=INTERNAL, kind="grade"),
        Field("grade", _("档次"), cls=INTERNAL, kind="grade", filter="choice",
              choices=partial(_grades, run_no)),
        Field("adjustments", _("调整"), cls=INTERNAL),
        Field("excluded", _("不定级缘由"), cls=INTERNAL, kind="reason"),
    ]  # fmt: skip


def results_of(run_no: str) -> Register:
    """The register of one run's outcomes."""
    return Register(
        code="result",
        label=_("评价结果"),
        base=lambda as_of: Outcome.objects.filter(run__no=run_no),
        identity="subject_key",
        scope={"park": "park_code", "own": "subject_key"},
        fields=partial(_fields, run_no),
        order=("group", "rank"),
        search=("label", "subject_key"),
    )
