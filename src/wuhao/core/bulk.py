"""Load many rows at once: COPY on PostgreSQL, executemany on SQLite."""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


def load(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table. Table and column names are the house's own, never a user's."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


def index(table: str, columns: Sequence[str]) -> None:
    """Index a loaded staging table and let the database count it.

    Without this SQLite compares every row that stands with every row that came.
    """
    execute(f"CREATE INDEX {table}_key ON {table} ({', '.join(columns)})")
    execute(f"ANALYZE {table}")


@contextmanager
def staging(table: str, columns: dict[str, str]) -> Any:
    """A temporary table inside a `with` block: names and SQL types of its columns."""
    shape = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({shape})")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute(f"DROP TABLE IF EXISTS {table}")


@contextmanager
def staged(
    table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]], key: Sequence[str]
) -> Any:
    """A temporary table with rows in it, indexed by its key, inside a `with` block."""
    with staging(table, columns):
        load(table, [f'"{name}"' for name in columns], rows)
        index(table, key)
        yield


def day_after(column: str) -> str:
    """The day after a date column's, in the database's own words."""
    return f"{column} + 1" if connection.vendor == "postgresql" else f"date({column}, '+1 day')"


def execute(sql: str, parameters: Sequence[Any] = ()) -> int:
    """Run one statement of the house; returns the number of rows it touched."""
    with connection.cursor() as cursor:
        # Without parameters a percent sign is an operator, not a placeholder.
        cursor.execute(sql, parameters or None)
        return int(cursor.rowcount)
