"""What changed between two kept runs of one year: facts, from which batches, and results.

A firm's own facts may have changed, or only what it is compared with: the benchmark of its group,
or the firms above it. Both are said apart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from wuhao.core.errors import DomainError, OutOfScope
from wuhao.core.viewer import Viewer
from wuhao.engine.outcome import Outcome as Kept
from wuhao.intake import selectors as intake
from wuhao.registers.arrivals import Arrival, arrivals
from wuhao.runs import selectors as runs
from wuhao.runs.models import Outcome
from wuhao.runs.rules import judged

SHOWN = ("group", "excluded", "total", "rank", "original_grade", "grade", "adjustments")
READ = ("group", "excluded", "ungraded", *SHOWN[2:])
AFTER = "__after"
STATE = "__state"


@dataclass(frozen=True)
class Brought:
    """A batch, and of how many enterprises it brought the fact that changed.

    None: a directory, of which it is not kept who got an attribute from it.
    """

    batch: Arrival
    subjects: int | None


@dataclass(frozen=True)
class FactChange:
    """A fact, or an attribute, that changed for some enterprises, and the batches behind it.

    Without batches the registers were changed in another way, as by a decision of the bureau.
    """

    code: str
    label: str
    subjects: int
    batches: tuple[Brought, ...]


@dataclass(frozen=True)
class BenchmarkChange:
    """A benchmark that moved: group, item, and its value before and after in quanta."""

    group: str
    item: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Moved:
    """An enterprise whose result changed; `own` where its own facts did. None: not in that run."""

    key: str
    name: str
    park: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    facts: tuple[str, ...]

    @property
    def own(self) -> bool:
        return bool(self.facts) or self.before is None or self.after is None


@dataclass(frozen=True)
class Changes:
    """Two runs of one year compared. `quiet` counts enterprises whose facts changed without
    changing their result."""

    before: dict[str, Any]
    after: dict[str, Any]
    score_digits: int
    facts: tuple[FactChange, ...]
    benchmarks: tuple[BenchmarkChange, ...]
    moved: tuple[Moved, ...]
    quiet: int


def run_before(viewer: Viewer, no: str) -> str | None:
    """The number of the latest earlier run of the same year by the same scheme, if any.

    Raises OutOfScope for those who do not see drafts.
    """
    _must_see_drafts(viewer)
    said = runs.run(viewer, no)
    alike = [
        one
        for one in runs.runs(viewer)
        if one["period"] == said["period"] and one["scheme_digest"] == said["scheme_digest"]
    ]
    at = next(place for place, one in enumerate(alike) if one["no"] == no)
    return alike[at + 1]["no"] if at + 1 < len(alike) else None


def _must_see_drafts(viewer: Viewer) -> None:
    if not runs.sees_drafts(viewer):
        raise OutOfScope(_("两次计算的变化只有看得到草稿的岗位能看。"))


def changes(viewer: Viewer, before_no: str, after_no: str) -> Changes:
    """Compare two kept runs. For those who see drafts, who reach every enterprise.

    Raises OutOfScope for others, DomainError for runs of different years or schemes.
    """
    _must_see_drafts(viewer)
    before, after = runs.run(viewer, before_no), runs.run(viewer, after_no)
    if any(before[part] != after[part] for part in ("period", "scheme_digest")):
        raise DomainError(_("两次计算的年度或方案不同，说不清哪些是数据的变化。请选同一方案的。"))
    was, now = runs.outcome(viewer, before_no), runs.outcome(viewer, after_no)
    changed = differing(was.united_facts, now.united_facts, _columns(now))
    touched: dict[str, list[str]] = {}
    for code, keys in changed.items():
        for key in keys:
            touched.setdefault(key, []).append(code)
    moved = _moved(was, now, touched, after_no, before_no)
    return Changes(
        before,
        after,
        now.scheme.digits["score"],
        _fact_changes(viewer, before, after, now, changed),
        _benchmarks(was, now),
        moved,
        len(touched.keys() - {one.key for one in moved}),
    )


def _columns(kept: Kept) -> list[str]:
    """The facts and attributes of a snapshot, without keys and states."""
    names = kept.facts.table.column_names
    return [name for name in names if name != "subject" and not name.endswith(STATE)]


def differing(before: pa.Table, after: pa.Table, columns: Iterable[str]) -> dict[str, list[str]]:
    """By column the subjects of both tables whose values, or states, are not the same."""
    joined = before.join(after, "subject", join_type="inner", right_suffix=AFTER)
    found: dict[str, list[str]] = {}
    for name in columns:
        parts = [part for part in (name, name + STATE) if part in before.column_names]
        masks = [_unlike(joined[part], joined[part + AFTER]) for part in parts]
        mask = masks[0] if len(masks) == 1 else pc.or_(*masks)
        keys = joined["subject"].filter(mask).to_pylist()
        if keys:
            found[name] = sorted(keys)
    return found


def _unlike(left: pa.ChunkedArray, right: pa.ChunkedArray) -> pa.ChunkedArray:
    """Where two columns differ; nothing and nothing are alike, nothing and something are not."""
    one_is_null = pc.not_equal(pc.is_null(left), pc.is_null(right))
    return pc.or_(pc.fill_null(pc.not_equal(left, right), False), one_is_null)


def _moved(
    was: Kept, now: Kept, touched: dict[str, list[str]], after_no: str, before_no: str
) -> tuple[Moved, ...]:
    lines, earlier = _lines(now.results), _lines(was.results)
    columns = [name for name in READ if name in lines.column_names]
    unlike = differing(earlier, lines, columns)
    keys = {key for found in unlike.values() for key in found}
    here, there = (set(table["subject"].to_pylist()) for table in (earlier, lines))
    keys |= here ^ there
    befores, afters = _rows(earlier, keys), _rows(lines, keys)
    names = _names(before_no, keys) | _names(after_no, keys)
    found = [
        Moved(key, *names[key], befores.get(key), afters.get(key), tuple(touched.get(key, ())))
        for key in keys
    ]
    return tuple(sorted(found, key=_graver_first))


def _lines(results: pa.Table) -> pa.Table:
    return results.select(["subject", "group_size", *READ])


def _rows(table: pa.Table, keys: set[str]) -> dict[str, dict[str, Any]]:
    wanted = pa.array(sorted(keys), pa.string())
    rows = table.filter(pc.is_in(table["subject"], wanted)).to_pylist()
    return {row["subject"]: judged(row) for row in rows}


def _names(no: str, keys: set[str]) -> dict[str, tuple[str, str]]:
    """Name and park of subjects, as a run has them."""
    rows = Outcome.objects.filter(run__no=no).values_list("subject_key", "label", "park_code")
    return {key: (name, park) for key, name, park in rows if key in keys}


def _graver_first(one: Moved) -> tuple[bool, bool, str]:
    """Another grade first, then those whose own facts changed, then by code."""
    before, after = one.before or {}, one.after or {}
    return before.get("grade") == after.get("grade"), not one.own, one.key


def _fact_changes(
    viewer: Viewer,
    before: dict[str, Any],
    after: dict[str, Any],
    kept: Kept,
    changed: dict[str, list[str]],
) -> tuple[FactChange, ...]:
    facts, attributes = kept.scheme.facts, kept.scheme.attributes
    span = (before["ledger_no"], after["ledger_no"])
    came = arrivals(viewer, after["period"], [code for code in changed if code in facts], *span)
    directories = tuple(Brought(one, None) for one in _directories(viewer, *span))
    found = []
    for code, keys in changed.items():
        if code in attributes:
            found.append(FactChange(code, attributes[code].label, len(keys), directories))
            continue
        counted = Counter(came[code, key] for key in keys if (code, key) in came)
        batches = sorted(counted.items(), key=lambda pair: pair[0].batch_no)
        brought = tuple(Brought(one, n) for one, n in batches)
        found.append(FactChange(code, facts[code].label, len(keys), brought))
    return tuple(found)


def _directories(viewer: Viewer, since: int, upto: int) -> list[Arrival]:
    """The batches accepted meanwhile that name enterprises with their attributes."""
    effects = {t.code: t.effect for t in intake.all_templates(viewer)}
    return [
        Arrival(no, template, office)
        for no, template, office in intake.accepted_between(viewer, since, upto)
        if effects.get(template) == "enterprises"
    ]


def _benchmarks(was: Kept, now: Kept) -> tuple[BenchmarkChange, ...]:
    """The benchmarks of a group and item that are not what they were."""
    pairs = {
        (group, item) for kept in (was, now) for group, of in kept.benchmarks.items() for item in of
    }
    found = [
        BenchmarkChange(
            group,
            item,
            was.benchmarks.get(group, {}).get(item),
            now.benchmarks.get(group, {}).get(item),
        )
        for group, item in sorted(pairs)
    ]
    return tuple(one for one in found if one.before != one.after)
