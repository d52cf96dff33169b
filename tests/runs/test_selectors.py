"""Which runs are seen by whom, and what the kept files say of a subject."""

import pytest

from tests.cast import person
from tests.cities.xikou import CODES, viewer
from wuhao.core.errors import OutOfScope
from wuhao.core.viewer import PUBLIC
from wuhao.runs import selectors
from wuhao.runs.models import Run


@pytest.mark.parametrize(
    ("role", "sees"),
    [("bureau_admin", True), ("bureau_staff", True), ("city_lead", True), ("dept_provider", False),
     ("park_staff", False), ("enterprise_user", False), ("auditor", False)],
)  # fmt: skip
def test_drafts_are_for_posts_that_reach_every_row(draft: Run, role: str, sees: bool):
    looking = person("other", role, "works")
    assert [row["no"] for row in selectors.runs(looking)] == ([draft.no] if sees else [])
    if not sees:
        with pytest.raises(OutOfScope):
            selectors.run(looking, draft.no)


def test_what_is_published_is_seen_by_a_visitor_too(played: Run):
    assert selectors.run(PUBLIC, played.no)["status"] == "published"
    assert selectors.current(PUBLIC)["no"] == played.no
    assert selectors.current(PUBLIC, 202900) is None


def test_an_unknown_run_is_out_of_scope(played: Run):
    with pytest.raises(OutOfScope):
        selectors.run(viewer("chief"), "none")


def test_the_kept_files_hold_facts_in_quanta_and_the_result(draft: Run):
    facts = selectors.fact_row(draft.no, CODES["甲厂"])
    assert (facts["levy_yuan"], facts["land_m2"]) == (300_000_000, 1_000_000)
    assert selectors.result_row(draft.no, CODES["甲厂"])["grade"] == "H"
    assert selectors.result_row(draft.no, "none") is None
