"""S33 hero list and A/B/C/D: the A list counts its configured share and hides secret fields.

Played as the bureau's scheme owner and as a visitor.
"""

from collections import Counter

import pytest
import yaml

from tests.paths import CITY
from wuhao.core.models import User
from wuhao.core.viewer import viewer_of
from wuhao.evaluation import selectors
from wuhao.registers.models import Indicator
from wuhao.runs.models import Outcome, Run

SHARES = {"A": 20, "B": 55, "C": 20, "D": 5}


@pytest.fixture
def bureau(demo_db):
    return viewer_of(User.objects.get(username="bureau"))


def expected(base: int) -> dict[str, int]:
    """Counts by hand: A and B rounded down, D up, C the rest (domain dossier, default shares).

    A vetoed enterprise is D and stands outside the base, so it takes nobody's place.
    """
    a, b = base * SHARES["A"] // 100, base * SHARES["B"] // 100
    d = -(-base * SHARES["D"] // 100)
    return {"A": a, "B": b, "C": base - a - b - d, "D": d}


def check() -> None:
    run = Run.objects.get(status=Run.Status.PUBLISHED)
    counted = 0
    for group in ("above", "below"):
        base = run.outcomes.filter(group=group).exclude(grade="").filter(adjustments="")
        assert base.count() > 100
        assert Counter(base.values_list("grade", flat=True)) == expected(base.count())
        counted += run.outcomes.filter(group=group, grade="A").count()
    public = selectors.public_list()
    assert len(public["rows"]) == counted > 0


def test_the_a_list_counts_its_configured_share(bureau):
    check()


def test_the_check_fails_when_the_outcomes_are_deleted(bureau):
    Outcome.objects.all().delete()
    with pytest.raises(AssertionError):
        check()


def test_the_shares_are_those_of_the_scheme_file(bureau):
    scheme = yaml.safe_load((CITY / "schemes/per_mu_benefit/2022.yaml").read_text(encoding="utf-8"))
    text = str(scheme["grades"])
    assert all(str(share) in text for share in SHARES.values())


def test_the_public_list_hides_every_unit_figure_and_masks_the_code(bureau):
    public = selectors.public_list()
    secret = set(Indicator.objects.filter(cls="secret").values_list("code", flat=True))
    for row in public["rows"]:
        assert set(row) == {"name", "park", "code", "group"}
        assert not secret & set(row)
        assert row["code"].endswith("****")


def test_a_vetoed_enterprise_is_graded_d_and_keeps_its_original_grade(bureau):
    vetoed = Outcome.objects.filter(adjustments__contains="env_blacklisted")
    assert vetoed.count() > 0
    assert set(vetoed.values_list("grade", flat=True)) == {"D"}
    assert all(vetoed.values_list("original_grade", flat=True))
