"""Run the intermediate form: on DuckDB (in this process) or on Spark (optional)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from wuhao.engine import ir
from wuhao.engine.bounds import Range, Shape
from wuhao.engine.findings import EngineError, Overflow
from wuhao.engine.levels import levels
from wuhao.engine.sql_tables import Guard, Made, Select, Tables, to_sql
from wuhao.engine.sql_values import DUCKDB, SPARK, Dialect

INLINE_ROWS = 64
"""Up to so many groups their values stand in the SQL as constants; beyond, they are joined."""

PART_ROWS = 2**18
"""A query that goes row by row is answered so many rows at a time."""

GIVEN_BACK = "1MB"
"""DuckDB gives freed memory back from so much on: a tenth less at a million rows, no slower."""


class Backend(Protocol):
    """An engine that stores tables and answers SQL."""

    dialect: Dialect

    def register(self, name: str, table: pa.Table) -> None:
        """Store an arrow table under a name."""

    def store(self, name: str, sql: str, along: str | None = None) -> None:
        """Compute a query once and store it under a name.

        `along` names a stored table whose rows the query takes one by one: it may do so in parts.
        """

    def stored(self, name: str) -> pa.Table:
        """Return a stored table as arrow."""

    def fetch(self, sql: str) -> pa.Table:
        """Answer a query as an arrow table."""

    def close(self) -> None:
        """Give back what the run has taken."""


class DuckDB:
    """DuckDB in memory, without extensions and without the network."""

    dialect = DUCKDB

    def __init__(self, threads: int | None = None) -> None:
        """Open a fresh database; `threads` None leaves the number to DuckDB."""
        import duckdb

        config: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "allocator_flush_threshold": GIVEN_BACK,
            "allocator_bulk_deallocation_flush_threshold": GIVEN_BACK,
        }
        if threads:
            config["threads"] = threads
        self.connection = duckdb.connect(config=config)
        self.tables: dict[str, pa.Table] = {}
        self.connection.execute("create macro wuhao_div(n, d) as n // d")
        self.connection.execute(
            "create macro wuhao_div_wide(n, d) as "
            "cast(cast(n as hugeint) // cast(d as hugeint) as decimal(38, 0))"
        )

    def register(self, name: str, table: pa.Table) -> None:
        """Let DuckDB read an arrow table in place."""
        self.connection.register(name, table)
        self.tables[name] = table

    def stored(self, name: str) -> pa.Table:
        """Return the arrow table itself."""
        return self.tables[name]

    def store(self, name: str, sql: str, along: str | None = None) -> None:
        """Keep the answer as an arrow table that DuckDB reads in place: faster than a table.

        DuckDB holds an answer twice while it hands it over; in parts, only a part of it.
        """
        if along is None or self.tables[along].num_rows <= PART_ROWS:
            self.register(name, self.fetch(sql))
            return
        whole, parts = self.tables[along], []
        try:
            for first in range(0, whole.num_rows, PART_ROWS):
                self.connection.register(along, whole.slice(first, PART_ROWS))
                parts.append(self.fetch(sql))
        finally:
            self.connection.register(along, whole)
        self.register(name, pa.concat_tables(parts))

    def fetch(self, sql: str) -> pa.Table:
        """Answer a query as an arrow table; `execute` would hand its rows over on one thread."""
        return self.connection.sql(sql).to_arrow_table()

    def close(self) -> None:
        """Close the database."""
        self.connection.close()


class Spark:
    """A local or given Spark session; needs the extra `spark` and Java."""

    dialect = SPARK

    def __init__(self) -> None:
        """Take the running session, or start a local one."""
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise EngineError("没有装 pyspark：请安装 wuhao[spark]，并备好 Java 17。") from error
        builder: Any = SparkSession.builder
        self.session = (
            builder.master("local[2]")
            .appName("wuhao")
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()
        )
        self.views: list[str] = []

    def register(self, name: str, table: pa.Table) -> None:
        """Make a view of an arrow table."""
        self.session.createDataFrame(table).createOrReplaceTempView(name)
        self.views.append(name)

    def store(self, name: str, sql: str, along: str | None = None) -> None:
        """Compute a query into a cached view; Spark keeps its own measure."""
        self.session.sql(sql).cache().createOrReplaceTempView(name)
        self.views.append(name)

    def stored(self, name: str) -> pa.Table:
        """Return a view as an arrow table."""
        return self.session.table(name).toArrow()

    def fetch(self, sql: str) -> pa.Table:
        """Answer a query as an arrow table."""
        return self.session.sql(sql).toArrow()

    def close(self) -> None:
        """Drop the views; the session stays, as it may be shared."""
        for name in self.views:
            self.session.catalog.uncacheTable(name)
            self.session.catalog.dropTempView(name)


def open_backend(name: str, threads: int | None) -> Backend:
    """Return the named backend: "duckdb" or "spark"."""
    if name == "duckdb":
        return DuckDB(threads)
    if name == "spark":
        return Spark()
    raise EngineError(f"没有“{name}”这个计算后端；接受 duckdb、spark。")


class Runner:
    """Computes tables of the intermediate form on one backend and keeps what `Keep` asks for."""

    def __init__(
        self, backend: Backend, sources: Mapping[str, pa.Table], sql: list[str] | None = None
    ) -> None:
        """Register the source tables and take their bounds; `sql` gathers what is asked."""
        self.backend = backend
        self.tables = Tables(backend.dialect)
        self.mark = uuid.uuid4().hex[:8]
        self.stored: dict[str, tuple[str, Shape]] = {}
        self.small: dict[str, list[dict[str, Any]]] = {}
        self.narrow: set[str] = set()
        self.compiled: dict[int, tuple[ir.Table, Made]] = {}
        self.guards: list[Guard] = []
        self.sql: list[str] = [] if sql is None else sql
        for name, table in sources.items():
            self._register(name, table)

    def _register(self, name: str, table: pa.Table) -> None:
        stored = f"{name}_{self.mark}"
        self.backend.register(stored, table)
        self.stored[name] = (stored, shape_of(table))

    def run(self, node: ir.Table) -> pa.Table:
        """Compute a table and return it as arrow."""
        expression, _ = self._compile(node)
        if isinstance(node, ir.Keep):
            return self.kept(node.name)
        return self._fetch(expression)

    def kept(self, name: str) -> pa.Table:
        """Return a stored table as arrow."""
        with self._guarded():
            return self.backend.stored(self.stored[name][0])

    def _sql(self, expression: Select) -> str:
        sql = to_sql(expression)
        self.sql.append(sql)
        return sql

    def _fetch(self, expression: Select) -> pa.Table:
        sql = self._sql(expression)
        with self._guarded():
            return self.backend.fetch(sql)

    def _stored(self, name: str) -> Made:
        stored, shape = self.stored[name]
        read = self.tables.widened if name in self.narrow else self.tables.stored
        return read(stored, shape)

    def _compile(self, node: ir.Table) -> Made:
        """Return the select of a node; one that stands in two places is compiled once."""
        if id(node) not in self.compiled:
            self.compiled[id(node)] = (node, self._compiled(node))
        return self.compiled[id(node)][1]

    def _compiled(self, node: ir.Table) -> Made:
        match node:
            case ir.Source(name):
                return self._stored(name)
            case ir.Extend():
                return self._extend(node)
            case ir.Pick(child, names):
                return self.tables.pick(*self._compile(child), names)
            case ir.Grouped(child):
                return self.tables.grouped(*self._compile(child), node)
            case ir.Matched(child, other):
                left, right = self._compile(child), self._compile(other)
                if isinstance(other, ir.Keep) and self._inline(other.name):
                    return self.tables.looked_up(left, right[1], node, self.small[other.name])
                return self.tables.matched(left, right, node)
            case ir.Numbered(child):
                return self.tables.numbered(*self._compile(child), node)
            case ir.Keep():
                return self._keep(node)
            case _:
                return self._host(node)

    def _extend(self, node: ir.Extend) -> Made:
        base, steps = levels(node)
        made, shape = self._compile(base)
        for columns in steps:
            made, shape, guards = self.tables.extend(made, shape, columns)
            self.guards.extend(guards)
        return made, shape

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Say which node has left bigint where the engine could not compute the rest."""
        try:
            yield
        except Exception:
            self._name_overflow()
            raise

    def _name_overflow(self) -> None:
        for guard in self.guards:
            try:
                [found] = self.backend.fetch(self._sql(guard.query)).to_pylist()
            except Exception as error:
                raise EngineError(f"“{guard.node}”溢出：{error}") from error
            if found["n"]:
                raise Overflow(guard.node, found["n"], found.get("first"))

    def _keep(self, node: ir.Keep) -> Made:
        if node.name not in self.stored:
            expression, shape = self._compile(node.child)
            stored = f"{node.name}_{self.mark}"
            if not node.small:
                expression = self.tables.narrowed(expression, shape)
                self.narrow.add(node.name)
            sql = self._sql(expression)
            with self._guarded():
                self.backend.store(stored, sql, self._along(node.child))
            self.stored[node.name] = (stored, shape)
            if node.small:
                self.small[node.name] = self.kept(node.name).to_pylist()
                self.stored[node.name] = (stored, self._true_bounds(node.name))
        return self._stored(node.name)

    def _along(self, node: ir.Table) -> str | None:
        """Return the stored table that a node goes through row by row; None where rows meet."""
        match node:
            case ir.Source(name) | ir.Keep(_, name):
                return self.stored[name][0]
            case ir.Extend(child) | ir.Pick(child):
                return self._along(child)
            case ir.Matched(child, ir.Keep(_, name)) if self._inline(name):
                return self._along(child)
            case _:
                return None

    def _inline(self, name: str) -> bool:
        return len(self.small.get(name, ())) <= INLINE_ROWS and name in self.small

    def _true_bounds(self, name: str) -> Shape:
        """Return the bounds that the rows of a small table really have."""
        _, shape = self.stored[name]
        ranges = {}
        for column, kind in shape.kinds.items():
            values = [int(r[column]) for r in self.small[name] if r[column] is not None]
            if kind != "text" and values:
                ranges[column] = Range(min(values), max(values))
        return Shape(shape.kinds, ranges, shape.rows)

    def _host(self, node: ir.Host) -> Made:
        below = self._compile(node.child)
        if node.name not in self.stored:
            names = (node.key, *node.inputs)
            rows = self._fetch(self.tables.pick(*below, names)[0]).to_pylist()
            made = [node.compute(row) for row in rows]
            columns: dict[str, Any] = {node.key: pa.array([r[node.key] for r in rows], pa.int64())}
            for at, name in enumerate(node.outputs):
                columns[name] = pa.array([values[at] for values in made], pa.int64())
            self._register(node.name, pa.table(columns))
        match = ir.Matched(node.child, ir.Source(node.name), node.key, node.outputs)
        return self.tables.matched(below, self._stored(node.name), match)


def shape_of(table: pa.Table) -> Shape:
    """Return kinds and true bounds of an arrow table of integer and text columns."""
    kinds: dict[str, str] = {}
    ranges: dict[str, Range] = {}
    for name in table.column_names:
        column = table.column(name)
        if not pa.types.is_integer(column.type):
            kinds[name] = "text"
            continue
        kinds[name] = "int"
        found = pc.min_max(column).as_py()
        low, high = found["min"], found["max"]
        ranges[name] = Range(low, high) if low is not None else Range(0, 0)
    return Shape(kinds, ranges, table.num_rows)


def run(
    node: ir.Table,
    sources: Mapping[str, pa.Table],
    backend: str = "duckdb",
    threads: int | None = 1,
) -> pa.Table:
    """Compute one table from arrow sources; what tests of single verbs use."""
    engine = open_backend(backend, threads)
    try:
        return Runner(engine, sources).run(node)
    finally:
        engine.close()
