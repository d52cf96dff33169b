"""units: facts of single subjects to facts of evaluation units (评价单元), before `measure`.

`asked` gives what decides who is merged with whom; `merged` takes `unit_no`, the head of every
subject's unit (its own number where it is alone), and gives the head the facts of all members:
their sum, their maximum or its own, as the scheme says. The members' own rows stay as they are.
"""

from __future__ import annotations

from wuhao.engine import ir
from wuhao.engine.facts import State
from wuhao.engine.model import Fact, Scheme, Units
from wuhao.engine.verbs.conditions import condition, known, quantity
from wuhao.engine.verbs.measure import place

_COUNTED = (State.VALUE, State.ZERO, State.MISSING)


def asked(scheme: Scheme, units: Units, table: ir.Table) -> ir.Table:
    """Add `keeps_<n>` (1 where rule n leaves the subject alone) and `head_<n>` to `part`."""
    made: list[tuple[str, ir.Expr]] = []
    attributes: list[str] = []
    for at, rule in enumerate(units.rules, start=1):
        holds = ir.FALSE if rule.unless is None else condition(scheme, rule.unless)
        made.append((f"keeps_{at}", ir.Case(((holds, ir.Int(1)),), ir.Int(0))))
        size: ir.Expr = ir.Null()
        if rule.head is not None:
            stands = known(scheme, rule.head.facts())
            size = ir.Case(((stands, quantity(scheme, rule.head)),), ir.Null())
        made.append((f"head_{at}", size))
        attributes += [rule.owner] if rule.owner else list(rule.by)
    names = ["subject_no", "part", *dict.fromkeys(attributes), *(name for name, _ in made)]
    return ir.Pick(ir.Extend(place(scheme, table), tuple(made)), tuple(names))


def merged(scheme: Scheme, units: Units, table: ir.Table) -> ir.Table:
    """Give every head the facts of its unit."""
    aggregates: list[tuple[str, ir.Aggregate]] = []
    for code in scheme.facts:
        aggregates += _aggregates(code, units.joins[code])
    sums = ir.Keep(ir.Grouped(table, "unit_no", tuple(aggregates)), "united")
    joined = ir.Matched(table, sums, "unit_no", tuple(name for name, _ in aggregates))
    facts = [fact for fact in scheme.facts.values() if units.joins[fact.code] != "head"]
    states = tuple((f"{f.code}__joint", _state(f, units.missing[f.code])) for f in facts)
    if not facts:
        return table
    made: list[tuple[str, ir.Expr]] = []
    for fact in facts:
        made += _replaced(fact.code)
    return ir.Extend(ir.Extend(joined, states), tuple(made))


def _is(code: str, state: State) -> ir.Expr:
    return ir.Cmp("==", ir.Col(f"{code}__state"), ir.Int(int(state)))


def _aggregates(code: str, join: str) -> list[tuple[str, ir.Aggregate]]:
    """What all members have together of a fact, and how many are in which state."""
    if join == "head":
        return []
    value: ir.Expr = ir.Col(code)
    if join == "max":
        value = ir.Case(((_is(code, State.ZERO), ir.Int(0)),), value)
    made = [(f"{code}__all", ir.Aggregate(join, value))]
    for state in _COUNTED:
        one = ir.Case(((_is(code, state), ir.Int(1)),), ir.Int(0))
        made.append((f"{code}__n{int(state)}", ir.Aggregate("sum", one)))
    return made


def _state(fact: Fact, missing: str) -> ir.Expr:
    """The state of a unit's fact: a fact that reads as zero where it is missing never lacks."""
    some = {s: ir.Cmp(">", ir.Col(f"{fact.code}__n{int(s)}"), ir.Int(0)) for s in _COUNTED}
    lacks = (some[State.MISSING], ir.Int(int(State.MISSING)))
    branches = [(some[state], ir.Int(int(state))) for state in (State.VALUE, State.ZERO)]
    if missing == "unknown" and fact.missing != "zero":
        branches.insert(0, lacks)
    else:
        branches.append(lacks)
    return ir.Case(tuple(branches), ir.Int(int(State.NOT_APPLICABLE)))


def _replaced(code: str) -> list[tuple[str, ir.Expr]]:
    """The unit's fact for its head, its own for everybody else."""
    is_head = ir.Cmp("==", ir.Col("unit_no"), ir.Col("subject_no"))
    state, joint = ir.Col(f"{code}__state"), ir.Col(f"{code}__joint")
    valued = ir.Cmp("==", joint, ir.Int(int(State.VALUE)))
    whole = ir.Case(((valued, ir.Col(f"{code}__all")),), ir.Null())
    return [
        (code, ir.Case(((is_head, whole),), ir.Col(code))),
        (f"{code}__state", ir.Case(((is_head, joint),), state)),
    ]
