"""The facts of a later outcome as the scheme of an earlier one reads them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine.exact import INT64_MAX
from wuhao.engine.facts import Facts, State
from wuhao.engine.findings import EngineError
from wuhao.engine.outcome import Outcome


def carried(before: Outcome, after: Outcome) -> Facts:
    """Return the facts of after in the quanta of before; what they lack is taken from before.

    Raises EngineError where the quanta of before are too coarse for the facts of after.
    """
    scheme, table = before.scheme, after.facts.table
    places = pc.index_in(table.column("subject"), before.facts.table.column("subject"))
    columns: dict[str, pa.ChunkedArray] = {"subject": table.column("subject")}
    for code in scheme.attributes:
        columns[code] = _column(before, table, code, places)
    for code, fact in scheme.facts.items():
        columns[f"{code}__state"] = pc.fill_null(
            _column(before, table, f"{code}__state", places), int(State.MISSING)
        )
        values = _column(before, table, code, places)
        if code in table.column_names:
            digits = -int(after.facts.quanta[code].as_tuple().exponent)
            values = _rescaled(fact.label, values, fact.digits - digits)
        columns[code] = values
    return Facts(pa.table(columns), scheme.quanta())


def _column(before: Outcome, table: pa.Table, name: str, places: pa.Array) -> pa.ChunkedArray:
    if name in table.column_names:
        return table.column(name)
    return before.facts.table.column(name).take(places)


def _rescaled(label: str, values: pa.ChunkedArray, shift: int) -> pa.ChunkedArray:
    """Return quanta that are 10**shift times finer."""
    if shift == 0:
        return values
    factor = 10 ** abs(shift)
    exact = [None if v is None else v if shift > 0 else v // factor for v in values.to_pylist()]
    if shift > 0:
        exact = [None if v is None else v * factor for v in exact]
    coarse = shift < 0 and any(v is not None and v % factor for v in values.to_pylist())
    if coarse or any(v is not None and abs(v) > INT64_MAX for v in exact):
        raise EngineError(f"“{label}”的数值不能用前一方案的最小单位写出。")
    return pa.chunked_array([pa.array(exact, pa.int64())])
