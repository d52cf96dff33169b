"""measure: who is in which group, and what each item measures. adjust: which rules apply.

Reads the facts (with `subject_no`, the place of the subject in key order). Adds `group_no`
(1…, 0 none), `excluded_no` (0 none), `part` (the group of those in scope, else null), and for
every item `__num`, `__den`, `__lack` (-1 not measured, 0 has a value, 1…4 as in LACKS), `__value`.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.facts import State
from wuhao.engine.model import LACKS, Indicator, Scheme, Sum
from wuhao.engine.verbs.conditions import condition, known, quantity, unknown
from wuhao.engine.verbs.trimmed import marked, too_few

NOT_MEASURED = -1


def measure(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add group, exclusion and the measured items."""
    placed = place(scheme, table)
    sums: list[tuple[str, ir.Expr]] = []
    for item in scheme.indicators.values():
        sums += _sums(scheme, item)
    lacks = [(f"{i.code}__lack", _lack(scheme, i)) for i in scheme.indicators.values()]
    values = [(f"{i.code}__value", _value(scheme, i)) for i in scheme.indicators.values()]
    ties = [
        (f"tie__{key.name}", _known_sum(scheme, key.total))
        for key in scheme.ties
        if key.total is not None
    ]
    measured = ir.Extend(placed, (*sums, *ties))
    return ir.Extend(ir.Extend(measured, tuple(lacks)), tuple(values))


def place(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add group and exclusion, and the group of those in scope."""
    return ir.Extend(ir.Extend(table, _places(scheme)), (("part", _part()),))


def adjust(scheme: Scheme, table: ir.Table) -> ir.Table:
    """Add `rules` (bit i is set where adjustment i applies) and `in_base` (takes up a place)."""
    in_scope = ir.known("part")
    bits: list[ir.Expr] = []
    outside: list[ir.Expr] = []
    for at, rule in enumerate(scheme.adjustments):
        hit = ir.Both((in_scope, condition(scheme, rule.when)))
        bits.append(ir.Case(((hit, ir.Int(2**at)),), ir.Int(0)))
        if not rule.uses_quota:
            outside.append(hit)
    in_base = ir.Case(((ir.Either(tuple(outside)), ir.Int(0)),), ir.Int(1))
    return ir.Extend(table, (("rules", ir.add(*bits)), ("in_base", in_base)))


def _places(scheme: Scheme) -> tuple[tuple[str, ir.Expr], ...]:
    groups = [
        (ir.TRUE if group.when is None else condition(scheme, group.when), ir.Int(at))
        for at, group in enumerate(scheme.groups, start=1)
    ]
    rules = [
        (condition(scheme, rule.when), ir.Int(at))
        for at, rule in enumerate(scheme.exclusions, start=1)
    ]
    return (
        ("group_no", ir.Case(tuple(groups), ir.Int(0))),
        ("excluded_no", ir.Case(tuple(rules), ir.Int(0))),
    )


def _part() -> ir.Expr:
    placed = ir.Both(
        (
            ir.Cmp("==", ir.Col("excluded_no"), ir.Int(0)),
            ir.Cmp(">", ir.Col("group_no"), ir.Int(0)),
        )
    )
    return ir.Case(((placed, ir.Col("group_no")),), ir.Null())


def users(scheme: Scheme, code: str) -> list[int]:
    """Return the numbers of the groups that use an item."""
    return [
        at
        for at, group in enumerate(scheme.groups, start=1)
        if code in {leaf.code for leaf in group.root.leaves()}
    ]


def _measured(scheme: Scheme, code: str) -> ir.Expr:
    if len(users(scheme, code)) == len(scheme.groups):
        return ir.known("part")
    tests = tuple(ir.Cmp("==", ir.Col("part"), ir.Int(at)) for at in users(scheme, code))
    return ir.Both((ir.known("part"), ir.Either(tests)))


def _known_sum(scheme: Scheme, found: Sum) -> ir.Expr:
    return ir.Case(((known(scheme, found.facts()), quantity(scheme, found)),), ir.Null())


def _sums(scheme: Scheme, item: Indicator) -> list[tuple[str, ir.Expr]]:
    """Numerator and denominator, each null where one of its facts is unknown."""
    if item.marks:
        return marked(scheme, item, _measured(scheme, item.code))
    made: list[tuple[str, ir.Expr]] = []
    for name, found in (("num", item.numerator), ("den", item.denominator)):
        value = quantity(scheme, found) if found is not None else ir.Int(1)
        codes = found.facts() if found is not None else []
        stands = ir.Both((_measured(scheme, item.code), known(scheme, codes)))
        made.append((f"{item.code}__{name}", ir.Case(((stands, value),), ir.Null())))
    return made


def _lack(scheme: Scheme, item: Indicator) -> ir.Expr:
    outside = (ir.Negate(_measured(scheme, item.code)), ir.Int(NOT_MEASURED))
    if item.marks:
        return ir.Case((outside, *too_few(scheme, item)), ir.Int(0))
    codes = [*item.numerator.facts(), *(item.denominator.facts() if item.denominator else [])]
    codes += [
        code for n in ("target", "before") if n in item.reads for code in item.reads[n].facts()
    ]
    den = ir.Col(f"{item.code}__den")
    tests = [
        outside,
        (unknown(scheme, codes, State.MISSING), ir.Int(1 + LACKS.index("missing"))),
        (unknown(scheme, codes, State.NOT_APPLICABLE), ir.Int(1 + LACKS.index("not_applicable"))),
    ]
    if item.denominator is not None:
        zero, negative = LACKS.index("zero_denominator"), LACKS.index("negative_denominator")
        tests.append((ir.Cmp("==", den, ir.Int(0)), ir.Int(1 + zero)))
        tests.append((ir.Cmp("<", den, ir.Int(0)), ir.Int(1 + negative)))
    return ir.Case(tuple(tests), ir.Int(0))


def _value(scheme: Scheme, item: Indicator) -> ir.Expr:
    scaled = item.factor * 10 ** scheme.digits["value"]
    num, den = ir.Col(f"{item.code}__num"), ir.Col(f"{item.code}__den")
    quotient = ir.Div(ir.times(num, scaled.numerator), ir.times(den, scaled.denominator))
    has_value = ir.Cmp("==", ir.Col(f"{item.code}__lack"), ir.Int(0))
    return ir.Case(((has_value, quotient),), ir.Null())
