"""One grade explained: from the total back to the cells that its facts came from."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.viewer import Viewer
from wuhao.engine.explain import Explanation, ItemShown, explain
from wuhao.engine.findings import EngineError
from wuhao.engine.lifts import Lifts, lifts
from wuhao.evaluation.rules import banded
from wuhao.evaluation.selectors import outcome
from wuhao.registers.selectors import SourceCell, sources, tenures, visible_facts
from wuhao.runs import selectors as runs


@dataclass(frozen=True)
class Explained:
    """A run, a name, the engine's trace, and the source cell of every fact in it."""

    run: dict[str, Any]
    name: str
    uscc: str
    park_code: str
    trace: Explanation
    sources: dict[str, SourceCell]
    tenures: list[dict[str, Any]]
    is_banded: bool


def explanation(viewer: Viewer, run_no: str, uscc: str) -> Explained:
    """Explain one enterprise's grade in a run, within the viewer's scope.

    Who may not see unit figures gets bands. Raises OutOfScope for an enterprise out of reach.
    """
    row = outcome(viewer, run_no, uscc)
    run = runs.run(viewer, run_no)
    trace = _trace(run_no, uscc)
    seen = visible_facts(viewer)
    items = tuple(item if _open(item, seen) else banded(item) for item in trace.items)
    return Explained(
        run=run,
        name=row["label"],
        uscc=uscc,
        park_code=row["park_code"],
        trace=replace(trace, items=items),
        sources=sources(viewer, uscc, run["period"], run["ledger_no"]),
        tenures=tenures(viewer, uscc, run["period"]) if "land_m2" in seen else [],
        is_banded=items != trace.items,
    )


def lifting(viewer: Viewer, run_no: str, uscc: str) -> Lifts:
    """What would lift an enterprise to the next grade. Raises OutOfScope out of reach.

    The answer tells figures, so it is for those who may see all of them. Raises DomainError for a
    scheme of which nothing can be said yet.
    """
    found = explanation(viewer, run_no, uscc)
    if found.is_banded:
        raise OutOfScope(_("您的岗位看不到企业的数额，推算不出怎样升档。"))
    try:
        return lifts(runs.outcome(viewer, run_no), uscc)
    except EngineError as error:
        raise DomainError(str(error)) from error


def _trace(run_no: str, uscc: str) -> Explanation:
    scheme, lines = runs.kept(run_no)
    row, facts = runs.result_row(run_no, uscc), runs.fact_row(run_no, uscc)
    if row is None:
        raise LookupError(f"the kept results of {run_no} lack {uscc}")
    return explain(scheme, row, facts, lines)


def _open(item: ItemShown, seen: frozenset[str]) -> bool:
    return all(fact.code in seen for fact in (*item.numerator, *item.denominator))
