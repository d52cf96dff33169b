"""The digest of a scheme: the order of its groups is in it, wherever it can have a meaning."""

import copy
from pathlib import Path

from tests.engine.build import facts, one_item, scheme
from wuhao.engine.digest import content_digest, scheme_digest
from wuhao.engine.evaluate import evaluate

GROUPS = {
    "rich": {"when": "tax_yuan > 1", "weights": {"tax": 100}, "status": "default"},
    "all": {"weights": {"tax": 100}, "status": "default"},
}


def test_schemes_that_differ_in_the_order_of_their_groups_differ_in_digest(tmp_path: Path) -> None:
    """Whoever comes first takes a subject, so both the results and the digests differ."""
    found = []
    for groups in (GROUPS, dict(reversed(GROUPS.items()))):
        made = scheme(tmp_path, one_item(groups=groups))
        rows = [{"subject": "S", "tax_yuan": 500, "land_m2": 100}]
        found.append((made.digest, evaluate(made, facts(made, rows), threads=1).row("S")["group"]))  # type: ignore[index]
    assert [group for _, group in found] == ["rich", "all"]
    assert found[0][0] != found[1][0]


def test_the_order_of_other_keys_and_of_groups_by_code_leave_the_digest_as_it_was() -> None:
    content = one_item(groups=dict(sorted(GROUPS.items())))
    turned = dict(reversed(copy.deepcopy(content).items()))
    assert scheme_digest(content) == scheme_digest(turned) == content_digest(content)
