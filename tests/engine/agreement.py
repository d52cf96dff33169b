"""What many tests ask: are the results those of the oracle, is a fault of a scheme told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.engine.build import facts, scheme
from tests.engine.oracle import Oracle
from tests.engine.population import scales
from wuhao.engine.digest import table_digest
from wuhao.engine.evaluate import evaluate
from wuhao.engine.findings import SchemeError
from wuhao.engine.model import Scheme
from wuhao.engine.outcome import Outcome


def assert_as_the_oracle(
    made: Scheme,
    content: Mapping[str, Any],
    rows: Sequence[dict[str, Any]],
    threads: Sequence[int] = (1, 8),
) -> Outcome:
    """Evaluate with each number of threads; every row and the digest must be the oracle's."""
    expected = None
    for number in threads:
        found = evaluate(made, facts(made, rows), threads=number)
        if expected is None:
            expected = Oracle(content, rows).table(found.results.schema, scales(found.scheme))
        for left, right in zip(expected.to_pylist(), found.results.to_pylist(), strict=True):
            assert left == right
        assert table_digest(expected) == found.result_digest
    return found


def assert_refused(folder: Path, content: Mapping[str, Any], sentence: str) -> None:
    """The scheme is not read, and one of the findings says so."""
    with pytest.raises(SchemeError) as error:
        scheme(folder, content)
    assert any(sentence in str(finding) for finding in error.value.findings)
