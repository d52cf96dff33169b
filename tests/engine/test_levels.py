"""Columns computed in fewer steps are the columns that were asked for, step by step."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from wuhao.engine import ir
from wuhao.engine.levels import Columns, columns_of, levels

NAMES = ("a", "b", "c", "d")
Sums = Sequence[Sequence[tuple[str, tuple[str, str]]]]
sums = st.lists(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.tuples(*[st.sampled_from(NAMES)] * 2)),
        min_size=1,
        max_size=3,
        unique_by=lambda column: column[0],
    ),
    min_size=1,
    max_size=8,
)


def chain(steps: Sequence[Columns]) -> ir.Extend:
    node: ir.Table = ir.Source("t")
    for columns in steps:
        node = ir.Extend(node, columns)
    assert isinstance(node, ir.Extend)
    return node


def computed(steps: Sequence[Columns], row: Mapping[str, int]) -> dict[str, int]:
    """One row, one step after another; every column of a step reads the row before it."""
    found = dict(row)
    for columns in steps:
        before = dict(found)
        for name, e in columns:
            assert isinstance(e, ir.Arith)
            found[name] = sum(before[part] for part in columns_of(e))
    return found


def plus(left: str, right: str) -> ir.Expr:
    return ir.Arith("+", ir.Col(left), ir.Col(right))


@given(sums)
def test_fewer_steps_give_the_same_columns(made: Sums) -> None:
    steps = [tuple((name, plus(*parts)) for name, parts in step) for step in made]
    base, fewer = levels(chain(steps))
    assert base == ir.Source("t")
    assert len(fewer) <= len(steps)
    row = {"a": 1, "b": 10, "c": 100, "d": 1000}
    assert computed(fewer, row) == computed(steps, row)


def test_columns_that_do_not_read_each_other_share_a_step() -> None:
    steps = [(("b", plus("a", "a")),), (("c", plus("a", "a")),), (("d", plus("b", "c")),)]
    assert [[name for name, _ in step] for step in levels(chain(steps))[1]] == [["b", "c"], ["d"]]


def test_a_new_value_waits_for_the_readers_of_the_old_one() -> None:
    steps = [(("b", plus("a", "a")),), (("c", plus("b", "b")),), (("b", plus("a", "d")),)]
    assert [[name for name, _ in step] for step in levels(chain(steps))[1]] == [["b"], ["c", "b"]]


def test_columns_are_found_wherever_an_expression_reads_them() -> None:
    test = ir.Both((ir.known("a"), ir.Cmp(">", ir.Col("b"), ir.Int(0))))
    assert set(columns_of(ir.Case(((test, ir.Col("c")),), ir.Text("d")))) == {"a", "b", "c"}
