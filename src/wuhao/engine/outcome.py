"""What an evaluation gives, and the folder in which it is kept."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wuhao.engine.digest import table_digest
from wuhao.engine.facts import Facts, read_snapshot, write_facts
from wuhao.engine.findings import EngineError, listed, why
from wuhao.engine.made_groups import expanded, made_in
from wuhao.engine.model import Scheme
from wuhao.engine.scheme import load_scheme
from wuhao.engine.unit_rows import joined_row, members_of, united_facts
from wuhao.engine.workbook import ROW_LIMIT, write_workbook

FORMAT = 1
GROUP_ROWS = 2**16
"""Rows of the results that are widened and written at a time."""
RECORDED = {
    "lines", "benchmarks", "backend", "notes", "scheme_digest", "facts_digest", "result_digest",
}  # fmt: skip
WRITTEN = {
    "results.parquet",
    "results.xlsx",
    "run.json",
    "facts.parquet",
    "scheme.yaml",
    "index.yaml",
}


@dataclass(frozen=True)
class Line:
    """The border of a grade in a group: the standing of the last one in (None: nobody is)."""

    group: str
    grade: str
    standing: int | None


@dataclass(frozen=True)
class Outcome:
    """Results in key order, borders, benchmarks, notes for people; digests are taken when asked."""

    scheme: Scheme
    facts: Facts
    results: pa.Table
    lines: list[Line]
    benchmarks: dict[str, dict[str, int | None]]
    backend: str
    notes: list[str] = field(default_factory=list)
    sql: list[str] = field(default_factory=list)

    @property
    def scheme_digest(self) -> str:
        """The sha256 of the scheme's content."""
        return self.scheme.digest

    @cached_property
    def facts_digest(self) -> str:
        """The sha256 of the facts that the scheme reads."""
        return table_digest(self.facts.table)

    @cached_property
    def result_digest(self) -> str:
        """The sha256 of the results."""
        return table_digest(self.results)

    @cached_property
    def united_facts(self) -> pa.Table:
        """The facts as they are evaluated: those of a whole unit at its head."""
        return united_facts(self.scheme, self.results, self.facts.table)

    def row(self, subject: str) -> dict[str, Any] | None:
        """Return the result of one subject, or None."""
        return _row(self.results, subject)

    def facts_row(self, subject: str) -> dict[str, Any] | None:
        """Return the facts of one subject, of its whole unit where it heads one, or None."""
        row = _row(self.facts.table, subject)
        if row is None or self.scheme.units is None:
            return row
        members = members_of(self.results, subject)
        found = (_row(self.facts.table, member) for member in members)
        return joined_row(self.scheme, [one for one in found if one is not None])

    def record(self) -> dict[str, Any]:
        """Return what run.json says: digests, borders, benchmarks; nothing of time or place."""
        return {
            "format": FORMAT,
            "scheme": self.scheme.code,
            "label": self.scheme.label,
            "class": "F" if self.scheme.is_float() else "E",
            "subjects": self.results.num_rows,
            "digits": self.scheme.digits,
            "scheme_digest": self.scheme_digest,
            "facts_digest": self.facts_digest,
            "result_digest": self.result_digest,
            "backend": self.backend,
            "benchmarks": self.benchmarks,
            "lines": [asdict(line) for line in self.lines],
            "notes": self.notes,
        }

    def save(self, folder: Path | str) -> None:
        """Write results.parquet, results.xlsx, run.json, facts.parquet and scheme.yaml.

        Everything is written beside the folder first and moved in at the end. More rows than a
        sheet holds get no results.xlsx. Raises EngineError for a folder with other things in it.
        """
        write_whole(Path(folder), self._write)

    def write_results(self, path: Path | str) -> None:
        """Write results.parquet; both digests are taken meanwhile, on other threads."""
        with ThreadPoolExecutor() as pool:
            digests = pool.submit(lambda: (self.result_digest, self.facts_digest))
            write_results(path, self.results)
            digests.result()

    def _write(self, folder: Path) -> None:
        self.write_results(folder / "results.parquet")
        write_facts(folder / "facts.parquet", self.facts)
        shutil.copyfile(self.scheme.path, folder / "scheme.yaml")
        record = json.dumps(self.record(), ensure_ascii=False, indent=2)
        (folder / "run.json").write_text(record + "\n", encoding="utf-8")
        if self.results.num_rows <= ROW_LIMIT:
            write_workbook(folder / "results.xlsx", self.scheme, self.results, self.record())

    @staticmethod
    def load(folder: Path | str) -> Outcome:
        """Read a folder that `save` wrote. Raises EngineError when it is not whole or changed."""
        folder = Path(folder)
        _check_there(folder, ["run.json"])
        try:
            record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            _check_record(folder, record)
            _check_there(folder, ["results.parquet", "facts.parquet", "scheme.yaml"])
            results = pq.read_table(folder / "results.parquet")
            facts = read_snapshot(folder / "facts.parquet")
        except OSError as error:
            raise EngineError(f"“{folder}”里的文件读不到：{why(error)}。") from error
        except (ValueError, pa.ArrowInvalid) as error:
            raise EngineError(f"“{folder}”里的文件已损坏，读不出来；请重新计算。") from error
        scheme = load_scheme(folder / "scheme.yaml")
        if not {"subject", "group"} <= set(results.column_names):
            raise EngineError(f"“{folder / 'results.parquet'}”不是评价结果的表；请重新计算。")
        if facts is None:
            raise EngineError(f"“{folder / 'facts.parquet'}”不是数据快照。")
        groups = results.column("group").unique().drop_null().to_pylist()
        scheme = expanded(scheme, made_in(scheme, groups))
        lines = [Line(**line) for line in record["lines"]]
        found = Outcome(
            scheme, facts, results, lines, record["benchmarks"], record["backend"], record["notes"]
        )
        names = ("scheme_digest", "facts_digest", "result_digest")
        if any(getattr(found, name) != record[name] for name in names):
            raise EngineError(f"“{folder}”的内容与 run.json 的摘要不符，结果可能被改动过。")
        return found


def _check_there(folder: Path, names: list[str]) -> None:
    """Say which part of a folder of results is not there, and what to give instead."""
    meant = "请给出 wuhao evaluate 的 --out 所写的目录"
    if not folder.exists():
        raise EngineError(f"没有“{folder}”这个目录；{meant}。")
    if not folder.is_dir():
        raise EngineError(f"“{folder}”是文件，不是评价结果的目录；{meant}。")
    if missing := [name for name in names if not (folder / name).exists()]:
        raise EngineError(
            f"“{folder}”里没有 {listed(missing)}，不是完整的评价结果目录；{meant}，或重新计算。"
        )


def _check_record(folder: Path, record: Any) -> None:
    if isinstance(record, dict) and "index" in record:
        raise EngineError(
            f"“{folder}”是综合指数的结果，这里要按方案评价的结果；"
            "指数的每一步都在其 results.xlsx 里。"
        )
    if not isinstance(record, dict) or not set(record) >= RECORDED:
        raise EngineError(f"“{folder / 'run.json'}”不是评价结果的记录，请重新计算。")


def write_whole(folder: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a folder beside the one meant, and move its files in when all are there."""
    _check_is_ours(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".wuhao-") as made:
        write(Path(made))
        folder.mkdir(exist_ok=True)
        new = sorted(Path(made).iterdir())
        for path in new:
            os.replace(path, folder / path.name)
    for name in WRITTEN - {path.name for path in new}:
        (folder / name).unlink(missing_ok=True)  # of an earlier evaluation of another kind


def write_results(path: Path | str, results: pa.Table) -> None:
    """Write results as Parquet: words by dictionary, integers of eight bytes as packed differences.

    Without being told, the writer would try a dictionary for every integer column: slow and large.
    """
    schema = _written(results.schema)
    words = [f.name for f in schema if pa.types.is_dictionary(f.type)]
    packed = {f.name: "DELTA_BINARY_PACKED" for f in schema if f.type == pa.int64()}
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=words,
        column_encoding=packed,
        store_schema=False,
    ) as writer:
        for first in range(0, max(results.num_rows, 1), GROUP_ROWS):
            writer.write_table(results.slice(first, GROUP_ROWS).cast(schema))


def _written(schema: pa.Schema) -> pa.Schema:
    """Return the schema of the file: integers are kept narrower only in memory."""
    return pa.schema(
        [f.with_type(pa.int64()) if pa.types.is_integer(f.type) else f for f in schema]
    )


def _check_is_ours(folder: Path) -> None:
    """Refuse a file, and a folder that holds anything but the results of an earlier evaluation."""
    if folder.exists() and not folder.is_dir():
        raise EngineError(f"“{folder}”是文件，不是目录；请换一个 --out。")
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if there and ("run.json" not in there or not there <= WRITTEN):
        raise EngineError(f"“{folder}”里有别的文件，不会覆盖；请换一个新的或空的目录。")


def _row(table: pa.Table, subject: str) -> dict[str, Any] | None:
    at = table.column("subject").index(subject).as_py()
    return None if at < 0 else dict(table.slice(at, 1).to_pylist()[0])
