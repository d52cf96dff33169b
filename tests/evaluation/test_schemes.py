"""A method is locked before data opens, and can be tried on last year's facts."""

from collections import Counter
from pathlib import Path

import pytest

from tests.paths import CITY
from wuhao.core.errors import DomainError
from wuhao.core.models import User
from wuhao.core.viewer import viewer_of
from wuhao.evaluation import schemes
from wuhao.runs import schemes as life
from wuhao.runs.models import Outcome, Run, SchemeVersion

TEXT = (CITY / "schemes/per_mu_benefit/2022.yaml").read_text(encoding="utf-8")
STRICTER = TEXT.replace("share: {A: 20, B: 55, C: 20, D: 5}", "share: {A: 15, B: 60, C: 20, D: 5}")


def viewer(username: str):
    return viewer_of(User.objects.get(username=username))


def reviewed(text: str) -> SchemeVersion:
    version = life.draft(text, viewer("desk"))
    life.review(version, viewer("bureau"))
    return version


def test_a_scheme_is_not_changed_once_its_data_are_in(demo_db: Path) -> None:
    with pytest.raises(DomainError, match="2021 年度的数据已经受理 6 批"):
        schemes.enact(reviewed(STRICTER), viewer("bureau"), "纪要")


def test_a_scheme_for_a_year_without_data_comes_into_force(demo_db: Path) -> None:
    version = reviewed(STRICTER.replace("period: 202100", "period: 202200"))
    schemes.enact(version, viewer("bureau"), "纪要")
    assert version.status == SchemeVersion.Status.IN_FORCE


def test_the_scheme_in_force_tried_again_moves_nobody(demo_db: Path) -> None:
    version = SchemeVersion.objects.get()
    tried = schemes.dry_run(version, 202100, viewer("bureau"))
    kept = Counter(Outcome.objects.values_list("grade", flat=True))
    assert (tried.grades, tried.movers) == (kept, ())
    assert Run.objects.count() == 1


def test_a_smaller_share_of_a_moves_firms_from_a_to_b_alone(demo_db: Path) -> None:
    tried = schemes.dry_run(reviewed(STRICTER), 202100, viewer("desk"))
    before = Outcome.objects.filter(grade="A").count()
    assert {(m.before, m.after) for m in tried.movers} == {("A", "B")}
    assert before - len(tried.movers) == tried.grades["A"]
    assert Run.objects.count() == 1


def test_only_the_bureau_tries_schemes(demo_db: Path) -> None:
    with pytest.raises(DomainError, match="只有市局"):
        schemes.dry_run(SchemeVersion.objects.get(), 202100, viewer("park"))
